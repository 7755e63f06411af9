import { trainersOf, type Venue, venuesOf } from '#modules/training/place.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Actions, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/places.ts'

export const meta = () => title('场地和师资')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, area, organisationId } = workOf({ request, context }, 'organisation.read')
  const [venues, trainers] = await Promise.all([venuesOf(ctx.db, organisationId), trainersOf(ctx.db, organisationId)])
  const subdistricts = new Map(ctx.plan.subdistricts.map(({ code, name }) => [code, name]))
  const today = dayOf(ctx.now)
  return {
    area,
    rooms: venues.flatMap((venue) => {
      const place = { ...venue, subdistrict: subdistricts.get(venue.subdistrict) ?? '' }
      const rooms: (Venue['rooms'][number] | null)[] = venue.rooms.length > 0 ? venue.rooms : [null]
      return rooms.map((room) => ({ venue: place, room }))
    }),
    trainers: trainers.map(({ personId: _, ...one }) => ({
      ...one,
      valid: one.qualification !== '' && one.validFrom <= today && (one.validTo === null || one.validTo >= today),
    })),
    mayEdit: ctx.actor.can('class.edit', { organisationId }),
  }
}

export default function Places({ loaderData }: Route.ComponentProps) {
  const { area, rooms, trainers, mayEdit } = loaderData
  return (
    <>
      <PageHeader title="场地和师资" crumbs={[{ label: '工作台首页', href: paths[area]() }]} />
      <div className="stack">
        <Section title="场地和教室" description="班级人数不能超过教室座位数。">
          <DataTable
            caption="教室"
            rows={rooms}
            rowKey={(row) => row.room?.id ?? row.venue.id}
            columns={[
              {
                key: 'venue',
                header: '场地',
                cell: (row) =>
                  mayEdit ? <a href={paths.place(area, 'venue', row.venue.id)}>{row.venue.name}</a> : row.venue.name,
              },
              { key: 'address', header: '地址', cell: (row) => `${row.venue.subdistrict}　${row.venue.address}` },
              {
                key: 'room',
                header: '教室',
                cell: (row) =>
                  row.room ? (
                    mayEdit ? (
                      <a href={paths.place(area, 'room', row.room.id, row.venue.id)}>{row.room.name}</a>
                    ) : (
                      row.room.name
                    )
                  ) : (
                    '还没有教室'
                  ),
              },
              { key: 'seats', header: '座位', end: true, cell: (row) => row.room?.seats ?? 0 },
              {
                key: 'add',
                header: '办理',
                cell: (row) =>
                  mayEdit ? (
                    <a href={paths.place(area, 'room', 'new', row.venue.id)} aria-label={`在${row.venue.name}增加教室`}>
                      增加教室
                    </a>
                  ) : (
                    '无'
                  ),
              },
            ]}
            empty={
              <EmptyState icon="building" title="还没有登记场地">
                班级和课表都要用到。
              </EmptyState>
            }
          />
          <Actions>
            {mayEdit ? (
              <LinkButton href={paths.place(area, 'venue', 'new')}>增加场地</LinkButton>
            ) : (
              <DisabledButton reason="由教务或管理员登记。">增加场地</DisabledButton>
            )}
          </Actions>
        </Section>
        <Section title="师资" description="教师凭证件登记：同一个人同一时间不能上两堂课，在哪家机构都一样。">
          <DataTable
            caption="教师"
            rows={trainers}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'name',
                header: '姓名',
                cell: (row) => (mayEdit ? <a href={paths.place(area, 'trainer', row.id)}>{row.name}</a> : row.name),
              },
              { key: 'qualification', header: '资格或职称', cell: (row) => row.qualification || '未填' },
              { key: 'from', header: '生效', keep: true, cell: (row) => <DayText day={row.validFrom} /> },
              {
                key: 'to',
                header: '失效',
                keep: true,
                cell: (row) => (row.validTo ? <DayText day={row.validTo} /> : '长期'),
              },
              {
                key: 'valid',
                header: '今天',
                keep: true,
                cell: (row) => (
                  <StatusTag tone={row.valid ? 'good' : 'warn'}>{row.valid ? '有效' : '待补或已过期'}</StatusTag>
                ),
              },
            ]}
            empty={
              <EmptyState icon="people" title="还没有登记教师">
                班级至少要有一名有资格的教师。
              </EmptyState>
            }
          />
          <Actions>
            {mayEdit ? (
              <LinkButton href={paths.place(area, 'trainer', 'new')}>增加教师</LinkButton>
            ) : (
              <DisabledButton reason="由教务或管理员登记。">增加教师</DisabledButton>
            )}
          </Actions>
        </Section>
      </div>
    </>
  )
}
