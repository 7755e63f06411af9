import { redirect } from 'react-router'
import { changesOf } from '#modules/competition/board.queries.ts'
import { entriesOf, standingsOf } from '#modules/competition/entry.queries.ts'
import { documentsOf, eventPage, placesOf } from '#modules/competition/event.queries.ts'
import { workable } from '#modules/competition/event.rules.ts'
import { eventStates, moveLabels } from '#modules/competition/event.schema.ts'
import { judgeList, judgePool } from '#modules/competition/judge.queries.ts'
import { roundsOf } from '#modules/competition/round.queries.ts'
import { clocksOf, movesOf } from '#modules/training/case.queries.ts'
import { dayOf } from '#shared/dates.ts'
import { Standings } from '../../competition/boards.tsx'
import { Changes, Disqualify } from '../../competition/changes.tsx'
import { competitionWords, eventTones } from '../../competition/desk.ts'
import { Documents } from '../../competition/document-form.tsx'
import { EntrySteps, EntryTable } from '../../competition/entry-steps.tsx'
import { EventFacts, Places, TypeUndecided } from '../../competition/facts.tsx'
import { FilingForm } from '../../competition/filing-form.tsx'
import { HostSteps } from '../../competition/host-steps.tsx'
import { runIntent } from '../../competition/intents.ts'
import { Judges } from '../../competition/judges.tsx'
import { entrantOf } from '../../competition/own.ts'
import { Rounds } from '../../competition/rounds.tsx'
import { attempt, fail } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { Clocks, History } from '../../recognition/parts.tsx'
import { title } from '../../site.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Route } from './+types/host.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.event.title ?? '竞赛')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = entrantOf(args, 'competition.host')
  const { event, type } = await eventPage(ctx, isId(args.params.id), 'host').catch(fail(args.request))
  return {
    ...{ area, event, type, me: ctx.actor.id, today: dayOf(ctx.now) },
    places: await placesOf(ctx.db, event.id),
    documents: await documentsOf(ctx.db, event.id),
    judges: await judgeList(ctx.db, event.id),
    pool: await judgePool(ctx.db, event.id),
    entries: await entriesOf(ctx.db, event.id),
    rounds: await roundsOf(ctx.db, event.id),
    changes: await changesOf(ctx.db, event.id),
    standings: event.run > 0 ? await standingsOf(ctx.db, event.id) : null,
    moves: await movesOf(ctx.db, 'competition', event.id),
    clocks: await clocksOf(ctx, 'competition', event.id),
    reasons: ctx.plan.reasonCodes
      .filter((one) => one.stage === 'competition')
      .map(({ code, text, mend }) => ({ code, text, mend })),
    undecided: ctx.plan.undecidedText,
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = entrantOf(args, 'competition.host')
  const eventId = isId(args.params.id)
  const form = await args.request.formData()
  const tried = await attempt(runIntent(ctx, form, { eventId }), form, competitionWords(ctx))
  return tried.ok ? redirect(done(paths.hostedCompetition(area, eventId), `competition-${tried.value}`)) : tried.answer
}

export default function Host({ loaderData, actionData }: Route.ComponentProps) {
  const { area, event, type, places, judges, entries, rounds, changes, standings, moves, clocks, reasons } = loaderData
  const editable = workable.includes(event.state)
  const last = moves.findLast((one) => one.move === 'return' || one.move === 'reject')
  const at = (...states: (typeof event.state)[]) => states.includes(event.state)
  const preparing = at('accepted', 'announced', 'checking', 'running')
  return (
    <>
      <PageHeader
        title={event.title}
        caption={`${type.name}　${event.number ?? '草稿'}`}
        crumbs={[{ label: '技能竞赛', href: paths.ownCompetitions(area) }]}
        tag={<StatusTag tone={eventTones[event.state]}>{eventStates[event.state]}</StatusTag>}
      />
      <div className="stack">
        {last && at('returned', 'rejected') && (
          <Notice tone="warn" title={event.state === 'returned' ? '需要补正' : '不予备案'}>
            <ul className="list-disc ps-5">
              {reasons
                .filter((one) => last.reasonCodes.includes(one.code))
                .map((one) => (
                  <li key={one.code}>
                    {one.text}。{one.mend}。
                  </li>
                ))}
              {last.note && <li>{last.note}</li>}
            </ul>
          </Notice>
        )}
        <Clocks clocks={clocks} />
        <HostSteps data={loaderData} failed={actionData} />
        {editable ? (
          <FilingForm data={loaderData} failed={actionData} />
        ) : (
          <>
            <Section title="竞赛方案">
              <EventFacts event={event} type={type} />
            </Section>
            <Section title="组别和名额">
              <Places event={event} type={type} places={places} />
            </Section>
          </>
        )}
        <TypeUndecided type={type} text={loaderData.undecided} />
        {!editable && !at('filed', 'review', 'rejected', 'withdrawn') && (
          <>
            <Section title="技术文件">
              <Documents data={loaderData} failed={actionData} writes={event.state === 'accepted'} />
            </Section>
            <Section
              title="裁判"
              description="从专家库中选。与选手同一单位、有亲属关系、教过选手或者本人参赛的，平台不让担任。"
            >
              <Judges
                judges={judges}
                pool={preparing ? loaderData.pool : []}
                drawing={event.state === 'checking'}
                failed={actionData}
              />
            </Section>
          </>
        )}
        {(entries.length > 0 || at('announced')) && (
          <Section title="报名" description={`共 ${entries.length} 个报名。`}>
            <EntrySteps data={loaderData} failed={actionData} />
            <EntryTable entries={entries} type={type} />
          </Section>
        )}
        {rounds.length > 0 && (
          <Section title="轮次">
            <Rounds rounds={rounds} href={(id) => paths.hostedRound(area, id)} />
          </Section>
        )}
        {standings && (
          <Section title="名次">
            <Standings standings={standings} type={type} />
          </Section>
        )}
        {rounds.length > 0 && (
          <Section title="更正成绩和取消资格" description="一人提出并写明理由，另一人决定；原来的分数保留。">
            <Changes
              changes={changes}
              type={type}
              me={loaderData.me}
              mendable={at('running', 'scored')}
              failed={actionData}
            />
            {at('running', 'scored') && <Disqualify entries={entries} failed={actionData} />}
          </Section>
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
