import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { after } from '#platform/casework.ts'
import { day } from '#shared/units.ts'
import { capacity, checkDeclaration, checkLease } from './assessor.rules.ts'
import { ProposeScope } from './assessor.schema.ts'
import { batchCycle, checkFiling, type Filing } from './batch.rules.ts'
import { type BatchState, batchStates } from './batch.schema.ts'
import { checkMarkSheet, checkSheetComplete, decideCandidate } from './mark.rules.ts'
import { checkNumber, digitFigure, levelDigit, nationalNumber, parseNationalNumber } from './number.rules.ts'
import { type WatchFacts, watchSignals } from './watch.rules.ts'

const social = { kind: 'S', filingCode: '0000', province: '44', serial: '000123' } as const
const employer = { kind: 'Y', filingCode: '0017', province: '44', serial: '040001' } as const

describe('R34 the national number', () => {
  test('R34 twenty-two places: kind, code, province, assessor, year, level, serial', () => {
    expect(nationalNumber(social, 2021, '4', 7)).toBe('S000044000123214000007')
    expect(nationalNumber(employer, 2022, '1', 999_999)).toBe('Y001744040001221999999')
    for (const bad of [0, 1_000_000, 1.5]) expect(() => nationalNumber(social, 2021, '4', bad)).toThrow(RangeError)
    for (const digit of ['0', '6', 'a', '']) expect(() => nationalNumber(social, 2021, digit, 1)).toThrow(RangeError)
    expect(() => nationalNumber({ ...social, serial: '12' }, 2021, '4', 1)).toThrow(RangeError)
  })

  test('R34 every number made can be read again and agrees with what it was made of; a wrong level or year is told', () => {
    const digitsOf = (length: number) =>
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''))
    const made = fc.record({
      assessor: fc.record({
        kind: fc.constantFrom('Y' as const, 'S' as const),
        filingCode: digitsOf(4),
        province: digitsOf(2),
        serial: digitsOf(6),
      }),
      year: fc.integer({ min: 2017, max: 2099 }),
      digit: fc.constantFrom('1', '2', '3', '4', '5'),
      serial: fc.integer({ min: 1, max: 999_999 }),
    })
    fc.assert(
      fc.property(made, ({ assessor, year, digit, serial }) => {
        const number = nationalNumber(assessor, year, digit, serial)
        expect(number).toMatch(/^[YS]\d{21}$/)
        expect(number).toHaveLength(22)
        const typed = `${number.slice(0, 7).toLowerCase()} ${number.slice(7, 14)}-${number.slice(14)}`
        expect(parseNationalNumber(typed)).toBe(number)
        expect(checkNumber(number, { digit, year }).ok).toBe(true)
        const other = digit === '5' ? '1' : String(Number(digit) + 1)
        expect(checkNumber(number, { digit: other, year })).toMatchObject({ refusal: { reason: 'number-level' } })
        expect(checkNumber(number, { digit, year: year + 1 })).toMatchObject({ refusal: { reason: 'number-year' } })
      }),
      { numRuns: 300 },
    )
  })

  test('R34 what cannot be such a number: the old sixteen digits, the two letters of 特级技师, a level beyond five', () => {
    for (const text of [
      '1944000000300123',
      'YS00004400012321400000',
      'S000044000123216000007',
      'S00004400012321400000',
      '',
    ])
      expect(parseNationalNumber(text)).toBeUndefined()
    expect(checkNumber('1944000000300123', { digit: '4', year: 2021 })).toMatchObject({
      refusal: { reason: 'number-format' },
    })
  })

  test('R34 five levels and the middle of the new eight have a digit; the engineers’ three only once laid down', () => {
    expect(levelDigit('SKILL_5', '3', null)).toEqual({ ok: true, value: '3' })
    expect(levelDigit('SKILL_8', 'seniorTechnician', null)).toEqual({ ok: true, value: '1' })
    expect(levelDigit('SKILL_4', '1', null)).toMatchObject({ refusal: { reason: 'level-not-coded' } })
    for (const level of ['apprentice', 'specialTechnician', 'chiefTechnician'])
      expect(levelDigit('SKILL_8', level, null)).toMatchObject({ refusal: { reason: 'level-not-coded' } })
    expect(digitFigure('PROF_TECH_3', 'senior')).toBe('R34.digit.senior')
    expect(levelDigit('PROF_TECH_3', 'senior', null)).toMatchObject({ refusal: { reason: 'digit-undecided' } })
    expect(levelDigit('PROF_TECH_3', 'senior', 1)).toEqual({ ok: true, value: '1' })
    expect(levelDigit('PROF_TECH_3', 'senior', 7)).toMatchObject({ refusal: { reason: 'digit-undecided' } })
  })
})

