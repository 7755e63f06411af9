/** Pure judges about the person: identity, and what other offices know. One fact sheet, one verdict. */
import type { Day } from '#shared/units.ts'
import { type DatasetKind, datasetKinds, type Evidence, type Judgement } from './control.schema.ts'

export const pass = (reason = 'ok', evidence: Evidence = {}): Judgement => ({ verdict: 'pass', reason, evidence })
export const found = (reason: string, evidence: Evidence = {}): Judgement => ({ verdict: 'fail', reason, evidence })
export const unknown = (reason: string, evidence: Evidence = {}): Judgement => ({
  verdict: 'unknown',
  reason,
  evidence,
})

/** How much of the class's days the imported data of one kind answers for. */
export type Coverage = 'none' | 'partial' | 'full'
export type Span = { from: Day; to: Day | null }
export type Listed = Span & { dataset: string }

const within = (on: Day, span: Span) => span.from <= on && (span.to === null || on <= span.to)

/** What to say when nothing was found: "not found" is only an answer where there was something to look in. */
export function orUnknown(coverage: Coverage, kind: DatasetKind): Judgement {
  const data = datasetKinds[kind]
  if (coverage === 'full') return pass()
  return unknown(coverage === 'none' ? 'no-data' : 'not-covered', { data })
}

/**
 * The document number and name are well formed. One record per document is kept by the database.
 * @clause C01
 */
export function judgeC01(facts: { documentFault: string | null; nameFault: string | null }): Judgement {
  if (facts.documentFault) return found('document-invalid', { fault: facts.documentFault })
  if (facts.nameFault) return found('name-invalid', { fault: facts.nameFault })
  return pass()
}

/** Days: the days on which the person was credited with hours. */
export type ListFacts = { coverage: Coverage; days: readonly Day[]; hits: readonly Listed[] }

/**
 * Nobody attends after the day of death. A death after the last class takes nothing away.
 * @clause C02
 */
export function judgeC02(facts: ListFacts): Judgement {
  const last = facts.days.at(-1)
  const hit = last && facts.hits.find((h) => h.from <= last)
  return hit ? found('deceased', { from: hit.from, dataset: hit.dataset }) : orUnknown(facts.coverage, 'deceased')
}

const judgeListed =
  (kind: DatasetKind) =>
  (facts: ListFacts): Judgement => {
    for (const on of facts.days) {
      const hit = facts.hits.find((h) => within(on, h))
      if (hit) return found('listed', { on, data: datasetKinds[kind], dataset: hit.dataset })
    }
    return orUnknown(facts.coverage, kind)
  }

/** Not drawing a pension on any day of class. @clause C03 */
export const judgeC03 = judgeListed('pension')
/** Not on the public payroll on any day of class. @clause C04 */
export const judgeC04 = judgeListed('payroll-staff')
/** Not a full-time student on any day of class. @clause C05 */
export const judgeC05 = judgeListed('full-time-student')

/**
 * Insured by this employer on every day of class; a dispatched worker is insured by an agency, which rosters do not
 * name, so anybody's insurance will do. A missing day found in data that covers only part of the days counts as found.
 * @clause C06
 */
export function judgeC06(facts: {
  /** False where the programme does not train an employer's own staff. */
  required: boolean
  coverage: Coverage
  /** Days of class, inside the data's days, on which the employer did not insure the person. */
  uninsured: readonly Day[]
}): Judgement {
  if (!facts.required) return pass('not-applicable')
  const first = facts.uninsured[0]
  if (first) return found('not-insured-here', { count: facts.uninsured.length, first })
  return orUnknown(facts.coverage, 'social-insurance')
}

/**
 * Whoever attends as unemployed is insured by nobody on the days of class.
 * @clause C07
 */
export function judgeC07(facts: { asUnemployed: boolean; coverage: Coverage; insured: readonly Day[] }): Judgement {
  if (!facts.asUnemployed) return pass('not-applicable')
  const first = facts.insured[0]
  return first
    ? found('insured-elsewhere', { count: facts.insured.length, first })
    : orUnknown(facts.coverage, 'social-insurance')
}

/**
 * Still insured by the employer on the newest day the data knows up to the claim. Data that ends before the last class
 * says nothing about leaving.
 * @clause C22
 */
export function judgeC22(facts: {
  required: boolean
  lastClassOn: Day
  /** The newest covered day not after the claim; null: no data. */
  knownOn: Day | null
  insured: boolean
}): Judgement {
  if (!facts.required) return pass('not-applicable')
  const data = datasetKinds['social-insurance']
  if (facts.knownOn === null) return unknown('no-data', { data })
  if (facts.knownOn < facts.lastClassOn) return unknown('not-covered', { data })
  return facts.insured ? pass('ok', { on: facts.knownOn }) : found('has-left', { on: facts.knownOn })
}

/**
 * A claimed key group is proved by its owner for the whole class, first to last day.
 * @clause C11
 */
export function judgeC11(facts: {
  group: string | null
  /** The programme is open to named groups only. */
  groupRequired: boolean
  firstOn: Day
  lastOn: Day
  verified: readonly Span[]
}): Judgement {
  if (facts.group === null) return facts.groupRequired ? found('group-required') : pass('not-applicable')
  const holds = facts.verified.some((span) => within(facts.firstOn, span) && within(facts.lastOn, span))
  return holds ? pass() : found('group-unverified', { group: facts.group })
}
