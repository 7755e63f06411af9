import { describe, expect, test } from 'vitest'
import { checkClassDates, classCycle, type DossierFacts, dossier } from '#modules/training/class.rules.ts'
import { type ClassState, classStates, reasonText } from '#modules/training/class.schema.ts'
import { checkJoin, checkSelfEnrolment, type JoinFacts } from '#modules/training/enrolment.rules.ts'
import { reasonText as enrolmentText } from '#modules/training/enrolment.schema.ts'
import { after } from '#platform/casework.ts'
import { day } from '#shared/units.ts'

const whole: DossierFacts = {
  enrolled: 20,
  capacity: 30,
  teachingPlan: '每周两次',
  resources: '教材',
  assessmentPlan: '理论与实操',
  hasVenue: true,
  online: false,
  trainers: [{ id: 't1', name: '陈师傅', qualified: true }],
  sessions: [
    { minutes: 180, trainerId: 't1', trainer: '陈师傅', room: { name: '201', seats: 30 } },
    { minutes: 180, trainerId: 't1', trainer: '陈师傅', room: { name: '大教室', seats: 80 } },
  ],
  classHours: 8,
  minutesPerHour: 45,
  classSizeMax: 50,
  otherCapacity: 170,
  headcount: 200,
}
const lacking = (over: Partial<DossierFacts>) =>
  dossier({ ...whole, ...over }).flatMap(({ id, faults }) => faults.map((fault) => [id, fault.reason]))

describe('R02 the dossier', () => {
  test('R02 whole: five elements and the place', () => {
    const elements = dossier(whole)
    expect(elements.map(({ id }) => id)).toEqual([
      'roster',
      'teachingPlan',
      'teachers',
      'resources',
      'assessmentPlan',
      'place',
    ])
    expect(elements.every(({ done }) => done)).toBe(true)
  })

  test.each<[Partial<DossierFacts>, string, string]>([
    [{ enrolled: 0 }, 'roster', 'roster-empty'],
    [{ enrolled: 31 }, 'roster', 'roster-over-capacity'],
    [{ teachingPlan: ' ' }, 'teachingPlan', 'teaching-plan-empty'],
    [{ sessions: whole.sessions.slice(1) }, 'teachingPlan', 'schedule-short'],
    [{ classHours: 9 }, 'teachingPlan', 'schedule-short'],
    [{ trainers: [] }, 'teachers', 'teachers-none'],
    [{ trainers: [{ id: 't1', name: '陈师傅', qualified: false }] }, 'teachers', 'teacher-unqualified'],
    [{ trainers: [{ id: 't2', name: '李师傅', qualified: true }] }, 'teachers', 'teacher-not-listed'],
    [{ resources: '' }, 'resources', 'resources-empty'],
    [{ assessmentPlan: '' }, 'assessmentPlan', 'assessment-plan-empty'],
    [{ hasVenue: false }, 'place', 'venue-none'],
    [{ capacity: 31, classSizeMax: 31, otherCapacity: 0 }, 'place', 'over-seats'],
    [{ classSizeMax: 29 }, 'place', 'over-class-size'],
    [{ otherCapacity: 171 }, 'place', 'over-headcount'],
  ])('R02 C12 %j → %s %s', (over, id, reason) => {
    expect(lacking(over)).toEqual([[id, reason]])
    const refusal = dossier({ ...whole, ...over }).flatMap(({ faults }) => faults)[0]
    const words = reasonText[reason]?.(refusal?.facts ?? {})
    expect(words?.message).toMatch(/\p{Script=Han}/u)
    expect(`${words?.message}${words?.remedy}`).not.toMatch(/undefined/)
  })

  test('R02 everything that is missing is named at once', () => {
    expect(lacking({ enrolled: 0, teachingPlan: '', trainers: [], resources: '', assessmentPlan: '' })).toHaveLength(5)
  })

  test('C12 an undecided limit on class size does not bind', () => {
    expect(lacking({ classSizeMax: null })).toEqual([])
  })
})

describe('R01 class dates', () => {
  const plan = { startsOn: day('2021-09-01'), endsOn: day('2021-12-31'), acceptedOn: day('2021-09-10') }
  test.each([
    ['2021-09-10', '2021-12-31', null],
    ['2021-09-09', '2021-12-31', 'class-before-acceptance'],
    ['2021-08-31', '2021-12-31', 'class-outside-plan'],
    ['2021-09-10', '2022-01-01', 'class-outside-plan'],
  ])('R01 %s to %s → %s', (startsOn, endsOn, reason) => {
    const decision = checkClassDates({ startsOn: day(startsOn), endsOn: day(endsOn) }, plan)
    expect(decision.ok ? null : decision.refusal.reason).toBe(reason)
  })
})

describe('R02 the life of a class', () => {
  const allowed: Record<string, ClassState[]> = {
    apply: ['draft', 'returned'],
    return: ['applied'],
    approve: ['applied'],
    start: ['approved'],
    suspend: ['in-session'],
    resume: ['suspended'],
    assess: ['in-session'],
    close: ['assessed'],
    cancel: ['draft', 'applied', 'returned', 'approved'],
    terminate: ['suspended'],
  }
  const states = Object.keys(classStates) as ClassState[]
  test.each(Object.keys(classCycle).flatMap((move) => states.map((state) => [move, state] as const)))(
    'R02 %s from %s',
    (move, state) => expect(after(classCycle, move, state).ok).toBe(allowed[move]?.includes(state) ?? false),
  )
})

describe('R06 C12 joining a class', () => {
  const fine: JoinFacts = {
    classState: 'approved',
    capacity: 30,
    taken: 29,
    startsOn: day('2021-09-16'),
    bornOn: day('2005-09-16'),
    ageMin: 16,
    groups: 'any',
    groupCode: '',
  }
  test.each<[string | null, Partial<JoinFacts>]>([
    [null, {}],
    ['under-age', { bornOn: day('2005-09-17') }],
    [null, { bornOn: null }],
    [null, { bornOn: day('2015-01-01'), ageMin: null }],
    ['class-full', { taken: 30 }],
    ['roster-closed', { classState: 'applied' }],
    ['roster-closed', { classState: 'assessed' }],
    ['group-required', { groups: ['veterans'] }],
    ['group-unknown', { groups: ['veterans'], groupCode: 'disabled' }],
    [null, { groups: ['veterans'], groupCode: 'veterans' }],
  ])('R06 C12 %s for %j', (reason, over) => {
    const decision = checkJoin({ ...fine, ...over })
    expect(decision.ok ? null : decision.refusal.reason).toBe(reason)
    if (!decision.ok) expect(enrolmentText[decision.refusal.reason]).toBeDefined()
  })

  test.each([
    [true, 'approved', '2021-09-16', null],
    [true, 'in-session', '2021-09-17', 'enrolment-over'],
    [false, 'approved', '2021-09-15', 'not-open'],
    [true, 'draft', '2021-09-15', 'not-open'],
  ] as const)('HZ4-M13 open %s, %s, on %s → %s', (openEnrolment, classState, today, reason) => {
    const decision = checkSelfEnrolment({ openEnrolment, classState, startsOn: day('2021-09-16'), today: day(today) })
    expect(decision.ok ? null : decision.refusal.reason).toBe(reason)
  })
})
