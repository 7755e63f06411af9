import { join } from 'node:path'
import { serve as listen } from '@hono/node-server'
import { sql } from 'kysely'
import { type Logger, pino } from 'pino'
import { createApi } from '#api/api.ts'
import { createAuth } from '#platform/auth.ts'
import type { Config } from '#platform/config.ts'
import { cryptoFrom, loadKeys } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import { clockOf } from '#platform/installation.ts'
import { migrations } from '#platform/migrate.ts'
import { actorFromRequest } from '#platform/session.ts'
import { loadPlan } from '#policy/plan.ts'
import { createApp } from '#server.ts'
import { startWorker } from '#worker.ts'

export type Settings = { config: Config; appUrl: string; facts: Record<string, unknown> }

const buildFolder = join(import.meta.dirname, '../build')

/** What every process of one installation shares: plan, keys, clock, log, and a pool of its own. */
export function parts({ config, appUrl, facts }: Settings, connections = 10) {
  const log: Logger = pino({
    level: config.logLevel,
    base: null,
    redact: ['*.password', '*.phone', '*.documentNumber'],
  })
  const { db, pool } = openDb(appUrl, connections)
  return {
    config,
    facts,
    log,
    db,
    pool,
    plan: loadPlan(config.planFolder),
    crypto: cryptoFrom(loadKeys(config.dataDir, process.env)),
    clock: clockOf(facts),
  }
}

/** The queue and the sealing of the trail: one per machine. */
export async function startBackground(settings: Settings, ownerUrl: string) {
  const shared = parts(settings, 6)
  const worker = await startWorker(shared, ownerUrl)
  return {
    stop: async () => {
      await worker.stop()
      await shared.pool.end()
    },
  }
}
