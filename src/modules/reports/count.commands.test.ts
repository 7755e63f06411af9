import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { system } from '#platform/actor.ts'
import { ctxFor, freshDb, type TestDb, testPlan, user } from '#platform/testing.ts'
import { type Claimant, claimant, person, submittedClaim } from '../../../tests/fixtures/claims.ts'
import {
  approvedClass,
  certificate,
  enrol,
  member,
  results,
  revoke,
  setEnrolment,
} from '../../../tests/fixtures/counts.ts'
import { countEnrolled, countPaid, countPassed, negate, recount } from './count.commands.ts'
import { tallyFaults } from './count.queries.ts'

let t: TestDb
let firm: Claimant
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())
beforeEach(async () => {
  await t.owner.query('truncate reports.count_events, reports.tallies, reports.person_steps restart identity cascade')
  firm = await claimant(t.db)
})

const job = (day = '2021-09-15') => ctxFor(t.db, system('test'), new Date(`${day}T10:00:00+08:00`))
const at = (day: string) => new Date(`${day}T09:00:00+08:00`)
const cook = testPlan().occupationSets.find((set) => set.id === 'cantonese-cuisine')?.occupations[0] as {
  edition: string
  code: string
}

async function total(indicator: string, basis: string, upTo = '2099-12-31', counting = 'event') {
  const { rows } = await sql<{ n: number; fen: number }>`
    select coalesce(sum(n), 0)::int as n, coalesce(sum(amount_fen), 0)::bigint as fen from reports.tallies
    where indicator = ${indicator} and basis = ${basis} and dimension = '' and counting = ${counting} and on_day <= ${upTo}
  `.execute(t.db)
  return rows[0]
}
const events = () => t.db.selectFrom('reports.count_events').selectAll().orderBy('id').execute()

describe('R35 counted from the records, once', () => {
  test('R35 enrolled, then passed: each person once on each basis; the same job twice adds nothing', async () => {
    const klass = await approvedClass(t.db, firm, { size: 3, occupation: cook, enrolledAt: at('2021-08-01') })
    expect(await countEnrolled(job(), { classId: klass.id })).toEqual({ added: 3, reversed: 0, refused: null })
    expect(await countEnrolled(job(), { classId: klass.id })).toEqual({ added: 0, reversed: 0, refused: null })
    await results(t.db, klass, [true, true, false], at('2021-09-01'))
    expect(await countPassed(job(), { classId: klass.id })).toMatchObject({ added: 2 })
    expect(await countPassed(job(), { classId: klass.id })).toMatchObject({ added: 0 })
    for (const indicator of ['K01', 'K12c']) {
      expect(await total(indicator, 'enrolled')).toMatchObject({ n: 3 })
      expect(await total(indicator, 'completedAndPassed')).toMatchObject({ n: 2 })
    }
    expect(await total('K01', 'enrolled', '2021-07-31')).toMatchObject({ n: 0 })
    expect((await events())[0]).toMatchObject({
      counted_on: '2021-08-01',
      venue_subdistrict: '440105002',
      employer_subdistrict: '440105002',
      industry: '餐饮服务',
      tags: ['subsidised', 'job-adaptation'],
      organisation_id: firm.id,
    })
    expect(await tallyFaults(t.db)).toEqual([])
  })

  test('R35 raced: the same job eight times at once counts once', async () => {
    const klass = await approvedClass(t.db, firm, { size: 4 })
    const done = await Promise.all(Array.from({ length: 8 }, () => countEnrolled(job(), { classId: klass.id })))
    expect(done.reduce((sum, one) => sum + one.added, 0)).toBe(4)
    expect(await total('K01', 'enrolled')).toMatchObject({ n: 4 })
  })

  test('R35 the database refuses a second event, a wrong reversal, a second reversal, an edit and a removal', async () => {
    const klass = await approvedClass(t.db, firm, { size: 1 })
    await countEnrolled(job(), { classId: klass.id })
    const again = (changes: string) =>
      t.db.transaction().execute((tx) =>
        sql`insert into reports.count_events (person_id, programme, class_id, enrolment_id, basis, round, counted_on, venue_subdistrict,
          industry, organisation_id, group_tags, tags, indicators, employer_subdistrict, recorded_at, recorded_by, negates, reason)
          select person_id, programme, class_id, enrolment_id, basis, ${sql.raw(changes)} from reports.count_events limit 1`.execute(
          tx,
        ),
      )
    const same =
      'venue_subdistrict, industry, organisation_id, group_tags, tags, indicators, employer_subdistrict, recorded_at, recorded_by'
    await expect(again(`1, counted_on, ${same}, null, ''`)).rejects.toThrow(/unique/)
    await expect(again(`2, counted_on, ${same}, null, ''`)).rejects.toThrow(/round 2 of a count/)
    await expect(again(`1, counted_on - 1, ${same}, id, 'wrong day'`)).rejects.toThrow(/does not mirror/)
    await expect(again(`1, counted_on, ${same.replace('tags, ind', "'{}', ind")}, id, 'tags'`)).rejects.toThrow(
      /mirror/,
    )
    await again(`1, counted_on, ${same}, id, 'right'`)
    await expect(again(`1, counted_on, ${same}, id, 'twice'`)).rejects.toThrow(/unique|mirror/)
    await expect(sql`update reports.count_events set round = 2`.execute(t.db)).rejects.toThrow(/permission denied/)
    await expect(sql`delete from reports.count_events`.execute(t.db)).rejects.toThrow(/permission denied/)
    await expect(sql`update reports.tallies set n = 0`.execute(t.db)).rejects.toThrow(/permission denied/)
  })

  test('R35 no person writes a count', async () => {
    const klass = await approvedClass(t.db, firm)
    for (const actor of [user('系统管理员', [{ role: 'system-admin' }]), user('统计', [{ role: 'statistician' }])]) {
      await expect(countEnrolled(ctxFor(t.db, actor), { classId: klass.id })).rejects.toMatchObject({
        fault: { kind: 'forbidden' },
      })
    }
    await expect(countEnrolled(job(), { classId: crypto.randomUUID() })).rejects.toMatchObject({
      fault: { kind: 'missing' },
    })
  })

  test('R35 an online-only class is not counted while D-07 is open, and the answer says so', async () => {
    const klass = await approvedClass(t.db, firm, { mode: 'online' })
    expect(await countEnrolled(job(), { classId: klass.id })).toEqual({
      added: 0,
      reversed: 0,
      refused: 'online-undecided',
    })
  })
})

