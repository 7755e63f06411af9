import { describe, expect, test } from 'vitest'
import { checkFiling, numbered, type PlanFacts, planCycle } from '#modules/training/plan.rules.ts'
import { type PlanState, planStates, reasonText } from '#modules/training/plan.schema.ts'
import { after } from '#platform/casework.ts'
import { day } from '#shared/units.ts'

const facts = (over: Partial<PlanFacts> = {}): PlanFacts => ({
  programme: {
    undertaker: { mode: 'provider', orgTypes: ['provider', 'school'], description: '' },
    openFrom: day('2020-12-07'),
    openTo: day('2021-12-31'),
    hours: { minutesFigure: 'R03.minutes', attendanceFigure: 'x', maxPerDayFigure: 'y', onlineAllowed: true },
  },
  organisation: { type: 'provider', typeLabel: '培训机构', allowedLabels: '民办职业培训机构', active: true },
  today: day('2021-09-15'),
  startsOn: day('2021-09-15'),
  endsOn: day('2021-10-15'),
  classHours: 8,
  courses: [
    { mode: 'offline', classHours: 6 },
    { mode: 'online', classHours: 2 },
  ],
  occupation: { title: '中式烹调师', known: true, levels: ['5', '4'] },
  level: '5',
  licences: [{ kind: 'school-permit', validFrom: day('2020-01-01'), validTo: day('2021-10-15') }],
  ownStaffScope: false,
  onlineDecided: false,
  ...over,
})
const employer = (over: Partial<PlanFacts> = {}) => {
  const base = facts(over)
  return {
    ...base,
    programme: {
      ...base.programme,
      undertaker: { mode: 'employer' as const, orgTypes: ['enterprise'], description: '' },
    },
    organisation: { ...base.organisation, type: 'enterprise' },
  }
}

describe('R01 filing before training', () => {
  test('R01 a plan that begins on the day it is filed is in time', () => {
    expect(checkFiling(facts())).toEqual({ ok: true, value: null })
  })

  test.each<[string, Partial<PlanFacts>]>([
    ['programme-not-open', { today: day('2020-12-06') }],
    ['programme-closed', { today: day('2022-01-01'), startsOn: day('2022-01-02'), endsOn: day('2022-02-01') }],
    ['organisation-inactive', { organisation: { ...facts().organisation, active: false } }],
    ['undertaker-type', { organisation: { ...facts().organisation, type: 'association' } }],
    ['plan-after-start', { startsOn: day('2021-09-14') }],
    ['plan-dates', { endsOn: day('2021-09-14') }],
    ['course-hours-differ', { classHours: 9 }],
    ['online-undecided', { courses: [{ mode: 'online', classHours: 8 }] }],
  ])('R01 %s', (reason, over) => {
    const decision = checkFiling(facts(over))
    expect(decision).toMatchObject({ ok: false, refusal: { clause: 'R01', reason } })
    if (!decision.ok) expect(reasonText[reason]?.(decision.refusal.facts).message).not.toMatch(/undefined/)
  })

  test('R01 online courses only where the programme allows them', () => {
    const { programme } = facts()
    const over = { programme: { ...programme, hours: { ...programme.hours, onlineAllowed: false } } }
    expect(checkFiling(facts(over))).toMatchObject({ refusal: { reason: 'online-not-allowed' } })
  })

  test('R01 online only, once the bureau has said how it counts', () => {
    expect(checkFiling(facts({ courses: [{ mode: 'online', classHours: 8 }], onlineDecided: true })).ok).toBe(true)
  })
})

describe('C12 scope', () => {
  test.each<[string, Partial<PlanFacts>]>([
    ['occupation-missing', { occupation: null }],
    ['occupation-unknown', { occupation: { title: '?', known: false, levels: [] } }],
    ['level-unknown', { level: '1' }],
    ['licence-scope', { licences: [] }],
    ['licence-scope', { endsOn: day('2021-10-16') }],
    ['licence-scope', { licences: [{ kind: 'own-staff', validFrom: day('2020-01-01'), validTo: null }] }],
    ['licence-scope', { licences: [{ kind: 'filing', validFrom: day('2021-09-16'), validTo: null }] }],
  ])('C12 %s', (reason, over) => {
    expect(checkFiling(facts(over))).toMatchObject({ ok: false, refusal: { clause: 'C12', reason } })
  })

  test('C12 an employer needs no permit for its own staff, unless its scope is on record', () => {
    expect(checkFiling(employer({ licences: [] })).ok).toBe(true)
    expect(checkFiling(employer({ occupation: null, level: '', licences: [] })).ok).toBe(true)
    expect(checkFiling(employer({ licences: [], ownStaffScope: true }))).toMatchObject({
      refusal: { reason: 'licence-scope' },
    })
  })
})

describe('R01 the life of a filing', () => {
  const allowed: Record<string, PlanState[]> = {
    file: ['draft', 'returned'],
    withdraw: ['draft', 'filed', 'returned'],
    return: ['filed'],
    accept: ['filed'],
    reject: ['filed'],
  }
  const cases = Object.keys(planCycle).flatMap((move) =>
    (Object.keys(planStates) as PlanState[]).map((s) => [move, s] as const),
  )
  test.each(cases)('R01 %s from %s', (move, state) => {
    expect(after(planCycle, move, state).ok).toBe(allowed[move]?.includes(state) ?? false)
  })

  test('R01 numbers', () => {
    expect(numbered('HZ2021-SG', 1)).toBe('HZ2021-SG-0001')
    expect(numbered('HZ2021-SG', 12345)).toBe('HZ2021-SG-12345')
    expect(numbered('HZ2021-SG-0001', 3, 2)).toBe('HZ2021-SG-0001-03')
  })
})
