import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { events } from './event.queries.ts'
import { seedContext } from './event.schema.ts'
import { partsOf, type RoundLine, roundEntries, roundsOf, standingMarks } from './round.queries.ts'

type Db = Ctx['db']

export type BoardRow = {
  code: string
  /** Empty while the round is marked: the code alone stands. */
  name: string
  unit: string
  groupId: string
  absent: boolean
  /** Part → mark that stands; absent: not yet. */
  marks: Record<string, number>
  /** Of the whole round; null until every part is there. */
  mark: number | null
  advanced: boolean | null
  changed: boolean
}
export type Board = {
  round: RoundLine
  parts: { id: string; title: string; weight: number }[]
  rows: BoardRow[]
  done: number
}

/**
 * What everybody sees of a round as it is marked: codes with the marks that stand. Names come when it is closed.
 * @clause R32
 */
export async function boardOf(db: Db, type: CompetitionType, round: RoundLine): Promise<Board> {
  const parts = partsOf(type, round.kind)
  const [entries, marks] = [await roundEntries(db, round.id), await standingMarks(db, [round.id])]
  const byEntry = Map.groupBy(marks, (one) => one.entryId)
  const open = round.state === 'closed'
  const rows = entries.map((one): BoardRow => {
    const own = byEntry.get(one.entryId) ?? []
    const each = Object.fromEntries(own.map(({ module, mark }) => [module, mark]))
    return {
      ...{ code: one.code, groupId: one.groupId, absent: one.absent, marks: each },
      ...{ name: open ? one.name : '', unit: open ? one.unit : '' },
      ...{ mark: open ? one.mark : null, advanced: one.advanced, changed: own.some((mark) => mark.seq > 1) },
    }
  })
  const sorted = open ? rows.toSorted((a, b) => (b.mark ?? -1) - (a.mark ?? -1) || (a.code < b.code ? -1 : 1)) : rows
  const done = rows.filter((one) => one.absent || Object.keys(one.marks).length === parts.length).length
  return { round, parts, rows: sorted, done }
}

export async function boards(db: Db, type: CompetitionType, eventId: string): Promise<Board[]> {
  const rounds = (await roundsOf(db, eventId)).filter((one) => one.state !== 'waiting')
  return Promise.all(rounds.map((round) => boardOf(db, type, round)))
}

export type ChangeLine = {
  id: string
  kind: 'mark' | 'disqualify'
  entryNumber: string
  round: string | null
  module: string
  oldMark: number | null
  newMark: number | null
  reason: string
  state: 'proposed' | 'approved' | 'declined'
  proposedBy: string
  proposedById: string
  proposedAt: Date
  decidedBy: string
}

export async function changesOf(db: Db, eventId: string): Promise<ChangeLine[]> {
  const { rows } = await sql<ChangeLine>`
    select c.id, c.kind, n.number as "entryNumber", r.title as round, c.module, c.old_mark::float8 as "oldMark",
      c.new_mark::float8 as "newMark", c.reason, c.state, c.proposed_by_name as "proposedBy", c.proposed_by as "proposedById",
      c.proposed_at as "proposedAt", c.decided_by_name as "decidedBy"
    from competition.changes c join competition.entries n on n.id = c.entry_id left join competition.rounds r on r.id = c.round_id
    where c.event_id = ${eventId} order by c.proposed_at
  `.execute(db)
  return rows
}

/** The seed of the blind codes, once prizes are given: everybody can find the order of the codes again. */
export async function openedSeed({ db, crypto }: Pick<Ctx, 'db' | 'crypto'>, eventId: string): Promise<string | null> {
  const row = await db
    .selectFrom('competition.events')
    .select(['seed_sealed', 'state'])
    .where('id', '=', eventId)
    .executeTakeFirst()
  if (!row?.seed_sealed || !['awarded', 'archived'].includes(row.state)) return null
  return crypto.open(row.seed_sealed, seedContext)
}

/** A judge's rounds that can be marked now, and those that were. */
export async function judgingOf(ctx: Ctx) {
  const { rows } = await sql<{
    judgeId: string
    eventId: string
    title: string
    duty: 'chief' | 'judge'
    roundId: string | null
    roundTitle: string | null
    state: 'waiting' | 'marking' | 'closed' | null
    given: number
  }>`
    select j.id as "judgeId", e.id as "eventId", e.title, j.duty, r.id as "roundId", r.title as "roundTitle", r.state,
      (select count(*) from competition.sheets s where s.judge_id = j.id and s.round_id = r.id)::int as given
    from competition.judges j join recognition.experts x on x.id = j.expert_id join competition.events e on e.id = j.event_id
    left join competition.rounds r on r.event_id = e.id
    where x.person_id = ${ctx.actor.personId} and j.state = 'seated' order by e.saved_at desc, r.seq
  `.execute(ctx.db)
  return rows
}

export const eventById = (db: Db, id: string) => events(db).where('e.id', '=', id).executeTakeFirst()
