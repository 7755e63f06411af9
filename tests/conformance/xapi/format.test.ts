/** The form of a statement: numbered by section of xAPI 1.0.3 part two (`D…`); `I…` is IEEE 9274.1.1. Tests are our own. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { activityId, type Caller, type Store, startStore, statement, verb } from '../../fixtures/xapi.ts'

let store: Store
let one: Caller
let two: Caller
beforeAll(async () => {
  store = await startStore({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const organisationId = await store.organisation()
  one = await store.client({ organisationId })
  two = await store.client({ organisationId, version: '2.0.0' })
})
afterAll(async () => {
  expect(store.reported).toEqual([])
  await store.close()
})

type Change = Record<string, unknown>
const post = async (change: Change, by = one) =>
  (await by.call('POST', '/statements', { body: { ...statement(), id: undefined, ...change } })).status
const kept = async (change: Change, by = one) => {
  const s = statement(change)
  const { status, text } = await by.call('POST', '/statements', { body: s })
  if (status !== 200) throw new Error(text)
  return (await by.call('GET', '/statements', { query: { statementId: s.id } })).json as Record<string, unknown>
}
/** Each is refused with 400 by both versions, or taken by both. */
async function all(changes: Change[], status: 200 | 400): Promise<void> {
  for (const change of changes)
    expect([change, await post(change), await post(change, two)]).toEqual([change, status, status])
}
const refused = (...changes: Change[]) => all(changes, 400)
const taken = (...changes: Change[]) => all(changes, 200)

const agent = { mbox: 'mailto:a@example.org' }
const activity = { id: activityId('x') }
const define = (definition: Change) => ({ object: { ...activity, definition } })
const context = (value: Change) => ({ context: value })
const result = (value: Change) => ({ result: value })
const sub = (change: Change = {}) => ({
  object: { objectType: 'SubStatement', actor: agent, verb: { id: verb('visited') }, object: activity, ...change },
})

describe('D2.2 formatting', () => {
  test('D2.2.s2.b1 actor, verb and object are needed', () =>
    refused({ actor: undefined }, { verb: undefined }, { object: undefined }))
  test('D2.2.s2.b2 nulls are refused, except within extensions', async () => {
    await refused(
      { actor: null },
      { result: null },
      result({ success: null }),
      context({ platform: null }),
      { object: { id: null } },
      define({ name: null }),
    )
    await taken(result({ extensions: { 'https://e.example/x': null } }))
  })
  test('D2.2.s2.b3 properties that the standard does not have are refused', () =>
    refused(
      { extra: 1 },
      { Actor: agent },
      { verb: { id: verb('x'), name: 'x' } },
      { object: { ...activity, extra: 1 } },
      define({ extra: 1 }),
      result({ extra: 1 }),
      result({ score: { extra: 1 } }),
      context({ extra: 1 }),
      context({ contextActivities: { extra: [] } }),
      { actor: { ...agent, extra: 1 } },
    ))
  test('D2.2.s4.b1 wrong types are refused', () =>
    refused(
      { id: 1 },
      { id: 'x' },
      { actor: 'a' },
      { actor: [] },
      { verb: 'did' },
      { object: 'x' },
      { object: [] },
      { result: [] },
      { context: 'x' },
      { attachments: {} },
      { timestamp: 5 },
      { version: 1 },
    ))
  test('D2.2.s4.b4 a list holds statements only', async () => {
    for (const body of [[1], [null], ['x'], [[statement()]]])
      expect((await one.call('POST', '/statements', { body })).status).toBe(400)
  })
})

describe('D2.4.1 id', () => {
  test('D2.4.1.s1 a UUID in its written form', () =>
    refused(
      { id: 'x' },
      { id: randomUUID().slice(1) },
      { id: `${randomUUID()}0` },
      { id: randomUUID().replaceAll('-', '') },
      { id: `{${randomUUID()}}` },
    ))
})

