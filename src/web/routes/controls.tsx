import { controlCatalogue } from '#modules/subsidy/control.queries.ts'
import { datasetKinds } from '#modules/subsidy/control.schema.ts'
import { coverageByKind } from '#modules/subsidy/dataset.queries.ts'
import { current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { DataTable } from '../ui/data-table.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Section } from '../ui/section.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import type { Route } from './+types/controls.ts'

export const meta = () => title('拨付前核查什么')

const modes = { block: '须解决后才能拨付', warn: '提醒审核人员' }

export async function loader({ context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const coverage = await coverageByKind(ctx.db)
  return {
    controls: controlCatalogue(ctx.plan),
    missing: coverage.filter((one) => one.spans.length === 0).map((one) => datasetKinds[one.kind]),
  }
}

export default function Controls({ loaderData }: Route.ComponentProps) {
  const { controls, missing } = loaderData
  return (
    <PageBody>
      <PageHeader
        title="拨付前核查什么"
        lead="每一项查什么、用什么数据、依据哪一条。申领单位提交前可以自查，用的是同一套核查。"
      />
      <DataTable
        caption={`核查项，共 ${controls.length} 项`}
        rows={controls}
        rowKey={(row) => row.id}
        columns={[
          { key: 'id', header: '编号', keep: true, cell: (row) => <a href={paths.clause(row.id)}>{row.id}</a> },
          { key: 'asks', header: '查什么', cell: (row) => row.asks },
          { key: 'how', header: '怎样查', cell: (row) => row.how },
          {
            key: 'modes',
            header: '结果的作用',
            cell: (row) =>
              row.programmes.length === 0
                ? '未用于现有项目'
                : row.programmes.map((one) => `${one.name}：${modes[one.mode]}`).join('；'),
          },
          {
            key: 'state',
            header: '现在能否核查',
            keep: true,
            cell: (row) =>
              row.id === 'C14' ? (
                <StatusTag tone="wait">本期不核查</StatusTag>
              ) : row.state === 'external-data' ? (
                <StatusTag tone="info">靠导入的数据</StatusTag>
              ) : (
                <StatusTag tone="good">能</StatusTag>
              ),
          },
        ]}
        empty={null}
      />
      {missing.length > 0 && (
        <Section title="还没有取得的数据">
          <p>{missing.join('、')}。取得以前，相应的核查结果写“未核查”。</p>
        </Section>
      )}
    </PageBody>
  )
}
