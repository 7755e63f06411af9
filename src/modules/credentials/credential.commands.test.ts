import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { revokeCertificate } from '#modules/assessment/certificate.commands.ts'
import { type Certificate, classCertificates } from '#modules/assessment/certificate.queries.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow, user } from '#platform/testing.ts'
import { concluded, issued, type RunningClass, runningClass } from '../../../tests/fixtures/assessed.ts'
import { issueCompletion, issueMissing, revokeCompletion } from './credential.commands.ts'
import { jobs } from './credential.jobs.ts'
import {
  achievement,
  badgeJson,
  badgeJwt,
  compactJwt,
  credentialByCode,
  credentialOfCertificate,
  credentialsOf,
  holderName,
  ownCredential,
  signedStatus,
} from './credential.queries.ts'
import { statusUrl } from './credential.rules.ts'
import type { Issuer } from './credential.schema.ts'
import { didOf } from './did.rules.ts'
import { publishedDid, signerOf } from './key.queries.ts'
import { type Known, verifyGiven } from './verify.rules.ts'

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
const issuer: Issuer = { origin: 'https://hzpx.example', name: '海珠职业培训云平台' }
const system = () => ctxFor(t.db, systemActor)
const job = () => jobs['credentials.issueMissing']?.(system(), {})
const leader = user('局领导', [{ role: 'hr-leader' }])
const pass = ['80', '90'] as const

async function certified(people = 2): Promise<{ of: RunningClass; certificates: Certificate[] }> {
  const of = await runningClass(t.db, Array(people).fill(900))
  await concluded(t.db, of, Array(people).fill(pass))
  await issued(t.db, of)
  return { of, certificates: await classCertificates(t.db, of.id) }
}
const known = async (lists = [1]): Promise<Known> => ({
  did: didOf(issuer.origin),
  document: await publishedDid(t.db, issuer.origin),
  lists: Object.fromEntries(
    await Promise.all(
      lists.map(async (n) => [statusUrl(issuer.origin, n), (await signedStatus(system(), issuer, n)).jwt()] as const),
    ),
  ),
})
const revoke = (certificateId: string, code = 'false-hours') =>
  revokeCertificate(ctxFor(t.db, leader), { certificateId, code, note: '检查发现问题' })
const outcomeOf = async (certificateId: string) => {
  const found = await credentialOfCertificate(t.db, certificateId)
  if (!found) return 'none'
  const signer = await signerOf(system())
  return (await verifyGiven(compactJwt(signer, issuer, found, '张小明'), await known(), testNow)).outcome
}

