import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { categories, extensions, resultExtensions, verbs } from '#modules/packages/cmi5.schema.ts'
import { abandonLaunch } from '#modules/packages/launch.commands.ts'
import { sessionFacts } from '#modules/packages/launch.queries.ts'
import { waiveUnit } from '#modules/packages/waive.commands.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow } from '#platform/testing.ts'
import { type Content, cmi5Lesson, contentOf, home, launch, learner, recorded, type Said } from '../../fixtures/cmi5.ts'
import type { Lesson } from '../../fixtures/lessons.ts'
import { cmi5Structure } from '../../fixtures/packages.ts'
import { faultOf, member } from '../../fixtures/training.ts'

/** cmi5 (Quartz, 1st edition), sections 7 and 9: what an AU may say, in which order, and what comes of it. */
let t: TestDb
let of: Lesson
let content: Content
const [au1, au2] = ['https://haizhu.example/au1', 'https://haizhu.example/au2']
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  content = contentOf(t)
  of = await cmi5Lesson(t, cmi5Structure, ['wash.html', 'store.html'])
})
afterAll(() => t.close())
const begin = async () => launch(content, await learner(t, of), of, au1)
const running = async () => {
  const au = await begin()
  expect((await au.tell(au.said('initialized'))).status).toBe(200)
  return au
}
const verbsOf = async (registration: string) =>
  (await recorded(t, registration)).map(({ verb }) => verb.id.split('/').at(-1))

