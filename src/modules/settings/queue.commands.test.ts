import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { enqueue } from '#platform/command.ts'
import { ctxFor, freshDb, type TestDb, user } from '#platform/testing.ts'
import { faultOf } from '../../../tests/fixtures/training.ts'
import { resendJob } from './queue.commands.ts'
import { deadLetters, installationNow, queueTasks } from './queue.queries.ts'

let t: TestDb
const admin = user('罗系统', [{ role: 'system-admin' }])
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

/** A job that was tried until nothing was left. */
async function dead(error: string): Promise<number> {
  await enqueue(t.db, 'records.forward', { n: 1 })
  const { rows } = await t.owner.query<{ id: number }>(
    `update graphile_worker._private_jobs set attempts = max_attempts, last_error = $1, updated_at = now()
     where id = (select max(id) from graphile_worker._private_jobs) returning id::int`,
    [error],
  )
  return rows[0]?.id as number
}

test('C25 a job that failed for good is shown without anybody’s number, and sent again once', async () => {
  const id = await dead('no answer for 13800138000\n  at somewhere')
  await enqueue(t.db, 'records.forward', { n: 2 })
  const ctx = ctxFor(t.db, admin)
  expect(await deadLetters(ctx)).toEqual([expect.objectContaining({ id, error: 'no answer for ####' })])
  expect((await queueTasks(ctx)).find(({ task }) => task === 'records.forward')).toMatchObject({ due: 1, dead: 1 })

  expect(await faultOf(resendJob(ctxFor(t.db, user('初审', [{ role: 'hr-first-reviewer' }])), { jobId: id }))).toBe(
    'forbidden',
  )
  expect(await resendJob(ctx, { jobId: id })).toEqual({ jobId: id, task: 'records.forward' })
  expect(await deadLetters(ctx)).toEqual([])
  expect((await queueTasks(ctx)).find(({ task }) => task === 'records.forward')).toMatchObject({ due: 2, dead: 0 })
  expect(await faultOf(resendJob(ctx, { jobId: id }))).toBe('missing')
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from audit.entries
    where command = 'settings.resendJob' and subjects = array[${`job:${id}`}]`.execute(t.db)
  expect(rows[0]?.n).toBe(1)
})

test('C25 a job that runs is left alone; the queue itself stays closed to the application', async () => {
  const id = await dead('x')
  await t.owner.query('update graphile_worker._private_jobs set locked_at = now(), locked_by = $2 where id = $1', [
    id,
    'w',
  ])
  expect(await faultOf(resendJob(ctxFor(t.db, admin), { jobId: id }))).toBe('missing')
  await expect(sql`select * from graphile_worker._private_jobs`.execute(t.db)).rejects.toThrow(/permission denied/)
})

test('C25 the installation says what it runs on', async () => {
  const now = await installationNow(ctxFor(t.db, admin))
  expect(now).toMatchObject({ node: process.version, upToDate: true, disk: null })
  expect(now.databaseBytes).toBeGreaterThan(1_000_000)
})
