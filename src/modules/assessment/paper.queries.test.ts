import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { concluded, issued, type RunningClass, runningClass, staffOf } from '../../../tests/fixtures/assessed.ts'
import { classCertificates } from './certificate.queries.ts'
import { certificatePaper, classPaper, recordPaper } from './paper.queries.ts'
import { learningRecord } from './record.queries.ts'
import { passRateOf, passRateWatch, providerHistory } from './watch.queries.ts'

let t: TestDb
let of: RunningClass
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  of = await runningClass(
    t.db,
    Array.from({ length: 30 }, () => 900),
  )
  await concluded(
    t.db,
    of,
    Array.from({ length: 30 }, () => ['80', '90'] as const),
  )
  await issued(t.db, of)
})
afterAll(() => t.close())

const site = 'https://hzpx.example'
const stranger = () => staffOf('00000000-0000-4000-8000-00000000dead').head
const desk = user('受理员', [{ role: 'hr-intake' }])
const kindOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof AppError) return error.fault.kind
      throw error
    },
  )
const isPdf = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 5)).toString() === '%PDF-'

describe('R02 certificates as papers', () => {
  test('R02 holder, issuer and bureau; missing for others; measured', async () => {
    const [one] = await classCertificates(t.db, of.id)
    if (!one) throw new Error('no certificate')
    const holder = user('本人', [], one.personId)
    for (const actor of [holder, of.staff.academic, desk]) {
      const paper = await certificatePaper(ctxFor(t.db, actor), one.id, site)
      expect(paper.name).toBe(`培训合格证书-${one.number}.pdf`)
      expect(isPdf(paper.bytes)).toBe(true)
    }
    expect(await kindOf(certificatePaper(ctxFor(t.db, stranger()), one.id, site))).toBe('missing')
    const began = performance.now()
    const all = await classPaper(ctxFor(t.db, of.staff.academic), of.id, site)
    console.info(`30 certificates in one PDF: ${(performance.now() - began).toFixed(0)} ms, ${all.bytes.length} bytes`)
    expect(isPdf(all.bytes)).toBe(true)
    expect(await kindOf(classPaper(ctxFor(t.db, stranger()), of.id, site))).toBe('missing')
    expect(await kindOf(classPaper(ctxFor(t.db, holder), of.id, site))).toBe('missing')
  })
})

describe('R03 the learning record', () => {
  test('R03 month, running total and what is left, all from the ledger', async () => {
    const of = await runningClass(t.db, [100])
    const { id: personId, enrolmentId } = of.people[0] as { id: string; enrolmentId: string }
    const hour = {
      person_id: personId,
      enrolment_id: enrolmentId,
      class_id: of.id,
      at: testNow,
      by_user: 'test',
      source: 'class',
      grade: 'A',
      evidence: '{}',
    }
    await t.db
      .insertInto('training.hour_entries')
      .values([{ ...hour, on_day: '2021-09-02', minutes: 80 }])
      .execute()
    const record = await learningRecord(ctxFor(t.db, desk), personId)
    expect(record.months).toEqual([
      { month: '2021-08', minutes: 100, cumulativeMinutes: 100 },
      { month: '2021-09', minutes: 80, cumulativeMinutes: 180 },
    ])
    expect(record).toMatchObject({ totalMinutes: 180, totalHours: 4 })
    expect(record.classes).toMatchObject([
      { plannedHours: 20, minutes: 180, hours: 4, remainingHours: 16, minutesPerHour: 45, result: null },
    ])
    const own = user('本人', [], personId)
    expect(isPdf((await recordPaper(ctxFor(t.db, own), personId, site)).bytes)).toBe(true)
    expect(await kindOf(recordPaper(ctxFor(t.db, desk), personId, site))).toBe('missing')
  })
})

describe('C18 pass rates', () => {
  test('C18 of a class, of an institution, and who stands out', async () => {
    expect(await passRateOf(t.db, of.id)).toMatchObject({
      assessed: 30,
      passed: 30,
      percent: 100,
      concludedOn: '2021-09-15',
      conflict: false,
      changes: 0,
    })
    expect(await passRateOf(t.db, '00000000-0000-4000-8000-00000000dead')).toMatchObject({ assessed: 0, percent: null })
    expect(await providerHistory(t.db, of.organisation.id)).toHaveLength(1)
    const ordinary = await runningClass(
      t.db,
      Array.from({ length: 4 }, () => 900),
    )
    await concluded(t.db, ordinary, [
      ['80', '90'],
      ['10', '10'],
      ['80', '90'],
      ['10', '10'],
    ])
    const { rows } = await passRateWatch(ctxFor(t.db, desk))
    expect(
      rows.map((row) => [row.organisationId, row.percent, row.signals.map((s) => s.signal), row.busiest?.persons]),
    ).toEqual([
      [of.organisation.id, 100, ['pass-rate-high'], 30],
      [ordinary.organisation.id, 50, [], 2],
    ])
  })
})
