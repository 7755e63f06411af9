import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256 } from '#platform/digest.ts'
import { loadPlan } from '#policy/plan.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { day } from '#shared/units.ts'
import { applicationCycle, hasRoom, holderKey, nextState } from './application.rules.ts'
import { type ApplicationState, applicationStates } from './application.schema.ts'
import { designationCycle, heldOn, renewal, termEnd } from './designation.rules.ts'
import { judge } from './eligibility.rules.ts'
import { readForm } from './form.rules.ts'
import {
  type Candidate,
  conflictOf,
  draw,
  drawFaults,
  drawOrder,
  nextDrawn,
  outOfOrder,
  panelSeed,
  resultOf,
  severity,
  totalOf,
} from './panel.rules.ts'

const plan = loadPlan('plan/haizhu-2020')
const scheme = plan.schemes.find((one) => one.code === 'haizhu-chief-technician') as Scheme
const whole = {
  post: '架构师',
  occupation: '人工智能训练师',
  level: '1',
  certificateNo: 'Y1',
  years: '12',
  story: '事迹',
  hasStudio: 'no',
}

describe('A01 the form', () => {
  test('A01 a whole form is read as typed, full-width numbers included; empty rows are left out', () => {
    const { answers, faults } = readForm(
      scheme,
      { ...whole, years: '１２', apprentices: [{ name: '甲', from: '2020-01-01' }, { name: '' }, undefined] },
      true,
    )
    expect(faults).toEqual({})
    expect(answers).toMatchObject({ years: 12, apprentices: [{ name: '甲', from: '2020-01-01' }] })
  })
  test.each([
    ['years', 'abc', '请填数字'],
    ['years', '99', '不能大于60'],
    ['years', '-1', '请填数字'],
    ['level', '9', '请从列表中选择'],
    ['post', '长'.repeat(61), '不能超过60个字'],
    ['story', '', '请填写主要事迹'],
    ['hasStudio', '', '请选择'],
  ])('A01 %s = %s is refused beside its box', (field, typed, words) => {
    expect(readForm(scheme, { ...whole, [field]: typed }, true).faults[`f.${field}`]?.[0]).toContain(words)
  })
  test('A01 a row names its own box', () => {
    const { faults } = readForm(scheme, { ...whole, awards: [{ title: '省赛', year: 'x', rank: '1' }] }, true)
    expect(Object.keys(faults)).toEqual(['f.awards.0.year'])
  })
  test('A01 a field whose condition does not hold is not asked for, nor kept', () => {
    expect(readForm(scheme, { ...whole, studio: '工作室' }, true).answers.studio).toBeUndefined()
    expect(readForm(scheme, { ...whole, hasStudio: 'yes', studio: '工作室' }, true).answers.studio).toBe('工作室')
  })
  test('A01 whatever is typed, every fault names a field of the scheme and nothing is thrown', () => {
    const ids = new Set(scheme.fields.map((field) => field.id))
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...ids, '__proto__', 'nobody'), fc.anything()),
        fc.boolean(),
        (raw, strict) => {
          const { answers, faults } = readForm(scheme, raw, strict)
          expect(Object.keys(answers).every((id) => ids.has(id))).toBe(true)
          expect(Object.keys(faults).every((name) => ids.has(name.split('.')[1] ?? ''))).toBe(true)
        },
      ),
    )
  })
})

describe('A01 eligibility', () => {
  const facts = (more: object = {}) => ({
    answers: { years: 5, apprentices: [{ name: '甲' }] },
    age: 40,
    organisation: { active: true, months: 12 },
    holds: new Map([['enterprise-chief-technician', '']]),
    revoked: [],
    today: day('2021-09-15'),
    figure: () => ({ value: null as number | null, label: '年限' }),
    ...more,
  })
  const verdicts = (more: object) => Object.fromEntries(judge(scheme, facts(more)).map((one) => [one.id, one.verdict]))
  test('A01 what nobody has laid down is undecided and stops nobody', () => {
    expect(verdicts({})).toEqual({
      active: 'pass',
      pool: 'pass',
      first: 'pass',
      age: 'undecided',
      years: 'undecided',
      apprentices: 'undecided',
    })
  })
  test('A01 a figure laid down is judged, at the limit and past it', () => {
    expect(verdicts({ figure: () => ({ value: 5, label: '' }) })).toMatchObject({
      years: 'pass',
      apprentices: 'fail',
      age: 'fail',
    })
    expect(verdicts({ figure: () => ({ value: 40, label: '' }) })).toMatchObject({ age: 'pass', years: 'fail' })
    expect(verdicts({ figure: () => ({ value: 40, label: '' }), age: null })).toMatchObject({ age: 'undecided' })
  })
  test('A01 not in the pool, holding already, a firm that is closed: a clear no with its clause', () => {
    const found = judge(
      scheme,
      facts({ holds: new Map([['haizhu-chief-technician', '']]), organisation: { active: false, months: 1 } }),
    )
    expect(found.filter((one) => one.verdict === 'fail').map((one) => [one.id, one.clause])).toEqual([
      ['active', 'HZ4-M02'],
      ['pool', 'HZ4-M02'],
      ['first', 'R23'],
    ])
  })
})

