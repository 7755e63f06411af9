import { data } from 'react-router'
import { newestTexts } from '#platform/messages.ts'
import { current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Instant } from '../ui/time.tsx'
import type { Route } from './+types/dev-outbox.ts'

export const meta = () => title('演示收件箱')

/** In a real installation this page is not there. */
export async function loader({ context }: Route.LoaderArgs) {
  const { ctx, demo } = context.get(current)
  if (!demo) throw data(null, 404)
  return { texts: await newestTexts(ctx.db, ctx.crypto) }
}

export default function DemoOutbox({ loaderData: { texts } }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader title="演示收件箱" crumbs={[{ label: '登录', href: paths.signIn() }]} />
      <Notice tone="warn" title="只有演示环境有这一页">
        <p>演示环境不发真短信，本该发到手机的内容显示在这里。正式环境没有这一页。</p>
      </Notice>
      <DataTable
        caption="最近的短信"
        rows={texts}
        rowKey={(row) => row.id}
        columns={[
          { key: 'to', header: '收件人', keep: true, cell: (row) => row.to },
          { key: 'text', header: '内容', cell: (row) => row.text },
          { key: 'at', header: '时间', cell: (row) => <Instant at={row.createdAt} /> },
        ]}
        empty={<EmptyState title="还没有短信">请求验证码后，内容会出现在这里。</EmptyState>}
      />
    </PageBody>
  )
}
