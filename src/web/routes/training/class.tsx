import { redirect } from 'react-router'
import { setOpenEnrolment } from '#modules/training/class.commands.ts'
import { classPage } from '#modules/training/class.queries.ts'
import { classCycle, editable } from '#modules/training/class.rules.ts'
import { classModes, classStates, dossierLabels, reasonText } from '#modules/training/class.schema.ts'
import { applyClass, approveClass, closeClass } from '#modules/training/decide.commands.ts'
import { programmeOf } from '#modules/training/plan.queries.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { ClassFrame } from '../../training/class-frame.tsx'
import {
  areaAt,
  clockLines,
  historyOf,
  lastReasons,
  levelLabel,
  programmeName,
  sentence,
  trainingWords,
} from '../../training/desk.ts'
import { Clocks, History, Returned } from '../../training/parts.tsx'
import { Actions, Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { TextArea } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { LongText, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/class.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.cls.title ?? '班级')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const cls = await classPage(ctx, isId(params.classId)).catch(fail(request))
  const scope = { organisationId: cls.organisationId }
  return {
    area: areaAt(request),
    cls,
    head: { id: cls.id, number: cls.number, title: cls.title, state: cls.state, organisation: cls.organisation.name },
    programme: programmeName(ctx.plan, cls.programme),
    level: levelLabel(ctx.plan, cls.level),
    subdistrict: ctx.plan.subdistricts.find(({ code }) => code === cls.subdistrict)?.name ?? '',
    mayOpenToPublic: programmeOf(ctx.plan, cls.programme)?.undertaker.mode !== 'employer',
    elements: cls.dossier.map(({ id, done: whole, faults }) => ({
      id,
      label: dossierLabels[id] ?? id,
      whole,
      faults: faults.map((fault) => sentence(fault, reasonText)),
    })),
    history: historyOf(ctx.plan, cls.moves),
    clocks: clockLines(cls.clocks),
    reasons: lastReasons(ctx.plan, cls.moves),
    may: {
      edit: ctx.actor.can('class.edit', scope),
      apply: ctx.actor.can('class.apply', scope),
      decide: ctx.actor.can('class.decide'),
      inspect: ctx.actor.can('class.inspect'),
    },
    ownApplication: cls.appliedBy === ctx.actor.id,
  }
}

const steps = {
  apply: { command: applyClass, done: 'submitted' },
  approve: { command: approveClass, done: 'class-approved' },
  close: { command: closeClass, done: 'decided' },
  open: { command: setOpenEnrolment, done: 'saved' },
} as const

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context })
  const classId = isId(params.classId)
  const form = await request.formData()
  const intent = String(form.get('intent'))
  if (!Object.hasOwn(steps, intent)) throw new Response(null, { status: 400 })
  const step = steps[intent as keyof typeof steps]
  const tried = await attempt<unknown>(
    step.command(ctx, { ...formObject(form), classId }),
    form,
    trainingWords(ctx, reasonText),
  )
  return tried.ok ? redirect(done(paths.orgClass(areaAt(request), classId), step.done)) : tried.answer
}

export default function ClassView({ loaderData, actionData }: Route.ComponentProps) {
  const { area, cls, head, may } = loaderData
  return (
    <ClassFrame
      area={area}
      cls={head}
      tab="class"
      actions={
        may.edit &&
        (editable.includes(cls.state) ? (
          <LinkButton href={paths.editClass(area, cls.id)}>修改</LinkButton>
        ) : (
          <DisabledButton reason={`“${classStates[cls.state]}”的班级不能修改。`}>修改</DisabledButton>
        ))
      }
    >
      {cls.state === 'returned' && <Returned title="请补正后重新申请" reasons={loaderData.reasons} />}
      {cls.state === 'suspended' && <Returned title="已暂停上课" reasons={loaderData.reasons} />}
      <Clocks clocks={loaderData.clocks} />
      <Dossier data={loaderData} failed={actionData} />
      {may.decide && cls.state === 'applied' && <Decision data={loaderData} failed={actionData} />}
      {cls.state === 'assessed' && may.apply && <Closing data={loaderData} failed={actionData} />}
      <Facts data={loaderData} />
      <Texts data={loaderData} />
      <Steps data={loaderData} />
      <History moves={loaderData.history} />
    </ClassFrame>
  )
}

type Data = Route.ComponentProps['loaderData']
type Failed = Route.ComponentProps['actionData']

/** The five elements and the place: what is there, what is missing, what to do. */
function Dossier({ data, failed }: { data: Data; failed: Failed }) {
  const { cls, elements, may } = data
  const lacking = elements.filter((element) => !element.whole)
  return (
    <Section
      title="开班材料"
      description="国家要求五样齐全：花名册、教学计划、师资、教学资源、考核方案；另核对场地和人数。"
    >
      <DataTable
        caption={lacking.length === 0 ? '六项都已齐全' : `还有 ${lacking.length} 项没有齐全`}
        rows={elements}
        rowKey={(row) => row.id}
        columns={[
          { key: 'label', header: '材料', keep: true, cell: (row) => row.label },
          {
            key: 'whole',
            header: '情况',
            keep: true,
            cell: (row) => <StatusTag tone={row.whole ? 'good' : 'wait'}>{row.whole ? '齐全' : '待补'}</StatusTag>,
          },
          {
            key: 'faults',
            header: '要补什么',
            cell: (row) =>
              row.faults.length === 0 ? (
                '无'
              ) : (
                <ul>
                  {row.faults.map((fault) => (
                    <li key={fault}>{fault}</li>
                  ))}
                </ul>
              ),
          },
        ]}
        empty={null}
      />
      {may.apply &&
        editable.includes(cls.state) &&
        (lacking.length > 0 ? (
          <DisabledButton reason={`请先补齐：${lacking.map((element) => element.label).join('、')}。`}>
            申请开班
          </DisabledButton>
        ) : (
          <Form failed={failed}>
            <input type="hidden" name="intent" value="apply" />
            <input type="hidden" name="version" value={cls.version} />
            <Button>申请开班</Button>
          </Form>
        ))}
    </Section>
  )
}

