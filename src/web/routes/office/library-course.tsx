import { redirect } from 'react-router'
import { conversionsOf, remarksOf } from '#modules/library/catalogue.queries.ts'
import { courseWork } from '#modules/library/course.queries.ts'
import { courseStates } from '#modules/library/course.schema.ts'
import {
  askRecheck,
  decideConversion,
  endConversion,
  proposeConversion,
  suspendCourse,
} from '#modules/library/listing.commands.ts'
import { conversionStates } from '#modules/library/listing.schema.ts'
import { hideRemark } from '#modules/library/rating.commands.ts'
import { roundsOfCourse } from '#modules/library/round.queries.ts'
import { offListWords } from '#modules/library/round.rules.ts'
import { outcomes, roundKinds, roundStates } from '#modules/library/round.schema.ts'
import { movesOf } from '#modules/training/case.queries.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { ContentTable } from '../../library/content-table.tsx'
import { courseTones, libraryWords, ratingText } from '../../library/desk.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { programmeName } from '../../training/desk.ts'
import { Actions, Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { DateField, SelectField, TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/library-course.ts'

export const meta = () => title('课程')

const moveWords: Record<string, string> = {
  create: '建立草稿',
  submit: '提交',
  'call-back': '撤回',
  take: '开始评审',
  return: '退回修改',
  reject: '不予入库',
  pass: '通过评审，试用',
  admit: '入库',
  suspend: '暂停',
  restore: '恢复',
  withdraw: '退出',
  'new-version-pass': '新版本通过',
  'new-version-return': '新版本退回',
  'new-version-reject': '新版本不予采用',
  'recheck-pass': '复审通过',
  'recheck-return': '复审没有通过',
  'recheck-reject': '复审没有通过',
}

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'library.read')
  const course = await courseWork(ctx, isId(params.id)).catch(fail(request))
  const at = await figuresFor(ctx)
  const [conversions, remarks, rounds, moves] = await Promise.all([
    conversionsOf(ctx.db, course.id),
    remarksOf(ctx.db, course.id),
    roundsOfCourse(ctx.db, course.id),
    movesOf(ctx.db, 'course', course.id),
  ])
  return {
    course,
    conversions: conversions.map((one) => ({
      ...one,
      programmeName: programmeName(ctx.plan, one.programme),
      own: one.proposedBy === ctx.actor.id,
    })),
    remarks,
    rounds: rounds.map(({ id, kind, state, openedAt, outcome, score }) => ({
      id,
      kind,
      state,
      openedAt,
      outcome,
      score,
    })),
    moves: moves
      .toReversed()
      .map((move) => ({ at: move.at, what: moveWords[move.move] ?? move.move, who: move.actorName, why: move.note })),
    programmes: ctx.plan.programmes.map(({ code, name }) => {
      const cap = at(`LIB.hours.${code}`, dayOf(ctx.now)).value
      return { value: code, label: `${name}（${cap === null ? ctx.plan.undecidedText : `最多 ${cap} 课时`}）` }
    }),
    may: { manage: ctx.actor.can('library.manage'), approve: ctx.actor.can('library.approve') },
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'library.read')
  const courseId = isId(params.id)
  const form = await request.formData()
  const values = { ...formObject(form), courseId }
  const steps: Record<string, [() => Promise<unknown>, string]> = {
    suspend: [() => suspendCourse(ctx, values), 'suspended'],
    recheck: [() => askRecheck(ctx, values), 'recheck-opened'],
    propose: [() => proposeConversion(ctx, values), 'conversion-proposed'],
    approve: [() => decideConversion(ctx, { ...values, decision: 'approve' }), 'conversion-decided'],
    reject: [() => decideConversion(ctx, { ...values, decision: 'reject' }), 'conversion-decided'],
    end: [() => endConversion(ctx, values), 'conversion-decided'],
    hide: [() => hideRemark(ctx, values), 'decided'],
  }
  const step = steps[String(form.get('intent'))]
  if (!step) throw new Response(null, { status: 400 })
  const tried = await attempt(step[0](), form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.officeCourse(courseId), step[1])) : tried.answer
}

type Data = Route.ComponentProps['loaderData']
type Failed = Route.ComponentProps['actionData']
const failedAs = (failed: Failed, intent: string) => (failed && failed.values.intent === intent ? failed : undefined)

