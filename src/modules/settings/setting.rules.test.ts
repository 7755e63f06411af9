import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { choice } from '#policy/choices.ts'
import { loadPlan } from '#policy/plan.ts'
import { day } from '#shared/units.ts'
import { maySettle, readFigure, readProposal, restsOn } from './setting.rules.ts'
import { reasonText, unitTexts } from './setting.schema.ts'

const plan = loadPlan('plan/haizhu-2020')
const from = day('2021-10-01')
const proposal = { kind: 'figure' as const, key: 'R-PB.rate', value: '18.5', undecided: false, from, to: null }

describe('HZ4-M16 a figure is typed as people write it and kept exactly', () => {
  test.each([
    ['fen/person/class-hour', '18.5', 1850],
    ['fen/person/class-hour', '18.05', 1805],
    ['fen/person/year', '1,000', 100_000],
    ['percent', '80', 80],
    ['workdays', '5', 5],
    ['day-of-month', '10', 10],
  ] as const)('%s %s → %i', (unit, typed, value) => expect(readFigure(unit, typed)).toEqual({ ok: true, value }))

  test.each([
    ['fen/person/class-hour', '18.555'],
    ['fen/person/class-hour', '-1'],
    ['fen/person/class-hour', ''],
    ['percent', '80.5'],
    ['percent', '101'],
    ['workdays', '0'],
    ['workdays', 'five'],
    ['day-of-month', '31'],
    ['count', '１２'],
    ['persons', '1e3'],
  ] as const)('%s refuses %j and says the bounds', (unit, typed) => {
    const read = readFigure(unit, typed)
    expect(read).toMatchObject({ ok: false, refusal: { reason: 'bad-value', facts: { unit: unitTexts[unit].label } } })
  })

  test('yuan come back as the fen they were', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (fen) => {
        expect(readFigure('fen/person', (fen / 100).toFixed(2))).toEqual({ ok: true, value: fen })
      }),
    )
  })
})

describe('HZ4-M16 only what the plan knows can be set', () => {
  test('a figure, its withdrawal, an option', () => {
    expect(readProposal(plan, proposal)).toEqual({ ok: true, value: 1850 })
    expect(readProposal(plan, { ...proposal, value: '', undecided: true })).toEqual({ ok: true, value: null })
    expect(readProposal(plan, { ...proposal, kind: 'decision', key: 'D-02', value: 'employer' })).toEqual({
      ok: true,
      value: 'employer',
    })
  })

  test.each([
    [{ ...proposal, key: 'R99.x' }, 'unknown-setting'],
    [{ ...proposal, kind: 'decision' as const, key: 'D-99' }, 'unknown-setting'],
    [{ ...proposal, kind: 'decision' as const, key: 'D-02', value: 'nowhere' }, 'bad-option'],
    [{ ...proposal, kind: 'decision' as const, key: 'D-02', value: '', undecided: true }, 'withdraw-decision'],
  ])('%o is refused: %s', (given, reason) => {
    const read = readProposal(plan, given)
    expect(read).toMatchObject({ ok: false, refusal: { reason } })
    expect(reasonText[reason]?.({ key: 'x' }).remedy).toBeTruthy()
  })

  test('every unit of the plan has words and bounds', () => {
    for (const { unit } of plan.figures) expect(unitTexts[unit].min).toBeLessThan(unitTexts[unit].max)
  })
})

test('C25 nobody settles his own proposal, nor one that is settled', () => {
  expect(maySettle({ proposedBy: 'a', state: 'proposed' }, 'b')).toEqual({ ok: true, value: true })
  expect(maySettle({ proposedBy: 'a', state: 'proposed' }, 'a')).toMatchObject({ refusal: { reason: 'same-person' } })
  expect(maySettle({ proposedBy: 'a', state: 'in-force' }, 'b')).toMatchObject({ refusal: { reason: 'wrong-state' } })
})

test('HZ4-M15 what rests on a setting is found from the plan', () => {
  const rests = restsOn(plan, 'figure', 'R-PB.rate')
  expect(rests.rules.map((rule) => rule.id)).toEqual(['R04'])
  expect(rests.programmes.map((programme) => programme.code)).toEqual(['project-based'])
  expect(rests.clauses).toContain('HZ4-M05')
  expect(restsOn(plan, 'decision', 'D-04').indicators.map((k) => k.id)).toEqual(['K11'])
})

describe('HZ4-M15 answers to open questions', () => {
  const made = (code: string, setAt: string, to: string | null = null) => ({
    decisionId: 'D-02',
    code,
    from,
    to: to === null ? null : day(to),
    source: '会议纪要',
    setBy: '张三',
    setAt,
  })

  test('the plan’s assumption is marked as not decided', () => {
    expect(choice(plan, 'D-02', from)).toMatchObject({ code: 'venue', decided: false, label: '按培训地点所在街道' })
    expect(choice(plan, 'D-07', from)).toMatchObject({ code: null, decided: false })
  })

  test('the latest answer covering the day stands', () => {
    const list = [made('employer', '2021-09-01T00:00:00Z'), made('residence', '2021-09-02T00:00:00Z', '2021-10-31')]
    expect(choice(plan, 'D-02', day('2021-10-15'), list)).toMatchObject({ code: 'residence', decided: true })
    expect(choice(plan, 'D-02', day('2021-11-01'), list)).toMatchObject({ code: 'employer' })
    expect(choice(plan, 'D-02', day('2021-09-30'), list)).toMatchObject({ code: 'venue', decided: false })
  })
})