describe('HZ4-M13 issuing', () => {
  test('HZ4-M13 making certificates queues the job in the same commit; it makes the first key and every credential once', async () => {
    const { certificates } = await certified(3)
    const { rows } = await t.owner.query(
      `select k.identifier from graphile_worker._private_jobs j join graphile_worker._private_tasks k on k.id = j.task_id`,
    )
    expect(rows.map((row) => row.identifier)).toContain('credentials.issueMissing')
    await Promise.all([job(), job(), job()])
    const made = await Promise.all(certificates.map(({ id }) => credentialOfCertificate(t.db, id)))
    expect(new Set(made.map((one) => one?.place)).size).toBe(3)
    expect(made.map((one) => one?.number)).toEqual(certificates.map(({ number }) => number))
    expect((await t.owner.query('select count(*)::int as n from credentials.keys')).rows[0]?.n).toBe(1)
    await job()
    expect((await t.owner.query('select count(*)::int as n from credentials.issued')).rows[0]?.n).toBe(3)
  })

  test('HZ4-M13 each form verifies; the holder gets the name, the paper by its code does not', async () => {
    const { certificates } = await certified(1)
    await job()
    const [one] = certificates as [Certificate]
    const ctx = ctxFor(t.db, user('本人', [], one.personId))
    const found = await ownCredential(ctx, one.id)
    const signer = await signerOf(ctx)
    const name = holderName(ctx, found)
    expect(name).toBe('张小明')
    const json = JSON.stringify(await badgeJson(signer, issuer, found, name))
    for (const text of [json, badgeJwt(signer, issuer, found, name), compactJwt(signer, issuer, found, name)]) {
      expect(await verifyGiven(text, await known(), testNow)).toMatchObject({
        outcome: 'valid',
        shown: expect.arrayContaining([
          { label: '持证人', value: '张小明' },
          { label: '证书编号', value: one.number },
        ]),
      })
    }
    const open = JSON.stringify(await badgeJson(signer, issuer, await credentialByCode(t.db, one.code), null))
    expect((await verifyGiven(open, await known(), testNow)).outcome).toBe('valid')
    for (const text of [json, open]) {
      expect(text).not.toContain(one.personId)
      expect(text).not.toContain(one.record.document.masked)
    }
    expect(open).not.toContain('张小明')
    expect(await badgeJson(signer, issuer, found, name)).toEqual(JSON.parse(json))
    const sealed = await t.owner.query('select private_sealed from credentials.keys')
    expect(sealed.rows[0]?.private_sealed).toMatch(/^v1\.test\./)
  })

  test('HZ4-M13 not theirs is missing, not made yet is said', async () => {
    const { of, certificates } = await certified(1)
    const [one] = certificates as [Certificate]
    const as = (actor: Parameters<typeof ctxFor>[1]) => reasonOf(ownCredential(ctxFor(t.db, actor), one.id))
    expect(await as(user('本人', [], one.personId))).toBe('not-ready')
    await job()
    expect(await as(user('本人', [], one.personId))).toBe('done')
    expect(await as(user('别人', [], '00000000-0000-4000-8000-00000000dead'))).toBe('missing')
    expect(await as(of.staff.head)).toBe('missing')
    expect(await as(leader)).toBe('missing')
    expect(await reasonOf(credentialByCode(t.db, '0'.repeat(20)))).toBe('missing')
    expect(await reasonOf(signedStatus(system(), issuer, 999))).toBe('missing')
    expect(await reasonOf(issueMissing(ctxFor(t.db, of.staff.head), {}))).toBe('forbidden')
  })

  test('HZ4-M13 an achievement says what a class leads to, and nobody by name', async () => {
    const { of } = await certified(1)
    await job()
    const text = JSON.stringify(await achievement(t.db, issuer, 'training', of.id))
    expect(text).toContain('Achievement')
    expect(text).not.toContain('张小明')
    expect(await reasonOf(achievement(t.db, issuer, 'course', of.id))).toBe('missing')
  })
})

describe('C23 revoking', () => {
  test('C23 the bit is set in the commit of the revocation, of no other', async () => {
    const { certificates } = await certified(2)
    await job()
    const [one, two] = certificates as [Certificate, Certificate]
    expect([await outcomeOf(one.id), await outcomeOf(two.id)]).toEqual(['valid', 'valid'])
    await revoke(one.id)
    expect([await outcomeOf(one.id), await outcomeOf(two.id)]).toEqual(['revoked', 'valid'])
  })

  test('C23 revoked while its credential is being made: whichever comes first, it is revoked', async () => {
    const { certificates } = await certified(6)
    const halves = certificates.map(({ id }, at) => ({ id, late: at % 2 === 1 }))
    await Promise.all(halves.filter(({ late }) => !late).map(({ id }) => revoke(id)))
    await Promise.all([job(), ...halves.filter(({ late }) => late).map(({ id }) => revoke(id))])
    for (const { id } of halves) expect(await outcomeOf(id)).toBe('revoked')
  })

  test('C23 the application can neither change a credential, give a place twice, nor take a key back', async () => {
    const { certificates } = await certified(1)
    await job()
    const app = (statement: Promise<unknown>) =>
      statement.then(
        () => 'done',
        (error: Error) => error.message,
      )
    const id = (await credentialOfCertificate(t.db, (certificates[0] as Certificate).id))?.id ?? ''
    const change = (set: object) => app(t.db.updateTable('credentials.issued').set(set).where('id', '=', id).execute())
    expect(await change({ place: 1 })).toMatch(/permission denied/)
    expect(await change({ revoked_at: testNow, revoked_by: 'x', revoke_reason: '有误' })).toMatch(/check/)
    expect(await app(t.db.deleteFrom('credentials.issued').where('id', '=', id).execute())).toMatch(/permission denied/)
    expect(await app(t.db.updateTable('credentials.keys').set({ state: 'proposed' }).execute())).toMatch(
      /check|forward/,
    )
    const twice = t.owner.query(
      `insert into credentials.issued (kind, person_id, source_key, course, holder_sealed, list, place, salt, issued_at)
       select 'course', person_id, 'twice-twice', '{}', 'x', list, place, salt, issued_at from credentials.issued where id = $1`,
      [id],
    )
    expect(await app(twice)).toMatch(/duplicate key/)
  })
})

