import { claimStates } from '#modules/subsidy/claim.schema.ts'
import { bounceCodes, orderStates } from '#modules/subsidy/payment.schema.ts'
import { recoveryStates } from '#modules/subsidy/recovery.schema.ts'
import { claimSlip } from '#modules/subsidy/slip.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { ClockTag } from '../../subsidy/clock-tag.tsx'
import { claimTones } from '../../subsidy/desk.ts'
import { recoveryTones } from '../../subsidy/recovery-desk.ts'
import { fundName, programmeName, reasonName } from '../../subsidy/words.ts'
import { areaAt } from '../../training/desk.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { instantText } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/slip.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`付款明细 ${loaderData?.slip.number ?? ''}`)

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const slip = await claimSlip(ctx, isId(params.id)).catch(fail(request))
  const area = areaAt(request)
  const rule = ctx.plan.programmes.find((one) => one.code === slip.programme)?.amount.rateFigure.split('.')[0] ?? 'R04'
  return {
    area,
    slip: {
      ...slip,
      deductions: slip.deductions.map((one) => ({
        ...one,
        reason: one.reasonCode ? reasonName(ctx.plan, one.reasonCode) : '',
      })),
      funds: slip.funds.map((fund) => ({ ...fund, name: fundName(ctx.plan, fund.fundSource) })),
      orders: slip.orders.map((order) => ({ ...order, fund: fundName(ctx.plan, order.fundSource) })),
    },
    programme: programmeName(ctx.plan, slip.programme),
    rule,
    back: area === 'office' ? paths.claimReview(slip.claimId) : paths.claim(area, slip.claimId),
    account: area === 'provider' || area === 'enterprise' ? paths.organisationAccount(area) : null,
    contact: ctx.plan.contact,
  }
}

const kinds = { excluded: '审核剔除', withdrawn: '单位移除', offset: '抵扣欠款' }
const orderTones = { drafted: 'wait', sent: 'info', paid: 'good', bounced: 'bad', cancelled: 'neutral' } as const

