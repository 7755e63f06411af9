import { statfs } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { migrations } from '#platform/migrate.ts'

export type QueueTask = {
  task: string
  due: number
  running: number
  later: number
  dead: number
  oldestSeconds: number
}
export type DeadLetter = { id: number; task: string; attempts: number; error: string; queuedAt: Date; failedAt: Date }

/** What waits, runs and has failed for good, by kind of job. */
export async function queueTasks({ db }: Pick<Ctx, 'db'>): Promise<QueueTask[]> {
  const { rows } = await sql<QueueTask>`
    select task, due, running, later, dead, oldest_seconds as "oldestSeconds" from platform.queue_tasks()`.execute(db)
  return rows
}

/** Jobs that used up their tries, the newest first. */
export async function deadLetters({ db }: Pick<Ctx, 'db'>): Promise<DeadLetter[]> {
  const { rows } = await sql<DeadLetter>`
    select id::int, task, attempts, error, queued_at as "queuedAt", failed_at as "failedAt" from platform.dead_letters()`.execute(
    db,
  )
  return rows
}

export type Installation = {
  node: string
  postgres: string
  migration: string
  upToDate: boolean
  databaseBytes: number
  /** Of the disk that uploads arrive on; null when this process has none. */
  disk: { freeBytes: number; totalBytes: number } | null
  unsealed: number
}

/** What this installation runs on, asked now. */
export async function installationNow({ db, files }: Pick<Ctx, 'db' | 'files'>): Promise<Installation> {
  const { rows } = await sql<{ postgres: string; migration: string; bytes: string; unsealed: number }>`
    select current_setting('server_version') as postgres, (select max(name) from public.migrations) as migration,
      pg_database_size(current_database()) as bytes,
      (select count(*)::int from audit.entries e where not exists (select from audit.links l where l.entry_id = e.id)
        and e.at > now() - interval '1 day') as unsealed`.execute(db)
  const [row] = rows
  const disk = files && (await statfs(files.uploadFolder).catch(() => null))
  return {
    node: process.version,
    postgres: row?.postgres ?? '',
    migration: row?.migration ?? '',
    upToDate: row?.migration === migrations().at(-1)?.name,
    databaseBytes: Number(row?.bytes ?? 0),
    disk: disk ? { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize } : null,
    unsealed: row?.unsealed ?? 0,
  }
}
