import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testPlan } from '#platform/testing.ts'
import { eventCycle, type Move, withinFigures, workable } from './event.rules.ts'
import { type EventState, eventStates, moveLabels } from './event.schema.ts'
import { conflictWith, type EntryFacts, enoughJudges, type JudgeFacts } from './judge.rules.ts'
import { cents, cut, fromCents, readMark, settle, weighted } from './marking.rules.ts'
import { type Contestant, prizeCounts, rank, totalOf } from './ranking.rules.ts'

const types = testPlan().competitions
const type = types.find((one) => one.code === 'catering') as (typeof types)[number]
const mark = fc.integer({ min: 0, max: 10_000 }).map(fromCents)

describe('R32 the table of moves', () => {
  const ends: EventState[] = ['rejected', 'withdrawn', 'archived', 'cancelled']
  test('R32 HZ4-M09 every move has words, every state is reached, and only ends have no way on', () => {
    const moves = Object.entries(eventCycle)
    expect(moves.map(([move]) => moveLabels[move]).every(Boolean)).toBe(true)
    const reached = new Set<string>(['draft', ...moves.map(([, one]) => one.to)])
    expect(Object.keys(eventStates).filter((state) => !reached.has(state))).toEqual([])
    const left = new Set(moves.flatMap(([, one]) => one.from))
    expect(Object.keys(eventStates).filter((state) => !left.has(state as EventState))).toEqual(
      expect.arrayContaining(ends),
    )
    expect(ends.some((state) => left.has(state))).toBe(false)
  })

  test('R32 no way leads to prizes past judging, protests and publicity', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...(Object.keys(eventCycle) as Move[])), { maxLength: 60 }), (moves) => {
        let state: EventState = 'draft'
        const been = new Set<EventState>()
        for (const move of moves) {
          if (!eventCycle[move].from.includes(state)) continue
          state = eventCycle[move].to
          been.add(state)
        }
        if (been.has('awarded')) {
          for (const must of [
            'filed',
            'review',
            'accepted',
            'announced',
            'checking',
            'running',
            'scored',
            'publicised',
            'cleared',
          ] as const)
            expect(been.has(must)).toBe(true)
        }
      }),
      { numRuns: 3000 },
    )
  })

  test('R32 from every state that is not an end some way leads to an end', () => {
    const leads = (state: EventState, seen = new Set<EventState>()): boolean => {
      if (ends.includes(state)) return true
      if (seen.has(state)) return false
      seen.add(state)
      return Object.values(eventCycle).some((one) => one.from.includes(state) && leads(one.to, seen))
    }
    expect((Object.keys(eventStates) as EventState[]).filter((state) => !leads(state))).toEqual([])
    expect(workable).toEqual(['draft', 'returned'])
  })
})

describe('R32 a technical document', () => {
  const terms = { passMark: 60, advanceMost: 30, tolerance: 8, prizeShare: 20, meritShare: 50, protestDays: 2 }
  const figures = (over: object) => ({
    ...Object.fromEntries(Object.keys(terms).map((key) => [key, { label: key, value: null }])),
    ...over,
  })
  test('R32 what the bureau has not laid down limits nothing; what it has, does', () => {
    expect(withinFigures(terms, figures({}) as never)).toEqual({ ok: true, value: null })
    const at = (key: string, value: number) =>
      withinFigures(terms, figures({ [key]: { label: key, value } }) as never).ok
    expect([at('prizeShare', 20), at('prizeShare', 19), at('passMark', 60), at('passMark', 61)]).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect([at('protestDays', 3), at('tolerance', 5), at('advanceMost', 35)]).toEqual([false, false, true])
  })
})