describe('HZ4-M13 cmi5 9.3 order of verbs', () => {
  test('HZ4-M13 9.3 launched → initialized → completed → passed → terminated is taken and kept in this order', async () => {
    const au = await begin()
    for (const verb of ['initialized', 'completed', 'passed', 'terminated'] as const) {
      expect([verb, (await au.tell(au.said(verb))).status]).toEqual([verb, 200])
    }
    expect(await verbsOf(au.registration)).toEqual([
      ...['launched', 'initialized', 'completed', 'passed', 'satisfied', 'satisfied', 'terminated'],
    ])
  })
  test('HZ4-M13 9.3.2 anything before initialized is refused with 403 and the section', async () => {
    const au = await begin()
    const early = await au.tell(au.said('completed'))
    expect(early).toMatchObject({ status: 403, body: { error: expect.stringContaining('9.3.2') } })
    const allowed = au.said('completed', (one) => {
      one.verb = { id: 'https://x.example/verbs/looked' }
      one.context.contextActivities.category = []
    })
    expect((await au.tell(allowed)).body.error).toContain('7.1.3')
  })
  test('HZ4-M13 9.3 no verb comes twice in a session', async () => {
    const au = await running()
    expect((await au.tell(au.said('initialized'))).status).toBe(403)
    expect((await au.tell(au.said('completed'))).status).toBe(200)
    expect((await au.tell(au.said('completed'))).status).toBe(403)
  })
  test('HZ4-M13 9.3 a session says passed or failed, not both; failed does not follow passed in a registration', async () => {
    const who = await learner(t, of)
    const au = await launch(content, who, of, au1)
    await au.tell(au.said('initialized'), au.said('failed'))
    expect((await au.tell(au.said('passed'))).status).toBe(403)
    await au.tell(au.said('terminated'))
    const next = await launch(content, who, of, au1)
    await next.tell(next.said('initialized'), next.said('passed'), next.said('terminated'))
    const third = await launch(content, who, of, au1)
    await third.tell(third.said('initialized'))
    expect((await third.tell(third.said('failed'))).status).toBe(403)
    expect((await third.tell(third.said('passed'))).status).toBe(403)
    expect((await third.tell(third.said('completed'))).status).toBe(200)
  })
  test('HZ4-M13 9.3.8 nothing follows terminated', async () => {
    const au = await running()
    await au.tell(au.said('terminated'))
    for (const verb of ['completed', 'passed', 'terminated'] as const) {
      expect((await au.tell(au.said(verb))).body.error).toContain('9.3.8')
    }
  })
  test('HZ4-M13 9.3.8 what was said before terminated and comes late is taken for a minute, and tells no time', async () => {
    const who = await learner(t, of)
    const au = await launch(content, who, of, au1)
    await au.tell(au.said('initialized'))
    const early = (verb: 'completed' | 'passed', duration: string) =>
      au.said(verb, (one) => {
        one.timestamp = new Date(content.now().getTime() + 1_000).toISOString()
        one.result.duration = duration
      })
    const [completed, passed] = [early('completed', 'PT5S'), early('passed', 'PT7S')]
    content.at(2)
    await au.tell(au.said('terminated'))
    content.at(60)
    expect((await au.tell(completed)).status).toBe(200)
    expect((await verbsOf(au.registration)).at(-1)).toBe('completed')
    content.at(63)
    expect((await au.tell(passed)).body.error).toContain('9.3.8')
    const [session] = await sessionFacts(t.db, who.registrationId)
    expect(session).toMatchObject({ reportedSeconds: 60, serverSeconds: 2, endReason: 'terminated' })
    content.at(0)
  })
  test('HZ4-M13 9.3.8 a second terminated is refused, also with an earlier time', async () => {
    const au = await running()
    const again = au.said('terminated')
    content.at(2)
    await au.tell(au.said('terminated'))
    expect((await au.tell(again)).status).toBe(403)
    content.at(0)
  })
  test('HZ4-M13 9.3 the order within one request is the one of the timestamps', async () => {
    const au = await begin()
    const at = (seconds: number) => (one: Said) => {
      one.timestamp = new Date(testNow.getTime() + seconds * 1000).toISOString()
    }
    const shuffled = [au.said('terminated', at(9)), au.said('initialized', at(1)), au.said('completed', at(5))]
    expect((await au.tell(...shuffled)).status).toBe(200)
  })
  test('HZ4-M13 one that is refused takes the whole request with it, and nothing of it is kept', async () => {
    const au = await running()
    expect((await au.tell(au.said('completed'), au.said('launched'))).status).toBe(403)
    expect(await verbsOf(au.registration)).toEqual(['launched', 'initialized'])
  })
  test('HZ4-M13 what is sent again is taken again and kept once; under another content it is a conflict', async () => {
    const au = await running()
    const completed = au.said('completed')
    expect((await au.tell(completed)).status).toBe(200)
    expect((await au.tell(completed)).status).toBe(200)
    const ended = au.said('terminated')
    await au.tell(ended)
    expect((await au.tell(ended)).status).toBe(200)
    expect((await au.tell({ ...completed, verb: { id: verbs.passed } })).status).toBe(409)
    expect(await verbsOf(au.registration)).toEqual(['launched', 'initialized', 'completed', 'terminated'])
  })
})

