import { describe, expect, test } from 'vitest'
import { newState, objectiveOf, primaryKey, type State, treeOf } from './activity-tree.rules.ts'
import type { Activity } from './package.schema.ts'
import { isValid, navigate, noteRuntime, type Outcome, type Request } from './sequencing.rules.ts'
import { defaultSequencing, type Sequencing, type SequencingRule } from './sequencing.schema.ts'

const node = (id: string, s: Partial<Sequencing>, children: Activity[] = []): Activity => ({
  ...{ id, title: id, visible: true, unit: children.length === 0 ? id : null, children },
  sequencing: { ...defaultSequencing, ...s },
})
const leaf = (id: string, s: Partial<Sequencing> = {}) => node(id, s)
const rule = (action: string, condition = 'always', rest: object = {}): SequencingRule => ({
  ...{ combination: 'all', action },
  conditions: [{ condition, operator: 'noOp', ...rest }],
})
const primary = (rest: object = {}) => ({
  ...{ id: '', primary: true, satisfiedByMeasure: false, minMeasure: 1, maps: [] },
  ...rest,
})

/** Sends requests one after the other; what is delivered each time. */
function walk(root: Activity, requests: Request[], during: (state: State, at: string) => State = (state) => state) {
  const tree = treeOf(root)
  let state = newState()
  const seen: (string | null)[] = []
  let last: Outcome | undefined
  for (const request of requests) {
    last = navigate(tree, state, request)
    state = last.deliver ? during(last.state, last.deliver) : last.state
    seen.push(last.exception ?? (last.ended ? 'end' : last.deliver))
  }
  return { tree, state, seen, last: last as Outcome }
}
const flowing = (children: Activity[], s: Partial<Sequencing> = {}) => node('root', { flow: true, ...s }, children)
const three = () => [leaf('a'), leaf('b'), leaf('c')]
const go = (
  ...kinds: ('start' | 'continue' | 'previous' | 'exit' | 'exitAll' | 'suspendAll' | 'resumeAll')[]
): Request[] => kinds.map((kind) => ({ kind }))
const pick = (target: string): Request => ({ kind: 'choice', target })

describe('HZ4-M13 flow', () => {
  test('HZ4-M13 start, continue and previous go through the leaves; after the last one the course ends', () => {
    const course = flowing([leaf('a'), node('ch', { flow: true }, [leaf('b1'), leaf('b2')]), leaf('c')])
    const { seen } = walk(course, go('start', 'continue', 'continue', 'previous', 'continue', 'continue', 'continue'))
    expect(seen).toEqual(['a', 'b1', 'b2', 'b1', 'b2', 'c', 'end'])
  })
  test('HZ4-M13 without flow nothing starts by itself and there is no next', () => {
    expect(walk(node('root', {}, three()), go('start')).seen).toEqual(['SB.2.2-1'])
    expect(walk(node('root', {}, three()), [pick('a'), { kind: 'continue' }]).seen).toEqual(['a', 'NB.2.1-4'])
  })
  test('HZ4-M13 forward only: there is no way back', () => {
    const { seen } = walk(flowing(three(), { forwardOnly: true }), go('start', 'continue', 'previous'))
    expect(seen).toEqual(['a', 'b', 'NB.2.1-5'])
    expect(walk(flowing(three(), { forwardOnly: true }), [...go('start', 'continue'), pick('a')]).seen).toEqual([
      'a',
      'b',
      'SB.2.4-2',
    ])
  })
  test('HZ4-M13 a skipped activity is passed over, a disabled one stops', () => {
    expect(
      walk(flowing([leaf('a'), leaf('b', { pre: [rule('skip')] }), leaf('c')]), go('start', 'continue')).seen,
    ).toEqual(['a', 'c'])
    expect(
      walk(flowing([leaf('a'), leaf('b', { pre: [rule('disabled')] }), leaf('c')]), go('start', 'continue')).seen,
    ).toEqual(['a', 'SB.2.2-2'])
  })
  test('HZ4-M13 an attempt limit closes an activity once it is used up', () => {
    const { seen } = walk(flowing([leaf('a', { attemptLimit: 1 }), leaf('b')]), [...go('start', 'continue'), pick('a')])
    expect(seen).toEqual(['a', 'b', 'SB.2.2-2'])
  })
})

