import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { beat } from '#modules/learning/beat.commands.ts'
import { settleDay } from '#modules/learning/posting.commands.ts'
import { openViewing } from '#modules/learning/viewing.commands.ts'
import { type Actor, actorOf } from '#platform/actor.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow } from '#platform/testing.ts'
import { parseXml } from '#shared/xml.ts'
import { person } from '../../../tests/fixtures/claims.ts'
import { type Lesson, lesson, registrationFor } from '../../../tests/fixtures/lessons.ts'
import { manifest12 } from '../../../tests/fixtures/packages.ts'
import { abandonLaunch, commit, openUnit } from './launch.commands.ts'
import { readScormManifest } from './scorm-manifest.rules.ts'

let t: TestDb
let pack: Lesson
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const paths = new Set(['content/one.html', 'content/two.html'])
  const free = manifest12.replace(/<adlcp:prerequisites.*<\/adlcp:prerequisites>/, '') // both units may be opened
  pack = await lesson(t.db, readScormManifest(parseXml(free), paths).found, null, 1800)
})
afterAll(() => t.close())

const claimed = (seconds: number): [string, string] => [
  'cmi.core.session_time',
  `${String(Math.floor(seconds / 3600)).padStart(4, '0')}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`,
]

/** Somebody at the page of a package: its heartbeats, and beside them whatever the content does. */
async function atPackage() {
  const { id: personId } = await person(t.db)
  const actor: Actor = actorOf({ kind: 'user', id: `user:${personId}`, name: '学员', personId, holdings: [] })
  const registrationId = await registrationFor(t.db, actor, pack.courseId)
  const place = { registrationId, itemId: pack.itemId }
  let now = testNow
  const ctx = () => ctxFor(t.db, actor, now)
  let { viewingId, resumeMs } = await openViewing(ctx(), place)
  let sequence = 0
  let positionMs = resumeMs
  const commits = new Map<string, number>()
  await sql`update learning.seats set until_question_ms = 2000000000 where person_id = ${personId}`.execute(t.db)
  return {
    personId,
    registrationId,
    launch: async (unitId?: string) => (await openUnit(ctx(), { ...place, unitId })).launchId,
    report: (launchId: string, seconds: number, final = false, seq = (commits.get(launchId) ?? 0) + 1) => {
      commits.set(launchId, Math.max(seq, commits.get(launchId) ?? 0))
      return commit(ctx(), { launchId, entries: [{ seq, changes: [claimed(seconds)], final }] })
    },
    abandon: (launchId: string) => abandonLaunch(ctxFor(t.db, systemActor, now), { launchId }),
    wait: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000)
    },
    beat: (seconds = 0, over: object = {}) => {
      now = new Date(now.getTime() + seconds * 1000)
      positionMs += seconds * 1000
      return beat(ctx(), {
        viewingId,
        sequence: ++sequence,
        positionMs,
        playing: true,
        visible: true,
        rate: 1,
        ...over,
      })
    },
    reopen: async () => {
      ;({ viewingId, resumeMs } = await openViewing(ctx(), place))
      sequence = 0
      positionMs = resumeMs
      return resumeMs
    },
    seconds: async () => {
      const { rows } = await sql<{ s: number }>`select coalesce(sum(granted_ms), 0)::float / 1000 as s
        from learning.stretches where registration_id = ${registrationId}`.execute(t.db)
      return rows[0]?.s ?? 0
    },
    settle: async () => {
      const tomorrow = ctxFor(t.db, systemActor, new Date(now.getTime() + 86_400_000))
      return settleDay(tomorrow, { registrationId, on: '2021-09-15' })
    },
    ledger: async () => {
      const { rows } = await sql<{ minutes: number }>`select minutes from training.hour_entries
        where registration_id = ${registrationId}`.execute(t.db)
      return rows.map((row) => row.minutes)
    },
  }
}

