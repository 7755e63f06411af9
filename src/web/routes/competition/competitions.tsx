import { type EventLine, publicEvents } from '#modules/competition/event.queries.ts'
import { eventStates } from '#modules/competition/event.schema.ts'
import { resultLists } from '#modules/competition/publication.queries.ts'
import { eventTones } from '../../competition/desk.ts'
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
import type { Route } from './+types/competitions.ts'

export const meta = () => title('技能竞赛')

export async function loader({ context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return {
    events: await publicEvents(ctx.db),
    lists: (await resultLists(ctx)).filter((one) => one.state !== 'void'),
    types: ctx.plan.competitions.map(({ code, name, industry, summary }) => ({ code, name, industry, summary })),
  }
}

const span = (row: EventLine) => (row.heldFrom && row.heldTo ? `${dayText(row.heldFrom)}至${dayText(row.heldTo)}` : '—')

export default function Competitions({ loaderData: { events, lists, types } }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader
        title="技能竞赛"
        lead="竞赛公告、报名、实时成绩、公示和获奖证书查验。"
        crumbs={[{ label: '首页', href: paths.home() }]}
      />
      <div className="stack">
        <Section title="查询">
          <Tiles>
            <ServiceTile href={paths.awardCheck()} icon="certificate" title="查获奖证书" text="凭证书编号核对真假。" />
            <ServiceTile
              href={paths.resultAnswer()}
              icon="flag"
              title="查异议答复"
              text="凭回执码看公示异议的办理结果。"
            />
          </Tiles>
        </Section>
        <Section title="竞赛">
          <DataTable
            caption="竞赛"
            rows={events}
            rowKey={(row) => row.id}
            columns={[
              { key: 'title', header: '竞赛', cell: (row) => <a href={paths.competition(row.id)}>{row.title}</a> },
              { key: 'host', header: '主办单位', cell: (row) => row.host },
              { key: 'held', header: '比赛时间', cell: span },
              {
                key: 'state',
                header: '进度',
                keep: true,
                cell: (row) => <StatusTag tone={eventTones[row.state]}>{eventStates[row.state]}</StatusTag>,
              },
            ]}
            empty={
              <EmptyState icon="star" title="眼下没有竞赛">
                竞赛公告发布后会列在这里。
              </EmptyState>
            }
          />
        </Section>
        <Section title="成绩公示">
          <DataTable
            caption="成绩公示"
            rows={lists}
            rowKey={(row) => row.id}
            columns={[
              { key: 'title', header: '公示', cell: (row) => <a href={paths.resultList(row.id)}>{row.title}</a> },
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
                成绩确定后在这里公示。
              </EmptyState>
            }
          />
        </Section>
        <Section title="竞赛类型">
          <DataTable
            caption="竞赛类型"
            rows={types}
            rowKey={(row) => row.code}
            columns={[
              { key: 'name', header: '类型', cell: (row) => row.name },
              { key: 'industry', header: '产业', keep: true, cell: (row) => row.industry },
              { key: 'summary', header: '比什么', cell: (row) => row.summary },
            ]}
            empty={null}
          />
        </Section>
      </div>
    </PageBody>
  )
}
