import { indicatorBoard, type OfWhich } from '#modules/reports/board.queries.ts'
import { type Dimension, dimensions } from '#modules/reports/board.schema.ts'
import { indicatorClasses } from '#modules/reports/event.queries.ts'
import { registryEvents } from '#modules/reports/registry.queries.ts'
import { clauseLabel } from '#policy/clauses.ts'
import { dayOf } from '#shared/dates.ts'
import { fail, signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { BoardFilterBar, PeriodNotice } from '../../plan/board-filter.tsx'
import { boardFilter, filterValues, indicatorCharts } from '../../plan/board-view.ts'
import { HolderTable } from '../../plan/holder-table.tsx'
import {
  ForecastNotice,
  ImportsTable,
  IndicatorCharts,
  IndicatorFigures,
  MonthTable,
  OfWhichTables,
} from '../../plan/indicator-view.tsx'
import { count, standing } from '../../plan/words.ts'
import { title } from '../../site.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/board-indicator.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.row.indicator.title)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'board.read-internal')
  const filter = boardFilter(request)
  const board = await indicatorBoard(ctx, params.indicator, filter).catch(fail(request))
  const { row, asOf } = board
  return {
    ...board,
    charts: row.basis ? indicatorCharts(row, row.basis, board.asOf) : null,
    classes: row.basis ? await indicatorClasses(ctx, row.indicator.id, row.basis, asOf, 20) : [],
    holders: row.holders === null ? null : await registryEvents(ctx, row.indicator.id, asOf),
    titles: Object.fromEntries(ctx.plan.schemes.map(({ code, name }) => [code, name])),
    mayOpen: ctx.actor.can('recognition.read'),
    clause: clauseLabel(ctx.plan, row.indicator.clause),
    values: filterValues(filter),
    today: dayOf(ctx.now),
    undecided: ctx.plan.undecidedText,
    mayImport: ctx.actor.can('statistic.import'),
  }
}

export default function BoardIndicator({ loaderData }: Route.ComponentProps) {
  const { row, values, asOf, imports, classes, mayImport } = loaderData
  const { indicator, basis } = row
  const { tone, text } = standing(row, asOf)
  const events = (more: Record<string, string | undefined>) => paths.boardEvents(indicator.id, { asOf, ...more })
  const partHref = (part: OfWhich) => events({ ...(basis && { basis }), dimension: part.dimension, key: part.key })
  return (
    <>
      <PageHeader
        title={indicator.title}
        caption={`指标 ${indicator.id}`}
        crumbs={[
          { label: '工作台首页', href: paths.office() },
          { label: '进度看板', href: paths.board() },
        ]}
        tag={<StatusTag tone={tone}>{text}</StatusTag>}
        actions={
          <>
            <LinkButton href={paths.figure(indicator.id, values)}>公开页</LinkButton>
            {!row.counts && mayImport && (
              <LinkButton href={paths.statistics({ indicator: indicator.id })}>录入数据</LinkButton>
            )}
          </>
        }
        lead={
          <>
            {indicator.countingRule}　依据：<a href={paths.clause(indicator.clause)}>{loaderData.clause}</a>
          </>
        }
      />
      <div className="stack">
        {row.counts && (
          <>
            <BoardFilterBar action={paths.boardIndicator(indicator.id)} values={values} max={loaderData.today} />
            <PeriodNotice {...loaderData} />
          </>
        )}
        <IndicatorFigures board={loaderData} {...(row.counts && { hrefOf: (one: string) => events({ basis: one }) })} />
        {loaderData.holders && <HolderTable data={loaderData} holders={loaderData.holders} />}
        <ForecastNotice board={loaderData} />
        <IndicatorCharts charts={loaderData.charts} />
        {row.counts ? (
          <>
            <MonthTable board={loaderData} />
            <OfWhichTables
              ofWhich={loaderData.ofWhich}
              show={Object.keys(dimensions) as Dimension[]}
              hrefOf={partHref}
            />
            <Section title="来自哪些班" description="按人次从多到少，最多列 20 个班。">
              <DataTable
                caption="班级"
                rows={classes}
                rowKey={(one) => one.classId}
                columns={[
                  { key: 'title', header: '班级', cell: (one) => `${one.number}　${one.title}` },
                  { key: 'organisation', header: '机构', cell: (one) => one.organisation },
                  {
                    key: 'n',
                    header: '人次',
                    end: true,
                    cell: (one) => (
                      <a
                        href={events({ ...(basis && { basis }), classId: one.classId })}
                        aria-label={`${count(one.n)} 人次：${one.title}的逐条记录`}
                      >
                        {count(one.n)}
                      </a>
                    ),
                  },
                ]}
                empty={<EmptyState title="还没有记录" />}
              />
            </Section>
          </>
        ) : loaderData.holders && imports.length === 0 ? null : (
          <ImportsTable
            imports={imports}
            unit={indicator.unit}
            {...(mayImport && { withdrawHref: (id: number) => paths.withdrawStatistic(id) })}
          />
        )}
      </div>
    </>
  )
}