export default function LibraryCourse({ loaderData, actionData }: Route.ComponentProps) {
  const { course, rounds, remarks, moves, may } = loaderData
  return (
    <>
      <PageHeader
        title={course.title}
        caption={course.number}
        crumbs={[
          { label: '课程入库', href: paths.libraryDesk() },
          { label: '全部课程', href: paths.libraryDesk({ view: 'courses' }) },
        ]}
        tag={<StatusTag tone={courseTones[course.state]}>{courseStates[course.state]}</StatusTag>}
      />
      <div className="stack">
        {course.state === 'suspended' && (
          <Notice tone="bad" title={`已暂停：${offListWords[course.suspendedFor] ?? ''}`} />
        )}
        <SummaryList
          rows={[
            { label: '提供单位', value: course.organisation },
            { label: '课时', value: `${course.plannedClassHours} 课时` },
            { label: '评分', value: ratingText(course) },
            { label: '下次复审', value: course.recheckOn ?? '没有' },
          ]}
        />
        <Conversions data={loaderData} failed={actionData} />
        <Section title="评审">
          <ul className="list-disc ps-5">
            {rounds.map((round) => (
              <li key={round.id}>
                <a href={paths.libraryRound(round.id)}>
                  {roundKinds[round.kind]}，{instantText(round.openedAt)}
                </a>
                　{round.outcome ? `${outcomes[round.outcome]}，${round.score} 分` : roundStates[round.state]}
              </li>
            ))}
          </ul>
        </Section>
        <Section title="章节内容">
          <ContentTable
            items={course.items}
            open={(id) => {
              const packageId = course.items.find((item) => item.id === id)?.packageId
              return packageId ? paths.officePackage(packageId) : null
            }}
          />
        </Section>
        {remarks.length > 0 && (
          <DataTable
            caption="学员评语"
            rows={remarks}
            rowKey={(row) => row.personId}
            columns={[
              { key: 'stars', header: '星', end: true, cell: (row) => row.stars },
              { key: 'remark', header: '评语', keep: true, cell: (row) => row.remark },
              {
                key: 'do',
                header: '办理',
                cell: (row) =>
                  may.manage ? (
                    <form method="post">
                      <input type="hidden" name="personId" value={row.personId} />
                      <Button kind="quiet" name="intent" value="hide">
                        隐藏
                      </Button>
                    </form>
                  ) : (
                    '由受理人员办理'
                  ),
              },
            ]}
            empty={null}
          />
        )}
        {may.manage && <Manage data={loaderData} failed={actionData} />}
        <DataTable
          caption="办理记录"
          rows={moves}
          rowKey={(row) => `${row.at.getTime()} ${row.what}`}
          columns={[
            { key: 'at', header: '时间', keep: true, cell: (row) => instantText(row.at) },
            { key: 'what', header: '事项', keep: true, cell: (row) => row.what },
            { key: 'who', header: '经办', cell: (row) => row.who },
            { key: 'why', header: '说明', cell: (row) => row.why || '无' },
          ]}
          empty={null}
        />
      </div>
    </>
  )
}

function Conversions({ data: { conversions, course, programmes, may }, failed }: { data: Data; failed: Failed }) {
  return (
    <Section title="课时计入补贴培训" description="一人提出、另一人批准，写明起止日期。">
      <DataTable
        caption={`共 ${conversions.length} 条`}
        rows={conversions}
        rowKey={(row) => row.id}
        columns={[
          { key: 'programme', header: '培训项目', keep: true, cell: (row) => row.programmeName },
          { key: 'hours', header: '课时', end: true, keep: true, cell: (row) => row.classHours },
          { key: 'days', header: '期间', cell: (row) => `${row.from} 至 ${row.to ?? '没有截止'}` },
          { key: 'source', header: '依据', cell: (row) => row.source },
          { key: 'by', header: '经办', cell: (row) => [row.proposedName, row.decidedName].filter(Boolean).join('、') },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) =>
              row.state === 'proposed' && may.approve && !row.own ? (
                <form method="post">
                  <input type="hidden" name="conversionId" value={row.id} />
                  <Actions>
                    <Button kind="plain" name="intent" value="approve">
                      批准
                    </Button>
                    <Button kind="quiet" name="intent" value="reject">
                      不批准
                    </Button>
                  </Actions>
                </form>
              ) : (
                conversionStates[row.state]
              ),
          },
        ]}
        empty={<p>现在没有培训项目计入本课程的课时。</p>}
      />
      {['approve', 'reject', 'end'].some((intent) => failedAs(failed, intent)) && <Form failed={failed}>{null}</Form>}
      {may.manage && course.state === 'admitted' && (
        <More label="提出计入课时" open={failedAs(failed, 'propose') !== undefined}>
          <Form
            failed={failedAs(failed, 'propose')}
            labels={{ programme: '培训项目', classHours: '课时', from: '起始日期', to: '截止日期', source: '依据' }}
          >
            <input type="hidden" name="intent" value="propose" />
            <SelectField name="programme" label="培训项目" options={programmes} />
            <TextField name="classHours" label="最多计入" unit="课时" inputMode="numeric" width="short" />
            <DateField name="from" label="起始日期" />
            <DateField name="to" label="截止日期" optional />
            <TextField name="source" label="依据" hint="文件名称、文号或会议纪要。" width="full" maxLength={500} />
            <Button kind="plain">提出</Button>
          </Form>
        </More>
      )}
    </Section>
  )
}

function Manage({ data: { course }, failed }: { data: Data; failed: Failed }) {
  const listed = course.state === 'trial' || course.state === 'admitted'
  return (
    <>
      {(course.state === 'suspended' || course.state === 'admitted') && (
        <Form failed={failedAs(failed, 'recheck')}>
          <Button kind="plain" name="intent" value="recheck">
            安排复审
          </Button>
        </Form>
      )}
      {listed && (
        <More label="暂停这门课程" open={failedAs(failed, 'suspend') !== undefined}>
          <Form failed={failedAs(failed, 'suspend')} labels={{ reason: '理由' }}>
            <input type="hidden" name="intent" value="suspend" />
            <TextArea name="reason" label="理由" rows={3} maxLength={500} />
            <Button kind="danger">暂停课程</Button>
          </Form>
        </More>
      )}
    </>
  )
}
