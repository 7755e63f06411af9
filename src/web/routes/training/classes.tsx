import { classesOf } from '#modules/training/class.queries.ts'
import { type ClassState, classStates } from '#modules/training/class.schema.ts'
import { plansOf } from '#modules/training/plan.queries.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { classTones, programmeName, workOf } from '../../training/desk.ts'
import { DisabledButton, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Pagination } from '../../ui/pagination.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/classes.ts'

export const meta = () => title('班级')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf({ request, context }, 'organisation.read')
  const asked = new URL(request.url).searchParams
  const wanted = asked.get('state') ?? ''
  const state = wanted in classStates ? (wanted as ClassState) : undefined
  const cursor = asked.get('cursor') ?? undefined
  const [page, accepted] = await Promise.all([
    classesOf(ctx.db, organisationId, { state, cursor }),
    plansOf(ctx.db, organisationId, { state: 'accepted' }),
  ])
  return {
    area,
    state: state ?? '',
    rows: page.rows.map((row) => ({ ...row, programmeName: programmeName(ctx.plan, row.programme) })),
    plans: accepted.rows.map(({ id, title, number }) => ({ id, title, number })),
    first: cursor ? paths.orgClasses(area, { state }) : null,
    next: page.next && paths.orgClasses(area, { state, cursor: page.next }),
    mayBuild: ctx.actor.can('class.edit', { organisationId }),
  }
}

export default function Classes({ loaderData }: Route.ComponentProps) {
  const { area, rows, state, first, next, plans, mayBuild } = loaderData
  return (
    <>
      <PageHeader
        title="班级"
        crumbs={[{ label: '工作台首页', href: paths[area]() }]}
        actions={
          mayBuild && plans.length > 0 ? (
            <LinkButton kind="primary" href={paths.newClass(area, plans[0]?.id ?? '')}>
              建班
            </LinkButton>
          ) : (
            <DisabledButton
              reason={mayBuild ? '还没有列入的培训计划。请先填报计划，列入后再建班。' : '建班由教务或管理员办理。'}
            >
              建班
            </DisabledButton>
          )
        }
      />
      <div className="stack">
        <FilterBar label="筛选班级" action={paths.orgClasses(area)} values={{ state }}>
          <SelectField name="state" label="状态" placeholder="全部" optional options={states} />
        </FilterBar>
        <DataTable
          caption="班级"
          captionNote="新的在前"
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            { key: 'title', header: '班级', cell: (row) => <a href={paths.orgClass(area, row.id)}>{row.title}</a> },
            { key: 'number', header: '班号', keep: true, cell: (row) => row.number },
            { key: 'programme', header: '项目', cell: (row) => row.programmeName },
            { key: 'from', header: '开班', keep: true, cell: (row) => <DayText day={row.startsOn} /> },
            { key: 'people', header: '学员', end: true, cell: (row) => `${row.taken}/${row.capacity}` },
            { key: 'sessions', header: '已上课次', end: true, cell: (row) => `${row.closedSessions}/${row.sessions}` },
            {
              key: 'state',
              header: '状态',
              keep: true,
              cell: (row) => <StatusTag tone={classTones[row.state]}>{classStates[row.state]}</StatusTag>,
            },
          ]}
          empty={
            <EmptyState
              icon="school"
              title={state ? '没有这种状态的班级' : '还没有班级'}
              action={{ href: paths.orgPlans(area), label: '看培训计划' }}
            >
              班级从列入的培训计划中建立。
            </EmptyState>
          }
        />
        {(first || next) && <Pagination previous={first} next={next} shown={rows.length} />}
      </div>
    </>
  )
}

const states = Object.entries(classStates).map(([value, label]) => ({ value, label }))
