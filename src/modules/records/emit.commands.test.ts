import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, systemActor, type TestDb, testCrypto } from '#platform/testing.ts'
import { concluded, issued, type RunningClass, runningClass } from '../../../tests/fixtures/assessed.ts'
import { emitClass } from './emit.commands.ts'
import { jobs } from './emit.jobs.ts'
import { accountName } from './emit.queries.ts'
import { verbs } from './profile.rules.ts'
import { statementPage } from './statement.queries.ts'
import type { Statement } from './statement.schema.ts'

let t: TestDb
let of: RunningClass
const home = 'https://peixun.example.gov.cn'
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  of = await runningClass(t.db, [900, 720])
})
afterAll(() => t.close())

const tell = () => emitClass(ctxFor(t.db, systemActor), { classId: of.id, home })
async function told(): Promise<Statement[]> {
  const filter = { organisationId: of.organisation.id, relatedAgents: false, relatedActivities: false, ascending: true }
  return (await statementPage(t.db, filter, null, 100)).map(({ body }) => JSON.parse(body) as Statement)
}
const count = (all: Statement[], name: keyof typeof verbs) =>
  all.filter(({ verb }) => verb.id === verbs[name].id).length

describe('HZ4-M13 the platform’s own records as statements', () => {
  test('HZ4-M13 enrolments and hours are told once, however often the job runs', async () => {
    const first = await tell()
    expect(first.count).toBe(2 + 3 + 2) // two people; 900 minutes are three days, 720 are two
    expect((await tell()).count).toBe(0)
    const all = await told()
    expect([count(all, 'registered'), count(all, 'attended')]).toEqual([2, 5])
    const minutes = all.flatMap(({ result }) => Number(/^PT(\d+)M$/.exec(result?.duration ?? '')?.[1] ?? 0))
    expect(minutes.reduce((sum, n) => sum + n, 0)).toBe(1620)
  })

  test('C25 a person is an account of this installation and nothing else', async () => {
    const [one] = of.people
    const all = await told()
    const own = all.filter(({ actor }) => actor.account?.name === accountName(testCrypto, one?.id ?? ''))
    expect(own.length).toBeGreaterThan(0)
    for (const { actor } of all)
      expect(actor).toEqual({ objectType: 'Agent', account: { homePage: home, name: expect.any(String) } })
    const { rows } = await sql<{ id: string; masked: string; document: string }>`
      select p.id, p.name_masked as masked, p.document_masked as document from people.persons p
      join training.enrolments e on e.person_id = p.id where e.class_id = ${of.id}`.execute(t.db)
    const text = JSON.stringify(all)
    for (const { id, masked, document } of rows)
      for (const secret of [id, masked, document]) expect(text).not.toContain(secret)
  })

  test('HZ4-M13 hours taken back void their statement', async () => {
    const before = await told()
    await sql`insert into training.hour_entries (person_id, enrolment_id, class_id, source, on_day, minutes, grade, evidence, reverses, reason, at, by_user)
      select person_id, enrolment_id, class_id, source, on_day, -minutes, grade, '{}', id, '复核扣减', at, 'test'
      from training.hour_entries where class_id = ${of.id} order by id desc limit 1`.execute(t.db)
    expect((await tell()).count).toBe(1)
    const after = await told()
    expect([count(before, 'attended'), count(after, 'attended')]).toEqual([5, 4])
  })

  test('R02 results and certificates queue the job themselves and are told', async () => {
    await t.owner.query(
      "delete from graphile_worker._private_jobs where task_id in (select id from graphile_worker._private_tasks where identifier = 'records.emitClass')",
    )
    await concluded(t.db, of, [
      ['90', '88'],
      ['40', '30'],
    ])
    await issued(t.db, of)
    const { rows } = await t.owner.query(
      "select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks k on k.id = j.task_id where k.identifier = 'records.emitClass'",
    )
    expect(rows.map(({ payload }) => payload)).toEqual([{ classId: of.id }])
    await jobs['records.emitClass']?.(ctxFor(t.db, systemActor), rows[0].payload)
    const all = await told()
    expect([count(all, 'passed'), count(all, 'failed'), count(all, 'certified')]).toEqual([1, 1, 1])
  })

  test('C25 each telling left one row in the trail, and one for the storing within it', async () => {
    const { rows } = await t.owner.query(
      "select command, count(*)::int as n from audit.entries where command like 'records.%' group by 1 order by 1",
    )
    expect(rows.map(({ command }) => command)).toEqual(['records.emitClass', 'records.store'])
  })
})
