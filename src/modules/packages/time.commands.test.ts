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
import { abandonLaunch, commit, openUnit } from './launch.commands.ts'
import { sessionFacts } from './launch.queries.ts'
import type { Entry } from './launch.schema.ts'
import { readScormManifest } from './scorm-manifest.rules.ts'

/** Whatever content, browser and network do to the end of a session, its time stands once. */
let t: TestDb
const lessons: Record<string, Lesson> = {}
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const paths = new Set(['content/one.html', 'content/two.html', 'a.html', 'b.html'])
  const shared = '<adlcp:data><adlcp:map targetID="notes"/></adlcp:data>'
  const sharing = manifest2004
    .replace('<title>翻身</title>', `$&${shared}`)
    .replace('<title>喂食</title>', `$&${shared}`)
  const open = sharing.replace('action="disabled"', 'action="hiddenFromChoice"')
  for (const [name, xml] of Object.entries({ scorm12: manifest12, scorm2004: manifest2004, sharing: open })) {
    lessons[name] = await lesson(t.db, readScormManifest(parseXml(xml), paths).found)
  }
})
afterAll(() => t.close())

const later = (seconds: number) => new Date(testNow.getTime() + seconds * 1000)

async function learner(name: string) {
  const of = lessons[name] as Lesson
  const { id: personId } = await person(t.db)
  const actor: Actor = actorOf({ kind: 'user', id: `user:${personId}`, name: '学员', personId, holdings: [] })
  const registrationId = await registrationFor(t.db, actor, of.courseId)
  const at = (seconds: number) => ctxFor(t.db, actor, later(seconds))
  return {
    open: (seconds: number, unitId?: string) => openUnit(at(seconds), { registrationId, itemId: of.itemId, unitId }),
    send: (launchId: string, entries: Partial<Entry>[], seconds: number) => commit(at(seconds), { launchId, entries }),
    facts: () => sessionFacts(t.db, registrationId),
    values: async (launchId: string) => {
      const { rows } = await sql<{ values: Record<string, string> }>`
        select began_with as values from packages.launches where id = ${launchId}`.execute(t.db)
      return rows[0]?.values ?? {}
    },
  }
}

const timeOf: Record<string, (seconds: number) => [string, string]> = {
  scorm12: (s) => [
    'cmi.core.session_time',
    `0000:${String(Math.floor(s / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`,
  ],
  scorm2004: (s) => ['cmi.session_time', `PT${s}S`],
}

const ways = ['exit', 'exit twice', 'lost unload', 'killed', 'late'] as const