describe('R35 taken back by dated reversals', () => {
  test('R35 left, back again: old numbers stay, the new round is dated after the reversal', async () => {
    const klass = await approvedClass(t.db, firm, { size: 2, enrolledAt: at('2021-03-01') })
    await countEnrolled(job('2021-03-02'), { classId: klass.id })
    const [first] = klass.people
    await setEnrolment(t.db, first?.enrolmentId as string, 'withdrawn')
    expect(await countEnrolled(job('2021-05-10'), { classId: klass.id })).toMatchObject({ added: 0, reversed: 1 })
    await enrol(t.db, klass.id, first?.id as string, firm.id, at('2021-04-01'))
    expect(await countEnrolled(job('2021-06-20'), { classId: klass.id })).toMatchObject({ added: 1 })
    expect(await total('K01', 'enrolled', '2021-05-09')).toMatchObject({ n: 2 })
    expect((await events()).map((one) => [one.counted_on, one.round, one.reason])).toEqual([
      ['2021-03-01', 1, ''],
      ['2021-03-01', 1, ''],
      ['2021-05-10', 1, 'enrolment-withdrawn'],
      ['2021-05-10', 2, ''],
    ])
    expect(await tallyFaults(t.db)).toEqual([])
  })

  test('R35 a revoked certificate takes its count back once; a misprint takes nothing', async () => {
    const klass = await approvedClass(t.db, firm, { size: 2 })
    await results(t.db, klass, [true, true], at('2021-09-01'))
    const [a, b] = [await certificate(t.db, klass, 0, firm.id), await certificate(t.db, klass, 1, firm.id)]
    await countPassed(job(), { classId: klass.id })
    expect((await events()).map((one) => one.certificate_id)).toEqual([a, b])
    await revoke(t.db, a, 'false-hours')
    expect(await negate(job(), { certificateId: a })).toMatchObject({ reversed: 1 })
    expect(await negate(job(), { certificateId: a })).toMatchObject({ reversed: 0 })
    await revoke(t.db, b, 'misprint')
    expect(await negate(job(), { certificateId: b })).toMatchObject({ reversed: 0 })
    expect(await countPassed(job(), { classId: klass.id })).toMatchObject({ added: 0, reversed: 0 })
    expect(await total('K01', 'completedAndPassed')).toMatchObject({ n: 1 })
    expect((await events()).at(-1)?.reason).toBe('certificate-revoked')
  })

  test('R35 a corrected score that no longer passes takes the count back', async () => {
    const klass = await approvedClass(t.db, firm, { size: 1 })
    await results(t.db, klass, [true])
    await countPassed(job(), { classId: klass.id })
    await results(t.db, klass, [false])
    expect(await countPassed(job(), { classId: klass.id })).toMatchObject({ reversed: 1 })
    expect((await events()).at(-1)?.reason).toBe('result-changed')
  })

  test('R35 paid with its money; recovered lines go, and counting again does not bring them back', async () => {
    const claim = await submittedClaim(t.db, firm, [8, 10, 12])
    expect(await countPaid(job(), { claimId: claim.id })).toMatchObject({ added: 0 })
    await t.owner.query('alter table subsidy.claims disable trigger user')
    await t.owner.query("update subsidy.claims set state = 'paid' where id = $1", [claim.id])
    await t.owner.query('alter table subsidy.claims enable trigger user')
    expect(await countPaid(job(), { claimId: claim.id })).toMatchObject({ added: 3 })
    expect(await total('K01', 'subsidyPaid')).toEqual({ n: 3, fen: 90_000 })
    const lines = claim.lines.slice(0, 2).map((line) => line.id)
    expect(await negate(job(), { claimLineIds: lines, reason: '学时不实' })).toMatchObject({ reversed: 2 })
    expect(await negate(job(), { claimLineIds: lines, reason: '学时不实' })).toMatchObject({ reversed: 0 })
    expect(await countPaid(job(), { claimId: claim.id })).toMatchObject({ added: 0, reversed: 0 })
    expect(await total('K01', 'subsidyPaid')).toEqual({ n: 1, fen: 36_000 })
    expect((await events()).at(-1)?.reason).toBe('recovered：学时不实')
    expect(await tallyFaults(t.db)).toEqual([])
  })
})

