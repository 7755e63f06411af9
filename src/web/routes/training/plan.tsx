import { redirect } from 'react-router'
import { classStates } from '#modules/training/class.schema.ts'
import { acceptPlan, filePlan } from '#modules/training/plan.commands.ts'
import { filingDecision, planPage } from '#modules/training/plan.queries.ts'
import { editable, planCycle } from '#modules/training/plan.rules.ts'
import { courseKinds, courseModes, planCommitment, planStates, reasonText } from '#modules/training/plan.schema.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import {
  areaAt,
  classTones,
  clockLines,
  historyOf,
  lastReasons,
  levelLabel,
  planTones,
  programmeName,
  sentence,
  trainingWords,
} from '../../training/desk.ts'
import { Clocks, History, Returned } from '../../training/parts.tsx'
import { Actions, Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { DayText, Instant } from '../../ui/time.tsx'
import type { Route } from './+types/plan.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.plan.title ?? '培训计划')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const plan = await planPage(ctx, isId(params.planId)).catch(fail(request))
  const scope = { organisationId: plan.organisationId }
  const filing = editable.includes(plan.state) ? await filingDecision(ctx, plan) : null
  return {
    area: areaAt(request),
    plan,
    programme: programmeName(ctx.plan, plan.programme),
    level: levelLabel(ctx.plan, plan.level),
    history: historyOf(ctx.plan, plan.moves),
    clocks: clockLines(plan.clocks),
    reasons: lastReasons(ctx.plan, plan.moves),
    notYet: filing && !filing.ok ? sentence(filing.refusal, reasonText) : null,
    may: {
      edit: ctx.actor.can('plan.edit', scope),
      file: ctx.actor.can('plan.file', scope),
      build: ctx.actor.can('class.edit', scope),
      decide: ctx.actor.can('plan.decide'),
    },
    ownFiling: plan.filedBy === ctx.actor.id,
  }
}

const steps = { file: filePlan, accept: acceptPlan }
const doneCodes = { file: 'submitted', accept: 'plan-accepted' }

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context })
  const planId = isId(params.planId)
  const form = await request.formData()
  const intent = String(form.get('intent')) as keyof typeof steps
  const step = Object.hasOwn(steps, intent) ? steps[intent] : undefined
  if (!step) throw new Response(null, { status: 400 })
  const tried = await attempt<unknown>(step(ctx, { ...formObject(form), planId }), form, trainingWords(ctx, reasonText))
  return tried.ok ? redirect(done(paths.orgPlan(areaAt(request), planId), doneCodes[intent])) : tried.answer
}

export default function PlanView({ loaderData, actionData }: Route.ComponentProps) {
  const { area, plan, may } = loaderData
  return (
    <>
      <PageHeader
        title={plan.title}
        caption={`${loaderData.programme}　${plan.number ?? '列入计划后编号'}`}
        crumbs={[{ label: area === 'office' ? '计划备案' : '培训计划', href: paths.orgPlans(area) }]}
        tag={<StatusTag tone={planTones[plan.state]}>{planStates[plan.state]}</StatusTag>}
        actions={
          may.edit &&
          (editable.includes(plan.state) ? (
            <LinkButton href={paths.editPlan(area, plan.id)}>修改</LinkButton>
          ) : (
            <DisabledButton reason={`“${planStates[plan.state]}”的计划不能修改。`}>修改</DisabledButton>
          ))
        }
      />
      <div className="stack">
        {plan.state === 'returned' && <Returned title="请补正后重新提交" reasons={loaderData.reasons} />}
        {plan.state === 'rejected' && <Returned title="不予列入的原因" reasons={loaderData.reasons} />}
        <Clocks clocks={loaderData.clocks} />
        {may.file && editable.includes(plan.state) && <Filing data={loaderData} failed={actionData} />}
        {may.decide && plan.state === 'filed' && <Decision data={loaderData} failed={actionData} />}
        <Facts data={loaderData} />
        <Classes data={loaderData} />
        <History moves={loaderData.history} />
        {may.file && planCycle.withdraw.from.includes(plan.state) && (
          <LinkButton kind="quiet" href={paths.planStep(area, plan.id, 'withdraw')}>
            撤回这份计划
          </LinkButton>
        )}
      </div>
    </>
  )
}