const sittings: Filing['sittings'] = [
  { part: 'theory', seats: 30, on: day('2021-10-11'), room: '理论一', video: true, examinerPersonId: 'a' },
  { part: 'skill', seats: 12, on: day('2021-10-12'), room: '实操一', video: true, examinerPersonId: 'b' },
  { part: 'skill', seats: 12, on: day('2021-10-13'), room: '实操一', video: true, examinerPersonId: 'b' },
]
const filing: Filing = {
  ...{ parts: ['theory', 'skill'], sittings, supervisorPersonId: 'c', listed: 24, today: day('2021-09-15') },
  workdaysLeast: null,
}
const reasonOf = (given: Partial<Filing>) => {
  const decision = checkFiling({ ...filing, ...given })
  return decision.ok ? decision.value : decision.refusal.reason
}

describe('V02 the plan of a batch', () => {
  test('V02 C12 seats of the narrowest part count, over all its sittings', () => {
    expect(capacity(['theory', 'skill'], sittings)).toBe(24)
    expect(capacity(['theory', 'skill', 'review'], sittings)).toBe(0)
    expect(capacity([], sittings)).toBe(0)
    expect(reasonOf({})).toBe('2021-10-11')
    expect(reasonOf({ listed: 25 })).toBe('over-capacity')
  })

  test('V02 what is missing is said: a part, video, people, a supervisor of their own, the day', () => {
    expect(reasonOf({ parts: ['theory', 'skill', 'review'] })).toBe('sittings-missing')
    expect(reasonOf({ sittings: sittings.map((one) => ({ ...one, video: one.part === 'theory' })) })).toBe('no-video')
    expect(reasonOf({ listed: 0 })).toBe('nobody-listed')
    expect(reasonOf({ supervisorPersonId: null })).toBe('no-supervisor')
    expect(reasonOf({ supervisorPersonId: 'b' })).toBe('supervisor-examines')
    expect(reasonOf({ today: day('2021-10-11') })).toBe('in-past')
  })

  test('V02 filed so many working days before, only once that is laid down; the National Day holiday does not count', () => {
    // 28 September to 11 October 2021: 29, 30 September, 8, 9 (make-up Saturday), 11 October
    const late = { today: day('2021-09-28') }
    expect(reasonOf(late)).toBe('2021-10-11')
    expect(reasonOf({ ...late, workdaysLeast: 5 })).toBe('2021-10-11')
    expect(reasonOf({ ...late, workdaysLeast: 6 })).toBe('filed-late')
  })

  test('V02 a site is owned, or leased for long enough once that is laid down', () => {
    const today = day('2021-09-15')
    expect(checkLease({ tenure: 'owned', leasedTo: null }, today, 12).ok).toBe(true)
    expect(checkLease({ tenure: 'leased', leasedTo: null }, today, null)).toMatchObject({ ok: false })
    expect(checkLease({ tenure: 'leased', leasedTo: day('2022-09-14') }, today, 12)).toMatchObject({ ok: false })
    expect(checkLease({ tenure: 'leased', leasedTo: day('2022-09-15') }, today, 12).ok).toBe(true)
    expect(checkLease({ tenure: 'leased', leasedTo: day('2021-10-01') }, today, null).ok).toBe(true)
  })

  test('V03 declared under a condition of the standard, with its years', () => {
    const conditions = [
      { id: '1', text: '累计从事本职业工作1年以上', yearsLeast: 1 },
      { id: '2', text: '本专业毕业', yearsLeast: null },
    ]
    expect(checkDeclaration(conditions, { condition: '1', years: 1 }).ok).toBe(true)
    expect(checkDeclaration(conditions, { condition: '1', years: 0 })).toMatchObject({
      refusal: { reason: 'years-short' },
    })
    expect(checkDeclaration(conditions, { condition: '2', years: 0 }).ok).toBe(true)
    expect(checkDeclaration(conditions, { condition: '3', years: 9 })).toMatchObject({
      refusal: { reason: 'condition-unknown' },
    })
  })

  test('V03 conditions are read line by line; what stands after the bar is years', () => {
    const scope = {
      ...{ organisationId: '00000000-0000-4000-8000-000000000001', occupation: '2015:4-04-05-05', level: '4' },
      ...{ parts: 'theory', standard: '人工智能训练师（2021年版）', from: '2021-01-01', to: '', source: '备案文件' },
    }
    const read = (conditions: string) => ProposeScope.safeParse({ ...scope, conditions })
    expect(read('累计从事本职业工作1年以上｜1\n\n相关专业毕业').data?.conditions).toEqual([
      { id: '1', text: '累计从事本职业工作1年以上', yearsLeast: 1 },
      { id: '2', text: '相关专业毕业', yearsLeast: null },
    ])
    expect(read('累计从事本职业工作｜三年').success).toBe(false)
  })
})

