/** The fraud museum, room three: hours that were learnt online, or not. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor } from '#platform/testing.ts'
import { course, type TestCourse } from '../../../tests/fixtures/learning.ts'
import {
  type Case,
  claimOf,
  closeMuseum,
  type Exhibit,
  firm,
  openMuseum,
  shows,
  t,
  tamper,
} from '../../../tests/fixtures/museum.ts'
import { checkClaim } from './control.commands.ts'

let lesson: TestCourse
beforeAll(async () => {
  await openMuseum({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const { org } = await firm()
  lesson = await course(t.db, org.id, [{ kind: 'video', title: '磨刀', seconds: 40_000 }])
})
afterAll(closeMuseum)

type Learnt = {
  who?: number
  /** Minutes that counted, and minutes that passed meanwhile. */
  minutes?: number
  wall?: number
  posted?: number
  grade?: 'B' | 'C'
  day?: string
  from?: string
  device?: string
}

/** A class with online hours in which somebody learnt, as heartbeats and the night would have left it. */
async function online(learnt: readonly Learnt[], options: Parameters<typeof firm>[0] = {}): Promise<Case> {
  const of = await firm(options)
  await sql`update training.classes set mode = 'mixed' where id = ${of.cls.id}`.execute(t.db)
  for (const one of learnt) await learn(of, one)
  return of
}

async function learn(of: Case, one: Learnt): Promise<void> {
  const { who = 0, minutes = 40, wall = minutes, posted = minutes, grade = 'B', day = '2021-08-16' } = one
  const pupil = of.cls.people[who]
  if (!pupil) throw new Error('nobody')
  const start = new Date(`${day}T${one.from ?? '19:00'}:00+08:00`)
  const end = new Date(start.getTime() + wall * 60_000)
  const [registration, viewing] = [randomUUID(), randomUUID()]
  const { rows } = await sql<{ id: string }>`
    insert into learning.registrations (id, person_id, course_id, version_id, enrolment_id, class_id, registered_at)
    values (${registration}, ${pupil.id}, ${lesson.id}, ${lesson.versionId}, ${pupil.enrolmentId}, ${of.cls.id}, ${start})
    on conflict (person_id, course_id, enrolment_id) do nothing returning id`.execute(t.db)
  if (!rows[0]) throw new Error('learns it already')
  await sql`insert into learning.viewings (id, registration_id, person_id, item_id, medium_ms, device, opened_at, closed_at, end_reason)
    values (${viewing}, ${registration}, ${pupil.id}, ${lesson.itemIds[0]}, 40000000, ${one.device ?? pupil.id}, ${start}, ${end}, 'left')`.execute(
    t.db,
  )
  await sql`insert into learning.stretches (viewing_id, registration_id, item_id, person_id, sequence, on_day, at, wall_ms, from_ms,
      to_ms, rate_percent, verdict, reason, granted)
    values (${viewing}, ${registration}, ${lesson.itemIds[0]}, ${pupil.id}, 1, ${day}::date, ${end}, ${wall * 60_000}, 0,
      ${minutes * 60_000}, 100, 'counted', '', ${`{[0,${minutes * 60_000})}`}::int4multirange)`.execute(t.db)
  await tamper('alter table training.hour_entries disable trigger user', [])
  await tamper(
    `insert into training.hour_entries (person_id, enrolment_id, class_id, registration_id, source, on_day, minutes, grade, evidence, at, by_user)
      values ($1, $2, $3, $4, 'online', $5, $6, $7, '{}', now(), 'test')`,
    [pupil.id, pupil.enrolmentId, of.cls.id, registration, day, posted, grade],
  )
  await tamper('alter table training.hour_entries enable trigger user', [])
}

const museum: Exhibit[] = [
  ['C16 an honest evening', {}, () => online([{}, { who: 1, minutes: 10, grade: 'C' }])],
  ['C16 a minute in the ledger that nobody learnt', { C16: [0] }, () => online([{ posted: 41 }])],
  [
    'C16 learnt while marked present in the class room, and never taken back',
    { C16: [1] },
    () => online([{}, { who: 1, day: '2021-08-10', from: '09:30' }]),
  ],
  ['C16 forty minutes in the time of ten', { C16: [0] }, () => online([{ wall: 10 }])],
  ['C16 one and a half times is allowed', {}, () => online([{ minutes: 45, wall: 30 }])],
  ['C16 a day of five hours', { C16: [2] }, () => online([{ who: 2, minutes: 300, from: '13:00' }])],
  ['C16 forty minutes and never an answer', { C16: [0] }, () => online([{ grade: 'C' }])],
  [
    'C16 one telephone learns for the whole class',
    { C16: [0, 1, 2, 3, 4] },
    () =>
      online(
        [0, 1, 2, 3, 4].map((who) => ({ who, device: 'the one phone' })),
        { size: 5 },
      ),
  ],
  [
    'C16 the same telephone on different days is a telephone of the house',
    {},
    () =>
      online(
        [0, 1, 2, 3, 4].map((who) => ({ who, device: 'the house phone', day: `2021-08-2${who}` })),
        { size: 5 },
      ),
  ],
]

describe('C16 online hours of a claim', () => {
  test.each(museum)('%s', async (_, expected, make) => {
    const [found, wanted] = await shows(expected, make)
    expect(found).toEqual(wanted)
  })

  test('C16 the run says of each control what it saw; a class in a room is not concerned', async () => {
    const of = await online([{}])
    const claimId = await claimOf(of)
    const run = await checkClaim(ctxFor(t.db, of.org.actor), { claimId })
    expect(run.findings.filter((one) => one.control === 'C16').map((one) => one.verdict)).not.toContain('unknown')
    const room = await firm()
    const other = await checkClaim(ctxFor(t.db, room.org.actor), { claimId: await claimOf(room) })
    expect(other.findings.filter((one) => one.control === 'C16' && one.verdict !== 'pass')).toEqual([])
  })
})
