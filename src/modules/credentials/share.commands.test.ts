import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { revokeCertificate } from '#modules/assessment/certificate.commands.ts'
import { anonymous } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow, user } from '#platform/testing.ts'
import { concluded, issued, type RunningClass, runningClass } from '../../../tests/fixtures/assessed.ts'
import { jobs } from './credential.jobs.ts'
import { type Credential, credentialsOf, signedStatus } from './credential.queries.ts'
import { statusUrl } from './credential.rules.ts'
import { didOf } from './did.rules.ts'
import { publishedDid } from './key.queries.ts'
import type { Json } from './proof.rules.ts'
import { countOpening, makeShare, revokeShare } from './share.commands.ts'
import { openPassport, presentation, shareAudit, sharesOf } from './share.queries.ts'
import { openProof, verifyGiven } from './verify.rules.ts'

let t: TestDb
let of: RunningClass
let own: Credential
let others: Credential
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  of = await runningClass(t.db, [900, 900])
  await concluded(t.db, of, [
    ['80', '90'],
    ['80', '90'],
  ])
  await issued(t.db, of)
  await jobs['credentials.issueMissing']?.(ctxFor(t.db, systemActor), {})
  ;[own] = (await credentialsOf(t.db, of.people[0]?.id ?? '')) as [Credential]
  ;[others] = (await credentialsOf(t.db, of.people[1]?.id ?? '')) as [Credential]
})
afterAll(() => t.close())

const reasonOf = async (work: Promise<unknown>) => {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.fault.kind === 'refused' ? error.fault.refusal.reason : error.fault.kind
  }
}
const issuer = { origin: 'https://hzpx.example', name: '云平台' }
const holder = (now = testNow) => ctxFor(t.db, user('本人', [], of.people[0]?.id ?? ''), now)
const stranger = (now = testNow) => ctxFor(t.db, anonymous, now)
const days = (n: number) => new Date(testNow.getTime() + n * 86_400_000)
let address = 0
const open = (token: string, now = testNow) => openPassport(stranger(now), token, `198.51.100.${address++}`)
const make = (input: object) => makeShare(holder(), { credentials: [], hours: [], days: '7', ...input })

