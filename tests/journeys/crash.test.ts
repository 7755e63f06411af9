import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startAttempt } from '#modules/learning/exam.commands.ts'
import { answersOf } from '#modules/learning/exam.queries.ts'
import { register } from '#modules/learning/registration.commands.ts'
import { ledgerFaults } from '#modules/subsidy/ledger.queries.ts'
import { ordersOfClaim } from '#modules/subsidy/payment.queries.ts'
import { bankReturn as columns } from '#modules/subsidy/payment.schema.ts'
import { applyReturn, checkReturn } from '#modules/subsidy/return.commands.ts'
import { roomCode } from '#modules/training/attendance.queries.ts'
import { applyImport, checkImport, startImport } from '#modules/training/import.commands.ts'
import { type Db, openDb } from '#platform/db.ts'
import { migrate } from '#platform/migrate.ts'
import { type Cluster, startCluster } from '#platform/postgres.ts'
import { ctxFor, systemActor, testNow } from '#platform/testing.ts'
import { writeCsv } from '#platform/workbook.ts'
import { yuan } from '#shared/units.ts'
import type { Orders } from '../crash/victim.ts'
import { claimant, person, submittedClaim, type TestClaim } from '../fixtures/claims.ts'
import { budget, desks, ordered } from '../fixtures/desks.ts'
import { atPlayer, course } from '../fixtures/learning.ts'
import { documentOf, learner, openClass, preparedClass } from '../fixtures/training.ts'

/** A database of its own, durable as in production: here the point is what survives. */
const folder = mkdtempSync(join(tmpdir(), 'skills-crash-'))
const root = join(import.meta.dirname, '../..')
let cluster: Cluster
let db: Db

const appUrl = () => {
  const url = new URL(cluster.urlFor('postgres'))
  url.username = 'skills_app'
  url.password = 'app'
  return url.href
}

