import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideResult, type ResultFacts } from './result.rules.ts'
import { explain, totalText } from './result.schema.ts'

const facts = (
  change: Partial<ResultFacts> & { theory?: number | null; practice?: number | null } = {},
): ResultFacts => {
  const { theory = 600, practice = 600, ...rest } = change
  return {
    parts: [
      { part: 'theory', weight: 40, tenths: theory },
      { part: 'practice', weight: 60, tenths: practice },
    ],
    passMark: 60,
    attendedMinutes: 1440,
    plannedMinutes: 1800,
    attendancePercent: 80,
    ...rest,
  }
}
const failed = (f: ResultFacts) =>
  decideResult(f)
    .checks.filter((check) => !check.ok)
    .map((check) => ('part' in check ? check.part : check.check))

describe('R35 who completed', () => {
  test.each([
    ['exactly enough of both', facts(), true, []],
    ['one minute short', facts({ attendedMinutes: 1439 }), false, ['attendance']],
    ['a tenth short in theory', facts({ theory: 599 }), false, ['total']],
    ['weak theory made up by practice', facts({ theory: 300, practice: 800 }), true, []],
    ['absent from practice', facts({ practice: null }), false, ['practice', 'total']],
    ['absent and not attending', facts({ theory: null, attendedMinutes: 0 }), false, ['attendance', 'theory', 'total']],
    ['zero in one part, enough in sum', facts({ theory: 0, practice: 1000 }), true, []],
    ['more hours than planned', facts({ attendedMinutes: 9000 }), true, []],
  ] as const)('R35 %s', (_, f, passed, failing) => {
    expect(decideResult(f).passed).toBe(passed)
    expect(failed(f)).toEqual(failing)
  })

  test('R35 a part without weight does not exist', () => {
    const f = facts({
      parts: [
        { part: 'theory', weight: 0, tenths: null },
        { part: 'practice', weight: 100, tenths: 600 },
      ],
    })
    expect(decideResult(f)).toMatchObject({ passed: true, totalMillipoints: 60_000 })
    expect(decideResult(f).checks).toHaveLength(3)
  })

  test('R35 totals are exact and shown cut, never rounded up', () => {
    expect(decideResult(facts({ theory: 605, practice: 875 })).totalMillipoints).toBe(76_700)
    expect([totalText(76_700), totalText(59_999), totalText(60_000), totalText(0), totalText(100_000)]).toEqual([
      '76.7',
      '59.999',
      '60',
      '0',
      '100',
    ])
    const texts = decideResult(facts({ attendedMinutes: 1439, practice: null })).checks.map((c) => explain(c).text)
    expect(texts[0]).toContain('79.9%')
    expect(texts.join()).toContain('缺考')
  })

  const anyFacts = fc
    .record({
      weight: fc.integer({ min: 0, max: 100 }),
      theory: fc.option(fc.integer({ min: 0, max: 1000 })),
      practice: fc.option(fc.integer({ min: 0, max: 1000 })),
      passMark: fc.integer({ min: 1, max: 100 }),
      attendedMinutes: fc.integer({ min: 0, max: 5000 }),
      plannedMinutes: fc.integer({ min: 1, max: 5000 }),
      attendancePercent: fc.integer({ min: 0, max: 100 }),
    })
    .map(({ weight, theory, practice, ...rest }) => ({
      ...facts(rest),
      parts: [
        { part: 'theory' as const, weight, tenths: theory },
        { part: 'practice' as const, weight: 100 - weight, tenths: practice },
      ],
    }))

  test('R35 passing is exactly every check passing, whatever the order of the parts', () => {
    fc.assert(
      fc.property(anyFacts, (f) => {
        const result = decideResult(f)
        expect(result.passed).toBe(result.checks.every((check) => check.ok))
        expect(decideResult({ ...f, parts: f.parts.toReversed() })).toEqual(result)
      }),
    )
  })

  test('R35 a better mark or more minutes never turn a pass into a fail', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 0, max: 500 }), (f, more) => {
        const better = {
          ...f,
          attendedMinutes: f.attendedMinutes + more,
          parts: f.parts.map((p) => ({ ...p, tenths: p.tenths === null ? null : Math.min(1000, p.tenths + more) })),
        }
        if (decideResult(f).passed) expect(decideResult(better).passed).toBe(true)
      }),
    )
  })
})
