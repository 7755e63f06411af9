import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { missing } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { decodeCursor, encodeCursor, type Page } from '#shared/paging.ts'
import { literally } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'
import type { ClaimState } from './claim.schema.ts'
import { type ClaimClock, openClocks } from './clock.queries.ts'
import { sampleLines } from './review.rules.ts'
import type { CallOutcome, callMethods, ReviewDecision, Stage } from './review.schema.ts'

type Base = Pick<Ctx, 'db' | 'actor' | 'now' | 'plan'>

export type QueueRow = {
  id: string
  number: string
  state: ClaimState
  organisation: string
  programme: string
  persons: number
  amountFen: number
  round: number
  submittedAt: Date
  takenBy: string | null
  takenByName: string | null
  untilAt: Date | null
  blocking: number | null
  warnings: number | null
  clock: ClaimClock | null
}

export type QueueFilter = {
  stage: Stage
  desk?: 'mine' | 'free' | undefined
  programme?: string | undefined
  text?: string | undefined
  cursor?: string | undefined
}
const pageSize = 30
const far = '9999-12-31'

/** What waits at a stage: submitted or taken for the first review, agreed once for the second, ended publicity for approval. */
const waiting: Record<Stage, ReturnType<typeof sql<SqlBool>>> = {
  first: sql<SqlBool>`c.state in ('submitted', 'under-review') and not agreed.yes`,
  second: sql<SqlBool>`c.state = 'under-review' and agreed.yes`,
  approve: sql<SqlBool>`c.state = 'publicised' and exists (select from subsidy.publications p
    where p.claim_id = c.id and p.round = c.round and p.ended_on is not null)`,
}

/**
 * A desk's queue, the earliest due day first; files whose clock stands come last.
 * @clause R33
 */
export async function reviewQueue(ctx: Base, filter: QueueFilter): Promise<Page<QueueRow>> {
  if (!ctx.actor.can('casework.read')) throw missing('claim')
  const after = decodeCursor(filter.cursor, ['day', 'id'])
  const text = literally((filter.text ?? '').trim().slice(0, 60))
  const { rows } = await sql<Omit<QueueRow, 'clock'> & { due: string }>`
    select c.id, c.number, c.state, g.name as organisation, c.programme, c.amount_fen as "amountFen", c.round,
      c.submitted_at as "submittedAt", l.taken_by as "takenBy", l.taken_by_name as "takenByName", l.until_at as "untilAt",
      r.blocking, r.warnings, coalesce(k.due_on, ${far}::date)::text as due,
      (select count(*) from subsidy.claim_lines x where x.claim_id = c.id and x.dropped_at is null)::int as persons
    from subsidy.claims c join people.organisations g on g.id = c.organisation_id
      cross join lateral (select exists (select from subsidy.reviews v where v.claim_id = c.id and v.round = c.round
        and v.stage = 'first' and v.decision = 'agree') as yes) agreed
      left join subsidy.claim_leases l on l.claim_id = c.id and l.until_at > ${ctx.now}
      left join lateral (select min(due_on) as due_on from platform.clocks k where k.subject_kind = 'claim' and k.subject_id = c.id
        and k.kind in ('review', 'approve') and k.ended_on is null) k on true
      left join lateral (select blocking, warnings from subsidy.control_runs n where n.claim_id = c.id order by n.at desc limit 1) r on true
    where ${waiting[filter.stage]}
      and (${filter.desk ?? null}::text is null or (${filter.desk ?? null}::text = 'mine' and l.taken_by = ${ctx.actor.id})
        or (${filter.desk ?? null}::text = 'free' and l.taken_by is null))
      and (${filter.programme ?? null}::text is null or c.programme = ${filter.programme ?? null})
      and (${text} = '' or g.name like ${`%${text}%`} or c.number like ${`${text}%`})
      and (${after ? String(after[0]) : null}::date is null
        or (coalesce(k.due_on, ${far}::date), c.id) > (${after ? String(after[0]) : null}::date, ${after ? String(after[1]) : null}::uuid))
    order by coalesce(k.due_on, ${far}::date), c.id limit ${pageSize + 1}
  `.execute(ctx.db)
  const shown = rows.slice(0, pageSize)
  const clocks = await openClocks(
    ctx.db,
    shown.map((row) => row.id),
    dayOf(ctx.now),
  )
  const last = shown.at(-1)
  return {
    rows: shown.map(({ due: _, ...row }) => ({
      ...row,
      clock: clocks.get(row.id)?.find((one) => one.kind !== 'correction') ?? null,
    })),
    next: rows.length > pageSize && last ? encodeCursor([last.due, last.id]) : null,
  }
}

/** How many files wait at each stage, and how many of them are late. */
export async function queueCounts(
  ctx: Base,
): Promise<Record<Stage, { waiting: number; overdue: number; mine: number }>> {
  const count = async (stage: Stage) => {
    const { rows } = await sql<{ waiting: number; overdue: number; mine: number }>`
      select count(*)::int as waiting, count(*) filter (where k.due_on < ${dayOf(ctx.now)})::int as overdue,
        count(*) filter (where l.taken_by = ${ctx.actor.id})::int as mine
      from subsidy.claims c
        cross join lateral (select exists (select from subsidy.reviews v where v.claim_id = c.id and v.round = c.round
          and v.stage = 'first' and v.decision = 'agree') as yes) agreed
        left join subsidy.claim_leases l on l.claim_id = c.id and l.until_at > ${ctx.now}
        left join lateral (select min(due_on) as due_on from platform.clocks k where k.subject_kind = 'claim' and k.subject_id = c.id
          and k.kind in ('review', 'approve') and k.ended_on is null) k on true
      where ${waiting[stage]}
    `.execute(ctx.db)
    return rows[0] ?? { waiting: 0, overdue: 0, mine: 0 }
  }
  return { first: await count('first'), second: await count('second'), approve: await count('approve') }
}

