import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow, user } from '#platform/testing.ts'
import { compactOf } from './credential.rules.ts'
import type { CredentialFacts, Issuer } from './credential.schema.ts'
import { didOf } from './did.rules.ts'
import { approveKey, firstKey, proposeKey, rejectKey } from './key.commands.ts'
import { allKeys, asJwt, publishedDid, signerOf } from './key.queries.ts'
import { verifyGiven } from './verify.rules.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
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
const operator = user('运维甲', [{ role: 'system-admin' }])
const operator2 = user('运维乙', [{ role: 'system-admin' }])
const guard = user('安全丙', [{ role: 'security-admin' }])
const guard2 = user('安全丁', [{ role: 'security-admin' }])
/** Roles that no single account may hold; the two-person rule must hold even then. */
const both = user('一人', [{ role: 'system-admin' }, { role: 'security-admin' }])
const ctx = (actor: Parameters<typeof ctxFor>[1]) => ctxFor(t.db, actor)
const propose = (actor = operator, reason = 'routine') => proposeKey(ctx(actor), { reason, note: '按年度更换' })
const issuer: Issuer = { origin: 'https://hzpx.example', name: '云平台' }
const signedNow = async () => {
  const facts = { kind: 'training', list: 1, place: 3, issuedAt: testNow, trainedBy: {} } as CredentialFacts
  return asJwt(await signerOf(ctx(systemActor)), issuer, compactOf(issuer, facts, '张小明'))
}
const outcome = async (jwt: string) => {
  const known = { did: didOf(issuer.origin), document: await publishedDid(t.db, issuer.origin), lists: {} }
  return (await verifyGiven(jwt, known, testNow)).outcome
}
const states = async () => (await allKeys(t.db)).map(({ number, state }) => `${number} ${state}`)

test('HZ4-M13 without a key nothing is signed or published; the first comes once', async () => {
  expect(await reasonOf(signerOf(ctx(systemActor)))).toBe('no-key')
  expect(await reasonOf(publishedDid(t.db, issuer.origin))).toBe('missing')
  await Promise.all([firstKey(ctx(systemActor), {}), firstKey(ctx(systemActor), {})])
  expect(await states()).toEqual(['1 active'])
  expect(await reasonOf(firstKey(ctx(guard), {}))).toBe('forbidden')
})

test('C23 proposed by one and approved by another; the old key still verifies, the new one signs', async () => {
  const before = await signedNow()
  const { id } = await propose()
  expect(await outcome(before)).toBe('no-status') // signature good, no list at hand
  expect(await reasonOf(propose(operator2))).toBe('already-proposed')
  expect(await reasonOf(approveKey(ctx(operator), { id }))).toBe('forbidden')
  expect(await reasonOf(approveKey(ctx(guard), { id: '00000000-0000-4000-8000-00000000dead' }))).toBe('missing')
  expect((await signerOf(ctx(systemActor))).number).toBe(1)
  await approveKey(ctx(guard), { id })
  expect(await states()).toEqual(['2 active', '1 retired'])
  const after = await signedNow()
  expect([await outcome(before), await outcome(after)]).toEqual(['no-status', 'no-status'])
  expect(await reasonOf(rejectKey(ctx(guard), { id }))).toBe('wrong-state')
})

test('C23 nobody approves his own, whatever roles he holds, and the database knows it too', async () => {
  const { id } = await propose(both)
  expect(await reasonOf(approveKey(ctx(both), { id }))).toBe('same-person')
  expect(await reasonOf(rejectKey(ctx(both), { id }))).toBe('same-person')
  const direct = t.owner.query(
    `update credentials.keys set state = 'rejected', decided_by = proposed_by, decided_by_name = 'x', decided_at = now() where id = $1`,
    [id],
  )
  await expect(direct).rejects.toThrow(/check/)
  await rejectKey(ctx(guard), { id })
  expect(await states()).toEqual(['3 rejected', '2 active', '1 retired'])
  const published = JSON.stringify(await publishedDid(t.db, issuer.origin))
  expect(published).toContain('#k2')
  expect(published).not.toContain('#k3')
})

test('C23 two rotations at once: one is proposed, one decision stands, one key is active', async () => {
  const proposals = await Promise.all([reasonOf(propose(operator)), reasonOf(propose(operator2))])
  expect(proposals.toSorted()).toEqual(['already-proposed', 'done'])
  const id = (await allKeys(t.db)).find(({ state }) => state === 'proposed')?.id ?? ''
  const decisions = await Promise.all([
    reasonOf(approveKey(ctx(guard), { id })),
    reasonOf(approveKey(ctx(guard2), { id })),
    reasonOf(rejectKey(ctx(guard2), { id })),
  ])
  expect(decisions.toSorted()).toEqual(['done', 'wrong-state', 'wrong-state'])
  expect((await states()).filter((state) => state.endsWith('active')).length).toBe(1)
})

test('C23 a key that may have leaked is withdrawn: what it signed is no longer believed', async () => {
  const active = (await signerOf(ctx(systemActor))).number
  const leaked = await signedNow()
  const { id } = await propose(operator, 'compromised')
  await approveKey(ctx(guard), { id })
  expect(await states()).toContain(`${active} withdrawn`)
  expect(await outcome(leaked)).toBe('unknown-key')
  expect(await outcome(await signedNow())).toBe('no-status')
  const trail = await t.owner.query(
    `select input::text || outcome::text as row from audit.entries where command like 'credentials.%'`,
  )
  expect(trail.rows.map(({ row }) => row).join()).not.toMatch(/MC4CAQAw|v1\.test/)
})

test('C23 a refused form: no reason, no words', async () => {
  expect(await reasonOf(proposeKey(ctx(operator), { reason: 'first', note: '按年度更换' }))).toBe('invalid')
  expect(await reasonOf(proposeKey(ctx(operator), { reason: 'routine', note: ' ' }))).toBe('invalid')
})
