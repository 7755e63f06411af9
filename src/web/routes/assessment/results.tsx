import { redirect } from 'react-router'
import { confirmResults, redecideForHours } from '#modules/assessment/result.commands.ts'
import { changedHours, resultsOf } from '#modules/assessment/result.queries.ts'
import { explain, totalText } from '#modules/assessment/result.schema.ts'
import { passRateOf } from '#modules/assessment/watch.queries.ts'
import { assessmentWords, deskOf, frameOf } from '../../assessment/desk.ts'
import { AssessmentFrame } from '../../assessment/frame.tsx'
import { attempt } from '../../ctx.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FigureCard, Figures } from '../../ui/figure-card.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/results.ts'

export const meta = () => title('考核结果')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, desk } = await deskOf(args)
  const [results, rate, changed] = await Promise.all([
    resultsOf(ctx.db, desk.cls.id),
    passRateOf(ctx.db, desk.cls.id),
    changedHours(ctx, desk.cls.id),
  ])
  return {
    frame: frameOf(area, desk),
    results: results.map(({ checks, personId: _, ...row }) => ({ ...row, checks: checks.map(explain) })),
    rate,
    changed,
    ready: desk.assessment?.state === 'confirmed',
    may: desk.may.approve,
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area, desk } = await deskOf(args)
  const enrolmentId = (await args.request.formData()).get('enrolmentId')
  const assessmentId = desk.assessment?.id
  const work = enrolmentId
    ? redecideForHours(ctx, { assessmentId, enrolmentId: String(enrolmentId) })
    : confirmResults(ctx, { assessmentId })
  const tried = await attempt<object>(work, undefined, assessmentWords(ctx))
  const told = enrolmentId ? 'result-again' : 'results-out'
  return tried.ok ? redirect(done(paths.assessment(area, desk.cls.id, 'results'), told)) : tried.answer
}

type Row = Route.ComponentProps['loaderData']['results'][number]

const lacking = ({ checks }: Row) =>
  checks
    .filter(({ ok }) => !ok)
    .map(({ title }) => title)
    .join('、')

export default function Results({ loaderData, actionData }: Route.ComponentProps) {
  const { frame, results, rate, changed, ready, may } = loaderData
  return (
    <AssessmentFrame frame={frame} tab="results">
      {results.length === 0 && !ready && (
        <EmptyState icon="certificate" title="还没有结果">
          成绩由另一人确认以后，才能确认结果。
        </EmptyState>
      )}
      {ready && (
        <Section title="确认结果" description="平台按台账课时、确认的成绩和规定的合格线逐人判定，不用填写。">
          {may ? (
            <Form failed={actionData}>
              <Notice tone="warn" title="确认后班级进入“已考核”">
                结果计入人次统计，考勤不能再改。
              </Notice>
              <Button>确认结果</Button>
            </Form>
          ) : (
            <p>由本单位负责人确认。</p>
          )}
        </Section>
      )}
      {changed.length > 0 && <Changed rows={changed} may={may} failed={actionData} />}
      {results.length > 0 && (
        <>
          <Figures>
            <FigureCard label="参加判定" value={String(rate.assessed)} unit="人" />
            <FigureCard label="合格" value={String(rate.passed)} unit="人" />
            <FigureCard label="合格率" value={rate.percent === null ? '—' : String(rate.percent)} unit="%" />
          </Figures>
          <DataTable
            caption={`考核结果，共 ${results.length} 人`}
            rows={results}
            rowKey={(row) => row.id}
            columns={[
              { key: 'name', header: '姓名', keep: true, cell: (row) => row.name },
              { key: 'hours', header: '课时', end: true, cell: (row) => row.classHours },
              {
                key: 'total',
                header: '总分',
                end: true,
                cell: (row) => (row.totalMillipoints === null ? '缺考' : totalText(row.totalMillipoints)),
              },
              {
                key: 'passed',
                header: '结果',
                keep: true,
                cell: (row) => (
                  <StatusTag tone={row.passed ? 'good' : 'warn'}>{row.passed ? '合格' : '不合格'}</StatusTag>
                ),
              },
              {
                key: 'why',
                header: '依据',
                cell: (row) => (
                  <More label={row.passed ? '逐项依据' : `${lacking(row)}没有达到要求`}>
                    <ul>
                      {row.checks.map((check) => (
                        <li key={check.title}>
                          {check.ok ? '达到' : '没有达到'}　{check.title}：{check.text}（
                          <a href={paths.clause(check.clause)}>{check.clause}</a>）
                        </li>
                      ))}
                    </ul>
                    {row.revision > 1 && <p className="soft">成绩或课时变动后重新判定，第 {row.revision} 次。</p>}
                  </More>
                ),
              },
            ]}
            empty={null}
          />
        </>
      )}
    </AssessmentFrame>
  )
}

function Changed({
  rows,
  may,
  failed,
}: {
  rows: Route.ComponentProps['loaderData']['changed']
  may: boolean
  failed: Route.ComponentProps['actionData']
}) {
  return (
    <Section
      title={`课时变动，等待重新判定（${rows.length} 人）`}
      description="判定以后，线上课时补记或者更正，台账已经不同。成绩和合格线不变，只按现在的课时再判一次，原判定保留。"
    >
      <Form failed={failed}>
        <DataTable
          caption="判定后课时有变动的学员"
          rows={rows}
          rowKey={(row) => row.enrolmentId}
          columns={[
            { key: 'name', header: '姓名', keep: true, cell: (row) => row.name },
            { key: 'then', header: '判定时', end: true, cell: (row) => `${row.decidedMinutes} 分钟` },
            { key: 'now', header: '现在', end: true, cell: (row) => `${row.minutes} 分钟` },
            { key: 'passed', header: '原结果', cell: (row) => (row.passed ? '合格' : '不合格') },
            {
              key: 'do',
              header: '办理',
              cell: (row) =>
                may ? (
                  <Button kind="plain" name="enrolmentId" value={row.enrolmentId}>
                    重新判定<span className="sr-only">{row.name}</span>
                  </Button>
                ) : (
                  '由本单位负责人办理'
                ),
            },
          ]}
          empty={null}
        />
      </Form>
    </Section>
  )
}
