import { sampleRows } from '../gallery/samples.ts'
import { TableSample } from '../gallery/work.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { LinkButton } from '../ui/button.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pagination } from '../ui/pagination.tsx'
import type { Route } from './+types/design-workspace.ts'

export const meta = () => title('工作台样例')

export const loader = (_: Route.LoaderArgs) => ({ rows: sampleRows(20) })

/** A workspace page with a table of twenty rows: for looking at, and the page whose speed is measured. */
export default function DesignWorkspace({ loaderData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="申报"
        crumbs={[{ label: '界面样例', href: paths.design() }]}
        actions={<LinkButton href="#export">导出</LinkButton>}
      />
      <TableSample rows={loaderData.rows} />
      <Pagination shown={20} total={1284} next="?after=20" />
    </>
  )
}
