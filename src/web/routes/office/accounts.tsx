import { officials } from '#modules/access/account.queries.ts'
import { roles } from '#platform/permissions.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { TextField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/accounts.ts'

export const meta = () => title('工作人员账号')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'access.grant')
  const asked = new URL(request.url).searchParams
  const text = (asked.get('text') ?? '').slice(0, 60)
  const page = await officials(ctx.db, { text, cursor: asked.get('cursor') ?? undefined }, dayOf(ctx.now))
  return { rows: page.rows, text, next: page.next && paths.officeAccounts({ text, cursor: page.next }) }
}

export default function Accounts({ loaderData: { rows, text, next } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="工作人员账号"
        actions={
          <LinkButton href={paths.officeNewAccount()} kind="primary">
            开立账号
          </LinkButton>
        }
      />
      <FilterBar label="查找账号" action={paths.officeAccounts()} values={{ text }}>
        <TextField name="text" label="姓名或登录名" width="short" />
      </FilterBar>
      <DataTable
        caption="工作人员账号"
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', header: '姓名', cell: (row) => <a href={paths.officeAccount(row.id)}>{row.name}</a> },
          { key: 'username', header: '登录名', cell: (row) => row.username },
          {
            key: 'roles',
            header: '角色',
            cell: (row) => row.roles.map((held) => roles[held.role].label).join('、') || '还没有',
          },
          { key: 'factor', header: '动态口令', cell: (row) => (row.secondFactor ? '已启用' : '未启用') },
          {
            key: 'state',
            header: '状态',
            cell: (row) =>
              row.disabledAt ? <StatusTag tone="bad">已停用</StatusTag> : <StatusTag tone="good">正常</StatusTag>,
          },
        ]}
        empty={<EmptyState title="没有找到账号">姓名和登录名要写全。</EmptyState>}
      />
      <Pagination shown={rows.length} next={next} />
    </>
  )
}
