import { data } from 'react-router'
import { boards } from '#modules/competition/board.queries.ts'
import { standingsOf } from '#modules/competition/entry.queries.ts'
import { eventPage } from '#modules/competition/event.queries.ts'
import { eventStates } from '#modules/competition/event.schema.ts'
import { RoundBoard, Standings } from '../../competition/boards.tsx'
import { eventTones } from '../../competition/desk.ts'
import { current, fail } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { instantText } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/board.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(`实时成绩 ${loaderData?.event.title ?? ''}`)

/** How often a page that is left open asks again. */
const seconds = 20

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const { event, type } = await eventPage(ctx, isId(params.id), 'public').catch(fail(request))
  const running = event.state === 'running'
  const live = running && new URL(request.url).searchParams.get('live') !== 'no'
  const shown = {
    event,
    type,
    live,
    running,
    at: ctx.now,
    boards: await boards(ctx.db, type, event.id),
    standings: event.run > 0 ? await standingsOf(ctx.db, event.id) : null,
  }
  // the browser itself asks again: no script
  return live ? data(shown, { headers: { refresh: String(seconds) } }) : shown
}

export const headers = ({ loaderHeaders }: Route.HeadersArgs) => loaderHeaders

export default function Scoreboard({ loaderData }: Route.ComponentProps) {
  const { event, type, live, running, at, boards: rounds, standings } = loaderData
  return (
    <PageBody>
      <PageHeader
        title="实时成绩"
        caption={event.title}
        crumbs={[
          { label: '技能竞赛', href: paths.competitions() },
          { label: event.title, href: paths.competition(event.id) },
        ]}
        tag={<StatusTag tone={eventTones[event.state]}>{eventStates[event.state]}</StatusTag>}
      />
      <div className="stack">
        <p>
          {instantText(at)}的成绩。
          {running &&
            (live ? (
              <>
                每 {seconds} 秒自动更新。<a href={paths.scoreboard(event.id, { live: 'no' })}>停止自动更新</a>
              </>
            ) : (
              <>
                自动更新已停止。<a href={paths.scoreboard(event.id)}>恢复自动更新</a>
              </>
            ))}
        </p>
        {standings && (
          <Section title="名次">
            <Standings standings={standings} type={type} />
          </Section>
        )}
        {rounds.length === 0 ? (
          <EmptyState icon="clock" title="还没有开赛">
            开赛后在这里看每一轮的成绩。
          </EmptyState>
        ) : (
          rounds.toReversed().map((board) => <RoundBoard key={board.round.id} board={board} type={type} />)
        )}
      </div>
    </PageBody>
  )
}
