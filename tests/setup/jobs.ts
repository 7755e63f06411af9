import { Logger, runOnce, type TaskList } from 'graphile-worker'
import { sql } from 'kysely'
import { testCrypto, testPlan } from '#platform/testing.ts'
import { allJobs, jobCtx } from '#worker.ts'
import type { TestSite } from './site.ts'

const silent = new Logger(() => () => {})

/**
 * Works off what the commands have queued, at the site's own time, until nothing is left; then links the trail as the
 * server does every second. A job that fails stops the test with its own words.
 */
export async function runJobs(site: TestSite): Promise<void> {
  const { jobs } = await allJobs()
  const failed: string[] = []
  const clock = { offsetMs: 0, now: () => site.ctx().now }
  const base = { db: site.db, plan: testPlan(), crypto: testCrypto, clock, files: site.files }
  const taskList: TaskList = Object.fromEntries(
    Object.entries(jobs).map(([name, job]) => [
      name,
      async (payload, helpers) => {
        try {
          await job(jobCtx(base, name, String(helpers.job.id)), payload)
        } catch (error) {
          failed.push(`${name}: ${error instanceof Error ? error.message : error}`)
          throw error
        }
      },
    ]),
  )
  for (;;) {
    const { rows } = await site.owner.query('select 1 from graphile_worker.jobs where run_at <= now() limit 1')
    if (rows.length === 0) break
    await runOnce({ connectionString: site.ownerUrl, taskList, logger: silent, noHandleSignals: true, concurrency: 1 })
    if (failed.length > 0) throw new Error(`jobs failed: ${failed.join('; ')}`)
  }
  await sql`select audit.seal()`.execute(site.db)
}

/** A job that runs by the clock, now: what the timetable would do at this hour of the site's time. */
export async function runByClock(site: TestSite, name: string): Promise<void> {
  const { jobs } = await allJobs()
  const job = jobs[name]
  if (!job) throw new Error(`no job is named ${name}`)
  await job(
    jobCtx(
      {
        db: site.db,
        plan: testPlan(),
        crypto: testCrypto,
        files: site.files,
        clock: { offsetMs: 0, now: () => site.ctx().now },
      },
      name,
      'clock',
    ),
    {},
  )
  await runJobs(site)
}
