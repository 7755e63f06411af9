import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { register } from '#modules/learning/registration.commands.ts'
import { testNow } from '#platform/testing.ts'
import { claimant } from '../fixtures/claims.ts'
import { course, type TestCourse } from '../fixtures/learning.ts'
import { approvedClass, openClass } from '../fixtures/training.ts'
import { signInAs } from '../setup/accounts.ts'
import { startSite, type TestSite } from '../setup/site.ts'

/** Ways to fake time, each played against the site itself, each earning nothing; and an honest learner in a bad place. */
let site: TestSite
let lesson: TestCourse
/** How far the site's clock is ahead of ours; it only ever grows, as time does. */
let aheadMs = testNow.getTime() - Date.now()
const filmMs = 3_600_000

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const organisation = await claimant(site.db)
  const film = { kind: 'video', title: '磨刀', seconds: filmMs / 1000 }
  lesson = await course(site.db, organisation.id, [film, { kind: 'video', title: '切配', seconds: 30 }])
})
afterAll(() => site.close())

const siteNow = () => new Date(Date.now() + aheadMs)
/** The site's clock goes on by so many seconds. */
const wait = (seconds: number) => {
  aheadMs += seconds * 1000
  site.setTime(siteNow())
}

type Reply = Record<string, unknown> & { status: number; ok: boolean; reason: string; viewingId: string }
type Told = {
  positionMs?: number
  sequence?: number
  playing?: boolean
  visible?: boolean
  rate?: number
  moved?: boolean
}

async function somebody(
  options: { enrolment?: { personId: string; enrolmentId: string }; unasked?: boolean; item?: number } = {},
) {
  const account = await signInAs(site.db, site.url)
  let { personId } = account
  if (options.enrolment) {
    personId = options.enrolment.personId
    await sql`update auth.users set person_id = null, identity = 'none' where person_id = ${personId} and id <> ${account.accountId}`.execute(
      site.db,
    )
    await sql`update auth.users set person_id = ${personId} where id = ${account.accountId}`.execute(site.db)
  }
  const me = { ...account.actor, personId }
  const enrolmentId = options.enrolment?.enrolmentId
  const { registrationId } = await register(site.ctx({ ...me, can: () => true }), { courseId: lesson.id, enrolmentId })
  const itemId = lesson.itemIds[options.item ?? 0] as string
  const post = async (body: object, headers: Record<string, string> = {}): Promise<Reply> => {
    const answer = await fetch(`${site.address}/my/viewing`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { cookie: account.cookie, origin: site.address, 'content-type': 'text/plain', ...headers },
      redirect: 'manual',
    })
    const text = await answer.text()
    return { ...(text.startsWith('{') ? JSON.parse(text) : {}), status: answer.status }
  }
  const open = () => post({ intent: 'open', registrationId, itemId })
  let sequence = 0
  const beats = (viewingId: string) => (told: Told) =>
    post({
      ...{ intent: 'beat', viewingId, positionMs: 0, playing: true, visible: true, rate: 1 },
      ...{ sequence: ++sequence, ...told },
    })
  const first = await open()
  if (options.unasked !== false) {
    await sql`update learning.seats set until_question_ms = 2000000000 where person_id = ${personId}`.execute(site.db)
  }
  return {
    personId,
    registrationId,
    itemId,
    post,
    open,
    beats,
    viewingId: first.viewingId,
    resume: () => {
      sequence = 0
    },
    send: beats(first.viewingId),
    earned: async () => {
      const { rows } = await sql<{ ms: number }>`select coalesce(sum(granted_ms), 0)::int as ms from learning.stretches
        where registration_id = ${registrationId}`.execute(site.db)
      return rows[0]?.ms ?? 0
    },
  }
}

