import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { changePassword, createOfficial, disableAccount } from '#modules/access/account.commands.ts'
import { secondFactorOf, sessionsOf } from '#modules/access/account.queries.ts'
import { askReset, declineReset, resetCredentials } from '#modules/access/reset.commands.ts'
import { endOtherSessions, endSession } from '#modules/access/session.commands.ts'
import {
  requestCode,
  signInWithPassword,
  signInWithPhone,
  verifySecondFactor,
} from '#modules/access/sign-in.commands.ts'
import { authFor } from '#modules/access/wiring.commands.ts'
import { anonymous } from '#platform/actor.ts'
import type { Auth } from '#platform/auth.ts'
import { clockAt } from '#platform/clock.ts'
import { openDb } from '#platform/db.ts'
import { AppError, type Fault } from '#platform/errors.ts'
import { takeTurn } from '#platform/limits.ts'
import { newestTexts } from '#platform/messages.ts'
import { actorFromRequest } from '#platform/session.ts'
import { ctxFor, freshDb, type TestDb, testCrypto, testNow, testPlan, user } from '#platform/testing.ts'
import { stepAt, totp } from '#platform/totp.ts'
import { accountFor, signInAs, someDocument, somePhone } from '../../../tests/setup/accounts.ts'

let t: TestDb
let auth: Auth
let pool: pg.Pool
const clock = clockAt(testNow.getTime() - Date.now())
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  pool = openDb(t.url, 4).pool
  auth = authFor({
    db: t.db,
    crypto: testCrypto,
    plan: testPlan(),
    clock,
    baseUrl: 'http://localhost:3000',
    log: { warn: () => {} } as never,
  })
})
afterAll(async () => {
  await pool.end()
  await t.close()
})

const visitor = () => ctxFor(t.db, anonymous)
const security = user('00000000-0000-7000-8000-00000000000a', [{ role: 'security-admin' }])
const desk = user('李受理', [{ role: 'hr-intake' }])

async function fault(work: Promise<unknown>): Promise<Fault | { kind: 'done' }> {
  try {
    await work
    return { kind: 'done' }
  } catch (error) {
    if (error instanceof AppError) return error.fault
    throw error
  }
}
const reason = async (work: Promise<unknown>) => {
  const found = await fault(work)
  return found.kind === 'refused' ? found.refusal.reason : found.kind
}

/** What a browser would send back. */
const jar = (headers: Headers, before = new Headers()): Headers => {
  const cookies = new Map(
    (before.get('cookie') ?? '')
      .split('; ')
      .filter(Boolean)
      .map((c) => c.split(/=(.*)/s) as [string, string]),
  )
  for (const line of headers.getSetCookie()) {
    const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s)
    if (/max-age=0/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }
  return new Headers({ cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join('; ') })
}
const who = (cookies: Headers) =>
  actorFromRequest(
    { pool, crypto: testCrypto, clock, secure: false },
    new Request('http://localhost/', { headers: cookies }),
  )

async function codeFor(phone: string): Promise<string> {
  await t.owner.query('delete from platform.rate_limits')
  await requestCode(visitor(), { phone })
  const [text] = await newestTexts(t.db, testCrypto, 1)
  return /\d{6}/.exec(text?.text ?? '')?.[0] ?? ''
}

