/** Numbered by section of xAPI 1.0.3 part three (`C…`) and IEEE 9274.1.1 (`I…`); the tests are our own. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { activityId, type Caller, home, type Store, startStore, statement, verb } from '../../fixtures/xapi.ts'

let store: Store
let one: Caller
beforeAll(async () => {
  store = await startStore({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  one = await store.client()
})
afterAll(async () => {
  expect(store.reported).toEqual([])
  await store.close()
})

type Kept = Record<string, unknown> & {
  id: string
  stored: string
  timestamp: string
  authority: unknown
  version: string
}
type List = { statements: Kept[]; more: string }
const post = (body: unknown, by = one) => by.call('POST', '/statements', { body })
const put = (id: string, body: unknown, by = one) => by.call('PUT', '/statements', { query: { statementId: id }, body })
const get = (query: Record<string, string>, by = one) => by.call('GET', '/statements', { query })
const list = async (query: Record<string, string>, by = one) => (await get(query, by)).json as List
const ids = async (query: Record<string, string>, by = one) => (await list(query, by)).statements.map(({ id }) => id)

describe('C2.1.1 PUT statements', () => {
  test('C2.1.1.s1 keeps one statement under its id and answers 204 without content', async () => {
    const s = statement()
    const answer = await put(s.id, s)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect((await get({ statementId: s.id })).status).toBe(200)
  })
  test('C2.1.1.s1.t1 needs statementId, a UUID', async () => {
    expect((await one.call('PUT', '/statements', { body: statement() })).status).toBe(400)
    expect((await put('no-uuid', statement())).status).toBe(400)
  })
  test('C2.1.1.s3.b3 the id within must be the id in the address; left out it is taken from there', async () => {
    expect((await put(randomUUID(), statement())).status).toBe(400)
    const { id, ...rest } = statement()
    expect((await put(id, rest)).status).toBe(204)
    expect((await get({ statementId: id.toUpperCase() })).status).toBe(200)
  })
  test('C2.1.1.s2.b2 b3 the same again changes nothing; another under the id is 409 and changes nothing', async () => {
    const s = statement()
    await put(s.id, s)
    const before = (await get({ statementId: s.id })).text
    expect((await put(s.id, s)).status).toBe(204)
    expect((await put(s.id, { ...s, verb: { id: verb('failed') } })).status).toBe(409)
    expect((await get({ statementId: s.id })).text).toBe(before)
  })
  test('C2.1.1 takes one statement, not a list', async () => {
    const s = statement()
    expect((await put(s.id, [s])).status).toBe(400)
  })
})

describe('C2.1.2 POST statements', () => {
  test('C2.1.2.s1 answers 200 with the ids in the order of the statements', async () => {
    const many = [statement(), statement(), { ...statement(), id: undefined }, statement()]
    const answer = await post(many)
    const told = answer.json as string[]
    expect(answer.status).toBe(200)
    expect([told[0], told[1], told[3]]).toEqual([many[0]?.id, many[1]?.id, many[3]?.id])
    expect(told[2]).toMatch(/^[0-9a-f-]{36}$/)
    expect((await post(statement())).json).toHaveLength(1)
  })
  test('C2.1.2.s2.b6 two of one id are refused whole', async () => {
    const s = statement()
    const other = statement()
    expect((await post([other, s, { ...statement(), id: s.id.toUpperCase() }])).status).toBe(400)
    expect((await get({ statementId: other.id })).status).toBe(404)
  })
  test('C1.2 one wrong statement refuses the request whole', async () => {
    const good = statement()
    expect((await post([good, { ...statement(), verb: undefined }])).status).toBe(400)
    expect((await get({ statementId: good.id })).status).toBe(404)
  })
  test('C2.1.2.s2.b4 b5 known ones are passed over, contradicting ones refuse the request', async () => {
    const known = statement()
    await post(known)
    const fresh = statement()
    expect((await post([known, fresh])).json).toEqual([known.id, fresh.id])
    const never = statement()
    expect((await post([never, { ...known, verb: { id: verb('failed') } }])).status).toBe(409)
    expect((await get({ statementId: never.id })).status).toBe(404)
  })
  test('C2.1.2 many at once store each id once', async () => {
    const s = statement()
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(s)))
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200))
    expect((await list({ agent: JSON.stringify(s.actor) })).statements).toHaveLength(1)
  })
  test('C1.4 a body that is not JSON, another content type, an unknown parameter', async () => {
    expect(
      (await one.call('POST', '/statements', { raw: '{"actor"', headers: { 'content-type': 'application/json' } }))
        .status,
    ).toBe(400)
    expect(
      (
        await one.call('POST', '/statements', {
          raw: JSON.stringify(statement()),
          headers: { 'content-type': 'text/plain' },
        })
      ).status,
    ).toBe(400)
    expect(
      (await one.call('POST', '/statements', { query: { statementId: randomUUID() }, body: statement() })).status,
    ).toBe(400)
  })
})

describe('D2.4 what the store assigns', () => {
  test('D2.4.1 D2.4.7 D2.4.8 D2.4.9 D2.4.10 id, timestamp, stored, authority and version', async () => {
    const { id: _, ...rest } = statement()
    const [id = ''] = (
      await post({ ...rest, stored: '2001-01-01T00:00:00Z', authority: { mbox: 'mailto:i@example.org' } })
    ).json as string[]
    const kept = (await get({ statementId: id })).json as Kept
    expect(kept.timestamp).toBe(kept.stored)
    expect(kept.stored).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(Date.parse(kept.stored)).toBeGreaterThan(Date.parse('2021-01-01'))
    expect(kept.authority).toEqual({ objectType: 'Agent', account: { homePage: home, name: one.key } })
    expect(kept.version).toBe('1.0.0')
  })
  test('D2.2 everything else comes back as it was sent', async () => {
    const s = statement({
      actor: { objectType: 'Group', name: '焊工一班', member: [{ name: '甲', mbox: 'mailto:a@example.org' }] },
      object: {
        id: activityId('x'),
        definition: { name: { 'zh-CN': '平焊', en: 'Flat' }, extensions: { 'https://e.example/x': null } },
      },
      result: {
        score: { scaled: 0.95, raw: 95.5, min: 0, max: 100 },
        duration: 'PT1H30M',
        response: ' a\u0000\ud83d\ude00 ',
      },
      context: {
        platform: '平台',
        language: 'zh-CN',
        extensions: { 'https://e.example/y': { deep: [1, { a: null }] } },
      },
      timestamp: '2021-09-14T08:30:00.1234567+08:00',
    })
    await post(s)
    expect((await get({ statementId: s.id })).json).toMatchObject(s)
  })
})

describe('C2.1.3 GET statements', () => {
  test('C2.1.3.s2.b1 b2 one id, and beside it only attachments and format', async () => {
    const id = randomUUID()
    expect((await get({ statementId: id, voidedStatementId: id })).status).toBe(400)
    for (const other of [
      'agent',
      'verb',
      'activity',
      'registration',
      'related_activities',
      'related_agents',
      'since',
      'until',
      'limit',
      'ascending',
    ])
      expect([other, (await get({ statementId: id, [other]: 'x' })).status]).toEqual([other, 400])
    expect((await get({ statementId: id, format: 'ids', attachments: 'false' })).status).toBe(404)
  })
  test('C2.1.3 unknown parameters, wrong case, wrong values', async () => {
    const wrong: Record<string, string>[] = [
      { StatementId: randomUUID() },
      { foo: 'bar' },
      { agent: 'no json' },
      { agent: '{}' },
      { agent: JSON.stringify({ objectType: 'Group', member: [{ mbox: 'mailto:a@b.c' }] }) },
      { verb: 'relative' },
      { activity: '/x' },
      { registration: '1' },
      { since: 'yesterday' },
      { until: '2020-13-01T00:00:00Z' },
      { limit: '-1' },
      { limit: 'x' },
      { format: 'pretty' },
      { attachments: '1' },
      { ascending: 'yes' },
      { related_agents: 'TRUE' },
      { related_activities: '' },
      { more: 'made-up' },
      { statementId: 'x' },
    ]
    for (const query of wrong) expect([query, (await get(query)).status]).toEqual([query, 400])
  })
  test('C2.1.3.s2.b4 nothing found is an empty list', async () => {
    const found = await get({ verb: verb('nobody-did-this') })
    expect([found.status, found.json]).toEqual([200, { statements: [], more: '' }])
  })
  test('C2.1.3.s2.b5 says until when everything stored can be read', async () => {
    const answer = await get({ limit: '1' })
    const through = Date.parse(answer.headers.get('x-experience-api-consistent-through') ?? '')
    expect(Math.abs(store.clock.now().getTime() - through)).toBeLessThan(60_000)
  })
  test('C2.1.3.s2.b8 Last-Modified is when it was stored', async () => {
    const s = statement()
    await post(s)
    const answer = await get({ statementId: s.id })
    expect(answer.headers.get('last-modified')).toBe(new Date((answer.json as Kept).stored).toUTCString())
    expect((await get({ limit: '1' })).headers.get('last-modified')).toBeTruthy()
  })

  describe('filters', () => {
    const registration = randomUUID()
    const ann = { mbox: 'mailto:ann@example.org' }
    const ben = { mbox_sha1sum: 'a'.repeat(40) }
    const eva = { openid: 'https://id.example.org/eva' }
    const dan = { account: { homePage: 'https://sys.example.org', name: 'dan' } }
    const team = { objectType: 'Group', account: { homePage: 'https://sys.example.org', name: 'team' }, member: [eva] }
    const by: Record<string, string> = {}
    let mine: Caller
    const found = async (query: Record<string, string>) => {
      const names = new Map(Object.entries(by).map(([name, id]) => [id, name]))
      return (await ids(query, mine)).map((id) => names.get(id)).toSorted()
    }
    const agent = (who: object) => JSON.stringify(who)

    beforeAll(async () => {
      mine = await store.client()
      const all: Record<string, Record<string, unknown>> = {
        plain: { actor: { ...ann, name: '安' }, object: { id: activityId('a') } },
        object: { actor: dan, object: { objectType: 'Agent', ...ann } },
        group: { actor: team, object: { id: activityId('b') } },
        teamwork: { actor: dan, context: { team, instructor: ben, registration }, object: { id: activityId('c') } },
        parent: {
          actor: dan,
          object: { id: activityId('d') },
          context: { contextActivities: { parent: { id: activityId('a') } } },
        },
        sub: {
          actor: dan,
          verb: { id: verb('planned') },
          object: {
            objectType: 'SubStatement',
            actor: ann,
            verb: { id: verb('visited') },
            object: { id: activityId('a') },
            context: { contextActivities: { other: [{ id: activityId('z') }] } },
          },
        },
      }
      for (const [name, change] of Object.entries(all)) {
        const s = statement(change)
        by[name] = s.id
        expect([name, (await post(s, mine)).status]).toEqual([name, 200])
      }
    })
    test('C2.1.3.s1.agent actor and object, members of groups, by every identifier', async () => {
      expect(await found({ agent: agent({ ...ann, name: 'somebody else' }) })).toEqual(['object', 'plain'])
      expect(await found({ agent: agent(eva) })).toEqual(['group'])
      expect(await found({ agent: agent({ objectType: 'Group', account: team.account }) })).toEqual(['group'])
      expect(await found({ agent: agent(ben) })).toEqual([])
    })
    test('C2.1.3.s1.related_agents instructor, team and its members, within a sub-statement, authority', async () => {
      expect(await found({ agent: agent(ben), related_agents: 'true' })).toEqual(['teamwork'])
      expect(await found({ agent: agent(eva), related_agents: 'true' })).toEqual(['group', 'teamwork'])
      expect(await found({ agent: agent(ann), related_agents: 'true' })).toEqual(['object', 'plain', 'sub'])
      expect(
        await found({ agent: agent({ account: { homePage: home, name: mine.key } }), related_agents: 'true' }),
      ).toHaveLength(6)
      expect(await found({ agent: agent({ account: { homePage: home, name: mine.key } }) })).toEqual([])
    })
    test('C2.1.3.s1.activity the object; related: context and sub-statement', async () => {
      expect(await found({ activity: activityId('a') })).toEqual(['plain'])
      expect(await found({ activity: activityId('a'), related_activities: 'true' })).toEqual(['parent', 'plain', 'sub'])
      expect(await found({ activity: activityId('z'), related_activities: 'true' })).toEqual(['sub'])
    })
    test('C2.1.3.s1.verb C2.1.3.s1.registration and together', async () => {
      expect(await found({ verb: verb('planned') })).toEqual(['sub'])
      expect(await found({ registration: registration.toUpperCase() })).toEqual(['teamwork'])
      expect(await found({ agent: agent(dan), verb: verb('experienced'), activity: activityId('d') })).toEqual([
        'parent',
      ])
      expect(await found({ agent: agent(ann), verb: verb('planned') })).toEqual([])
      expect(await found({ agent: agent(ann), verb: verb('planned'), related_agents: 'true' })).toEqual(['sub'])
      expect(await found({ registration, agent: agent(eva), related_agents: 'true' })).toEqual(['teamwork'])
    })
    test('C2.1.3.s1.ascending newest first unless asked otherwise', async () => {
      const order = Object.values(by)
      expect(await ids({ ascending: 'true' }, mine)).toEqual(order)
      expect(await ids({}, mine)).toEqual(order.toReversed())
    })
    test('C2.1.3.s1.since after, exclusive; C2.1.3.s1.until up to, inclusive', async () => {
      const all = (await list({ ascending: 'true' }, mine)).statements
      const at = all[2]?.stored ?? ''
      const before = all.filter(({ stored }) => stored <= at).map(({ id }) => id)
      const after = all.filter(({ stored }) => stored > at).map(({ id }) => id)
      expect(await ids({ until: at, ascending: 'true' }, mine)).toEqual(before)
      expect(await ids({ since: at, ascending: 'true' }, mine)).toEqual(after)
      expect(await ids({ since: at.replace('Z', '+00:00'), ascending: 'true' }, mine)).toEqual(after)
    })
    test('C2.1.3.s1.limit pages, and more leads on to the end, each once', async () => {
      for (const ascending of ['true', 'false']) {
        const seen: string[] = []
        let page = await list({ limit: '2', ascending, activity: activityId('a'), related_activities: 'true' }, mine)
        for (;;) {
          seen.push(...page.statements.map(({ id }) => id))
          if (page.more === '') break
          expect(page.statements).toHaveLength(2)
          expect(page.more).toMatch(/^\/xapi\//)
          page = (await mine.call('GET', page.more.slice('/xapi'.length))).json as List
        }
        const order = [by.plain, by.parent, by.sub] as string[]
        expect(seen).toEqual(ascending === 'true' ? order : order.toReversed())
      }
      expect(await ids({ limit: '0' }, mine)).toHaveLength(6)
    })
  })

  test('C2.1.3.s1.limit a long list comes whole over its pages', async () => {
    const many = await store.client()
    const all = Array.from({ length: 1203 }, () => statement())
    for (let i = 0; i < all.length; i += 401) expect((await post(all.slice(i, i + 401), many)).status).toBe(200)
    const seen: string[] = []
    let page = await list({ ascending: 'true' }, many)
    for (;;) {
      seen.push(...page.statements.map(({ id }) => id))
      if (!page.more) break
      page = (await many.call('GET', page.more.slice('/xapi'.length))).json as List
    }
    expect(seen).toEqual(all.map(({ id }) => id))
  })
})

describe('C2.1.3 format', () => {
  const group = {
    objectType: 'Group',
    name: '班',
    member: [{ objectType: 'Agent', name: '甲', mbox: 'mailto:a@example.org' }],
  }
  const activity = (words: Record<string, string>) => ({
    objectType: 'Activity',
    id: activityId('formatted'),
    definition: { name: words, type: 'https://e.example/t' },
  })
  test('C2.1.3.s1.format ids: only what identifies', async () => {
    const s = statement({
      actor: group,
      object: activity({ en: 'A' }),
      context: {
        instructor: { objectType: 'Agent', name: '师', mbox: 'mailto:t@example.org' },
        contextActivities: { parent: [activity({ en: 'B' })] },
        team: { ...group, mbox: 'mailto:g@example.org' },
      },
    })
    await post(s)
    const kept = (await get({ statementId: s.id, format: 'ids' })).json as Kept
    expect(kept.actor).toEqual({ objectType: 'Group', member: [{ objectType: 'Agent', mbox: 'mailto:a@example.org' }] })
    expect(kept.verb).toEqual({ id: verb('experienced') })
    expect(kept.object).toEqual({ objectType: 'Activity', id: activityId('formatted') })
    expect(kept.context).toEqual({
      instructor: { objectType: 'Agent', mbox: 'mailto:t@example.org' },
      team: { objectType: 'Group', mbox: 'mailto:g@example.org' },
      contextActivities: { parent: [{ objectType: 'Activity', id: activityId('formatted') }] },
    })
    expect((await list({ format: 'ids', limit: '1' })).statements[0]?.verb).toEqual({ id: verb('experienced') })
  })
  test('C2.1.3.s4 canonical: definitions as the store knows them, one language of each map, by Accept-Language', async () => {
    const mine = await store.client()
    const s = statement({
      object: activity({ en: 'Flat', 'zh-CN': '平焊' }),
      verb: { id: verb('experienced'), display: { en: 'did', 'zh-CN': '经历了' } },
    })
    await post(s, mine)
    await post(statement({ object: activity({ fr: 'Plat' }) }), mine)
    const as = async (language?: string) => {
      const answer = await mine.call('GET', '/statements', {
        query: { statementId: s.id, format: 'canonical' },
        headers: { 'accept-language': language },
      })
      const { object, verb: told } = answer.json as {
        object: { definition: { name: object } }
        verb: { display: object }
      }
      return [object.definition.name, told.display]
    }
    expect(await as('zh')).toEqual([{ 'zh-CN': '平焊' }, { 'zh-CN': '经历了' }])
    expect(await as('fr;q=0.9, en;q=0.2')).toEqual([{ fr: 'Plat' }, { en: 'did' }])
    expect((await as())[0]).toSatisfy((map: object) => Object.keys(map).length === 1)
    expect((await get({ statementId: s.id }, mine)).json).toMatchObject({ object: s.object })
  })
})

describe('D2.3.2 C2.1.4 voiding', () => {
  const voiding = (target: string) =>
    statement({
      verb: { id: verb('voided'), display: { en: 'voided' } },
      object: { objectType: 'StatementRef', id: target },
    })
  test('C2.1.4.s1 a voided statement is found by voidedStatementId only', async () => {
    const mine = await store.client()
    const s = statement()
    const v = voiding(s.id)
    await post(s, mine)
    expect((await get({ voidedStatementId: s.id }, mine)).status).toBe(404)
    expect((await post(v, mine)).status).toBe(200)
    expect((await get({ statementId: s.id }, mine)).status).toBe(404)
    expect(((await get({ voidedStatementId: s.id }, mine)).json as Kept).id).toBe(s.id)
    expect(await ids({}, mine)).toEqual([v.id])
    expect((await get({ statementId: v.id }, mine)).status).toBe(200)
  })
  test('C2.1.4.s1.b2 statements about a voided one are still found by what it was about', async () => {
    const mine = await store.client()
    const s = statement({ object: { id: activityId('voided-later') } })
    const note = statement({ object: { objectType: 'StatementRef', id: s.id }, verb: { id: verb('commented') } })
    const v = voiding(s.id)
    for (const each of [s, note, v]) await post(each, mine)
    expect((await ids({ activity: activityId('voided-later') }, mine)).toSorted()).toEqual([note.id, v.id].toSorted())
  })
  test('D2.3.2 a voiding statement cannot be voided', async () => {
    const mine = await store.client()
    const s = statement()
    const v = voiding(s.id)
    const vv = voiding(v.id)
    for (const each of [s, v, vv]) expect((await post(each, mine)).status).toBe(200)
    expect((await get({ statementId: v.id }, mine)).status).toBe(200)
    expect((await get({ voidedStatementId: v.id }, mine)).status).toBe(404)
    expect((await get({ statementId: s.id }, mine)).status).toBe(404)
  })
  test('D2.3.2 the order of arrival does not matter', async () => {
    const mine = await store.client()
    const s = statement()
    await post(voiding(s.id), mine)
    expect((await post(s, mine)).status).toBe(200)
    expect((await get({ statementId: s.id }, mine)).status).toBe(404)
    expect((await get({ voidedStatementId: s.id }, mine)).status).toBe(200)
  })
})

describe('C2.1.3.s3 statements about statements', () => {
  test.each(['first comes first', 'last comes first'])(
    'a statement is found by what the statement it speaks of is found by: %s',
    async (order) => {
      const mine = await store.client()
      const who = { mbox: 'mailto:ben@example.org' }
      const c = statement({
        actor: who,
        object: { id: activityId('explosives') },
        context: { instructor: { mbox: 'mailto:i@example.org' } },
      })
      const b = statement({ object: { objectType: 'StatementRef', id: c.id }, verb: { id: verb('confirmed') } })
      const a = statement({ object: { objectType: 'StatementRef', id: b.id }, verb: { id: verb('noted') } })
      for (const s of order === 'first comes first' ? [c, b, a] : [a, b, c]) await post(s, mine)
      const all = [a.id, b.id, c.id].toSorted()
      expect((await ids({ agent: JSON.stringify(who) }, mine)).toSorted()).toEqual(all)
      expect((await ids({ activity: activityId('explosives') }, mine)).toSorted()).toEqual(all)
      expect((await ids({ agent: JSON.stringify(who), verb: verb('experienced') }, mine)).toSorted()).toEqual(all)
      expect(
        (
          await ids({ agent: JSON.stringify({ mbox: 'mailto:i@example.org' }), related_agents: 'true' }, mine)
        ).toSorted(),
      ).toEqual(all)
      expect(await ids({ verb: verb('noted') }, mine)).toEqual([a.id])
      const [since] = (await list({ verb: verb('noted') }, mine)).statements
      expect(await ids({ agent: JSON.stringify(who), since: since?.stored ?? '' }, mine)).not.toContain(a.id)
    },
  )
  test('the statement in the context does not count', async () => {
    const mine = await store.client()
    const s = statement({ object: { id: activityId('spoken-of') } })
    await post(s, mine)
    await post(statement({ context: { statement: { objectType: 'StatementRef', id: s.id } } }), mine)
    expect(await ids({ activity: activityId('spoken-of') }, mine)).toEqual([s.id])
  })
})

describe('C4 who may see what', () => {
  test('C4.1 another organisation sees nothing, and may use the same id', async () => {
    const other = await store.client()
    const s = statement()
    await post(s)
    expect((await get({ statementId: s.id }, other)).status).toBe(404)
    expect(await ids({ agent: JSON.stringify(s.actor) }, other)).toEqual([])
    expect((await post({ ...s, verb: { id: verb('failed') } }, other)).status).toBe(200)
    expect(((await get({ statementId: s.id })).json as Kept).verb).toMatchObject({ id: verb('experienced') })
  })
  test('C4.2 scopes: write, read of one’s own, read of all', async () => {
    const organisationId = await store.organisation()
    const writer = await store.client({ organisationId, scopes: ['statements/write'] })
    const own = await store.client({ organisationId, scopes: ['statements/write', 'statements/read/mine'] })
    const reader = await store.client({ organisationId, scopes: ['all/read'] })
    const [a, b] = [statement(), statement()]
    await post(a, writer)
    await post(b, own)
    expect((await get({}, writer)).status).toBe(403)
    expect((await post(statement(), reader)).status).toBe(403)
    expect(await ids({}, own)).toEqual([b.id])
    expect((await get({ statementId: a.id }, own)).status).toBe(404)
    expect((await ids({}, reader)).toSorted()).toEqual([a.id, b.id].toSorted())
    expect(await ids({ verb: verb('experienced') }, own)).toEqual([b.id])
  })
})