describe('D2.4.2 actor', () => {
  test('D2.4.2.1.s2.b1 exactly one identifier', async () => {
    await refused(
      { actor: { name: 'x' } },
      { actor: {} },
      { actor: { ...agent, openid: 'https://id.example.org/a' } },
      { actor: { ...agent, account: { homePage: 'https://s.example', name: 'x' } } },
    )
    await taken({ actor: { objectType: 'Agent', name: 'x', ...agent } })
  })
  test('D2.4.2.3 each identifier in its form', async () => {
    await refused(
      ...['a@example.org', 'mailto:', 'mailto:a', 'http://a@example.org', 5].map((mbox) => ({ actor: { mbox } })),
      ...['x', 'g'.repeat(40), 'a'.repeat(39)].map((mbox_sha1sum) => ({ actor: { mbox_sha1sum } })),
      ...['id', '/id', 5].map((openid) => ({ actor: { openid } })),
    )
    await taken({ actor: { mbox_sha1sum: 'Ab'.repeat(20) } }, { actor: { openid: 'https://id.example.org/a' } })
  })
  test('D2.4.2.4 an account has a home page, an IRL, and a name', async () => {
    await refused(
      ...[
        {},
        { name: 'x' },
        { homePage: 'https://s.example' },
        { homePage: 's', name: 'x' },
        { homePage: 'https://s.example', name: 5 },
        { homePage: 'https://s.example', name: 'x', extra: 1 },
      ].map((account) => ({ actor: { account } })),
    )
    await taken({ actor: { account: { homePage: 'https://s.example', name: '甲' } } })
  })
  test('D2.4.2.1 objectType is Agent or Group, name a text, an agent has no members', () =>
    refused(
      { actor: { ...agent, objectType: 'agent' } },
      { actor: { ...agent, objectType: 'Person' } },
      { actor: { ...agent, name: 5 } },
      { actor: { ...agent, member: [agent] } },
    ))
  test('D2.4.2.2 groups: anonymous by members, identified by one identifier, members are agents', async () => {
    await refused(
      { actor: { objectType: 'Group' } },
      { actor: { objectType: 'Group', member: [] } },
      { actor: { objectType: 'Group', member: {} } },
      { actor: { objectType: 'Group', member: [{ objectType: 'Group', ...agent }] } },
      { actor: { objectType: 'Group', member: [{ name: 'x' }] } },
      { actor: { objectType: 'Group', ...agent, openid: 'https://id.example.org/a' } },
    )
    await taken(
      { actor: { objectType: 'Group', member: [agent, { openid: 'https://id.example.org/a' }] } },
      { actor: { objectType: 'Group', ...agent } },
      { actor: { objectType: 'Group', ...agent, member: [agent] } },
    )
  })
})

describe('D2.4.3 verb', () => {
  test('D2.4.3.s3 an IRI, and a display in languages', async () => {
    await refused(
      { verb: {} },
      { verb: { id: 'did' } },
      { verb: { id: 'http://x y' } },
      { verb: { id: verb('x'), display: 'did' } },
      { verb: { id: verb('x'), display: { 'not a tag': 'x' } } },
      { verb: { id: verb('x'), display: { en: 1 } } },
    )
    await taken(
      { verb: { id: 'tag:example.org,2021:did' } },
      {
        verb: {
          id: 'https://例子.中国/动词/学习',
          display: { 'zh-Hans-CN': '学', 'sr-Latn-RS': 'x', 'x-own': 'y', und: 'z' },
        },
      },
    )
  })
})