export type Opinion = {
  id: string
  round: number
  stage: Stage
  decision: ReviewDecision
  amountFen: number
  note: string
  reviewerId: string
  reviewerName: string
  at: Date
  findings: { lineId: string | null; field: string; reasonCode: string; note: string }[]
}

export type Excluded = {
  lineId: string
  occasion: 'first' | 'second' | 'objection'
  reasonCode: string
  clause: string
  note: string
  amountFen: number
  minutes: number
  byName: string
  at: Date
  appliedAt: Date | null
}

export type Called = {
  id: string
  lineId: string
  method: keyof typeof callMethods
  outcome: CallOutcome
  note: string
  byName: string
  at: Date
}

/** What the desks have done with a claim, apart from the claim itself. */
export type DeskFile = {
  stage: 'first' | 'second' | null
  lease: { takenBy: string; takenByName: string; untilAt: Date; mine: boolean } | null
  opinions: Opinion[]
  exclusions: Excluded[]
  calls: Called[]
  /** Lines drawn for a call back. */
  sampled: string[]
  publication: { listId: string; openedOn: Day; closesOn: Day; endedOn: Day | null } | null
}

export async function deskFile(ctx: Base, claimId: string): Promise<DeskFile> {
  const { db } = ctx
  const claim = await db
    .selectFrom('subsidy.claims')
    .select(['number', 'round', 'state'])
    .where('id', '=', claimId)
    .executeTakeFirst()
  if (!claim) throw missing('claim')
  const lines = await db
    .selectFrom('subsidy.claim_lines')
    .select('id')
    .where('claim_id', '=', claimId)
    .where('dropped_at', 'is', null)
    .execute()
  const lease = await db
    .selectFrom('subsidy.claim_leases')
    .selectAll()
    .where('claim_id', '=', claimId)
    .where('until_at', '>', ctx.now)
    .executeTakeFirst()
  const opinions = await opinionsOf(db, claimId)
  const atDesk = claim.state === 'submitted' || claim.state === 'under-review'
  const agreed = opinions.some((one) => one.round === claim.round && one.stage === 'first' && one.decision === 'agree')
  const publication = await db
    .selectFrom('subsidy.publications')
    .select(['list_id as listId', 'opened_on as openedOn', 'closes_on as closesOn', 'ended_on as endedOn'])
    .where('claim_id', '=', claimId)
    .orderBy('round', 'desc')
    .limit(1)
    .executeTakeFirst()
  return {
    stage: atDesk ? (agreed ? 'second' : 'first') : null,
    lease: lease
      ? {
          takenBy: lease.taken_by,
          takenByName: lease.taken_by_name,
          untilAt: lease.until_at,
          mine: lease.taken_by === ctx.actor.id,
        }
      : null,
    opinions,
    exclusions: await exclusionsOf(db, claimId),
    calls: await callsOf(db, claimId),
    sampled: sampleLines(
      lines.map((line) => line.id),
      (await figuresFor(ctx))('OP.spotCheckShare', dayOf(ctx.now)).value ?? 0,
      claim.number,
      sha256,
    ),
    publication: (publication as DeskFile['publication'] | undefined) ?? null,
  }
}

export async function opinionsOf(db: Ctx['db'], claimId: string): Promise<Opinion[]> {
  const { rows } = await sql<Opinion>`
    select r.id, r.round, r.stage, r.decision, r.amount_fen as "amountFen", r.note, r.reviewer_id as "reviewerId", r.reviewer_name as "reviewerName", r.at,
      coalesce((select json_agg(json_build_object('lineId', f.line_id, 'field', f.field, 'reasonCode', f.reason_code, 'note', f.note)
        order by f.id) from subsidy.review_findings f where f.review_id = r.id), '[]') as findings
    from subsidy.reviews r where r.claim_id = ${claimId} order by r.at, r.id
  `.execute(db)
  return rows
}

export const exclusionsOf = (db: Ctx['db'], claimId: string): Promise<Excluded[]> =>
  db
    .selectFrom('subsidy.exclusions')
    .select([
      'line_id as lineId',
      'occasion',
      'reason_code as reasonCode',
      'clause',
      'note',
      'amount_fen as amountFen',
      'minutes',
      'by_name as byName',
      'at',
      'applied_at as appliedAt',
    ])
    .$castTo<Excluded>()
    .where('claim_id', '=', claimId)
    .orderBy('at')
    .execute()

export const callsOf = (db: Ctx['db'], claimId: string): Promise<Called[]> =>
  db
    .selectFrom('subsidy.callbacks')
    .select(['id', 'line_id as lineId', 'method', 'outcome', 'note', 'by_name as byName', 'at'])
    .$castTo<Called>()
    .where('claim_id', '=', claimId)
    .orderBy('at')
    .execute()
