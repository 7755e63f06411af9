import { sql } from 'kysely'
import { occupationByKey } from '#modules/occupations/catalogue.queries.ts'
import type { DocumentKind } from '#modules/people/identity.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { formatDay } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { type AssessedClass, assessedClasses, assessmentOf, partsOf } from './assessment.queries.ts'
import type { Part } from './assessment.schema.ts'
import type { CertificateRecord } from './certificate.schema.ts'

type Db = Ctx['db']

/** Somebody who passed and has no certificate that stands. */
export type Pending = {
  resultId: string
  enrolmentId: string
  personId: string
  documentKind: DocumentKind
  documentMasked: string
  totalMillipoints: number
  hours: number
  marks: Partial<Record<Part, number>>
}

/**
 * Who is waiting: passed, and either never had a certificate, or the last one was only misprinted, or it was revoked
 * before the present result was decided.
 */
const waiting = (classId: string) => sql`
  from assessment.current_results r
  join training.enrolments e on e.id = r.enrolment_id
  left join lateral (select k.state, k.revoke_code, k.revoked_at from assessment.certificates k
    where k.enrolment_id = r.enrolment_id order by k.id desc limit 1) k on true
  where r.class_id = ${classId} and r.passed and e.state <> 'withdrawn'
    and (k.state is null or (k.state = 'revoked' and (k.revoke_code = 'misprint' or k.revoked_at < r.decided_at)))`

export async function countPending(db: Db, classId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count ${waiting(classId)}`.execute(db)
  return rows[0]?.count ?? 0
}

/** The next `limit` of them in the roster's order. */
export async function pendingFor(db: Db, classId: string, limit: number): Promise<Pending[]> {
  const { rows } = await sql<Pending>`
    select w.*, p.document_kind as "documentKind", p.document_masked as "documentMasked",
      (select jsonb_object_agg(f.part, f.tenths) from assessment.final_scores f where f.enrolment_id = w."enrolmentId") as marks
    from (select r.id as "resultId", r.enrolment_id as "enrolmentId", r.person_id as "personId",
        r.total_millipoints as "totalMillipoints", r.class_hours as hours, e.enrolled_at
      ${waiting(classId)} order by e.enrolled_at, e.id limit ${limit}) w
    join people.persons p on p.id = w."personId"
    order by w.enrolled_at, w."enrolmentId"
  `.execute(db)
  return rows
}

/** What all certificates of a class have in common. */
export type ClassFacts = Omit<AssessedClass, 'occupation' | 'level'> & {
  district: string
  programmeName: string
  basis: string
  occupation: CertificateRecord['occupation']
  level: string | null
  from: Day
  to: Day
  assessedOn: Day
  weights: Record<Part, number>
}

export async function classFacts(ctx: Pick<Ctx, 'db' | 'plan'>, classId: string): Promise<ClassFacts> {
  const [found, assessment] = await Promise.all([
    assessedClasses(ctx.db).where('c.id', '=', classId).executeTakeFirst(),
    assessmentOf(ctx.db, classId),
  ])
  const programme = ctx.plan.programmes.find(({ code }) => code === found?.programme)
  if (!found || !assessment || !programme) throw missing('class')
  const [parts, occupation, taught] = await Promise.all([
    partsOf(ctx.db, assessment),
    found.occupation === '' ? undefined : occupationByKey(ctx.db, found.occupation),
    taughtDays(ctx.db, classId),
  ])
  const scheme = ctx.plan.levelSchemes.find(({ id }) => id === occupation?.levelScheme)
  return {
    ...found,
    district: ctx.plan.district.code,
    programmeName: programme.name,
    basis: ctx.plan.docNo,
    occupation: occupation ? { edition: occupation.edition, code: occupation.code, title: occupation.title } : null,
    level: found.level === '' ? null : (scheme?.levels.find(({ code }) => code === found.level)?.label ?? found.level),
    from: taught.from ?? found.startsOn,
    to: taught.to ?? found.endsOn,
    assessedOn:
      parts
        .map((part) => part.heldOn)
        .toSorted()
        .at(-1) ?? found.endsOn,
    weights: assessment.weights,
  }
}

/** The first and last day that teaching really took place. */
async function taughtDays(db: Db, classId: string): Promise<{ from: Day | null; to: Day | null }> {
  const { rows } = await sql<{ from: Day | null; to: Day | null }>`
    select min((lower(during) at time zone 'Asia/Shanghai')::date) as from, max((lower(during) at time zone 'Asia/Shanghai')::date) as to
    from training.sessions where class_id = ${classId} and state = 'closed'
  `.execute(db)
  return rows[0] ?? { from: null, to: null }
}

/** The record of one certificate, complete in itself. */
export function recordOf(facts: ClassFacts, one: Pending, number: string, issuedOn: Day): CertificateRecord {
  return {
    version: 1,
    kind: '培训合格证书',
    number,
    document: { kind: one.documentKind, masked: one.documentMasked },
    programme: { code: facts.programme, name: facts.programmeName },
    course: facts.title,
    classNumber: facts.number,
    occupation: facts.occupation,
    level: facts.level,
    plannedHours: facts.classHours,
    hours: Math.min(one.hours, facts.classHours),
    from: facts.from,
    to: facts.to,
    assessedOn: facts.assessedOn,
    totalMillipoints: one.totalMillipoints,
    parts: (['theory', 'practice'] as const).flatMap((part) => {
      const tenths = one.marks[part]
      return tenths === undefined || facts.weights[part] === 0 ? [] : [{ part, weight: facts.weights[part], tenths }]
    }),
    basis: facts.basis,
    issuer: { name: facts.organisation, uscc: facts.uscc },
    seal: `${facts.organisation}于${formatDay(issuedOn)}电子签发`,
    issuedOn,
  }
}