describe('D2.4.4 object', () => {
  test('D2.4.4.1 an activity has an IRI; objectType is one of five', async () => {
    await refused(
      { object: {} },
      { object: { id: 'x' } },
      { object: { ...activity, objectType: 'activity' } },
      { object: { ...activity, objectType: 'Thing' } },
    )
    await taken({ object: { ...activity, objectType: 'Activity' } })
  })
  test('D2.4.4.1.s2 definition: language maps, IRIs, extensions by IRI', async () => {
    await refused(
      define({ name: 'x' }),
      define({ description: { '1': 'x' } }),
      define({ type: 'course' }),
      define({ moreInfo: 'x' }),
      define({ extensions: { x: 1 } }),
      define({ extensions: [] }),
    )
    await taken(
      define({
        name: { en: 'x' },
        description: { zh: 'y' },
        type: 'https://e.example/t',
        moreInfo: 'https://e.example/i',
        extensions: { 'https://e.example/x': [1, null] },
      }),
      define({}),
    )
  })
  test('D2.4.4.1.s8 interactions: kinds, patterns and the components that each may have', async () => {
    const parts = [{ id: 'a', description: { en: 'A' } }, { id: 'b' }]
    const kinds: Record<string, string[]> = {
      'true-false': [],
      choice: ['choices'],
      'fill-in': [],
      'long-fill-in': [],
      matching: ['source', 'target'],
      performance: ['steps'],
      sequencing: ['choices'],
      likert: ['scale'],
      numeric: [],
      other: [],
    }
    for (const [interactionType, lists] of Object.entries(kinds)) {
      await taken(
        define({
          interactionType,
          correctResponsesPattern: ['a'],
          ...Object.fromEntries(lists.map((list) => [list, parts])),
        }),
      )
      const [foreign = ''] = ['choices', 'scale', 'source', 'target', 'steps'].filter((list) => !lists.includes(list))
      await refused(define({ interactionType, [foreign]: parts }))
    }
    await refused(
      define({ interactionType: 'guess' }),
      define({ interactionType: 'toString' }),
      define({ correctResponsesPattern: ['a'] }),
      define({ choices: parts }),
      define({ interactionType: 'choice', correctResponsesPattern: 'a' }),
      define({ interactionType: 'choice', correctResponsesPattern: [1] }),
      ...[
        {},
        [{}],
        [{ id: 1 }],
        [{ id: 'a', description: 'A' }],
        [{ id: 'a' }, { id: 'a' }],
        [{ id: 'a', extra: 1 }],
      ].map((choices) => define({ interactionType: 'choice', choices })),
    )
  })
  test('D2.4.4.2 an agent or a group as object says so', async () => {
    await taken({ object: { objectType: 'Agent', ...agent } }, { object: { objectType: 'Group', member: [agent] } })
    await refused({ object: agent }, { object: { objectType: 'Agent' } }, { object: { objectType: 'Group' } })
  })
  test('D2.4.4.3 a reference to a statement', async () => {
    await taken({ object: { objectType: 'StatementRef', id: randomUUID() } })
    await refused(
      { object: { objectType: 'StatementRef' } },
      { object: { objectType: 'StatementRef', id: 'x' } },
      { object: { objectType: 'StatementRef', id: randomUUID(), extra: 1 } },
      { object: { objectType: 'statementref', id: randomUUID() } },
    )
  })
  test('D2.4.4.3.s3 a sub-statement keeps the rules, without id, stored, version, authority or another within', async () => {
    await taken(
      sub(),
      sub({ timestamp: '2021-09-14T08:00:00Z', result: { success: true }, context: { language: 'zh' } }),
      sub({ object: { objectType: 'StatementRef', id: randomUUID() } }),
    )
    await refused(
      sub({ id: randomUUID() }),
      sub({ stored: '2021-09-14T08:00:00Z' }),
      sub({ version: '1.0.0' }),
      sub({ authority: agent }),
      sub(sub()),
      sub({ actor: undefined }),
      sub({ verb: undefined }),
      sub({ object: undefined }),
      sub({ actor: { name: 'x' } }),
      sub({ timestamp: 'x' }),
    )
  })
})

