import { redirect } from 'react-router'
import { publicClass } from '#modules/training/catalogue.queries.ts'
import { type ClassState, classModes, classStates } from '#modules/training/class.schema.ts'
import { enrolSelf } from '#modules/training/enrolment.commands.ts'
import { reasonText, traineeCommitment } from '#modules/training/enrolment.schema.ts'
import { joinState } from '#modules/training/trainee.queries.ts'
import { figuresFor } from '#platform/figures.ts'
import { clauseLabel, programmeOf } from '#policy/clauses.ts'
import { attempt, current, fail, wordsOf } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { isId } from '../params.ts'
import { done, paths } from '../paths.ts'
import { ownAffairs, personIdOf } from '../person.ts'
import { ageText, whoMayJoin, whoMayNot } from '../programme-words.ts'
import { title } from '../site.ts'
import { Actions, Button, DisabledButton, LinkButton } from '../ui/button.tsx'
import { Checkbox } from '../ui/choices.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Form } from '../ui/form.tsx'
import { dayText, instantText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { LongText, Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import type { Route } from './+types/class.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.cls.title ?? '班级')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const found = context.get(current)
  const { ctx } = found
  const { plan } = ctx
  const [cls, figures] = await Promise.all([publicClass(ctx, isId(params.id)).catch(fail(request)), figuresFor(ctx)])
  const personId = personIdOf(found)
  const programme = programmeOf(plan, cls.programme)
  const join = await joinState(ctx, cls, personId, figures)
  const clauses = programme ? [programme.clause, ...programme.alsoClauses] : []
  return {
    cls,
    mine: join.enrolmentId !== null,
    whyNot: join.refusal && (wordsOf(plan, reasonText, join.refusal) ?? null),
    signedIn: ctx.actor.kind !== 'anonymous',
    named: personId !== null,
    subdistrict: plan.subdistricts.find(({ code }) => code === cls.subdistrict)?.name ?? '',
    programme: programme?.name ?? cls.programme,
    funds: (programme?.fundSources ?? []).map((id) => plan.fundSources.find((fund) => fund.id === id)?.label ?? id),
    clauses: clauses.map((id) => ({ id, label: clauseLabel(plan, id) })),
    who: whoMayJoin(plan, programme),
    whoNot: whoMayNot(programme),
    age: programme ? ageText(plan, figures(programme.traineeRules.ageMinFigure, cls.startsOn)) : null,
    level:
      plan.levelSchemes.flatMap((scheme) => scheme.levels).find(({ code }) => code === cls.level)?.label ?? cls.level,
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const form = await request.formData()
  const tried = await attempt(
    enrolSelf(ctx, { classId: isId(params.id), commitment: form.get('commitment') }),
    form,
    (refusal) => wordsOf(ctx.plan, reasonText, refusal),
  )
  return tried.ok ? redirect(done(paths.myClass(tried.value.classId), 'enrolled')) : tried.answer
}

export default function ClassPage({ loaderData, actionData }: Route.ComponentProps) {
  const { cls } = loaderData
  const left = Math.max(cls.capacity - cls.taken, 0)
  return (
    <PageBody>
      <PageHeader
        title={cls.title}
        caption={`班号 ${cls.number}`}
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '找培训', href: paths.classes() },
        ]}
        tag={
          cls.state === 'approved' || cls.state === 'in-session' ? (
            <StatusTag tone={left > 0 ? 'good' : 'neutral'}>{left > 0 ? `余 ${left} 个名额` : '名额已满'}</StatusTag>
          ) : (
            <StatusTag>{classStates[cls.state as ClassState]}</StatusTag>
          )
        }
      />
      <div className="stack">
        <Facts data={loaderData} />
        <Section title="报名" id="enrol">
          <Enrol data={loaderData} failed={actionData} />
        </Section>
        <Section title="学什么">
          {cls.summary ? <LongText>{cls.summary}</LongText> : <p>机构没有填写课程介绍。</p>}
          <h3 className="mt-3">怎么考核</h3>
          <LongText>{cls.assessmentPlan || '机构没有填写考核方案。'}</LongText>
        </Section>
        <Schedule data={loaderData} />
        <p className="soft">
          被要求交报名费、材料费、考证费的，<a href={paths.reportProblem(`${cls.number} ${cls.title}`)}>在这里举报</a>。
        </p>
      </div>
    </PageBody>
  )
}

