import { schemeInForce, waitingDrafts } from '#modules/recognition/scheme.queries.ts'
import { signedIn } from '../../../ctx.ts'
import { paths } from '../../../paths.ts'
import { title } from '../../../site.ts'
import { DataTable } from '../../../ui/data-table.tsx'
import { instantText } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import type { Route } from './+types/schemes.ts'

export const meta = () => title('认定项目')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const waiting = await waitingDrafts(ctx.db)
  const rows = await Promise.all(
    ctx.plan.schemes.map(async ({ code }) => {
      const found = await schemeInForce(ctx, code)
      if (!found) throw new Error(`scheme ${code} is not in the plan`)
      const { scheme, source, since } = found
      const { name, edition, clause, fields, materials, paths: ways } = scheme
      const sizes = { fields: fields.length, materials: materials.length, ways: ways.length }
      return { code, name, edition, clause, source, since, ...sizes, waiting: waiting.has(code) }
    }),
  )
  return { rows }
}

export default function Schemes({ loaderData: { rows } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="认定项目"
        lead="每个称号的填报项、材料、条件、名额、环节和评分表。修改由一人起草、另一人发布，只影响发布以后起草的通知。"
      />
      <DataTable
        caption="认定项目"
        rows={rows}
        rowKey={(row) => row.code}
        columns={[
          { key: 'name', header: '项目', cell: (row) => <a href={paths.titleScheme(row.code)}>{row.name}</a> },
          { key: 'clause', header: '依据', keep: true, cell: (row) => row.clause },
          { key: 'edition', header: '版本', keep: true, cell: (row) => row.edition },
          {
            key: 'source',
            header: '来源',
            cell: (row) =>
              row.source === 'folder'
                ? '计划文件夹'
                : `平台发布${row.since ? `（${instantText(row.since)}）` : ''}，等待写入计划文件夹`,
          },
          {
            key: 'size',
            header: '内容',
            cell: (row) => `填报 ${row.fields} 项，材料 ${row.materials} 种，申报方式 ${row.ways} 种`,
          },
          {
            key: 'draft',
            header: '修改',
            keep: true,
            cell: (row) => (row.waiting ? <StatusTag tone="wait">有草稿等待发布</StatusTag> : '—'),
          },
        ]}
        empty={null}
      />
    </>
  )
}
