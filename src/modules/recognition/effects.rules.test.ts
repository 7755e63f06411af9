import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Scheme } from '#policy/plan.types.ts'
import { day } from '#shared/units.ts'
import { failsInRow } from './designation.rules.ts'
import { type EligibilityFacts, judge } from './eligibility.rules.ts'
import { beyondShare, fallsShort } from './panel.rules.ts'

describe('R27 domestic stars', () => {
  const shares = [
    { value: 'maternal', parts: 3 },
    { value: 'home', parts: 3 },
    { value: 'elder', parts: 2 },
    { value: 'medical', parts: 2 },
  ]
  const of = (maternal: number, home: number, elder: number, medical: number) =>
    Object.entries({ maternal, home, elder, medical }).flatMap(([value, n]) => Array.from({ length: n }, () => value))

  test.each([
    [of(3, 3, 2, 2), []],
    [of(4, 2, 2, 2), ['maternal']],
    [of(2, 2, 2, 4), ['medical']],
    [of(1, 0, 0, 0), []],
    [of(0, 0, 2, 0), ['elder']],
  ])('R27 3:3:2:2, rounded up: %j', (chosen, beyond) => {
    expect(beyondShare(chosen, shares)).toEqual(beyond)
  })
  test('R27 whoever follows the shares is never stopped; shares not laid down bind nobody', () => {
    fc.assert(
      fc.property(fc.nat(40), (n) => {
        expect(beyondShare(of(3 * n, 3 * n, 2 * n, 2 * n), shares)).toEqual([])
      }),
    )
    expect(beyondShare(of(9, 0, 0, 0), [{ value: 'maternal', parts: null }, ...shares.slice(1)])).toEqual([])
  })

  const facts = (holds: [string, string][], star: string): EligibilityFacts => ({
    ...{
      answers: { star },
      age: null,
      organisation: null,
      holds: new Map(holds),
      revoked: [],
      today: day('2021-09-15'),
    },
    figure: () => ({ value: 1, label: '级数' }),
  })
  const rule = {
    id: 'step',
    statement: '',
    clause: 'R27',
    test: { kind: 'grade-step', field: 'star', figure: 'R27.steps' },
  }
  const scheme = { code: 'domestic-star', eligibility: [rule] } as never
  test.each([
    [[], '5', 'pass'],
    [[['domestic-star', '1']], '2', 'pass'],
    [[['domestic-star', '1']], '3', 'fail'],
    [[['other-title', '4']], '5', 'pass'], // a grade of another title lifts and holds nobody
    [
      [
        ['other-title', '4'],
        ['domestic-star', '1'],
      ],
      '5',
      'fail',
    ],
  ] as [[string, string][], string, string][])('R27 holding %j, asking for %s: %s', (holds, star, verdict) => {
    expect(judge(scheme, facts(holds, star))[0]?.verdict).toBe(verdict)
  })
})

describe('A02 A03 numbers that are laid down, or not', () => {
  test.each([
    [60, 60, false],
    [59.99, 60, true],
    [null, 60, false],
    [10, null, false],
  ])('A02 a score of %s against a mark of %s', (score, mark, falls) => {
    expect(fallsShort(score, mark)).toBe(falls)
  })
  test.each([
    [[], 0],
    [[[2021, true]], 1],
    [
      [
        [2020, true],
        [2021, true],
      ],
      2,
    ],
    [
      [
        [2019, true],
        [2021, true],
      ],
      1,
    ],
    [
      [
        [2020, true],
        [2021, false],
      ],
      0,
    ],
    [
      [
        [2018, false],
        [2019, true],
        [2020, true],
        [2021, true],
      ],
      3,
    ],
  ] as [[number, boolean][], number][])('A03 years %j: %s in a row', (years, count) => {
    expect(failsInRow(years.map(([year, fails]) => ({ year, fails })))).toBe(count)
  })
})

describe('R26 who may have a pass', () => {
  const now = { age: null, organisation: null, holds: new Map<string, string>(), today: day('2021-09-15') }
  const one = (test: Scheme['eligibility'][number]['test'], more: Partial<EligibilityFacts>) =>
    judge(
      { code: 'pass', eligibility: [{ id: 'x', statement: 'x', clause: 'R26', test }] },
      { ...now, answers: {}, revoked: [], figure: () => ({ value: 12, label: '月数' }), ...more },
    )[0]?.verdict
  const within = { kind: 'day-within', field: 'on', figure: 'R26.checkupMonths' } as const
  const barred = { kind: 'not-barred', cause: 'serious', figure: 'R26.blacklistYears' } as const

  test.each([
    ['2021-09-15', 'pass'],
    ['2020-09-15', 'pass'],
    ['2020-09-14', 'fail'],
    ['2021-09-16', 'fail'],
    ['', 'undecided'],
  ])('R26 a check-up of %s, on 2021-09-15 with twelve months: %s', (on, verdict) =>
    expect(one(within, { answers: { on } })).toBe(verdict),
  )

  test.each([
    ['serious', '2018-09-16', 'fail'],
    ['serious', '2018-09-15', 'pass'],
    ['complaint', '2021-09-01', 'pass'],
  ])('R26 revoked for %s on %s, barred three years: %s', (cause, on, verdict) =>
    expect(one(barred, { revoked: [{ cause, on: day(on) }], figure: () => ({ value: 3, label: '年数' }) })).toBe(
      verdict,
    ),
  )

  test('R26 while nobody has laid a figure down, nothing is refused', () => {
    const none = { figure: () => ({ value: null, label: '月数' }) }
    expect(one(within, { answers: { on: '2001-01-01' }, ...none })).toBe('undecided')
    expect(one(barred, { revoked: [{ cause: 'serious', on: day('2021-09-01') }], ...none })).toBe('undecided')
  })
})