describe('R37 the learner’s passport', () => {
  test('R37 nothing is chosen by default, and nothing chosen is no share', async () => {
    expect(await reasonOf(makeShare(holder(), { days: '7' }))).toBe('invalid')
    expect(await reasonOf(make({ credentials: [own.id], days: '365' }))).toBe('invalid')
    expect(await reasonOf(makeShare(stranger(), { credentials: [own.id], days: '7' }))).toBe('unauthenticated')
  })

  test('R37 what is not theirs cannot be chosen', async () => {
    expect(await reasonOf(make({ credentials: [others.id] }))).toBe('invalid')
    expect(await reasonOf(make({ credentials: [own.id, others.id] }))).toBe('invalid')
    expect(await reasonOf(make({ hours: ['00000000-0000-4000-8000-00000000dead'] }))).toBe('invalid')
  })

  test('R37 a link shows exactly what was chosen and nothing else', async () => {
    const certificate = await open((await make({ credentials: own.id })).token)
    expect([certificate.name, certificate.hours, certificate.credentials.map(({ id }) => id)]).toEqual([
      null,
      [],
      [own.id],
    ])
    const hours = await open((await make({ hours: [of.id] })).token)
    expect([hours.name, hours.credentials]).toEqual([null, []])
    expect(hours.hours).toMatchObject([{ minutes: 900, hours: 20 }])
    const named = await open((await make({ hours: [of.id], showName: 'yes' })).token)
    expect(named.name).toBe('张小明')
  })

  test('R37 over, revoked or made up: missing at once; only its holder revokes, once', async () => {
    const { token, id } = await make({ credentials: [own.id], days: '7' })
    expect(await reasonOf(open(token, new Date(days(7).getTime() - 1)))).toBe('done')
    expect(await reasonOf(open(token, days(7)))).toBe('missing')
    expect(await reasonOf(open(`${token}x`))).toBe('missing')
    const thief = ctxFor(t.db, user('别人', [], of.people[1]?.id ?? ''))
    expect(await reasonOf(revokeShare(thief, { id }))).toBe('missing')
    expect((await Promise.all([1, 2].map(() => reasonOf(revokeShare(holder(), { id }))))).toSorted()).toEqual([
      'already-revoked',
      'done',
    ])
    expect(await reasonOf(open(token))).toBe('missing')
    expect(await reasonOf(countOpening(stranger(), { id }))).toBe('missing')
  })

  test('R37 each opening counts once, many at a time too', async () => {
    const { id } = await make({ credentials: [own.id] })
    await Promise.all(Array.from({ length: 12 }, () => countOpening(stranger(), { id })))
    expect((await sharesOf(holder(), of.people[0]?.id ?? '')).find((one) => one.id === id)).toMatchObject({
      openings: 12,
      state: 'open',
      credentials: [own.id],
    })
  })

  test('R37 the token is nowhere but in the answer', async () => {
    const { token } = await make({ credentials: [own.id] })
    const rows = await t.owner.query(
      `select coalesce(string_agg(s::text, ' '), '') || (select string_agg(a::text, ' ') from audit.entries a) as text from credentials.shares s`,
    )
    expect(rows.rows[0]?.text).not.toContain(token)
  })

  test('R37 sixty tries from one address in ten minutes, then wait', async () => {
    const tries = []
    for (let n = 0; n < 61; n++) tries.push(await reasonOf(openPassport(stranger(), 'wrong', '203.0.113.9')))
    expect(tries.filter((result) => result === 'missing').length).toBeGreaterThanOrEqual(59)
    expect(tries.at(-1)).toBe('limited')
    expect(await reasonOf(openPassport(stranger(), 'wrong', '203.0.113.10'))).toBe('missing')
  })

  test('R37 the numbers of the office name nobody', async () => {
    const audit = await shareAudit(ctxFor(t.db, systemActor))
    expect(audit).toMatchObject([{ month: '2021-09', revoked: 1, openings: 12 }])
    expect(Object.keys(audit[0] ?? {}).toSorted()).toEqual(['made', 'month', 'open', 'openings', 'revoked'])
  })

  test('R37 nobody keeps more than twenty links open, however many are asked for at once', async () => {
    const results = await Promise.all(Array.from({ length: 25 }, () => reasonOf(make({ credentials: [own.id] }))))
    expect(results).toContain('too-many')
    const mine = await sharesOf(holder(), of.people[0]?.id ?? '')
    expect(mine.filter(({ state }) => state === 'open').length).toBe(20)
  })
})

test('HZ4-M13 a presentation is signed, expires with the share, and each of its credentials verifies; a revoked one says so', async () => {
  await t.owner.query(`update credentials.shares set revoked_at = now() where revoked_at is null`)
  const { token, expiresAt } = await make({ credentials: [own.id], hours: [of.id] })
  const ctx = stranger()
  const made = await presentation(ctx, issuer, await open(token))
  const url = statusUrl(issuer.origin, 1)
  const known = async () => ({
    did: didOf(issuer.origin),
    document: await publishedDid(t.db, issuer.origin),
    lists: { [url]: (await signedStatus(ctx, issuer, 1)).jwt() },
  })
  const jwts = (made.verifiableCredential as Json[]).map(({ id }) => String(id).replace('data:application/vc+jwt,', ''))
  const outcomes = async () =>
    Promise.all(jwts.map(async (jwt) => (await verifyGiven(jwt, await known(), testNow)).outcome))
  expect(await outcomes()).toEqual(['valid', 'no-status']) // hours are not revoked, they end with the share
  expect((await verifyGiven(jwts[1] ?? '', await known(), new Date(expiresAt.getTime() + 1000))).outcome).toBe(
    'expired',
  )
  expect(made.proof).toMatchObject({ expires: '2021-09-22T02:00:00Z' })
  const signed = { ...made, issuer: didOf(issuer.origin) }
  expect(await openProof(signed, await known())).toEqual({ outcome: 'altered' })
  expect(JSON.stringify(made)).not.toContain('张小明')
  await revokeCertificate(ctxFor(t.db, user('局领导', [{ role: 'hr-leader' }])), {
    certificateId: own.certificateId,
    code: 'false-hours',
    note: '检查发现问题',
  })
  expect(await outcomes()).toEqual(['revoked', 'no-status'])
  expect((await open(token)).credentials[0]?.state).toBe('revoked')
})
