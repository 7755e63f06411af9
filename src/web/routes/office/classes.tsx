import { classQueue } from '#modules/training/class.queries.ts'
import { type ClassState, classStates } from '#modules/training/class.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { classTones, dueText, programmeName } from '../../training/desk.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { DayText, Instant } from '../../ui/time.tsx'
import type { Route } from './+types/classes.ts'

export const meta = () => title('开班审核')

const shown: readonly ClassState[] = [
  'applied',
  'returned',
  'approved',
  'in-session',
  'suspended',
  'assessed',
  'closed',
]

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const asked = new URL(request.url).searchParams
  const state = shown.find((one) => one === asked.get('state')) ?? 'applied'
  const cursor = asked.get('cursor') ?? undefined
  const page = await classQueue(ctx.db, { state, cursor })
  const today = dayOf(ctx.now)
  return {
    state,
    rows: page.rows.map((row) => ({
      ...row,
      programmeName: programmeName(ctx.plan, row.programme),
      due: dueText(row.dueOn, row.stopped, today),
    })),
    first: cursor ? paths.orgClasses('office', { state }) : null,
    next: page.next && paths.orgClasses('office', { state, cursor: page.next }),
  }
}

export default function ClassDesk({ loaderData: { state, rows, first, next } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="开班审核" crumbs={[{ label: '工作台首页', href: paths.office() }]} />
      <div className="stack">
        <Tabs
          label="办理状态"
          current={paths.orgClasses('office', { state })}
          tabs={shown.map((one) => ({ href: paths.orgClasses('office', { state: one }), label: classStates[one] }))}
        />
        <DataTable
          caption={classStates[state]}
          captionNote={state === 'applied' ? '先到期的在前' : undefined}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'title', header: '班级', cell: (row) => <a href={paths.orgClass('office', row.id)}>{row.title}</a> },
            { key: 'org', header: '承办单位', cell: (row) => row.organisation },
            { key: 'programme', header: '项目', cell: (row) => row.programmeName },
            { key: 'head', header: '学员', end: true, cell: (row) => `${row.taken}/${row.capacity}` },
            { key: 'from', header: '开班', keep: true, cell: (row) => <DayText day={row.startsOn} /> },
            {
              key: 'applied',
              header: '申请时间',
              cell: (row) => (row.appliedAt ? <Instant at={row.appliedAt} /> : '未申请'),
            },
            {
              key: 'due',
              header: '审核时限',
              keep: true,
              cell: (row) =>
                row.state === 'applied' || row.state === 'returned' ? (
                  <StatusTag tone={row.due.tone}>{row.due.text}</StatusTag>
                ) : (
                  <StatusTag tone={classTones[row.state]}>{classStates[row.state]}</StatusTag>
                ),
            },
          ]}
          empty={
            <EmptyState icon="school" title={state === 'applied' ? '没有等待审核的开班申请' : '没有这种状态的班级'}>
              单位申请开班后会列在这里。
            </EmptyState>
          }
        />
        {(first || next) && <Pagination previous={first} next={next} shown={rows.length} />}
      </div>
    </>
  )
}
