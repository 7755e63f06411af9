import { publicVersions } from '#modules/standards/standard.queries.ts'
import { standardKinds, versionStates } from '#modules/standards/standard.schema.ts'
import { current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { versionTones } from '../../standards/parts.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FigureCard, Figures } from '../../ui/figure-card.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/public.ts'

export const meta = () => title('技能标准')

export async function loader({ context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return { versions: await publicVersions(ctx.db) }
}

export default function Standards({ loaderData: { versions } }: Route.ComponentProps) {
  const count = (state: string) => versions.filter((one) => one.state === state).length
  return (
    <PageBody>
      <PageHeader
        title="技能标准"
        lead="区内单位编写的职业技能评价规范。征求意见的草案，谁都可以提意见，每条都会答复。"
        crumbs={[{ label: '等级认定机构', href: paths.assessors() }]}
      />
      <div className="stack">
        <Figures>
          <FigureCard label="已发布" value={String(count('published'))} unit="项" />
          <FigureCard label="正在征求意见" value={String(count('commenting'))} unit="项" />
        </Figures>
        <DataTable
          caption="技能标准"
          rows={versions}
          rowKey={(row) => row.id}
          columns={[
            { key: 'title', header: '名称', cell: (row) => <a href={paths.standard(row.id)}>{row.title}</a> },
            { key: 'number', header: '编号', keep: true, cell: (row) => `${row.number} 第${row.seq}版` },
            { key: 'kind', header: '类别', cell: (row) => standardKinds[row.kind] },
            { key: 'occupation', header: '职业', cell: (row) => row.occupation },
            { key: 'who', header: '起草单位', cell: (row) => row.organisation },
            {
              key: 'when',
              header: '日期',
              keep: true,
              cell: (row) =>
                row.publishedOn
                  ? `${dayText(row.publishedOn)}发布`
                  : row.commentsTo
                    ? `意见截至${dayText(row.commentsTo)}`
                    : '—',
            },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => <StatusTag tone={versionTones[row.state]}>{versionStates[row.state]}</StatusTag>,
            },
          ]}
          empty={
            <EmptyState icon="book" title="还没有公开的标准">
              立项起草后，征求意见的草案会列在这里。
            </EmptyState>
          }
        />
      </div>
    </PageBody>
  )
}
