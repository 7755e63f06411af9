import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { levelIn } from './assessor.rules.ts'
import type { ExamPart } from './assessor.schema.ts'
import type { BatchState } from './batch.schema.ts'

type Db = Ctx['db']

export type Batch = {
  id: string
  number: string
  organisationId: string
  organisation: string
  siteId: string
  site: string
  siteAddress: string
  scopeId: string
  edition: string
  code: string
  occupation: string
  levelScheme: string
  level: string
  parts: ExamPart[]
  classId: string | null
  classTitle: string | null
  title: string
  state: BatchState
  round: number
  version: number
  supervisorId: string | null
  supervisor: string | null
  filedAt: Date | null
  filedBy: string | null
  publicisedOn: Day | null
  publicityEndsOn: Day | null
  heldBy: string | null
  firstOn: Day | null
  lastOn: Day | null
  listed: number
  passed: number
  certificates: number
}

const batchRows = (where: ReturnType<typeof sql>, tail = sql`order by b.id desc limit 200`) => sql<Batch>`
  select b.id, b.number, b.organisation_id as "organisationId", o.name as organisation, b.site_id as "siteId", s.name as site,
    s.address as "siteAddress", b.scope_id as "scopeId", b.edition, b.code, oc.title as occupation, oc.level_scheme as "levelScheme", b.level,
    b.parts, b.class_id as "classId", c.title as "classTitle", b.title, b.state, b.round, b.sheet_version as version,
    b.supervisor_id as "supervisorId", x.name as supervisor, b.filed_at as "filedAt", b.filed_by as "filedBy",
    b.publicised_on as "publicisedOn", b.publicity_ends_on as "publicityEndsOn", b.held_by as "heldBy", t.first as "firstOn", t.last as "lastOn",
    (select count(*)::int from certification.candidates k where k.batch_id = b.id and k.state = 'listed') as listed,
    (select count(*)::int from certification.results r where r.batch_id = b.id and r.round = b.round and r.passed) as passed,
    (select count(*)::int from certification.certificates e where e.batch_id = b.id and e.state = 'issued') as certificates
  from certification.batches b join people.organisations o on o.id = b.organisation_id join certification.sites s on s.id = b.site_id
  join occupations.occupations oc on oc.edition = b.edition and oc.code = b.code
  left join training.classes c on c.id = b.class_id left join certification.examiners x on x.id = b.supervisor_id
  left join lateral (select min((lower(g.during) at time zone 'Asia/Shanghai')::date) as first,
    max((lower(g.during) at time zone 'Asia/Shanghai')::date) as last
    from certification.sittings g where g.batch_id = b.id and not g.off) t on true
  where ${where} ${tail}`

export async function batchById(db: Db, id: string): Promise<Batch | undefined> {
  return (await batchRows(sql`b.id = ${id}`).execute(db)).rows[0]
}
export async function batchesOf(db: Db, organisationId: string): Promise<Batch[]> {
  return (await batchRows(sql`b.organisation_id = ${organisationId}`).execute(db)).rows
}
/** What the desk sees: everything that was handed in, what waits for it first. */
export async function batchesAtDesk(db: Db, state?: BatchState): Promise<Batch[]> {
  return (
    await batchRows(
      sql`b.state <> 'draft' and (${state ?? null}::text is null or b.state = ${state ?? null})`,
      sql`order by b.state = 'filed' desc, b.id desc limit 200`,
    ).execute(db)
  ).rows
}
/** Batches whose results are or were before the public. */
export async function batchesInPublic(db: Db): Promise<Batch[]> {
  return (
    await batchRows(
      sql`b.publicised_on is not null and b.state in ('publicised', 'held', 'cleared', 'issued')`,
    ).execute(db)
  ).rows
}

export type Sitting = {
  id: string
  part: ExamPart
  roomId: string
  room: string
  video: boolean
  from: Date
  to: Date
  on: Day
  seats: number
  examinerId: string
  examiner: string
  examinerPersonId: string
}
export async function sittingsOf(db: Db, batchId: string): Promise<Sitting[]> {
  const { rows } = await sql<Sitting>`
    select g.id, g.part, g.room_id as "roomId", r.name as room, r.video, lower(g.during) as from, upper(g.during) as to,
      (lower(g.during) at time zone 'Asia/Shanghai')::date as on, g.seats, g.examiner_id as "examinerId", x.name as examiner,
      x.person_id as "examinerPersonId"
    from certification.sittings g join certification.rooms r on r.id = g.room_id join certification.examiners x on x.id = g.examiner_id
    where g.batch_id = ${batchId} and not g.off order by lower(g.during), r.name
  `.execute(db)
  return rows
}

