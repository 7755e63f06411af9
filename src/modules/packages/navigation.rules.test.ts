import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arranged } from './arrangement.rules.ts'
import type { LastAttempt } from './availability.rules.ts'
import { openUnits } from './availability.rules.ts'
import { requestIn, stepAfter, unitsToOpen, validity } from './navigation.rules.ts'
import type { Activity, PackageFound } from './package.schema.ts'
import { defaultSequencing, type Sequencing, type SequencingRule } from './sequencing.schema.ts'

const now = new Date('2021-09-15T02:00:00Z')
const node = (id: string, s: Partial<Sequencing> = {}, children: Activity[] = []): Activity => ({
  ...{ id, title: id, visible: true, unit: children.length === 0 ? id : null, children },
  sequencing: { ...defaultSequencing, ...s },
})
function course(s: Partial<Sequencing>, children: Activity[]): PackageFound {
  const units = children
    .flatMap((one) => (one.children.length > 0 ? one.children : [one]))
    .map(({ id }) => ({ id, title: id, kind: 'sco' as const, href: `${id}.html`, parameters: '' }))
  return {
    ...{
      kind: 'scorm2004',
      edition: '2004 4th Edition',
      identifier: 'x',
      title: 'x',
      units,
      questions: [],
      objectives: [],
    },
    activities: [node('root', s, children)],
  }
}
const rule = (action: string, condition = 'always'): SequencingRule => ({
  ...{ combination: 'all', action, conditions: [{ condition, operator: 'noOp' }] },
})
const left = (unitId: string, request: string, more: Partial<LastAttempt> = {}): LastAttempt => ({
  ...{ unitId, number: 1, values: { 'adl.nav.request': request }, ended: true },
  ...more,
})
const went = (found: PackageFound, unitId: string, request: string, more: Partial<LastAttempt> = {}) => {
  const step = stepAfter(found, [left(unitId, request, more)], unitId, now)
  return step && (step.exception ?? (step.ended ? 'end' : step.deliver))
}

