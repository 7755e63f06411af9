import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { changeName } from '#modules/people/identity.commands.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow, user } from '#platform/testing.ts'
import { concluded, issued, type RunningClass, runningClass, staffOf } from '../../../tests/fixtures/assessed.ts'
import { claimant } from '../../../tests/fixtures/claims.ts'
import { failRun, issueCertificates, issueChunk, revokeCertificate } from './certificate.commands.ts'
import { jobs } from './certificate.jobs.ts'
import {
  type Certificate,
  certificateFor,
  certificatesOf,
  classCertificates,
  holderOf,
  isIntact,
  issueRuns,
  verify,
} from './certificate.queries.ts'
import { parseCertificateNumber } from './certificate.rules.ts'

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
const leader = user('局领导', [{ role: 'hr-leader' }])
const desk = user('受理员', [{ role: 'hr-intake' }])
const pass = ['80', '90'] as const
const serialOf = (number: string) => Number(number.slice(12, 18))

async function passedClass(people = 2): Promise<RunningClass> {
  const of = await runningClass(
    t.db,
    Array.from({ length: people }, () => 900),
  )
  await concluded(
    t.db,
    of,
    Array.from({ length: people }, () => pass),
  )
  return of
}
const first = async (of: RunningClass) => (await classCertificates(t.db, of.id))[0] as Certificate

describe('R02 issuing', () => {
  test('R02 everybody who passed gets one, with a whole record, and the run counts exactly', async () => {
    const of = await runningClass(t.db, [900, 900, 900])
    await concluded(t.db, of, [pass, ['10', '10'], ['60', '60']])
    await issued(t.db, of)
    const made = await classCertificates(t.db, of.id)
    expect(made.map((one) => one.personId)).toEqual([of.people[0]?.id, of.people[2]?.id])
    expect(made.every((one) => parseCertificateNumber(one.number) === one.number)).toBe(true)
    expect(serialOf(made[1]?.number as string) - serialOf(made[0]?.number as string)).toBe(1)
    expect(await issueRuns(t.db, of.id)).toMatchObject([
      { state: 'done', total: 2, issued: 2, requestedByName: '负责人丙' },
    ])
    const [one] = made as [Certificate]
    expect(one.record).toMatchObject({
      number: one.number,
      programme: { code: 'job-adaptation', name: '企业适岗培训' },
      plannedHours: 20,
      hours: 20,
      assessedOn: '2021-09-11',
      totalMillipoints: 86_000,
      issuer: { name: expect.stringContaining('味道餐饮'), uscc: of.organisation.uscc },
      basis: '海府办〔2020〕4号',
    })
    expect(holderOf(ctxFor(t.db, leader), one)).toBe('张小明')
    expect(isIntact(ctxFor(t.db, leader), one)).toBe(true)
    const stored = JSON.stringify((await t.owner.query('select * from assessment.certificates')).rows)
    expect(stored).not.toContain('张小明')
  })

  test('R02 refused: before the results, twice at once, when nobody waits; not theirs; not allowed', async () => {
    const early = await runningClass(t.db, [900])
    const ask = (of: RunningClass, actor = of.staff.head) =>
      reasonOf(issueCertificates(ctxFor(t.db, actor), { classId: of.id }))
    expect(await ask(early)).toBe('results-not-out')
    const of = await passedClass(1)
    expect(await ask(of, staffOf('00000000-0000-4000-8000-00000000dead').head)).toBe('missing')
    expect(await ask(of, of.staff.trainer)).toBe('forbidden')
    expect((await Promise.all([ask(of), ask(of, of.staff.deputy)])).toSorted()).toEqual(['done', 'issue-running'])
    const [run] = await issueRuns(t.db, of.id)
    await jobs['assessment.issueCertificates']?.(ctxFor(t.db, systemActor), { runId: run?.id })
    expect(await ask(of)).toBe('nothing-to-issue')
  })

  test('R02 a run broken off goes on where it stopped; run twice at once it makes nobody a second one', async () => {
    const of = await passedClass(7)
    const { runId } = await issueCertificates(ctxFor(t.db, of.staff.head), { classId: of.id })
    expect(await issueChunk(ctxFor(t.db, systemActor), { runId, size: 3 })).toMatchObject({
      issuedCount: 3,
      done: false,
    })
    expect(await issueRuns(t.db, of.id)).toMatchObject([{ state: 'running', issued: 3, total: 7 }])
    const go = () => jobs['assessment.issueCertificates']?.(ctxFor(t.db, systemActor), { runId })
    await Promise.all([go(), go(), go()])
    expect(await classCertificates(t.db, of.id)).toHaveLength(7)
    expect(await issueRuns(t.db, of.id)).toMatchObject([{ state: 'done', issued: 7, total: 7 }])
  })

  test('R02 many classes at once: numbers without holes or twins', async () => {
    const classes = []
    for (let n = 0; n < 6; n++) classes.push(await passedClass(5))
    const before = (await t.owner.query('select last from assessment.certificate_serials')).rows[0]?.last ?? 0
    await Promise.all(classes.map((of) => issued(t.db, of)))
    const numbers = (await Promise.all(classes.map((of) => classCertificates(t.db, of.id))))
      .flat()
      .map((one) => serialOf(one.number))
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => before + i + 1))
  })

  test('R02 a run that is refused says why, and the class can be tried again', async () => {
    const of = await passedClass(1)
    await t.owner.query(`update assessment.certificate_serials set last = 999999 where year = 2021`)
    const { runId } = await issueCertificates(ctxFor(t.db, of.staff.head), { classId: of.id })
    await jobs['assessment.issueCertificates']?.(ctxFor(t.db, systemActor), { runId })
    expect(await issueRuns(t.db, of.id)).toMatchObject([
      { state: 'failed', message: expect.stringContaining('流水号'), issued: 0 },
    ])
    await t.owner.query(`update assessment.certificate_serials set last = 500000 where year = 2021`)
    await issued(t.db, of)
    expect(await classCertificates(t.db, of.id)).toHaveLength(1)
    expect(await reasonOf(failRun(ctxFor(t.db, systemActor), { runId, message: 'x' }))).toBe('done')
    expect((await issueRuns(t.db, of.id)).map((run) => run.state)).toEqual(['done', 'failed'])
  })

  test('R02 a large class: measured', async () => {
    const of = await runningClass(
      t.db,
      Array.from({ length: 200 }, () => 900),
    )
    await concluded(
      t.db,
      of,
      Array.from({ length: 200 }, () => pass),
    )
    const began = performance.now()
    await issued(t.db, of)
    const seconds = (performance.now() - began) / 1000
    console.info(`200 certificates in ${seconds.toFixed(2)} s`)
    expect(await classCertificates(t.db, of.id)).toHaveLength(200)
    expect(seconds).toBeLessThan(10)
  })
})

