import { fundUse, monthlyUse } from '#modules/subsidy/funds.queries.ts'
import { current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { fundName, programmeName } from '../subsidy/words.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SelectField } from '../ui/fields.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { instantText, monthText } from '../ui/format.ts'
import { Money } from '../ui/money.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Section } from '../ui/section.tsx'
import type { Route } from './+types/funds.ts'

export const meta = () => title('资金使用情况')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const year = new URL(request.url).searchParams.get('year') ?? ''
  const all = await fundUse(ctx.db)
  const wanted = /^\d{4}$/.test(year) ? Number(year) : undefined
  const months = await monthlyUse(ctx.db, wanted)
  return {
    year: wanted ? year : '',
    years: [...new Set(all.map((fund) => String(fund.year)))],
    funds: all
      .filter((fund) => wanted === undefined || fund.year === wanted)
      .map((fund) => ({ ...fund, name: fundName(ctx.plan, fund.fundSource) })),
    months: months.map((row) => ({
      ...row,
      fund: fundName(ctx.plan, row.fundSource),
      name: programmeName(ctx.plan, row.programme),
    })),
    at: ctx.now,
  }
}

export default function Funds({ loaderData: { year, years, funds, months, at } }: Route.ComponentProps) {
  const sum = (of: (fund: (typeof funds)[number]) => number) => funds.reduce((all, fund) => all + of(fund), 0)
  return (
    <PageBody>
      <PageHeader
        title="资金使用情况"
        lead="按海府办〔2020〕4号（十六）“定期向社会公开资金使用情况”。数字直接来自记账凭证，分厘可查。"
        crumbs={[{ label: '首页', href: paths.home() }]}
      />
      <div className="stack">
        <FilterBar label="选择预算年度" action={paths.funds()} values={{ year }}>
          <SelectField
            name="year"
            label="预算年度"
            optional
            placeholder="全部年度"
            options={years.map((value) => ({ value, label: `${value}年` }))}
          />
        </FilterBar>
        <Section title="按资金来源" more={{ href: paths.fundsTable(year || undefined), label: '下载明细表（CSV）' }}>
          <DataTable
            caption={`截至${instantText(at)}`}
            captionNote="已拨付为银行已付和抵扣的总额；追回另列，不冲减"
            rows={funds}
            rowKey={(row) => `${row.fundSource}-${row.year}`}
            columns={[
              { key: 'fund', header: '资金来源', cell: (row) => `${row.name}（${row.year}年）` },
              { key: 'budget', header: '预算', end: true, cell: (row) => <Money fen={row.budgetFen} /> },
              { key: 'paid', header: '已拨付', end: true, cell: (row) => <Money fen={row.paidFen} /> },
              { key: 'persons', header: '人次', end: true, cell: (row) => row.persons.toLocaleString('zh-CN') },
              {
                key: 'waiting',
                header: '已批准未付',
                end: true,
                cell: (row) => <Money fen={row.payableFen + row.inTransitFen} />,
              },
              { key: 'available', header: '可用', end: true, cell: (row) => <Money fen={row.availableFen} /> },
              { key: 'demanded', header: '追缴', end: true, cell: (row) => <Money fen={row.demandedFen} /> },
              { key: 'returned', header: '已收回', end: true, cell: (row) => <Money fen={row.returnedFen} /> },
            ]}
            foot={[
              '合计',
              <Money key="b" fen={sum((f) => f.budgetFen)} />,
              <Money key="p" fen={sum((f) => f.paidFen)} />,
              sum((f) => f.persons).toLocaleString('zh-CN'),
              <Money key="w" fen={sum((f) => f.payableFen + f.inTransitFen)} />,
              <Money key="a" fen={sum((f) => f.availableFen)} />,
              <Money key="d" fen={sum((f) => f.demandedFen)} />,
              <Money key="r" fen={sum((f) => f.returnedFen)} />,
            ]}
            empty={
              <EmptyState icon="document" title="还没有下达预算">
                预算下达后，这里列出每项资金的去向。
              </EmptyState>
            }
          />
        </Section>
        <Section title="按月份和项目">
          <DataTable
            caption="拨付和追缴，最近的月份在前"
            rows={months}
            rowKey={(row) => `${row.month}-${row.fundSource}-${row.year}-${row.programme}`}
            columns={[
              { key: 'month', header: '月份', keep: true, cell: (row) => monthText(row.month) },
              { key: 'fund', header: '资金来源', cell: (row) => `${row.fund}（${row.year}年）` },
              { key: 'programme', header: '项目', cell: (row) => row.name },
              { key: 'claims', header: '申领', end: true, cell: (row) => `${row.claims} 件` },
              { key: 'persons', header: '人次', end: true, cell: (row) => row.persons.toLocaleString('zh-CN') },
              { key: 'paid', header: '拨付', end: true, cell: (row) => <Money fen={row.paidFen} /> },
              { key: 'demanded', header: '追缴', end: true, cell: (row) => <Money fen={row.demandedFen} /> },
            ]}
            empty={<EmptyState icon="document" title="还没有拨付记录" />}
          />
        </Section>
        <p className="small soft">
          证件号码和个人姓名不在本页。发放前的名单见<a href={paths.publicity()}>补贴公示</a>。
        </p>
      </div>
    </PageBody>
  )
}
