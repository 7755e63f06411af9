import { recoveries } from '#modules/subsidy/recovery.queries.ts'
import { type RecoveryState, recoveryStates } from '#modules/subsidy/recovery.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { recoveryTones } from '../../subsidy/recovery-desk.ts'
import { reasonName } from '../../subsidy/words.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/recoveries.ts'

export const meta = () => title('追回')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const asked = new URL(request.url).searchParams.get('state') ?? ''
  const state = asked in recoveryStates ? (asked as RecoveryState) : undefined
  const rows = await recoveries(ctx.db, { state })
  return {
    state: state ?? '',
    today: dayOf(ctx.now),
    rows: rows.map((row) => ({ ...row, reason: reasonName(ctx.plan, row.reasonCode) })),
  }
}

export default function Recoveries({ loaderData: { state, today, rows } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="追回"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
        lead="违规或错误发放的补贴，查明、听取陈述、局领导决定后追回。在已拨付的申领页面立案。"
      />
      <div className="stack">
        <FilterBar label="筛选追回" action={paths.recoveries()} values={{ state }}>
          <SelectField
            name="state"
            label="状态"
            optional
            placeholder="全部"
            options={Object.entries(recoveryStates).map(([value, label]) => ({ value, label }))}
          />
        </FilterBar>
        <DataTable
          caption="未办结的在前，期限近的在前"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'number',
              header: '编号',
              keep: true,
              cell: (row) => <a href={paths.recovery(row.id)}>{row.number}</a>,
            },
            { key: 'organisation', header: '单位', cell: (row) => row.organisation },
            {
              key: 'claim',
              header: '申领',
              keep: true,
              cell: (row) => <a href={paths.claimReview(row.claimId)}>{row.claimNumber}</a>,
            },
            { key: 'reason', header: '原因', cell: (row) => row.reason },
            { key: 'amount', header: '金额', end: true, keep: true, cell: (row) => <Money fen={row.amountFen} /> },
            { key: 'closed', header: '已收回等', end: true, keep: true, cell: (row) => <Money fen={row.closedFen} /> },
            {
              key: 'due',
              header: '期限',
              keep: true,
              cell: (row) =>
                row.dueOn && row.state === 'demanded' && row.dueOn < today ? (
                  <StatusTag tone="bad">{`${row.dueOn} 已过`}</StatusTag>
                ) : (
                  (row.dueOn ?? '—')
                ),
            },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => <StatusTag tone={recoveryTones[row.state]}>{recoveryStates[row.state]}</StatusTag>,
            },
          ]}
          empty={
            <EmptyState icon="flag" title="没有追回">
              发现多发错发时，在已拨付的申领页面点“办理追回”。
            </EmptyState>
          }
        />
      </div>
    </>
  )
}