describe('HZ4-M13 cmi5 9 each rule of a statement, broken alone', () => {
  type Case = [
    section: string,
    what: string,
    verb: 'completed' | 'passed' | 'failed' | 'terminated',
    change: (one: Said) => void,
  ]
  const cases: Case[] = [
    ['9.1', 'no id', 'completed', (one) => delete one.id],
    [
      '9.2',
      'another actor',
      'completed',
      (one) => (one.actor = { account: { homePage: 'https://x.example', name: 'y' } }),
    ],
    [
      '9.2',
      'the right name under another home',
      'completed',
      (one) => (one.actor = { account: { ...one.actor.account, homePage: 'https://x.example' } }),
    ],
    ['9.3', 'a verb of the LMS', 'completed', (one) => (one.verb = { id: verbs.waived })],
    ['9.3', 'a verb of the LMS: satisfied', 'completed', (one) => (one.verb = { id: verbs.satisfied })],
    ['9.3', 'a verb of the LMS: abandoned', 'completed', (one) => (one.verb = { id: verbs.abandoned })],
    ['9.4', 'another object', 'completed', (one) => (one.object.id = 'https://x.example/other')],
    ['9.4', 'the publisher id as the object', 'completed', (one) => (one.object.id = au1)],
    ['9.5.1', 'a score with completed', 'completed', (one) => (one.result.score = { scaled: 1 })],
    ['9.5.1', 'raw without min and max', 'passed', (one) => (one.result.score = { scaled: 0.9, raw: 9 })],
    ['9.5.2', 'passed without success', 'passed', (one) => delete one.result.success],
    ['9.5.2', 'failed with success', 'failed', (one) => (one.result.success = true)],
    ['9.5.2', 'completed with success', 'completed', (one) => (one.result.success = true)],
    ['9.5.3', 'completed without completion', 'completed', (one) => delete one.result.completion],
    ['9.5.3', 'passed with completion', 'passed', (one) => (one.result.completion = true)],
    ['9.5.4.1', 'terminated without duration', 'terminated', (one) => delete one.result.duration],
    ['9.5.4.1', 'completed without duration', 'completed', (one) => delete one.result.duration],
    ['9.5.4.1', 'passed without duration', 'passed', (one) => delete one.result.duration],
    ['9.5.4.1', 'failed without duration', 'failed', (one) => delete one.result.duration],
    ['9.6.1', 'no registration', 'completed', (one) => delete one.context.registration],
    ['9.6.1', 'another registration', 'completed', (one) => (one.context.registration = randomUUID())],
    [
      '9.6.2.2',
      'completed without the moveOn category',
      'completed',
      (one) => (one.context.contextActivities.category = [{ id: categories.cmi5 }]),
    ],
    [
      '9.6.2.2',
      'terminated with the moveOn category',
      'terminated',
      (one) => one.context.contextActivities.category.push({ id: categories.moveOn }),
    ],
    ['9.6.2.3', 'no publisher id', 'completed', (one) => (one.context.contextActivities.grouping = [])],
    ['9.6.3.1', 'no session id', 'completed', (one) => (one.context.extensions = {})],
    [
      '9.6.3.1',
      'another session id',
      'completed',
      (one) => (one.context.extensions[extensions.sessionId] = randomUUID()),
    ],
    ['9.6.3.2', 'no mastery score', 'passed', (one) => delete one.context.extensions[extensions.masteryScore]],
    ['9.6.3.2', 'another mastery score', 'passed', (one) => (one.context.extensions[extensions.masteryScore] = 0.1)],
    ['9.3.4', 'passed below the mastery score', 'passed', (one) => (one.result.score.scaled = 0.79)],
    ['9.3.5', 'failed at the mastery score', 'failed', (one) => (one.result.score.scaled = 0.8)],
    ['9.7', 'no timestamp', 'completed', (one) => delete one.timestamp],
    ['9.7', 'a timestamp that is not UTC', 'completed', (one) => (one.timestamp = '2021-09-15T10:00:00+08:00')],
    [
      '6.3',
      'a statement that voids',
      'completed',
      (one) => {
        one.verb = { id: 'http://adlnet.gov/expapi/verbs/voided' }
        one.object = { objectType: 'StatementRef', id: randomUUID() }
        one.context.contextActivities.category = []
        delete one.result
      },
    ],
  ]
  test.each(cases)('HZ4-M13 %s %s is refused', async (section, _, verb, change) => {
    const au = await running()
    const answer = await au.tell(au.said(verb, change))
    expect(answer).toMatchObject({ status: 403, body: { error: expect.stringContaining(`cmi5 ${section}`) } })
    expect((await au.tell(au.said(verb))).status).toBe(200)
  })
})

