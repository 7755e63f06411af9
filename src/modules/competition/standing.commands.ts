import { sql } from 'kysely'
import type { Tx } from '#platform/command.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { type EventRow, termsOf } from './case.commands.ts'
import { type Contestant, rank } from './ranking.rules.ts'
import { roundEntries, roundsOf, standingMarks } from './round.queries.ts'

/**
 * Places and prizes as the marks stand now: a further run, so that what stood before can still be read.
 * @clause R32
 */
export async function makeStandings(tx: Tx, event: EventRow, type: CompetitionType): Promise<number> {
  const terms = await termsOf(tx, event)
  const rounds = (await roundsOf(tx.db, event.id)).filter((one) => one.state === 'closed')
  const marks = await standingMarks(
    tx.db,
    rounds.map((one) => one.id),
  )
  const contestants = new Map<string, Contestant & { part: boolean }>()
  const last = rounds.at(-1)
  const practical = rounds.findLast((one) => one.kind === 'practical')
  for (const round of rounds) {
    for (const row of await roundEntries(tx.db, round.id)) {
      if (row.entryState !== 'eligible') continue
      const known = contestants.get(row.entryId)
      const modules = marks.filter((one) => one.roundId === practical?.id && one.entryId === row.entryId)
      contestants.set(row.entryId, {
        ...{ entryId: row.entryId, groupId: row.groupId },
        part: known?.part === true || !row.absent,
        rounds: { ...known?.rounds, [round.round]: row.mark ?? 0 },
        modules: Object.fromEntries(modules.map(({ module, mark }) => [module, mark])),
        ranked: round.id === last?.id && last.seq === type.rounds.length && row.passed === true,
      })
    }
  }
  const run = event.run + 1
  const groups = Map.groupBy(
    [...contestants.values()].filter((one) => one.part),
    (one) => one.groupId,
  )
  const places = [...groups.values()].flatMap((own) =>
    rank(type, own, { tookPart: own.length, prizeShare: terms.prizeShare, meritShare: terms.meritShare }),
  )
  const breakdown = places.map(({ entryId }) => {
    const one = contestants.get(entryId)
    return JSON.stringify({ rounds: one?.rounds ?? {}, modules: one?.modules ?? {} })
  })
  await sql`
    insert into competition.standings (event_id, run, entry_id, group_id, total, place, prize, tie, breakdown)
    select ${event.id}, ${run}, x.* from unnest(${places.map((one) => one.entryId)}::uuid[], ${places.map((one) => one.groupId)}::text[],
      ${places.map((one) => one.total)}::numeric[], ${places.map((one) => one.place)}::int[], ${places.map((one) => one.prize)}::text[],
      ${places.map((one) => one.tie)}::text[], ${breakdown}::jsonb[]) x
  `.execute(tx.db)
  await tx.db.updateTable('competition.events').set({ run }).where('id', '=', event.id).execute()
  event.run = run
  return run
}
