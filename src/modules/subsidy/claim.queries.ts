import { sql } from 'kysely'
import { type CaseClock, type CaseMove, clocksOf, movesOf } from '#modules/training/case.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Decision } from '#policy/decision.ts'
import { dayOf } from '#shared/dates.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import type { Day } from '#shared/units.ts'
import { claimWindow } from './claim.rules.ts'
import type { ClaimState } from './claim.schema.ts'
import { latestRun, type RunView } from './control.queries.ts'
import { classBasis, type PersonFacts, personsOf } from './line.queries.ts'
import { explainDifference } from './line.rules.ts'
import { type FactChange, type LineFacts, type ReasonText, reasonText, type Step } from './line.schema.ts'
import { latestQuote, quoteById } from './quote.queries.ts'

export type ClaimCard = {
  id: string
  number: string
  classId: string
  classNumber: string
  classTitle: string
  programme: string
  organisationId: string
  organisation: string
  state: ClaimState
  amountFen: number
  persons: number
  round: number
  version: number
  createdAt: Date
  submittedAt: Date | null
}

const cards = (db: Ctx['db']) =>
  db
    .selectFrom('subsidy.claims as c')
    .innerJoin('training.classes as k', 'k.id', 'c.class_id')
    .innerJoin('people.organisations as o', 'o.id', 'c.organisation_id')
    .select([
      'c.id',
      'c.number',
      'c.class_id as classId',
      'k.number as classNumber',
      'k.title as classTitle',
      'c.programme',
      'c.organisation_id as organisationId',
      'o.name as organisation',
      'c.state',
      'c.amount_fen as amountFen',
      'c.round',
      'c.version',
      'c.created_at as createdAt',
      'c.submitted_at as submittedAt',
      sql<number>`(select count(*) from subsidy.claim_lines l where l.claim_id = c.id and l.dropped_at is null)`.as(
        'persons',
      ),
    ])
    .$castTo<ClaimCard>()

