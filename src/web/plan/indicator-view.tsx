import type { IndicatorBoard, OfWhich } from '#modules/reports/board.queries.ts'
import { type Dimension, dimensions } from '#modules/reports/board.schema.ts'
import { type Basis, bases, basisList } from '#modules/reports/count.schema.ts'
import { paceWindow } from '#modules/reports/forecast.rules.ts'
import type { Statistic } from '#modules/reports/statistic.queries.ts'
import { Chart } from '../ui/chart.tsx'
import type { RenderedChart } from '../ui/chart-svg.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FigureCard, Figures } from '../ui/figure-card.tsx'
import { dayText, monthText } from '../ui/format.ts'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { count, valueText } from './words.ts'

type Shown = Pick<IndicatorBoard, 'row' | 'ofWhich' | 'imports' | 'asOf'>

/** The numbers on top: target and the three bases, or the one that was given. */
export function IndicatorFigures({ board, hrefOf }: { board: Shown; hrefOf?: (basis: Basis) => string }) {
  const { indicator, counts, statistic, value, holders } = board.row
  return (
    <Figures>
      <FigureCard
        label="目标"
        value={count(indicator.target)}
        unit={`${indicator.unit}${indicator.comparison === '>=' ? '以上' : ''}`}
        note={indicator.deadlineText}
      />
      {counts
        ? basisList.map((basis) => (
            <FigureCard
              key={basis}
              label={bases[basis].label}
              value={count(counts[basis].value)}
              unit={indicator.unit}
              note={basis === 'subsidyPaid' ? <Money fen={counts[basis].amountFen} /> : bases[basis].help}
              target={{ value: Math.max(counts[basis].value, 0), max: indicator.target }}
              {...(hrefOf && { href: hrefOf(basis) })}
            />
          ))
        : value !== null && (
            <FigureCard
              label="现值"
              value={valueText(value, indicator.unit)}
              note={
                holders !== null
                  ? `平台认定登记，${dayText(board.asOf)}`
                  : statistic
                    ? `${statistic.sourceBody}，${dayText(statistic.asOf)}`
                    : ''
              }
              target={{ value, max: indicator.target }}
            />
          )}
    </Figures>
  )
}

/** A straight line to the deadline, with the sum that made it. */
export function ForecastNotice({ board }: { board: Shown }) {
  const { forecast, indicator, basis } = board.row
  if (!forecast || !basis) return null
  const { atDeadline, recent, windowDays, daysLeft, neededPerDay, reachable } = forecast
  const { unit, target } = indicator
  return (
    <Notice
      tone={reachable ? 'good' : 'warn'}
      title={
        reachable
          ? `按目前进度，到期约为 ${count(atDeadline)} ${unit}，可以达到目标`
          : `按目前进度，到期约为 ${count(atDeadline)} ${unit}，达不到 ${count(target)} ${unit}`
      }
    >
      <p>
        算法：最近 {windowDays} 天{bases[basis].label}净增 {count(recent)} {unit}，照这个速度再过 {daysLeft} 天。
        {windowDays < paceWindow && `起算未满 ${paceWindow} 天，按已有天数算。`}
        {!reachable && `要达到目标，今后平均每天至少 ${count(neededPerDay)} ${unit}。`}
      </p>
    </Notice>
  )
}

export function IndicatorCharts(props: { charts: { monthly: RenderedChart; cumulative: RenderedChart } | null }) {
  if (!props.charts) return null
  return (
    <div className="two-columns">
      <Chart chart={props.charts.cumulative} />
      <Chart chart={props.charts.monthly} />
    </div>
  )
}

type MonthRow = { month: string; cells: Record<Basis, { n: number; cumulative: number }> }