describe('V04 C23 marks and results', () => {
  test('V04 every part at least the pass mark, nothing rounded, absent is not passed', () => {
    const of = (theory: number | null, skill: number | null) =>
      decideCandidate(
        [
          { part: 'theory', tenths: theory },
          { part: 'skill', tenths: skill },
        ],
        60,
      ).passed
    expect([of(600, 600), of(599, 1000), of(1000, 599), of(null, 1000)]).toEqual([true, false, false, false])
    expect(decideCandidate([], 60).passed).toBe(false)
  })

  test('C23 confirmed by somebody who entered none of it, and only whole', () => {
    const check = (missing: number, enteredBy: string[], actorId: string) => {
      const decision = checkSheetComplete({ missing, enteredBy, actorId })
      return decision.ok ? 'ok' : decision.refusal.reason
    }
    expect(check(0, ['a'], 'b')).toBe('ok')
    expect(check(0, ['a', 'b'], 'b')).toBe('four-eyes')
    expect(check(1, ['a'], 'b')).toBe('marks-missing')
    expect(check(0, [], 'b')).toBe('sheet-empty')
  })

  test('C23 a sheet is read before it is written: wrong numbers, shifted names, doubles and bad marks are told', () => {
    const seats = [
      { id: '00000000-0000-4000-8000-000000000001', seq: 1, nameMasked: '陈*明' },
      { id: '00000000-0000-4000-8000-000000000002', seq: 2, nameMasked: '黄*英' },
    ]
    const rows = [
      ['1', '陈小明', '87.5', '缺考'],
      ['0002', '陈小明', '80', '80'],
      ['9', '', '80', '80'],
      ['1', '', '80', '80'],
      ['2', '黄秀英', '87.55', '80'],
    ].map(([seq = '', name = '', theory = '', skill = ''], at) => ({
      row: at + 2,
      cells: { 考号: seq, 姓名: name, 理论知识成绩: theory, 技能操作成绩: skill },
    }))
    const table = { headers: ['考号', '姓名', '理论知识成绩', '技能操作成绩'], headerRow: 1, rows }
    const read = checkMarkSheet(table, seats, ['theory', 'skill'])
    expect(read.cells).toEqual({ [`${seats[0]?.id}.theory`]: '87.5', [`${seats[0]?.id}.skill`]: '缺考' })
    expect(read.persons).toBe(1)
    expect(read.faults.map(({ row, rule }) => `${row} ${rule}`)).toEqual([
      '3 C23',
      '4 C23',
      '5 duplicate',
      '6 duplicate',
    ])
    expect(read.faults.every((fault) => fault.column !== '姓名' || fault.value === '')).toBe(true)
    expect(checkMarkSheet({ ...table, headers: ['考号'] }, seats, ['theory']).faults).toMatchObject([
      { rule: 'header' },
    ])
  })
})