describe('R37 verifying', () => {
  const ctx = () => ctxFor(t.db, user('x', []))

  test('R37 by code, or by number with the name; masked; nothing without the name', async () => {
    const of = await passedClass(1)
    await issued(t.db, of)
    const one = await first(of)
    const answer = await verify(ctx(), { code: one.code.toLowerCase() })
    expect(answer).toMatchObject({ state: 'issued', number: one.number, holder: '张*明', hours: 20, intact: true })
    expect(JSON.stringify(answer)).not.toMatch(/张小明|\d{17}[\dX]/)
    expect(await verify(ctx(), { number: one.number.replaceAll('-', ''), name: ' 张小明 ' })).toMatchObject({
      state: 'issued',
    })
    for (const asked of [
      { number: one.number },
      { number: one.number, name: '张小红' },
      { number: '440105-2021-999998-0', name: '张小明' },
      { code: 'X'.repeat(20) },
      {},
    ]) {
      expect(await verify(ctx(), asked)).toEqual({ state: 'unknown' })
    }
  })

  test('C01 after a change of name both names match, and the certificate keeps the one it was issued to', async () => {
    const of = await passedClass(1)
    await issued(t.db, of)
    const one = await first(of)
    // The fixture's person has no name history yet: the present name came with the record.
    await changeName(ctxFor(t.db, desk), {
      personId: one.personId,
      name: '张新名',
      from: '2021-09-01',
      evidence: '户口簿变更页',
    })
    for (const name of ['张小明', '张新名']) {
      expect(await verify(ctx(), { number: one.number, name })).toMatchObject({
        state: 'issued',
        holder: '张*明',
        intact: true,
      })
    }
    expect(holderOf(ctx(), one)).toBe('张小明')
  })

  test('HZ4-M16 a record changed behind our back no longer fits its digest', async () => {
    const of = await passedClass(1)
    await issued(t.db, of)
    const one = await first(of)
    await t.owner.query('alter table assessment.certificates disable trigger revoked_once')
    await t.owner.query(
      `update assessment.certificates set record = jsonb_set(record, '{hours}', '400') where id = $1`,
      [one.id],
    )
    await t.owner.query('alter table assessment.certificates enable trigger revoked_once')
    expect(await verify(ctx(), { code: one.code })).toMatchObject({ intact: false })
  })
})