describe('A01 the table of states', () => {
  const moves = Object.keys(applicationCycle) as (keyof typeof applicationCycle)[]
  const ends: ApplicationState[] = ['designated', 'rejected', 'not-selected', 'withdrawn']
  test('A01 random walks: only moves of the table, every path ends at designation by its own stages, an end is an end', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...plan.schemes),
        fc.nat(5),
        fc.array(fc.nat(30), { maxLength: 60 }),
        (one, at, choices) => {
          const path = one.paths[at % one.paths.length]?.id ?? ''
          const stages = one.paths.find((p) => p.id === path)?.stages ?? []
          let state: ApplicationState = 'draft'
          for (const choice of choices) {
            const open = moves.filter((move) => applicationCycle[move].from.includes(state))
            const passed = nextState(one, path, state)
            const options: (() => ApplicationState)[] = [
              ...open.map((move) => () => applicationCycle[move].to),
              ...(passed.ok ? [() => passed.value] : []),
            ]
            if (ends.includes(state)) expect(options).toEqual([])
            const take = options[choice % (options.length || 1)]
            if (!take) break
            state = take()
            expect(state in applicationStates).toBe(true)
            const only: Partial<Record<ApplicationState, string>> = {
              'expert-review': 'expert',
              'site-visit': 'visit',
              recommendation: 'recommendation',
              shortlist: 'shortlist',
              publicised: 'publicity',
            }
            const needs = only[state]
            if (needs) expect(stages).toContain(needs)
            if (state === 'designated' && one.kind !== 'register') expect(stages).toContain('publicity')
          }
        },
      ),
      { numRuns: 500 },
    )
  })
  test('R23 the direct way goes past the experts and not past the public', () => {
    expect(nextState(scheme, 'direct', 'formal-review')).toMatchObject({ ok: true, value: 'shortlist' })
    expect(nextState(scheme, 'standard', 'formal-review')).toMatchObject({ ok: true, value: 'expert-review' })
    expect(nextState(scheme, 'direct', 'shortlist').ok).toBe(false)
    expect(nextState(scheme, 'nobody', 'formal-review').ok).toBe(false)
  })
  test('R23 a full quota refuses with its size; one nobody has laid down limits nothing', () => {
    const limit = { quota: 'total', label: '总数', most: 10, taken: 9 }
    expect(hasRoom('R23', [limit]).ok).toBe(true)
    expect(hasRoom('R23', [{ ...limit, taken: 10 }])).toMatchObject({
      ok: false,
      refusal: { clause: 'R23', facts: { most: 10 } },
    })
    expect(hasRoom('R23', [{ ...limit, most: null, taken: 500 }]).ok).toBe(true)
  })
  test('R23 one key for one holder: a dish is its restaurant’s, spaces do not make another', () => {
    const facts = { personId: 'p', organisationId: 'o', item: '八宝 冬瓜盅' }
    expect([holderKey('person', facts), holderKey('organisation', facts), holderKey('item', facts)]).toEqual([
      'person:p',
      'organisation:o',
      'item:o:八宝冬瓜盅',
    ])
  })
})