/** Every month on all three bases. */
export function MonthTable({ board }: { board: Shown }) {
  const { counts, indicator } = board.row
  if (!counts) return null
  const rows = counts.enrolled.months.map((one, at): MonthRow => {
    const cell = (basis: Basis) => counts[basis].months[at] ?? { n: 0, cumulative: 0 }
    return {
      month: one.month,
      cells: {
        enrolled: cell('enrolled'),
        completedAndPassed: cell('completedAndPassed'),
        subsidyPaid: cell('subsidyPaid'),
      },
    }
  })
  return (
    <DataTable
      tight
      caption="每月明细"
      captionNote={`单位：${indicator.unit}；括号内为累计，冲减记在发生的当月`}
      rows={rows}
      rowKey={(row) => row.month}
      columns={[
        { key: 'month', header: '月份', keep: true, cell: (row) => monthText(row.month) },
        ...basisList.map(
          (basis): Column<MonthRow> => ({
            key: basis,
            header: bases[basis].label,
            end: true,
            cell: ({ cells }) => `${count(cells[basis].n)}（${count(cells[basis].cumulative)}）`,
          }),
        ),
      ]}
      empty={<EmptyState title="还没有记录" />}
    />
  )
}

/** Parts of the whole, one table a dimension; they overlap, so there is no total. */
export function OfWhichTables(props: {
  ofWhich: readonly OfWhich[]
  show: readonly Dimension[]
  hrefOf?: (part: OfWhich) => string
}) {
  const tables = props.show
    .map((dimension) => ({ dimension, rows: props.ofWhich.filter((part) => part.dimension === dimension) }))
    .filter(({ rows }) => rows.length > 0)
  if (tables.length === 0) return null
  return (
    <Section title="其中" description="同一次培训可以同时列入几行，各行不能相加，也不能与合计相减。">
      <div className="stack">
        {tables.map(({ dimension, rows }) => (
          <DataTable
            key={dimension}
            tight
            caption={dimensions[dimension]}
            rows={rows}
            rowKey={(row) => row.key}
            columns={[
              {
                key: 'label',
                header: dimensions[dimension].slice(1),
                cell: (row) => (props.hrefOf ? <a href={props.hrefOf(row)}>{row.label}</a> : row.label),
              },
              ...basisList.map(
                (basis): Column<OfWhich> => ({
                  key: basis,
                  header: bases[basis].label,
                  end: true,
                  cell: (row) => count(row.counts[basis].value),
                }),
              ),
            ]}
            empty={<EmptyState title="没有" />}
          />
        ))}
      </div>
    </Section>
  )
}

/** Everything that was given for an indicator, the withdrawn with their reason. */
export function ImportsTable({
  imports,
  unit,
  withdrawHref,
}: {
  imports: readonly Statistic[]
  unit: string
  withdrawHref?: (id: number) => string
}) {
  const terms = (row: Statistic) =>
    row.denominator === null ? '' : `${count(row.numerator)} ÷ ${count(row.denominator)}`
  return (
    <DataTable
      caption="数据和出处"
      captionNote="最近日期、未撤回的一条为现值"
      rows={imports}
      rowKey={(row) => String(row.id)}
      columns={[
        { key: 'asOf', header: '数据日期', cell: (row) => dayText(row.asOf) },
        { key: 'value', header: '数值', end: true, cell: (row) => valueText(row.value, unit) },
        { key: 'terms', header: '分子 ÷ 分母', cell: terms },
        {
          key: 'source',
          header: '出处和口径',
          cell: (row) => (
            <>
              {row.sourceBody}：{row.source}
              <p className="soft small">{row.method}</p>
            </>
          ),
        },
        {
          key: 'state',
          header: '状态',
          cell: (row) =>
            row.withdrawnAt ? (
              <>
                <StatusTag tone="bad">已撤回</StatusTag>
                <p className="soft small">{row.withdrawReason}</p>
              </>
            ) : withdrawHref ? (
              <a href={withdrawHref(row.id)}>撤回</a>
            ) : (
              <StatusTag tone="good">有效</StatusTag>
            ),
        },
      ]}
      empty={<EmptyState title="还没有取得数据">没有出处和日期的数，平台不展示，也不推算。</EmptyState>}
    />
  )
}