type Data = Route.ComponentProps['loaderData']

function Facts({ data }: { data: Data }) {
  const { cls } = data
  return (
    <SummaryList
      rows={[
        {
          label: '谁可以报',
          value: data.who,
          note: [data.age, data.whoNot].filter(Boolean).join('；'),
        },
        {
          label: '费用',
          value: '免费，不收任何费用',
          note: (
            <>
              由政府补贴付给培训机构（{data.funds.join('、')}），依据：
              {data.clauses.map((clause, index) => (
                <span key={clause.id}>
                  {index > 0 && '；'}
                  <a href={paths.clause(clause.id)}>{clause.label}</a>
                </span>
              ))}
            </>
          ),
        },
        { label: '课时', value: `${cls.classHours} 课时，${classModes[cls.mode]}授课` },
        { label: '时间', value: `${dayText(cls.startsOn, true)}至${dayText(cls.endsOn, true)}` },
        {
          label: '地点',
          value: cls.venue ? `${data.subdistrict} ${cls.venue}` : '线上',
          note: cls.address,
        },
        { label: '无障碍条件', value: cls.accessibility || '机构没有填写，报名前请先打电话问清楚' },
        {
          label: '职业和等级',
          value: [cls.occupationTitle, data.level].filter(Boolean).join('，') || data.programme,
          note: cls.occupationTitle ? data.programme : undefined,
        },
        {
          label: '谁来教',
          value:
            cls.trainers.length > 0
              ? cls.trainers.map((one) => `${one.name}（${one.qualification}）`).join('、')
              : null,
        },
        {
          label: '培训机构',
          value: <a href={paths.publicProvider(cls.organisationId)}>{cls.organisation}</a>,
          note: cls.licence
            ? `证照 ${cls.licence.number}，${cls.licence.issuer}发`
            : '开班之日没有在有效期内的办学证照记录',
        },
      ]}
    />
  )
}

function Enrol({ data, failed }: { data: Data; failed: Route.ComponentProps['actionData'] }) {
  const { cls, whyNot } = data
  if (data.mine) {
    return (
      <Notice tone="good" title="您已报名本班">
        <p>
          <a href={paths.myClass(cls.id)}>看我的课表和学时</a>
        </p>
      </Notice>
    )
  }
  if (whyNot && !failed) {
    return (
      <DisabledButton
        reason={
          <>
            {whyNot.title}。{whyNot.remedy}
            {' 依据：'}
            {whyNot.clauseTitle}
          </>
        }
      >
        报名
      </DisabledButton>
    )
  }
  const here = `${paths.class(cls.id)}#enrol`
  if (!data.signedIn) {
    return (
      <div className="stack">
        <p>用手机号登录就可以报名，不用记密码。登录后会回到这一页。</p>
        <Actions>
          <LinkButton kind="primary" href={paths.signIn(here)}>
            登录后报名
          </LinkButton>
        </Actions>
      </div>
    )
  }
  if (!data.named) {
    return (
      <div className="stack">
        <p>报名前请先填一次姓名和证件号码，以后不用再填。</p>
        <Actions>
          <LinkButton kind="primary" href={paths.identity(here)}>
            先完成实名
          </LinkButton>
        </Actions>
      </div>
    )
  }
  return (
    <Form failed={failed} labels={{ commitment: '承诺' }}>
      <Checkbox name="commitment" label={traineeCommitment} />
      <Button>报名</Button>
    </Form>
  )
}

function Schedule({ data }: { data: Data }) {
  return (
    <Section title="课程安排">
      <DataTable
        caption={`课程安排（共 ${data.cls.sessions.length} 次课）`}
        columns={[
          { key: 'from', header: '时间', cell: (row) => `${instantText(row.from)}至${instantText(row.to).slice(-5)}` },
          { key: 'title', header: '课题', cell: (row) => row.title },
          { key: 'room', header: '教室', cell: (row) => row.room ?? '线上' },
          { key: 'trainer', header: '教师', cell: (row) => row.trainer },
        ]}
        rows={data.cls.sessions}
        rowKey={(row) => row.id}
        empty={
          <EmptyState icon="calendar" title="课表还没有排好">
            排好后会列在这里，也会出现在您的个人中心。
          </EmptyState>
        }
      />
    </Section>
  )
}
