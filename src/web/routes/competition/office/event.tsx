import { redirect } from 'react-router'
import { changesOf } from '#modules/competition/board.queries.ts'
import { awardsOfEvent, entriesOf, protestsOf, standingsOf, upwardOf } from '#modules/competition/entry.queries.ts'
import { documentsOf, eventPage, placesOf } from '#modules/competition/event.queries.ts'
import { eventStates, moveLabels } from '#modules/competition/event.schema.ts'
import { judgeList } from '#modules/competition/judge.queries.ts'
import { resultLists } from '#modules/competition/publication.queries.ts'
import { roundsOf } from '#modules/competition/round.queries.ts'
import { clocksOf, movesOf } from '#modules/training/case.queries.ts'
import { Awards } from '../../../competition/awards.tsx'
import { Standings } from '../../../competition/boards.tsx'
import { Changes, Disqualify } from '../../../competition/changes.tsx'
import { competitionWords, eventTones } from '../../../competition/desk.ts'
import { DeskSteps } from '../../../competition/desk-steps.tsx'
import { Documents } from '../../../competition/document-form.tsx'
import { EntryTable } from '../../../competition/entry-steps.tsx'
import { EventFacts, Places, TypeUndecided } from '../../../competition/facts.tsx'
import { runIntent } from '../../../competition/intents.ts'
import { Judges } from '../../../competition/judges.tsx'
import { Protests } from '../../../competition/protests.tsx'
import { Rounds } from '../../../competition/rounds.tsx'
import { attempt, fail, signedIn } from '../../../ctx.ts'
import { isId } from '../../../params.ts'
import { done, paths } from '../../../paths.ts'
import { Clocks, History } from '../../../recognition/parts.tsx'
import { title } from '../../../site.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { More, Section } from '../../../ui/section.tsx'
import { StatusTag } from '../../../ui/status-tag.tsx'
import type { Route } from './+types/event.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.event.title ?? '竞赛')

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'competition.read')
  const { event, type } = await eventPage(ctx, isId(params.id), 'desk').catch(fail(request))
  const { actor, plan } = ctx
  const reasons = plan.reasonCodes.filter((one) => one.stage === 'competition')
  return {
    ...{ event, type, me: actor.id, undecided: plan.undecidedText },
    places: await placesOf(ctx.db, event.id),
    documents: await documentsOf(ctx.db, event.id),
    judges: await judgeList(ctx.db, event.id),
    entries: await entriesOf(ctx.db, event.id),
    rounds: await roundsOf(ctx.db, event.id),
    changes: await changesOf(ctx.db, event.id),
    protests: actor.can('competition.manage') ? await protestsOf(ctx, event.id) : [],
    standings: event.run > 0 ? await standingsOf(ctx.db, event.id) : null,
    lists: await resultLists(ctx, event.id),
    awards: await awardsOfEvent(ctx.db, event.id),
    upward: await upwardOf(ctx.db, event.id),
    moves: await movesOf(ctx.db, 'competition', event.id),
    clocks: await clocksOf(ctx, 'competition', event.id),
    reasons: reasons.map(({ code, text, mend, outcome }) => ({ code, text, mend, outcome })),
    may: {
      manage: actor.can('competition.manage'),
      decide: actor.can('competition.decide'),
      publicise: actor.can('publicity.run'),
    },
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'competition.read')
  const eventId = isId(params.id)
  const form = await request.formData()
  const tried = await attempt(runIntent(ctx, form, { eventId }), form, competitionWords(ctx))
  return tried.ok ? redirect(done(paths.officeCompetition(eventId), `competition-${tried.value}`)) : tried.answer
}

export default function Event({ loaderData, actionData }: Route.ComponentProps) {
  const { event, type, places, judges, entries, rounds, changes, standings, lists, awards, moves, clocks, reasons } =
    loaderData
  const mendable = event.state === 'running' || event.state === 'scored'
  return (
    <>
      <PageHeader
        title={event.title}
        caption={`${type.name}　${event.number ?? ''}`}
        crumbs={[{ label: '竞赛办件', href: paths.competitionDesk() }]}
        tag={<StatusTag tone={eventTones[event.state]}>{eventStates[event.state]}</StatusTag>}
      />
      <div className="stack">
        <Clocks clocks={clocks} />
        <DeskSteps data={loaderData} failed={actionData} />
        <Section title="竞赛方案">
          <EventFacts event={event} type={type} />
        </Section>
        <Section title="组别和名额">
          <Places event={event} type={type} places={places} />
        </Section>
        <TypeUndecided type={type} text={loaderData.undecided} />
        {loaderData.documents.length > 0 && (
          <Section title="技术文件">
            <Documents data={loaderData} failed={undefined} writes={false} />
          </Section>
        )}
        {loaderData.protests.length > 0 && (
          <Section title="申诉">
            <Protests protests={loaderData.protests} may={loaderData.may.manage} failed={actionData} />
          </Section>
        )}
        {standings && (
          <Section title="名次">
            <Standings standings={standings} type={type} />
          </Section>
        )}
        {lists.length > 0 && (
          <Section title="公示">
            <ul className="list-disc ps-5">
              {lists.map((one) => (
                <li key={one.id}>
                  <a href={paths.resultList(one.id)}>{one.title}</a>（{one.number}，
                  {one.state === 'void' ? '已作废' : one.running ? '公示中' : '已结束'}）
                </li>
              ))}
            </ul>
          </Section>
        )}
        {awards.length > 0 && (
          <Section title="获奖和推荐">
            <Awards data={loaderData} failed={actionData} />
          </Section>
        )}
        {rounds.length > 0 && (
          <>
            <Section title="轮次">
              <Rounds rounds={rounds} href={paths.officeRound} />
            </Section>
            <Section title="更正成绩和取消资格" description="一人提出并写明理由，另一人决定；原来的分数保留。">
              <Changes
                changes={changes}
                type={type}
                me={loaderData.me}
                mendable={mendable && loaderData.may.manage}
                failed={actionData}
              />
              {mendable && loaderData.may.manage && <Disqualify entries={entries} failed={actionData} />}
            </Section>
          </>
        )}
        {judges.length > 0 && (
          <Section title="裁判">
            <Judges judges={judges} pool={[]} />
          </Section>
        )}
        {entries.length > 0 && (
          <More label={`报名（${entries.length} 个）`}>
            <EntryTable entries={entries} type={type} />
          </More>
        )}
        <History
          moves={moves}
          reasons={Object.fromEntries(reasons.map((one) => [one.code, one.text]))}
          labels={moveLabels}
        />
      </div>
    </>
  )
}
