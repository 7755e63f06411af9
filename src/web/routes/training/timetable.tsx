import { timetable } from '#modules/training/session.queries.ts'
import { sessionStates } from '#modules/training/session.schema.ts'
import { addDays, dayOf, startOfDay } from '#shared/dates.ts'
import { type Day, isDay } from '#shared/units.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { sessionTones, workOf } from '../../training/desk.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText, instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { Route } from './+types/timetable.ts'

export const meta = () => title('本周课表')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf({ request, context }, 'organisation.read')
  const asked = new URL(request.url).searchParams
  const monday = mondayOf(weekOf(asked.get('week')) ?? dayOf(ctx.now))
  const teaches = ctx.actor.personId !== null && !ctx.actor.can('session.edit', { organisationId })
  const own = teaches || asked.get('own') === 'yes'
  const rows = await timetable(ctx.db, {
    organisationId,
    trainerPersonId: own ? (ctx.actor.personId ?? undefined) : undefined,
    from: startOfDay(monday),
    to: startOfDay(addDays(monday, 7)),
  })
  const days = Array.from({ length: 7 }, (_, i) => addDays(monday, i))
  return {
    area,
    monday,
    own,
    mayChoose: !teaches && ctx.actor.personId !== null,
    today: dayOf(ctx.now),
    days: days.map((on) => ({ on, sessions: rows.filter((row) => dayOf(row.from) === on) })),
    previous: addDays(monday, -7),
    next: addDays(monday, 7),
  }
}

const weekOf = (text: string | null): Day | null => (text && isDay(text) ? text : null)
/** 1970-01-05 was a Monday. */
const mondayOf = (on: Day): Day => addDays(on, -((((Date.parse(`${on}T00:00:00Z`) / 86_400_000 - 4) % 7) + 7) % 7))

export default function Timetable({ loaderData }: Route.ComponentProps) {
  const { area, monday, own, days, today, mayChoose } = loaderData
  const week = (of: string) => paths.timetable(area, { week: of, own: own ? 'yes' : undefined })
  return (
    <>
      <PageHeader
        title="课表"
        caption={`${dayText(monday)}起的一周`}
        crumbs={[{ label: '工作台首页', href: paths[area]() }]}
        actions={
          <>
            <LinkButton href={week(loaderData.previous)}>上一周</LinkButton>
            <LinkButton href={week(loaderData.next)}>下一周</LinkButton>
          </>
        }
      />
      <div className="stack">
        {mayChoose && (
          <Tabs
            label="看谁的课"
            current={own ? week(monday) : paths.timetable(area, { week: monday })}
            tabs={[
              { href: paths.timetable(area, { week: monday }), label: '全部' },
              { href: paths.timetable(area, { week: monday, own: 'yes' }), label: '我上的课' },
            ]}
          />
        )}
        {days.every((one) => one.sessions.length === 0) && (
          <EmptyState icon="calendar" title="这一周没有课">
            课表在班级的“课表”里排。
          </EmptyState>
        )}
        {days.map(
          ({ on, sessions }) =>
            sessions.length > 0 && (
              <Section key={on} title={`${dayText(on, true)}${on === today ? '　今天' : ''}`}>
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
                    {
                      key: 'class',
                      header: '班级',
                      cell: (row) => <a href={paths.orgClass(area, row.classId)}>{row.classTitle}</a>,
                    },
                    { key: 'title', header: '课题', cell: (row) => row.title },
                    { key: 'room', header: '教室', cell: (row) => (row.room ? `${row.venue}　${row.room}` : '线上') },
                    { key: 'trainer', header: '教师', cell: (row) => row.trainer },
                    { key: 'marked', header: '有签到', end: true, cell: (row) => `${row.marked}/${row.enrolled}` },
                    {
                      key: 'state',
                      header: '状态',
                      keep: true,
                      cell: (row) => <StatusTag tone={sessionTones[row.state]}>{sessionStates[row.state]}</StatusTag>,
                    },
                  ]}
                  empty={null}
                />
              </Section>
            ),
        )}
      </div>
    </>
  )
}