export default function Slip({ loaderData: { slip, programme, rule, back, account, contact } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="付款明细"
        caption={`申领 ${slip.number}　${slip.organisation}`}
        crumbs={[{ label: `申领 ${slip.number}`, href: back }]}
        tag={<StatusTag tone={claimTones[slip.state]}>{claimStates[slip.state]}</StatusTag>}
      />
      <div className="stack">
        {slip.state === 'bounced' && (
          <Notice tone="bad" title="银行退回了付款，请更正收款账户">
            <p>
              {account ? <a href={account}>更正收款账户</a> : '单位在“单位资料”中更正收款账户'}
              ，经人社部门核实后会重新付款。付款时限在更正期间停止计算。
            </p>
          </Notice>
        )}
        <SummaryList
          rows={[
            {
              label: '申领金额',
              value: <Money fen={slip.askedFen} />,
              note: (
                <>
                  {programme}；计算规则<a href={paths.rule(rule)}>{rule}</a>
                </>
              ),
            },
            {
              label: '减少',
              value: <Money fen={-(slip.askedFen - slip.payFen)} />,
              note: slip.deductions.length > 0 ? '逐项理由见下表' : '没有减少',
            },
            { label: '应付金额', value: <Money fen={slip.payFen} />, note: `${slip.persons} 人` },
            { label: '已付金额', value: <Money fen={slip.paidFen} /> },
            ...(slip.funds.length > 0
              ? [
                  {
                    label: '资金来源',
                    value: slip.funds.map((fund) => (
                      <div key={`${fund.name}-${fund.year}`}>
                        {fund.name}（{fund.year}年） <Money fen={fund.amountFen} />
                      </div>
                    )),
                  },
                ]
              : []),
            ...slip.clocks.map((clock) => ({
              label: `${clockNames[clock.kind]}时限`,
              value: <ClockTag clock={clock} />,
            })),
          ]}
        />
        <Section title="少了什么、为什么">
          <DataTable
            caption="每一项减少都有理由和条款"
            rows={slip.deductions}
            rowKey={(row) => `${row.kind}-${row.who}-${new Date(row.at).getTime()}-${row.amountFen}`}
            columns={[
              { key: 'kind', header: '事项', keep: true, cell: (row) => kinds[row.kind] },
              { key: 'who', header: '对象', cell: (row) => row.who },
              { key: 'amount', header: '减少', end: true, keep: true, cell: (row) => <Money fen={-row.amountFen} /> },
              { key: 'why', header: '理由', cell: (row) => [row.reason, row.note].filter(Boolean).join('：') },
              {
                key: 'clause',
                header: '条款',
                keep: true,
                cell: (row) => (row.clause ? <a href={paths.clause(row.clause)}>{row.clause}</a> : '—'),
              },
              { key: 'at', header: '时间', cell: (row) => instantText(row.at) },
            ]}
            empty={<EmptyState icon="check" title="没有减少，应付金额就是申领金额" />}
          />
        </Section>
        <Section title="付款">
          <DataTable
            caption="每一笔付款"
            rows={slip.orders}
            rowKey={(row) => row.id}
            columns={[
              { key: 'number', header: '订单号', keep: true, cell: (row) => row.number },
              { key: 'fund', header: '资金来源', cell: (row) => `${row.fund}（${row.year}）` },
              { key: 'account', header: '收款账户', cell: (row) => `${row.holder} ${row.account}` },
              { key: 'amount', header: '金额', end: true, keep: true, cell: (row) => <Money fen={row.amountFen} /> },
              {
                key: 'state',
                header: '结果',
                cell: (row) => (
                  <>
                    <StatusTag tone={orderTones[row.state]}>{orderStates[row.state]}</StatusTag>
                    {row.settledAt && <span className="small soft"> {instantText(row.settledAt)}</span>}
                    {row.bounceCode && <span className="small soft"> {bounceCodes[row.bounceCode].label}</span>}
                  </>
                ),
              },
            ]}
            empty={
              <EmptyState icon="money" title="还没有付款">
                审批后由财政付款，进度看上面的时限。
              </EmptyState>
            }
          />
        </Section>
        {slip.recoveries.length > 0 && (
          <Section title="追回">
            <DataTable
              caption="与本申领有关的追回"
              rows={slip.recoveries}
              rowKey={(row) => row.id}
              columns={[
                { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
                { key: 'amount', header: '金额', end: true, cell: (row) => <Money fen={row.amountFen} /> },
                { key: 'closed', header: '已收回等', end: true, cell: (row) => <Money fen={row.closedFen} /> },
                { key: 'due', header: '期限', cell: (row) => row.dueOn ?? '—' },
                {
                  key: 'state',
                  header: '状态',
                  cell: (row) => <StatusTag tone={recoveryTones[row.state]}>{recoveryStates[row.state]}</StatusTag>,
                },
                {
                  key: 'letter',
                  header: '通知书',
                  cell: (row) => (row.dueOn ? <a href={paths.recoveryLetter(row.id)}>下载</a> : '尚未发出'),
                },
              ]}
              empty={null}
            />
          </Section>
        )}
        <Section title="有不同意见">
          <p>
            对减少或追回有异议的，可以在<a href={paths.reportProblem(slip.number)}>举报与投诉</a>中写明编号{' '}
            {slip.number}，或联系{contact.office}（{contact.phone}）；也可以依法申请行政复议或者提起行政诉讼。
            {slip.listId && (
              <>
                公示名单见<a href={paths.notice(slip.listId)}>补贴公示</a>。
              </>
            )}
          </p>
        </Section>
      </div>
    </>
  )
}

const clockNames = {
  review: '初审',
  approve: '审批',
  publicity: '公示',
  payment: '付款',
  correction: '补正',
  objection: '异议处理',
}