describe('HZ4-M15 officials: password and one-time password', () => {
  const password = 'kapok-ferry-lantern-7'
  const totpSecret = 'demo-totp-secret-for-tests-only'
  const codeNow = (shift = 0) => totp(totpSecret, stepAt(new Date()) + shift)

  test('HZ4-M15 roles count only after the second factor', async () => {
    const { accountId } = await accountFor(t.db, {
      username: 'wang.chushen',
      password,
      totpSecret,
      roles: [{ role: 'hr-first-reviewer' }],
    })
    const first = await signInWithPassword(visitor(), auth, { username: ' Wang.Chushen ', password }, new Headers())
    expect(first.next).toBe('second-factor')
    expect((await who(jar(first.headers))).actor.kind).toBe('anonymous')
    expect(await reason(verifySecondFactor(visitor(), auth, { code: '000000' }, jar(first.headers)))).toBe(
      'factor-wrong',
    )
    const done = await verifySecondFactor(visitor(), auth, { code: codeNow() }, jar(first.headers))
    const { actor, session } = await who(jar(done.headers))
    expect(actor.can('claim.first-review')).toBe(true)
    expect(actor.id).toBe(accountId)
    expect(session?.secondFactor).toBe(true)
    expect(Number(session?.expiresAt) - Date.now()).toBeLessThanOrEqual(8 * 3600_000)
    // The same one-time password opens nothing twice.
    const second = await signInWithPassword(visitor(), auth, { username: 'wang.chushen', password }, new Headers())
    expect(await reason(verifySecondFactor(visitor(), auth, { code: codeNow() }, jar(second.headers)))).toBe(
      'factor-used',
    )
    // A back-up code does, once.
    const backup = (await secondFactorOf(t.db, testCrypto, accountId))?.backupCodes[0] as string
    const third = await signInWithPassword(visitor(), auth, { username: 'wang.chushen', password }, new Headers())
    const viaBackup = await verifySecondFactor(visitor(), auth, { code: backup.replace('-', '') }, jar(third.headers))
    expect((await who(jar(viaBackup.headers))).actor.can('claim.first-review')).toBe(true)
    const fourth = await signInWithPassword(visitor(), auth, { username: 'wang.chushen', password }, new Headers())
    expect(await reason(verifySecondFactor(visitor(), auth, { code: backup }, jar(fourth.headers)))).toBe(
      'factor-wrong',
    )
  })

  test('HZ4-M15 the same account by phone code has no office roles', async () => {
    const phone = somePhone()
    await accountFor(t.db, {
      username: 'chen.fuhe',
      password,
      totpSecret,
      phone,
      roles: [{ role: 'hr-second-reviewer' }],
    })
    const { headers } = await signInWithPhone(visitor(), auth, { phone, code: await codeFor(phone) }, new Headers())
    const { actor } = await who(jar(headers))
    expect(actor.can('claim.second-review')).toBe(false)
    expect(actor.can('self.records')).toBe(true)
  })

  test('HZ4-M15 a new official replaces the first password, then sets up the one-time password', async () => {
    const official = {
      username: 'new.official',
      name: '新同志',
      documentKind: 'resident-id',
      documentNumber: someDocument(),
    }
    expect(await reason(createOfficial(ctxFor(t.db, desk), official))).toBe('forbidden')
    const made = await createOfficial(ctxFor(t.db, security), official)
    expect(await reason(createOfficial(ctxFor(t.db, security), { ...official, documentNumber: someDocument() }))).toBe(
      'conflict',
    )
    await t.owner.query(
      `insert into auth.role_grants (user_id, role, held, validity, state, reason, granted_by, granted_by_name, granted_at, approved_by, approved_by_name, approved_at)
       values ($1, 'hr-leader', 'district', '[2021-01-01,)', 'in-force', '任职', 'a', 'a', now(), 'b', 'b', now())`,
      [made.accountId],
    )
    const first = await signInWithPassword(
      visitor(),
      auth,
      { username: 'new.official', password: made.password },
      new Headers(),
    )
    expect(first.next).toBe('password')
    let cookies = jar(first.headers)
    const { actor } = await who(cookies)
    expect(actor.holdings).toEqual([])
    const change = (next: string, current = made.password) =>
      reason(changePassword(ctxFor(t.db, actor), { current, password: next, again: next }))
    expect(await change('password2021')).toBe('password-common')
    expect(await change('new.official-2021')).toBe('password-has-name')
    expect(await change(password, 'not-the-password')).toBe('password-old-wrong')
    expect(await change(password)).toBe('done')
    const { headers, response } = await auth.api.enableTwoFactor({
      body: { password },
      headers: cookies,
      returnHeaders: true,
    })
    cookies = jar(headers, cookies)
    expect((await who(cookies)).actor.can('claim.approve')).toBe(false)
    const secret = (await secondFactorOf(t.db, testCrypto, made.accountId))?.secret as string
    expect((response as { totpURI: string }).totpURI).toContain('otpauth://')
    const done = await verifySecondFactor(visitor(), auth, { code: totp(secret, stepAt(new Date())) }, cookies)
    expect((await who(jar(done.headers, cookies))).actor.can('claim.approve')).toBe(true)
    // Whoever lost both starts again, and old sessions are dead.
    const still = async () => (await who(jar(done.headers, cookies))).actor.kind
    const ask = { accountId: made.accountId, reason: '手机遗失' }
    const { requestId } = await askReset(ctxFor(t.db, security), ask)
    expect(await reason(askReset(ctxFor(t.db, security), ask))).toBe('reset-open')
    expect(await reason(resetCredentials(ctxFor(t.db, security), { requestId }))).toBe('reset-same-hand')
    expect(await still()).toBe('user')
    const other = user('安全乙', [{ role: 'security-admin' }])
    const both = [1, 2].map(() => reason(resetCredentials(ctxFor(t.db, other), { requestId })))
    expect((await Promise.all(both)).sort()).toEqual(['done', 'reset-decided'])
    expect(await still()).toBe('anonymous')
  })

  test('C25 one security administrator alone does not become anybody: a reset is refused, taken back, never one’s own', async () => {
    const first = user('安全甲', [{ role: 'security-admin' }])
    const { accountId } = await accountFor(t.db, {
      username: 'asked.official',
      password,
      totpSecret,
      roles: [{ role: 'finance-officer' }],
    })
    const own = { ...first, id: accountId }
    expect(await reason(askReset(ctxFor(t.db, own), { accountId, reason: '自己重置' }))).toBe('grant-own-account')
    const { requestId } = await askReset(ctxFor(t.db, first), { accountId, reason: '冒名重置' })
    expect(await reason(resetCredentials(ctxFor(t.db, own), { requestId }))).toBe('grant-own-account')
    expect(await reason(declineReset(ctxFor(t.db, first), { requestId }))).toBe('done')
    const second = user('安全乙', [{ role: 'security-admin' }])
    expect(await reason(resetCredentials(ctxFor(t.db, second), { requestId }))).toBe('reset-decided')
    const factor = await t.owner.query('select 1 from auth.second_factors where user_id = $1', [accountId])
    expect(factor.rows).toHaveLength(1)
    const forged = `insert into auth.reset_requests (user_id, reason, asked_by, asked_by_name, asked_at, state, decided_by, decided_by_name, decided_at)
      values ($1, '伪造', 'a', 'a', now(), 'done', 'a', 'a', now())`
    await expect(t.owner.query(forged, [accountId])).rejects.toMatchObject({ constraint: 'reset_by_two' })
  })

  test('HZ4-M15 five wrong passwords lock the name for everybody, also many at once, known or not', async () => {
    for (const username of ['locked.official', 'nobody.here']) {
      if (username === 'locked.official')
        await accountFor(t.db, { username, password, totpSecret, roles: [{ role: 'hr-leader' }] })
      const wrong = () =>
        fault(signInWithPassword(visitor(), auth, { username, password: 'wrong-password' }, new Headers()))
      const answers = await Promise.all(Array.from({ length: 12 }, wrong))
      expect(answers.filter((a) => a.kind === 'refused')).toHaveLength(5)
      expect(answers.filter((a) => a.kind === 'limited')).toHaveLength(7)
      expect(await fault(signInWithPassword(visitor(), auth, { username, password }, new Headers()))).toMatchObject({
        kind: 'limited',
        retryAfterSeconds: expect.any(Number),
      })
    }
    await t.owner.query("update auth.lockouts set locked_until = now() - interval '1 second'")
    expect(
      (await signInWithPassword(visitor(), auth, { username: 'locked.official', password }, new Headers())).next,
    ).toBe('second-factor')
  })

  test('HZ4-M15 a disabled account opens nothing, old sessions included', async () => {
    const s = await signInAs(t.db, t.url, {
      username: 'gone.official',
      password,
      totpSecret,
      roles: [{ role: 'fund-clerk' }],
    })
    expect(s.actor.can('payment.batch')).toBe(true)
    await disableAccount(ctxFor(t.db, security), { accountId: s.accountId, reason: '调离岗位' })
    expect((await who(new Headers({ cookie: s.cookie }))).actor.kind).toBe('anonymous')
    expect(
      await reason(signInWithPassword(visitor(), auth, { username: 'gone.official', password }, new Headers())),
    ).toBe('account-disabled')
  })
})

