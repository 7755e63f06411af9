import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Day } from '#shared/units.ts'
import type { Condition, ExamPart, FilingState } from './assessor.schema.ts'
import type { AssessorCode } from './number.rules.ts'
import type { StopCause } from './watch.rules.ts'

type Db = Ctx['db']

export type Assessor = AssessorCode & {
  organisationId: string
  organisation: string
  uscc: string
  filingNo: string
  state: FilingState
  proposedBy: string
  proposedByName: string
  decidedByName: string | null
  designation: string
  /** The title still stands. */
  titled: boolean
}

const assessorRows = (where: ReturnType<typeof sql>) => sql<Assessor>`
  select a.organisation_id as "organisationId", o.name as organisation, o.uscc, a.kind, a.filing_code as "filingCode", a.province,
    a.serial, a.filing_no as "filingNo", a.state, a.proposed_by as "proposedBy", a.proposed_by_name as "proposedByName",
    a.decided_by_name as "decidedByName", d.number as designation, d.ended_on is null as titled
  from certification.assessors a join people.organisations o on o.id = a.organisation_id
  join recognition.designations d on d.id = a.designation_id
  where ${where} order by o.name, o.id`

export async function assessorOf(db: Db, organisationId: string): Promise<Assessor | undefined> {
  return (await assessorRows(sql`a.organisation_id = ${organisationId}`).execute(db)).rows[0]
}
export async function assessorsInForce(db: Db): Promise<Assessor[]> {
  return (await assessorRows(sql`a.state = 'in-force' and d.ended_on is null`).execute(db)).rows
}

/** Organisations with the title, whether filed here or not. */
export async function assessorList(
  db: Db,
  scheme: string,
): Promise<
  {
    organisationId: string
    organisation: string
    designation: string
    state: FilingState | null
    stops: number
    batches: number
  }[]
> {
  const { rows } = await sql<Awaited<ReturnType<typeof assessorList>>[number]>`
    select o.id as "organisationId", o.name as organisation, d.number as designation, a.state,
      (select count(*)::int from certification.stops s where s.organisation_id = o.id and s.state <> 'lifted') as stops,
      (select count(*)::int from certification.batches b where b.organisation_id = o.id) as batches
    from recognition.designations d join people.organisations o on o.id = d.organisation_id
    left join certification.assessors a on a.organisation_id = o.id
    where d.scheme = ${scheme} and d.ended_on is null order by o.name, o.id
  `.execute(db)
  return rows
}

export type Scope = {
  id: string
  organisationId: string
  edition: string
  code: string
  title: string
  levelScheme: string
  level: string
  parts: ExamPart[]
  standard: string
  conditions: Condition[]
  from: Day
  to: Day | null
  source: string
  state: FilingState
  proposedBy: string
  proposedByName: string
}
const scopeRows = (where: ReturnType<typeof sql>) => sql<Scope>`
  select s.id, s.organisation_id as "organisationId", s.edition, s.code, o.title, o.level_scheme as "levelScheme", s.level, s.parts,
    s.standard, s.conditions, lower(s.valid) as from, upper(s.valid) - 1 as to, s.source, s.state,
    s.proposed_by as "proposedBy", s.proposed_by_name as "proposedByName"
  from certification.scopes s join occupations.occupations o on o.edition = s.edition and o.code = s.code
  where ${where} order by o.title, s.level desc, lower(s.valid)`

export async function scopesOf(db: Db, organisationId: string): Promise<Scope[]> {
  return (await scopeRows(sql`s.organisation_id = ${organisationId}`).execute(db)).rows
}
/** Scopes of everybody that are in force on a day. */
export async function scopesOn(db: Db, on: Day): Promise<Scope[]> {
  return (await scopeRows(sql`s.state = 'in-force' and s.valid @> ${on}::date`).execute(db)).rows
}
export async function scopeById(db: Db, id: string): Promise<Scope> {
  const found = (await scopeRows(sql`s.id = ${id}`).execute(db)).rows[0]
  if (!found) throw missing('scope')
  return found
}

