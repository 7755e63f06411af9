import { keptList } from '#modules/publicity/list.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Money } from '../../ui/money.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { Copyable } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/notice.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.list.number ?? '公示名单')

/** Kept for the office after the public page has let it go. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const cursor = new URL(request.url).searchParams.get('cursor') ?? undefined
  const list = await keptList(ctx, isId(params.id), dayOf(ctx.now), cursor).catch(fail(request))
  return { list, first: Boolean(cursor) }
}

export default function Notice({ loaderData: { list, first } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title={list.title}
        caption={list.number}
        crumbs={[{ label: '公示', href: paths.officePublicity() }]}
        tag={<StatusTag tone={list.public ? 'wait' : 'neutral'}>{list.public ? '公示中' : '公示已结束'}</StatusTag>}
      />
      <div className="stack">
        <SummaryList
          rows={[
            { label: '公示期', value: `${list.openedOn} 至 ${list.closesOn}，${list.workdays} 个工作日` },
            {
              label: '申领和金额',
              value: (
                <>
                  {list.claims} 件，
                  <Money fen={list.totalFen} />
                </>
              ),
            },
            {
              label: '未办结的异议',
              value: `${list.openObjections} 件`,
              action: { href: paths.officeObjections(), label: '办理' },
            },
            { label: '名单总值', value: <Copyable>{list.root}</Copyable> },
            {
              label: '公开页面',
              value: <a href={paths.notice(list.id)}>{paths.notice(list.id)}</a>,
              note: '公示期满后公开页面不再显示名单。',
            },
          ]}
        />
        <DataTable
          caption="名单内容，与公示时一致"
          rows={list.page.rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'position', header: '序号', keep: true, cell: (row) => row.position },
            {
              key: 'claim',
              header: '申领',
              keep: true,
              cell: (row) => <a href={paths.claimReview(row.claimId)}>{row.claimNumber}</a>,
            },
            { key: 'unit', header: '单位', cell: (row) => row.unit },
            {
              key: 'person',
              header: '姓名',
              cell: (row) => (row.kind === 'unit' ? `共 ${row.persons} 人` : row.person),
            },
            { key: 'document', header: '号码', keep: true, cell: (row) => row.document },
            { key: 'amount', header: '金额', end: true, cell: (row) => <Money fen={row.amountFen} /> },
          ]}
          empty={<EmptyState icon="document" title="没有内容" />}
        />
        {(first || list.page.next) && (
          <Pagination
            previous={first ? paths.officeNotice(list.id) : null}
            next={list.page.next && paths.officeNotice(list.id, list.page.next)}
            shown={list.page.rows.length}
            total={list.rows}
          />
        )}
      </div>
    </>
  )
}
