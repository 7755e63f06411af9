import { recentAttempts } from '#modules/packages/history.queries.ts'
import { signedIn } from '../../ctx.ts'
import { secondsText } from '../../library/desk.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/package-attempts.ts'

export const meta = () => title('课件学习证据')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'audit.read')
  return { attempts: await recentAttempts(ctx.db) }
}

export default function PackageAttempts({ loaderData: { attempts } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="课件学习证据"
        lead="课件（SCORM、cmi5）每次打开上报了什么，逐条可查。上报的时间是证据，不等于认定的课时。"
      />
      <DataTable
        caption="最近的学习"
        captionNote="最近 100 次"
        rows={attempts}
        rowKey={(row) => row.attemptId}
        columns={[
          {
            key: 'unit',
            header: '单元',
            cell: (row) => <a href={paths.packageAttempt(row.attemptId)}>{row.unitTitle}</a>,
          },
          { key: 'course', header: '课程', cell: (row) => row.course },
          { key: 'began', header: '开始', keep: true, cell: (row) => instantText(row.beganAt) },
          { key: 'sessions', header: '打开次数', end: true, cell: (row) => row.sessions },
          {
            key: 'told',
            header: '课件上报',
            end: true,
            cell: (row) => secondsText(row.reportedSeconds),
          },
          {
            key: 'server',
            header: '服务器计时',
            end: true,
            cell: (row) => secondsText(row.serverSeconds),
          },
        ]}
        empty={
          <EmptyState icon="book" title="还没有人学过课件">
            有人打开课件后，这里可以逐条查看上报的内容。
          </EmptyState>
        }
      />
    </>
  )
}
