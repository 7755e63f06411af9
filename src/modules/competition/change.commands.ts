import { command, type Tx } from '#platform/command.ts'
import { invalid, missing } from '#platform/errors.ts'
import { lockEvent, mustBe, no } from './case.commands.ts'
import { moveEntry } from './eligibility.commands.ts'
import { mendable } from './event.rules.ts'
import { DecideChange, ProposeChange, ProposeDisqualify } from './mark.schema.ts'
import { readMark } from './marking.rules.ts'
import { lockRound, mustRun, resultsOf } from './round.commands.ts'
import { roundsOf, standingMarks } from './round.queries.ts'
import { makeStandings } from './standing.commands.ts'

/**
 * A mark is to be another: proposed with its reason. The old one stays in any case.
 * @clause R32 @clause C23
 */
export const proposeChange = command({
  name: 'competition.proposeChange',
  permission: 'public',
  input: ProposeChange,
  async run(tx, input) {
    const { event, round } = await lockRound(tx, input.roundId)
    await mustRun(tx, event)
    mustBe(event, ...mendable)
    const mark = readMark(input.mark)
    if (mark === null) throw invalid({ mark: ['请填0到100的分数，最多两位小数'] })
    const entry = await tx.db
      .selectFrom('competition.entries')
      .select('id')
      .where('event_id', '=', event.id)
      .where('number', '=', input.entryNumber.toUpperCase())
      .executeTakeFirst()
    const stands = (await standingMarks(tx.db, [round.id])).find(
      (one) => one.entryId === entry?.id && one.module === input.module,
    )
    if (!entry || !stands) throw no('change-none')
    if (stands.mark === mark) throw no('change-same')
    const id = await propose(tx, {
      ...{ event_id: event.id, entry_id: entry.id, kind: 'mark', round_id: round.id, module: input.module },
      ...{ old_mark: stands.mark, new_mark: mark, reason: input.reason },
    })
    return { changeId: id, eventId: event.id }
  },
})

/** An entry is to lose its standing: cheating, somebody else's name. */
export const proposeDisqualify = command({
  name: 'competition.proposeDisqualify',
  permission: 'public',
  input: ProposeDisqualify,
  async run(tx, { entryId, reason }) {
    const found = await tx.db
      .selectFrom('competition.entries')
      .select('event_id')
      .where('id', '=', entryId)
      .executeTakeFirst()
    if (!found) throw missing('entry')
    const { event } = await lockEvent(tx, found.event_id)
    await mustRun(tx, event)
    mustBe(event, ...mendable)
    const id = await propose(tx, { event_id: event.id, entry_id: entryId, kind: 'disqualify', reason })
    return { changeId: id, eventId: event.id }
  },
})

async function propose(
  tx: Tx,
  values: { event_id: string; entry_id: string; kind: string; reason: string; [more: string]: unknown },
): Promise<string> {
  const made = await tx.db
    .insertInto('competition.changes')
    .values({ ...values, proposed_by: tx.actor.id, proposed_by_name: tx.actor.name, proposed_at: tx.now })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) throw no('change-again')
  tx.about('mark-change', made.id)
  tx.about('entry', values.entry_id)
  return made.id
}

/**
 * Somebody else decides. Approved: the new mark stands beside the old one, and results and places are made anew; who had
 * already gone on to a later round stays in it.
 * @clause R32 @clause C23
 */
export const decideChange = command({
  name: 'competition.decideChange',
  permission: 'public',
  input: DecideChange,
  async run(tx, { changeId, outcome }) {
    const found = await tx.db
      .selectFrom('competition.changes')
      .select('event_id')
      .where('id', '=', changeId)
      .executeTakeFirst()
    if (!found) throw missing('change')
    const { event, type } = await lockEvent(tx, found.event_id)
    await mustRun(tx, event)
    const change = await tx.db
      .selectFrom('competition.changes')
      .selectAll()
      .where('id', '=', changeId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    tx.about('mark-change', changeId)
    if (change.state !== 'proposed') throw no('change-decided')
    if (change.proposed_by === tx.actor.id) throw no('own-change')
    mustBe(event, ...mendable)
    await tx.db
      .updateTable('competition.changes')
      .set({ state: outcome, decided_by: tx.actor.id, decided_by_name: tx.actor.name, decided_at: tx.now })
      .where('id', '=', changeId)
      .execute()
    const told = { changeId, eventId: event.id, state: outcome }
    if (outcome === 'declined') return told
    if (change.kind === 'disqualify') {
      await moveEntry(tx, change.entry_id, 'eligible', 'disqualified', ['eligible'], change.reason)
    } else {
      const roundId = change.round_id as string
      const stands = (await standingMarks(tx.db, [roundId])).find(
        (one) => one.entryId === change.entry_id && one.module === change.module,
      )
      await tx.db
        .insertInto('competition.marks')
        .values({
          ...{ round_id: roundId, entry_id: change.entry_id, module: change.module, seq: (stands?.seq ?? 0) + 1 },
          ...{ mark: change.new_mark as number, source: 'change', change_id: changeId, at: tx.now },
        })
        .execute()
      const round = (await roundsOf(tx.db, event.id)).find((one) => one.id === roundId)
      if (round?.state === 'closed') await resultsOf(tx, event, type, round, true)
    }
    if (event.state === 'scored') await makeStandings(tx, event, type)
    return told
  },
})