describe('A02 R32 judges', () => {
  const judge: JudgeFacts = { personId: 'p', organisationId: 'o', employer: '示例公司', ties: ['t'], relations: ['x'] }
  const entry: EntryFacts = {
    persons: ['q'],
    organisationId: 'z',
    unit: '别的单位',
    documentIndexes: ['y'],
    taughtBy: ['n'],
  }
  test.each([
    ['nobody', {}, null],
    ['oneself', { persons: ['q', 'p'] }, 'self'],
    ['the same employer by its code', { organisationId: 'o' }, 'employer'],
    ['the same employer by its name', { organisationId: null, unit: '示例 公司' }, 'employer'],
    ['a declared tie', { organisationId: 't' }, 'tie'],
    ['kin', { documentIndexes: ['y', 'x'] }, 'relation'],
    ['a pupil', { taughtBy: ['p'] }, 'taught'],
  ] as const)('A02 %s', (_, over, conflict) => {
    expect(conflictWith(judge, { ...entry, ...over } as EntryFacts)).toBe(conflict)
  })
  test('R32 three without conflict for every entry', () => {
    const others = ['a', 'b'].map((personId) => ({ ...judge, personId, organisationId: null, employer: personId }))
    const all = [judge, ...others]
    expect(enoughJudges(all, [{ ...entry, number: '001' }]).ok).toBe(true)
    expect(enoughJudges(others, []).ok).toBe(false)
    expect(
      enoughJudges(all, [
        { ...entry, number: '001' },
        { ...entry, organisationId: 't', number: '002' },
      ]),
    ).toMatchObject({
      refusal: { reason: 'judges-few', facts: { entry: '002', able: 0 } },
    })
  })
})

describe('R32 marks', () => {
  test('R32 what is a mark', () => {
    expect(['0', '100', '86.55', ' 7 '].map(readMark)).toEqual([0, 100, 86.55, 7])
    expect(['', '-1', '100.01', '86.555', '8 6', '１０', 'abc', '1e1'].map(readMark)).toEqual(Array(8).fill(null))
  })
  test('R32 two within the tolerance stand; further apart a third is called', () => {
    const a = { judgeId: 'a', mark: 80 }
    expect(settle([a], 5)).toEqual({ state: 'waiting', needed: 1 })
    expect(settle([a, { judgeId: 'b', mark: 85 }], 5)).toEqual({ state: 'settled', mark: 82.5, counted: ['a', 'b'] })
    expect(settle([a, { judgeId: 'b', mark: 85.01 }], 5)).toEqual({ state: 'waiting', needed: 1 })
    const three = (c: number) => settle([a, { judgeId: 'b', mark: 90 }, { judgeId: 'c', mark: c }], 5)
    expect(three(88)).toEqual({ state: 'settled', mark: 89, counted: ['c', 'b'] })
    expect(three(82)).toEqual({ state: 'settled', mark: 81, counted: ['a', 'c'] })
    expect(three(85)).toEqual({ state: 'settled', mark: 85, counted: ['c'] })
  })
  test('R32 whoever marks first, the mark is the same, and lies between the lowest and the highest', () => {
    fc.assert(
      fc.property(fc.array(mark, { minLength: 3, maxLength: 3 }), mark, (marks, tolerance) => {
        const sheets = marks.map((one, at) => ({ judgeId: `j${at}`, mark: one }))
        const result = settle(sheets, tolerance)
        expect(result.state).toBe('settled')
        if (result.state !== 'settled') return
        expect(result.mark).toBeGreaterThanOrEqual(Math.min(...marks))
        expect(result.mark).toBeLessThanOrEqual(Math.max(...marks))
        const turned = settle(sheets.toReversed(), tolerance)
        expect(turned.state === 'settled' && turned.mark).toBe(result.mark)
      }),
    )
  })
  test('R32 weights sum to the mark, exactly', () => {
    const all = (value: number) => Object.fromEntries(type.modules.map(({ id }) => [id, value]))
    fc.assert(
      fc.property(mark, (value) => {
        expect(weighted(type.modules, all(value))).toBe(value)
      }),
    )
    expect(weighted(type.modules, { knife: 80, cooking: 90, dimsum: 70, hygiene: 100 })).toBe(83)
  })
  test('R32 who goes on: passed, so many of each group, equals on the border all', () => {
    const row = (entryId: string, value: number, groupId = 'g', absent = false) => ({
      entryId,
      groupId,
      mark: value,
      absent,
    })
    const rows = [
      row('a', 90),
      row('b', 80),
      row('c', 80),
      row('d', 70),
      row('e', 59.99),
      row('f', 0, 'g', true),
      row('h', 61, 'k'),
    ]
    const on = (advanceMost: number | null) =>
      cut(rows, { mustPass: true, cuts: true }, { passMark: 60, advanceMost })
        .filter((one) => one.advanced)
        .map((one) => one.entryId)
    expect([on(1), on(2), on(null)]).toEqual([
      ['a', 'h'],
      ['a', 'b', 'c', 'h'],
      ['a', 'b', 'c', 'd', 'h'],
    ])
  })
})

