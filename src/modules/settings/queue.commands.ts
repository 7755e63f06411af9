import { sql } from 'kysely'
import { type Command, command } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { ResendJob } from './queue.schema.ts'

/**
 * Sends a job again that has used up its tries; it begins at once, with all its tries. One that runs, waits or is gone is
 * not there for this.
 * @clause C25
 */
export const resendJob: Command<typeof ResendJob, { jobId: number; task: string }> = command({
  name: 'settings.resendJob',
  permission: 'system.operate',
  input: ResendJob,
  async run(tx, { jobId }) {
    const { rows } = await sql<{ task: string | null }>`select platform.resend_job(${jobId}) as task`.execute(tx.db)
    const task = rows[0]?.task
    if (!task) throw missing('job')
    tx.about('job', String(jobId))
    return { jobId, task }
  },
  outcome: ({ jobId, task }) => ({ jobId, task }),
})
