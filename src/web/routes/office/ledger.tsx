import { listFaults } from '#modules/publicity/list.queries.ts'
import { fundBalances, ledgerFaults, ledgerFaultText, recentJournals } from '#modules/subsidy/ledger.queries.ts'
import { type AccountKind, accountKinds, journalKinds } from '#modules/subsidy/ledger.schema.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { fundName } from '../../subsidy/words.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import type { Route } from './+types/ledger.ts'

export const meta = () => title('对账')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const [funds, faults, lists, journals] = await Promise.all([
    fundBalances(ctx.db),
    ledgerFaults(ctx.db),
    listFaults(ctx.db),
    recentJournals(ctx.db),
  ])
  return {
    at: ctx.now,
    funds: funds.map((fund) => ({ ...fund, name: `${fundName(ctx.plan, fund.fundSource)}（${fund.year}年）` })),
    faults: faults.map((fault) => ({ ...fault, text: ledgerFaultText[fault.rule] })),
    lists,
    journals: journals.map((journal) => ({
      ...journal,
      entries: journal.entries.map((entry) => ({ ...entry, name: fundName(ctx.plan, entry.fundSource) })),
    })),
  }
}

const pots = Object.keys(accountKinds) as AccountKind[]

export default function Ledger({ loaderData: { at, funds, faults, lists, journals } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="对账"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead="每次打开都从原始分录、订单、申领和追回台账重新计算，逐项比对。"
      />
      <div className="stack">
        {faults.length + lists.length === 0 ? (
          <Notice tone="good" title={`账实相符（${instantText(at)}）`}>
            <p>凭证全部平衡；余额等于分录合计；付款等于批准；追回不超过已付；公示名单与公示时一致。</p>
          </Notice>
        ) : (
          <Notice tone="bad" title={`发现 ${faults.length + lists.length} 处不符，请立即停止付款并核查`}>
            <ul className="list-disc ps-5">
              {faults.map((fault) => (
                <li key={`${fault.rule}-${fault.subject}`}>
                  {fault.text}（{fault.subject}）：应为 <Money fen={fault.expectedFen} />
                  ，实为 <Money fen={fault.actualFen} />
                </li>
              ))}
              {lists.map((fault) => (
                <li key={`${fault.list}-${fault.what}-${fault.position}`}>
                  公示名单 {fault.list}
                  {fault.position === null ? '' : ` 第 ${fault.position} 行`} 与公示时不一致
                </li>
              ))}
            </ul>
          </Notice>
        )}
        <Section
          title="资金账户"
          more={{ href: paths.budget(), label: '预算' }}
          description="每一分钱只在一个户里；各户相加，与下达预算相抵为零。"
        >
          <DataTable
            caption="各项资金的余额"
            wide
            rows={funds}
            rowKey={(row) => `${row.fundSource}-${row.year}`}
            columns={[
              { key: 'fund', header: '资金来源', cell: (row) => row.name },
              ...pots.map((pot) => ({
                key: pot,
                header: accountKinds[pot].label,
                end: true,
                keep: true,
                cell: (row: (typeof funds)[number]) => <Money fen={row.pots[pot]} />,
              })),
              {
                key: 'sum',
                header: '相抵',
                end: true,
                keep: true,
                cell: (row) => <Money fen={pots.reduce((sum, pot) => sum + row.pots[pot], 0)} />,
              },
            ]}
            empty={
              <EmptyState icon="money" title="还没有账户">
                下达预算后自动开户。
              </EmptyState>
            }
          />
          <More label="各户是什么">
            <ul className="list-disc ps-5">
              {pots.map((pot) => (
                <li key={pot}>
                  {accountKinds[pot].label}：{accountKinds[pot].help}。
                </li>
              ))}
            </ul>
          </More>
        </Section>
        <Section title="最近的凭证">
          <DataTable
            caption="新的在前；凭证只增不改，错了用反向凭证冲回"
            rows={journals}
            rowKey={(row) => row.id}
            columns={[
              { key: 'at', header: '时间', keep: true, cell: (row) => instantText(row.at) },
              { key: 'kind', header: '事项', cell: (row) => journalKinds[row.kind] },
              {
                key: 'memo',
                header: '摘要',
                cell: (row) =>
                  row.claimId ? <a href={paths.claimReview(row.claimId)}>{row.memo || '申领'}</a> : row.memo,
              },
              {
                key: 'entries',
                header: '分录',
                cell: (row) =>
                  row.entries.map((entry) => (
                    <div key={`${entry.name}-${entry.year}-${entry.account}`}>
                      {entry.name}·{accountKinds[entry.account].label} <Money fen={entry.amountFen} />
                    </div>
                  )),
              },
            ]}
            empty={<EmptyState icon="document" title="还没有凭证" />}
          />
        </Section>
      </div>
    </>
  )
}
