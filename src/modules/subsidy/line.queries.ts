import { sql } from 'kysely'
import { canonical } from '#modules/assessment/certificate.rules.ts'
import { classes } from '#modules/training/class.queries.ts'
import type { ClassState } from '#modules/training/class.schema.ts'
import { classHoursOf } from '#modules/training/hours.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { settingsInForce } from '#platform/figures.ts'
import type { Decision } from '#policy/decision.ts'
import { type FigureValue, figure } from '#policy/figures.ts'
import type { Plan, Programme } from '#policy/plan.types.ts'
import type { Day } from '#shared/units.ts'
import { paidElsewhere } from './control-claim.queries.ts'
import { payable } from './line.rules.ts'
import type { FigureFact, Line, LineFacts } from './line.schema.ts'

type Base = Pick<Ctx, 'db' | 'plan' | 'crypto' | 'now'>

export type ClassBasis = {
  classId: string
  number: string
  title: string
  organisationId: string
  state: ClassState
  classHours: number
  programme: Programme
  endedOn: Day
  hour: FigureFact
  rate: FigureFact
  cap: FigureFact | null
  months: FigureValue
  /** Hash of the figures an amount of this class rests on. */
  ruleVersion: string
}

/** What every line of a class has in common: programme, last day, figures as of that day. Unknown class: missing. */
export async function classBasis(base: Base, classId: string): Promise<ClassBasis> {
  const record = await classes(base.db).where('c.id', '=', classId).executeTakeFirst()
  if (!record) throw missing('class')
  const programme = base.plan.programmes.find((p) => p.code === record.programme)
  if (!programme) {
    throw refused({ clause: 'R04', reason: 'programme-unknown', facts: { programme: record.programme } })
  }
  const { rows } = await sql<{ last: Day | null }>`
    select max(on_day) as last from training.hour_entries where class_id = ${classId} and minutes > 0
  `.execute(base.db)
  const endedOn = rows[0]?.last ?? record.endsOn
  const set = await settingsInForce(base)
  const at = (id: string) => figure(base.plan, id, endedOn, set)
  const { rateFigure, capFigure } = programme.amount
  const figures = {
    hour: factOf(base.plan, at(programme.hours.minutesFigure)),
    rate: factOf(base.plan, at(rateFigure)),
    cap: capFigure === null ? null : factOf(base.plan, at(capFigure)),
  }
  const dayLimit = at(programme.hours.maxPerDayFigure).value
  return {
    classId,
    number: record.number,
    title: record.title,
    organisationId: record.organisationId,
    state: record.state,
    classHours: record.classHours,
    programme,
    endedOn,
    ...figures,
    months: at(programme.claim.windowFigure),
    ruleVersion: base.crypto
      .digest(canonical({ plan: base.plan.id, programme: programme.code, ...figures, dayLimit }))
      .slice(0, 16),
  }
}

export function factOf(plan: Plan, value: FigureValue): FigureFact {
  const source = plan.sources.find((s) => s.id === value.source)?.title ?? value.source
  const { id, label, decided, from, setAt } = value
  return { id, label, value: value.value, decided, source, from, setAt }
}

export type PersonFacts = { enrolmentId: string; personId: string; facts: LineFacts; line: Decision<Line> }

type Row = {
  enrolment_id: string
  person_id: string
  passed: boolean
  passed_at: string | null
  own: number
  minutes_at: string | null
  used: number
  used_at: string | null
  other: string | null
}

/**
 * Everybody in a class with the facts their amount follows from, and the amount. Hours and cap that this class's own
 * live claim holds count as free: a claim drawn up again sees what it saw before.
 * @clause R04 @clause C10 @clause R21
 */
export async function personsOf(
  base: Base,
  basis: ClassBasis,
  /** `looking` at a claim that stands in line, only what stood in line before it has used the cap. */
  purpose: 'drawing-up' | 'looking' = 'drawing-up',
): Promise<PersonFacts[]> {
  const { programme, classId, endedOn } = basis
  const year = Number(endedOn.slice(0, 4))
  const yearly = programme.amount.capPer === 'person-calendar-year'
  const names = JSON.stringify({ [programme.code]: programme.name })
  const { rows } = await sql<Row>`
    select e.id as enrolment_id, e.person_id, coalesce(r.passed, false) as passed, to_json(r.decided_at) #>> '{}' as passed_at,
      coalesce(o.own, 0)::int as own, to_json(h.at) #>> '{}' as minutes_at,
      case when ${yearly} then coalesce(u.used, 0) + (${paidElsewhere(sql`p.document_index`, sql`${year}::int`, sql`${programme.code}::text`, sql`${names}::jsonb`)})
        else 0 end as used,
      to_json(u.at) #>> '{}' as used_at, x.number as other
    from training.enrolments e join people.persons p on p.id = e.person_id join training.classes k on k.id = e.class_id
    left join lateral (select passed, decided_at from assessment.results where enrolment_id = e.id order by revision desc limit 1) r on true
    left join lateral (select max(at) as at from training.hour_entries
      where class_id = e.class_id and enrolment_id = e.id) h on true
    left join lateral (select l.id, l.cap_held_at, (select sum(s.minutes) from training.hour_spends s
        where s.spent_on_kind = 'claim-line' and s.spent_on_id = l.id) as own
      from subsidy.claim_lines l where l.enrolment_id = e.id and l.live) o on true
    left join lateral (
      select sum(l.amount_fen) as used, max(l.cap_held_at) as at from subsidy.claim_lines l
      where l.person_id = e.person_id and l.programme = ${programme.code} and l.year = ${year} and l.live
        and l.cap_held_at is not null and l.enrolment_id <> e.id
        and (${purpose === 'drawing-up'} or o.cap_held_at is null or (l.cap_held_at, l.id) < (o.cap_held_at, o.id))) u on true
    left join lateral (
      select c.number from subsidy.claim_lines l join subsidy.claims c on c.id = l.claim_id join training.classes o on o.id = c.class_id
      where l.person_id = e.person_id and l.live and l.cap_held_at is not null and l.enrolment_id <> e.id
        and l.programme <> ${programme.code} and (o.occupation_edition, o.occupation_code) = (k.occupation_edition, k.occupation_code)
        and daterange(o.starts_on, o.ends_on, '[]') && daterange(k.starts_on, k.ends_on, '[]')
      order by l.cap_held_at limit 1) x on true
    where e.class_id = ${classId} and e.state <> 'withdrawn' order by e.id
  `.execute(base.db)
  const hours = new Map((await classHoursOf(base, classId)).map((of) => [of.enrolmentId, of]))
  return rows.map((row) => {
    const of = hours.get(row.enrolment_id)
    const facts: LineFacts = {
      programme: programme.code,
      passed: row.passed,
      passedAt: row.passed_at,
      endedOn,
      // what counts, as far as no other claim has spent it
      minutes: Math.min(of?.minutes ?? 0, (of?.freeMinutes ?? 0) + row.own),
      minutesAt: row.minutes_at,
      hour: basis.hour,
      rate: basis.rate,
      cap: basis.cap,
      capPer: programme.amount.capPer,
      capUsedBefore: row.used,
      capUsedAt: row.used_at,
      otherBenefit: row.other,
      fundSource: programme.fundSources[0] ?? '',
    }
    return { enrolmentId: row.enrolment_id, personId: row.person_id, facts, line: payable(facts) }
  })
}
