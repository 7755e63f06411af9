import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Actor, actorOf } from '#platform/actor.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow } from '#platform/testing.ts'
import { parseXml } from '#shared/xml.ts'
import { person } from '../../../tests/fixtures/claims.ts'
import { type Lesson, lesson, registrationFor } from '../../../tests/fixtures/lessons.ts'
import { manifest12, manifest2004 } from '../../../tests/fixtures/packages.ts'
import { faultOf } from '../../../tests/fixtures/training.ts'
import { isDisplaced } from './content.queries.ts'
import { abandonLaunch, commit, openUnit } from './launch.commands.ts'
import { reportedBefore, sessionFacts } from './launch.queries.ts'
import type { Entry } from './launch.schema.ts'
import { readScormManifest } from './scorm-manifest.rules.ts'

let t: TestDb
let scorm12: Lesson
let scorm2004: Lesson
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const paths = new Set(['content/one.html', 'content/two.html', 'a.html', 'b.html'])
  scorm12 = await lesson(t.db, readScormManifest(parseXml(manifest12), paths).found)
  scorm2004 = await lesson(t.db, readScormManifest(parseXml(manifest2004), paths).found)
})
afterAll(() => t.close())

const later = (seconds: number) => new Date(testNow.getTime() + seconds * 1000)

async function learnerOf(of: Lesson) {
  const { id: personId } = await person(t.db)
  const actor: Actor = actorOf({ kind: 'user', id: `user:${personId}`, name: '学员', personId, holdings: [] })
  const registrationId = await registrationFor(t.db, actor, of.courseId)
  const at = (now: Date) => ctxFor(t.db, actor, now)
  return {
    actor,
    registrationId,
    at,
    open: (now = testNow, unitId?: string) => openUnit(at(now), { registrationId, itemId: of.itemId, unitId }),
    send: (launchId: string, entries: Partial<Entry>[], now = later(60)) => commit(at(now), { launchId, entries }),
    facts: () => sessionFacts(t.db, registrationId),
    values: async () => {
      const { rows } = await sql<{ vals: Record<string, string> }>`
        select vals from packages.attempts where registration_id = ${registrationId} order by number desc limit 1
      `.execute(t.db)
      return rows[0]?.vals ?? {}
    },
  }
}

const time12 = (seconds: number): [string, string] => [
  'cmi.core.session_time',
  `0000:${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`,
]

