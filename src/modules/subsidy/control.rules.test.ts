import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { day } from '#shared/units.ts'
import { controlReasons, controlWords, type Judgement } from './control.schema.ts'
import {
  judgeC09,
  judgeC10,
  judgeC17,
  judgeC19,
  judgeC20,
  judgeC21,
  judgeC24,
  judgeC25,
  judgeCallShare,
  judgeNotInRelease,
  judgeSum,
  overrideHolds,
} from './control-claim.rules.ts'
import { judgeC08, judgeC12, judgeC13, judgeC15, judgeC18, judgeC23, judgeManualShare } from './control-class.rules.ts'
import { judgeC16, type OnlineFacts } from './control-online.rules.ts'
import {
  judgeC01,
  judgeC02,
  judgeC03,
  judgeC04,
  judgeC05,
  judgeC06,
  judgeC07,
  judgeC11,
  judgeC22,
} from './control-person.rules.ts'
import { payable } from './line.rules.ts'

const d = day
const t = (value: number | null, label = '提醒线') => ({ label, value })
const days = [d('2021-07-01'), d('2021-07-02'), d('2021-07-05')]
const hit = (from: string, to: string | null = null) => ({
  from: d(from),
  to: to === null ? null : d(to),
  dataset: 'x',
})
const listed = (hits: ReturnType<typeof hit>[], coverage: 'none' | 'partial' | 'full' = 'full') => ({
  coverage,
  days,
  hits,
})
const c17 = {
  minutes: 900,
  ledger: 900,
  counted: 900,
  spent: 900,
  hourMinutes: 45,
  classHours: 20,
  unitFen: 3000,
  capFen: 100_000,
  capUsedBeforeFen: 0,
  amountFen: 60_000,
}
const online = (over: Partial<OnlineFacts> | null, around: Partial<Parameters<typeof judgeC16>[0]> = {}) =>
  judgeC16({
    applies: true,
    online: over && {
      ...{ posted: 300, clockOnly: 20, beyond: 0, overClock: 0, overDays: 0, overDayFirst: null, silentDays: 0 },
      ...{ silentDayFirst: null, devicePersons: 1, missed: 0, refusedSeconds: 40 },
      ...over,
    },
    ...{ dayLimit: t(240), questionLimit: t(15), deviceLimit: t(3) },
    ...around,
  })
const c12 = { licence: 'covers', overSeats: null, headcount: 30, capacity: 30, sizeLimit: t(50) } as const
const c18 = {
  assessed: 100,
  passed: 90,
  busiest: { on: d('2021-07-05'), persons: 30 },
  rateLimit: t(98),
  leastPersons: t(30),
  burstLimit: t(200),
}
const c20 = {
  status: 'active',
  registeredOn: d('2015-01-01'),
  startedOn: d('2021-07-01'),
  amountFen: 60_000,
  dishonestFrom: null,
  coverage: 'full',
} as const
const c11 = { group: 'disabled', groupRequired: false, firstOn: days[0] ?? d('2021-07-01'), lastOn: d('2021-07-05') }
const c22 = { required: true, lastClassOn: d('2021-07-05'), knownOn: d('2021-08-31'), insured: true }
const c08 = { overlaps: [], teaching: [] }

