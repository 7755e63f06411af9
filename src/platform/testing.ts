/** For tests only: a database of one's own, cloned from the migrated template, reached as the application's own role. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { loadPlan, type Plan } from '#policy/plan.ts'
import { type Actor, actorOf, type Holding, system } from './actor.ts'
import type { Ctx } from './command.ts'
import { cryptoFrom } from './crypto.ts'
import { type Db, openDb } from './db.ts'

const template = 'template_skills'
let plan: Plan | undefined

export const testPlan = (): Plan => {
  plan ??= loadPlan(`${import.meta.dirname}/../../plan/haizhu-2020`)
  return plan
}

export const testCrypto = cryptoFrom({
  current: 'test',
  keys: { test: Buffer.alloc(32, 7) },
  indexKey: Buffer.alloc(32, 9),
})

/** A Wednesday in the plan's own time: 2021-09-15 10:00 in Guangzhou. */
export const testNow = new Date('2021-09-15T10:00:00+08:00')

export type TestDb = { db: Db; owner: pg.Pool; close(): Promise<void>; url: string; ownerUrl: string }

/** `urls` come from vitest's `inject('ownerUrl')` and `inject('appUrl')`. */
export async function freshDb(urls: { ownerUrl: string; appUrl: string }, max = 20): Promise<TestDb> {
  const name = `t_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: urls.ownerUrl.replace('{database}', 'postgres') })
  await admin.connect()
  await admin.query("select pg_advisory_lock(hashtextextended('clone', 0))") // a template can be cloned by one at a time
  await admin.query(`create database ${name} template ${template}`)
  await admin.query("select pg_advisory_unlock(hashtextextended('clone', 0))")
  const url = urls.appUrl.replace('{database}', name)
  const ownerUrl = urls.ownerUrl.replace('{database}', name)
  const { db } = openDb(url, max)
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 })
  owner.on('error', () => {}) // closing the database ends its idle connections
  return {
    db,
    owner,
    url,
    ownerUrl,
    close: async () => {
      await db.destroy()
      await owner.end()
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
}

/** A request's context for a test. */
export function ctxFor(db: Db, actor: Actor, now = testNow): Ctx {
  return { db, actor, now, requestId: `test-${randomUUID()}`, plan: testPlan(), crypto: testCrypto }
}

/** Somebody with roles: `user('李审核', [{ role: 'hr-first-reviewer' }])`. */
export function user(name: string, holdings: Holding[], personId: string | null = null): Actor {
  return actorOf({ kind: 'user', id: `user:${name}`, name, personId, holdings })
}

export const systemActor = system('test')
