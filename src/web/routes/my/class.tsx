import { redirect } from 'react-router'
import { certificatesOf } from '#modules/assessment/certificate.queries.ts'
import { resultsOf } from '#modules/assessment/result.queries.ts'
import { explain, totalText } from '#modules/assessment/result.schema.ts'
import { claimStates } from '#modules/subsidy/claim.schema.ts'
import { yearUse } from '#modules/subsidy/estimate.queries.ts'
import { linesAbout } from '#modules/subsidy/mine.queries.ts'
import { classStates } from '#modules/training/class.schema.ts'
import { signCommitment } from '#modules/training/enrolment.commands.ts'
import { enrolmentStates, reasonText, traineeCommitment } from '#modules/training/enrolment.schema.ts'
import { myClass } from '#modules/training/my.queries.ts'
import { type Grade, grades, markKinds, sessionStates } from '#modules/training/session.schema.ts'
import { gradeNames, settlementText } from '#modules/training/settlement.schema.ts'
import { figuresFor } from '#platform/figures.ts'
import { clauseLabel, programmeOf } from '#policy/clauses.ts'
import { attempt, fail, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Actions, Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { dayText, durationText, instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Progress } from '../../ui/progress.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/class.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.cls.title ?? '我的班级')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const cls = await myClass(ctx, personId, isId(params.id)).catch(fail(request))
  const programme = programmeOf(ctx.plan, cls.programme)
  const [results, certificates, lines, use, figures] = await Promise.all([
    resultsOf(ctx.db, cls.classId),
    certificatesOf(ctx.db, personId),
    linesAbout(ctx, personId, cls.classId),
    yearUse(ctx, personId, cls.endsOn),
    figuresFor(ctx),
  ])
  const result = results.find((one) => one.enrolmentId === cls.enrolmentId)
  const attendance = programme ? figures(programme.hours.attendanceFigure, cls.startsOn) : null
  return {
    cls,
    programme: programme?.name ?? cls.programme,
    minutesPerHour: programme ? figures(programme.hours.minutesFigure, cls.startsOn).value : null,
    attendancePercent: attendance?.value ?? null,
    attendanceDecided: attendance?.decided ?? false,
    undecidedText: ctx.plan.undecidedText,
    result: result && { passed: result.passed, total: result.totalMillipoints, checks: result.checks.map(explain) },
    certificate: certificates.find((one) => one.enrolmentId === cls.enrolmentId && one.state === 'issued')?.id ?? null,
    lines: lines.map((line) => ({
      ...line,
      explanation: line.explanation.map((step) => ({ ...step, clause: clauseLabel(ctx.plan, step.rule) })),
    })),
    use: use.find((one) => one.programme === cls.programme) ?? null,
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const form = await request.formData()
  const tried = await attempt(signCommitment(ctx, Object.fromEntries(form)), form, (refusal) =>
    wordsOf(ctx.plan, reasonText, refusal),
  )
  return tried.ok ? redirect(done(new URL(request.url).pathname, 'committed')) : tried.answer
}

export default function MyClass({ loaderData, actionData }: Route.ComponentProps) {
  const { cls } = loaderData
  return (
    <>
      <PageHeader
        title={cls.title}
        caption={`班号 ${cls.number}`}
        crumbs={[{ label: '我的培训', href: paths.my() }]}
        tag={<StatusTag tone="info">{enrolmentStates[cls.state]}</StatusTag>}
      />
      <div className="stack">
        {cls.state === 'enrolled' && cls.commitmentAt === null && (
          <Section title="请签承诺">
            <Form failed={actionData} labels={{ commitment: '承诺' }}>
              <input type="hidden" name="enrolmentId" value={cls.enrolmentId} />
              <Checkbox name="commitment" label={traineeCommitment} />
              <Button>签承诺</Button>
            </Form>
          </Section>
        )}
        <Hours data={loaderData} />
        <Sessions data={loaderData} />
        <Ledger data={loaderData} />
        <Result data={loaderData} />
        <Subsidy data={loaderData} />
        <About data={loaderData} />
      </div>
    </>
  )
}

type Data = Route.ComponentProps['loaderData']
const gradeList = Object.keys(grades) as Grade[]

function Hours({ data }: { data: Data }) {
  const { hours, classHours } = data.cls
  const need = data.attendancePercent === null ? null : (classHours * data.attendancePercent) / 100
  return (
    <Section title="学时">
      <div className="panel">
        <Progress label="已学" value={hours.hours} max={classHours} unit="课时" />
        <p className="mt-3">
          {need === null
            ? `最低出勤率：${data.undecidedText}`
            : `要结业考核合格并计入补贴，需学满 ${need} 课时（出勤率 ${data.attendancePercent}%${data.attendanceDecided ? '' : `，${data.undecidedText}，暂按此办理`}）。`}
        </p>
        <p className="small soft">
          累计 {durationText(hours.minutes)}
          {data.minutesPerHour !== null && `，每 ${data.minutesPerHour} 分钟为一课时，不足一课时的部分不计`}
          {hours.ledgerMinutes > hours.minutes &&
            `；另有 ${durationText(hours.ledgerMinutes - hours.minutes)}超过每天的上限，不计`}
          。
        </p>
        <More label="这些学时凭什么算数">
          <ul className="list-disc ps-5">
            {gradeList.map((grade) => (
              <li key={grade}>
                {gradeNames[grade]}（{grades[grade]}）：{durationText(hours.grades[grade])}
              </li>
            ))}
          </ul>
        </More>
      </div>
    </Section>
  )
}

function Sessions({ data: { cls } }: { data: Data }) {
  return (
    <Section title="课表和签到">
      <DataTable
        caption={`共 ${cls.sessions.length} 次课`}
        rows={cls.sessions}
        rowKey={(row) => row.id}
        columns={[
          { key: 'when', header: '时间', cell: (row) => `${instantText(row.from)}至${instantText(row.to).slice(-5)}` },
          { key: 'title', header: '课题', cell: (row) => row.title },
          { key: 'where', header: '教室和教师', cell: (row) => `${row.room ?? '线上'}，${row.trainer}` },
          { key: 'marks', header: '签到', cell: (row) => <Marks row={row} /> },
          {
            key: 'counts',
            header: '计入',
            cell: (row) =>
              row.minutes !== null && row.grade ? (
                <>
                  {row.minutes} 分钟，{gradeNames[row.grade]}
                  <br />
                  <span className="small soft">{whyOf(row.reason)}</span>
                </>
              ) : row.state === 'closed' ? (
                <>
                  不计
                  <br />
                  <span className="small soft">
                    {row.marks.includes('excused') ? settlementText.excused : settlementText.absent}
                  </span>
                </>
              ) : (
                <span className="soft">下课后计入</span>
              ),
          },
        ]}
        empty={
          <EmptyState icon="calendar" title="课表还没有排好">
            排好后会列在这里。
          </EmptyState>
        }
      />
    </Section>
  )
}

const whyOf = (reason: string) =>
  reason in settlementText ? settlementText[reason as keyof typeof settlementText] : reason

function Marks({ row }: { row: Data['cls']['sessions'][number] }) {
  if (row.marks.length > 0) return row.marks.map((kind) => markKinds[kind]).join('、')
  if (row.state === 'open') return <a href={paths.checkIn(row.id)}>正在上课，去签到</a>
  return <span className="soft">{row.state === 'planned' ? sessionStates.planned : '没有签到'}</span>
}

function Ledger({ data: { cls } }: { data: Data }) {
  if (cls.lines.length === 0) return null
  return (
    <Section title="学时台账" description="每一笔都留着。记错的不删改，用一笔冲减再补记。">
      <DataTable
        caption="学时台账"
        rows={cls.lines}
        rowKey={(row) => String(row.id)}
        columns={[
          { key: 'on', header: '日期', cell: (row) => dayText(row.on) },
          { key: 'title', header: '课题', cell: (row) => row.title || '其他' },
          {
            key: 'minutes',
            header: '分钟',
            end: true,
            cell: (row) => (row.minutes < 0 ? `−${-row.minutes}` : row.minutes),
          },
          { key: 'grade', header: '证据', cell: (row) => `${gradeNames[row.grade]}（${grades[row.grade]}）` },
          {
            key: 'why',
            header: '说明',
            cell: (row) => (row.reverses === null ? whyOf(row.reason) : `冲减第 ${row.reverses} 笔：${row.reason}`),
          },
        ]}
        empty={null}
        foot={['合计', '', cls.hours.ledgerMinutes, '', '']}
      />
    </Section>
  )
}

function Result({ data: { result, certificate } }: { data: Data }) {
  if (!result) return null
  return (
    <Section title="考核结果">
      <SummaryList
        rows={[
          {
            label: '结果',
            value: <StatusTag tone={result.passed ? 'good' : 'warn'}>{result.passed ? '合格' : '不合格'}</StatusTag>,
            note: result.total === null ? undefined : `总分 ${totalText(result.total)}`,
          },
          ...result.checks.map((check) => ({
            label: check.title,
            value: check.text,
            note: check.ok ? undefined : '没有达到要求',
            action: { href: paths.clause(check.clause), label: '依据' },
          })),
        ]}
      />
      {certificate && (
        <Actions>
          <LinkButton href={paths.myCertificate(certificate)}>下载证书</LinkButton>
        </Actions>
      )}
    </Section>
  )
}

function Subsidy({ data: { lines, use, undecidedText } }: { data: Data }) {
  return (
    <Section title="补贴为我付了什么" description="补贴付给培训单位，用来抵您没有交的学费。">
      {lines.length === 0 ? (
        <p>培训单位还没有为您申领。</p>
      ) : (
        lines.map((line) => (
          <div className="panel" key={line.id}>
            <h3>
              {line.dropped ? '已移出申领' : claimStates[line.state]}：<Money fen={line.amountFen} />
            </h3>
            <p>
              付给 {line.payee}，申领编号 {line.claimNumber}
              {line.dropped && `。移出原因：${line.dropReason}`}
              {line.listId && <a href={paths.notice(line.listId)}>　看公示</a>}
            </p>
            <More label="怎么算出来的">
              <ol className="steps-of-sum">
                {line.explanation.map((step) => (
                  <li key={step.title}>
                    <h4>
                      {step.title}：{step.result}
                    </h4>
                    <p className="working">{step.working}</p>
                    <p>
                      {step.basis}　<a href={paths.clause(step.rule)}>{step.clause}</a>
                    </p>
                  </li>
                ))}
              </ol>
            </More>
          </div>
        ))
      )}
      {use && (
        <p className="mt-3">
          {use.year}年额度：已占用 <Money fen={use.usedFen} />
          {use.leftFen === null ? `，上限${undecidedText}` : '，还剩 '}
          {use.leftFen !== null && <Money fen={use.leftFen} />}。
        </p>
      )}
    </Section>
  )
}

function About({ data: { cls, programme } }: { data: Data }) {
  return (
    <Section title="班级" more={{ href: paths.class(cls.classId), label: '看班级公开页' }}>
      <SummaryList
        rows={[
          { label: '培训机构', value: cls.organisation },
          { label: '项目', value: programme },
          { label: '班级状态', value: classStates[cls.classState] },
          { label: '时间', value: `${dayText(cls.startsOn)}至${dayText(cls.endsOn)}` },
          { label: '地点', value: cls.venue ?? '线上', note: cls.address },
          {
            label: '承诺',
            value: cls.commitmentAt ? `已于${instantText(cls.commitmentAt)}签` : '还没有签',
          },
        ]}
      />
      <div className="mt-3">
        {cls.state === 'enrolled' ? (
          <LinkButton kind="quiet" href={paths.myWithdrawal(cls.classId)}>
            我要退班
          </LinkButton>
        ) : (
          <DisabledButton reason={`您的状态是“${enrolmentStates[cls.state]}”，不用退班。`}>我要退班</DisabledButton>
        )}
      </div>
    </Section>
  )
}