describe('A02 the experts', () => {
  const expert = (id: string, more: Partial<Candidate> = {}): Candidate => ({
    id,
    personId: `p-${id}`,
    organisationId: null,
    ties: [],
    ...more,
  })
  const nobody = { persons: new Set<string>(), organisations: new Set<string>(), taughtBy: new Set<string>() }
  const pool = Array.from({ length: 20 }, (_, i) => expert(`e${i}`))
  test('A02 a draw done again agrees; another seed, key or order is named', () => {
    const nobody = { persons: new Set<string>(), organisations: new Set<string>(), taughtBy: new Set<string>() }
    const pool = ['a', 'b', 'c', 'd'].map((id) => ({ id, personId: id, organisationId: null, ties: [] }))
    const seed = panelSeed(sha256, 'seed', 1)
    const order = drawOrder(sha256, seed, pool, nobody)
    const faults = (draw: object, commitment = sha256('seed')) =>
      drawFaults(sha256, commitment, 'seed', [{ number: 1, seed, order, ...draw }])
    expect(faults({})).toEqual([])
    expect(faults({}, sha256('other'))).toHaveLength(1)
    expect(faults({ order: order.toReversed() })).toEqual(['第 1 组没有按排序值从小到大'])
    expect(faults({ order: order.map((one) => ({ ...one, id: `${one.id}x` })) })).toEqual(['第 1 组有排序值算得不对'])
    expect(faults({ seed: sha256('x') })).toContain('第 1 组的种子不是由公布的种子得出')
  })

  test('A02 the draw can be repeated by anybody and does not depend on the order of the pool', () => {
    fc.assert(
      fc.property(fc.string(), fc.shuffledSubarray(pool, { minLength: 20, maxLength: 20 }), (seed, shuffled) => {
        expect(drawOrder(sha256, seed, shuffled, nobody)).toEqual(drawOrder(sha256, seed, pool, nobody))
      }),
      { numRuns: 50 },
    )
    const order = drawOrder(sha256, 'seed', pool, nobody)
    expect(order[0]?.key).toBe(sha256(`seed:${order[0]?.id}`))
  })
  test('A02 whoever is tied is passed over, with the reason; too few refuse', () => {
    const applicants = { persons: new Set(['p-e1']), organisations: new Set(['firm']), taughtBy: new Set(['p-e4']) }
    expect(conflictOf(expert('e1'), applicants)).toBe('self')
    expect(conflictOf(expert('e2', { organisationId: 'firm' }), applicants)).toBe('employer')
    expect(conflictOf(expert('e3', { ties: ['firm'] }), applicants)).toBe('tie')
    expect(conflictOf(expert('e4'), applicants)).toBe('taught')
    expect(conflictOf(expert('e5', { ties: ['other'] }), applicants)).toBeNull()
    const order = drawOrder(sha256, 's', pool, applicants)
    const drawn = draw(order, 5)
    if (!drawn.ok) throw new Error('not drawn')
    expect(drawn.value.every((one) => one.passed === null)).toBe(true)
    expect(draw(order, 19)).toMatchObject({ ok: false, refusal: { reason: 'pool-too-small' } })
    const seated = new Set(drawn.value.map((one) => one.id))
    const next = nextDrawn(order, seated)
    expect(next && !seated.has(next.id) && next.passed === null).toBe(true)
  })
  test('A02 the score: weights, extremes left out, whatever the order of the sheets', () => {
    const dimensions = scheme.scoring?.dimensions ?? []
    expect(totalOf(dimensions, Object.fromEntries(dimensions.map((one) => [one.id, 100])))).toBe(100)
    expect(totalOf(dimensions, { innovation: 90.5 })).toBe(27.15)
    expect(totalOf(dimensions, Object.fromEntries(dimensions.map((one) => [one.id, 90.5])))).toBe(90.5)
    const drop = { highest: 1, lowest: 1, dropFrom: 5 }
    const sheets = [10, 80, 82, 84, 100].map((total, i) => ({ id: `s${i}`, total }))
    expect(resultOf(sheets, drop)).toEqual({ score: 82, spread: 90, dropped: ['s0', 's4'] })
    expect(resultOf(sheets.slice(0, 4), drop)).toEqual({ score: 64, spread: 74, dropped: [] })
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 12 }),
        fc.nat(),
        (marks, turn) => {
          const list = marks.map((mark, i) => ({ id: `s${i}`, total: mark / 100 }))
          const turned = [...list.slice(turn % list.length), ...list.slice(0, turn % list.length)]
          const result = resultOf(list, drop)
          expect(resultOf(turned, drop)).toEqual(result)
          expect(result.score).toBeGreaterThanOrEqual(Math.min(...marks) / 100)
          expect(result.score).toBeLessThanOrEqual(Math.max(...marks) / 100)
        },
      ),
    )
  })
  test('A02 severity is told against the panel; out of order is seen', () => {
    const told = severity([
      { expertId: 'a', applicationId: '1', total: 90 },
      { expertId: 'b', applicationId: '1', total: 70 },
      { expertId: 'a', applicationId: '2', total: 60 },
      { expertId: 'b', applicationId: '2', total: 60 },
    ])
    expect([told.get('a'), told.get('b')]).toEqual([5, -5])
    expect([
      outOfOrder([80, 70], [60]),
      outOfOrder([80, 60], [70]),
      outOfOrder([null], [90]),
      outOfOrder([60], [null]),
    ]).toEqual([false, true, false, false])
  })
})

describe('A03 the term', () => {
  test('A03 an end is an end, a warning can be lifted', () => {
    for (const state of ['revoked', 'withdrawn', 'expired'] as const)
      for (const step of Object.values(designationCycle)) expect(step.from).not.toContain(state)
    expect(designationCycle.lift).toMatchObject({ from: ['warned'], to: 'in-term' })
  })
  test('A03 four years end the day before; a term without an end is not renewed; held until the day it ends', () => {
    expect(termEnd(day('2021-09-15'), 48)).toBe('2025-09-14')
    expect(termEnd(day('2021-09-15'), null)).toBeNull()
    expect(renewal({ to: day('2025-09-14') }, 12)).toEqual({
      ok: true,
      value: { from: '2025-09-15', to: '2026-09-14' },
    })
    expect(renewal({ to: null }, 12).ok).toBe(false)
    const held = { designatedOn: day('2021-09-15'), endedOn: day('2022-01-01') }
    expect(['2021-09-14', '2021-09-15', '2021-12-31', '2022-01-01'].map((on) => heldOn(held, day(on)))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})
