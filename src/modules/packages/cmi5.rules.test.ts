import { describe, expect, test } from 'vitest'
import { parseXml } from '#shared/xml.ts'
import { cmi5Structure } from '../../../tests/fixtures/packages.ts'
import {
  isDefined,
  judgeStatement,
  meetsMoveOn,
  nextSession,
  noteStatement,
  satisfiedNodes,
  valuesAfter,
} from './cmi5.rules.ts'
import {
  type AuState,
  categories,
  extensions,
  newAuState,
  resultExtensions,
  type Session,
  type Statement,
  type Verb,
  verbs,
} from './cmi5.schema.ts'
import { abandoned, launchAddress, launchData, launched, satisfied, waived } from './cmi5-launch.rules.ts'
import { readCmi5 } from './cmi5-structure.rules.ts'
import type { Activity, MoveOn } from './package.schema.ts'

const session: Session = {
  sessionId: 'b1f2-session',
  registration: '018f0000-0000-7000-8000-000000000001',
  actor: { objectType: 'Agent', account: { homePage: 'https://haizhu.example', name: 'learner-1' } },
  activityId: 'https://haizhu.example/units/1',
  publisherId: 'https://publisher.example/au1',
  ...{ mode: 'Normal', moveOn: 'CompletedAndPassed', masteryScore: 0.8, launchMethod: 'OwnWindow' },
  ...{ launchParameters: 'short', entitlementKey: 'key' },
}
const judges: Verb[] = ['completed', 'passed', 'failed']

function said(verb: Verb, change: Partial<Statement> = {}): Statement {
  const judged = verb === 'passed' || verb === 'failed'
  return {
    ...{ id: '018f0000-0000-7000-8000-0000000000aa', actor: session.actor, verb: { id: verbs[verb] } },
    ...{ object: { id: session.activityId }, timestamp: '2021-09-15T02:00:00Z' },
    result: {
      ...(verb === 'completed' && { completion: true }),
      ...(judged && { success: verb === 'passed', score: { scaled: verb === 'passed' ? 0.9 : 0.2 } }),
      ...(verb !== 'initialized' && { duration: 'PT60S' }),
    },
    context: {
      registration: session.registration,
      contextActivities: {
        category: [{ id: categories.cmi5 }, ...(judges.includes(verb) ? [{ id: categories.moveOn }] : [])],
        grouping: [{ id: session.publisherId }],
      },
      extensions: {
        [extensions.sessionId]: session.sessionId,
        ...(judged && { [extensions.masteryScore]: session.masteryScore }),
      },
    },
    ...change,
  }
}
const running: AuState = { ...newAuState(), session: ['initialized'] }
const sections = (statement: Statement, state = running, of = session) =>
  judgeStatement(statement, of, state).map(({ section }) => section)

describe('HZ4-M13 cmi5 launch', () => {
  test('HZ4-M13 8.1 the five parameters follow what the publisher wrote, encoded', () => {
    const address = launchAddress(
      'https://content.example/au.html?x=1#page',
      session,
      'https://lms.example/xapi/',
      'https://lms.example/fetch/1',
    )
    const url = new URL(address)
    expect(url.hash).toBe('#page')
    expect([...url.searchParams.keys()]).toEqual(['x', 'endpoint', 'fetch', 'actor', 'activityId', 'registration'])
    expect(JSON.parse(url.searchParams.get('actor') ?? '')).toEqual(session.actor)
    expect(url.searchParams.get('registration')).toBe(session.registration)
    expect(launchAddress('https://c.example/a', session, 'e', 'f')).toContain('/a?endpoint=e&fetch=f&')
  })
  test('HZ4-M13 10.2 launch data tells mode, moveOn, method, return address, and what the structure gives', () => {
    expect(launchData(session, 'https://lms.example/back')).toEqual({
      contextTemplate: {
        contextActivities: { grouping: [{ id: session.publisherId }] },
        extensions: { [extensions.sessionId]: session.sessionId },
      },
      ...{ launchMode: 'Normal', launchMethod: 'OwnWindow', moveOn: 'CompletedAndPassed' },
      ...{ returnURL: 'https://lms.example/back', launchParameters: 'short', masteryScore: 0.8 },
      entitlementKey: { courseStructure: 'key' },
    })
    const bare = launchData({ ...session, launchParameters: '', masteryScore: null, entitlementKey: '' }, 'x')
    for (const name of ['launchParameters', 'masteryScore', 'entitlementKey']) expect(bare).not.toHaveProperty(name)
  })
  test('HZ4-M13 9.3 what the LMS says carries registration, session and category', () => {
    const told = { id: '018f0000-0000-7000-8000-0000000000bb', at: new Date('2021-09-15T02:00:00Z') }
    const all = [
      launched(session, told, 'https://content.example/au.html'),
      abandoned(session, told, 90),
      waived(session, told, 'Tested Out'),
      satisfied(session, told, {
        id: 'https://haizhu.example/b',
        publisherId: 'https://publisher.example/b',
        kind: 'block',
      }),
    ]
    expect(all.map(({ verb }) => verb.id)).toEqual([verbs.launched, verbs.abandoned, verbs.waived, verbs.satisfied])
    for (const statement of all) {
      expect(isDefined(statement)).toBe(true)
      expect(statement).toMatchObject({
        actor: session.actor,
        timestamp: '2021-09-15T02:00:00.000Z',
        context: { registration: session.registration, extensions: { [extensions.sessionId]: session.sessionId } },
      })
    }
    expect(all[0]?.context.extensions).toMatchObject({
      [extensions.launchMode]: 'Normal',
      [extensions.launchUrl]: 'https://content.example/au.html',
      [extensions.moveOn]: 'CompletedAndPassed',
      [extensions.masteryScore]: 0.8,
    })
    expect(all[1]).toMatchObject({ result: { duration: 'PT90S' } })
    expect(all[2]).toMatchObject({ result: { success: true, completion: true } })
  })
})

