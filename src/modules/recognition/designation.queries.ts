import { type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import { movesOf } from '#modules/training/case.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { emptyAsNone, literally, normalise } from '#shared/text.ts'
import { type Day, isDay } from '#shared/units.ts'
import { heldOn } from './designation.rules.ts'
import type { DesignationState, ExitKind } from './designation.schema.ts'
import { schemeVersion } from './scheme.queries.ts'

export type Holder = {
  id: string
  number: string
  scheme: string
  versionId: string
  callId: string
  applicationId: string
  path: string
  name: string
  grade: string
  organisationId: string | null
  organisation: string
  subdistrict: string
  industry: string
  state: DesignationState
  docNo: string
  designatedOn: Day
  endedOn: Day | null
  endCause: string
  termTo: Day | null
}

const designations = (db: Ctx['db']) =>
  db
    .selectFrom('recognition.designations as d')
    .leftJoin('people.organisations as o', 'o.id', 'd.organisation_id')
    .select([
      'd.id',
      'd.number',
      'd.scheme',
      'd.version_id as versionId',
      'd.call_id as callId',
      'd.application_id as applicationId',
      'd.path',
      'd.holder_name as name',
      'd.grade',
      'd.organisation_id as organisationId',
      'd.state',
      'd.doc_no as docNo',
      'd.designated_on as designatedOn',
      'd.ended_on as endedOn',
      'd.end_cause as endCause',
    ])
    .select((eb) => [
      eb.fn.coalesce('o.name', sql<string>`''`).as('organisation'),
      eb.fn.coalesce('o.subdistrict', sql<string>`''`).as('subdistrict'),
      eb.fn.coalesce('o.industry', sql<string>`''`).as('industry'),
      eb
        .selectFrom('recognition.terms as t')
        .select('t.to_on')
        .whereRef('t.designation_id', '=', 'd.id')
        .orderBy('t.seq', 'desc')
        .limit(1)
        .as('termTo'),
    ])
    .$castTo<Holder>()

export const RegisterFilter = z.object({
  scheme: z.preprocess(emptyAsNone, z.string().max(60).optional()).catch(undefined),
  subdistrict: z
    .preprocess(
      emptyAsNone,
      z
        .string()
        .regex(/^\d{9}$/)
        .optional(),
    )
    .catch(undefined),
  q: z.preprocess(emptyAsNone, z.string().trim().max(60).optional()).catch(undefined),
  /** How it stands now. */
  state: z
    .preprocess(emptyAsNone, z.enum(['in-term', 'warned', 'revoked', 'withdrawn', 'expired']).optional())
    .catch(undefined),
  /** Who held it on this day; today unless said otherwise. */
  on: z.preprocess(emptyAsNone, z.custom<Day>((v) => typeof v === 'string' && isDay(v)).optional()).catch(undefined),
  cursor: z.preprocess(emptyAsNone, z.string().max(200).optional()).catch(undefined),
})
/** `cards`: for the desk, those too that only whoever scans them sees. */
export type RegisterFilter = z.infer<typeof RegisterFilter> & { cards?: true }

const pageSize = 30

/** As the numbers of titles are written; no name looks like it. */
const aNumber = /^[a-z]+-[a-z\d-]*\d$/i

function conditionsOf({ plan }: Ctx, filter: RegisterFilter, on: Day) {
  const conditions = [sql<SqlBool>`d.designated_on <= ${on} and (d.ended_on is null or d.ended_on > ${on})`]
  const cards = plan.schemes.filter((one) => one.card).map((one) => one.code)
  if (cards.length > 0 && !filter.cards) conditions.push(sql<SqlBool>`d.scheme <> all(${cards}::text[])`)
  if (filter.scheme) conditions.push(sql<SqlBool>`d.scheme = ${filter.scheme}`)
  if (filter.state) conditions.push(sql<SqlBool>`d.state = ${filter.state}`)
  const text = normalise(filter.q ?? '')
  if (text && aNumber.test(text)) conditions.push(sql<SqlBool>`d.number = ${text.toUpperCase()}`)
  else if (text) {
    const part = `%${literally(text)}%`
    conditions.push(sql<SqlBool>`(d.holder_name like ${part} or d.number = ${text.toUpperCase()}
      or d.organisation_id in (select id from people.organisations where name like ${part}))`)
  }
  return conditions
}

/** How many hold something on the day in each subdistrict, for everything asked but the subdistrict itself. */
export async function registerBySubdistrict(ctx: Ctx, filter: RegisterFilter): Promise<Map<string, number>> {
  const where = sql.join(conditionsOf(ctx, filter, filter.on ?? dayOf(ctx.now)), sql` and `)
  const { rows } = await sql<{ subdistrict: string; n: number }>`
    select o.subdistrict, count(*)::int as n from recognition.designations d
    join people.organisations o on o.id = d.organisation_id where ${where} group by 1
  `.execute(ctx.db)
  return new Map(rows.map((row) => [row.subdistrict, row.n]))
}

/** Who holds which title on a day: the public register, newest first. */
export async function register(ctx: Ctx, filter: RegisterFilter): Promise<Page<Holder> & { total: number; on: Day }> {
  const on = filter.on ?? dayOf(ctx.now)
  const conditions = conditionsOf(ctx, filter, on)
  if (filter.subdistrict) conditions.push(sql<SqlBool>`o.subdistrict = ${filter.subdistrict}`)
  const after = decodeCursor(filter.cursor, ['day', 'id'])
  const later = after ? sql`and (d.designated_on, d.id) < (${after[0]}::date, ${after[1]}::uuid)` : sql``
  const hits = sql`from recognition.designations d left join people.organisations o on o.id = d.organisation_id
    where ${sql.join(conditions, sql` and `)}`
  const [page, all] = await Promise.all([
    sql<{
      id: string
    }>`select d.id ${hits} ${later} order by d.designated_on desc, d.id desc limit ${pageSize + 1}`.execute(ctx.db),
    sql<{ n: number }>`select count(*)::int as n ${hits}`.execute(ctx.db),
  ])
  const ids = page.rows.map((one) => one.id)
  const rows = await designations(ctx.db)
    .where(sql<SqlBool>`d.id = any(${ids}::uuid[])`)
    .orderBy('d.designated_on', 'desc')
    .orderBy('d.id', 'desc')
    .execute()
  const total = all.rows[0]?.n ?? 0
  return { ...pageOf(rows, pageSize, (row) => [row.designatedOn, row.id]), total, on }
}

/** A holder's card for everybody: what, whose, since when, and whether it stood on a day. */
export async function holderCard(ctx: Ctx, number: string, on?: Day) {
  const holder = await designations(ctx.db).where('d.number', '=', number).executeTakeFirst()
  if (!holder) throw missing('designation')
  const scheme = await schemeVersion(ctx.db, holder.versionId)
  const day = on ?? dayOf(ctx.now)
  return { holder, scheme, on: day, held: heldOn(holder, day), terms: await termsOf(ctx.db, holder.id) }
}

const termsOf = (db: Ctx['db'], id: string) =>
  db
    .selectFrom('recognition.terms')
    .select(['seq', 'from_on as from', 'to_on as to', 'note', 'by_name as by'])
    .where('designation_id', '=', id)
    .orderBy('seq')
    .$castTo<{ seq: number; from: Day; to: Day | null; note: string; by: string }>()
    .execute()

export async function ownTitles(ctx: Ctx, organisationId: string | null): Promise<Holder[]> {
  const query = designations(ctx.db).orderBy('d.designated_on', 'desc').limit(100)
  if (organisationId) return query.where('d.organisation_id', '=', organisationId).execute()
  return ctx.actor.personId ? query.where('d.person_id', '=', ctx.actor.personId).execute() : []
}

export type ExitLine = {
  id: string
  kind: ExitKind
  cause: string
  note: string
  state: 'proposed' | 'decided' | 'declined'
  proposedBy: string
  proposedByName: string
  proposedAt: Date
  decidedByName: string
  decidedAt: Date | null
}

/** Everything of one designation, for the desk. */
export async function designationPage(ctx: Ctx, id: string) {
  const holder = await designations(ctx.db).where('d.id', '=', id).executeTakeFirst()
  if (!holder) throw missing('designation')
  const [terms, years, exits, upward, moves] = await Promise.all([
    termsOf(ctx.db, id),
    ctx.db
      .selectFrom('recognition.year_checks')
      .select(['id', 'year', 'grade', 'note', 'proposed_by as proposedBy', 'proposed_by_name as proposedByName'])
      .select(['confirmed_by_name as confirmedByName', 'confirmed_at as confirmedAt'])
      .where('designation_id', '=', id)
      .orderBy('year', 'desc')
      .execute(),
    ctx.db
      .selectFrom('recognition.exits')
      .select(['id', 'kind', 'cause', 'note', 'state', 'proposed_by as proposedBy', 'decided_at as decidedAt'])
      .select(['proposed_by_name as proposedByName', 'proposed_at as proposedAt', 'decided_by_name as decidedByName'])
      .where('designation_id', '=', id)
      .orderBy('proposed_at', 'desc')
      .$castTo<ExitLine>()
      .execute(),
    ctx.db
      .selectFrom('recognition.upward')
      .select(['id', 'target', 'note', 'by_name as by', 'at'])
      .where('designation_id', '=', id)
      .orderBy('at')
      .execute(),
    movesOf(ctx.db, 'designation', id),
  ])
  return { holder, scheme: await schemeVersion(ctx.db, holder.versionId), terms, years, exits, upward, moves }
}

/** Exits that wait for the leader. */
export async function openExits(db: Ctx['db']) {
  return db
    .selectFrom('recognition.exits as e')
    .innerJoin('recognition.designations as d', 'd.id', 'e.designation_id')
    .select(['e.id', 'e.kind', 'e.note', 'd.id as designationId', 'd.holder_name as name', 'd.scheme', 'd.number'])
    .where('e.state', '=', 'proposed')
    .orderBy('e.proposed_at')
    .$castTo<{
      id: string
      kind: ExitKind
      note: string
      designationId: string
      name: string
      scheme: string
      number: string
    }>()
    .execute()
}