describe('HZ4-M13 choice', () => {
  test('HZ4-M13 the learner goes where the table of contents leads, but not where choice is off or hidden', () => {
    expect(walk(flowing(three()), [pick('c'), pick('a')]).seen).toEqual(['c', 'a'])
    expect(walk(flowing(three(), { choice: false }), [...go('start'), pick('c')]).seen).toEqual(['a', 'SB.2.9-4'])
    expect(walk(flowing([leaf('a'), leaf('b', { pre: [rule('hiddenFromChoice')] })]), [pick('b')]).seen).toEqual([
      'SB.2.9-3',
    ])
    expect(walk(flowing(three()), [pick('nowhere')]).seen).toEqual(['NB.2.1-11'])
  })
  test('HZ4-M13 a chapter is chosen by its first deliverable leaf', () => {
    const course = flowing([leaf('a'), node('ch', { flow: true }, [leaf('b1', { pre: [rule('skip')] }), leaf('b2')])])
    expect(walk(course, [pick('ch')]).seen).toEqual(['b2'])
  })
  test('HZ4-M13 forward traversal stops where a rule says so, until it no longer holds', () => {
    const gate = leaf('b', { pre: [rule('stopForwardTraversal', 'completed', { operator: 'not' })] })
    const course = flowing([leaf('a'), gate, leaf('c')])
    expect(walk(course, [...go('start'), pick('c')]).seen).toEqual(['a', 'c'])
    const known = (state: State, at: string) => noteRuntime(treeOf(course), state, at, { completed: at !== 'b' })
    expect(walk(course, [...go('start', 'continue'), pick('c')], known).seen).toEqual(['a', 'b', 'SB.2.4-1'])
  })
  test('HZ4-M13 choice exit off: nobody leaves by choosing', () => {
    const course = flowing([node('ch', { flow: true, choiceExit: false }, [leaf('a1'), leaf('a2')]), leaf('b')])
    expect(walk(course, [...go('start'), pick('b')]).seen).toEqual(['a1', 'SB.2.9-8'])
    expect(walk(course, [...go('start'), pick('a2')]).seen).toEqual(['a1', 'a2'])
  })
  test('HZ4-M13 constrained choice and prevented activation', () => {
    const far = flowing([leaf('a', { constrainChoice: true }), leaf('b'), leaf('c')])
    expect(walk(far, [...go('start'), pick('c')]).seen).toEqual(['a', 'SB.2.9-8'])
    expect(walk(far, [...go('start'), pick('b')]).seen).toEqual(['a', 'b'])
    const closed = flowing([leaf('a'), node('ch', { flow: true, preventActivation: true }, [leaf('b1'), leaf('b2')])])
    expect(walk(closed, [...go('start'), pick('b2')]).seen).toEqual(['a', 'SB.2.9-6'])
  })
})

describe('HZ4-M13 exit and post conditions', () => {
  const failed = (state: State, at: string, course: Activity) =>
    noteRuntime(treeOf(course), state, at, { objectives: { [primaryKey]: { satisfied: at !== 'a' } } })
  test.each([
    ['retry', 'satisfied', { operator: 'not' }, 'a'],
    ['continue', 'always', {}, 'b'],
    ['exitAll', 'always', {}, 'end'],
    ['exitParent', 'always', {}, 'end'],
  ])('HZ4-M13 %s after leaving an activity', (action, condition, rest, leads) => {
    const course = flowing([leaf('a', { post: [rule(action, condition, rest)] }), leaf('b')])
    expect(walk(course, go('start', 'exit'), (state, at) => failed(state, at, course)).seen).toEqual(['a', leads])
  })
  test('HZ4-M13 retryAll begins the course again', () => {
    const course = flowing([leaf('a'), leaf('b', { post: [rule('retryAll')] })])
    const { seen, state } = walk(course, go('start', 'continue', 'exit'))
    expect(seen).toEqual(['a', 'b', 'a'])
    expect(state.activities.root?.attempts).toBe(2)
  })
  test('HZ4-M13 an exit rule of a chapter ends it with everything in it', () => {
    const course = flowing([
      node('ch', { flow: true, exit: [rule('exit', 'attempted')], post: [rule('continue')] }, [leaf('a1'), leaf('a2')]),
      leaf('b'),
    ])
    expect(walk(course, go('start', 'exit')).seen).toEqual(['a1', 'b'])
  })
  test('HZ4-M13 suspend all, and resume where it stopped with the same attempt', () => {
    const { seen, state } = walk(flowing(three()), go('start', 'continue', 'suspendAll', 'resumeAll'))
    expect(seen).toEqual(['a', 'b', 'end', 'b'])
    expect(state.activities.b?.attempts).toBe(1)
    expect(walk(flowing(three()), go('resumeAll')).seen).toEqual(['NB.2.1-3'])
  })
  test('HZ4-M13 requests that make no sense are refused by number, and change nothing', () => {
    const { seen, state } = walk(flowing(three()), go('continue', 'exit', 'start', 'start'))
    expect(seen).toEqual(['NB.2.1-1', 'NB.2.1-2', 'a', 'NB.2.1-1'])
    expect(state.current).toBe('a')
  })
})

