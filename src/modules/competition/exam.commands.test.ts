import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import {
  announced,
  codesOf,
  entry,
  experts,
  hostOf,
  roundOf,
  running,
  seated,
  somebody,
} from '../../../tests/fixtures/competition.ts'
import { at, firm } from '../../../tests/fixtures/recognition.ts'
import { admitEntries, closeEntries } from './eligibility.commands.ts'
import { enterTeam } from './entry.commands.ts'
import { awardsOfPerson } from './entry.queries.ts'
import { linkExam, takeExam } from './import.commands.ts'
import { declareRelation } from './judge.commands.ts'
import { beginEvent } from './round.commands.ts'
import { judgeSheet } from './sheet.queries.ts'

let t: TestDb
let school: string
let host: ReturnType<typeof hostOf>
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  school = await firm(t.db, 4301, 'provider')
  host = hostOf(school)
})
afterAll(() => t.close())
const ctx = (actor: Parameters<ReturnType<typeof at>>[0]) => at(t.db)(actor)
const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })

/** A class of an organisation with an exam that these people sat: first and second sittings, put there by the owner. */
async function exam(
  organisationId: string,
  number: string,
  sat: readonly { personId: string; marks: readonly [number, number][] }[],
) {
  const client = await t.owner.connect()
  await client.query('set session_replication_role = replica')
  const made = await client.query<{ id: string }>(
    `insert into training.classes (number, plan_id, organisation_id, programme, title, subdistrict, capacity, class_hours, starts_on, ends_on)
     values ($1, gen_random_uuid(), $2, 'job-adaptation', '赛前培训', '440105002', 50, 10, '2021-09-01', '2021-09-30') returning id`,
    [number, organisationId],
  )
  const classId = made.rows[0]?.id
  for (const { personId, marks } of sat) {
    const { rows } = await client.query<{ id: string }>(
      `insert into learning.registrations (person_id, course_id, version_id, enrolment_id, class_id, registered_at)
       values ($1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), $2, $3) returning id`,
      [personId, classId, testNow],
    )
    for (const [nth, [points, full]] of marks.entries()) {
      await client.query(
        `insert into learning.attempts (registration_id, person_id, item_id, number, seed, question_ids, started_at, due_at, submitted_at, points, full_points, passed, explanation)
         values ($1, $2, '00000000-0000-4000-8000-0000000000aa', $3, 's', array[gen_random_uuid()], $4, $4::timestamptz + interval '1 hour', $4, $5, $6, true, '{}')`,
        [rows[0]?.id, personId, nth + 1, testNow, points, full],
      )
    }
  }
  await client.query('set session_replication_role = origin')
  client.release()
}

const personOf = async (entryId: string) =>
  (await t.db.selectFrom('competition.members').select('person_id').where('entry_id', '=', entryId).execute()).map(
    (one) => one.person_id,
  )

const early = '场地另有安排，经与全部选手协商提前。'

describe('R32 theory from an exam on the platform', () => {
  test('R32 the first sitting counts, out of a hundred; who did not sit has no mark; another’s class is not there', async () => {
    const { eventId, entries } = await running(t.db, at(t.db), host, school, { entrants: 3 })
    const roundId = await roundOf(t.db, eventId, 1)
    const [a, b] = await Promise.all(entries.map(personOf))
    const other = await firm(t.db, 4302, 'provider')
    await exam(other, 'B-1', [])
    await exam(school, 'A-1', [
      {
        personId: a?.[0] ?? '',
        marks: [
          [43, 50],
          [50, 50],
        ],
      },
      { personId: b?.[0] ?? '', marks: [[20, 30]] },
    ])
    await expect(takeExam(ctx(host), { roundId })).rejects.toEqual(refusal('class-unknown'))
    await expect(linkExam(ctx(host), { roundId, classNumber: 'B-1' })).rejects.toEqual(refusal('class-unknown'))
    await linkExam(ctx(host), { roundId, classNumber: 'A-1' })
    expect(await takeExam(ctx(host), { roundId })).toMatchObject({ count: 2 })
    const marks = await t.db
      .selectFrom('competition.marks')
      .select(['entry_id', 'mark', 'source', 'attempt_id'])
      .where('round_id', '=', roundId)
      .orderBy('mark')
      .execute()
    expect(marks.map((one) => [one.entry_id, one.mark, one.source])).toEqual([
      [entries[1], 66.67, 'exam'],
      [entries[0], 86, 'exam'],
    ])
    expect(marks.every((one) => one.attempt_id !== null)).toBe(true)
    await expect(takeExam(ctx(host), { roundId })).rejects.toEqual(refusal('imported-already'))
  })

  test('R32 a team has the mean of its members', async () => {
    const eventId = await announced(at(t.db), host, school, {
      type: 'artificial-intelligence',
      places: { 'employee-team': '5' },
    })
    await seated(at(t.db), host, eventId, await experts(t.db, at(t.db), 3))
    const team = entry(eventId, school, [somebody(), somebody()], { groupId: 'employee-team', team: '琶洲队' })
    const { entryId } = await enterTeam(ctx(host), team)
    await admitEntries(ctx(host), { eventId })
    await closeEntries(ctx(host), { eventId, note: early })
    await beginEvent(ctx(host), { eventId, note: early })
    const roundId = await roundOf(t.db, eventId, 1)
    const [one] = await personOf(entryId)
    await exam(school, 'A-2', [{ personId: one ?? '', marks: [[90, 100]] }])
    await linkExam(ctx(host), { roundId, classNumber: 'A-2' })
    await takeExam(ctx(host), { roundId })
    const mark = await t.db
      .selectFrom('competition.marks')
      .select('mark')
      .where('round_id', '=', roundId)
      .executeTakeFirst()
    expect(mark?.mark).toBe(45)
    expect(await awardsOfPerson(t.db, one ?? '')).toEqual([])
  })
})

test('A02 R32 a tie declared after the start takes the code off the judge’s list', async () => {
  const { eventId, judges } = await running(t.db, at(t.db), host, school, { entrants: 2 })
  const roundId = await roundOf(t.db, eventId, 1)
  await t.owner.query(`update competition.rounds set kind = 'practical' where id = $1`, [roundId])
  const [judge] = judges
  if (!judge) throw new Error('no judge')
  expect((await judgeSheet(ctx(judge.actor), roundId)).rows).toHaveLength(2)
  const codes = await codesOf(t.db, roundId)
  const { rows } = await t.owner.query<{ document_index: string }>(
    `select p.document_index from people.persons p join competition.members m on m.person_id = p.id where m.entry_id = $1`,
    [codes[0]?.entryId],
  )
  await t.owner.query(
    `insert into competition.relations (expert_id, kind, person_index, declared_at) values ($1, 'kin', $2, now())`,
    [judge.expertId, rows[0]?.document_index],
  )
  const left = (await judgeSheet(ctx(judge.actor), roundId)).rows.map((one) => one.code)
  expect(left).toEqual([codes[1]?.code])
  await expect(judgeSheet(ctx(user('外人', [{ role: 'recognition-expert' }])), roundId)).rejects.toMatchObject({
    fault: { kind: 'missing' },
  })
  await expect(
    declareRelation(ctx(user('外人', [{ role: 'recognition-expert' }])), { kind: 'kin', documentNumber: 'x' }),
  ).rejects.toMatchObject({
    fault: { kind: 'missing' },
  })
})
