import { sql } from 'kysely'
import type { TrailRow } from '#modules/audit/trail.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { clauseLabel, clauseOf, indicatorOf, programmeOf, ruleOf } from '#policy/clauses.ts'
import type { Clause, Indicator, Programme, Rule } from '#policy/plan.types.ts'
import type { Day } from '#shared/units.ts'
import type { Basis } from './count.schema.ts'
import { seesPerson } from './event.queries.ts'

export type HourLine = {
  id: number
  onDay: Day
  minutes: number
  grade: string
  source: string
  session: string | null
  by: string
  /** Claim lines that spent it. */
  spentMinutes: number
}

/** From one count to everything it rests on: who, in which class, which hours, which money, under which clause. */
export type EventTrail = {
  id: number
  basis: Basis
  countedOn: Day
  round: number
  recordedAt: Date
  negates: number | null
  reversedBy: { id: number; on: Day; reason: string } | null
  reason: string
  amountFen: number
  person: { id: string; name: string; document: string; enrolmentId: string } | null
  groups: string[]
  tags: string[]
  klass: {
    id: string
    number: string
    title: string
    state: string
    organisation: string
    planNumber: string | null
    subdistrict: string
  }
  occupation: { edition: string; code: string; title: string } | null
  hours: HourLine[]
  result: { id: string; passed: boolean; explanation: unknown; decidedAt: Date; revision: number } | null
  certificate: { number: string; state: string } | null
  line: {
    id: string
    claimId: string
    claimNumber: string
    claimState: string
    classHours: number
    unitFen: number
    amountFen: number
    capFen: number | null
    explanation: unknown
    funds: { fundSource: string; year: number; amountFen: number }[]
  } | null
  indicators: Indicator[]
  programme: Programme | null
  rules: Rule[]
  clauses: { clause: Clause; label: string }[]
  audit: Pick<TrailRow, 'id' | 'at' | 'actor_name' | 'command' | 'subjects' | 'seq'>[]
}

type Db = Ctx['db']

export async function eventTrail(ctx: Ctx, id: number): Promise<EventTrail> {
  const head = await eventHead(ctx.db, id)
  if (!head) throw missing('count-event')
  const visible = seesPerson(ctx.actor, ctx.plan)(head.groups)
  const [hours, result, certificate, line, audit] = await Promise.all([
    visible ? hoursOf(ctx.db, head.enrolmentId) : [],
    visible ? resultOf(ctx.db, head.enrolmentId) : null,
    visible ? certificateOf(ctx.db, head.enrolmentId) : null,
    head.claimLineId && visible ? lineOf(ctx.db, head.claimLineId) : null,
    auditOf(ctx.db, [`class:${head.klass.id}`, ...(head.claimId ? [`claim:${head.claimId}`] : [])]),
  ])
  const programme = programmeOf(ctx.plan, head.programmeCode) ?? null
  const indicators = head.indicatorIds.flatMap((k) => indicatorOf(ctx.plan, k) ?? [])
  const clauseIds = [
    ...new Set([
      ...(programme ? [programme.clause, ...programme.alsoClauses] : []),
      ...indicators.map((k) => k.clause),
    ]),
  ]
  const ruleIds = ['R35', 'R03', ...(head.basis === 'subsidyPaid' ? ['R04', 'R21', 'R33'] : [])]
  const { person, groups, indicatorIds: _, programmeCode: __, enrolmentId, claimId: ___, ...rest } = head
  return {
    ...rest,
    person: visible ? { ...person, enrolmentId } : null,
    groups: visible ? groups : [],
    ...{ hours, result, certificate, line, indicators, programme, audit },
    rules: ruleIds.flatMap((rule) => ruleOf(ctx.plan, rule) ?? []),
    clauses: clauseIds.flatMap((clauseId) => {
      const clause = clauseOf(ctx.plan, clauseId)
      return clause ? [{ clause, label: clauseLabel(ctx.plan, clauseId) }] : []
    }),
  }
}

type Head = Pick<
  EventTrail,
  'id' | 'basis' | 'countedOn' | 'round' | 'recordedAt' | 'negates' | 'reversedBy' | 'reason' | 'amountFen' | 'tags'
> & {
  groups: string[]
  person: { id: string; name: string; document: string }
  klass: EventTrail['klass']
  occupation: EventTrail['occupation']
  indicatorIds: string[]
  programmeCode: string
  enrolmentId: string
  claimId: string | null
  claimLineId: string | null
}

