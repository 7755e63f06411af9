import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { claimIdentity, movePhone } from '#modules/access/identity-claim.commands.ts'
import { requestCode, signInWithPhone } from '#modules/access/sign-in.commands.ts'
import { authFor } from '#modules/access/wiring.commands.ts'
import { registerPerson } from '#modules/people/person.commands.ts'
import { anonymous } from '#platform/actor.ts'
import type { Auth } from '#platform/auth.ts'
import { clockAt } from '#platform/clock.ts'
import { openDb } from '#platform/db.ts'
import { AppError, type Fault } from '#platform/errors.ts'
import { newestTexts, openText } from '#platform/messages.ts'
import { actorFromRequest } from '#platform/session.ts'
import { ctxFor, freshDb, type TestDb, testCrypto, testNow, testPlan, user } from '#platform/testing.ts'
import { someDocument, somePhone } from '../../../tests/setup/accounts.ts'

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

describe('HZ4-M13 signing in with a phone', () => {
  test('HZ4-M13 the first code makes the account; who one is comes next', async () => {
    const phone = somePhone()
    const { next, headers } = await signInWithPhone(
      visitor(),
      auth,
      { phone, code: await codeFor(phone) },
      new Headers(),
    )
    expect(next).toBe('identity')
    const { actor, session } = await who(jar(headers))
    expect(actor).toMatchObject({ kind: 'user', personId: null, holdings: [] })
    expect(session).toMatchObject({ kind: 'person', secondFactor: false })
    const { rows } = await t.owner.query('select * from auth.users where id = $1', [actor.id])
    expect(JSON.stringify(rows)).not.toContain(phone)
    const documentNumber = someDocument()
    await claimIdentity(ctxFor(t.db, actor), { name: '黎自报', documentKind: 'resident-id', documentNumber })
    const after = await who(jar(headers))
    expect(after.actor.personId).not.toBeNull()
    expect(after.actor.name).toBe('黎*报')
    expect(after.actor.can('self.records')).toBe(true)
    expect(
      await reason(
        claimIdentity(ctxFor(t.db, after.actor), { name: '黎自报', documentKind: 'resident-id', documentNumber }),
      ),
    ).toBe('identity-bound')
    const trail = await t.owner.query(
      `select input from audit.entries where command = 'access.recordSignIn' and actor_id = $1`,
      [actor.id],
    )
    expect(trail.rows).toMatchObject([{ input: { method: 'phone-code', result: 'done' } }])
  })

  test('HZ4-M13 a code works once, five tries, and only the newest', async () => {
    const phone = somePhone()
    const old = await codeFor(phone)
    const code = await codeFor(phone)
    const wrong = code === '000000' ? '000001' : '000000'
    const tryIt = (c: string) => reason(signInWithPhone(visitor(), auth, { phone, code: c }, new Headers()))
    if (old !== code) expect(await tryIt(old)).toBe('code-wrong')
    expect(await tryIt(wrong)).toBe('code-wrong')
    expect(await tryIt(code)).toBe('done')
    expect(await tryIt(code)).toBe('code-expired')
    await codeFor(phone)
    const answers = await Promise.all(Array.from({ length: 12 }, () => tryIt('999999x'.slice(0, 6))))
    expect(answers.filter((a) => a === 'code-wrong').length).toBeLessThanOrEqual(4)
    expect(await tryIt('123456')).toBe('code-spent')
  })

  test('HZ4-M13 one code used by two at once opens one session', async () => {
    const phone = somePhone()
    const code = await codeFor(phone)
    const answers = await Promise.all(
      [1, 2, 3].map(() => reason(signInWithPhone(visitor(), auth, { phone, code }, new Headers()))),
    )
    expect(answers.filter((a) => a === 'done')).toHaveLength(1)
  })

  test('HZ4-M13 an old code is dead after five minutes of real time', async () => {
    const phone = somePhone()
    const code = await codeFor(phone)
    await t.owner.query("update auth.codes set expires_at = now() - interval '1 second'")
    expect(await reason(signInWithPhone(visitor(), auth, { phone, code }, new Headers()))).toBe('code-expired')
  })

  test('HZ4-M13 codes are asked for at most once a minute', async () => {
    const phone = somePhone()
    await codeFor(phone)
    await t.owner.query(
      `update platform.rate_limits set window_at = to_timestamp(floor(extract(epoch from clock_timestamp()) / 60) * 60) where key like 'code-minute%'`,
    )
    expect(await fault(requestCode(visitor(), { phone }))).toMatchObject({
      kind: 'limited',
      retryAfterSeconds: expect.any(Number),
    })
    expect(await fault(requestCode(visitor(), { phone: '12345' }))).toMatchObject({
      kind: 'invalid',
      fields: { phone: [expect.stringContaining('11位')] },
    })
  })

  test('C01 a known person is joined by name and registered phone only', async () => {
    const phone = somePhone()
    const person = { name: '梁登记', documentKind: 'resident-id' as const, documentNumber: someDocument(), phone }
    await registerPerson(ctxFor(t.db, desk), person)
    const own = await signInWithPhone(visitor(), auth, { phone, code: await codeFor(phone) }, new Headers())
    const stranger = somePhone()
    const other = await signInWithPhone(
      visitor(),
      auth,
      { phone: stranger, code: await codeFor(stranger) },
      new Headers(),
    )
    const strangerActor = (await who(jar(other.headers))).actor
    const claim = (actor: typeof strangerActor, name = person.name) =>
      reason(claimIdentity(ctxFor(t.db, actor), { ...person, name }))
    expect(await claim(strangerActor)).toBe('identity-phone-differs')
    expect(await claim((await who(jar(own.headers))).actor, '梁别名')).toBe('identity-name-differs')
    expect(await claim((await who(jar(own.headers))).actor)).toBe('done')
    expect(await claim(strangerActor)).toBe('identity-phone-differs')
    // At the desk the phone moves, sign-in with it, and old sessions end.
    const { actor } = await who(jar(own.headers))
    const fresh = somePhone()
    expect(
      await reason(
        movePhone(ctxFor(t.db, desk), { personId: actor.personId, phone: stranger, reason: '换号' + '码登记' }),
      ),
    ).toBe('phone-in-use')
    await movePhone(ctxFor(t.db, desk), { personId: actor.personId, phone: fresh, reason: '换号登记' })
    expect((await who(jar(own.headers))).actor.kind).toBe('anonymous')
    const warned = await t.db.selectFrom('auth.outbox').selectAll().where('purpose', '=', 'phone-moved').execute()
    expect(warned.map((text) => openText(testCrypto, text))).toEqual([
      { to: phone, text: expect.stringContaining(`改为 ${fresh.slice(0, 3)}****`) },
    ])
    const again = await signInWithPhone(visitor(), auth, { phone: fresh, code: await codeFor(fresh) }, new Headers())
    expect(again.next).toBe('home')
    expect((await who(jar(again.headers))).actor.personId).toBe(actor.personId)
  })
})
