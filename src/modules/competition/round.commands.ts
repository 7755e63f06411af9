import { sql } from 'kysely'
import { command, type Tx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { missing, refused } from '#platform/errors.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf } from '#shared/dates.ts'
import { type EventRow, earlyNote, lockEvent, lockHosted, moveEvent, mustBe, no, termsOf } from './case.commands.ts'
import { openSeed } from './document.commands.ts'
import { TimedStep } from './event.schema.ts'
import { entryFacts, seatedJudges } from './judge.queries.ts'
import { enoughJudges } from './judge.rules.ts'
import { ChooseRound, MarkAbsent, type RoundState } from './mark.schema.ts'
import { cut, weighted } from './marking.rules.ts'
import { partsOf, roundEntries, roundsOf, standingMarks } from './round.queries.ts'
import { makeStandings } from './standing.commands.ts'

/**
 * The competition begins: everybody has been looked at, a chief and enough judges without conflict are there; the first
 * round opens behind blind codes.
 * @clause R32 @clause A02
 */
export const beginEvent = command({
  name: 'competition.beginEvent',
  permission: 'competition.host',
  input: TimedStep,
  async run(tx, { eventId, note }) {
    const { event, type } = await lockHosted(tx, eventId)
    mustBe(event, 'checking')
    const early = earlyNote(tx, event, 'begin', note)
    const entries = await tx.db
      .selectFrom('competition.entries')
      .select(['id', 'state'])
      .where('event_id', '=', eventId)
      .execute()
    const open = entries.filter((one) => one.state === 'registered').length
    if (open > 0) throw no('entries-open', { count: open })
    const eligible = entries.filter((one) => one.state === 'eligible').map((one) => one.id)
    if (eligible.length === 0) throw no('no-entries')
    const judges = await seatedJudges(tx.db, eventId)
    if (!judges.some((one) => one.duty === 'chief')) throw no('chief-missing')
    const enough = enoughJudges(judges, await entryFacts(tx.db, eventId))
    if (!enough.ok) throw refused(enough.refusal)
    await tx.db
      .insertInto('competition.rounds')
      .values(
        type.rounds.map((round, at) => ({
          ...{ event_id: eventId, seq: at + 1, round: round.id, kind: round.kind, title: round.label },
        })),
      )
      .execute()
    await moveEvent(tx, event, 'begin', { note: early })
    await openRound(tx, event, 1, eligible)
    await tx.enqueue('reports.countCompetition', { eventId }, { key: `count-competition:${eventId}` })
    return { eventId, state: event.state, count: eligible.length }
  },
})

/** Codes follow SHA-256 of seed, round and entry: whoever has the seed finds them again, nobody else can guess them. */
export const codeOrder = (seed: string, round: string, ids: readonly string[]): string[] =>
  ids
    .map((id) => ({ id, key: sha256(`${seed}:${round}:${id}`) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ id }) => id)

async function openRound(tx: Tx, event: EventRow, seq: number, entryIds: readonly string[]): Promise<void> {
  const round = await tx.db
    .updateTable('competition.rounds')
    .set({ state: 'marking', opened_at: tx.now })
    .where('event_id', '=', event.id)
    .where('seq', '=', seq)
    .returning(['id', 'round'])
    .executeTakeFirstOrThrow()
  const ordered = codeOrder(openSeed(tx, event), round.round, entryIds)
  const letter = String.fromCharCode(64 + seq)
  const width = Math.max(3, String(ordered.length).length)
  const codes = ordered.map((_, at) => `${letter}${String(at + 1).padStart(width, '0')}`)
  await sql`
    insert into competition.round_entries (round_id, event_id, entry_id, code)
    select ${round.id}, ${event.id}, entry, code from unnest(${ordered}::uuid[], ${codes}::text[]) x (entry, code)
  `.execute(tx.db)
}

export type RoundCase = Awaited<ReturnType<typeof lockRound>>

/** A round of a running competition, the competition locked before it. */
export async function lockRound(tx: Tx, roundId: string, strength: 'update' | 'share' = 'update') {
  const found = await tx.db
    .selectFrom('competition.rounds')
    .select('event_id')
    .where('id', '=', roundId)
    .executeTakeFirst()
  if (!found) throw missing('round')
  const { event, type } = await lockEvent(tx, found.event_id, strength)
  const query = tx.db.selectFrom('competition.rounds').selectAll().where('id', '=', roundId)
  const row = await (strength === 'update' ? query.forUpdate() : query.forShare()).executeTakeFirstOrThrow()
  tx.about('round', roundId)
  return { event, type, round: { ...row, state: row.state as RoundState, kind: row.kind as 'theory' | 'practical' } }
}

/** Who runs the marking: the host's people, the seated chief, or the bureau. Everybody else does not find it. */
export async function mustRun(tx: Tx, event: Pick<EventRow, 'id' | 'organisation_id'>): Promise<void> {
  if (tx.actor.can('competition.host', { organisationId: event.organisation_id })) return
  if (tx.actor.can('competition.manage')) return
  const chief =
    tx.actor.personId &&
    tx.actor.can('competition.judge') &&
    (await tx.db
      .selectFrom('competition.judges')
      .select('id')
      .where('event_id', '=', event.id)
      .where('person_id', '=', tx.actor.personId)
      .where('duty', '=', 'chief')
      .where('state', '=', 'seated')
      .executeTakeFirst())
  if (!chief) throw missing('competition')
}

export function mustMark(event: EventRow, round: { state: RoundState }): void {
  mustBe(event, 'running')
  if (round.state !== 'marking') throw no('round-state', { state: round.state })
}

/** Somebody did not come. Nothing has been marked for that code. */
export const markAbsent = command({
  name: 'competition.markAbsent',
  permission: 'public',
  input: MarkAbsent,
  async run(tx, { roundId, code }) {
    const { event, round } = await lockRound(tx, roundId)
    await mustRun(tx, event)
    mustMark(event, round)
    const row = await tx.db
      .selectFrom('competition.round_entries')
      .select('entry_id')
      .where('round_id', '=', roundId)
      .where('code', '=', code.toUpperCase())
      .executeTakeFirst()
    if (!row) throw missing('code')
    const { rows } = await sql<{ any: boolean }>`
      select exists (select from competition.sheets where round_id = ${roundId} and entry_id = ${row.entry_id})
        or exists (select from competition.marks where round_id = ${roundId} and entry_id = ${row.entry_id}) as any
    `.execute(tx.db)
    if (rows[0]?.any) throw no('absent-marked')
    await tx.db
      .updateTable('competition.round_entries')
      .set({ absent: true })
      .where('round_id', '=', roundId)
      .where('entry_id', '=', row.entry_id)
      .execute()
    return { roundId }
  },
})

/**
 * Every mark is there: results of the round, who goes on; the next round opens, or places and prizes come out and the days
 * for protests begin. Whoever brought the marks in does not close the round.
 * @clause R32
 */
export const closeRound = command({
  name: 'competition.closeRound',
  permission: 'public',
  input: ChooseRound,
  async run(tx, { roundId }) {
    const { event, type, round } = await lockRound(tx, roundId)
    await mustRun(tx, event)
    mustMark(event, round)
    const brought = await tx.db
      .selectFrom('competition.imports')
      .select('id')
      .where('round_id', '=', roundId)
      .where('by_user', '=', tx.actor.id)
      .executeTakeFirst()
    if (brought) throw no('own-import')
    const advanced = await resultsOf(tx, event, type, round)
    await tx.db
      .updateTable('competition.rounds')
      .set({ state: 'closed', closed_by: tx.actor.id, closed_by_name: tx.actor.name, closed_at: tx.now })
      .where('id', '=', roundId)
      .execute()
    const next = (await roundsOf(tx.db, event.id)).find((one) => one.seq === round.seq + 1)
    if (next && advanced.length > 0) {
      await openRound(tx, event, next.seq, advanced)
      return { roundId, state: 'closed', count: advanced.length }
    }
    const terms = await termsOf(tx, event)
    const until = addWorkdays(dayOf(tx.now), terms.protestDays).day
    await moveEvent(tx, event, 'settle', { set: { protests_until: until } })
    await makeStandings(tx, event, type)
    return { roundId, state: 'closed', count: advanced.length }
  },
})

/** Writes each entry's mark of the round and whether it goes on; who already goes on stays on when `keeps`. */
export async function resultsOf(
  tx: Tx,
  event: EventRow,
  type: CompetitionType,
  round: { id: string; round: string; kind: 'theory' | 'practical' },
  keeps = false,
): Promise<string[]> {
  const terms = await termsOf(tx, event)
  const own = type.rounds.find((one) => one.id === round.round)
  if (!own) throw missing('round')
  const parts = partsOf(type, round.kind)
  const entries = (await roundEntries(tx.db, round.id)).filter((one) => one.entryState === 'eligible')
  const marks = Map.groupBy(await standingMarks(tx.db, [round.id]), (one) => one.entryId)
  const lacking = entries.filter((one) => !one.absent && (marks.get(one.entryId)?.length ?? 0) < parts.length)
  if (lacking.length > 0) throw no('marks-missing', { count: lacking.length, what: '选手' })
  const rows = entries.map((one) => {
    const each = Object.fromEntries((marks.get(one.entryId) ?? []).map(({ module, mark }) => [module, mark]))
    return { ...one, mark: one.absent ? 0 : weighted(parts, each) }
  })
  const before = new Map(entries.map((one) => [one.entryId, one.advanced]))
  const results = cut(rows, own, terms).map((one) => ({
    ...one,
    advanced: keeps ? (before.get(one.entryId) ?? one.advanced) : one.advanced,
  }))
  const markOf = new Map(rows.map((one) => [one.entryId, one.mark]))
  await sql`
    update competition.round_entries r set mark = x.mark, passed = x.passed, advanced = x.advanced
    from unnest(${results.map((one) => one.entryId)}::uuid[], ${results.map((one) => markOf.get(one.entryId) ?? 0)}::numeric[],
      ${results.map((one) => one.passed)}::boolean[], ${results.map((one) => one.advanced)}::boolean[]) x (entry, mark, passed, advanced)
    where r.round_id = ${round.id} and r.entry_id = x.entry
  `.execute(tx.db)
  return results.filter((one) => one.advanced).map((one) => one.entryId)
}