describe('D2.4.5 result', () => {
  test('D2.4.5.s2 types', async () => {
    await refused(
      result({ success: 'yes' }),
      result({ completion: 1 }),
      result({ response: 1 }),
      result({ extensions: { x: 1 } }),
    )
    await taken(
      result({ success: true, completion: false, response: '', extensions: { 'https://e.example/x': {} } }),
      result({}),
    )
  })
  test('D2.4.5.1 scores: scaled within -1 and 1, raw within min and max, min below max', async () => {
    await refused(
      ...[
        { scaled: 1.01 },
        { scaled: -1.1 },
        { scaled: '1' },
        { raw: 1, min: 2 },
        { raw: 3, max: 2 },
        { min: 2, max: 1 },
        { min: 1, max: 1 },
        { raw: '1' },
      ].map((score) => result({ score })),
    )
    await taken(
      ...[{ scaled: -1 }, { scaled: 1 }, { raw: 0, min: 0, max: 1 }, { raw: 1, max: 1 }, {}].map((score) =>
        result({ score }),
      ),
    )
  })
  test('D4.6 durations are ISO 8601', async () => {
    await refused(
      ...['1H', 'P', 'PT', 'PT1', 'P1S', 'PT1D', 'P1DT', 'PT1.5H3M', 'P1W2D', 'PT1S2M', '', 5, 'P-1D'].map((duration) =>
        result({ duration }),
      ),
    )
    await taken(
      ...['PT0S', 'PT1H30M', 'P1Y2M3DT4H5M6.78S', 'P3W', 'PT16559.14S', 'P0.5D', 'PT36H'].map((duration) =>
        result({ duration }),
      ),
    )
  })
})

describe('D2.4.6 context', () => {
  test('D2.4.6.s3 types', async () => {
    await refused(
      context({ registration: 'x' }),
      context({ instructor: {} }),
      context({ team: agent }),
      context({ language: 'not a tag' }),
      context({ language: 1 }),
      context({ revision: 1 }),
      context({ platform: 1 }),
      context({ extensions: { x: 1 } }),
      context({ statement: { id: randomUUID() } }),
      context({ statement: { objectType: 'StatementRef', id: 'x' } }),
    )
    await taken(
      context({
        registration: randomUUID(),
        instructor: agent,
        team: { objectType: 'Group', member: [agent] },
        language: 'zh-CN',
        revision: '1',
        platform: 'x',
        statement: { objectType: 'StatementRef', id: randomUUID() },
        extensions: { 'https://e.example/x': 1 },
      }),
      context({ instructor: { objectType: 'Group', ...agent } }),
    )
  })
  test('D2.4.6.s4 revision and platform only where the object is an activity', () =>
    refused(
      ...['revision', 'platform'].flatMap((key) => [
        { ...context({ [key]: 'x' }), object: { objectType: 'Agent', ...agent } },
        { ...context({ [key]: 'x' }), object: { objectType: 'StatementRef', id: randomUUID() } },
        sub({ object: { objectType: 'Agent', ...agent }, context: { [key]: 'x' } }),
      ]),
    ))
  test('D2.4.6.2 context activities: four relations, a single one comes back as a list', async () => {
    await refused(
      context({ contextActivities: [] }),
      context({ contextActivities: { parent: 'x' } }),
      context({ contextActivities: { parent: [{ id: 'x' }] } }),
      context({ contextActivities: { parent: [agent] } }),
    )
    for (const by of [one, two])
      for (const relation of ['parent', 'grouping', 'category', 'other']) {
        const { context: told } = await kept(context({ contextActivities: { [relation]: activity } }), by)
        expect(told).toEqual({ contextActivities: { [relation]: [activity] } })
      }
    const { object } = await kept(sub({ context: { contextActivities: { parent: activity } } }))
    expect(object).toMatchObject({ context: { contextActivities: { parent: [activity] } } })
  })
  test('I4.2.6 version 2 has contextAgents and contextGroups, version 1 has not', async () => {
    const group = { objectType: 'Group', member: [agent] }
    const good = {
      contextAgents: [{ objectType: 'contextAgent', agent, relevantTypes: ['https://e.example/role'] }],
      contextGroups: [{ objectType: 'contextGroup', group }],
    }
    expect(await post(context(good))).toBe(400)
    expect((await kept(context(good), two)).context).toEqual(good)
    const wrong: Change[] = [
      { contextAgents: {} },
      { contextAgents: [{ agent }] },
      { contextAgents: [{ objectType: 'contextAgent' }] },
      { contextAgents: [{ objectType: 'contextAgent', agent: group }] },
      { contextAgents: [{ objectType: 'contextAgent', agent, relevantTypes: [] }] },
      { contextAgents: [{ objectType: 'contextAgent', agent, relevantTypes: ['x'] }] },
      { contextAgents: [{ objectType: 'contextAgent', agent, extra: 1 }] },
      { contextGroups: [{ objectType: 'contextAgent', group }] },
      { contextGroups: [{ objectType: 'contextGroup', group: agent }] },
      { contextGroups: [{ objectType: 'contextGroup', group, relevantTypes: 'x' }] },
    ]
    for (const value of wrong) expect([value, await post(context(value), two)]).toEqual([value, 400])
  })
  test('I4.1.6.1 related_agents finds context agents and context groups', async () => {
    const who = { account: { homePage: 'https://s.example', name: 'assessor' } }
    const member = { account: { homePage: 'https://s.example', name: 'member' } }
    const { id } = await kept(
      context({
        contextAgents: [{ objectType: 'contextAgent', agent: who }],
        contextGroups: [{ objectType: 'contextGroup', group: { objectType: 'Group', member: [member] } }],
      }),
      two,
    )
    for (const each of [who, member]) {
      const found = await two.call('GET', '/statements', {
        query: { agent: JSON.stringify(each), related_agents: 'true' },
      })
      expect((found.json as { statements: { id: string }[] }).statements.map((s) => s.id)).toEqual([id])
    }
  })
})

