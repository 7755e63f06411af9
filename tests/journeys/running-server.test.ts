import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startAttempt } from '#modules/learning/exam.commands.ts'
import { answersOf } from '#modules/learning/exam.queries.ts'
import { register } from '#modules/learning/registration.commands.ts'
import { checkMedia } from '#modules/library/media.commands.ts'
import { createClient } from '#modules/records/client.commands.ts'
import { readConfig } from '#platform/config.ts'
import { type Db, openDb } from '#platform/db.ts'
import { migrate } from '#platform/migrate.ts'
import { type Cluster, startCluster } from '#platform/postgres.ts'
import { ctxFor, systemActor, testNow } from '#platform/testing.ts'
import { filesFrom } from '#platform/uploads.ts'
import { paths } from '#web/paths.ts'
import { freePort, type RunningSite, runSite, streamOf } from '../crash/running-site.ts'
import { course } from '../fixtures/learning.ts'
import { organisationFor } from '../fixtures/lessons.ts'
import { member } from '../fixtures/training.ts'
import { home, statement } from '../fixtures/xapi.ts'
import { signInAs } from '../setup/accounts.ts'

/** Four kinds of people at the real server over HTTP, on a database as durable as in production; the server is killed twice. */
const folder = mkdtempSync(join(tmpdir(), 'skills-running-'))
const files = filesFrom({ ...readConfig({}), dataDir: folder })
const offsetMs = testNow.getTime() - Date.now()
const watchers = 6
let cluster: Cluster
let db: Db
let url = ''
let port = 0
let site: RunningSite