describe('HZ4-M13 cmi5 7.1.3 allowed statements', () => {
  const allowed = (au: Awaited<ReturnType<typeof begin>>, change: (one: Said) => void = () => {}) =>
    au.said('completed', (one) => {
      one.verb = { id: 'http://adlnet.gov/expapi/verbs/experienced' }
      one.object = { id: 'https://content.example/page-3' }
      one.context.contextActivities.category = []
      delete one.result
      change(one)
    })
  test('HZ4-M13 7.1.3 any verb and object between initialized and terminated', async () => {
    const au = await running()
    expect((await au.tell(allowed(au), allowed(au))).status).toBe(200)
    await au.tell(au.said('terminated'))
    expect((await au.tell(allowed(au))).status).toBe(403)
  })
  test('HZ4-M13 7.1.3 they count for nothing: a cmi5 verb without the category completes nothing', async () => {
    const au = await running()
    const completed = au.said('completed', (one) => {
      one.context.contextActivities.category = []
    })
    expect((await au.tell(completed)).status).toBe(200)
    expect((await au.tell(au.said('completed'))).status).toBe(200)
  })
  test('HZ4-M13 10 they carry the context template: session, registration, publisher', async () => {
    const au = await running()
    expect((await au.tell(allowed(au, (one) => delete one.context.extensions))).body.error).toContain('9.6.3.1')
    expect((await au.tell(allowed(au, (one) => (one.context.contextActivities = {})))).body.error).toContain('9.6.2.3')
  })
})

describe('HZ4-M13 cmi5 9.3.6 abandoned', () => {
  test('HZ4-M13 9.3.6 another AU of the registration is opened: the first is abandoned, once, with its duration', async () => {
    const who = await learner(t, of)
    content.at(0)
    const first = await launch(content, who, of, au1)
    content.at(40)
    await first.tell(first.said('initialized'))
    content.at(100)
    await launch(content, who, of, au2)
    await launch(content, who, of, au1)
    content.at(0)
    const said = (await recorded(t, first.registration)).filter(
      (one) => one.verb.id === verbs.abandoned && one.context.extensions[extensions.sessionId] === first.launchId,
    )
    expect(said).toHaveLength(1)
    expect(said[0]).toMatchObject({
      result: { duration: 'PT40S' },
      object: { id: first.activityId },
      actor: first.actor,
    })
    expect((await first.tell(first.said('completed'))).body.error).toContain('9.3.6')
  })
  test('HZ4-M13 9.3.6 nobody has been heard of for two hours: abandoned by the clock, and not again', async () => {
    const au = await running()
    const ctx = { ...ctxFor(t.db, systemActor), now: new Date(testNow.getTime() + 8_000_000) }
    await abandonLaunch(ctx, { launchId: au.launchId })
    await abandonLaunch(ctx, { launchId: au.launchId })
    expect(await verbsOf(au.registration)).toEqual(['launched', 'initialized', 'abandoned'])
  })
})

describe('HZ4-M13 cmi5 9.3.9 satisfied', () => {
  const moves = {
    Completed: [['completed'], ['passed']],
    Passed: [['passed'], ['completed']],
    CompletedOrPassed: [['completed'], ['failed']],
    CompletedAndPassed: [['completed', 'passed'], ['completed']],
  } as const
  test.each(Object.entries(moves))('HZ4-M13 13.1.4 moveOn %s', async (moveOn, [enough, tooLittle]) => {
    const lesson = await cmi5Lesson(t, cmi5Structure.replace('CompletedAndPassed', moveOn), ['wash.html', 'store.html'])
    const satisfiedBy = async (said: readonly ('completed' | 'passed' | 'failed')[]) => {
      const au = await launch(content, await learner(t, lesson), lesson, au1)
      await au.tell(au.said('initialized'), ...said.map((verb) => au.said(verb)), au.said('terminated'))
      return (await recorded(t, au.registration)).filter(({ verb }) => verb.id === verbs.satisfied)
    }
    const said = await satisfiedBy(enough)
    expect(said.map(({ object }) => object.definition.type.split('/').at(-1))).toEqual(['block', 'course'])
    for (const one of said) {
      expect(['https://haizhu.example/block', 'https://haizhu.example/course']).not.toContain(one.object.id)
      expect(one.context.extensions[extensions.sessionId]).toBeDefined()
      expect(one.context.contextActivities.category).toEqual([expect.objectContaining({ id: categories.cmi5 })])
    }
    expect(await satisfiedBy(tooLittle)).toEqual([])
  })
  test('HZ4-M13 10.2.4 what two sessions achieve together satisfies', async () => {
    const who = await learner(t, of)
    const one = await launch(content, who, of, au1)
    await one.tell(one.said('initialized'), one.said('completed'), one.said('terminated'))
    const two = await launch(content, who, of, au1)
    await two.tell(two.said('initialized'), two.said('passed'), two.said('terminated'))
    expect((await verbsOf(one.registration)).filter((verb) => verb === 'satisfied')).toHaveLength(2)
  })
})

