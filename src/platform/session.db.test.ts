import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { clockAt } from '#platform/clock.ts'
import { openDb } from '#platform/db.ts'
import { actorFromRequest, sessionCookie } from '#platform/session.ts'
import { freshDb, type TestDb, testCrypto, testNow } from '#platform/testing.ts'

let t: TestDb
let pool: pg.Pool
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  pool = openDb(t.url, 10).pool
  await t.owner.query(`
    insert into auth.users (kind, name, email) select 'person', '手机用户', n || '@account.invalid' from generate_series(1, 20000) n`)
  await t.owner.query(`
    insert into auth.sessions (user_id, token, expires_at)
    select id, 'token-' || split_part(email, '@', 1), now() + interval '1 day' from auth.users`)
  await t.owner.query(`
    with o as (insert into people.organisations (uscc, name, type, address, subdistrict, registered_on, created_at)
      values ('91440105MA5000001H', '测试单位', 'provider', '海珠区', '440105001', '2015-01-01', now()) returning id)
    insert into auth.role_grants (user_id, role, held, organisation_id, validity, state, reason, granted_by, granted_by_name, granted_at)
    select u.id, 'trainer', 'organisation', o.id, '[2021-01-01,)', 'in-force', '试验', 'x', 'x', now() from auth.users u, o
    order by u.id limit 3000`)
  await t.owner.query('analyze auth.sessions; analyze auth.users; analyze auth.role_grants; analyze auth.consents')
})
afterAll(async () => {
  await pool.end()
  await t.close()
})

describe('HZ4-M13 reading a session', () => {
  const deps = { crypto: testCrypto, clock: clockAt(testNow.getTime() - Date.now()), secure: false }
  const request = (n: number) =>
    new Request('http://x/', { headers: { cookie: sessionCookie(deps, `token-${n}`).split(';', 1)[0] as string } })

  test('HZ4-M13 takes one statement, found by the unique token', async () => {
    const statements: string[] = []
    const counting = {
      query: (q: { text?: string } | string, values?: unknown[]) => {
        statements.push(typeof q === 'string' ? q : (q.text ?? ''))
        return pool.query(q as string, values)
      },
    } as unknown as pg.Pool
    const { actor } = await actorFromRequest({ ...deps, pool: counting }, request(77))
    expect(actor.kind).toBe('user')
    expect(statements).toHaveLength(1)
    const { rows } = await t.owner.query(
      `explain ${statements[0]?.replace('$1', "'token-77'").replace('$2', "'2021-09-15'").replace('$3', 'now()')}`,
    )
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toContain('sessions_token_key')
    expect(plan).not.toMatch(/Seq Scan on (sessions|users|role_grants)/)
  })

  test('HZ4-M13 a forged or missing cookie asks the database nothing', async () => {
    const never = { query: () => Promise.reject(new Error('asked')) } as unknown as pg.Pool
    for (const cookie of ['', 'skills.session_token=abc', 'skills.session_token=token-1.AAAA', 'other=1']) {
      const { actor } = await actorFromRequest(
        { ...deps, pool: never },
        new Request('http://x/', { headers: { cookie } }),
      )
      expect(actor.kind).toBe('anonymous')
    }
  })

  test('HZ4-M13 stands many a second', async () => {
    const total = 1500
    let next = 0
    const began = performance.now()
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        while (next < total) await actorFromRequest({ ...deps, pool }, request(1 + (next++ % 20000)))
      }),
    )
    const perSecond = total / ((performance.now() - began) / 1000)
    console.info(`sessions read per second: ${Math.round(perSecond)}`)
    expect(perSecond).toBeGreaterThan(40) // a machine with nothing else to do reads thousands
  })
})