describe('C16 hours of a package', () => {
  test('C16 ten minutes before an open package are ten minutes, whatever it claims, posted once', async () => {
    const me = await atPackage()
    const launchId = await me.launch()
    await me.beat()
    for (let n = 0; n < 40; n++) await me.beat(15)
    await me.report(launchId, 36_000, true)
    await me.report(launchId, 36_000, true, 1)
    expect(await me.seconds()).toBe(600)
    expect((await Promise.all([me.settle(), me.settle(), me.settle()])).map((one) => one.minutes)).toEqual([10, 10, 10])
    expect(await me.ledger()).toEqual([10])
  })

  test('C16 without a launch nothing counts; a launch that ends takes the rest of the stretch with it', async () => {
    const me = await atPackage()
    await me.beat()
    expect(await me.beat(15)).toMatchObject({ verdict: 'refused', reason: 'not-open', grantedMs: 0 })
    const launchId = await me.launch()
    await me.beat()
    me.wait(6)
    await me.report(launchId, 9000, true)
    expect(await me.beat(9)).toMatchObject({ verdict: 'counted', grantedMs: 6000 })
    expect(await me.beat(15)).toMatchObject({ verdict: 'refused', reason: 'not-open' })
    await me.launch()
    expect(await me.beat(15)).toMatchObject({ verdict: 'counted', grantedMs: 15_000 })
  })

  test('C16 a package opened without its page, and commits that come after the exit, earn nothing', async () => {
    const me = await atPackage()
    const launchId = await me.launch()
    me.wait(3000)
    await me.report(launchId, 3000)
    await me.abandon(launchId)
    me.wait(60)
    await me.report(launchId, 3060, true)
    expect(await me.seconds()).toBe(0)
    expect(await me.settle()).toMatchObject({ minutes: 0, changed: false })
    expect(await me.ledger()).toEqual([])
  })

  test('C16 two units open in two tabs are one time; no speed; the planned length is the most', async () => {
    const me = await atPackage()
    await me.launch('i1')
    await me.launch('i2')
    await me.beat(0, { rate: 1.5 })
    expect(await me.beat(15, { rate: 1.5 })).toMatchObject({ verdict: 'refused', reason: 'too-fast' })
    await me.beat()
    for (let n = 0; n < 130; n++) {
      if (n === 60) expect(await me.reopen()).toBe(60 * 15_000)
      if (n === 60) await me.beat()
      await me.beat(15)
    }
    expect(await me.seconds()).toBe(1800)
  })

  type Step = 'beat' | 'launch' | 'commit' | 'again' | 'exit' | 'abandon' | 'pause' | 'silence' | 'reopen'
  const steps: Step[] = ['beat', 'launch', 'commit', 'again', 'exit', 'abandon', 'pause', 'silence', 'reopen']
  test('C16 any order of heartbeats, commits, exits and re-openings: never more than the server saw, one posting', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...steps), { minLength: 4, maxLength: 25 }), async (order) => {
        const me = await atPackage()
        let open: string | null = null
        let all: string | null = null
        let [elapsed, seen] = [0, 0]
        for (const step of order) {
          if (step === 'launch') all = open = await me.launch()
          if (step === 'commit' && open) await me.report(open, 7200)
          if (step === 'again' && all) await me.report(all, 9000, false, 1).catch(() => undefined)
          if (step === 'exit' && open) {
            await me.report(open, 9999, true)
            open = null
          }
          if (step === 'abandon' && open) {
            await me.abandon(open)
            open = null
          }
          if (step === 'pause') await me.beat(0, { playing: false })
          if (step === 'silence') {
            me.wait(200)
            elapsed += 200
          }
          if (step === 'reopen') await me.reopen()
          if (step === 'beat') {
            await me.beat(15)
            elapsed += 15
            if (open) seen += 15
          }
        }
        const seconds = await me.seconds()
        expect(seconds).toBeLessThanOrEqual(seen)
        expect(seconds).toBeLessThanOrEqual(elapsed)
        await me.settle()
        await me.settle()
        const minutes = Math.floor(seconds / 60)
        expect(await me.ledger()).toEqual(minutes > 0 ? [minutes] : [])
      }),
      { numRuns: 25 },
    )
  })
})
