import { publishedCalls } from '#modules/recognition/call.queries.ts'
import { callStates } from '#modules/recognition/call.schema.ts'
import { publications } from '#modules/recognition/publication.queries.ts'
import { current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { ServiceTile, Tiles } from '../../ui/tile.tsx'
import type { Route } from './+types/titles.ts'

export const meta = () => title('认定和聘任')

export async function loader({ context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const lists = await publications(ctx)
  return {
    calls: await publishedCalls(ctx),
    lists,
    schemes: ctx.plan.schemes.map(({ code, name, summary }) => ({ code, name, summary })),
  }
}

export default function Titles({ loaderData: { calls, lists, schemes } }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader
        title="认定和聘任"
        lead="首席技师、基地、工作室等称号的申报通知、公示和名册。每一个称号都有编号，可以查验。"
        crumbs={[{ label: '首页', href: paths.home() }]}
      />
      <div className="stack">
        <Section title="查询">
          <Tiles>
            <ServiceTile
              href={paths.titleRegister()}
              icon="star"
              title="查称号名册"
              text="谁在什么时候持有什么称号，可以按日期查。"
            />
            <ServiceTile
              href={paths.titleAnswer()}
              icon="flag"
              title="查异议答复"
              text="凭回执码看公示异议的办理结果。"
            />
          </Tiles>
        </Section>
        <Section title="申报通知">
          <DataTable
            caption="申报通知"
            rows={calls}
            rowKey={(row) => row.id}
            columns={[
              { key: 'title', header: '通知', cell: (row) => <a href={paths.titleCall(row.id)}>{row.title}</a> },
              { key: 'scheme', header: '项目', cell: (row) => row.schemeName },
              {
                key: 'days',
                header: '申报时间',
                cell: (row) =>
                  `${dayText(row.opensOn)}起${row.closesOn ? `，${dayText(row.closesOn)}止` : '，常年受理'}`,
              },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) =>
                  row.open ? (
                    <StatusTag tone="good">正在申报</StatusTag>
                  ) : (
                    <StatusTag>{row.state === 'published' ? '不在申报时间' : callStates[row.state]}</StatusTag>
                  ),
              },
            ]}
            empty={
              <EmptyState icon="speaker" title="还没有发布通知">
                通知发布后会列在这里。
              </EmptyState>
            }
          />
        </Section>
        <Section title="公示">
          <DataTable
            caption="公示"
            rows={lists}
            rowKey={(row) => row.id}
            columns={[
              { key: 'title', header: '公示', cell: (row) => <a href={paths.titleList(row.id)}>{row.title}</a> },
              { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
              { key: 'days', header: '公示时间', cell: (row) => `${dayText(row.openedOn)}至${dayText(row.closesOn)}` },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) =>
                  row.running ? <StatusTag tone="info">公示中</StatusTag> : <StatusTag>已结束</StatusTag>,
              },
            ]}
            empty={
              <EmptyState icon="speaker" title="现在没有公示">
                拟认定名单确定后在这里公示。
              </EmptyState>
            }
          />
        </Section>
        <Section title="认定项目">
          <DataTable
            caption="认定项目"
            rows={schemes}
            rowKey={(row) => row.code}
            columns={[
              {
                key: 'name',
                header: '项目',
                keep: true,
                cell: (row) => <a href={paths.titleRegister({ scheme: row.code })}>{row.name}</a>,
              },
              { key: 'summary', header: '内容', cell: (row) => row.summary },
            ]}
            empty={<EmptyState title="本计划没有认定项目" />}
          />
        </Section>
      </div>
    </PageBody>
  )
}