describe('HZ4-M13 opening a unit', () => {
  test('HZ4-M13 hands the content its learner, its place and what the manifest says', async () => {
    const me = await learnerOf(scorm12)
    const { launchId } = await me.open()
    const values = await me.values()
    expect(values).toMatchObject({
      'cmi.core.entry': 'ab-initio',
      'cmi.core.total_time': '0000:00:00.00',
      'cmi.student_data.mastery_score': '60',
      'cmi.launch_data': 'mode=short',
    })
    expect(values['cmi.core.student_id']).not.toContain(me.actor.personId)
    expect(launchId).toMatch(/^[0-9a-f-]{36}$/)
  })
  test('HZ4-M13 on one origin, opening the next package ends what is open: its time stands once, its tokens are dead, and it can be taken up again', async () => {
    const me = await learnerOf(scorm12)
    const registrationId = await registrationFor(t.db, me.actor, scorm2004.courseId)
    const next = (seconds: number) =>
      openUnit(me.at(later(seconds)), { registrationId, itemId: scorm2004.itemId, alone: true })
    const first = await me.open()
    await me.send(first.launchId, [{ seq: 1, changes: [time12(40)] }], later(50))
    await next(60)
    expect(await isDisplaced(t.db, first.launchId)).toBe(true)
    expect(await me.facts()).toMatchObject([{ reportedSeconds: 40, endReason: 'displaced', to: later(60) }])
    // what was held up on the way comes with the next launch of the same package, and counts once
    const again = await openUnit(me.at(later(100)), {
      ...{ registrationId: me.registrationId, itemId: scorm12.itemId, alone: true },
    })
    for (let i = 0; i < 2; i++) await me.send(first.launchId, [{ seq: 2, changes: [time12(55)] }], later(110))
    await me.send(again.launchId, [{ seq: 1, changes: [time12(5)], final: true }], later(120))
    expect((await me.facts()).map(({ reportedSeconds, endReason }) => [reportedSeconds, endReason])).toEqual([
      [55, 'displaced'],
      [5, 'terminated'],
    ])
    expect((await me.values())['cmi.core.total_time']).toBe('0000:00:40.00')
    // another person's lesson is nobody's business
    const other = await learnerOf(scorm12)
    const theirs = await other.open()
    await next(130)
    expect(await isDisplaced(t.db, theirs.launchId)).toBe(false)
  })
  test('HZ4-M13 in a browser that can promise nothing, packages of two organisations are not open at the same time', async () => {
    const me = await learnerOf(scorm12)
    const registrationId = await registrationFor(t.db, me.actor, scorm2004.courseId)
    const other = (seconds: number, apart = false) =>
      openUnit(me.at(later(seconds)), { registrationId, itemId: scorm2004.itemId, apart })
    const { launchId } = await me.open()
    expect(await faultOf(other(10))).toBe('package-elsewhere')
    await me.send(launchId, [{ seq: 1, changes: [] }], later(500))
    expect(await faultOf(other(700))).toBe('package-elsewhere') // it was heard of
    await me.open(later(720)) // of its own organisation as often as one likes
    expect(await faultOf(other(1000))).toBe('package-elsewhere')
    expect((await other(1000, true)).launchId).toMatch(/^[0-9a-f-]{36}$/)
    expect(await faultOf(me.open(later(1010)))).toBe('package-elsewhere')
    expect((await me.open(later(1610))).launchId).toMatch(/^[0-9a-f-]{36}$/) // nothing heard for ten minutes
  })
  test('HZ4-M13 once the one is left, the other opens', async () => {
    const me = await learnerOf(scorm12)
    const registrationId = await registrationFor(t.db, me.actor, scorm2004.courseId)
    const { launchId } = await me.open()
    await me.send(launchId, [{ seq: 1, changes: [], final: true }], later(20))
    const opened = await openUnit(me.at(later(21)), { registrationId, itemId: scorm2004.itemId })
    expect(opened.launchId).toMatch(/^[0-9a-f-]{36}$/)
  })
  test('HZ4-M13 somebody else finds nothing: neither the item nor the launch', async () => {
    const [me, other] = [await learnerOf(scorm12), await learnerOf(scorm12)]
    const { launchId } = await me.open()
    expect(
      await faultOf(openUnit(other.at(testNow), { registrationId: me.registrationId, itemId: scorm12.itemId })),
    ).toBe('missing')
    expect(await faultOf(other.send(launchId, [{ seq: 1, changes: [] }]))).toBe('missing')
    expect(await faultOf(me.open(testNow, 'nonsense'))).toBe('unit-unknown')
  })
  test('HZ4-M13 leaving to come back: place, data and time are there again', async () => {
    const me = await learnerOf(scorm12)
    const first = await me.open()
    await me.send(first.launchId, [
      {
        seq: 1,
        changes: [
          ['cmi.core.lesson_location', 'page-3'],
          ['cmi.suspend_data', 'x'],
          time12(90),
          ['cmi.core.exit', 'suspend'],
        ],
        final: true,
      },
    ])
    const second = await me.open(later(100))
    expect(second).toMatchObject({ attemptId: first.attemptId, number: 2 })
    expect(await me.values()).toMatchObject({
      'cmi.core.entry': 'resume',
      'cmi.core.lesson_location': 'page-3',
      'cmi.suspend_data': 'x',
      'cmi.core.total_time': '0000:01:30.00',
      'cmi.core.lesson_status': 'completed',
    })
  })
  test('HZ4-M13 SCORM 2004: a suspended attempt goes on, an ended one gives way to a new one', async () => {
    const me = await learnerOf(scorm2004)
    const first = await me.open()
    await me.send(first.launchId, [
      {
        seq: 1,
        changes: [
          ['cmi.location', '3'],
          ['cmi.session_time', 'PT1M'],
          ['cmi.exit', 'suspend'],
        ],
        final: true,
      },
    ])
    const second = await me.open(later(70))
    expect(second.attemptId).toBe(first.attemptId)
    expect(await me.values()).toMatchObject({
      'cmi.entry': 'resume',
      'cmi.location': '3',
      'cmi.total_time': 'PT0H1M0S',
    })
    await me.send(
      second.launchId,
      [
        {
          seq: 1,
          changes: [
            ['cmi.exit', 'normal'],
            ['cmi.session_time', 'PT2M'],
          ],
          final: true,
        },
      ],
      later(200),
    )
    const third = await me.open(later(300))
    expect(third.attemptId).not.toBe(first.attemptId)
    const values = await me.values()
    expect(values).toMatchObject({
      'cmi.entry': 'ab-initio',
      'cmi.total_time': 'PT0H0M0S',
      'cmi.objectives.0.id': 'po',
    })
    expect(values).not.toHaveProperty('cmi.location')
  })
})