describe('D4.5 timestamps', () => {
  test('D4.5.s1 an ISO 8601 date and time, with a zone that exists', async () => {
    await refused(
      ...[
        '2021-09-14',
        '2021-09-14T08:00:00',
        '2021-02-30T08:00:00Z',
        '2021-13-01T08:00:00Z',
        '2021-09-14T25:00:00Z',
        '2021-09-14T08:61:00Z',
        '2021-09-14 T08:00:00Z',
        'now',
        '',
        '2021-09-14T08:00:00-00:00',
        '2021-09-14T08:00:00+24:00',
        '2021-09-14T08:00:00+08:60',
      ].map((timestamp) => ({ timestamp })),
    )
    expect(await post({ timestamp: '2021-09-14T08:00:00-00' })).toBe(400)
    expect(await post({ timestamp: '2021-09-14T08:00:00-0000' })).toBe(400)
    await taken(
      ...[
        '2021-09-14T08:00:00Z',
        '2021-09-14T08:00:00.123456789Z',
        '2021-09-14T08:00:00+08:00',
        '2020-02-29T23:59:59-11:30',
        '2016-12-31T23:59:60Z',
      ].map((timestamp) => ({ timestamp })),
    )
  })
  test('D4.5.s1 version 1 takes every writing of ISO 8601, version 2 that of RFC 3339', async () => {
    for (const timestamp of [
      '20210914T080000Z',
      '20210914T080000+0800',
      '2021-09-14T08:00:00+08',
      '2021-09-14T08:00:00+0800',
      '2021-09-14T08:00:00,5Z',
    ])
      expect([timestamp, await post({ timestamp }), await post({ timestamp }, two)]).toEqual([timestamp, 200, 400])
  })
  test('I4.2.7 version 2 gives times in UTC, to the last digit', async () => {
    expect((await kept({ timestamp: '2021-09-14T06:30:00.1234567+08:00' }, two)).timestamp).toBe(
      '2021-09-13T22:30:00.1234567Z',
    )
    expect((await kept({ timestamp: '2021-12-31T20:30:00-05:30' }, two)).timestamp).toBe('2022-01-01T02:00:00Z')
    expect((await kept({ timestamp: '2021-09-14T06:30:00.1234567+08:00' })).timestamp).toBe(
      '2021-09-14T06:30:00.1234567+08:00',
    )
  })
  test('D2.4.7 a time in the future is not refused', () => taken({ timestamp: '2199-01-01T00:00:00Z' }))
  test('D2.4.8 stored must be a timestamp, and is not believed', async () => {
    await refused({ stored: 'x' })
    await taken({ stored: '2021-09-14T08:00:00Z' })
  })
})