beforeAll(async () => {
  cluster = await startCluster(join(folder, 'postgres'))
  await migrate(cluster.urlFor('postgres'), { name: 'skills_app', password: 'app' })
  const at = new URL(cluster.urlFor('postgres'))
  at.username = 'skills_app'
  at.password = 'app'
  url = at.href
  db = openDb(url, 6).db
  port = await freePort()
})
afterAll(async () => {
  await site?.kill()
  await db?.destroy()
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const keys = {
  DATA_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
  INDEX_KEY: Buffer.alloc(32, 9).toString('base64'),
}
const start = () => runSite({ appUrl: url, dataDir: folder, port, clockOffsetMs: offsetMs, env: keys })

/** Somebody at the server: does one thing and says whether it was acknowledged. What has no answer is done again later. */
type Somebody = { step(): Promise<void>; acknowledged(): number }

const ask = (path: string, init: RequestInit & { cookie?: string; duplex?: 'half' }) =>
  fetch(site.address + path, {
    ...init,
    headers: { origin: site.address, ...(init.cookie && { cookie: init.cookie }), ...(init.headers as object) },
  })

/** Everybody goes on until each has had so many answers; then the server is gone in the middle of whatever it does. */
async function killedInTheMiddle(people: readonly Somebody[], answers: number): Promise<void> {
  const before = people.map((one) => one.acknowledged())
  const enough = () => people.every((one, i) => one.acknowledged() - (before[i] ?? 0) >= answers)
  let gone = false
  const work = people.map(async (one) => {
    while (!gone) await one.step().catch((error) => gone || Promise.reject(error))
  })
  const killed = (async () => {
    while (!enough()) await new Promise((go) => setTimeout(go, 10))
    gone = true
    await site.kill()
  })()
  await Promise.all([...work, killed])
}

describe('HZ4-M13 kill -9 of the running server', () => {
  test('HZ4-M13 C16 uploads, answers, heartbeats and statements: nothing acknowledged is lost, nothing counts twice', async () => {
    const organisationId = await organisationFor(db)
    site = await start()
    const upload = await uploader(organisationId)
    const paper = await examinee(organisationId)
    const films = await Promise.all(Array.from({ length: watchers }, () => watcher(organisationId)))
    const store = await reporter(organisationId)
    const everybody = [upload, paper, ...films, store]
    for (const answers of [6, 8]) {
      await killedInTheMiddle(everybody, answers)
      await upload.check()
      await paper.check()
      for (const film of films) await film.check()
      await store.check()
      site = await start()
    }
    for (const one of everybody) await one.step() // what had no answer is sent again
    await upload.finish()
    await paper.check()
    for (const film of films) await film.check()
    await store.check()
  })
})

/** A piece that takes a while, so that the server is killed while it arrives. */
const slowly = (bytes: Uint8Array) =>
  streamOf(
    (async function* () {
      for (let at = 0; at < bytes.length; at += 32 * 1024) {
        yield bytes.subarray(at, at + 32 * 1024)
        await new Promise((go) => setTimeout(go, 10))
      }
    })(),
  )

async function uploader(organisationId: string) {
  const bytes = randomBytes(12 * 1024 * 1024)
  const { cookie } = await signInAs(db, url, { roles: [{ role: 'provider-academic', organisationId }] })
  const piece = 256 * 1024
  const word = (text: string) => Buffer.from(text).toString('base64')
  const made = await ask(paths.libraryUploads(), {
    method: 'POST',
    cookie,
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'upload-metadata': `organisation ${word(organisationId)},filename ${word('长片.bin')}`,
    },
  })
  expect(made.status).toBe(201)
  const place = made.headers.get('location') as string
  const mediaId = place.split('/').at(-1) as string
  let acked = 0
  let count = 0
  let sure = true
  let hurried = false
  const offset = async (): Promise<number> => {
    const answer = await ask(place, { method: 'HEAD', cookie, headers: { 'tus-resumable': '1.0.0' } })
    if (answer.status === 423) return offset() // whoever wrote when the server was killed still has the lease
    expect(answer.status).toBe(200)
    return Number(answer.headers.get('upload-offset'))
  }
  const step = async () => {
    if (!sure) {
      const there = await offset()
      expect(there).toBeGreaterThanOrEqual(acked)
      acked = there
    }
    if (acked === bytes.length) return void count++
    sure = false
    const answer = await ask(place, {
      method: 'PATCH',
      cookie,
      headers: {
        'tus-resumable': '1.0.0',
        'upload-offset': String(acked),
        'content-type': 'application/offset+octet-stream',
      },
      body: hurried ? bytes.subarray(acked) : slowly(bytes.subarray(acked, acked + piece)),
      duplex: 'half',
    })
    if (answer.status !== 204) throw new Error(`${answer.status} ${await answer.text()}`)
    acked = Number(answer.headers.get('upload-offset'))
    sure = true
    count++
  }
  return {
    step,
    acknowledged: () => count,
    check: async () => {
      const row = await db
        .selectFrom('library.media')
        .select('state')
        .where('id', '=', mediaId)
        .executeTakeFirstOrThrow()
      expect(row.state).toBe(acked === bytes.length ? 'checking' : 'uploading')
    },
    finish: async () => {
      hurried = true
      while (acked < bytes.length) await step()
      await checkMedia({ ...ctxFor(db, systemActor), files }, { mediaId })
      const row = await db.selectFrom('library.media').selectAll().where('id', '=', mediaId).executeTakeFirstOrThrow()
      expect(row.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
      expect(Number(row.size_bytes)).toBe(bytes.length)
    },
  }
}

async function examinee(organisationId: string) {
  const body = { pools: [{ pool: 'a', count: 4 }], minutes: 60, passMark: 60 }
  const lesson = await course(db, organisationId, [{ kind: 'exam', title: '测验', body }])
  await sql`insert into library.questions (course_id, pool, kind, prompt, answer, points, created_by, created_at)
    select ${lesson.id}, 'a', 'text', '题' || n, '["x"]', 1, 'test', now() from generate_series(1, 6) n`.execute(db)
  const { cookie, actor } = await signInAs(db, url, { identity: 'verified' })
  const ctx = ctxFor(db, actor, new Date(Date.now() + offsetMs))
  const { registrationId } = await register(ctx, { courseId: lesson.id })
  const { attemptId } = await startAttempt(ctx, { registrationId, itemId: lesson.itemIds[0] })
  const { question_ids: questions } = await db
    .selectFrom('learning.attempts')
    .select('question_ids')
    .where('id', '=', attemptId)
    .executeTakeFirstOrThrow()
  let acked = 0
  let round = 0
  return {
    acknowledged: () => acked,
    step: async () => {
      round = acked + 1
      const form = new URLSearchParams(questions.map((id) => [`q.${id}`, `第${round}次`]))
      const answer = await ask(paths.attemptAnswers(attemptId), { method: 'POST', cookie, body: form })
      if (!((await answer.json()) as { ok: boolean }).ok) throw new Error(`${answer.status}`)
      acked = round
    },
    check: async () => {
      const kept = await answersOf(db, attemptId)
      for (const id of questions) {
        const there = Number(/\d+/.exec(String(kept.get(id)))?.[0])
        expect(there).toBeGreaterThanOrEqual(acked)
        expect(there).toBeLessThanOrEqual(round)
      }
      // each kept once, each with its line in the trail
      const { rows } = await sql<{ n: number; distinct: number; audited: number }>`select count(*)::int as n,
        count(distinct (question_id, answer))::int as distinct, (select count(*)::int from audit.entries where command = 'learning.saveAnswer') as audited
        from learning.answers where attempt_id = ${attemptId}`.execute(db)
      expect(rows[0]).toMatchObject({ n: rows[0]?.distinct, audited: rows[0]?.n })
    },
  }
}

async function watcher(organisationId: string) {
  const lesson = await course(db, organisationId, [{ kind: 'video', title: '长片', seconds: 7200 }])
  const { cookie, actor } = await signInAs(db, url, { identity: 'verified' })
  const { registrationId } = await register(ctxFor(db, actor), { courseId: lesson.id })
  const tell = async (body: object) => {
    const answer = await ask(paths.viewing(), {
      method: 'POST',
      cookie,
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify(body),
    })
    if (answer.status >= 500) throw new Error(`${answer.status}`)
    return (await answer.json()) as { ok: boolean; reason: string; viewingId: string; grantedMs: number }
  }
  const { viewingId } = await tell({ intent: 'open', registrationId, itemId: lesson.itemIds[0] })
  const began = Date.now()
  const acked = new Map<number, number>()
  let sequence = 1
  let sent = 0
  return {
    acknowledged: () => acked.size,
    step: async () => {
      await new Promise((go) => setTimeout(go, 100))
      sent++
      const positionMs = Math.max(Date.now() - began - 100, 0)
      const told = await tell({
        intent: 'beat',
        viewingId,
        sequence,
        positionMs,
        playing: true,
        visible: true,
        rate: 1,
      })
      // a beat whose answer was lost is known there: it may not count again
      if (!told.ok && told.reason !== 'replayed') throw new Error(told.reason)
      if (told.ok) acked.set(sequence, told.grantedMs)
      sequence++
    },
    check: async () => {
      const { rows } = await sql<{ sequence: number; ms: number }>`select sequence, granted_ms as ms
        from learning.stretches where viewing_id = ${viewingId} order by sequence`.execute(db)
      const kept = new Map(rows.map((row) => [row.sequence, row.ms]))
      expect(kept.size).toBe(rows.length)
      for (const [n, ms] of acked) expect(kept.get(n)).toBe(ms)
      expect(rows.length).toBeLessThanOrEqual(sent)
      const granted = rows.reduce((sum, row) => sum + row.ms, 0)
      const covered = await sql<{ ms: number }>`select coalesce(sum(learning.length_ms(covered)), 0)::int as ms
        from learning.coverage where registration_id = ${registrationId}`.execute(db)
      expect(covered.rows[0]?.ms).toBe(granted)
      expect(granted).toBeGreaterThan(0)
      expect(granted).toBeLessThanOrEqual(Date.now() - began)
    },
  }
}

async function reporter(organisationId: string) {
  const admin = member('陈管理', 'provider-admin', organisationId)
  const made = await createClient(ctxFor(db, admin), {
    organisationId,
    name: '学习平台',
    scopes: ['statements/write'],
    homePage: home,
  })
  const authorization = `Basic ${Buffer.from(`${made.key}:${made.secret}`).toString('base64')}`
  const acked: string[] = []
  const sent = new Set<string>()
  let batch: { id: string }[] | null = null
  let count = 0
  return {
    acknowledged: () => count,
    step: async () => {
      batch ??= Array.from({ length: 5 }, () => statement({ id: randomUUID() }))
      for (const { id } of batch) sent.add(id)
      const answer = await ask('/xapi/statements', {
        method: 'POST',
        headers: { authorization, 'x-experience-api-version': '1.0.3', 'content-type': 'application/json' },
        body: JSON.stringify(batch),
      })
      if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
      acked.push(...((await answer.json()) as string[]))
      batch = null
      count++
    },
    check: async () => {
      const { rows } = await sql<{
        id: string
      }>`select id::text from records.statements where organisation_id = ${organisationId}`.execute(db)
      const kept = new Set(rows.map(({ id }) => id))
      expect(kept.size).toBe(rows.length)
      expect(acked.filter((id) => !kept.has(id))).toEqual([])
      for (const id of kept) expect(sent.has(id)).toBe(true)
      expect(kept.size % 5).toBe(0) // a request is there whole or not at all
    },
  }
}
