import { competitionCounts, countsByCompetition } from '#modules/reports/competition.queries.ts'
import { type Counted, countedThings, countedUnits } from '#modules/reports/competition.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { isDay } from '#shared/units.ts'
import { signedIn } from '../../../ctx.ts'
import { paths } from '../../../paths.ts'
import { title } from '../../../site.ts'
import { DataTable } from '../../../ui/data-table.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { DateField } from '../../../ui/fields.tsx'
import { FilterBar } from '../../../ui/filter-bar.tsx'
import { dayText } from '../../../ui/format.ts'
import { Notice } from '../../../ui/notice.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Section } from '../../../ui/section.tsx'
import { SummaryList } from '../../../ui/summary-list.tsx'
import type { Route } from './+types/counts.ts'

export const meta = () => title('竞赛统计')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'competition.read')
  const asked = new URL(request.url).searchParams.get('on') ?? ''
  const on = isDay(asked) ? asked : dayOf(ctx.now)
  return { on, counts: await competitionCounts(ctx, on), rows: await countsByCompetition(ctx, on) }
}

export default function Counts({ loaderData: { on, counts, rows } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="竞赛统计" caption={`截至${dayText(on)}`} />
      <div className="stack">
        <Notice title="计划第九条没有写明数量目标">
          <p>
            这里只统计实际数，不计算完成率。依据：<a href={paths.clause('HZ4-M09')}>HZ4-M09</a>。
          </p>
        </Notice>
        <FilterBar label="按日期看" action={paths.competitionCounts()} values={{ on }}>
          <DateField name="on" label="统计到哪一天" />
        </FilterBar>
        <SummaryList
          rows={(Object.keys(countedThings) as Counted[]).map((what) => ({
            label: countedThings[what],
            value: counts[what] === undefined ? '没有记录' : `${counts[what]} ${countedUnits[what]}`,
          }))}
        />
        <Section title="按竞赛">
          <DataTable
            caption="按竞赛"
            rows={rows}
            rowKey={(row) => row.eventId}
            columns={[
              {
                key: 'title',
                header: '竞赛',
                cell: (row) => <a href={paths.officeCompetition(row.eventId)}>{row.title}</a>,
              },
              { key: 'host', header: '主办单位', cell: (row) => row.host },
              { key: 'on', header: '开赛日期', keep: true, cell: (row) => dayText(row.countedOn) },
              { key: 'entrant', header: '参赛', end: true, cell: (row) => row.entrant },
              { key: 'prize', header: '获奖', end: true, cell: (row) => row.prize },
              { key: 'upward', header: '推荐', end: true, cell: (row) => row.upward },
            ]}
            empty={
              <EmptyState icon="chart" title="还没有开赛的竞赛">
                开赛后自动计数；取消的另记冲减。
              </EmptyState>
            }
          />
        </Section>
      </div>
    </>
  )
}