describe('D2.4.9 D2.4.10 authority and version', () => {
  test('D2.4.9 an agent, or an anonymous group of two agents', async () => {
    await refused(
      { authority: {} },
      { authority: { objectType: 'Group', member: [agent] } },
      { authority: { objectType: 'Group', member: [agent, agent, agent] } },
      { authority: { objectType: 'Group', ...agent, member: [agent, agent] } },
    )
    await taken(
      { authority: agent },
      { authority: { objectType: 'Group', member: [agent, { openid: 'https://id.example.org/a' }] } },
    )
  })
  test('D2.4.10 version 1.0.x is taken, others are refused; I4.2.2 version 2 also takes 2.0.x', async () => {
    await taken({ version: '1.0.0' }, { version: '1.0.9' })
    await refused({ version: '0.95' }, { version: '1.1.0' }, { version: '3.0.0' }, { version: '' })
    expect([await post({ version: '2.0.0' }), await post({ version: '2.0.0' }, two)]).toEqual([400, 200])
    expect((await kept({})).version).toBe('1.0.0')
    expect((await kept({}, two)).version).toBe('2.0.0')
  })
})

describe('D2.3.2 voiding', () => {
  test('D2.3.2.s3 the object of a voiding statement is a reference', () =>
    refused(
      { verb: { id: verb('voided') } },
      { verb: { id: verb('voided') }, object: { objectType: 'Agent', ...agent } },
      sub({ verb: { id: verb('voided') }, object: { objectType: 'StatementRef', id: randomUUID() } }),
    ))
})

describe('D2.3.1 when two statements are the same', () => {
  const base = () =>
    statement({
      actor: {
        objectType: 'Group',
        name: '班',
        member: [{ ...agent, name: '甲' }, { openid: 'https://id.example.org/b' }],
      },
      object: { ...activity, definition: { name: { en: 'X' } } },
      result: { duration: 'PT10.234S', score: { raw: 1 } },
      context: { contextActivities: { other: [{ id: activityId('a') }, { id: activityId('b') }] } },
      timestamp: '2021-09-14T08:00:00Z',
    })
  const again = async (change: (s: Change) => Change, by = one) => {
    const s = base()
    await one.call('POST', '/statements', { body: s })
    return (await by.call('PUT', '/statements', { query: { statementId: s.id }, body: change(structuredClone(s)) }))
      .status
  }
  test('D2.3.1.s4 words, names, order of members and of context activities, the writing of times do not count', async () => {
    expect(await again((s) => ({ ...s, verb: { id: verb('experienced') } }))).toBe(204)
    expect(await again((s) => ({ ...s, object: activity }))).toBe(204)
    expect(
      await again((s) => ({
        ...s,
        actor: { objectType: 'Group', member: [{ openid: 'https://id.example.org/b' }, agent] },
      })),
    ).toBe(204)
    expect(
      await again((s) => ({
        ...s,
        context: { contextActivities: { other: [{ id: activityId('b') }, { id: activityId('a') }] } },
      })),
    ).toBe(204)
    expect(await again((s) => ({ ...s, timestamp: '2021-09-14T16:00:00.000+08:00' }))).toBe(204)
    expect(await again((s) => ({ ...s, result: { score: { raw: 1 }, duration: 'PT10.2389S' } }))).toBe(204)
    expect(await again((s) => ({ ...s, timestamp: undefined, authority: agent, stored: '2021-01-01T00:00:00Z' }))).toBe(
      204,
    )
    expect(await again((s) => s, two)).toBe(204)
  })
  test('D2.3.1.s4 everything else does', async () => {
    const other: ((s: Change) => Change)[] = [
      (s) => ({ ...s, verb: { id: verb('failed') } }),
      (s) => ({ ...s, object: { id: activityId('y') } }),
      (s) => ({ ...s, actor: agent }),
      (s) => ({ ...s, result: { duration: 'PT10.25S', score: { raw: 1 } } }),
      (s) => ({ ...s, result: { duration: 'PT10.234S', score: { raw: 2 } } }),
      (s) => ({ ...s, context: undefined }),
      (s) => ({ ...s, timestamp: '2021-09-14T08:00:01Z' }),
    ]
    for (const change of other) expect(await again(change)).toBe(409)
  })
})