describe('HZ4-M13 tracking and rollup', () => {
  const told = (course: Activity, reports: Record<string, Parameters<typeof noteRuntime>[3]>) => {
    const tree = treeOf(course)
    let state = newState()
    for (const [id, report] of Object.entries(reports)) {
      state = navigate(tree, state, pick(id)).state
      state = noteRuntime(tree, state, id, report)
    }
    const root = tree.nodes.get('root')
    if (!root) throw new Error('no root')
    return { root: { ...objectiveOf(state, root), completed: state.activities.root?.completed ?? null }, state, tree }
  }
  const done = { completed: true, objectives: { [primaryKey]: { satisfied: true } } }
  const not = { completed: false, objectives: { [primaryKey]: { satisfied: false } } }
  test('HZ4-M13 by default all must be satisfied and completed, and all known makes it negative', () => {
    expect(told(flowing([leaf('a'), leaf('b')]), { a: done }).root).toMatchObject({ satisfied: null, completed: null })
    expect(told(flowing([leaf('a'), leaf('b')]), { a: done, b: done }).root).toMatchObject({
      satisfied: true,
      completed: true,
    })
    expect(told(flowing([leaf('a'), leaf('b')]), { a: done, b: not }).root).toMatchObject({
      satisfied: false,
      completed: false,
    })
  })
  test('HZ4-M13 measures are weighted, and may decide', () => {
    const course = flowing([leaf('a', { measureWeight: 3 }), leaf('b')], {
      objectives: [primary({ satisfiedByMeasure: true, minMeasure: 0.7 })],
    })
    const score = (measure: number) => ({ objectives: { [primaryKey]: { measure } } })
    expect(told(course, { a: score(0.8), b: score(0.4) }).root).toMatchObject({
      measure: 0.7000000000000001,
      satisfied: true,
    })
    expect(told(course, { a: score(0.6), b: score(1) }).root).toMatchObject({ measure: 0.7, satisfied: true })
    expect(told(course, { a: score(0.2), b: score(1) }).root).toMatchObject({ satisfied: false })
  })
  test.each([
    ['any', {}, true],
    ['atLeastCount', { minimumCount: 2 }, null],
    ['atLeastCount', { minimumCount: 1 }, true],
    ['atLeastPercent', { minimumPercent: 0.5 }, true],
    ['none', {}, null],
  ] as const)('HZ4-M13 a rule over %s %j of the children gives %j', (children, numbers, completed) => {
    const rules = [
      {
        ...{ children, minimumCount: 0, minimumPercent: 0, combination: 'any', action: 'completed', ...numbers },
        conditions: [{ condition: 'completed', operator: 'noOp' }],
      },
    ] as Sequencing['rollupRules']
    expect(told(flowing([leaf('a'), leaf('b')], { rollupRules: rules }), { a: done }).root.completed).toBe(completed)
  })
  test('HZ4-M13 children that do not count, are not attempted or not tracked are left out', () => {
    expect(
      told(flowing([leaf('a'), leaf('b', { rollupProgress: false, rollupSatisfied: false })]), { a: done }).root,
    ).toMatchObject({
      ...{ satisfied: true, completed: true },
    })
    expect(told(flowing([leaf('a'), leaf('b', { tracked: false })]), { a: done }).root.completed).toBe(true)
    expect(
      told(flowing([leaf('a'), leaf('b', { requiredForCompleted: 'ifAttempted' })]), { a: done }).root.completed,
    ).toBe(true)
  })
  test('HZ4-M13 a shared objective opens the next lesson', () => {
    const writes = primary({
      maps: [{ target: 'g', readStatus: true, readMeasure: true, writeStatus: true, writeMeasure: false }],
    })
    const reads = {
      ...{ id: 'seen', primary: false, satisfiedByMeasure: false, minMeasure: 1 },
      maps: [{ target: 'g', readStatus: true, readMeasure: false, writeStatus: false, writeMeasure: false }],
    }
    const shut: SequencingRule = {
      ...{ combination: 'any', action: 'disabled' },
      conditions: [
        { condition: 'satisfied', operator: 'not', objective: 'seen' },
        { condition: 'objectiveStatusKnown', operator: 'not', objective: 'seen' },
      ],
    }
    const course = flowing([
      leaf('a', { objectives: [writes] }),
      leaf('b', { objectives: [primary(), reads], pre: [shut] }),
    ])
    expect(isValid(treeOf(course), newState(), pick('b'))).toBe(false)
    const { state, tree } = told(course, { a: done })
    expect(isValid(tree, state, pick('b'))).toBe(true)
  })
  test('HZ4-M13 content that sets nothing is completed and satisfied by having been there, unless it said it would', () => {
    const { state } = walk(
      flowing([leaf('a'), leaf('b', { completionSetByContent: true, objectiveSetByContent: true }), leaf('c')]),
      go('start', 'continue', 'continue'),
    )
    expect(state.activities.a).toMatchObject({ completed: true, objectives: { [primaryKey]: { satisfied: true } } })
    expect(state.activities.b).toMatchObject({ completed: null, objectives: {} })
  })
})