describe('HZ4-M13 what content asks for when it leaves (adl.nav.request)', () => {
  const flowing = course({ flow: true }, [node('a'), node('b'), node('c')])
  test.each([
    ['continue', { kind: 'continue' }],
    ['suspendAll', { kind: 'suspendAll' }],
    ['{target=b}choice', { kind: 'choice', target: 'b' }],
    ['{target=c}jump', { kind: 'jump', target: 'c' }],
    ['_none_', null],
    ['{target=}choice', null],
  ])('HZ4-M13 %s', (text, request) => expect(requestIn({ 'adl.nav.request': text })).toEqual(request))
  test('HZ4-M13 continue, previous, choice and jump lead to their unit', () => {
    expect(went(flowing, 'b', 'continue')).toBe('c')
    expect(went(flowing, 'b', 'previous')).toBe('a')
    expect(went(flowing, 'a', '{target=c}choice')).toBe('c')
    expect(went(flowing, 'a', '{target=c}jump')).toBe('c')
    expect(went(flowing, 'c', 'continue')).toBe('end')
  })
  test('HZ4-M13 exit leaves the unit, exitAll and suspendAll leave everything', () => {
    expect(went(flowing, 'a', 'exit')).toBe(null)
    for (const request of ['exitAll', 'suspendAll', 'abandonAll']) expect(went(flowing, 'a', request)).toBe('end')
    expect(went(flowing, 'a', '_none_')).toBe(null)
  })
  test('HZ4-M13 where sequencing says no there is an exception: no flow, no choice, forward only, an unknown target', () => {
    expect(went(course({}, [node('a'), node('b')]), 'a', 'continue')).toBe('NB.2.1-4')
    expect(went(course({ flow: true, forwardOnly: true }, [node('a'), node('b')]), 'b', 'previous')).toBe('NB.2.1-5')
    expect(went(course({ flow: true, choice: false }, [node('a'), node('b')]), 'a', '{target=b}choice')).toMatch(
      /^SB.2.9|^NB/,
    )
    expect(went(flowing, 'a', '{target=nowhere}choice')).toBe('NB.2.1-11')
  })
  test('HZ4-M13 a jump goes where choice may not', () => {
    const closed = course({ flow: true, choice: false }, [node('a'), node('b'), node('c')])
    expect(went(closed, 'a', '{target=c}jump')).toBe('c')
    expect([...unitsToOpen(closed, [left('a', '{target=c}jump')], now)]).toContain('c')
    expect([...unitsToOpen(closed, [left('a', '_none_')], now)]).not.toContain('c')
  })
  test('HZ4-M13 post conditions are asked before the request: a failed unit is tried again, a passed one goes on', () => {
    const retry = node('a', {
      post: [{ ...rule('retry', 'satisfied'), conditions: [{ condition: 'satisfied', operator: 'not' }] }],
    })
    const tested = course({ flow: true }, [retry, node('b')])
    const values = (success: string) => ({ values: { 'adl.nav.request': 'continue', 'cmi.success_status': success } })
    expect(went(tested, 'a', 'continue', values('failed'))).toBe('a')
    expect(went(tested, 'a', 'continue', values('passed'))).toBe('b')
  })
  test('HZ4-M13 post conditions: exitParent, exitAll and previous', () => {
    const all = course({ flow: true }, [node('a', { post: [rule('exitAll')] }), node('b')])
    expect(went(all, 'a', 'continue')).toBe('end')
    const back = course({ flow: true }, [node('a'), node('b', { post: [rule('previous')] })])
    expect(went(back, 'b', 'continue')).toBe('a')
  })
  test('HZ4-M13 a unit is told before what would be valid', () => {
    const told = validity(flowing, [], 'a', now)
    expect(told).toMatchObject({
      'adl.nav.request_valid.continue': 'true',
      'adl.nav.request_valid.previous': 'false',
      'adl.nav.request_valid.choice.{target=c}': 'true',
      'adl.nav.request_valid.jump.{target=c}': 'true',
    })
    expect(validity(course({}, [node('a'), node('b')]), [], 'a', now)['adl.nav.request_valid.continue']).toBe('false')
  })
})

describe('HZ4-M13 draws: selection and order', () => {
  const many = (s: Partial<Sequencing>) =>
    course(
      { flow: true, ...s },
      'abcdefgh'.split('').map((id) => node(id)),
    )
  const shown = (found: PackageFound, seed: string) =>
    arranged(found, seed).activities[0]?.children.map(({ id }) => id) ?? []
  test('HZ4-M13 a learner keeps what was drawn for him, and all of it belongs to the package', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(8), fc.boolean(), (seed, select, shuffle) => {
        const found = many({ select, shuffle })
        const drawn = shown(found, seed)
        expect(drawn).toEqual(shown(found, seed))
        expect(drawn).toHaveLength(select)
        expect(new Set(drawn).size).toBe(select)
        if (!shuffle) expect(drawn).toEqual(drawn.toSorted())
      }),
    )
  })
  test('HZ4-M13 every child is drawn about as often as any other, and every order comes up', () => {
    const count: Record<string, number> = {}
    const first: Record<string, number> = {}
    for (let i = 0; i < 4000; i++) {
      for (const id of shown(many({ select: 2 }), `learner ${i}`)) count[id] = (count[id] ?? 0) + 1
      const [head = ''] = shown(many({ shuffle: true }), `learner ${i}`)
      first[head] = (first[head] ?? 0) + 1
    }
    for (const id of 'abcdefgh') {
      expect(count[id], id).toBeGreaterThan(850)
      expect(count[id], id).toBeLessThan(1150)
      expect(first[id], id).toBeGreaterThan(400)
      expect(first[id], id).toBeLessThan(600)
    }
  })
  test('HZ4-M13 what was not drawn can be opened by nobody', () => {
    const drawn = arranged(many({ select: 3 }), 'x')
    expect(openUnits(drawn, [], now).size).toBe(3)
  })
})