describe.each(['scorm12', 'scorm2004'])('HZ4-M13 time persists exactly once: %s', (kind) => {
  test('HZ4-M13 in whatever order sessions report, end, end twice, are lost, killed or come late', async () => {
    const session = fc.record({
      times: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
      way: fc.constantFrom(...ways),
      cut: fc.nat(3),
      goesOn: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(session, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (sessions, order) => {
          const me = await learner(kind)
          const outstanding: { launchId: string; entries: Partial<Entry>[] }[] = []
          let clock = 0
          let expected = 0
          for (const { times, way, cut, goesOn } of sessions) {
            const { launchId } = await me.open(clock)
            let own = 0
            const entries = times.map((seconds, i): Partial<Entry> => {
              own += seconds
              const leaves = (way === 'exit' || way === 'exit twice') && i === times.length - 1
              const exit: [string, string][] =
                leaves && goesOn ? [[kind === 'scorm12' ? 'cmi.core.exit' : 'cmi.exit', 'suspend']] : []
              return { seq: i + 1, changes: [timeOf[kind]?.(own) as [string, string], ...exit], final: leaves }
            })
            clock += own + 5
            if (way === 'late') {
              // Nothing got through while the session ran: all of it comes when others have long begun.
              outstanding.push({ launchId, entries })
              expected += own
              continue
            }
            // The machine is gone before the last reports were made.
            const made = way === 'killed' ? entries.slice(0, Math.max(1, entries.length - cut)) : entries
            expected += made.reduce((_, __, i) => times.slice(0, i + 1).reduce((a, b) => a + b, 0), 0)
            await me.send(launchId, made, clock)
            if (way === 'exit twice') {
              await me.send(launchId, made, clock)
              expect(
                await faultOf(me.send(launchId, [{ seq: made.length + 1, changes: [], final: true }], clock)),
              ).toBe('launch-ended')
            }
            if (way === 'killed') await abandonLaunch(ctxFor(t.db, systemActor, later(clock)), { launchId })
            outstanding.push({ launchId, entries: made })
          }
          // The outboxes empty themselves afterwards, in any order and again and again.
          for (const pick of order) {
            const { launchId, entries } = outstanding[pick % outstanding.length] as (typeof outstanding)[number]
            const from = pick % (entries.length + 1)
            await me.send(launchId, entries.slice(from), clock).catch(() => undefined)
          }
          for (const { launchId, entries } of outstanding) await me.send(launchId, entries, clock)
          const facts = await me.facts()
          expect(facts).toHaveLength(sessions.length)
          expect(facts.reduce((sum, { reportedSeconds }) => sum + reportedSeconds, 0)).toBe(expected)
        },
      ),
      { numRuns: 20 },
    )
  })
  test('HZ4-M13 the total that content is told is what its sessions of this attempt reported', async () => {
    const me = await learner(kind)
    const first = await me.open(0)
    const exit: [string, string] = [kind === 'scorm12' ? 'cmi.core.exit' : 'cmi.exit', 'suspend']
    await me.send(
      first.launchId,
      [{ seq: 1, changes: [timeOf[kind]?.(30) as [string, string], exit], final: true }],
      40,
    )
    const second = await me.open(50)
    await me.send(second.launchId, [{ seq: 1, changes: [timeOf[kind]?.(20) as [string, string]] }], 75)
    const third = await me.open(80) // the second never said goodbye
    const values = await me.values(third.launchId)
    expect(values['cmi.core.total_time'] ?? values['cmi.total_time']).toBe(
      kind === 'scorm12' ? '0000:00:50.00' : 'PT0H0M50S',
    )
  })
})

describe('HZ4-M13 SCORM 2004 between units', () => {
  const leave = (request: string, more: [string, string][] = []): Partial<Entry>[] => [
    { seq: 1, changes: [...more, ['cmi.score.scaled', '0.9'], ['adl.nav.request', request]], final: true },
  ]
  test('HZ4-M13 a unit that asks for the next is answered with it; sent again, the answer is that it is known', async () => {
    const me = await learner('scorm2004')
    const { launchId } = await me.open(0, 'a1')
    expect(await me.send(launchId, leave('continue'), 10)).toMatchObject({ ended: true, next: { unitId: 'a2' } })
    expect(await me.send(launchId, leave('continue'), 10)).toEqual({ acknowledged: 1, ended: true, count: 0 })
    expect((await me.open(20, 'a2')).unitId).toBe('a2')
  })
  test('HZ4-M13 exit all leaves the package; a way that is shut is told as an exception', async () => {
    const me = await learner('scorm2004')
    const first = await me.open(0, 'a1')
    expect((await me.send(first.launchId, leave('exitAll'), 10)).next).toEqual({ left: true })
    const other = await learner('scorm2004')
    const failing = await other.open(0, 'a1')
    const low: Partial<Entry>[] = [
      {
        seq: 1,
        changes: [
          ['cmi.score.scaled', '0.1'],
          ['adl.nav.request', '{target=a2}choice'],
        ],
        final: true,
      },
    ]
    expect((await other.send(failing.launchId, low, 10)).next).toEqual({
      exception: expect.stringMatching(/^[A-Z]{2}\./),
    })
  })
  test('HZ4-M13 what one unit stores another reads at its launch; somebody else’s stays his', async () => {
    const [me, other] = [await learner('sharing'), await learner('sharing')]
    const first = await me.open(0, 'a1')
    await me.send(first.launchId, leave('_none_', [['adl.data.0.store', 'from the first']]), 10)
    const second = await me.open(20, 'a2')
    expect(await me.values(second.launchId)).toMatchObject({
      'adl.data.0.id': 'notes',
      'adl.data.0.store': 'from the first',
    })
    const theirs = await other.open(0, 'a1')
    expect(await other.values(theirs.launchId)).not.toHaveProperty('adl.data.0.store')
  })
  test('HZ4-M13 a store that the manifest does not give is refused by the server too', async () => {
    const me = await learner('sharing')
    const { launchId } = await me.open(0, 'a1')
    await me.send(
      launchId,
      [
        {
          seq: 1,
          changes: [
            ['adl.data.1.store', 'x'],
            ['adl.data.0.id', 'mine'],
          ],
        },
      ],
      10,
    )
    const { rows } = await sql<{ refused: [string, string, number][] }>`
      select refused from packages.commits where launch_id = ${launchId}`.execute(t.db)
    expect(rows[0]?.refused.map(([name, , error]) => [name, error])).toEqual([
      ['adl.data.1.store', 351],
      ['adl.data.0.id', 404],
    ])
  })
  test('HZ4-M13 at its launch a unit knows where it may go', async () => {
    const me = await learner('scorm2004')
    const { launchId } = await me.open(0, 'a1')
    expect(await me.values(launchId)).toMatchObject({ 'adl.nav.request_valid.previous': 'false' })
  })
})
