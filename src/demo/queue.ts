import { Logger, runOnce, type TaskList } from 'graphile-worker'
import type pg from 'pg'
import type { Ctx } from '#platform/command.ts'
import { allJobs, jobCtx } from '#worker.ts'

const silent = new Logger(() => () => {})

/** Runs what the commands have queued, here and now, as the worker would: at the instant of the story. */
export async function queueRunner(
  owner: pg.Pool,
  base: Pick<Ctx, 'plan' | 'crypto' | 'db' | 'files'>,
  now: () => Date,
) {
  const { jobs } = await allJobs()
  const failed: string[] = []
  const taskList: TaskList = Object.fromEntries(
    Object.entries(jobs).map(([name, job]) => [
      name,
      async (payload, helpers) => {
        try {
          await job(jobCtx({ ...base, clock: { now, offsetMs: 0 } }, name, String(helpers.job.id)), payload)
        } catch (error) {
          failed.push(`${name}: ${error instanceof Error ? error.message : error}`)
          throw error
        }
      },
    ]),
  )
  return async () => {
    const { rows } = await owner.query('select 1 from graphile_worker.jobs where run_at <= now() limit 1')
    if (rows.length === 0) return
    await runOnce({ pgPool: owner, taskList, logger: silent, noHandleSignals: true, concurrency: 1 })
    if (failed.length > 0) throw new Error(`jobs failed: ${failed.join('; ')}`)
  }
}