describe('HZ4-M13 cmi5 statements of an AU', () => {
  test('HZ4-M13 a whole session passes', () => {
    let state = newAuState()
    for (const verb of ['initialized', 'completed', 'passed', 'terminated'] as Verb[]) {
      expect([verb, judgeStatement(said(verb), session, state)]).toEqual([verb, []])
      state = noteStatement(state, said(verb))
    }
    expect(state).toMatchObject({ completed: true, passed: true })
    expect(sections(said('completed'), state)).toContain('9.3.8')
  })
  test.each([
    ['9.1', 'no id', said('completed', { id: 'x' })],
    [
      '9.2',
      'another actor',
      said('completed', { actor: { account: { homePage: 'https://x.example', name: 'learner-1' } } }),
    ],
    ['9.4', 'another object', said('completed', { object: { id: 'https://x.example' } })],
    ['9.7', 'a local timestamp', said('completed', { timestamp: '2021-09-15T10:00:00+08:00' })],
    ['9.7', 'no timestamp', said('completed', { timestamp: '' })],
    ['9.3', "the LMS's verb", said('launched')],
    ['9.3.2', 'initialized again', said('initialized')],
    [
      '9.5.2',
      'success without judging',
      said('completed', { result: { completion: true, success: true, duration: 'PT1S' } }),
    ],
    ['9.5.3', 'completed without completion', said('completed', { result: { duration: 'PT1S' } })],
    ['9.5.4.1', 'no duration', said('completed', { result: { completion: true } })],
    [
      '9.5.1',
      'a score without judging',
      said('completed', { result: { completion: true, duration: 'PT1S', score: { scaled: 1 } } }),
    ],
    [
      '9.5.1',
      'a raw score alone',
      said('passed', { result: { success: true, duration: 'PT1S', score: { scaled: 1, raw: 5 } } }),
    ],
    [
      '9.3.4',
      'passed below the mastery score',
      said('passed', { result: { success: true, duration: 'PT1S', score: { scaled: 0.79 } } }),
    ],
    [
      '9.3.5',
      'failed above the mastery score',
      said('failed', { result: { success: false, duration: 'PT1S', score: { scaled: 0.8 } } }),
    ],
  ])('HZ4-M13 %s: %s is refused', (section, _, statement) => {
    expect(sections(statement)).toContain(section)
  })
  test.each([
    ['9.6.1', { registration: 'other' }],
    ['9.6.3.1', { extensions: { [extensions.masteryScore]: 0.8 } }],
    ['9.6.3.2', { extensions: { [extensions.sessionId]: session.sessionId } }],
    [
      '9.6.2.2',
      { contextActivities: { category: [{ id: categories.cmi5 }], grouping: [{ id: session.publisherId }] } },
    ],
    [
      '9.6.2.3',
      { contextActivities: { category: [{ id: categories.cmi5 }, { id: categories.moveOn }], grouping: [] } },
    ],
  ])('HZ4-M13 %s: a context without it is refused', (section, change) => {
    expect(sections(said('passed', { context: { ...said('passed').context, ...change } }))).toEqual([section])
  })
  test('HZ4-M13 9.3 order and number: initialized first, once passed or completed for a registration, passed or failed in a session', () => {
    expect(sections(said('completed'), newAuState())).toEqual(['9.3.2'])
    expect(sections(said('completed'), { ...running, completed: true })).toEqual(['9.3.3'])
    expect(sections(said('passed'), { ...running, passed: true })).toEqual(['9.3.4'])
    expect(sections(said('failed'), { ...running, passed: true })).toEqual(['9.3.5'])
    expect(sections(said('failed'), { ...running, session: ['initialized', 'passed'] })).toEqual(['9.3'])
    expect(sections(said('failed'), nextSession({ ...running, session: ['initialized', 'failed'] }))).toContain('9.3.2')
  })
  test('HZ4-M13 10.2.2 in Browse and Review nothing is judged', () => {
    for (const mode of ['Browse', 'Review'] as const) {
      for (const verb of judges) expect(sections(said(verb), running, { ...session, mode })).toEqual(['10.2.2'])
      expect(sections(said('terminated'), running, { ...session, mode })).toEqual([])
    }
  })
  test('HZ4-M13 9.5.1 scaled is from 0 to 1', () => {
    for (const scaled of [-0.5, 1.01]) {
      const result = { success: false, duration: 'PT1S', score: { scaled } }
      expect(sections(said('failed', { result }))).toContain('9.5.1')
    }
  })
  test('HZ4-M13 9.6.3.2 a verdict without a score needs no mastery score; another one than the launch gave is refused', () => {
    const judged = said('passed')
    const { score: _, ...result } = judged.result ?? {}
    const told = (mastery: number | undefined): Statement => ({
      ...judged,
      result,
      context: {
        ...judged.context,
        extensions: {
          [extensions.sessionId]: session.sessionId,
          ...(mastery !== undefined && { [extensions.masteryScore]: mastery }),
        },
      },
    })
    expect(sections(told(undefined))).toEqual([])
    expect(sections(told(0.8))).toEqual([])
    expect(sections(told(0.5))).toEqual(['9.6.3.2'])
    expect(sections({ ...told(undefined), ...(judged.result && { result: judged.result }) })).toEqual(['9.6.3.2'])
  })
  test('HZ4-M13 9.5.5.1 progress is whole percents', () => {
    const at = (progress: unknown) =>
      valuesAfter({}, said('completed', { result: { extensions: { [resultExtensions.progress]: progress } } }))
    expect(at(40)).toMatchObject({ 'cmi5.progress': '40' })
    for (const odd of [-1, 40.5, 101, '40']) expect(at(odd)).not.toHaveProperty('cmi5.progress')
  })
  test('HZ4-M13 9.3.6 nothing is taken after the session was abandoned', () => {
    expect(sections(said('terminated'), { ...running, abandoned: true })).toEqual(['9.3.6'])
  })
  test('HZ4-M13 7.1.3 other statements are allowed between initialized and terminated, with the session in their context', () => {
    const allowed = said('completed', { verb: { id: 'https://example.com/answered' } })
    const grouping = allowed.context?.contextActivities?.grouping ?? []
    const plain = { ...allowed, context: { ...allowed.context, contextActivities: { grouping } } }
    expect(sections(plain)).toEqual([])
    const bare = { ...allowed, context: { ...allowed.context, contextActivities: {} } }
    expect(sections(bare)).toEqual(['9.6.2.3'])
    expect(sections(plain, newAuState())).toEqual(['7.1.3'])
    expect(noteStatement(running, plain)).toBe(running)
  })
})

