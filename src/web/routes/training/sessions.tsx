import { scheduleOpen } from '#modules/training/class.rules.ts'
import { classStates } from '#modules/training/class.schema.ts'
import { courseKinds } from '#modules/training/plan.schema.ts'
import { sessionsOf } from '#modules/training/session.queries.ts'
import { sessionStates } from '#modules/training/session.schema.ts'
import { figuresFor } from '#platform/figures.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { ClassFrame } from '../../training/class-frame.tsx'
import { classOf } from '../../training/class-head.ts'
import { sessionTones } from '../../training/desk.ts'
import { Actions, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { durationText, instantText } from '../../ui/format.ts'
import { Progress } from '../../ui/progress.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/sessions.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`课表　${loaderData?.head.title ?? ''}`)

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, cls, head } = await classOf(args)
  const [sessions, at] = await Promise.all([sessionsOf(ctx.db, cls.id), figuresFor(ctx)])
  const minutesPerHour = at('R03.minutes', cls.startsOn).value
  const planned = sessions
    .filter((one) => one.state !== 'cancelled' && one.makeupOf === null)
    .reduce((sum, one) => sum + (one.to.getTime() - one.from.getTime()) / 60_000 - one.breakMinutes, 0)
  return {
    area,
    head,
    classHours: cls.classHours,
    plannedHours: minutesPerHour === null ? null : Math.floor(planned / minutesPerHour),
    undecidedText: ctx.plan.undecidedText,
    sessions,
    mayPlan: ctx.actor.can('session.edit', { organisationId: cls.organisationId }),
    open: scheduleOpen.includes(cls.state),
  }
}

export default function Sessions({ loaderData }: Route.ComponentProps) {
  const { area, head, sessions, mayPlan, open, plannedHours, classHours } = loaderData
  const titles = new Map(sessions.map((one) => [one.id, one.title]))
  return (
    <ClassFrame area={area} cls={head} tab="sessions">
      {plannedHours === null ? (
        <p>课时长度：{loaderData.undecidedText}</p>
      ) : (
        <Progress label="已排课时" value={plannedHours} max={classHours} unit="课时" note="补课不重复计算。" />
      )}
      {mayPlan && (
        <Actions>
          {open ? (
            <LinkButton kind="primary" href={paths.planSession(area, head.id)}>
              排课
            </LinkButton>
          ) : (
            <DisabledButton reason={`班级现在的状态是“${classStates[head.state]}”，不能排课。`}>排课</DisabledButton>
          )}
        </Actions>
      )}
      <DataTable
        caption={`共 ${sessions.length} 次课`}
        rows={sessions}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'when',
            header: '时间',
            cell: (row) => (
              <a href={paths.session(area, row.id)}>
                {instantText(row.from)}至{instantText(row.to).slice(-5)}
              </a>
            ),
          },
          {
            key: 'title',
            header: '课题',
            cell: (row) => (
              <>
                {row.title}
                {row.makeupOf && <span className="small soft">　补“{titles.get(row.makeupOf) ?? '前面的课'}”</span>}
              </>
            ),
          },
          { key: 'kind', header: '类别', cell: (row) => courseKinds[row.courseKind] },
          { key: 'trainer', header: '教师', cell: (row) => row.trainer },
          { key: 'room', header: '教室', cell: (row) => row.room ?? '线上' },
          { key: 'marked', header: '有签到', end: true, cell: (row) => `${row.marked}/${row.enrolled}` },
          {
            key: 'credited',
            header: '已记课时',
            end: true,
            cell: (row) => (row.state === 'closed' ? durationText(row.grantedMinutes) : '下课后记'),
          },
          {
            key: 'state',
            header: '状态',
            keep: true,
            cell: (row) => <StatusTag tone={sessionTones[row.state]}>{sessionStates[row.state]}</StatusTag>,
          },
        ]}
        empty={
          <EmptyState icon="calendar" title="还没有排课">
            课表要排满 {classHours} 课时，才能申请开班。
          </EmptyState>
        }
      />
    </ClassFrame>
  )
}
