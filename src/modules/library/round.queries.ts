import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { AdmissionStandard, Plan } from '#policy/plan.types.ts'
import type { Outcome, RoundKind, RoundState } from './round.schema.ts'

type Db = Ctx['db']

export type RoundRecord = {
  id: string
  courseId: string
  versionId: string
  kind: RoundKind
  standard: string
  state: RoundState
  openedBy: string
  openedAt: Date
  outcome: Outcome | null
  score: number | null
  reason: string
  decidedAt: Date | null
}
export const rounds = (db: Db) =>
  db
    .selectFrom('library.rounds as r')
    .select([
      'r.id',
      'r.course_id as courseId',
      'r.version_id as versionId',
      'r.kind',
      'r.standard',
      'r.state',
      'r.opened_by as openedBy',
      'r.opened_at as openedAt',
      'r.outcome',
      'r.score',
      'r.reason',
      'r.decided_at as decidedAt',
    ])
    .$castTo<RoundRecord>()

export type ReviewRecord = {
  id: string
  roundId: string
  seat: number
  reviewer: string
  reviewerName: string
  affiliation: string
  takenAt: Date
  scores: Record<string, number> | null
  vetoes: string[]
  remarks: Record<string, string>
  opinion: string
  total: number | null
  givenAt: Date | null
}
export const reviews = (db: Db) =>
  db
    .selectFrom('library.reviews as w')
    .select([
      'w.id',
      'w.round_id as roundId',
      'w.seat',
      'w.reviewer',
      'w.reviewer_name as reviewerName',
      'w.affiliation',
      'w.taken_at as takenAt',
      'w.scores',
      'w.vetoes',
      'w.remarks',
      'w.opinion',
      'w.total',
      'w.given_at as givenAt',
    ])
    .$castTo<ReviewRecord>()

export type DeskRow = RoundRecord & {
  title: string
  number: string | null
  organisation: string
  versionNumber: number
  /** How many have taken it, and whether this caller has. */
  taken: number
  mine: boolean
  given: boolean
}

/** Rounds that wait or run, the oldest first; or those decided, the newest first. */
export async function roundList(ctx: Pick<Ctx, 'db' | 'actor'>, state: 'open' | 'decided'): Promise<DeskRow[]> {
  if (!ctx.actor.can('library.read')) throw missing('round')
  const query = rounds(ctx.db)
    .innerJoin('library.courses as c', 'c.id', 'r.course_id')
    .innerJoin('people.organisations as o', 'o.id', 'c.organisation_id')
    .innerJoin('library.versions as v', 'v.id', 'r.version_id')
    .select([
      'c.title',
      'c.number',
      'o.name as organisation',
      'v.number as versionNumber',
      sql<number>`(select count(*)::int from library.reviews w where w.round_id = r.id)`.as('taken'),
      sql<boolean>`exists (select from library.reviews w where w.round_id = r.id and w.reviewer = ${ctx.actor.id})`.as(
        'mine',
      ),
      sql<boolean>`exists (select from library.reviews w where w.round_id = r.id and w.reviewer = ${ctx.actor.id} and w.given_at is not null)`.as(
        'given',
      ),
    ])
    .limit(200)
    .$castTo<DeskRow>()
  return state === 'open'
    ? query.where('r.state', 'in', ['waiting', 'under-review']).orderBy('r.opened_at').execute()
    : query.where('r.state', '=', 'decided').orderBy('r.decided_at', 'desc').execute()
}

export type RoundPage = RoundRecord & {
  standardText: AdmissionStandard
  /** Only what this caller may see: blind to one another until the round is decided. */
  reviews: ReviewRecord[]
  own: ReviewRecord | undefined
  taken: number
}

/** One round. A reviewer sees his own sheet; the other's only when the round is decided. */
export async function roundPage(ctx: Pick<Ctx, 'db' | 'actor' | 'plan'>, id: string): Promise<RoundPage> {
  if (!ctx.actor.can('library.read')) throw missing('round')
  const found = await rounds(ctx.db).where('r.id', '=', id).executeTakeFirst()
  if (!found) throw missing('round')
  const all = await reviews(ctx.db).where('w.round_id', '=', id).orderBy('w.seat').execute()
  const own = all.find((one) => one.reviewer === ctx.actor.id)
  return {
    ...found,
    standardText: standardOf(ctx.plan, found.standard),
    reviews: found.state === 'decided' ? all : all.filter((one) => one === own),
    own,
    taken: all.length,
  }
}

/** Rounds of a course with what was said; names of reviewers stay within the office. */
export async function roundsOfCourse(db: Db, courseId: string): Promise<(RoundRecord & { said: ReviewRecord[] })[]> {
  const found = await rounds(db).where('r.course_id', '=', courseId).orderBy('r.opened_at', 'desc').execute()
  const decided = found.filter(({ state }) => state === 'decided').map(({ id }) => id)
  const said =
    decided.length === 0 ? [] : await reviews(db).where('w.round_id', 'in', decided).orderBy('w.seat').execute()
  return found.map((round) => ({ ...round, said: said.filter((one) => one.roundId === round.id) }))
}

export function standardOf(plan: Plan, edition: string): AdmissionStandard {
  const found = plan.admissionStandards.find((one) => one.edition === edition)
  if (!found) throw new Error(`the plan has no admission standard ${edition}`)
  return found
}
