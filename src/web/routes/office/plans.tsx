import { planQueue } from '#modules/training/plan.queries.ts'
import { type PlanState, planStates } from '#modules/training/plan.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { signedIn } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { dueText, planTones, programmeName } from '../../training/desk.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { Instant } from '../../ui/time.tsx'
import type { Route } from './+types/plans.ts'

export const meta = () => title('计划备案')

const shown: readonly PlanState[] = ['filed', 'returned', 'accepted', 'rejected']

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const asked = new URL(request.url).searchParams
  const state = shown.find((one) => one === asked.get('state')) ?? 'filed'
  const cursor = asked.get('cursor') ?? undefined
  const page = await planQueue(ctx.db, { state, cursor })
  const today = dayOf(ctx.now)
  return {
    state,
    rows: page.rows.map((row) => ({
      ...row,
      programmeName: programmeName(ctx.plan, row.programme),
      due: dueText(row.dueOn, row.stopped, today),
    })),
    first: cursor ? paths.orgPlans('office', { state }) : null,
    next: page.next && paths.orgPlans('office', { state, cursor: page.next }),
  }
}

export default function PlanDesk({ loaderData: { state, rows, first, next } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader title="计划备案" crumbs={[{ label: '工作台首页', href: paths.office() }]} />
      <div className="stack">
        <Tabs
          label="办理状态"
          current={paths.orgPlans('office', { state })}
          tabs={shown.map((one) => ({ href: paths.orgPlans('office', { state: one }), label: planStates[one] }))}
        />
        <DataTable
          caption={planStates[state]}
          captionNote={state === 'filed' ? '先到期的在前' : undefined}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'title', header: '计划', cell: (row) => <a href={paths.orgPlan('office', row.id)}>{row.title}</a> },
            { key: 'org', header: '承办单位', cell: (row) => row.organisation },
            { key: 'programme', header: '项目', cell: (row) => row.programmeName },
            { key: 'head', header: '人数', end: true, cell: (row) => row.headcount },
            { key: 'hours', header: '课时', end: true, cell: (row) => row.classHours },
            {
              key: 'filed',
              header: '提交时间',
              cell: (row) => (row.filedAt ? <Instant at={row.filedAt} /> : '未提交'),
            },
            {
              key: 'due',
              header: '审核时限',
              keep: true,
              cell: (row) =>
                row.state === 'filed' || row.state === 'returned' ? (
                  <StatusTag tone={row.due.tone}>{row.due.text}</StatusTag>
                ) : (
                  <StatusTag tone={planTones[row.state]}>{row.number ?? planStates[row.state]}</StatusTag>
                ),
            },
          ]}
          empty={
            <EmptyState icon="document" title={state === 'filed' ? '没有等待受理的计划' : '没有这种状态的计划'}>
              单位提交备案后会列在这里。
            </EmptyState>
          }
        />
        {(first || next) && <Pagination previous={first} next={next} shown={rows.length} />}
      </div>
    </>
  )
}
