import { officeGrants } from '#modules/access/grant.queries.ts'
import { type GrantState, grantStates } from '#modules/access/grant.schema.ts'
import { incompatible, roles } from '#platform/permissions.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { bodyName, subdistrictName } from '../../subdistricts.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { More } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/access.ts'

export const meta = () => title('授权')

const tones = { proposed: 'wait', 'in-force': 'good', rejected: 'bad', revoked: 'neutral' } as const
const states = Object.keys(grantStates) as GrantState[]

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'access.grant')
  const asked = new URL(request.url).searchParams
  const state = states.find((s) => s === asked.get('state')) ?? 'proposed'
  const page = await officeGrants(ctx.db, { state, cursor: asked.get('cursor') ?? undefined })
  return {
    state,
    next: page.next && paths.officeAccess({ state, cursor: page.next }),
    rows: page.rows.map((row) => ({
      ...row,
      place: row.body
        ? bodyName(ctx.plan, row.body)
        : row.subdistrict
          ? subdistrictName(ctx.plan, row.subdistrict)
          : '全区',
      mine: row.grantedBy === ctx.actor.id || row.accountId === ctx.actor.id,
    })),
    pairs: incompatible.map(([a, b]) => `${roles[a].label} 与 ${roles[b].label}`),
  }
}

export default function Access({ loaderData: { rows, state, next, pairs } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="授权" lead="部门和全区角色由一名安全管理员提出、另一名批准；谁也不能给自己授权。" />
      <Tabs
        label="授权状态"
        tabs={states.map((s) => ({ href: paths.officeAccess({ state: s }), label: grantStates[s] }))}
        current={paths.officeAccess({ state })}
      />
      <div className="stack">
        <DataTable
          caption={grantStates[state]}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'who',
              header: '人员',
              cell: (row) => <a href={paths.officeAccount(row.accountId)}>{row.accountName}</a>,
            },
            { key: 'role', header: '角色', cell: (row) => roles[row.role].label },
            { key: 'place', header: '范围', cell: (row) => row.place },
            { key: 'from', header: '起', keep: true, cell: (row) => <DayText day={row.from} /> },
            { key: 'to', header: '止', keep: true, cell: (row) => (row.to ? <DayText day={row.to} /> : '长期') },
            { key: 'by', header: '提出', cell: (row) => row.grantedByName },
            { key: 'approved', header: '批准', cell: (row) => row.approvedByName ?? '' },
            {
              key: 'state',
              header: '状态',
              cell: (row) => (
                <>
                  <StatusTag tone={tones[row.state]}>{grantStates[row.state]}</StatusTag>{' '}
                  <a href={paths.officeGrant(row.id)}>{row.state === 'proposed' && !row.mine ? '去批准' : '查看'}</a>
                </>
              ),
            },
          ]}
          empty={
            <EmptyState
              title={`没有${grantStates[state]}的授权`}
              action={{ href: paths.officeAccounts(), label: '到工作人员账号提出授权' }}
            >
              授权从工作人员账号的页面提出。
            </EmptyState>
          }
        />
        <Pagination shown={rows.length} next={next} />
        <More label="哪些角色不能由同一人担任">
          <ul>
            {pairs.map((pair) => (
              <li key={pair}>{pair}</li>
            ))}
          </ul>
          <p>系统管理员、安全管理员、审计管理员三者分离；审核的人不经手资金。数据库本身也会拒绝违反的授权。</p>
        </More>
      </div>
    </>
  )
}