beforeAll(async () => {
  cluster = await startCluster(folder)
  await migrate(cluster.urlFor('postgres'), { name: 'skills_app', password: 'app' })
  db = openDb(appUrl(), 10).db
})
afterAll(async () => {
  await db.destroy()
  await cluster.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Lets a process work until it has acknowledged so many pieces, then kills it (or the database) without warning. */
async function murder(orders: Orders, after: number, whom: 'process' | 'database' = 'process'): Promise<string[]> {
  const { child, acks } = victim(orders)
  await new Promise<void>((resolve) => {
    child.stdout.on('data', () => {
      if (acks().length >= after) resolve()
    })
    child.once('exit', () => resolve())
  })
  if (whom === 'process') child.kill('SIGKILL')
  else process.kill(cluster.pid, 'SIGKILL')
  await new Promise((resolve) =>
    child.exitCode !== null || child.signalCode !== null ? resolve(0) : child.once('exit', resolve),
  )
  return acks()
}

/** Lets a process do all of its work. */
async function finish(orders: Orders): Promise<void> {
  const { child, said } = victim(orders)
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(said())
}

let serial = 0
function victim(orders: Orders) {
  const file = join(folder, `orders-${++serial}.json`)
  writeFileSync(file, JSON.stringify(orders))
  const child = spawn(process.execPath, [join(root, 'tests/crash/victim.ts'), file], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let errors = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (errors += chunk))
  const acks = () =>
    out
      .slice(0, out.lastIndexOf('\n') + 1)
      .split('\n')
      .flatMap((line) => (line.startsWith('ack ') ? [line.slice(4)] : []))
  return { child, acks, said: () => errors }
}

const count = async (query: ReturnType<typeof sql<{ n: number }>>) => (await query.execute(db)).rows[0]?.n

describe('kill -9 loses nothing that was acknowledged and counts nothing twice', () => {
  test('C08 in the middle of check-in', async () => {
    const made = await openClass(db, { people: 20 })
    const sessionId = made.sessionIds[0] as string
    const when = '2021-09-16T09:00:00+08:00'
    const { code } = await roomCode(made.of.ctx(made.of.trainer, new Date(when)), sessionId)
    const personIds = made.learners.map((one) => one.personId)
    const orders: Orders = { work: 'check-in', url: appUrl(), sessionId, code, at: when, personIds }

    const acked = await murder(orders, 5)
    const marked = async () =>
      (
        await db
          .selectFrom('training.attendance_marks')
          .select('person_id')
          .where('session_id', '=', sessionId)
          .execute()
      ).map((m) => m.person_id)
    expect(await marked()).toEqual(expect.arrayContaining(acked))
    expect(acked.length).toBeGreaterThanOrEqual(5)

    await finish(orders)
    expect((await marked()).toSorted()).toEqual(personIds.toSorted())
    const audited = sql<{ n: number }>`select count(distinct actor_id) as n from audit.entries
      where command = 'training.checkIn' and subjects @> array[${`session:${sessionId}`}]`
    expect(await count(audited)).toBe(personIds.length)
  })

  test('R02 in the middle of a roster import', async () => {
    const size = 900
    const made = await preparedClass(db, { people: 0 })
    await sql`update training.classes set capacity = 1000 where id = ${made.classId}`.execute(db)
    const lines = Array.from({ length: size }, (_, n) => [
      `学员${'甲乙丙丁戊己庚辛壬癸'[n % 10]}`,
      documentOf('19900101', 2000 + n),
      `138${String(n).padStart(8, '0')}`,
    ])
    const bytes = new TextEncoder().encode(writeCsv(['姓名', '证件号码', '手机号'], lines))
    const { importId } = await startImport(made.of.ctx(made.of.academic), {
      classId: made.classId,
      fileName: '花名册.csv',
      bytes,
    })
    await checkImport(ctxFor(db, systemActor), { importId })
    await applyImport(made.of.ctx(made.of.academic), { importId })
    const orders: Orders = { work: 'roster', url: appUrl(), importId, at: testNow.toISOString() }

    await murder(orders, 1)
    const kept = await db
      .selectFrom('training.imports')
      .selectAll()
      .where('id', '=', importId)
      .executeTakeFirstOrThrow()
    const waiting = await count(sql`select count(*) as n from training.import_rows where import_id = ${importId}`)
    expect(kept.rows_done + (waiting ?? 0)).toBe(kept.rows_total)

    await finish(orders)
    const done = await db
      .selectFrom('training.imports')
      .selectAll()
      .where('id', '=', importId)
      .executeTakeFirstOrThrow()
    const enrolled = await count(sql`select count(*) as n from training.enrolments where import_id = ${importId}`)
    expect(done).toMatchObject({ state: 'applied', rows_done: size, accepted: enrolled })
    expect(enrolled).toBe(size)
  })

  test('R33 in the middle of reviews, the database itself', async () => {
    const organisation = await claimant(db)
    const claims: TestClaim[] = []
    for (let n = 0; n < 24; n++) claims.push(await submittedClaim(db, organisation))
    const claimIds = claims.map((claim) => claim.id)
    const acked = await murder({ work: 'review', url: appUrl(), claimIds, at: testNow.toISOString() }, 4, 'database')

    await db.destroy()
    cluster = await startCluster(folder)
    db = openDb(appUrl(), 10).db
    const agreed = await db
      .selectFrom('subsidy.reviews')
      .select('claim_id')
      .where('stage', '=', 'first')
      .where('claim_id', 'in', claimIds)
      .execute()
    expect(agreed.map((row) => row.claim_id)).toEqual(expect.arrayContaining(acked))
    const audited = (command: string) => count(sql`select count(*) as n from audit.entries where command = ${command}`)
    expect(await audited('review.first')).toBe(agreed.length)
    const moved = await count(
      sql`select count(*) as n from platform.moves where subject_kind = 'claim' and subject_id = any(${claimIds}::uuid[])`,
    )
    expect(await audited('review.takeFirst')).toBe(moved)
    expect(await ledgerFaults(db)).toEqual([])
  })

  test('HZ4-M16 in the middle of the bank return', async () => {
    await budget(db, 100_000_000)
    const organisation = await claimant(db, '海珠区江南餐饮有限公司')
    const claims: TestClaim[] = []
    for (let n = 0; n < 24; n++) claims.push(await submittedClaim(db, organisation))
    await ordered(db, claims)
    const orders = (await Promise.all(claims.map((claim) => ordersOfClaim(db, claim.id)))).flat()
    const rows = orders.map((order) => [order.number, yuan(order.amountFen), '成功', `GZB${order.number}`, '', ''])
    const bytes = new TextEncoder().encode(
      writeCsv(
        columns.map((column) => column.header),
        rows,
      ),
    )
    const later = new Date(testNow.getTime() + 13 * 86_400_000)
    const { id: returnId } = await checkReturn(ctxFor(db, desks.clerk, later), { fileName: '回盘.csv', bytes })
    await applyReturn(ctxFor(db, desks.finance, later), { returnId })
    const work: Orders = { work: 'payment', url: appUrl(), returnId, at: later.toISOString() }

    await murder(work, 2)
    const paidNow = await count(sql`select count(*) as n from subsidy.journals where kind = 'paid'`)
    expect(paidNow).toBeGreaterThanOrEqual(8)
    expect(await ledgerFaults(db)).toEqual([])

    await finish(work)
    expect(await count(sql`select count(*) as n from subsidy.journals where kind = 'paid'`)).toBe(orders.length)
    expect(await count(sql`select sum(amount_fen) as n from subsidy.payment_orders where state = 'paid'`)).toBe(
      claims.reduce((sum, claim) => sum + claim.amountFen, 0),
    )
    expect(await ledgerFaults(db)).toEqual([])
  })

  test('C16 in the middle of heartbeats: nothing acknowledged is lost, nothing counts twice', async () => {
    const organisation = await claimant(db)
    const lesson = await course(db, organisation.id, [{ kind: 'video', title: '磨刀', seconds: 36_000 }])
    const players = await Promise.all(Array.from({ length: 24 }, () => atPlayer(db, lesson)))
    for (const player of players) await player.unasked()
    const viewings = players.map(({ personId, viewingId }) => ({ personId, viewingId }))
    const acked = await murder({ work: 'beats', url: appUrl(), at: testNow.toISOString(), viewings, each: 400 }, 300)
    expect(acked.length).toBeGreaterThanOrEqual(300)
    const { rows } = await sql<{ line: string }>`select viewing_id || ' ' || sequence || ' ' || granted_ms as line
      from learning.stretches where viewing_id = any(${viewings.map((one) => one.viewingId)}::uuid[])`.execute(db)
    const kept = new Set(rows.map((row) => row.line))
    expect(acked.filter((line) => !kept.has(line))).toEqual([])
    const twice = sql<{
      n: number
    }>`select count(*)::int as n from learning.coverage c where learning.length_ms(c.covered) <>
      (select sum(granted_ms) from learning.stretches t where t.registration_id = c.registration_id and t.item_id = c.item_id)`
    expect(await count(twice)).toBe(0)
  })

  test('HZ4-M13 in the middle of an exam: every acknowledged answer is there', async () => {
    const organisation = await claimant(db)
    const body = { pools: [{ pool: 'a', count: 4 }], minutes: 60, passMark: 60 }
    const lesson = await course(db, organisation.id, [{ kind: 'exam', title: '测验', body }])
    await sql`insert into library.questions (course_id, pool, kind, prompt, answer, points, created_by, created_at)
      select ${lesson.id}, 'a', 'text', '题' || n, '["x"]', 1, 'test', now() from generate_series(1, 6) n`.execute(db)
    const personId = (await person(db)).id
    const ctx = ctxFor(db, learner(personId), testNow)
    const { registrationId } = await register(ctx, { courseId: lesson.id })
    const { attemptId } = await startAttempt(ctx, { registrationId, itemId: lesson.itemIds[0] })
    const { question_ids: questionIds } = await db
      .selectFrom('learning.attempts')
      .select('question_ids')
      .where('id', '=', attemptId)
      .executeTakeFirstOrThrow()
    const acked = await murder(
      { work: 'answers', url: appUrl(), at: testNow.toISOString(), personId, attemptId, questionIds, times: 200 },
      60,
    )
    const newest = new Map(acked.map((line) => line.split(' ') as [string, string]))
    const kept = await answersOf(db, attemptId)
    const number = (text: unknown) => Number(/\d+/.exec(String(text))?.[0])
    for (const [id, answer] of newest) expect(number(kept.get(id))).toBeGreaterThanOrEqual(number(answer))
    expect(acked.length).toBeGreaterThanOrEqual(60)
  })
})