describe('HZ4-M13 limits', () => {
  const limits = {
    attemptAbsolute: null,
    attemptExperienced: null,
    activityAbsolute: null,
    activityExperienced: null,
    begin: null,
    end: null,
  }
  const times = { attemptAbsolute: 0, attemptExperienced: 0, activityAbsolute: 0, activityExperienced: 0 }
  const open = (s: Partial<Sequencing>, more: Partial<LastAttempt>) =>
    openUnits(course({ flow: true }, [node('a', s), node('b')]), [left('a', '_none_', more)], now).has('a')
  test.each(['attemptAbsolute', 'attemptExperienced', 'activityAbsolute', 'activityExperienced'] as const)(
    'HZ4-M13 %s: used up at the limit, open below it, and a suspended attempt may always go on',
    (name) => {
      const s = { limits: { ...limits, [name]: 600 } }
      expect(open(s, { times: { ...times, [name]: 599 } })).toBe(true)
      expect(open(s, { times: { ...times, [name]: 600 } })).toBe(false)
      expect(open(s, { times: { ...times, [name]: 600 }, ended: false })).toBe(true)
    },
  )
  test('HZ4-M13 before its time and after it a unit is shut', () => {
    const range = (begin: string | null, end: string | null) => open({ limits: { ...limits, begin, end } }, {})
    expect(range('2021-09-15T03:00:00Z', null)).toBe(false)
    expect(range('2021-09-15T01:00:00Z', '2021-09-15T03:00:00Z')).toBe(true)
    expect(range(null, '2021-09-15T01:59:59Z')).toBe(false)
  })
  test('HZ4-M13 attempts: used up when they have ended, not while the last one is suspended', () => {
    expect(open({ attemptLimit: 1 }, { ended: true })).toBe(false)
    expect(open({ attemptLimit: 1 }, { ended: false })).toBe(true)
    expect(open({ attemptLimit: 2 }, { ended: true })).toBe(true)
  })
  test('HZ4-M13 rules may ask for time: timeLimitExceeded and outsideAvailableTimeRange', () => {
    const s = { tracked: true, limits: { ...limits, end: '2021-09-15T01:00:00Z' } }
    const skipping = course({ flow: true }, [
      node('a', { ...s, pre: [rule('skip', 'outsideAvailableTimeRange')] }),
      node('b'),
    ])
    expect([...openUnits(skipping, [], now)]).toEqual(['b'])
  })
})

describe('HZ4-M13 what content leaves open (UP.4)', () => {
  const map = { target: 'g', readStatus: true, readMeasure: true, writeStatus: true, writeMeasure: false }
  const own = { primary: true, satisfiedByMeasure: false, minMeasure: 1 }
  const gate: SequencingRule = {
    ...{ combination: 'any', action: 'disabled' },
    conditions: [
      { condition: 'satisfied', operator: 'not', objective: 'seen' },
      { condition: 'objectiveStatusKnown', operator: 'not', objective: 'seen' },
    ],
  }
  /** Whether `b`, which waits for `a` to be satisfied, is open after `a` was left without a word about it. */
  const opened = (s: Partial<Sequencing>, ended: boolean) => {
    const first = node('a', { ...s, objectives: [{ id: 'o', ...own, maps: [map] }] })
    const seen = { id: 'seen', ...own, primary: false, maps: [{ ...map, writeStatus: false }] }
    const found = course({ flow: true }, [first, node('b', { objectives: [seen], pre: [gate] })])
    return openUnits(found, [left('a', '_none_', { ended })], now).has('b')
  }
  test('HZ4-M13 having been there satisfies, unless the manifest says that content sets it, or the attempt goes on', () => {
    expect(opened({}, true)).toBe(true)
    expect(opened({ objectiveSetByContent: true }, true)).toBe(false)
    expect(opened({}, false)).toBe(false)
  })
})
