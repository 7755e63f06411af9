import { plansOf } from '#modules/training/plan.queries.ts'
import { type PlanState, planStates } from '#modules/training/plan.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { dueText, planTones, programmeName, workOf } from '../../training/desk.ts'
import { DisabledButton, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/plans.ts'

export const meta = () => title('培训计划')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf({ request, context }, 'organisation.read')
  const asked = new URL(request.url).searchParams
  const wanted = asked.get('state') ?? ''
  const state = wanted in planStates ? (wanted as PlanState) : undefined
  const cursor = asked.get('cursor') ?? undefined
  const page = await plansOf(ctx.db, organisationId, { state, cursor })
  const today = dayOf(ctx.now)
  return {
    area,
    state: state ?? '',
    rows: page.rows.map((row) => ({
      ...row,
      programmeName: programmeName(ctx.plan, row.programme),
      due: row.state === 'filed' ? dueText(row.dueOn, row.stopped, today) : null,
    })),
    first: cursor ? paths.orgPlans(area, { state }) : null,
    next: page.next && paths.orgPlans(area, { state, cursor: page.next }),
    mayEdit: ctx.actor.can('plan.edit', { organisationId }),
  }
}

export default function Plans({ loaderData }: Route.ComponentProps) {
  const { area, rows, state, first, next, mayEdit } = loaderData
  return (
    <>
      <PageHeader
        title="培训计划"
        crumbs={[{ label: '工作台首页', href: paths[area]() }]}
        lead="先备案、后培训：计划列入以后上的课，才能申领补贴。"
        actions={
          mayEdit ? (
            <LinkButton kind="primary" href={paths.newPlan(area)}>
              填报计划
            </LinkButton>
          ) : (
            <DisabledButton reason="填报计划由教务或管理员办理。">填报计划</DisabledButton>
          )
        }
      />
      <div className="stack">
        <FilterBar label="筛选计划" action={paths.orgPlans(area)} values={{ state }}>
          <SelectField name="state" label="状态" placeholder="全部" optional options={states} />
        </FilterBar>
        <DataTable
          caption="培训计划"
          captionNote="新的在前"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'title', header: '计划', cell: (row) => <a href={paths.orgPlan(area, row.id)}>{row.title}</a> },
            { key: 'number', header: '编号', keep: true, cell: (row) => row.number ?? '列入后编号' },
            { key: 'programme', header: '项目', cell: (row) => row.programmeName },
            { key: 'head', header: '人数', end: true, cell: (row) => row.headcount },
            { key: 'hours', header: '课时', end: true, cell: (row) => row.classHours },
            { key: 'from', header: '开始', keep: true, cell: (row) => <DayText day={row.startsOn} /> },
            { key: 'classes', header: '班级', end: true, cell: (row) => row.classes },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => (
                <>
                  <StatusTag tone={planTones[row.state]}>{planStates[row.state]}</StatusTag>
                  {row.due && <span className="small soft">　{row.due.text}</span>}
                </>
              ),
            },
          ]}
          empty={
            <EmptyState icon="document" title={state ? '没有这种状态的计划' : '还没有培训计划'}>
              填报计划、提交备案，列入计划后就可以建班。
            </EmptyState>
          }
        />
        {(first || next) && <Pagination previous={first} next={next} shown={rows.length} />}
      </div>
    </>
  )
}

const states = Object.entries(planStates).map(([value, label]) => ({ value, label }))
