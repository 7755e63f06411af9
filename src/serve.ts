import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { serve as listen } from '@hono/node-server'
import { sql } from 'kysely'
import { type Logger, pino } from 'pino'
import type { ServerBuild } from 'react-router'
import { createApi } from '#api/api.ts'
import { createLti } from '#api/lti/lti.ts'
import { createCmi5 } from '#api/scorm/cmi5.ts'
import { createContent } from '#api/scorm/content.ts'
import { createXapi } from '#api/xapi/xapi.ts'
import { authFor } from '#modules/access/wiring.commands.ts'
import type { Config } from '#platform/config.ts'
import { contentOrigin, contentSource, keptApart, runsHere, siteOrigins } from '#platform/content-origin.ts'
import { cryptoFrom, loadKeys } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import { clockOf } from '#platform/installation.ts'
import { migrations } from '#platform/migrate.ts'
import { actorFromRequest } from '#platform/session.ts'
import { storageFrom } from '#platform/storage.ts'
import { filesFrom } from '#platform/uploads.ts'
import { loadPlan, type Plan } from '#policy/plan.ts'
import { createApp } from '#server.ts'
import { dayOf, formatDay } from '#shared/dates.ts'
import type { Current } from '#web/ctx.ts'
import { uploadServer } from '#web/http/uploads.ts'
import { nameSite } from '#web/site.ts'
import { startWorker } from '#worker.ts'

export type Settings = { config: Config; appUrl: string; facts: Record<string, unknown> }
export type Parts = ReturnType<typeof parts>

const buildFolder = join(import.meta.dirname, '../build')

/** What a process of one installation works with: plan, keys, clock, log, and a pool of its own. */
export function parts({ config, appUrl, facts }: Settings, connections = 10) {
  const log: Logger = pino({ level: config.logLevel, base: null })
  const { db, pool } = openDb(appUrl, connections)
  return {
    config,
    demo: facts.demo === true,
    log,
    db,
    pool,
    plan: namedAfter(loadPlan(config.planFolder)),
    crypto: cryptoFrom(loadKeys(config.dataDir, process.env)),
    clock: clockOf(facts),
    files: filesFrom(config),
  }
}

const namedAfter = (plan: Plan): Plan => {
  nameSite(plan)
  return plan
}

/** The whole site over its parts, not yet listening. */
export function createSite(
  shared: Parts,
  build: ServerBuild | (() => Promise<ServerBuild>),
  options: { dev?: boolean } = {},
) {
  const { config, clock, crypto, db, demo, files, log, plan, pool } = shared
  const baseUrl = config.publicUrl ?? `http://localhost:${config.port}`
  const sessions = { pool, crypto, clock, secure: baseUrl.startsWith('https:') }
  const auth = authFor({ db, crypto, plan, clock, baseUrl, oidc: config.oidc, log })
  const base = { db, plan, crypto, files }
  const report = (error: unknown, requestId: string) => log.error({ err: error, requestId }, 'unplanned error')
  const asked = async (request: Request, requestId: string = randomUUID()) => ({
    ...base,
    actor: (await actorFromRequest(sessions, request)).actor,
    now: clock.now(),
    requestId,
  })
  return createApp({
    build,
    ...(options.dev ? { dev: true } : { assetsFolder: join(buildFolder, 'client') }),
    origins: config.publicUrl ? [config.publicUrl] : [],
    trustedProxies: config.trustedProxies,
    frames: (request) => contentSource(config, request.url),
    async contextFor(request, { requestId, nonce, address }): Promise<Current> {
      const { actor, session } = await actorFromRequest(sessions, request)
      const now = clock.now()
      return {
        ctx: { ...base, actor, now, requestId },
        session,
        auth,
        sessions,
        demo: demo ? { label: `人员、单位和金额都是虚构的。演示时间 ${formatDay(dayOf(now))}` } : null,
        nonce,
        address,
        contentOrigin: (packageId) => contentOrigin(config, request.url, packageId),
        report: (error) => report(error, requestId),
      }
    },
    api: createApi({ contextFor: asked, report }),
    xapi: createXapi({ ...base, clock, home: new URL(baseUrl).origin, report }),
    lti: createLti({
      contextFor: asked,
      origin: (request) => new URL(config.publicUrl ?? request.url).origin,
      secure: sessions.secure,
      report,
      note: (message, facts) => log.info(facts, message),
    }),
    uploads: uploadServer(files, (request) => asked(request)),
    auth: (request) => auth.handle(request),
    ready: () => readiness(shared),
    report: (error, { requestId }) => report(error, requestId),
  })
}

/** What strangers have written, on an origin of its own: it knows no session, and nothing of the site is there. */
export function createLessons({ config, clock, crypto, db, log, plan }: Parts) {
  const home = new URL(config.publicUrl ?? `http://localhost:${config.port}`).origin
  const report = (error: unknown, requestId: string) =>
    log.error({ err: error, requestId }, 'unplanned error in a lesson')
  const contextFor = (requestId: string) => ({ db, plan, crypto, now: clock.now(), requestId })
  return createContent({
    contextFor,
    home,
    originOf: (request, packageId) =>
      config.contentUrl ? contentOrigin(config, request.url, packageId) : new URL(request.url).origin,
    cmi5: createCmi5({ db, plan, crypto, clock, home, report, contextFor }),
    storage: storageFrom(config),
    sites: (request) => siteOrigins(config, request.url),
    runsHere: (request, packageId) => runsHere(config, request.url, packageId),
    apart: keptApart(config),
    report,
  })
}

/** One server process: takes connections until told to stop, then lets open requests end. */
export async function serve(settings: Settings): Promise<void> {
  const shared = parts(settings)
  const build: ServerBuild = await import(pathToFileURL(join(buildFolder, 'server/index.js')).href)
  const app = createSite(shared, build)
  const server = listen({ fetch: app.fetch, port: settings.config.port, hostname: settings.config.host })
  const lessons = listen({
    fetch: createLessons(shared).fetch,
    port: settings.config.contentPort,
    hostname: settings.config.host,
  })
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    lessons.close()
    server.close(() => void shared.pool.end().then(() => process.exit(0)))
    setTimeout(() => process.exit(0), 10_000).unref() // a request that hangs must not hold the machine
    if ('closeIdleConnections' in server) server.closeIdleConnections()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', () => {}) // Ctrl-C reaches every process; the first one says when
  process.on('disconnect', stop) // the first process was killed: nobody would ever stop us
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

async function readiness({ db }: Pick<Parts, 'db'>) {
  const checks: Record<string, string> = {}
  try {
    const { rows } = await sql<{ name: string; oldest: number | null }>`
      select name, platform.queue_age_seconds() as oldest from public.migrations order by name desc limit 1
    `.execute(db)
    checks.database = 'ok'
    checks.migrations = rows[0]?.name === migrations().at(-1)?.name ? 'ok' : `at ${rows[0]?.name ?? 'none'}`
    const oldest = rows[0]?.oldest ?? 0
    checks.queue = oldest < 300 ? 'ok' : `the oldest due job waits ${oldest} s: no worker runs`
  } catch (error) {
    checks.database = (error as Error).message
  }
  return { ok: Object.values(checks).every((state) => state === 'ok'), checks }
}