describe('C23 revoking', () => {
  const revoke = (certificateId: string, code: string, actor = leader) =>
    revokeCertificate(ctxFor(t.db, actor, new Date('2021-09-16T10:00:00+08:00')), {
      certificateId,
      code,
      note: '检查发现问题',
    })

  test('C23 the leader revokes, once; verification says when and why; the count is taken back', async () => {
    const of = await passedClass(2)
    await issued(t.db, of)
    const one = await first(of)
    expect(await reasonOf(revoke(one.id, 'false-hours', of.staff.head))).toBe('forbidden')
    expect(await reasonOf(revoke('00000000-0000-4000-8000-00000000dead', 'false-hours'))).toBe('missing')
    expect(await reasonOf(revoke(one.id, 'whatever'))).toBe('invalid')
    expect(
      (
        await Promise.all([reasonOf(revoke(one.id, 'false-hours')), reasonOf(revoke(one.id, 'false-score'))])
      ).toSorted(),
    ).toEqual(['already-revoked', 'done'])
    expect(await verify(ctxFor(t.db, leader), { code: one.code })).toMatchObject({
      state: 'revoked',
      revokedOn: '2021-09-16',
      intact: true,
    })
    const { rows } = await t.owner.query(
      `select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks k on k.id = j.task_id where k.identifier = 'reports.negate'`,
    )
    expect(rows.map((row) => row.payload)).toContainEqual({ certificateId: one.id })
    expect(await reasonOf(issueCertificates(ctxFor(t.db, of.staff.head), { classId: of.id }))).toBe('nothing-to-issue')
  })

  test('C23 a misprint is made anew under a new number; the old one stays revoked', async () => {
    const of = await passedClass(1)
    await issued(t.db, of)
    const one = await first(of)
    await revoke(one.id, 'misprint')
    await issued(t.db, of)
    const both = await classCertificates(t.db, of.id)
    expect(both.map((c) => c.state)).toEqual(['revoked', 'issued'])
    expect(both[0]?.number).not.toBe(both[1]?.number)
  })

  test('C23 the application can neither edit a certificate nor bring one back', async () => {
    const of = await passedClass(1)
    await issued(t.db, of)
    const one = await first(of)
    const app = (set: Record<string, unknown>) =>
      t.db
        .updateTable('assessment.certificates')
        .set(set)
        .where('id', '=', one.id)
        .execute()
        .then(
          () => 'done',
          (error: Error) => error.message,
        )
    expect(await app({ number: '440105-2021-999999-X' })).toMatch(/permission denied/)
    await revoke(one.id, 'false-identity')
    expect(
      await app({ state: 'issued', revoked_on: null, revoked_at: null, revoked_by: null, revoke_code: null }),
    ).toMatch(/stays revoked/)
  })
})

test('R37 a certificate is seen by its holder, its issuer and the bureau, and is missing for everybody else', async () => {
  const of = await passedClass(1)
  await issued(t.db, of)
  const one = await first(of)
  const see = (actor: Parameters<typeof ctxFor>[1]) => reasonOf(certificateFor(ctxFor(t.db, actor, testNow), one.id))
  expect(await see(user('本人', [], one.personId))).toBe('done')
  expect(await see(of.staff.academic)).toBe('done')
  expect(await see(desk)).toBe('done')
  expect(await see(user('别人', [], '00000000-0000-4000-8000-00000000dead'))).toBe('missing')
  const other = await claimant(t.db)
  expect(await see(staffOf(other.id).head)).toBe('missing')
  expect((await certificatesOf(t.db, one.personId)).map((c) => c.number)).toEqual([one.number])
})
