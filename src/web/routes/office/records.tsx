import { storesOfDistrict } from '#modules/records/overview.queries.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Instant } from '../../ui/time.tsx'
import type { Route } from './+types/records.ts'

export const meta = () => title('学习记录库')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'audit.read')
  return { stores: await storesOfDistrict(ctx.db) }
}

export default function Records({ loaderData: { stores } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="学习记录库"
        lead="各单位按 xAPI 标准写入的学习记录：谁有客户端、最近何时写入、转发是否正常。写入的每一次都在操作留痕里。"
        crumbs={[{ label: '工作台首页', href: paths.office() }]}
      />
      <div className="stack">
        <DataTable
          caption="各单位的记录库"
          rows={stores}
          rowKey={(row) => row.organisationId}
          columns={[
            {
              key: 'name',
              header: '单位',
              cell: (row) => <a href={paths.officeOrganisation(row.organisationId)}>{row.organisation}</a>,
            },
            { key: 'clients', header: '有效客户端', end: true, cell: (row) => `${row.clients} 个` },
            { key: 'revoked', header: '已停用', end: true, cell: (row) => `${row.revoked} 个` },
            {
              key: 'newest',
              header: '最近写入',
              keep: true,
              cell: (row) => (row.newest ? <Instant at={row.newest} /> : '没有记录'),
            },
            {
              key: 'forwards',
              header: '转发',
              cell: (row) =>
                row.forwards === 0 ? (
                  '没有'
                ) : row.failing > 0 ? (
                  <StatusTag tone="bad">{`${row.forwards} 个，${row.failing} 个失败`}</StatusTag>
                ) : (
                  <StatusTag tone="good">{`${row.forwards} 个正常`}</StatusTag>
                ),
            },
            { key: 'letters', header: '对方拒收', end: true, cell: (row) => `${row.letters} 条` },
            {
              key: 'trail',
              header: '留痕',
              cell: (row) => <a href={paths.audit({ subject: `organisation:${row.organisationId}` })}>查看</a>,
            },
          ]}
          empty={<EmptyState title="还没有单位使用学习记录库">单位开立客户端或开班以后，这里会出现。</EmptyState>}
        />
      </div>
    </>
  )
}