export type Candidate = {
  id: string
  seq: number
  personId: string
  enrolmentId: string | null
  name: string
  document: string
  condition: string
  years: number
  evidence: string
  state: 'listed' | 'struck'
  struckNote: string
  marks: Partial<Record<ExamPart, { tenths: number | null; by: string }>>
  passed: boolean | null
  certificateId: string | null
  certificate: string | null
}
/** Everybody of the list, masked, with the newest mark of each part in the present round. */
export async function candidatesOf(db: Db, batchId: string): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select k.id, k.seq, k.person_id as "personId", k.enrolment_id as "enrolmentId", p.name_masked as name, p.document_masked as document,
      k.condition, k.years, k.evidence, k.state, k.struck_note as "struckNote",
      coalesce((select jsonb_object_agg(m.part, jsonb_build_object('tenths', m.tenths, 'by', m.entered_by)) from (
        select distinct on (e.part) e.part, e.tenths, e.entered_by from certification.mark_entries e
        where e.candidate_id = k.id and e.round = b.round order by e.part, e.id desc) m), '{}') as marks,
      (select r.passed from certification.results r where r.candidate_id = k.id and r.round = b.round) as passed,
      c.id as "certificateId", c.number as certificate
    from certification.candidates k join certification.batches b on b.id = k.batch_id join people.persons p on p.id = k.person_id
    left join certification.certificates c on c.candidate_id = k.id and c.state = 'issued'
    where k.batch_id = ${batchId} order by k.state, k.seq
  `.execute(db)
  return rows
}

/** One batch for its organisation or the desk; somebody else's is missing. */
export async function batchPage(ctx: Ctx, id: string) {
  const batch = await batchById(ctx.db, id)
  const own = batch !== undefined && ctx.actor.can('organisation.read', { organisationId: batch.organisationId })
  const desk = ctx.actor.can('casework.read')
  if (!batch || !(own || (desk && batch.state !== 'draft'))) throw missing('batch')
  const [sittings, candidates] = await Promise.all([sittingsOf(ctx.db, id), candidatesOf(ctx.db, id)])
  return {
    batch: { ...batch, levelLabel: levelIn(ctx.plan, batch.levelScheme, batch.level) ?? batch.level },
    sittings,
    candidates,
    today: dayOf(ctx.now),
  }
}

export type PublicRow = { seq: number; name: string; document: string; passed: boolean }
/** The public list of a batch: masked, those of the present round. @clause R37 */
export async function publicResults(ctx: Ctx, id: string) {
  const batch = await batchById(ctx.db, id)
  if (!batch || !['publicised', 'held', 'cleared', 'issued'].includes(batch.state)) throw missing('batch')
  const { rows } = await sql<PublicRow>`
    select k.seq, p.name_masked as name, p.document_masked as document, r.passed
    from certification.results r join certification.candidates k on k.id = r.candidate_id join people.persons p on p.id = k.person_id
    where r.batch_id = ${id} and r.round = ${batch.round} order by k.seq
  `.execute(ctx.db)
  const open = batch.publicityEndsOn !== null && dayOf(ctx.now) <= batch.publicityEndsOn
  return {
    batch: { ...batch, levelLabel: levelIn(ctx.plan, batch.levelScheme, batch.level) ?? batch.level },
    // names leave the public page with the last day (R37); counts stay
    rows: open ? rows : [],
    assessed: rows.length,
    passed: rows.filter((row) => row.passed).length,
    open,
  }
}

/** Classes of an organisation whose learners may be examined, for a select. */
export async function classesFor(db: Db, organisationId: string): Promise<{ value: string; label: string }[]> {
  const { rows } = await sql<{ value: string; label: string }>`
    select c.id as value, c.title || '（' || c.number || '）' as label from training.classes c
    where c.organisation_id = ${organisationId} and c.occupation_code is not null
      and c.state in ('approved', 'in-session', 'assessed', 'closed')
    order by c.starts_on desc, c.id limit 100
  `.execute(db)
  return rows
}