/** An organisation's claims, newest first. */
export async function claimsOf(
  db: Ctx['db'],
  organisationId: string,
  filter: { state?: ClaimState | undefined; cursor?: string | undefined } = {},
): Promise<Page<ClaimCard>> {
  let query = cards(db)
    .where('c.organisation_id', '=', organisationId)
    .orderBy('c.created_at', 'desc')
    .orderBy('c.id', 'desc')
  if (filter.state) query = query.where('c.state', '=', filter.state)
  const after = decodeCursor(filter.cursor, ['time', 'id'])
  if (after) query = query.where(sql<boolean>`(c.created_at, c.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return pageOf(await query.limit(21).execute(), 20, (row) => [row.createdAt.toISOString(), row.id])
}

export type ClaimableClass = {
  id: string
  number: string
  title: string
  programme: string
  closedAt: Date | null
  persons: number
}

/** Closed classes of an organisation that no claim stands for, oldest first: what can be claimed now. */
export async function claimableClasses(db: Ctx['db'], organisationId: string): Promise<ClaimableClass[]> {
  const { rows } = await sql<ClaimableClass>`
    select k.id, k.number, k.title, k.programme, k.closed_at as "closedAt",
      (select count(*)::int from training.enrolments e where e.class_id = k.id and e.state = 'passed') as persons
    from training.classes k where k.organisation_id = ${organisationId} and k.state = 'closed'
      and not exists (select from subsidy.claims c where c.class_id = k.id and c.state not in ('withdrawn', 'rejected'))
    order by k.closed_at, k.id limit 200
  `.execute(db)
  return rows
}

/** The claim that stands for a class, if any. */
export async function claimOfClass(db: Ctx['db'], classId: string): Promise<ClaimCard | undefined> {
  return cards(db)
    .where('c.class_id', '=', classId)
    .where('c.state', 'not in', ['withdrawn', 'rejected'])
    .executeTakeFirst()
}

export type LineView = {
  id: string
  enrolmentId: string
  person: string
  document: string
  minutes: number
  classHours: number
  amountFen: number
  fundSource: string
  explanation: Step[]
  /** Taken off: by whom, why. */
  dropped: { at: Date; as: 'claimant' | 'recomputed' | 'bureau' | null; reason: string } | null
  /** What has changed in the records since the line was drawn up. */
  changes: FactChange[]
  /** What the records give now; null: nothing any more. */
  nowFen: number | null
}

type LineRow = Omit<LineView, 'changes' | 'nowFen' | 'dropped'> & {
  facts: LineFacts
  droppedAt: Date | null
  droppedAs: 'claimant' | 'recomputed' | 'bureau' | null
  dropReason: string
}

/** Lines with the people masked, each compared with what the records give now. */
export async function lineViews(db: Ctx['db'], claimId: string, now: readonly PersonFacts[]): Promise<LineView[]> {
  const { rows } = await sql<LineRow>`
    select l.id, l.enrolment_id as "enrolmentId", p.name_masked as person, p.document_masked as document, l.minutes,
      l.class_hours as "classHours", l.amount_fen as "amountFen", l.fund_source as "fundSource", l.explanation, l.facts,
      l.dropped_at as "droppedAt", l.dropped_as as "droppedAs", l.drop_reason as "dropReason"
    from subsidy.claim_lines l join people.persons p on p.id = l.person_id
    where l.claim_id = ${claimId} and not exists (
      select from subsidy.claim_lines x where x.claim_id = l.claim_id and x.enrolment_id = l.enrolment_id
        and l.dropped_at is not null and (x.dropped_at is null or (x.dropped_at, x.id) > (l.dropped_at, l.id)))
    order by l.dropped_at is not null, l.id
  `.execute(db)
  const byEnrolment = new Map(now.map((one) => [one.enrolmentId, one]))
  return rows.map(({ facts, droppedAt, droppedAs, dropReason, ...row }) => {
    const current = byEnrolment.get(row.enrolmentId)
    const known = current && 'passed' in facts
    return {
      ...row,
      dropped: droppedAt && { at: droppedAt, as: droppedAs, reason: dropReason },
      changes: known ? explainDifference(facts, current.facts) : [],
      nowFen: current?.line.ok ? current.line.value.amountFen : null,
    }
  })
}

export type LeftOut = { enrolmentId: string; person: string; words: ReasonText }

/** Who is in the class and not on the claim, and what is missing: nobody is left out without a reason. */
async function leftOut(db: Ctx['db'], persons: readonly PersonFacts[], lines: readonly LineView[]): Promise<LeftOut[]> {
  const on = new Set(lines.map((line) => line.enrolmentId))
  const out = persons.filter((one) => !on.has(one.enrolmentId))
  if (out.length === 0) return []
  const { rows } = await sql<{ id: string; name: string }>`
    select e.id, p.name_masked as name from training.enrolments e join people.persons p on p.id = e.person_id
    where e.id = any(${out.map((one) => one.enrolmentId)}::uuid[])
  `.execute(db)
  const names = new Map(rows.map((row) => [row.id, row.name]))
  return out.map(({ enrolmentId, line }) => ({
    enrolmentId,
    person: names.get(enrolmentId) ?? '',
    words: line.ok
      ? { message: '现已符合条件，尚未计入', remedy: '请点“重新计算”计入本申领。' }
      : (reasonText[line.refusal.reason]?.(line.refusal.facts) ?? { message: line.refusal.reason, remedy: '' }),
  }))
}

export type QuoteView = {
  id: string
  at: Date
  amountFen: number
  intact: boolean
  changes: { person: string; changes: FactChange[] }[]
}

export type Returned = {
  note: string
  findings: { lineId: string | null; person: string | null; field: string; reasonCode: string; note: string }[]
}

/** What the reviewer found wrong when the claim was last sent back, line by line. */
async function lastReturn(db: Ctx['db'], claimId: string): Promise<Returned | null> {
  const review = await db
    .selectFrom('subsidy.reviews')
    .select(['id', 'note'])
    .where('claim_id', '=', claimId)
    .where('decision', '=', 'return')
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!review) return null
  const findings = await db
    .selectFrom('subsidy.review_findings as f')
    .leftJoin('subsidy.claim_lines as l', 'l.id', 'f.line_id')
    .leftJoin('people.persons as p', 'p.id', 'l.person_id')
    .select(['f.line_id as lineId', 'p.name_masked as person', 'f.field', 'f.reason_code as reasonCode', 'f.note'])
    .where('f.review_id', '=', review.id)
    .orderBy('f.id')
    .execute()
  return { note: review.note, findings }
}

export type ClaimPage = {
  claim: ClaimCard & { ruleVersion: string; bankAccountId: string | null; commitmentAt: Date | null }
  endedOn: Day
  window: Decision<{ closesOn: Day }>
  lines: LineView[]
  leftOut: LeftOut[]
  /** What the records give now for the lines that stand; differs from the amount when something has changed. */
  nowFen: number
  /** What the claimant was told before the claim was drawn up, and which facts changed since. */
  promised: QuoteView | null
  /** What was signed when the claim was drawn up or handed in. */
  quote: QuoteView | null
  run: RunView | null
  /** Why it came back, while it is back. */
  returned: Returned | null
  history: CaseMove[]
  clocks: CaseClock[]
}

/** A claim as its claimant and the office see it. Somebody else's is missing. */
export async function claimPage(ctx: Ctx, claimId: string): Promise<ClaimPage> {
  const claim = await cards(ctx.db)
    .select([
      'c.rule_version as ruleVersion',
      'c.quote_id',
      'c.bank_account_id as bankAccountId',
      'c.commitment_at as commitmentAt',
    ])
    .where('c.id', '=', claimId)
    .executeTakeFirst()
  const may =
    claim &&
    (ctx.actor.can('casework.read') || ctx.actor.can('organisation.read', { organisationId: claim.organisationId }))
  if (!claim || !may) throw missing('claim')
  const basis = await classBasis(ctx, claim.classId)
  const persons = await personsOf(ctx, basis, 'looking')
  const lines = await lineViews(ctx.db, claimId, persons)
  const names = new Map(lines.map((line) => [line.enrolmentId, line.person]))
  const view = (quote: Awaited<ReturnType<typeof latestQuote>>): QuoteView | null =>
    quote ? quoteView(quote, persons, names) : null
  const { quote_id: quoteId, ...card } = claim
  return {
    claim: card,
    endedOn: basis.endedOn,
    window: claimWindow({ endedOn: basis.endedOn, today: dayOf(ctx.now), months: basis.months }),
    lines,
    leftOut: await leftOut(ctx.db, persons, lines),
    nowFen: lines.reduce((sum, line) => sum + (line.dropped ? 0 : (line.nowFen ?? 0)), 0),
    promised: view(await latestQuote(ctx, claim.classId, claim.createdAt)),
    quote: quoteId ? view(await quoteById(ctx, quoteId)) : null,
    run: (await latestRun(ctx, claimId)) ?? null,
    returned: claim.state === 'returned' ? await lastReturn(ctx.db, claimId) : null,
    history: await movesOf(ctx.db, 'claim', claimId),
    clocks: await clocksOf(ctx, 'claim', claimId),
  }
}

function quoteView(
  quote: NonNullable<Awaited<ReturnType<typeof latestQuote>>>,
  persons: readonly PersonFacts[],
  names: ReadonlyMap<string, string>,
): QuoteView {
  const now = new Map(persons.map((one) => [one.enrolmentId, one.facts]))
  const changed = quote.lines.flatMap((line) => {
    const facts = now.get(line.enrolmentId)
    const changes = facts ? explainDifference(line.facts, facts) : []
    return changes.length > 0 ? [{ person: names.get(line.enrolmentId) ?? '', changes }] : []
  })
  return { id: quote.id, at: quote.at, amountFen: quote.amountFen, intact: quote.intact, changes: changed }
}