describe('R32 places and prizes', () => {
  const contestant = fc
    .record({ theory: mark, knife: mark, cooking: mark, dimsum: mark, hygiene: mark, ranked: fc.boolean() })
    .map(({ theory, ranked, ...modules }) => ({
      ...{ groupId: 'g', modules, ranked },
      rounds: { theory, practical: weighted(type.modules, modules) },
    }))
  const field = fc
    .array(contestant, { maxLength: 60 })
    .map((list): Contestant[] => list.map((one, at) => ({ ...one, entryId: `e${String(at).padStart(3, '0')}` })))
  const shares = { prizeShare: 20, meritShare: 50 }

  test('R32 the ratio of 1:2:3', () => {
    const counts = (took: number, share: number) => prizeCounts(type.prizes.ranks, took, share)
    expect([counts(30, 20), counts(20, 20), counts(5, 20), counts(10, 20), counts(4, 20), counts(60, 20)]).toEqual([
      [1, 2, 3],
      [1, 1, 2],
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 0],
      [2, 4, 6],
    ])
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 0, max: 100 }), (took, share) => {
        const [first = 0, second = 0, third = 0] = counts(took, share)
        expect(first + second + third).toBe(Math.floor((took * share) / 100))
        expect(Math.min(first, second, third)).toBeGreaterThanOrEqual(0)
        expect(first).toBeLessThanOrEqual(second + 1)
        expect(second).toBeLessThanOrEqual(third + 1)
      }),
    )
  })

  test('R32 no share is ever exceeded, and nobody gets a higher prize than somebody placed before', () => {
    fc.assert(
      fc.property(field, (list) => {
        const places = rank(type, list, { tookPart: list.length, ...shares })
        expect(places.map((one) => one.entryId).toSorted()).toEqual(list.map((one) => one.entryId))
        const of = (...prizes: string[]) => places.filter((one) => prizes.includes(one.prize)).length
        expect(of('first', 'second', 'third')).toBeLessThanOrEqual(Math.floor(list.length * 0.2))
        expect(of('first', 'second', 'third', 'merit')).toBeLessThanOrEqual(Math.floor(list.length * 0.5))
        const order = ['first', 'second', 'third', 'merit', '']
        for (const [at, one] of places.entries()) {
          const next = places[at + 1]
          if (!next) continue
          expect(order.indexOf(one.prize)).toBeLessThanOrEqual(order.indexOf(next.prize))
          if (one.place !== null && next.place === one.place) expect(next.prize).toBe(one.prize)
        }
        expect(places.filter((one) => one.place === null && one.prize !== '')).toEqual([])
      }),
    )
  })

  test('R32 the order in which entries are given does not matter', () => {
    fc.assert(
      fc.property(field, (list) => {
        const one = rank(type, list, { tookPart: list.length, ...shares })
        expect(rank(type, list.toReversed(), { tookPart: list.length, ...shares })).toEqual(one)
      }),
    )
  })

  test('R32 equal totals: practical, then modules in descending weight, then theory; then the place is shared', () => {
    const one = (entryId: string, theory: number, modules: Record<string, number>): Contestant => ({
      ...{ entryId, groupId: 'g', modules, ranked: true },
      rounds: { theory, practical: weighted(type.modules, modules) },
    })
    const list = [
      one('a', 70, { knife: 80, cooking: 80, dimsum: 80, hygiene: 80 }),
      one('b', 70, { knife: 80, cooking: 83, dimsum: 76, hygiene: 80 }),
      one('c', 70, { knife: 80, cooking: 80, dimsum: 80, hygiene: 80 }),
      one('d', 77, { knife: 77, cooking: 77, dimsum: 77, hygiene: 77 }),
    ]
    expect(list.map((each) => totalOf(type, each))).toEqual([77, 77, 77, 77])
    expect(
      rank(type, list, { tookPart: 4, ...shares }).map(({ entryId, place, tie }) => [entryId, place, tie]),
    ).toEqual([
      ['b', 1, ''],
      ['a', 2, '总分相同，模块“热菜烹调”较低'],
      ['c', 2, '并列'],
      ['d', 4, '总分相同，实操成绩较低'],
    ])
    expect(cents(77.005)).toBe(7701)
  })

  test('R32 every type of the plan ranks by its own file', () => {
    for (const each of types) {
      expect(each.rounds.reduce((sum, round) => sum + round.weight, 0)).toBe(100)
      expect(each.clause).toBe('HZ4-M09')
    }
    expect(types.map((each) => each.industry).toSorted()).toEqual(
      ['人工智能', '家政服务', '电子商务', '餐饮服务'].toSorted(),
    )
  })
})
