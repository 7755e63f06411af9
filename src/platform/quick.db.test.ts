import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { commands } from './command.ts'
import { refused } from './errors.ts'
import { quickCommand } from './quick.ts'
import { ctxFor, freshDb, systemActor, type TestDb, user } from './testing.ts'

let fresh: TestDb
beforeAll(async () => {
  fresh = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => fresh.close())

const looks = { count: 0, between: async () => {} }

/** Adds a counter, once per key, while the key `closed` is not there. */
const add = quickCommand({
  name: 'test.quick',
  permission: 'self.check-in',
  input: z.object({ key: z.string().min(1) }),
  async look(db, _, { key }) {
    looks.count++
    const { rows } = await sql<{ there: boolean; closed: boolean }>`
      select exists (select from training.counters where key = ${key}) as there,
        exists (select from training.counters where key = 'closed') as closed
    `.execute(db)
    await looks.between()
    return rows[0] ?? { there: false, closed: false }
  },
  decide(_, { key }, { there, closed }) {
    if (closed) throw refused({ clause: 'R03', reason: 'closed', facts: {} })
    const write = sql`insert into training.counters (key, last) select ${key}::text, 1
      where not exists (select from training.counters where key = 'closed') on conflict do nothing returning key as id`
    return {
      result: { key, again: there },
      subjects: sql`array['counter:' || written.id]`,
      write: there ? null : write,
    }
  },
  outcome: ({ again }) => ({ again }),
})

const ctx = () => ctxFor(fresh.db, systemActor)
const entries = async (key: string) =>
  (await fresh.owner.query('select outcome from audit.entries where $1 = any(subjects)', [`counter:${key}`])).rows

describe('a quick command', () => {
  test('writes its row and its audit row in one statement, or neither', async () => {
    expect(await add(ctx(), { key: 'a' })).toEqual({ key: 'a', again: false })
    expect(await entries('a')).toEqual([{ outcome: { again: false } }])
    expect(await add(ctx(), { key: 'a' })).toEqual({ key: 'a', again: true })
    expect(await entries('a')).toHaveLength(1)
    expect(commands.get('test.quick')?.permission).toBe('self.check-in')
  })

  test('asks permission first, then the form', async () => {
    await expect(add(ctxFor(fresh.db, user('路人', [])), {})).rejects.toMatchObject({ fault: { kind: 'forbidden' } })
    await expect(add(ctx(), { key: '' })).rejects.toMatchObject({ fault: { kind: 'invalid' } })
  })

  test('of many at once one writes; the others look again and see it', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => add(ctx(), { key: 'race' })))
    expect(answers.filter((answer) => !answer.again)).toHaveLength(1)
    expect(await entries('race')).toHaveLength(1)
  })

  test('what changed between look and write is found out and refused', async () => {
    looks.count = 0
    looks.between = async () => {
      looks.between = async () => {}
      await fresh.owner.query("insert into training.counters (key, last) values ('closed', 1)")
    }
    await expect(add(ctx(), { key: 'b' })).rejects.toMatchObject({ fault: { refusal: { reason: 'closed' } } })
    expect(looks.count).toBe(2)
    expect(await entries('b')).toEqual([])
    await fresh.owner.query("delete from training.counters where key = 'closed'")
  })

  test('joins a transaction, and keeps the answer of an idempotency key', async () => {
    const undone = fresh.db.transaction().execute(async (db) => {
      await add({ ...ctx(), db, enqueue: async () => {}, about: () => {} }, { key: 'c' })
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await entries('c')).toEqual([])
    const once = { ...ctx(), idempotency: { scope: 's', key: 'k' } }
    expect(await add(once, { key: 'd' })).toEqual({ key: 'd', again: false })
    expect(await add(once, { key: 'd' })).toEqual({ key: 'd', again: false })
    expect(await entries('d')).toHaveLength(1)
  })
})
