import { organisationCard } from '#modules/people/organisation.queries.ts'
import { classesOf } from '#modules/training/class.queries.ts'
import { classStates } from '#modules/training/class.schema.ts'
import { plansOf } from '#modules/training/plan.queries.ts'
import { timetable } from '#modules/training/session.queries.ts'
import { sessionStates } from '#modules/training/session.schema.ts'
import { addDays, dayOf, startOfDay } from '#shared/dates.ts'
import { areaTitles } from '../../nav.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { classTones, sessionTones, workOf } from '../../training/desk.ts'
import { Actions, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/home.ts'

export const meta = () => title('工作台')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf({ request, context }, 'organisation.read')
  const today = dayOf(ctx.now)
  const staff = ctx.actor.can('session.edit', { organisationId })
  const [organisation, sessions, plans, returned, classes, assessed] = await Promise.all([
    organisationCard(ctx.db, organisationId),
    timetable(ctx.db, {
      organisationId,
      trainerPersonId: staff ? undefined : (ctx.actor.personId ?? undefined),
      from: startOfDay(today),
      to: startOfDay(addDays(today, 1)),
    }),
    plansOf(ctx.db, organisationId, { state: 'returned' }),
    classesOf(ctx.db, organisationId, { state: 'returned' }),
    classesOf(ctx.db, organisationId, { state: 'in-session' }),
    classesOf(ctx.db, organisationId, { state: 'assessed' }),
  ])
  const todo = [
    ...plans.rows.map((row) => ({ href: paths.orgPlan(area, row.id), label: row.title, what: '计划退回补正' })),
    ...returned.rows.map((row) => ({ href: paths.orgClass(area, row.id), label: row.title, what: '开班申请退回补正' })),
    ...assessed.rows.map((row) => ({ href: paths.orgClass(area, row.id), label: row.title, what: '已考核，待结业' })),
  ]
  return {
    area,
    organisation: organisation.name,
    today,
    sessions,
    todo,
    running: classes.rows.map(({ id, title, number, taken, closedSessions, sessions: all, state }) => ({
      ...{ id, title, number, taken, state },
      progress: `${closedSessions}/${all}`,
    })),
    mayPlan: ctx.actor.can('plan.edit', { organisationId }),
  }
}

export default function Home({ loaderData }: Route.ComponentProps) {
  const { area, sessions, todo, running, today } = loaderData
  return (
    <>
      <PageHeader title={areaTitles[area]} caption={loaderData.organisation} />
      <div className="stack">
        {todo.length > 0 && (
          <Notice tone="wait" title={`有 ${todo.length} 件等您办`}>
            <ul className="list-disc ps-5">
              {todo.map((one) => (
                <li key={one.href}>
                  <a href={one.href}>{one.label}</a>：{one.what}
                </li>
              ))}
            </ul>
          </Notice>
        )}
        <Section title={`今天的课　${dayText(today, true)}`} more={{ href: paths.timetable(area), label: '本周课表' }}>
          <DataTable
            caption={`${sessions.length} 次课`}
            rows={sessions}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'when',
                header: '时间',
                keep: true,
                cell: (row) => (
                  <a href={paths.session(area, row.id)}>
                    {instantText(row.from).slice(-5)}—{instantText(row.to).slice(-5)}
                  </a>
                ),
              },
              { key: 'class', header: '班级', cell: (row) => row.classTitle },
              { key: 'title', header: '课题', cell: (row) => row.title },
              { key: 'room', header: '教室', cell: (row) => row.room ?? '线上' },
              { key: 'trainer', header: '教师', cell: (row) => row.trainer },
              { key: 'marked', header: '有签到', end: true, cell: (row) => `${row.marked}/${row.enrolled}` },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => <StatusTag tone={sessionTones[row.state]}>{sessionStates[row.state]}</StatusTag>,
              },
            ]}
            empty={
              <EmptyState icon="calendar" title="今天没有课">
                到上课的日子，从这里开始上课、打开签到码。
              </EmptyState>
            }
          />
        </Section>
        <Section title="正在上课的班" more={{ href: paths.orgClasses(area), label: '全部班级' }}>
          <DataTable
            caption="培训中"
            rows={running}
            rowKey={(row) => row.id}
            columns={[
              { key: 'title', header: '班级', cell: (row) => <a href={paths.orgClass(area, row.id)}>{row.title}</a> },
              { key: 'number', header: '班号', keep: true, cell: (row) => row.number },
              { key: 'taken', header: '学员', end: true, cell: (row) => row.taken },
              { key: 'progress', header: '已上课次', end: true, cell: (row) => row.progress },
              {
                key: 'state',
                header: '状态',
                keep: true,
                cell: (row) => <StatusTag tone={classTones[row.state]}>{classStates[row.state]}</StatusTag>,
              },
            ]}
            empty={
              <EmptyState icon="school" title="没有正在上课的班">
                第一次课开始后，班级会列在这里。
              </EmptyState>
            }
          />
        </Section>
        {loaderData.mayPlan && (
          <Actions>
            <LinkButton href={paths.orgPlans(area)}>培训计划</LinkButton>
            <LinkButton href={paths.places(area)}>场地和师资</LinkButton>
          </Actions>
        )}
      </div>
    </>
  )
}