async function eventHead(db: Db, id: number): Promise<Head | undefined> {
  const { rows } = await sql<Head>`
    select e.id, e.basis, e.counted_on as "countedOn", e.round, e.recorded_at as "recordedAt", e.negates, e.reason,
      e.amount_fen as "amountFen", e.tags, e.group_tags as groups, e.indicators as "indicatorIds", e.programme as "programmeCode",
      e.enrolment_id as "enrolmentId", e.claim_id as "claimId", e.claim_line_id as "claimLineId",
      case when r.id is null then null
        else jsonb_build_object('id', r.id, 'on', r.counted_on, 'reason', r.reason) end as "reversedBy",
      jsonb_build_object('id', p.id, 'name', p.name_masked, 'document', p.document_masked) as person,
      jsonb_build_object('id', c.id, 'number', c.number, 'title', c.title, 'state', c.state, 'organisation', o.name,
        'planNumber', l.number, 'subdistrict', e.venue_subdistrict) as klass,
      case when q.code is null then null
        else jsonb_build_object('edition', q.edition, 'code', q.code, 'title', q.title) end as occupation
    from reports.count_events e
    left join reports.count_events r on r.negates = e.id
    join people.persons p on p.id = e.person_id
    join training.classes c on c.id = e.class_id
    join training.plans l on l.id = c.plan_id
    join people.organisations o on o.id = e.organisation_id
    left join occupations.occupations q on q.edition = e.occupation_edition and q.code = e.occupation_code
    where e.id = ${id}
  `.execute(db)
  return rows[0]
}

async function hoursOf(db: Db, enrolmentId: string): Promise<HourLine[]> {
  const { rows } = await sql<HourLine>`
    select h.id, h.on_day as "onDay", h.minutes, h.grade, h.source, s.title as session, h.by_user as by,
      coalesce((select sum(x.minutes) from training.hour_spends x where x.entry_id = h.id), 0)::int as "spentMinutes"
    from training.hour_entries h left join training.sessions s on s.id = h.session_id
    where h.enrolment_id = ${enrolmentId} order by h.on_day, h.id
  `.execute(db)
  return rows
}

async function resultOf(db: Db, enrolmentId: string): Promise<EventTrail['result']> {
  const row = await db
    .selectFrom('assessment.current_results')
    .select(['id', 'passed', 'explanation', 'decided_at as decidedAt', 'revision'])
    .where('enrolment_id', '=', enrolmentId)
    .executeTakeFirst()
  return (row as EventTrail['result'] | undefined) ?? null
}

async function certificateOf(db: Db, enrolmentId: string): Promise<EventTrail['certificate']> {
  const row = await db
    .selectFrom('assessment.certificates')
    .select(['number', 'state'])
    .where('enrolment_id', '=', enrolmentId)
    .orderBy('issued_at', 'desc')
    .executeTakeFirst()
  return row ?? null
}

async function lineOf(db: Db, lineId: string): Promise<EventTrail['line']> {
  const { rows } = await sql<NonNullable<EventTrail['line']>>`
    select l.id, l.claim_id as "claimId", c.number as "claimNumber", c.state as "claimState", l.class_hours as "classHours",
      l.unit_fen as "unitFen", l.amount_fen as "amountFen", l.cap_fen as "capFen", l.explanation,
      coalesce((select jsonb_agg(jsonb_build_object('fundSource', f.fund_source, 'year', f.year, 'amountFen', f.amount_fen)
        order by f.seq) from subsidy.line_funds f where f.line_id = l.id), '[]') as funds
    from subsidy.claim_lines l join subsidy.claims c on c.id = l.claim_id where l.id = ${lineId}
  `.execute(db)
  return rows[0] ?? null
}

/** Who did what to these records, newest first: the last 30 rows of the trail. */
async function auditOf(db: Db, subjects: readonly string[]): Promise<EventTrail['audit']> {
  const { rows } = await sql<EventTrail['audit'][number]>`
    select e.id, e.at, e.actor_name, e.command, e.subjects, l.seq
    from audit.entries e left join audit.links l on l.entry_id = e.id
    where e.subjects && ${[...subjects]} order by e.at desc, e.id desc limit 30
  `.execute(db)
  return rows
}
