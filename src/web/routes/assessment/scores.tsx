import { data, redirect } from 'react-router'
import { partNames } from '#modules/assessment/assessment.schema.ts'
import { confirmation, partsInUse } from '#modules/assessment/desk.queries.ts'
import { confirmScores, enterScores } from '#modules/assessment/score.commands.ts'
import { scoreSheet } from '#modules/assessment/score.queries.ts'
import { words } from '#modules/assessment/score.rules.ts'
import { absentWord, cellName, markText, scoreSources } from '#modules/assessment/score.schema.ts'
import { assessmentWords, deskOf, frameOf } from '../../assessment/desk.ts'
import { AssessmentFrame } from '../../assessment/frame.tsx'
import { ScoreCell } from '../../assessment/score-cell.tsx'
import { attempt } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button, DisabledButton } from '../../ui/button.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/section.tsx'
import type { Route } from './+types/scores.ts'

export const meta = () => title('成绩表')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, desk } = await deskOf(args)
  const { assessment } = desk
  const frame = frameOf(area, desk)
  const parts = partsInUse(desk.weights)
  if (!assessment) return { frame, parts, sheet: [], assessment: null, enter: false, approve: null }
  const sheet = await scoreSheet(ctx.db, assessment)
  const decision = assessment.state === 'scoring' && desk.may.approve ? await confirmation(ctx, assessment) : null
  return {
    frame,
    parts,
    assessment: {
      id: assessment.id,
      state: assessment.state,
      version: assessment.sheetVersion,
      confirmedByName: assessment.confirmedByName,
      confirmedAt: assessment.confirmedAt,
    },
    sheet: sheet.map((row) => ({
      enrolmentId: row.enrolmentId,
      name: row.name,
      document: row.document,
      marks: Object.fromEntries(parts.map((part) => [part, markText(row.marks[part])])),
      by: [
        ...new Set(
          parts.flatMap((part) => row.marks[part] ?? []).map((m) => `${m.enteredByName}（${scoreSources[m.source]}）`),
        ),
      ],
    })),
    enter: desk.scorable && desk.may.enter,
    approve: decision && (decision.ok ? { ok: true as const } : { ok: false as const, ...words(decision.refusal) }),
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, desk } = await deskOf(args)
  const form = await args.request.formData()
  const base = { assessmentId: desk.assessment?.id, version: form.get('version') }
  const here = paths.assessment(area, desk.cls.id, 'scores')
  if (form.get('intent') === 'confirm') {
    const tried = await attempt(confirmScores(ctx, base), undefined, assessmentWords(ctx))
    return tried.ok ? redirect(done(paths.assessment(area, desk.cls.id, 'results'), 'scores-confirmed')) : tried.answer
  }
  const typed = [...form].flatMap(([name, value]) =>
    name.startsWith('cells.') && typeof value === 'string' ? [[name.slice(6), value] as const] : [],
  )
  if (typed.length === 0) return data(null, 400)
  const tried = await attempt(
    enterScores(ctx, { ...base, cells: Object.fromEntries(typed) }),
    form,
    assessmentWords(ctx),
  )
  return tried.ok ? redirect(done(here, 'saved')) : tried.answer
}

type Data = Route.ComponentProps['loaderData']
type Row = Data['sheet'][number]

export default function Scores({ loaderData, actionData }: Route.ComponentProps) {
  const { frame, assessment } = loaderData
  return (
    <AssessmentFrame frame={frame} tab="scores">
      {!assessment ? (
        <EmptyState
          icon="list"
          title="还没有安排考核"
          action={{ href: paths.assessment(frame.area, frame.cls.id), label: '去安排' }}
        >
          安排好日期、地点和考评人员以后，才能录入成绩。
        </EmptyState>
      ) : loaderData.enter ? (
        <Entry data={loaderData} failed={actionData ?? undefined} version={assessment.version} />
      ) : (
        <Sheet data={loaderData} />
      )}
      {assessment && <Confirming data={loaderData} version={assessment.version} />}
    </AssessmentFrame>
  )
}

const common: Column<Row>[] = [
  { key: 'name', header: '姓名', cell: (row) => row.name, keep: true },
  { key: 'document', header: '证件号码', cell: (row) => row.document, keep: true },
]
const byWhom: Column<Row> = { key: 'by', header: '录入', cell: (row) => row.by.join('、') || '—' }
const nobody = (
  <EmptyState icon="people" title="班级里没有在册学员">
    请先登记花名册。
  </EmptyState>
)

function Entry(props: { data: Data; failed: Parameters<typeof Form>[0]['failed']; version: number }) {
  const { sheet, parts } = props.data
  const labels = Object.fromEntries(
    sheet.flatMap((row) =>
      parts.map((part) => [cellName(row.enrolmentId, part), `${row.name} ${partNames[part]}`] as const),
    ),
  )
  return (
    <Section
      title="录入成绩"
      description={`0 至 100 分，最多一位小数；没有参加的填“${absentWord}”。空着的不改动，改动都留有记录。`}
    >
      <Form failed={props.failed} labels={labels}>
        <input type="hidden" name="version" value={props.version} />
        <DataTable
          caption={`成绩表，共 ${sheet.length} 人`}
          rows={sheet}
          rowKey={(row) => row.enrolmentId}
          columns={[
            ...common,
            ...parts.map(
              (part): Column<Row> => ({
                key: part,
                header: partNames[part],
                cell: (row) => (
                  <ScoreCell
                    name={cellName(row.enrolmentId, part)}
                    label={`${row.name} ${partNames[part]}成绩`}
                    value={row.marks[part] ?? ''}
                  />
                ),
              }),
            ),
            byWhom,
          ]}
          empty={nobody}
        />
        <Button>保存成绩</Button>
      </Form>
    </Section>
  )
}

function Sheet({ data: { sheet, parts, assessment } }: { data: Data }) {
  return (
    <Section
      title="成绩表"
      {...(assessment?.confirmedAt && {
        description: `${assessment.confirmedByName} 于 ${instantText(assessment.confirmedAt)} 确认。确认后的成绩只能走“成绩更改”。`,
      })}
    >
      <DataTable
        caption={`成绩表，共 ${sheet.length} 人`}
        rows={sheet}
        rowKey={(row) => row.enrolmentId}
        columns={[
          ...common,
          ...parts.map(
            (part): Column<Row> => ({
              key: part,
              header: partNames[part],
              end: true,
              cell: (row) => row.marks[part] || <span className="soft">未录入</span>,
            }),
          ),
          byWhom,
        ]}
        empty={nobody}
      />
    </Section>
  )
}

function Confirming({ data: { approve, assessment }, version }: { data: Data; version: number }) {
  if (assessment?.state !== 'scoring') return null
  if (!approve) {
    return <Notice title="等待确认">成绩由没有录入过本班成绩的另一位负责人确认后生效。</Notice>
  }
  return (
    <Section title="确认成绩" description="由没有录入过本班成绩的另一位负责人核对原始试卷和评分表后确认。">
      {approve.ok ? (
        <Form>
          <input type="hidden" name="intent" value="confirm" />
          <input type="hidden" name="version" value={version} />
          <Notice tone="warn" title="确认后不能直接修改">
            确认后要改的，须写明理由，由另一人批准，原成绩保留。
          </Notice>
          <Button kind="danger">确认全部成绩</Button>
        </Form>
      ) : (
        <DisabledButton reason={`${approve.message}。${approve.remedy}`}>确认全部成绩</DisabledButton>
      )}
    </Section>
  )
}
