import { indicatorBoard } from '#modules/reports/board.queries.ts'
import type { Dimension } from '#modules/reports/board.schema.ts'
import { clauseLabel } from '#policy/clauses.ts'
import { dayOf } from '#shared/dates.ts'
import { current, fail } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { BoardFilterBar, PeriodNotice } from '../plan/board-filter.tsx'
import { boardFilter, filterValues, indicatorCharts } from '../plan/board-view.ts'
import {
  ForecastNotice,
  ImportsTable,
  IndicatorCharts,
  IndicatorFigures,
  MonthTable,
  OfWhichTables,
} from '../plan/indicator-view.tsx'
import { basisText, standing } from '../plan/words.ts'
import { title } from '../site.ts'
import { LinkButton } from '../ui/button.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { More, Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import type { Route } from './+types/plan-indicator.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.row.indicator.title)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const filter = boardFilter(request)
  const board = await indicatorBoard(ctx, params.indicator, filter).catch(fail(request))
  const { row } = board
  const owner = ctx.plan.bodies.find((body) => body.id === row.indicator.owner)
  return {
    ...board,
    // where people live is not shown to everybody, in whatever number
    ofWhich: board.ofWhich.filter((part) => part.dimension !== 'residence'),
    charts: row.basis ? indicatorCharts(row, row.basis, board.asOf) : null,
    clause: clauseLabel(ctx.plan, row.indicator.clause),
    owner: owner?.shortName ?? '',
    values: filterValues(filter),
    today: dayOf(ctx.now),
    undecided: ctx.plan.undecidedText,
    internal: ctx.actor.can('board.read-internal'),
  }
}

const shown: Dimension[] = ['group', 'programme', 'venue', 'industry']

export default function PlanIndicator({ loaderData }: Route.ComponentProps) {
  const { row, values, asOf, imports } = loaderData
  const { indicator } = row
  const { tone, text } = standing(row, asOf)
  return (
    <PageBody>
      <PageHeader
        title={indicator.title}
        caption={`指标 ${indicator.id}`}
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '行动计划进度', href: paths.figures() },
        ]}
        tag={<StatusTag tone={tone}>{text}</StatusTag>}
        actions={
          <>
            {row.counts && (
              <LinkButton href={paths.figureTable(indicator.id, values)} download>
                下载每月明细
              </LinkButton>
            )}
            {loaderData.internal && <LinkButton href={paths.boardIndicator(indicator.id)}>逐条明细</LinkButton>}
          </>
        }
      />
      <div className="stack">
        {row.counts && <PeriodNotice {...loaderData} />}
        <IndicatorFigures board={loaderData} />
        <ForecastNotice board={loaderData} />
        <IndicatorCharts charts={loaderData.charts} />
        {row.counts ? (
          <>
            <MonthTable board={loaderData} />
            <OfWhichTables ofWhich={loaderData.ofWhich} show={shown} />
            <More label="换口径、换时间看" open={Object.values(values).some(Boolean)}>
              <BoardFilterBar action={paths.figure(indicator.id)} values={values} max={loaderData.today} />
            </More>
          </>
        ) : (
          <ImportsTable imports={imports} unit={indicator.unit} />
        )}
        <Section title="依据和口径">
          <SummaryList
            rows={[
              {
                label: '计划原文',
                value: `“${indicator.quote}”`,
                note: <a href={paths.clause(indicator.clause)}>{loaderData.clause}</a>,
              },
              { label: '怎么数', value: indicator.countingRule, note: indicator.note ?? undefined },
              { label: '默认口径', value: basisText(row) },
              { label: '责任单位', value: loaderData.owner },
              ...row.questions.map((question) => ({
                label: `待定 ${question.id}`,
                value: question.question,
                note: question.label
                  ? `${loaderData.undecided}，暂按：${question.label}`
                  : `${loaderData.undecided}，明确前不计`,
              })),
            ]}
          />
        </Section>
      </div>
    </PageBody>
  )
}
