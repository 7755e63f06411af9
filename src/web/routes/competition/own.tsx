import { myEntries } from '#modules/competition/entry.queries.ts'
import { entryStates } from '#modules/competition/entry.schema.ts'
import { hostedEvents, publicEvents } from '#modules/competition/event.queries.ts'
import { eventStates } from '#modules/competition/event.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { entryTones, eventTones } from '../../competition/desk.ts'
import { entrantOf } from '../../competition/own.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { dayText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/own.ts'

export const meta = () => title('技能竞赛')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area, organisationId } = entrantOf(args)
  const today = dayOf(ctx.now)
  const hosts = organisationId !== null && ctx.actor.can('competition.host', { organisationId })
  const open = await publicEvents(ctx.db)
  return {
    area,
    hosts,
    hosted: hosts ? await hostedEvents(ctx.db, organisationId) : [],
    open: open.filter(
      (one) => one.state === 'announced' && (one.entriesFrom ?? '') <= today && today <= (one.entriesTo ?? ''),
    ),
    entries: await myEntries(ctx, organisationId),
  }
}

export default function Own({ loaderData: { area, hosts, hosted, open, entries } }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="技能竞赛"
        actions={
          hosts && (
            <LinkButton href={paths.newCompetition(area)} kind="primary">
              申请办赛
            </LinkButton>
          )
        }
      />
      <div className="stack">
        {hosts && (
          <Section title="本单位主办的竞赛">
            <DataTable
              caption="本单位主办的竞赛"
              rows={hosted}
              rowKey={(row) => row.id}
              columns={[
                {
                  key: 'title',
                  header: '竞赛',
                  cell: (row) => <a href={paths.hostedCompetition(area, row.id)}>{row.title}</a>,
                },
                { key: 'number', header: '编号', keep: true, cell: (row) => row.number ?? '草稿' },
                { key: 'entries', header: '报名', end: true, cell: (row) => row.entries },
                {
                  key: 'state',
                  header: '进度',
                  keep: true,
                  cell: (row) => <StatusTag tone={eventTones[row.state]}>{eventStates[row.state]}</StatusTag>,
                },
              ]}
              empty={
                <EmptyState title="还没有主办竞赛">
                  行业组织、龙头企业和院校可以申请办赛，经区人社局备案后举行。
                </EmptyState>
              }
            />
          </Section>
        )}
        <Section title={area === 'my' ? '我的报名' : '本单位选手的报名'}>
          <DataTable
            caption="报名"
            rows={entries}
            rowKey={(row) => row.id}
            columns={[
              { key: 'name', header: '选手', cell: (row) => <a href={paths.ownEntry(area, row.id)}>{row.name}</a> },
              { key: 'event', header: '竞赛', cell: (row) => row.eventTitle },
              { key: 'number', header: '参赛编号', keep: true, cell: (row) => row.number },
              {
                key: 'state',
                header: '报名',
                keep: true,
                cell: (row) => <StatusTag tone={entryTones[row.state]}>{entryStates[row.state]}</StatusTag>,
              },
              { key: 'event-state', header: '竞赛进度', keep: true, cell: (row) => eventStates[row.eventState] },
            ]}
            empty={<EmptyState title="还没有报名">从下面正在报名的竞赛开始。</EmptyState>}
          />
        </Section>
        <Section title="正在报名的竞赛">
          <DataTable
            caption="正在报名的竞赛"
            rows={open}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'title',
                header: '竞赛',
                cell: (row) => <a href={paths.enterCompetition(area, row.id)}>{row.title}</a>,
              },
              { key: 'host', header: '主办单位', cell: (row) => row.host },
              {
                key: 'until',
                header: '报名截止',
                keep: true,
                cell: (row) => (row.entriesTo ? dayText(row.entriesTo) : '—'),
              },
            ]}
            empty={
              <EmptyState icon="speaker" title="眼下没有正在报名的竞赛">
                竞赛公告发布后会列在这里。
              </EmptyState>
            }
          />
        </Section>
      </div>
    </>
  )
}