describe('HZ4-M13 cmi5 9.3.7 waived', () => {
  const waive = (who: Awaited<ReturnType<typeof learner>>, over: object = {}) =>
    waiveUnit(ctxFor(t.db, member('教务', 'provider-academic', of.organisationId), testNow), {
      registrationId: who.registrationId,
      itemId: of.itemId,
      unitId: au1,
      reason: 'Tested Out',
      home,
      ...over,
    })
  test('HZ4-M13 9.3.7 with its reason, in a session of its own, once; it satisfies what it was needed for', async () => {
    const who = await learner(t, of)
    await waive(who)
    const au = await launch(content, who, of, au1)
    const said = await recorded(t, au.registration)
    expect(said.map(({ verb }) => verb.id.split('/').at(-1))).toEqual(['waived', 'satisfied', 'satisfied', 'launched'])
    expect(said[0]).toMatchObject({
      object: { id: au.activityId },
      actor: au.actor,
      result: { success: true, completion: true, extensions: { [resultExtensions.reason]: 'Tested Out' } },
      context: { contextActivities: { grouping: [{ id: au1 }] } },
    })
    const own = said[0]?.context.extensions[extensions.sessionId]
    expect(own).not.toBe(au.launchId)
    expect(
      said.filter((one) => one.context.extensions[extensions.sessionId] === own).map(({ verb }) => verb.id),
    ).toEqual([...[verbs.waived, verbs.satisfied, verbs.satisfied]])
    expect(await faultOf(waive(who))).toBe('unit-waived')
  })
  test('HZ4-M13 9.3.7 only the course’s own people, with a reason of the standard, for a unit that is there', async () => {
    const who = await learner(t, of)
    expect(await faultOf(waive(who, { reason: 'because' }))).toBe('invalid')
    expect(await faultOf(waive(who, { unitId: 'nothing' }))).toBe('unit-unknown')
    const stranger = member('外人', 'provider-academic', '00000000-0000-4000-8000-00000000dead')
    const asked = { registrationId: who.registrationId, itemId: of.itemId, unitId: au1, reason: 'Administrative', home }
    expect(await faultOf(waiveUnit(ctxFor(t.db, stranger, testNow), asked))).toBe('missing')
  })
})

describe('HZ4-M13 time that an AU reports', () => {
  test('HZ4-M13 9.5.4 the duration it tells last is the session’s, however often it is sent', async () => {
    const who = await learner(t, of)
    const au = await launch(content, who, of, au1)
    const lasting = (duration: string) => (one: Said) => {
      one.result.duration = duration
    }
    await au.tell(au.said('initialized'))
    const passed = au.said('passed', lasting('PT1M30S'))
    await au.tell(passed)
    await au.tell(passed)
    const ended = au.said('terminated', lasting('PT0H2M5.5S'))
    await Promise.all([au.tell(ended), au.tell(ended), au.tell(ended)])
    expect(
      (await sessionFacts(t.db, who.registrationId)).map(({ reportedSeconds, endReason }) => [
        reportedSeconds,
        endReason,
      ]),
    ).toEqual([[125, 'terminated']])
    const { rows } = await sql`select from packages.commits where launch_id = ${au.launchId}`.execute(t.db)
    expect(rows).toHaveLength(3)
  })
})
