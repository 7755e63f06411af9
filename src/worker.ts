import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseCronItems, type Runner, run, type Task, Logger as WorkerLogger } from 'graphile-worker'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import { system } from '#platform/actor.ts'
import type { Clock } from '#platform/clock.ts'
import type { Ctx } from '#platform/command.ts'
import type { Db } from '#platform/db.ts'

/** A background job: parses its payload and calls a command. */
export type Job = (ctx: Ctx, payload: unknown) => Promise<void>
/** When a job runs by itself, as a crontab line's first five fields (UTC) by job name. */
export type Timetable = Record<string, string>

type Base = Pick<Ctx, 'plan' | 'crypto' | 'files'> & { db: Db; clock: Clock; log: Logger }

/** Every `*.jobs.ts` of every module; two jobs with one name stop the start. */
export async function allJobs(): Promise<{ jobs: Record<string, Job>; timetable: Timetable; atStart: string[] }> {
  const modules = join(import.meta.dirname, 'modules')
  const jobs: Record<string, Job> = {}
  const timetable: Timetable = {}
  const atStart: string[] = []
  for (const path of readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.jobs.ts'),
  )) {
    const file: { jobs: Record<string, Job>; timetable?: Timetable; atStart?: string[] } = await import(
      join(modules, path)
    )
    for (const [name, job] of Object.entries(file.jobs)) {
      if (name in jobs) throw new Error(`two jobs are named ${name}`)
      jobs[name] = job
    }
    Object.assign(timetable, file.timetable ?? {})
    atStart.push(...(file.atStart ?? []))
  }
  for (const name of [...Object.keys(timetable), ...atStart]) {
    if (!(name in jobs)) throw new Error(`the timetable names no job: ${name}`)
  }
  return { jobs, timetable, atStart }
}

/** Runs queued jobs until stopped. Jobs are taken by `ownerUrl`, their work is done as the application's own role. */
export async function startWorker(base: Base, ownerUrl: string): Promise<{ stop(): Promise<void> }> {
  const { jobs, timetable, atStart } = await allJobs()
  const taskList: Record<string, Task> = Object.fromEntries(
    Object.entries(jobs).map(([name, job]) => [
      name,
      async (payload, helpers) => job(jobCtx(base, name, String(helpers.job.id)), payload),
    ]),
  )
  const runner: Runner = await run({
    connectionString: ownerUrl,
    concurrency: 4,
    maxPoolSize: 6,
    noHandleSignals: true,
    pollInterval: 2000,
    taskList,
    parsedCronItems: parseCronItems(Object.entries(timetable).map(([task, match]) => ({ task, match }))),
    logger: quiet(base.log),
  })
  for (const name of atStart) await runner.addJob(name, {}, { jobKey: `at-start:${name}` })
  const sealing = setInterval(
    () => void seal(base).catch((error) => base.log.error({ error }, 'sealing the trail failed')),
    1000,
  )
  return {
    stop: async () => {
      clearInterval(sealing)
      await runner.stop()
      await seal(base)
    },
  }
}

export function jobCtx(base: Pick<Base, 'db' | 'plan' | 'crypto' | 'clock' | 'files'>, name: string, id: string): Ctx {
  return {
    db: base.db,
    plan: base.plan,
    crypto: base.crypto,
    ...(base.files && { files: base.files }),
    actor: system(name),
    now: base.clock.now(),
    requestId: `job-${id}`,
  }
}

async function seal({ db }: Pick<Base, 'db'>): Promise<void> {
  let linked = 0
  do {
    const { rows } = await sql<{ linked: number }>`select audit.seal() as linked`.execute(db)
    linked = rows[0]?.linked ?? 0
  } while (linked >= 5000)
}

function quiet(log: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message) => {
    if (level === 'error') log.error(message)
    else if (level === 'warning') log.warn(message)
    else log.debug(message)
  })
}