describe('HZ4-M13 courses of the online library', () => {
  const completion = (personId: string, sourceKey: string) => ({
    personId,
    sourceKey,
    course: {
      id: '019a0000-0000-7000-8000-00000000c001',
      title: '食品安全基础',
      provider: { id: '019a0000-0000-7000-8000-00000000c002', name: '味道餐饮有限公司' },
      ...{ occupation: null, level: null, plannedHours: 8, hours: 8, from: '2021-09-01', to: '2021-09-10' },
      basis: '海府办〔2020〕4号',
    },
  })

  test('HZ4-M13 made once however often asked, verified like any other, revoked once', async () => {
    const { certificates } = await certified(1)
    const personId = (certificates[0] as Certificate).personId
    const key = 'library:completion:1'
    const made = await Promise.all([1, 2, 3].map(() => issueCompletion(system(), completion(personId, key))))
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    const found = (await credentialsOf(t.db, personId)).find(({ kind }) => kind === 'course')
    if (!found) throw new Error('no course credential')
    const check = async () => {
      const jwt = badgeJwt(await signerOf(system()), issuer, found, holderName(system(), found))
      return verifyGiven(jwt, await known(), testNow)
    }
    expect(await check()).toMatchObject({
      outcome: 'valid',
      shown: expect.arrayContaining([{ label: '培训内容', value: '食品安全基础' }]),
    })
    const take = (sourceKey: string) => reasonOf(revokeCompletion(system(), { sourceKey, reason: '成绩作废' }))
    expect(await take('library:completion:none')).toBe('missing')
    expect((await Promise.all([take(key), take(key)])).toSorted()).toEqual(['already-revoked', 'done'])
    expect((await check()).outcome).toBe('revoked')
  })

  test('HZ4-M13 refused: nobody of that id, facts that are none, not the system', async () => {
    const nobody = '00000000-0000-4000-8000-00000000dead'
    expect(await reasonOf(issueCompletion(system(), completion(nobody, 'library:completion:2')))).toBe('missing')
    expect(await reasonOf(issueCompletion(system(), { ...completion(nobody, 'short'), course: {} }))).toBe('invalid')
    expect(await reasonOf(issueCompletion(ctxFor(t.db, leader), completion(nobody, 'library:completion:2')))).toBe(
      'forbidden',
    )
  })
})

test('HZ4-M13 a full list: the next credential opens another; a list of 131072 is signed in milliseconds', async () => {
  await t.owner.query('update credentials.lists set dealt = 131072')
  const { certificates } = await certified(1)
  await job()
  const found = await credentialOfCertificate(t.db, (certificates[0] as Certificate).id)
  expect(found?.list).toBe(2)
  await t.owner.query(
    `insert into credentials.issued (kind, person_id, source_key, course, holder_sealed, list, place, salt, issued_at, revoked_at, revoked_by, revoke_reason)
     select 'course', (select person_id from credentials.issued limit 1), 'full-' || n, '{}', 'x', 2, n, repeat('s', 22), now(),
       case when n % 50 = 0 then now() end, case when n % 50 = 0 then 'x' end, case when n % 50 = 0 then 'test' end
     from generate_series(0, 131071) n where not exists (select from credentials.issued where list = 2 and place = n)`,
  )
  await t.owner.query('analyze credentials.issued')
  const began = performance.now()
  for (let n = 0; n < 10; n++) (await signedStatus(system(), issuer, 2)).jwt()
  const each = (performance.now() - began) / 10
  console.info(`a full status list with 2 % revoked, read and signed: ${each.toFixed(1)} ms`)
  expect(each).toBeLessThan(200)
})