const table: [title: string, judged: Judgement, verdict: Judgement['verdict'], reason: string][] = [
  ['C01 a well-formed document', judgeC01({ documentFault: null, nameFault: null }), 'pass', 'ok'],
  ['C01 a wrong check digit', judgeC01({ documentFault: 'check-digit', nameFault: null }), 'fail', 'document-invalid'],
  ['C01 a name with digits', judgeC01({ documentFault: null, nameFault: 'name-digits' }), 'fail', 'name-invalid'],
  ['C02 alive', judgeC02(listed([])), 'pass', 'ok'],
  ['C02 died before the last class', judgeC02(listed([hit('2021-07-03')])), 'fail', 'deceased'],
  ['C02 died on the last day of class', judgeC02(listed([hit('2021-07-05')])), 'fail', 'deceased'],
  ['C02 died after the class', judgeC02(listed([hit('2021-07-06')])), 'pass', 'ok'],
  ['C02 no data', judgeC02(listed([], 'none')), 'unknown', 'no-data'],
  ['C02 data for other days', judgeC02(listed([], 'partial')), 'unknown', 'not-covered'],
  ['C03 no pension', judgeC03(listed([])), 'pass', 'ok'],
  ['C03 pension since long', judgeC03(listed([hit('2019-03-01')])), 'fail', 'listed'],
  ['C03 found although data is partial', judgeC03(listed([hit('2019-03-01')], 'partial')), 'fail', 'listed'],
  ['C03 pension from the day after', judgeC03(listed([hit('2021-07-06')])), 'pass', 'ok'],
  ['C03 no data', judgeC03(listed([], 'none')), 'unknown', 'no-data'],
  ['C04 left the payroll before', judgeC04(listed([hit('2010-01-01', '2021-06-30')])), 'pass', 'ok'],
  ['C04 on the payroll', judgeC04(listed([hit('2010-01-01', '2021-07-01')])), 'fail', 'listed'],
  ['C04 no data', judgeC04(listed([], 'none')), 'unknown', 'no-data'],
  ['C05 a student on one of the days', judgeC05(listed([hit('2021-07-02', '2021-07-02')])), 'fail', 'listed'],
  ['C05 on the roll only between the days', judgeC05(listed([hit('2021-07-03', '2021-07-04')])), 'pass', 'ok'],
  ['C05 no data', judgeC05(listed([], 'none')), 'unknown', 'no-data'],
  ['C06 insured every day', judgeC06({ required: true, coverage: 'full', uninsured: [] }), 'pass', 'ok'],
  [
    'C06 one day missing',
    judgeC06({ required: true, coverage: 'full', uninsured: [d('2021-07-02')] }),
    'fail',
    'not-insured-here',
  ],
  [
    'C06 not an employer programme',
    judgeC06({ required: false, coverage: 'none', uninsured: [] }),
    'pass',
    'not-applicable',
  ],
  ['C06 no data', judgeC06({ required: true, coverage: 'none', uninsured: [] }), 'unknown', 'no-data'],
  ['C07 not as unemployed', judgeC07({ asUnemployed: false, coverage: 'none', insured: [] }), 'pass', 'not-applicable'],
  ['C07 unemployed indeed', judgeC07({ asUnemployed: true, coverage: 'full', insured: [] }), 'pass', 'ok'],
  [
    'C07 insured by a firm',
    judgeC07({ asUnemployed: true, coverage: 'full', insured: [d('2021-07-01')] }),
    'fail',
    'insured-elsewhere',
  ],
  ['C07 no data', judgeC07({ asUnemployed: true, coverage: 'none', insured: [] }), 'unknown', 'no-data'],
  ['C08 in one place', judgeC08(c08), 'pass', 'ok'],
  ['C08 in two classes', judgeC08({ ...c08, overlaps: [d('2021-07-01')] }), 'fail', 'two-places'],
  ['C08 teaching and learning', judgeC08({ ...c08, teaching: [d('2021-07-01')] }), 'fail', 'teaching'],
  [
    'C09 first time',
    judgeC09({ occupation: '2015:4-03-02-01', level: '5', here: null, elsewhereOn: null, coverage: 'full' }),
    'pass',
    'ok',
  ],
  [
    'C09 claimed here',
    judgeC09({ occupation: '2015:4-03-02-01', level: '5', here: '2021-00001', elsewhereOn: null, coverage: 'none' }),
    'fail',
    'already-subsidised',
  ],
  [
    'C09 paid elsewhere',
    judgeC09({ occupation: '2015:4-03-02-01', level: '5', here: null, elsewhereOn: d('2020-12-01'), coverage: 'full' }),
    'fail',
    'paid-elsewhere',
  ],
  [
    'C09 a class without a level',
    judgeC09({ occupation: '2015:4-03-02-01', level: null, here: '2021-00001', elsewhereOn: null, coverage: 'full' }),
    'pass',
    'not-applicable',
  ],
  [
    'C10 exactly at the cap',
    judgeC10({ capFen: 100_000, heldByOthersFen: 40_000, elsewhereFen: 0, amountFen: 60_000 }),
    'pass',
    'ok',
  ],
  [
    'C10 one fen above',
    judgeC10({ capFen: 100_000, heldByOthersFen: 40_000, elsewhereFen: 1, amountFen: 60_000 }),
    'fail',
    'over-cap',
  ],
  [
    'C10 no cap',
    judgeC10({ capFen: null, heldByOthersFen: 1, elsewhereFen: 1, amountFen: 1 }),
    'pass',
    'not-applicable',
  ],
  ['C11 no group claimed', judgeC11({ ...c11, group: null, verified: [] }), 'pass', 'not-applicable'],
  ['C11 proved for the class', judgeC11({ ...c11, verified: [hit('2021-01-01', '2021-07-05')] }), 'pass', 'ok'],
  [
    'C11 ran out on the last day but one',
    judgeC11({ ...c11, verified: [hit('2021-01-01', '2021-07-04')] }),
    'fail',
    'group-unverified',
  ],
  [
    'C11 a group is needed',
    judgeC11({ ...c11, group: null, groupRequired: true, verified: [] }),
    'fail',
    'group-required',
  ],
  ['C12 in scope, in seats', judgeC12(c12), 'pass', 'ok'],
  ['C12 an employer needs none', judgeC12({ ...c12, licence: 'not-needed' }), 'pass', 'ok'],
  ['C12 no licence', judgeC12({ ...c12, licence: 'none' }), 'fail', 'no-licence'],
  ['C12 another occupation', judgeC12({ ...c12, licence: 'out-of-scope' }), 'fail', 'out-of-scope'],
  ['C12 on the floor', judgeC12({ ...c12, overSeats: { count: 1, persons: 31, seats: 30 } }), 'fail', 'over-seats'],
  ['C12 more than places', judgeC12({ ...c12, headcount: 31 }), 'fail', 'over-capacity'],
  ['C12 more than a class may have', judgeC12({ ...c12, headcount: 51, capacity: 60 }), 'fail', 'over-capacity'],
  ['C12 no limit set', judgeC12({ ...c12, sizeLimit: t(null) }), 'unknown', 'figure-undecided'],
  ['C13 one lesson at a time', judgeC13({ twice: 0, invalid: 0 }), 'pass', 'ok'],
  ['C13 two at a time', judgeC13({ twice: 1, invalid: 0 }), 'fail', 'trainer-twice'],
  ['C13 not a trainer that day', judgeC13({ twice: 0, invalid: 2 }), 'fail', 'trainer-invalid'],
  ['C15 three on a device', judgeC15({ persons: 3, limit: t(3) }), 'pass', 'ok'],
  ['C15 four on a device', judgeC15({ persons: 4, limit: t(3) }), 'fail', 'device-shared'],
  ['C15 no limit set', judgeC15({ persons: 4, limit: t(null) }), 'unknown', 'figure-undecided'],
  ['C15 a fifth by hand', judgeManualShare({ manual: 20, marks: 100, limit: t(20) }), 'pass', 'ok'],
  ['C15 more than a fifth by hand', judgeManualShare({ manual: 21, marks: 100, limit: t(20) }), 'fail', 'manual-share'],
  ['C15 no limit for hands', judgeManualShare({ manual: 1, marks: 1, limit: t(null) }), 'unknown', 'figure-undecided'],
  ['C17 sound', judgeC17(c17), 'pass', 'ok'],
  ['C17 a minute more than the ledger', judgeC17({ ...c17, minutes: 901 }), 'fail', 'ledger-differs'],
  [
    'C17 minutes beyond the day’s limit are spent but do not count',
    judgeC17({ ...c17, ledger: 1000, spent: 1000 }),
    'pass',
    'ok',
  ],
  ['C17 spent twice', judgeC17({ ...c17, spent: 1800 }), 'fail', 'ledger-differs'],
  ['C17 a fen too much', judgeC17({ ...c17, amountFen: 60_001 }), 'fail', 'amount-differs'],
  ['C17 an hour too much', judgeC17({ ...c17, classHours: 21, amountFen: 63_000 }), 'fail', 'amount-differs'],
  ['C17 above the rest of the cap', judgeC17({ ...c17, capUsedBeforeFen: 50_000 }), 'fail', 'amount-differs'],
  ['C17 the sum', judgeSum({ claimFen: 60_000, linesFen: 60_000 }), 'pass', 'ok'],
  ['C17 not the sum', judgeSum({ claimFen: 60_001, linesFen: 60_000 }), 'fail', 'sum-differs'],
  ['C18 an ordinary rate', judgeC18(c18), 'pass', 'ok'],
  ['C18 all of a hundred', judgeC18({ ...c18, passed: 100 }), 'fail', 'pass-rate'],
  ['C18 98 of a hundred', judgeC18({ ...c18, passed: 98 }), 'pass', 'ok'],
  ['C18 all of a few', judgeC18({ ...c18, assessed: 29, passed: 29 }), 'pass', 'ok'],
  ['C18 a burst', judgeC18({ ...c18, busiest: { on: d('2021-07-05'), persons: 201 } }), 'fail', 'burst'],
  ['C18 no limit set', judgeC18({ ...c18, burstLimit: t(null) }), 'unknown', 'figure-undecided'],
  ['C19 own and alone', judgeC19({ account: 'own', holders: 1, limit: t(1) }), 'pass', 'ok'],
  ['C19 shared', judgeC19({ account: 'own', holders: 2, limit: t(1) }), 'fail', 'account-shared'],
  ['C19 somebody else’s', judgeC19({ account: 'foreign', holders: 1, limit: t(1) }), 'fail', 'account-not-own'],
  ['C19 none', judgeC19({ account: 'none', holders: 0, limit: t(1) }), 'fail', 'no-account'],
  ['C19 no limit set', judgeC19({ account: 'own', holders: 1, limit: t(null) }), 'unknown', 'figure-undecided'],
  ['C20 in order', judgeC20(c20), 'pass', 'ok'],
  ['C20 suspended', judgeC20({ ...c20, status: 'suspended' }), 'fail', 'not-active'],
  [
    'C20 founded after the class began',
    judgeC20({ ...c20, registeredOn: d('2021-07-02') }),
    'fail',
    'younger-than-class',
  ],
  ['C20 dishonest', judgeC20({ ...c20, dishonestFrom: d('2021-03-01') }), 'fail', 'dishonest'],
  ['C20 no list', judgeC20({ ...c20, coverage: 'none' }), 'unknown', 'no-data'],
  ['C22 still there', judgeC22(c22), 'pass', 'ok'],
  ['C22 left', judgeC22({ ...c22, insured: false }), 'fail', 'has-left'],
  ['C22 data ends before the class', judgeC22({ ...c22, knownOn: d('2021-06-30') }), 'unknown', 'not-covered'],
  ['C22 no data', judgeC22({ ...c22, knownOn: null }), 'unknown', 'no-data'],
  ['C22 not an employer programme', judgeC22({ ...c22, required: false }), 'pass', 'not-applicable'],
  [
    'C23 two people',
    judgeC23({ resultMillipoints: 72_000, scoredMillipoints: 72_000, onePerson: 0, pending: 0 }),
    'pass',
    'ok',
  ],
  [
    'C23 one person',
    judgeC23({ resultMillipoints: 72_000, scoredMillipoints: 72_000, onePerson: 1, pending: 0 }),
    'fail',
    'one-person',
  ],
  [
    'C23 a change waits',
    judgeC23({ resultMillipoints: 72_000, scoredMillipoints: 72_000, onePerson: 0, pending: 1 }),
    'fail',
    'change-pending',
  ],
  [
    'C23 the result does not follow',
    judgeC23({ resultMillipoints: 72_000, scoredMillipoints: 52_000, onePerson: 0, pending: 0 }),
    'fail',
    'result-differs',
  ],
  [
    'C23 no result',
    judgeC23({ resultMillipoints: null, scoredMillipoints: 52_000, onePerson: 0, pending: 0 }),
    'fail',
    'no-result',
  ],
  ['C24 none open', judgeC24({ open: 0 }), 'pass', 'ok'],
  ['C24 one open', judgeC24({ open: 1 }), 'fail', 'objection-open'],
  ['C25 none', judgeC25({ expired: 0, pending: 0, inForce: 0 }), 'pass', 'not-applicable'],
  ['C25 one in force', judgeC25({ expired: 0, pending: 0, inForce: 1 }), 'pass', 'ok'],
  ['C25 one run out', judgeC25({ expired: 1, pending: 0, inForce: 0 }), 'fail', 'override-expired'],
  ['C25 one waits', judgeC25({ expired: 0, pending: 1, inForce: 0 }), 'fail', 'override-pending'],
  ['C14 says that it does not look', judgeNotInRelease(), 'unknown', 'not-in-release'],
  ['C16 a class in a room', online({}, { applies: false }), 'pass', 'not-applicable'],
  ['C16 nothing was learnt online', online(null), 'pass', 'ok'],
  ['C16 honest hours', online({}), 'pass', 'ok'],
  ['C16 a minute without its stretch', online({ beyond: 1 }), 'fail', 'online-beyond'],
  ['C16 more than the clock allows', online({ overClock: 1 }), 'fail', 'online-over-clock'],
  ['C16 a day too long', online({ overDays: 1, overDayFirst: d('2021-08-09') }), 'fail', 'online-over-day'],
  ['C16 nobody answered', online({ silentDays: 2, silentDayFirst: d('2021-08-09') }), 'fail', 'online-silent'],
  ['C16 as many on one device as are let', online({ devicePersons: 3 }), 'pass', 'ok'],
  ['C16 one more', online({ devicePersons: 4 }), 'fail', 'online-device'],
  ['C16 no daily limit decided', online({}, { dayLimit: t(null) }), 'unknown', 'figure-undecided'],
  [
    'C16 undecided, but the minutes are not there',
    online({ beyond: 1 }, { dayLimit: t(null) }),
    'fail',
    'online-beyond',
  ],
  ['C21 not called', judgeC21({ outcome: null }), 'pass', 'ok'],
  ['C21 called and confirmed', judgeC21({ outcome: 'confirmed' }), 'pass', 'ok'],
  ['C21 never attended', judgeC21({ outcome: 'denied' }), 'fail', 'callback-denies'],
  ['C21 attended less', judgeC21({ outcome: 'differs' }), 'fail', 'callback-denies'],
  ['C21 nobody called yet', judgeCallShare({ lines: 30, reached: 0, share: t(5) }), 'unknown', 'callbacks-missing'],
  ['C21 two of thirty are enough', judgeCallShare({ lines: 30, reached: 2, share: t(5) }), 'pass', 'ok'],
  ['C21 no share set', judgeCallShare({ lines: 30, reached: 2, share: t(null) }), 'unknown', 'figure-undecided'],
]