describe('HZ4-M15 sessions', () => {
  test('HZ4-M15 a cookie that was tampered with, idle too long or ended is nobody', async () => {
    const s = await signInAs(t.db, t.url, { roles: [{ role: 'statistician' }] })
    const as = async (cookie: string) => (await who(new Headers({ cookie }))).actor.kind
    expect(await as(s.cookie)).toBe('user')
    expect(await as(s.cookie.replace(/.$/, 'x'))).toBe('anonymous')
    expect(await as(`skills.session_token=${s.token}`)).toBe('anonymous')
    expect(await as('skills.session_token=%E0%A4%A')).toBe('anonymous')
    await t.owner.query("update auth.sessions set last_seen_at = now() - interval '31 minutes' where id = $1", [
      s.sessionId,
    ])
    expect(await as(s.cookie)).toBe('anonymous')
  })

  test('HZ4-M15 one sees and ends only one’s own', async () => {
    const a = await signInAs(t.db, t.url)
    const b = await signInAs(t.db, t.url)
    expect(await sessionsOf(t.db, a.accountId)).toHaveLength(1)
    expect(await fault(endSession(ctxFor(t.db, a.actor), { sessionId: b.sessionId }))).toMatchObject({
      kind: 'missing',
    })
    expect(await endOtherSessions(ctxFor(t.db, a.actor), { sessionId: a.sessionId })).toEqual({ count: 0 })
    await endSession(ctxFor(t.db, b.actor), { sessionId: b.sessionId })
    expect(await sessionsOf(t.db, b.accountId)).toHaveLength(0)
  })

  test('HZ4-M15 limits are shared by processes with pools of their own', async () => {
    const [one, two] = [openDb(t.url, 3), openDb(t.url, 3)]
    const turns = Array.from({ length: 20 }, (_, i) =>
      fault(takeTurn((i % 2 ? one : two).db, 'shared', { tries: 7, seconds: 3600 })),
    )
    const answers = await Promise.all(turns)
    expect(answers.filter((a) => a.kind === 'done')).toHaveLength(7)
    await one.db.destroy()
    await two.db.destroy()
  })
})
