import { passRateWatch } from '#modules/assessment/watch.queries.ts'
import type { Signal } from '#modules/assessment/watch.rules.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/pass-rates.ts'

export const meta = () => title('合格率监测')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  return { ...(await passRateWatch(ctx)), undecidedText: ctx.plan.undecidedText }
}

const signalText = (signal: Signal): string =>
  signal.signal === 'pass-rate-high'
    ? `合格率高于 ${signal.limitPercent}%`
    : `${dayText(signal.on)}结业 ${signal.persons} 人，超过 ${signal.limit} 人`

export default function PassRates({ loaderData: { rows, figures, undecidedText } }: Route.ComponentProps) {
  const shown = (value: number | null, unit: string) => (value === null ? undecidedText : `${value}${unit}`)
  return (
    <>
      <PageHeader
        title="合格率监测"
        lead={`提醒线：合格率高于 ${shown(figures.passRateHigh, '%')}（参加考核满 ${shown(figures.minPersons, ' 人')}才判断），单日结业超过 ${shown(figures.burstPerDay, ' 人')}。提醒只供核查，不作为处理依据。`}
      />
      <DataTable
        caption={`有考核结果的单位，共 ${rows.length} 家，有提醒的在前`}
        rows={rows}
        rowKey={(row) => row.organisationId}
        columns={[
          {
            key: 'organisation',
            header: '单位',
            cell: (row) => <a href={paths.passRate(row.organisationId)}>{row.organisation}</a>,
          },
          { key: 'classes', header: '班级', end: true, cell: (row) => row.classes },
          { key: 'assessed', header: '参加', end: true, cell: (row) => row.assessed },
          { key: 'passed', header: '合格', end: true, cell: (row) => row.passed },
          {
            key: 'percent',
            header: '合格率',
            end: true,
            cell: (row) => (row.percent === null ? '—' : `${row.percent}%`),
          },
          {
            key: 'busiest',
            header: '单日最多',
            cell: (row) => (row.busiest ? `${row.busiest.persons} 人（${dayText(row.busiest.on)}）` : '—'),
          },
          { key: 'changes', header: '改过的成绩', end: true, cell: (row) => row.changes },
          { key: 'conflicts', header: '自教自考的班', end: true, cell: (row) => row.conflicts },
          {
            key: 'signals',
            header: '提醒',
            cell: (row) =>
              row.signals.length === 0 ? (
                <span className="soft">无</span>
              ) : (
                row.signals.map((signal) => (
                  <StatusTag key={signalText(signal)} tone="warn">
                    {signalText(signal)}
                  </StatusTag>
                ))
              ),
          },
        ]}
        empty={
          <EmptyState icon="chart" title="还没有考核结果">
            各单位确认考核结果后列在这里。
          </EmptyState>
        }
      />
    </>
  )
}
