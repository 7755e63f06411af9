import { payable } from '#modules/subsidy/line.rules.ts'
import type { LineFacts } from '#modules/subsidy/line.schema.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import type { LoadBase } from './base.ts'
import type { MadeClass } from './class.ts'
import type { Gatherer, Row } from './insert.ts'
import { at, idFor } from './layout.ts'

/** A claim of the load: drawn up the workday after the class was closed, handed in the day after that. */
export type MadeClaim = { id: string; made: MadeClass; submittedAt: Date; row: Row }

/**
 * Everybody of the class who passed, each amount by the rule and with its explanation. Lines are written to a draft, as
 * they must be; the claim is handed in afterwards.
 */
export function addClaim(out: Gatherer, base: LoadBase, made: MadeClass, now: Date): MadeClaim | null {
  const basis = base.basis.get(made.undertaker.subject.programme)
  if (!basis) return null
  const closedOn = dayOf(made.times.closed)
  const draftedAt = at(addWorkdays(closedOn, 1).day, 10 * 60)
  const submittedAt = at(addWorkdays(closedOn, 2).day, 10 * 60)
  if (submittedAt >= now) return null
  const id = idFor(draftedAt, base.seed, 'claim', made.source.key)
  let amountFen = 0
  for (const seat of made.seats) {
    if (!seat.passed) continue
    const key = `${seat.personId}/${made.undertaker.subject.programme}/${yearOf(made.endsOn)}`
    const before = base.used.get(key)
    const yearly = basis.programme.amount.capPer === 'person-calendar-year'
    const facts: LineFacts = {
      programme: basis.programme.code,
      passed: true,
      passedAt: made.times.concluded.toISOString(),
      endedOn: made.endsOn,
      minutes: seat.minutes,
      minutesAt: made.sessions.at(-1)?.closedAt.toISOString() ?? null,
      hour: basis.hour,
      rate: basis.rate,
      cap: basis.cap,
      capPer: basis.programme.amount.capPer,
      capUsedBefore: yearly ? (before?.fen ?? 0) : 0,
      capUsedAt: yearly ? (before?.at.toISOString() ?? null) : null,
      otherBenefit: null,
      fundSource: basis.programme.fundSources[0] ?? '',
    }
    const line = payable(facts)
    if (!line.ok) continue
    amountFen += line.value.amountFen
    base.used.set(key, { fen: (before?.fen ?? 0) + line.value.amountFen, at: submittedAt })
    out.add('subsidy.claim_lines', {
      id: idFor(draftedAt, base.seed, 'line', seat.enrolmentId),
      claim_id: id,
      enrolment_id: seat.enrolmentId,
      person_id: seat.personId,
      programme: facts.programme,
      year: line.value.year,
      minutes: line.value.minutes,
      hour_minutes: line.value.hourMinutes,
      class_hours: line.value.classHours,
      unit_fen: line.value.unitFen,
      cap_per: line.value.capPer,
      cap_fen: line.value.capFen,
      cap_used_before_fen: line.value.capUsedBeforeFen,
      amount_fen: line.value.amountFen,
      fund_source: line.value.fundSource,
      facts,
      explanation: line.value.explanation,
      live: true,
      cap_held_at: submittedAt,
      drop_reason: '',
    })
  }
  const { admin } = made.undertaker
  const row = {
    id,
    number: '', // taken from the sequence when it is written
    class_id: made.id,
    programme: basis.programme.code,
    organisation_id: made.undertaker.id,
    state: 'draft',
    amount_fen: amountFen,
    round: 0,
    rule_version: basis.ruleVersion,
    created_at: draftedAt,
    created_by: admin.id,
    version: 1,
  }
  base.move(out, 'claim', id, 'draft', ['', 'draft'], draftedAt, admin)
  base.move(out, 'claim', id, 'submit', ['draft', 'submitted'], submittedAt, admin)
  return { id, made, submittedAt, row }
}
