import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import pino from 'pino'
import type { ServerBuild } from 'react-router'
import type { Actor } from '#platform/actor.ts'
import { buildWeb } from '#platform/build.ts'
import type { Clock } from '#platform/clock.ts'
import type { Ctx } from '#platform/command.ts'
import { readConfig } from '#platform/config.ts'
import { openDb } from '#platform/db.ts'
import { type Storage, storageFrom } from '#platform/storage.ts'
import { freshDb, systemActor, type TestDb, testCrypto, testNow, testPlan } from '#platform/testing.ts'
import { type Files, filesFrom } from '#platform/uploads.ts'
import { createLessons, createSite } from '#serve.ts'
import { nameSite } from '#web/site.ts'

export type TestSite = TestDb & {
  /** `http://127.0.0.1:port`, no slash. */
  address: string
  /** Where this site's uploads and files lie; gone when it closes. */
  files: Files
  /** The origin of uploaded lessons. */
  lessons: string
  storage: Storage
  /** A command's context at the site's own time. */
  ctx(actor?: Actor): Ctx
  /** Sets the site's clock; it runs on from there. */
  setTime(now: Date): void
}

/**
 * The whole site over a database of its own, made as `serve.ts` makes it, listening on a free port. The pages are built
 * when their sources changed. Nothing runs in the background: a journey calls the jobs it waits for.
 */
export async function startSite(
  urls: { ownerUrl: string; appUrl: string },
  now = testNow,
  demo = false,
): Promise<TestSite> {
  await buildWeb(() => {})
  const build = (await import(join(import.meta.dirname, '../../build/server/index.js'))) as ServerBuild
  const t = await freshDb(urls)
  const { db, pool } = openDb(t.url, 10)
  const plan = testPlan()
  nameSite(plan)
  let offsetMs = now.getTime() - Date.now()
  const clock: Clock = { offsetMs, now: () => new Date(Date.now() + offsetMs) }
  const folder = mkdtempSync(join(tmpdir(), 'skills-site-'))
  const config = readConfig({ PORT: '0', LOG_LEVEL: 'warn', DATA_DIR: folder })
  const files = filesFrom(config)
  const shared = { config, demo, log: pino({ level: 'warn' }), db, pool, plan, crypto: testCrypto, clock, files }
  const server = serve({ fetch: createSite(shared, build).fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise<void>((resolve) => server.once('listening', () => resolve()))
  const lessons = serve({ fetch: createLessons(shared).fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise<void>((resolve) => lessons.once('listening', () => resolve()))
  config.port = (server.address() as AddressInfo).port
  config.contentPort = (lessons.address() as AddressInfo).port
  return {
    ...t,
    address: `http://127.0.0.1:${config.port}`,
    files,
    lessons: `http://localhost:${config.contentPort}`,
    storage: storageFrom(config),
    ctx: (actor = systemActor) => ({
      ...{ db: t.db, actor, plan, crypto: testCrypto, files },
      now: clock.now(),
      requestId: `test-${randomUUID()}`,
    }),
    setTime: (to) => {
      offsetMs = to.getTime() - Date.now()
    },
    close: async () => {
      for (const each of [server, lessons]) {
        if ('closeAllConnections' in each) each.closeAllConnections()
        each.close()
      }
      await db.destroy()
      await t.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