describe('controls', () => {
  it.each(table)('%s', (_title, judged, verdict, reason) => {
    expect(judged).toMatchObject({ verdict, reason })
  })

  it.each(table)('%s — in words', (_title, judged) => {
    const words = controlReasons[judged.reason]?.(judged.evidence)
    expect(words?.message).toBeTruthy()
    expect(words?.message).not.toMatch(/undefined|null|NaN/)
    if (judged.verdict !== 'pass') expect(words?.remedy).toBeTruthy()
    if (judged.verdict === 'unknown') expect(words?.message).toMatch(/^未核查：/)
  })

  it('C25 every reason that is worded can occur, and every control is worded', () => {
    expect([...new Set(table.map(([, judged]) => judged.reason))].sort()).toEqual(Object.keys(controlReasons).sort())
    const ids = Array.from({ length: 25 }, (_, i) => `C${String(i + 1).padStart(2, '0')}`)
    expect(Object.keys(controlWords)).toEqual(ids)
  })

  it('C17 whatever payable answers passes C17', () => {
    const figure = (id: string, value: number) =>
      ({ id, label: id, value, decided: true, source: 's', from: null, setAt: null }) as const
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(150_000), (minutes, used) => {
        const line = payable({
          programme: 'p',
          passed: true,
          passedAt: null,
          endedOn: d('2021-07-05'),
          minutes,
          minutesAt: null,
          hour: figure('R03.minutes', 45),
          rate: figure('R04.rate', 3000),
          cap: figure('R04.cap', 100_000),
          capPer: 'person-calendar-year',
          capUsedBefore: used,
          capUsedAt: null,
          otherBenefit: null,
          fundSource: 'f',
        })
        if (!line.ok) throw new Error('refused')
        expect(judgeC17({ ...line.value, ledger: minutes, counted: minutes, spent: minutes }).verdict).toBe('pass')
      }),
    )
  })

  it.each([
    ['approved by another', { state: 'approved', decidedBy: 'b' }, true],
    ['approved by the same', { state: 'approved', decidedBy: 'a' }, false],
    ['only requested', { state: 'requested', decidedBy: null }, false],
    ['revoked', { state: 'revoked', decidedBy: 'b' }, false],
    ['run out yesterday', { state: 'approved', decidedBy: 'b', expiresOn: d('2021-09-14') }, false],
    ['runs out today', { state: 'approved', decidedBy: 'b', expiresOn: d('2021-09-15') }, true],
  ])('C25 an override %s', (_title, more, holds) => {
    const override = { requestedBy: 'a', expiresOn: d('2021-10-15'), ...more }
    expect(overrideHolds(override, d('2021-09-15'))).toBe(holds)
  })
})