describe('R35 people of a group', () => {
  test('R35 only a membership verified for that day counts, and a person once however often trained', async () => {
    const [inside, outside, late] = [await person(t.db), await person(t.db), await person(t.db)]
    await member(t.db, inside.id, 'disabled')
    await member(t.db, late.id, 'disabled', '2021-08-20')
    const people = [inside.id, outside.id, late.id]
    const one = await approvedClass(t.db, firm, { people, enrolledAt: at('2021-08-01') })
    const two = await approvedClass(t.db, firm, { people, enrolledAt: at('2021-08-25') })
    await countEnrolled(job(), { classId: one.id })
    expect(await total('K11', 'enrolled', undefined, 'person')).toMatchObject({ n: 1 })
    await countEnrolled(job(), { classId: two.id })
    expect(await total('K11', 'enrolled')).toMatchObject({ n: 3 })
    expect(await total('K11', 'enrolled', undefined, 'person')).toMatchObject({ n: 2 })
    expect(await total('K11', 'enrolled', '2021-08-24', 'person')).toMatchObject({ n: 1 })
    // the first of two leaves: still a person; the second too: no longer
    await setEnrolment(t.db, one.people[0]?.enrolmentId as string, 'withdrawn')
    await countEnrolled(job('2021-09-10'), { classId: one.id })
    expect(await total('K11', 'enrolled', undefined, 'person')).toMatchObject({ n: 2 })
    await setEnrolment(t.db, two.people[0]?.enrolmentId as string, 'withdrawn')
    await countEnrolled(job('2021-09-12'), { classId: two.id })
    expect(await total('K11', 'enrolled', '2021-09-11', 'person')).toMatchObject({ n: 2 })
    expect(await total('K11', 'enrolled', undefined, 'person')).toMatchObject({ n: 1 })
    expect(await tallyFaults(t.db)).toEqual([])
  })
})

test('R35 tallies are the events after any history', async () => {
  const people = await Promise.all(Array.from({ length: 4 }, () => person(t.db)))
  for (const one of people.slice(0, 3)) await member(t.db, one.id, 'disabled')
  const classes = await Promise.all(
    Array.from({ length: 3 }, (_, n) =>
      approvedClass(t.db, firm, { people: people.map((p) => p.id), enrolledAt: at(`2021-0${n + 3}-15`) }),
    ),
  )
  const step = fc.record({
    klass: fc.nat(2),
    who: fc.nat(3),
    leaves: fc.boolean(),
    month: fc.integer({ min: 3, max: 9 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      for (const { klass, who, leaves, month } of steps) {
        const chosen = classes[klass] as (typeof classes)[number]
        const enrolmentId = chosen.people[who]?.enrolmentId as string
        await setEnrolment(t.db, enrolmentId, leaves ? 'withdrawn' : 'enrolled')
        await countEnrolled(job(`2021-0${month}-20`), { classId: chosen.id })
      }
      expect(await tallyFaults(t.db)).toEqual([])
    }),
    { numRuns: 15 },
  )
})

test('R35 what was lost on the way is found at night and counted', async () => {
  const klass = await approvedClass(t.db, firm, { size: 2 })
  await results(t.db, klass, [true, true])
  await recount(job(), {})
  const { rows } = await t.owner.query(
    "select k.identifier as job, payload from graphile_worker._private_jobs j join graphile_worker._private_tasks k on k.id = j.task_id where payload->>'classId' = $1",
    [klass.id],
  )
  expect(rows.map((row) => row.job).sort()).toEqual(['reports.countEnrolled', 'reports.countPassed'])
})
