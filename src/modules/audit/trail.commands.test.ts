import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { command } from '#platform/command.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb, user } from '#platform/testing.ts'
import { exportTrail } from './trail.commands.ts'
import { chainStatus, exportedTrail, trailFor } from './trail.queries.ts'
import { chainStart, checkLine, isFault } from './trail.rules.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const auditor = user('审计员', [{ role: 'audit-admin' }])
const touch = command({
  name: 'test.touch',
  permission: 'audit.read',
  input: z.object({ phone: z.string(), note: z.string(), fail: z.boolean().default(false) }),
  async run(tx, { fail }) {
    tx.about('thing', '1')
    if (fail) throw new AppError({ kind: 'conflict', what: 'thing' })
    return { id: '1' }
  },
})

const seal = async () => (await sql<{ n: number }>`select audit.seal() as n`.execute(t.db)).rows[0]?.n

/** A transaction of any database of the server that is still open holds the chain back: wait for it. */
async function sealAll() {
  for (let tries = 0; tries < 300; tries++) {
    await seal()
    if ((await chainStatus(t.db)).tail === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function verdict() {
  let state = chainStart
  let line = 0
  for await (const rows of exportedTrail(t.db, 7)) {
    for (const row of rows) {
      line++
      const next = checkLine(state, JSON.stringify(row), line, (text) =>
        createHash('sha256').update(text).digest('hex'),
      )
      if (isFault(next)) return next
      state = next
    }
  }
  return state
}

test('HZ4-M16 one row per command, in its own transaction, with personal data blotted out', async () => {
  const ctx = ctxFor(t.db, auditor)
  await touch(ctx, { phone: '13800138000', note: '来电 13800138000，证件 440105199001010017' })
  await expect(touch(ctx, { phone: '1', note: 'x', fail: true })).rejects.toMatchObject({ fault: { kind: 'conflict' } })

  const { rows } = await trailFor(t.db, { subject: 'thing:1' })
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    command: 'test.touch',
    actor_name: '审计员',
    subjects: ['thing:1'],
    outcome: { id: '1' },
  })
  expect(JSON.stringify(rows[0]?.input)).not.toMatch(/13800138000|440105199001010017/)
})

test('HZ4-M16 fifty commands at once make one unbroken chain, and sealing twice adds nothing', async () => {
  const ctx = ctxFor(t.db, auditor)
  await Promise.all(Array.from({ length: 50 }, (_, n) => touch(ctx, { phone: '1', note: String(n) })))
  await Promise.all([seal(), seal(), seal()])
  await sealAll()
  expect(await seal()).toBe(0)
  const status = await chainStatus(t.db)
  expect(status.sealed).toBeGreaterThanOrEqual(51)
  expect(status.tail).toBe(0)
  expect(await verdict()).toMatchObject({ seq: status.sealed })
})

test('HZ4-M16 the application can neither change nor remove a row, nor write a link', async () => {
  await expect(sql`update audit.entries set command = 'x'`.execute(t.db)).rejects.toThrow(/permission denied/)
  await expect(sql`delete from audit.entries`.execute(t.db)).rejects.toThrow(/permission denied/)
  await expect(
    sql`insert into audit.links select 999999, id, repeat('0', 64) from audit.entries limit 1`.execute(t.db),
  ).rejects.toThrow(/permission denied/)
})

test('HZ4-M16 a name with a line break cannot make an honest trail look broken', async () => {
  const ctx = ctxFor(t.db, user('教务系统\n审计员', [{ role: 'audit-admin' }]))
  await touch({ ...ctx, requestId: 'a\nb' }, { phone: '1', note: '一\n二' })
  await sealAll()
  expect(await verdict()).toEqual({ seq: (await chainStatus(t.db)).sealed, hash: expect.any(String) })
})

test('HZ4-M16 a database restored on another server, with higher numbers behind it, goes on sealing', async () => {
  const before = await chainStatus(t.db)
  await t.owner.query('update audit.entries set tx = (tx::text::bigint + 900000000000)::text::xid8')
  const ctx = ctxFor(t.db, auditor)
  for (let n = 0; n < 3; n++) {
    await touch(ctx, { phone: '1', note: `恢复后 ${n}` })
    await sealAll()
  }
  const after = await chainStatus(t.db)
  expect(after).toMatchObject({ sealed: before.sealed + 3, tail: 0 })
  expect(await verdict()).toEqual({ seq: after.sealed, hash: expect.any(String) })
})

test('HZ4-M16 a row that has waited long at the tail is still shown as waiting', async () => {
  const held = await t.owner.connect()
  await held.query('begin')
  await held.query('select pg_current_xact_id()')
  await touch({ ...ctxFor(t.db, auditor), now: new Date('2001-01-01') }, { phone: '1', note: '旧时间' })
  await seal()
  expect((await chainStatus(t.db)).tail).toBe(1)
  await held.query('rollback')
  held.release()
})

test('HZ4-M16 a row changed behind our back by the owner is named', async () => {
  await sealAll()
  await t.owner.query(
    'update audit.entries set outcome = \'{"id": "2"}\' where id = (select entry_id from audit.links where seq = 3)',
  )
  expect(await verdict()).toMatchObject({ seq: 3, line: 3 })
})

test('HZ4-M16 only the audit office takes a copy, with a reason, and taking it is itself on the trail', async () => {
  await expect(
    exportTrail(ctxFor(t.db, user('系统管理员', [{ role: 'system-admin' }])), { reason: '专项审计' }),
  ).rejects.toMatchObject({
    fault: { kind: 'forbidden' },
  })
  await expect(exportTrail(ctxFor(t.db, auditor), { reason: '' })).rejects.toMatchObject({ fault: { kind: 'invalid' } })
  await exportTrail(ctxFor(t.db, auditor), { reason: '2021 年专项审计' })
  expect((await trailFor(t.db, { command: 'audit.exportTrail' })).rows).toHaveLength(1)
})
