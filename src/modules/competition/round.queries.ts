import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
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
