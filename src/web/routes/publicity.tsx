import { publicLists } from '#modules/publicity/list.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { current } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Section } from '../ui/section.tsx'
import { DayText } from '../ui/time.tsx'
import type { Route } from './+types/publicity.ts'

export const meta = () => title('补贴公示')

export async function loader({ context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const lists = await publicLists(ctx.db, dayOf(ctx.now))
  return { ...lists, undecided: ctx.plan.undecidedText }
}

export default function Publicity({ loaderData: { open, ended, undecided } }: Route.ComponentProps) {
  const settled = open.every((list) => list.decided)
  return (
    <PageBody>
      <PageHeader
        title="补贴公示"
        lead="补贴发放前，名单在这里公示。谁都可以对其中任何一行提出异议，不用登录，不用留姓名。"
        crumbs={[{ label: '首页', href: paths.home() }]}
      />
      <div className="stack">
        <p>
          提过异议的，凭回执码<a href={paths.objectionAnswer()}>查办理结果</a>。 拿到“名单凭证”的，可以
          <a href={paths.receiptCheck()}>验凭证</a>。已经发放的资金，见
          <a href={paths.funds()}>资金使用情况</a>。
        </p>
        {!settled && (
          <Notice tone="info" title={undecided}>
            <p>公示期天数暂按省级办事指南的5个工作日，待区人社局明确。</p>
          </Notice>
        )}
        <Section title="正在公示">
          <Lists rows={open} caption="正在公示的名单，先到期的在前" empty="现在没有正在公示的名单" />
        </Section>
        <Section
          title="公示已结束"
          description="为保护个人信息，公示期满后名单不再显示；本页保留期间、件数和防篡改摘要。"
        >
          <Lists rows={ended} caption="已结束的公示" empty="还没有结束的公示" />
        </Section>
      </div>
    </PageBody>
  )
}

type Rows = Route.ComponentProps['loaderData']['open']

function Lists({ rows, caption, empty }: { rows: Rows; caption: string; empty: string }) {
  return (
    <DataTable
      caption={caption}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'title', header: '名单', cell: (row) => <a href={paths.notice(row.id)}>{row.title}</a> },
        { key: 'number', header: '编号', keep: true, cell: (row) => row.number },
        {
          key: 'period',
          header: '公示期',
          cell: (row) => (
            <>
              <DayText day={row.openedOn} /> 至 <DayText day={row.closesOn} />（{row.workdays} 个工作日）
            </>
          ),
        },
        { key: 'claims', header: '申领', end: true, cell: (row) => `${row.claims} 件` },
        { key: 'money', header: '金额', end: true, cell: (row) => <Money fen={row.totalFen} /> },
      ]}
      empty={<EmptyState icon="document" title={empty} />}
    />
  )
}