describe('HZ4-M13 time persists exactly once', () => {
  test('HZ4-M13 the same report twice is one; a goodbye twice is one', async () => {
    const me = await learnerOf(scorm12)
    const { launchId } = await me.open()
    const entries = [
      { seq: 1, changes: [time12(30)] },
      { seq: 2, changes: [time12(60)], final: true },
    ]
    expect(await me.send(launchId, entries)).toEqual({ acknowledged: 2, ended: true, count: 2 })
    expect(await me.send(launchId, entries)).toEqual({ acknowledged: 2, ended: true, count: 0 })
    expect(await me.facts()).toEqual([expect.objectContaining({ reportedSeconds: 60, endReason: 'terminated' })])
  })
  test('HZ4-M13 nothing is taken after the goodbye, and a gap is told with the number that is missing', async () => {
    const me = await learnerOf(scorm12)
    const { launchId } = await me.open()
    expect(await faultOf(me.send(launchId, [{ seq: 2, changes: [] }]))).toBe('commit-gap')
    await me.send(launchId, [{ seq: 1, changes: [time12(60)], final: true }])
    expect(await faultOf(me.send(launchId, [{ seq: 2, changes: [time12(6000)] }]))).toBe('launch-ended')
    expect((await me.facts())[0]?.reportedSeconds).toBe(60)
  })
  test('HZ4-M13 two tabs: the first ends when the second opens, its late reports count their time and change nothing', async () => {
    const me = await learnerOf(scorm12)
    const first = await me.open()
    await me.send(first.launchId, [{ seq: 1, changes: [time12(30), ['cmi.core.lesson_location', 'old']] }], later(30))
    const second = await me.open(later(40))
    await me.send(second.launchId, [{ seq: 1, changes: [['cmi.core.lesson_location', 'new']] }], later(50))
    await me.send(first.launchId, [{ seq: 2, changes: [time12(38), ['cmi.core.lesson_location', 'late']] }], later(55))
    expect(await me.values()).toMatchObject({ 'cmi.core.lesson_location': 'new' })
    expect(await me.facts()).toEqual([
      expect.objectContaining({ reportedSeconds: 38, serverSeconds: 40, endReason: 'elsewhere' }),
      expect.objectContaining({ reportedSeconds: 0, endReason: null }),
    ])
  })
  test('HZ4-M13 a session that is abandoned keeps what it reported', async () => {
    const me = await learnerOf(scorm12)
    const { launchId } = await me.open()
    await me.send(launchId, [{ seq: 1, changes: [time12(45)] }])
    await abandonLaunch(ctxFor(t.db, systemActor, later(4000)), { launchId })
    expect(await me.facts()).toEqual([expect.objectContaining({ reportedSeconds: 45, endReason: 'abandoned' })])
    await me.open(later(5000))
    expect(await me.values()).toMatchObject({ 'cmi.core.total_time': '0000:00:45.00' })
  })
  test('HZ4-M13 the same report raced from twenty connections is one', async () => {
    const me = await learnerOf(scorm12)
    const { launchId } = await me.open()
    const sent = Array.from({ length: 20 }, () =>
      me.send(launchId, [
        { seq: 1, changes: [time12(10)] },
        { seq: 2, changes: [time12(20)], final: true },
      ]),
    )
    const answers = await Promise.all(sent)
    expect(answers.reduce((sum, { count }) => sum + count, 0)).toBe(2)
    expect(await me.facts()).toEqual([expect.objectContaining({ reportedSeconds: 20 })])
  })
  test('HZ4-M13 two openings raced leave one open session', async () => {
    const me = await learnerOf(scorm12)
    await Promise.all([me.open(), me.open(), me.open()])
    const facts = await me.facts()
    expect(facts.filter(({ endReason }) => endReason === null)).toHaveLength(1)
    expect(facts).toHaveLength(3)
  })
  test('HZ4-M13 what stands is what was reported, whatever is resent, cut, reordered or lost on the way', async () => {
    // What content does, and what the network does with each sending.
    const session = fc.record({
      times: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      final: fc.boolean(),
      /** For each sending: from where it resends, how far it gets, whether the answer comes back. */
      network: fc.array(fc.record({ back: fc.nat(3), far: fc.integer({ min: 1, max: 4 }), heard: fc.boolean() }), {
        maxLength: 6,
      }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(session, { minLength: 1, maxLength: 3 }), async (sessions) => {
        const me = await learnerOf(scorm12)
        let clock = 0
        let total = 0
        for (const { times, final, network } of sessions) {
          const { launchId, attemptId } = await me.open(later(clock))
          let own = 0
          const entries = times.map((seconds, i) => {
            own += seconds
            return { seq: i + 1, changes: [time12(own)], final: final && i === times.length - 1 }
          })
          clock += own + 10
          let heard = 0
          for (const { back, far, heard: answered } of network) {
            const from = Math.max(0, heard - back)
            const answer = await me.send(launchId, entries.slice(from, from + far), later(clock)).catch(() => undefined)
            if (answer && answered) heard = Math.max(heard, answer.acknowledged)
          }
          // The outbox goes on until everything has been heard; the goodbye is answered the second time too.
          await me.send(launchId, entries, later(clock))
          await me.send(launchId, entries, later(clock))
          total += own
          expect((await reportedBefore(t.db, attemptId)).totalCentiseconds).toBe(total * 100)
        }
        const facts = await me.facts()
        expect(facts.reduce((sum, { reportedSeconds }) => sum + reportedSeconds, 0)).toBe(total)
        for (const fact of facts) expect(fact.reportedSeconds).toBeLessThanOrEqual(fact.serverSeconds)
      }),
      { numRuns: 15 },
    )
  })
  test('HZ4-M13 evidence is append-only for the application', async () => {
    const me = await learnerOf(scorm12)
    const { launchId } = await me.open()
    await me.send(launchId, [{ seq: 1, changes: [time12(5)], final: true }])
    for (const statement of [
      `update packages.commits set reported_cs = 0 where launch_id = '${launchId}'`,
      `delete from packages.commits where launch_id = '${launchId}'`,
      `delete from packages.launches where id = '${launchId}'`,
      `update packages.launches set ended_at = now() where id = '${launchId}'`,
    ]) {
      await expect(sql.raw(statement).execute(t.db), statement).rejects.toThrow()
    }
  })
  test('HZ4-M13 values that content sets without its API are judged again, and the refused are kept', async () => {
    const me = await learnerOf(scorm12)
    const { launchId } = await me.open()
    await me.send(launchId, [
      { seq: 1, changes: [['cmi.core.total_time', '9999:00:00'], ['cmi.core.score.raw', '1000'], time12(5)] },
    ])
    const { rows } = await sql<{
      refused: unknown[]
    }>`select refused from packages.commits where launch_id = ${launchId}`.execute(t.db)
    expect(rows[0]?.refused).toEqual([
      ['cmi.core.total_time', '9999:00:00', 403],
      ['cmi.core.score.raw', '1000', 405],
    ])
    expect((await me.values())['cmi.core.total_time']).toBe('0000:00:00.00')
  })
})