function Decision({ data: { area, cls, ownApplication, elements }, failed }: { data: Data; failed: Failed }) {
  const lacking = elements.filter((element) => !element.whole).map((element) => element.label)
  const blocked = ownApplication
    ? '申请人不能审核自己的申请，请由另一位经办人员办理。'
    : lacking.length > 0
      ? `材料没有齐全（${lacking.join('、')}），只能退回补正。`
      : null
  return (
    <Section title="办理" description="批准以后才能上课；退回要写明原因，审核时限停止计时。">
      {blocked ? (
        <Actions>
          <DisabledButton reason={blocked}>批准开班</DisabledButton>
          {!ownApplication && <LinkButton href={paths.classStep(area, cls.id, 'return')}>退回补正</LinkButton>}
        </Actions>
      ) : (
        <Form failed={failed} labels={{ note: '补充说明' }}>
          <input type="hidden" name="intent" value="approve" />
          <TextArea name="note" label="补充说明" optional rows={2} maxLength={1000} />
          <Actions>
            <Button>批准开班</Button>
            <LinkButton href={paths.classStep(area, cls.id, 'return')}>退回补正</LinkButton>
          </Actions>
        </Form>
      )}
    </Section>
  )
}

function Closing({ data: { cls }, failed }: { data: Data; failed: Failed }) {
  return (
    <Section title="结业" description="所有课次都已结束、每名学员都有结果以后结业。结业后可以申领补贴，课时不能再改。">
      <Form failed={failed}>
        <input type="hidden" name="intent" value="close" />
        <input type="hidden" name="version" value={cls.version} />
        <Button>结业</Button>
      </Form>
    </Section>
  )
}

function Facts({ data: { area, cls, programme, level, subdistrict, may, mayOpenToPublic } }: { data: Data }) {
  return (
    <Section title="班级信息">
      <SummaryList
        rows={[
          { label: '承办单位', value: cls.organisation.name },
          {
            label: '培训计划',
            value: <a href={paths.orgPlan(area, cls.plan.id)}>{cls.plan.title}</a>,
            note: `${cls.plan.number ?? ''}　${programme}`,
          },
          { label: '职业（工种）', value: cls.occupationTitle ?? '不对应职业', note: level || undefined },
          { label: '授课方式', value: classModes[cls.mode] },
          {
            label: '地点',
            value: cls.venue?.name ?? '未填',
            note: cls.venue ? `${subdistrict}　${cls.venue.address}` : undefined,
          },
          {
            label: '期间',
            value: (
              <>
                <DayText day={cls.startsOn} />至<DayText day={cls.endsOn} />
                ，每人 {cls.classHours} 课时
              </>
            ),
          },
          { label: '学员', value: `${cls.taken} 人，上限 ${cls.capacity} 人` },
          {
            label: '教师',
            value:
              cls.trainers.length === 0
                ? '未选'
                : cls.trainers
                    .map((one) => `${one.name}（${one.qualified ? one.qualification : '资格待补'}）`)
                    .join('、'),
          },
          { label: '公开报名', value: cls.openEnrolment ? '是' : '否' },
          ...(cls.accessibility ? [{ label: '无障碍条件', value: cls.accessibility }] : []),
        ]}
      />
      {may.edit && mayOpenToPublic && ['approved', 'in-session'].includes(cls.state) && (
        <Form>
          <input type="hidden" name="intent" value="open" />
          <input type="hidden" name="open" value={cls.openEnrolment ? '' : 'yes'} />
          <Button kind="plain">{cls.openEnrolment ? '停止公开报名' : '开放公开报名'}</Button>
        </Form>
      )}
    </Section>
  )
}

function Texts({ data: { cls } }: { data: Data }) {
  const texts = [
    ['课程介绍', cls.summary],
    ['教学计划', cls.teachingPlan],
    ['教学资源', cls.resources],
    ['考核方案', cls.assessmentPlan],
  ] as const
  return texts.map(
    ([label, text]) =>
      text !== '' && (
        <Section key={label} title={label}>
          <LongText>{text}</LongText>
        </Section>
      ),
  )
}

/** Rare steps, each on a page of its own. */
function Steps({ data: { area, cls, may } }: { data: Data }) {
  const links = [
    may.apply && classCycle.cancel.from.includes(cls.state) && (['cancel', '取消班级'] as const),
    may.inspect && classCycle.suspend.from.includes(cls.state) && (['suspend', '暂停上课'] as const),
    may.decide && classCycle.resume.from.includes(cls.state) && (['resume', '恢复上课'] as const),
    may.decide && classCycle.terminate.from.includes(cls.state) && (['terminate', '中止班级'] as const),
  ].filter((link) => link !== false)
  if (links.length === 0) return null
  return (
    <Actions>
      {links.map(([step, label]) => (
        <LinkButton key={step} kind="quiet" href={paths.classStep(area, cls.id, step)}>
          {label}
        </LinkButton>
      ))}
    </Actions>
  )
}
