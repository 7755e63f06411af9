import { type DatasetKind, datasetKinds } from '#modules/subsidy/control.schema.ts'
import { coverageByKind, datasetList } from '#modules/subsidy/dataset.queries.ts'
import { datasetStates } from '#modules/subsidy/dataset.schema.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { bodyName, datasetTones } from '../../subsidy/data.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/datasets.ts'

export const meta = () => title('核查数据')

export async function loader(args: Route.LoaderArgs) {
  const { ctx } = signedIn(args, 'dataset.import')
  const asked = new URL(args.request.url).searchParams
  const wanted = asked.get('kind') ?? ''
  const kind = wanted in datasetKinds ? (wanted as DatasetKind) : undefined
  // a department sees what it sent itself, the bureau sees all
  const body = ctx.actor.holdings.find((one) => one.body)?.body
  const sets = await datasetList(ctx.db, { kind, body, cursor: asked.get('after') ?? undefined })
  return {
    kind: kind ?? '',
    coverage: await coverageByKind(ctx.db),
    sets: { ...sets, rows: sets.rows.map((set) => ({ ...set, body: bodyName(ctx.plan, set.providerBody) })) },
  }
}

export default function Datasets({ loaderData }: Route.ComponentProps) {
  const { coverage, sets, kind } = loaderData
  return (
    <>
      <PageHeader
        title="核查数据"
        lead="其他部门提供的名单。没有数据覆盖的日期，核查结果写“未核查”，不写“通过”。"
        actions={
          <LinkButton kind="primary" href={paths.newDataset()}>
            导入数据
          </LinkButton>
        }
      />
      <div className="stack">
        <Section title="各类数据覆盖到哪里">
          <DataTable
            caption="各类数据的覆盖日期"
            rows={coverage}
            rowKey={(row) => row.kind}
            columns={[
              { key: 'label', header: '数据', cell: (row) => row.label },
              {
                key: 'spans',
                header: '覆盖日期',
                cell: (row) =>
                  row.spans.length === 0 ? (
                    <StatusTag tone="wait">尚未导入</StatusTag>
                  ) : (
                    row.spans.map((span) => `${dayText(span.from)}至${dayText(span.to)}`).join('；')
                  ),
              },
              {
                key: 'as-of',
                header: '最新截止日期',
                keep: true,
                cell: (row) => (row.newestAsOf ? dayText(row.newestAsOf) : '无'),
              },
              { key: 'rows', header: '行数', end: true, cell: (row) => row.rows.toLocaleString('zh-CN') },
              { key: 'template', header: '模板', cell: (row) => <a href={paths.datasetTemplate(row.kind)}>下载</a> },
            ]}
            empty={null}
          />
        </Section>
        <Section title="导入记录">
          <FilterBar label="筛选导入记录" action={paths.datasets()} values={{ kind }}>
            <SelectField
              name="kind"
              label="数据种类"
              optional
              placeholder="全部"
              options={Object.entries(datasetKinds).map(([value, label]) => ({ value, label }))}
            />
          </FilterBar>
          <DataTable
            caption="导入记录"
            rows={sets.rows}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'kind',
                header: '数据',
                cell: (row) => <a href={paths.dataset(row.id)}>{datasetKinds[row.kind]}</a>,
              },
              { key: 'body', header: '提供单位', cell: (row) => row.body },
              { key: 'ref', header: '文号', cell: (row) => row.reference },
              {
                key: 'covers',
                header: '覆盖日期',
                keep: true,
                cell: (row) => `${dayText(row.coversFrom)}至${dayText(row.coversTo)}`,
              },
              { key: 'rows', header: '可用行', end: true, cell: (row) => `${row.rowsAccepted} / ${row.rowsTotal}` },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => <StatusTag tone={datasetTones[row.state]}>{datasetStates[row.state]}</StatusTag>,
              },
              { key: 'at', header: '导入时间', keep: true, cell: (row) => instantText(row.at) },
            ]}
            empty={
              <EmptyState
                icon="upload"
                title="还没有导入过数据"
                action={{ href: paths.newDataset(), label: '导入数据' }}
              />
            }
          />
          <Pagination shown={sets.rows.length} next={sets.next && paths.datasets({ kind, after: sets.next })} />
        </Section>
      </div>
    </>
  )
}