/** Filed scope and standing title on a day, as the database itself judges it. @clause V01 */
export async function inScope(
  db: Db,
  asked: { organisationId: string; edition: string; code: string; level: string },
  on: Day,
): Promise<boolean> {
  const { rows } = await sql<{ ok: boolean }>`
    select certification.in_scope(${asked.organisationId}, ${asked.edition}, ${asked.code}, ${asked.level}, ${on}::date) as ok
  `.execute(db)
  return rows[0]?.ok === true
}

export type Room = { id: string; name: string; part: ExamPart; seats: number; video: boolean }
export type Site = {
  id: string
  organisationId: string
  name: string
  address: string
  tenure: 'owned' | 'leased'
  leasedTo: Day | null
  state: FilingState
  inspectedOn: Day | null
  proposedBy: string
  rooms: Room[]
}
export async function sitesOf(db: Db, organisationId: string): Promise<Site[]> {
  const { rows } = await sql<Site>`
    select s.id, s.organisation_id as "organisationId", s.name, s.address, s.tenure, s.leased_to as "leasedTo", s.state,
      s.inspected_on as "inspectedOn", s.proposed_by as "proposedBy",
      coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'part', r.part, 'seats', r.seats, 'video', r.video)
        order by r.part desc, r.name) from certification.rooms r where r.site_id = s.id), '[]') as rooms
    from certification.sites s where s.organisation_id = ${organisationId} order by s.name
  `.execute(db)
  return rows
}

export type Examiner = {
  id: string
  personId: string
  name: string
  role: 'examiner' | 'supervisor'
  cardNo: string
  validTo: Day | null
}
export async function examinersOf(db: Db, organisationId: string): Promise<Examiner[]> {
  return db
    .selectFrom('certification.examiners')
    .select(['id', 'person_id as personId', 'name', 'role', 'card_no as cardNo', 'valid_to as validTo'])
    .$castTo<Examiner>()
    .where('organisation_id', '=', organisationId)
    .orderBy('role')
    .orderBy('name')
    .execute()
}

export type Stop = {
  id: string
  organisationId: string
  organisation: string
  batchId: string
  batch: string
  cause: StopCause
  facts: Record<string, string | number>
  state: 'standing' | 'lift-proposed' | 'lifted'
  raisedAt: Date
  proposedBy: string | null
  proposedByName: string | null
  reason: string | null
  decidedByName: string | null
  decidedNote: string | null
  decidedAt: Date | null
}
/** Stops of an organisation, or of all, newest first. */
export async function stopsOf(db: Db, organisationId?: string): Promise<Stop[]> {
  const { rows } = await sql<Stop>`
    select s.id, s.organisation_id as "organisationId", o.name as organisation, s.batch_id as "batchId", b.number as batch, s.cause, s.facts,
      s.state, s.raised_at as "raisedAt", s.proposed_by as "proposedBy", s.proposed_by_name as "proposedByName", s.reason,
      s.decided_by_name as "decidedByName", s.decided_note as "decidedNote", s.decided_at as "decidedAt"
    from certification.stops s join certification.batches b on b.id = s.batch_id join people.organisations o on o.id = s.organisation_id
    where ${organisationId ?? null}::uuid is null or s.organisation_id = ${organisationId ?? null}
    order by s.state = 'lifted', s.raised_at desc, s.id limit 200
  `.execute(db)
  return rows
}

/** Everything on file about one organisation, for itself or the desk. */
export async function assessorPage(ctx: Ctx, organisationId: string) {
  const own = ctx.actor.can('certification.plan', { organisationId })
  if (!own && !ctx.actor.can('casework.read')) throw missing('organisation')
  const organisation = await ctx.db
    .selectFrom('people.organisations')
    .select(['id', 'name', 'uscc'])
    .where('id', '=', organisationId)
    .executeTakeFirst()
  if (!organisation) throw missing('organisation')
  const { db } = ctx
  const [assessor, scopes, sites, examiners, stops] = await Promise.all([
    assessorOf(db, organisationId),
    scopesOf(db, organisationId),
    sitesOf(db, organisationId),
    examinersOf(db, organisationId),
    stopsOf(db, organisationId),
  ])
  return { organisation, assessor: assessor ?? null, scopes, sites, examiners, stops }
}