describe('C16 each of these earns nothing and is told why', () => {
  test('C16 1 seeking to the end, as a player reports it', async () => {
    const one = await somebody()
    await one.send({})
    wait(15)
    expect(await one.send({ positionMs: filmMs - 1000, moved: true })).toMatchObject({
      verdict: 'refused',
      reason: 'seek',
    })
    expect(await one.earned()).toBe(0)
  })
  test('C16 2 seeking to the end without saying so', async () => {
    const one = await somebody()
    await one.send({})
    wait(15)
    expect(await one.send({ positionMs: filmMs - 1000 })).toMatchObject({ reason: 'ahead-of-clock' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 3 reloading and watching the same minute again', async () => {
    const one = await somebody()
    await one.send({})
    wait(15)
    await one.send({ positionMs: 15_000 })
    const once = await one.earned()
    one.resume()
    const again = one.beats((await one.open()).viewingId)
    await again({ positionMs: 0, moved: true })
    wait(15)
    expect(await again({ positionMs: 15_000 })).toMatchObject({ verdict: 'refused', reason: 'again' })
    expect(await one.earned()).toBe(once)
  })
  test('C16 4 a second tab side by side', async () => {
    const one = await somebody()
    await one.send({})
    const second = await one.open()
    expect(second).toMatchObject({ ok: true, replaced: true })
    wait(15)
    expect(await one.send({ positionMs: 15_000 })).toMatchObject({ ok: false, reason: 'superseded' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 5 a second device on another item', async () => {
    const one = await somebody()
    await one.send({})
    const elsewhere = await one.post(
      { intent: 'open', registrationId: one.registrationId, itemId: lesson.itemIds[1] },
      { 'user-agent': 'another' },
    )
    expect(elsewhere.ok).toBe(true)
    wait(15)
    expect(await one.send({ positionMs: 15_000 })).toMatchObject({ ok: false, reason: 'superseded' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 6 a tab in the background', async () => {
    const one = await somebody()
    await one.send({ visible: false })
    wait(15)
    expect(await one.send({ positionMs: 15_000, visible: false })).toMatchObject({ reason: 'hidden' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 7 sixteen times the speed', async () => {
    const one = await somebody()
    await one.send({ rate: 16 })
    wait(15)
    expect(await one.send({ positionMs: 240_000, rate: 16 })).toMatchObject({ reason: 'too-fast' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 8 twice the speed under the name of one', async () => {
    const one = await somebody()
    await one.send({})
    for (let n = 1; n <= 4; n++) {
      wait(15)
      expect(await one.send({ positionMs: n * 30_000 })).toMatchObject({ reason: 'ahead-of-clock' })
    }
    expect(await one.earned()).toBe(0)
  })
  test('C16 9 sending one heartbeat a hundred times', async () => {
    const one = await somebody()
    await one.send({ sequence: 1 })
    wait(15)
    await one.send({ sequence: 2, positionMs: 15_000 })
    const once = await one.earned()
    for (let n = 0; n < 100; n++)
      expect(await one.send({ sequence: 2, positionMs: 15_000 })).toMatchObject({ reason: 'replayed' })
    expect(await one.earned()).toBe(once)
  })
  test('C16 10 heartbeats in another order', async () => {
    const one = await somebody()
    await one.send({ sequence: 9 })
    wait(15)
    expect(await one.send({ sequence: 3, positionMs: 15_000 })).toMatchObject({ ok: false, reason: 'out-of-order' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 11 heartbeats with a time of their own, yesterday or an hour ago', async () => {
    const one = await somebody()
    await one.send({})
    const told = {
      intent: 'beat',
      viewingId: one.viewingId,
      sequence: 5,
      positionMs: 3_000_000,
      playing: true,
      visible: true,
      rate: 1,
    }
    expect(await one.post({ ...told, at: '2021-09-14T10:00:00+08:00' })).toMatchObject({ status: 422 })
    expect(await one.send({ positionMs: 3_000_000 })).toMatchObject({ reason: 'ahead-of-clock' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 12 heartbeats for somebody else', async () => {
    const one = await somebody()
    const other = await somebody()
    await one.send({})
    wait(15)
    expect(await other.beats(one.viewingId)({ positionMs: 15_000, sequence: 2 })).toMatchObject({ status: 404 })
    expect([await one.earned(), await other.earned()]).toEqual([0, 0])
  })
  test('C16 13 an item that goes on after its medium has ended', async () => {
    const one = await somebody({ item: 1 })
    await one.send({ positionMs: 30_000, moved: true })
    for (let n = 1; n <= 4; n++) {
      wait(15)
      expect(await one.send({ positionMs: 30_000 + n * 15_000 })).toMatchObject({ reason: 'beyond-the-end' })
    }
    expect(await one.earned()).toBe(0)
  })
  test('C16 14 a loop that goes on after the page was closed', async () => {
    const one = await somebody()
    await one.send({})
    await one.post({ intent: 'close', viewingId: one.viewingId })
    for (let n = 1; n <= 4; n++) {
      wait(15)
      expect(await one.send({ positionMs: n * 15_000 })).toMatchObject({ ok: false, reason: 'viewing-closed' })
    }
    expect(await one.earned()).toBe(0)
  })
  test('C16 15 one heartbeat at the beginning and one an hour later', async () => {
    const one = await somebody()
    await one.send({})
    wait(3600)
    expect(await one.send({ positionMs: filmMs })).toMatchObject({ reason: 'gap' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 16 a thousand heartbeats in one second', async () => {
    const one = await somebody()
    await one.send({})
    await Promise.all(Array.from({ length: 200 }, (_, n) => one.send({ positionMs: (n + 1) * 15_000 })))
    expect(await one.earned()).toBe(0)
  })
  test('C16 17 a film that plays to an empty room: the question stays without an answer', async () => {
    const one = await somebody({ unasked: false })
    await sql`update learning.seats set until_question_ms = 0 where person_id = ${one.personId}`.execute(site.db)
    const asked = await one.send({})
    expect(asked.question).toBeTruthy()
    let last = asked
    for (let n = 1; n <= 60 && last.ok; n++) {
      wait(15)
      last = await one.send({ positionMs: n * 15_000 })
    }
    expect(last).toMatchObject({ ok: false, reason: 'viewing-closed' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 18 opening the page again to be rid of the question', async () => {
    const one = await somebody({ unasked: false })
    await sql`update learning.seats set until_question_ms = 0 where person_id = ${one.personId}`.execute(site.db)
    const asked = (await one.send({})).question as { id: string }
    one.resume()
    const opened = await one.open()
    expect(opened.question).toMatchObject({ id: asked.id })
    const again = one.beats(opened.viewingId)
    await again({})
    wait(15)
    expect(await again({ positionMs: 15_000 })).toMatchObject({ verdict: 'held', reason: 'presence-open' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 19 trying every answer to the question', async () => {
    const one = await somebody({ unasked: false })
    await sql`update learning.seats set until_question_ms = 0 where person_id = ${one.personId}`.execute(site.db)
    const { id } = (await one.send({})).question as { id: string }
    const wrong = async () => {
      const row = await site.db
        .selectFrom('learning.presences')
        .select('answer')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      return row.answer === 3 ? 0 : row.answer + 1
    }
    wait(15)
    await one.send({ positionMs: 15_000 })
    const said = []
    for (let n = 0; n < 3; n++)
      said.push((await one.post({ intent: 'answer', presenceId: id, choice: await wrong() })).outcome)
    expect(said).toEqual(['wrong', 'wrong', 'missed'])
    expect(await one.post({ intent: 'answer', presenceId: id, choice: 0 })).toMatchObject({
      ok: false,
      reason: 'presence-gone',
    })
    expect(await one.send({ positionMs: 30_000 })).toMatchObject({ ok: false, reason: 'viewing-closed' })
    expect(await one.earned()).toBe(0)
  })
  test("C16 20 answering somebody else's question", async () => {
    const [one, other] = [await somebody({ unasked: false }), await somebody()]
    await sql`update learning.seats set until_question_ms = 0 where person_id = ${one.personId}`.execute(site.db)
    const { id } = (await one.send({})).question as { id: string }
    expect(await other.post({ intent: 'answer', presenceId: id, choice: 0 })).toMatchObject({
      ok: false,
      reason: 'presence-gone',
    })
  })
  test('C08 21 learning at home while a friend signs in for you in class', async () => {
    const made = await openClass(site.db, { people: 1 })
    const [pupil] = made.learners
    if (!pupil) throw new Error('nobody')
    await sql`insert into training.attendance_marks (class_id, session_id, enrolment_id, person_id, kind, during, at, by_user, reason)
      values (${made.classId}, ${made.sessionIds[0]}, ${pupil.enrolmentId}, ${pupil.personId}, 'manual',
      tstzrange(${siteNow()}::timestamptz - interval '1 hour', ${siteNow()}::timestamptz + interval '1 hour'), now(), 'x', '补录')`.execute(
      site.db,
    )
    const account = await somebody({ enrolment: { personId: pupil.personId, enrolmentId: '' } })
    await account.send({})
    wait(15)
    expect(await account.send({ positionMs: 15_000 })).toMatchObject({ reason: 'in-class' })
    expect(await account.earned()).toBe(0)
  })
  test('R01 22 hours of a class before the class begins', async () => {
    const made = await approvedClass(site.db, { people: 1, cls: { mode: 'mixed' } })
    const [pupil] = made.learners
    if (!pupil) throw new Error('nobody')
    const one = await somebody({ enrolment: pupil })
    await one.send({})
    wait(15)
    expect(await one.send({ positionMs: 15_000 })).toMatchObject({ reason: 'class-not-running' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 23 more than a day holds', async () => {
    const one = await somebody()
    await one.send({})
    await sql`update learning.seats set today_ms = 14400000, today_on = ${new Date(siteNow().getTime() + 8 * 3_600_000).toISOString().slice(0, 10)}::date where person_id = ${one.personId}`.execute(
      site.db,
    )
    wait(15)
    expect(await one.send({ positionMs: 15_000 })).toMatchObject({ reason: 'daily-cap' })
    expect(await one.earned()).toBe(0)
  })
  test('C16 24 a page left open that does not play', async () => {
    const one = await somebody()
    await one.send({})
    for (let n = 0; n < 8; n++) {
      wait(15)
      await one.send({ positionMs: 0 })
    }
    expect(await one.earned()).toBe(0)
  })
  test('C16 25 heartbeats from another site or without signing in', async () => {
    const one = await somebody()
    await one.send({})
    wait(15)
    const told = {
      intent: 'beat',
      viewingId: one.viewingId,
      sequence: 2,
      positionMs: 15_000,
      playing: true,
      visible: true,
      rate: 1,
    }
    expect((await one.post(told, { origin: 'https://elsewhere.example' })).status).toBe(403)
    expect((await one.post(told, { cookie: '' })).status).toBe(302)
    expect(await one.earned()).toBe(0)
  })
  test("C16 26 pretending that the film is another registration's", async () => {
    const [one, other] = [await somebody(), await somebody()]
    expect(
      await one.post({ intent: 'open', registrationId: other.registrationId, itemId: other.itemId }),
    ).toMatchObject({ status: 404 })
  })
})

describe('C16 an honest learner', () => {
  test('C16 on a bad network, with calls and other tabs, loses less than one per cent', async () => {
    const one = await somebody()
    let position = 0
    let n = 0
    const random = (() => {
      let seed = 7
      return () => {
        seed = (seed * 16807) % 2147483647
        return seed / 2147483647
      }
    })()
    await one.send({})
    let asked = 0
    let owed = 0
    for (let beatNo = 0; beatNo < 200; beatNo++) {
      n++
      if (n % 40 === 0) {
        // a call: the page goes to the background, the player stops, two minutes later it goes on
        await one.send({ positionMs: position, playing: false, visible: false })
        wait(120)
        await one.send({ positionMs: position, playing: true, visible: true })
      }
      if (n % 25 === 0) {
        // back a little, because something was missed
        await one.send({ positionMs: position, playing: true })
        await one.send({ positionMs: position - 10_000, moved: true })
        wait(10)
        await one.send({ positionMs: position })
      }
      const late = random() < 0.3 ? random() * 6 : 0
      wait(15 + late - owed)
      owed = late
      position += 15_000
      if (random() < 0.1) continue // lost on the way
      const answer = await one.send({ positionMs: position })
      const question = answer.question as { id: string } | null
      if (question) {
        asked++
        const row = await site.db
          .selectFrom('learning.presences')
          .select('answer')
          .where('id', '=', question.id)
          .executeTakeFirstOrThrow()
        await one.send({ positionMs: position, playing: false })
        wait(20)
        await one.post({ intent: 'answer', presenceId: question.id, choice: row.answer })
        await one.send({ positionMs: position })
      }
      if (n === 30)
        await sql`update learning.seats set until_question_ms = 30000 where person_id = ${one.personId}`.execute(
          site.db,
        )
    }
    await one.send({ positionMs: position, playing: false })
    expect(asked).toBeGreaterThan(0)
    const earned = await one.earned()
    expect(earned).toBeGreaterThanOrEqual(0.99 * position)
    expect(earned).toBeLessThanOrEqual(position)
  })
})