describe('HZ4-M13 cmi5 moveOn', () => {
  test.each([
    ['NotApplicable', [true, true, true, true]],
    ['Completed', [false, true, false, true]],
    ['Passed', [false, false, true, true]],
    ['CompletedAndPassed', [false, false, false, true]],
    ['CompletedOrPassed', [false, true, true, true]],
  ] as [MoveOn, boolean[]][])('HZ4-M13 10.2.4 %s of nothing, completed, passed, both: %j', (moveOn, wanted) => {
    const states = [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ].map(([completed = false, passed = false]) => ({ ...newAuState(), completed, passed }))
    expect(states.map((state) => meetsMoveOn(moveOn, state))).toEqual(wanted)
    expect(meetsMoveOn(moveOn, { ...newAuState(), waived: true })).toBe(true)
  })
  test('HZ4-M13 9.3.9 blocks are satisfied before the course, and each by all its parts', () => {
    const paths = new Set(['wash.html', 'store.html'])
    const course = readCmi5(parseXml(cmi5Structure), paths).found.activities[0] as Activity
    expect(satisfiedNodes(course, () => false)).toEqual([])
    expect(satisfiedNodes(course, (unit) => unit.endsWith('/au1'))).toEqual(['https://haizhu.example/block'])
    expect(satisfiedNodes(course, () => true)).toEqual([
      'https://haizhu.example/block',
      'https://haizhu.example/course',
    ])
  })
})