describe('V05 C18 what stands out', () => {
  const figures = { passRateHigh: 98, minPersons: 30, perDay: 200, windowDays: 30, windowCertificates: 600 }
  const facts: WatchFacts = {
    ...{ assessed: 30, passed: 29, issuedToday: 29, issuedInWindow: 100, today: day('2021-09-15'), conflicts: [] },
  }
  const causes = (given: Partial<WatchFacts>, more = {}) =>
    watchSignals({ ...facts, ...given }, { ...figures, ...more }).map((one) => one.cause)

  test('V05 C18 pass rate above the line once enough sat; many certificates in a day or a month; an examiner who taught', () => {
    expect(causes({})).toEqual([])
    expect(causes({ passed: 30 })).toEqual(['pass-rate'])
    expect(causes({ assessed: 29, passed: 29 })).toEqual([])
    expect(causes({ issuedToday: 200 })).toEqual([])
    expect(causes({ issuedToday: 201 })).toEqual(['burst'])
    expect(causes({ issuedInWindow: 601 })).toEqual(['burst'])
    expect(causes({ issuedToday: 201, issuedInWindow: 601 })).toEqual(['burst'])
    expect(causes({ conflicts: [{ examiner: '陈考评', candidates: 3 }] })).toEqual(['examiner-trainer'])
  })

  test('V05 an undecided figure is silent', () => {
    const silent = { passRateHigh: null, perDay: null, windowDays: null }
    expect(causes({ passed: 30, issuedToday: 9999, issuedInWindow: 9999 }, silent)).toEqual([])
  })
})

describe('V02 V04 the life of a batch', () => {
  const moves = Object.keys(batchCycle) as (keyof typeof batchCycle)[]

  test('V02 V04 R34 whatever is tried in whatever order: no certificate without acceptance, two-person marks and publicity', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 60 }), (tried) => {
        let state = 'draft' as BatchState
        const made: string[] = []
        for (const move of tried) {
          const next = after<BatchState>(batchCycle, move, state)
          if (next.ok) {
            made.push(move)
            state = next.value
          }
        }
        if (state === 'issued') {
          const last = (move: string) => made.lastIndexOf(move)
          expect(last('accept')).toBeGreaterThan(last('file'))
          expect(last('confirm')).toBeGreaterThan(Math.max(last('accept'), last('enter'), last('reopen'), last('redo')))
          expect(last('publicise')).toBeGreaterThan(last('confirm'))
          expect(last('clear')).toBeGreaterThan(Math.max(last('publicise'), last('hold')))
        }
        if (made.includes('cancel')) expect(state).toBe('cancelled')
      }),
      { numRuns: 500 },
    )
  })

  test('V02 every state is reached, and the two ends are ends', () => {
    const reached = new Set<BatchState>(['draft'])
    for (let round = 0; round < moves.length; round++)
      for (const move of moves)
        if (batchCycle[move].from.some((one) => reached.has(one))) reached.add(batchCycle[move].to)
    expect([...reached].toSorted()).toEqual(Object.keys(batchStates).toSorted())
    for (const end of ['issued', 'cancelled'] as const)
      for (const move of moves) expect(batchCycle[move].from).not.toContain(end)
  })
})
