import { deskEvents, type EventView, eventViews } from '#modules/competition/event.queries.ts'
import { eventStates } from '#modules/competition/event.schema.ts'
import { eventTones } from '../../../competition/desk.ts'
import { signedIn } from '../../../ctx.ts'
import { paths } from '../../../paths.ts'
import { title } from '../../../site.ts'
import { DataTable } from '../../../ui/data-table.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { dayText } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import type { Route } from './+types/desk.ts'

export const meta = () => title('竞赛办件')

const words: Record<EventView, string> = { open: '备案', running: '正在举办', done: '已办结' }

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'competition.read')
  const asked = new URL(request.url).searchParams.get('view') ?? 'open'
  const view = (asked in eventViews ? asked : 'open') as EventView
  return { view, rows: await deskEvents(ctx.db, view) }
}

export default function Desk({ loaderData: { view, rows } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="竞赛办件" />
      <div className="stack">
        <Tabs
          label="办件"
          current={paths.competitionDesk(view)}
          tabs={(Object.keys(words) as EventView[]).map((one) => ({
            href: paths.competitionDesk(one),
            label: words[one],
          }))}
        />
        <DataTable
          caption={words[view]}
          captionNote="最多列 200 件"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'title', header: '竞赛', cell: (row) => <a href={paths.officeCompetition(row.id)}>{row.title}</a> },
            { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
            { key: 'host', header: '主办单位', cell: (row) => row.host },
            { key: 'held', header: '比赛时间', cell: (row) => (row.heldFrom ? dayText(row.heldFrom) : '—') },
            { key: 'entries', header: '报名', end: true, cell: (row) => row.entries },
            {
              key: 'state',
              header: '进度',
              keep: true,
              cell: (row) => <StatusTag tone={eventTones[row.state]}>{eventStates[row.state]}</StatusTag>,
            },
          ]}
          empty={
            <EmptyState icon="list" title="没有这一类办件">
              单位申请备案后会列在这里。
            </EmptyState>
          }
        />
      </div>
    </>
  )
}
