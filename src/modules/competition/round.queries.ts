import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import type { MarkSource, RoundState } from './mark.schema.ts'

type Db = Ctx['db']

export type RoundLine = {
  id: string
  seq: number
  round: string
  kind: 'theory' | 'practical'
  title: string
  state: RoundState
  classId: string | null
  closedBy: string
  closedAt: Date | null
}

export async function roundsOf(db: Db, eventId: string): Promise<RoundLine[]> {
  return db
    .selectFrom('competition.rounds')
    .select(['id', 'seq', 'round', 'kind', 'title', 'state', 'class_id as classId'])
    .select(['closed_by_name as closedBy', 'closed_at as closedAt'])
    .where('event_id', '=', eventId)
    .orderBy('seq')
    .$castTo<RoundLine>()
    .execute()
}

/** What must be marked in a round: the theory, or each module of the type. */
export const partsOf = (
  type: CompetitionType,
  kind: 'theory' | 'practical',
): { id: string; title: string; weight: number }[] =>
  kind === 'theory'
    ? [{ id: 'theory', title: '理论成绩', weight: 100 }]
    : type.modules.map(({ id, title, weight }) => ({ id, title, weight }))

export type StandingMark = { entryId: string; module: string; seq: number; mark: number; source: MarkSource }

/** The marks that stand, each once. */
export async function standingMarks(
  db: Db,
  roundIds: readonly string[],
): Promise<(StandingMark & { roundId: string })[]> {
  return db
    .selectFrom('competition.marks')
    .distinctOn(['round_id', 'entry_id', 'module'])
    .select(['round_id as roundId', 'entry_id as entryId', 'module', 'seq', 'mark', 'source'])
    .where(sql<SqlBool>`round_id = any(${[...roundIds]}::uuid[])`)
    .orderBy('round_id')
    .orderBy('entry_id')
    .orderBy('module')
    .orderBy('seq', 'desc')
    .$castTo<StandingMark & { roundId: string }>()
    .execute()
}

export type RoundEntry = {
  entryId: string
  number: string
  groupId: string
  name: string
  unit: string
  entryState: string
  code: string
  absent: boolean
  mark: number | null
  passed: boolean | null
  advanced: boolean | null
}

export async function roundEntries(db: Db, roundId: string): Promise<RoundEntry[]> {
  return db
    .selectFrom('competition.round_entries as r')
    .innerJoin('competition.entries as n', 'n.id', 'r.entry_id')
    .select(['r.entry_id as entryId', 'n.number', 'n.group_id as groupId', 'n.public_name as name', 'n.unit'])
    .select(['n.state as entryState', 'r.code', 'r.absent', 'r.mark', 'r.passed', 'r.advanced'])
    .where('r.round_id', '=', roundId)
    .orderBy('r.code')
    .execute()
}

/** A round with its competition's id; whoever calls asks at its door whether it may be seen. */
export async function roundById(db: Db, id: string): Promise<RoundLine & { eventId: string }> {
  const row = await db
    .selectFrom('competition.rounds')
    .select(['id', 'seq', 'round', 'kind', 'title', 'state', 'class_id as classId', 'event_id as eventId'])
    .select(['closed_by_name as closedBy', 'closed_at as closedAt'])
    .where('id', '=', id)
    .$castTo<RoundLine & { eventId: string }>()
    .executeTakeFirst()
  if (!row) throw missing('round')
  return row
}

export async function importsOf(db: Db, roundId: string) {
  return db
    .selectFrom('competition.imports')
    .select(['id', 'name', 'source', 'digest', 'count', 'by_name as byName', 'at'])
    .where('round_id', '=', roundId)
    .orderBy('at')
    .execute()
}

/** Where the third is wanted, and how far the sheets of each module have come. */
export async function sheetCounts(
  db: Db,
  roundId: string,
): Promise<{ module: string; sheets: number; settled: number; thirds: number }[]> {
  const { rows } = await sql<{ module: string; sheets: number; settled: number; thirds: number }>`
    select s.module, count(*)::int as sheets, count(distinct m.entry_id)::int as settled,
      count(distinct s.entry_id) filter (where m.entry_id is null and c.n >= 2)::int as thirds
    from competition.sheets s
    join lateral (select count(*) as n from competition.sheets x where x.round_id = s.round_id and x.entry_id = s.entry_id and x.module = s.module) c on true
    left join competition.marks m on m.round_id = s.round_id and m.entry_id = s.entry_id and m.module = s.module and m.seq = 1
    where s.round_id = ${roundId} group by s.module
  `.execute(db)
  return rows
}