type Data = Route.ComponentProps['loaderData']

function Filing({ data: { plan, notYet }, failed }: { data: Data; failed: Route.ComponentProps['actionData'] }) {
  return (
    <Section title="提交备案">
      {notYet ? (
        <DisabledButton reason={notYet}>提交备案</DisabledButton>
      ) : (
        <Form failed={failed} labels={{ commitment: '承诺' }}>
          <input type="hidden" name="intent" value="file" />
          <input type="hidden" name="version" value={plan.version} />
          <Checkbox name="commitment" label={planCommitment} />
          <Button>提交备案</Button>
        </Form>
      )}
    </Section>
  )
}

function Decision({
  data: { area, plan, ownFiling },
  failed,
}: {
  data: Data
  failed: Route.ComponentProps['actionData']
}) {
  return (
    <Section title="办理" description="列入后自动编号，单位可以建班。退回和不予列入都要写明原因。">
      {ownFiling ? (
        <DisabledButton reason="提交人不能办理自己提交的计划，请由另一位经办人员办理。">列入计划</DisabledButton>
      ) : (
        <Form failed={failed} labels={{ note: '补充说明' }}>
          <input type="hidden" name="intent" value="accept" />
          <TextArea name="note" label="补充说明" optional rows={2} maxLength={1000} />
          <Actions>
            <Button>列入计划</Button>
            <LinkButton href={paths.planStep(area, plan.id, 'return')}>退回补正</LinkButton>
            <LinkButton href={paths.planStep(area, plan.id, 'reject')}>不予列入</LinkButton>
          </Actions>
        </Form>
      )}
    </Section>
  )
}

function Facts({ data: { plan, level } }: { data: Data }) {
  return (
    <Section title="计划内容">
      <SummaryList
        rows={[
          { label: '承办单位', value: plan.organisation.name, note: plan.organisation.uscc },
          { label: '职业（工种）', value: plan.occupationTitle ?? '不对应职业', note: level || undefined },
          { label: '计划培训', value: `${plan.headcount} 人，每人 ${plan.classHours} 课时` },
          {
            label: '期间',
            value: (
              <>
                <DayText day={plan.startsOn} />至<DayText day={plan.endsOn} />
              </>
            ),
          },
          { label: '承诺', value: plan.commitmentAt ? <Instant at={plan.commitmentAt} /> : '还没有签' },
        ]}
      />
      <DataTable
        caption="课程"
        rows={plan.courses}
        rowKey={(row) => `${row.title} ${row.kind}`}
        columns={[
          { key: 'title', header: '课程', cell: (row) => row.title },
          { key: 'kind', header: '类别', cell: (row) => courseKinds[row.kind] },
          { key: 'mode', header: '方式', cell: (row) => courseModes[row.mode] },
          { key: 'trainer', header: '教师', cell: (row) => row.trainer || '未定' },
          { key: 'hours', header: '课时', end: true, cell: (row) => row.classHours },
        ]}
        foot={['合计', '', '', '', plan.courses.reduce((sum, course) => sum + course.classHours, 0)]}
        empty={null}
      />
    </Section>
  )
}

function Classes({ data: { area, plan, may } }: { data: Data }) {
  if (plan.state !== 'accepted') return null
  return (
    <Section title="班级">
      <DataTable
        caption="本计划的班级"
        rows={plan.classes}
        rowKey={(row) => row.id}
        columns={[
          { key: 'title', header: '班级', cell: (row) => <a href={paths.orgClass(area, row.id)}>{row.title}</a> },
          { key: 'number', header: '班号', keep: true, cell: (row) => row.number },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) => {
              const state = row.state as keyof typeof classStates
              return <StatusTag tone={classTones[state]}>{classStates[state]}</StatusTag>
            },
          },
        ]}
        empty={
          <EmptyState icon="school" title="还没有建班">
            计划已列入，可以建班、登记学员和排课。
          </EmptyState>
        }
      />
      {may.build && <LinkButton href={paths.newClass(area, plan.id)}>建班</LinkButton>}
    </Section>
  )
}
