import { openOffers } from '#modules/exchange/exchange.queries.ts'
import { current } from '../../ctx.ts'
import { hostOf, span } from '../../exchange/parts.tsx'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subdistrictName } from '../../subdistricts.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/public.ts'

export const meta = () => title('导师公益课和开放席位')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const industry = new URL(request.url).searchParams.get('industry')?.slice(0, 60) ?? ''
  const all = await openOffers(ctx)
  return {
    industry,
    industries: [...new Set(all.map((one) => one.industry))].toSorted(),
    offers: all
      .filter((one) => industry === '' || one.industry === industry)
      .map((one) => ({ ...one, street: subdistrictName(ctx.plan, one.subdistrict) })),
  }
}

export default function Sharing({ loaderData: { industry, industries, offers } }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader
        title="导师公益课和开放席位"
        lead="海珠产业导师的公益课、培训中心开放的席位，由区内企业登录后预约。都不收费。"
        crumbs={[{ label: '认定和聘任', href: paths.titles() }]}
      />
      <div className="stack">
        <FilterBar label="按行业查" action={paths.sharing()} values={{ industry }}>
          <SelectField
            name="industry"
            label="行业"
            options={industries.map((one) => ({ value: one, label: one }))}
            placeholder="全部"
          />
        </FilterBar>
        <DataTable
          caption={`可以预约的时段，共 ${offers.length} 个`}
          rows={offers}
          rowKey={(row) => row.id}
          columns={[
            { key: 'subject', header: '题目', cell: (row) => row.subject },
            {
              key: 'host',
              header: '由谁提供',
              cell: (row) => <a href={paths.titleHolder(row.designation)}>{hostOf(row)}</a>,
            },
            { key: 'industry', header: '行业', cell: (row) => row.industry },
            { key: 'time', header: '时间', keep: true, cell: (row) => span(row) },
            {
              key: 'place',
              header: '地点',
              cell: (row) => (row.online ? '线上' : `${row.place}${row.street ? `（${row.street}）` : ''}`),
            },
            { key: 'left', header: '剩余名额', end: true, cell: (row) => row.left },
          ]}
          empty={
            <EmptyState icon="calendar" title="现在没有可以预约的时段">
              企业可以登录后提出需求。
            </EmptyState>
          }
        />
      </div>
    </PageBody>
  )
}
