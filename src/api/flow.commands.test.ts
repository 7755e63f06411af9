import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { classCertificates } from '#modules/assessment/certificate.queries.ts'
import { checkImport } from '#modules/training/import.commands.ts'
import { anonymous } from '#platform/actor.ts'
import { ctxFor, freshDb, systemActor, type TestDb } from '#platform/testing.ts'
import { apiOver, keyOf, once } from '../../tests/fixtures/api.ts'
import { concluded, issued, type RunningClass, runningClass } from '../../tests/fixtures/assessed.ts'
import { claimant } from '../../tests/fixtures/claims.ts'
import { taughtClass } from '../../tests/fixtures/taught.ts'

let t: TestDb
let of: RunningClass
const { send, call } = apiOver(() => t.db)

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  of = await runningClass(t.db, [900, 900])
})
afterAll(() => t.close())
beforeEach(async () => {
  await t.owner.query('delete from platform.rate_limits')
})

describe('the whole flow over the API', () => {
  test('R02 roster from a file: uploaded, read, errors as a file', async () => {
    const key = keyOf(of.organisation.id)
    const csv = '姓名,证件号码,手机号\n张三,440105199001010017,13800138000\n李四,440105200002290010,13900139000\n'
    const upload = (header: Record<string, string>) =>
      send(key, `/organisation/classes/${of.id}/roster-imports`, {
        method: 'POST',
        headers: { ...header, 'content-type': 'text/csv' },
        body: csv,
      })
    const header = once()
    const [first, second] = [await upload(header), await upload(header)]
    expect([first.status, second.status]).toEqual([202, 202])
    const { importId } = (await first.json()) as { importId: string }
    expect(await second.json()).toEqual({ importId })
    await checkImport(ctxFor(t.db, systemActor), { importId })
    const checked = await call(key, 'GET', `/organisation/roster-imports/${importId}`)
    expect(checked.json).toMatchObject({
      state: 'checked',
      accepted: 1,
      rejected: 1,
      faults: [{ row: 3, rule: 'C01' }],
    })
    const file = await send(key, `/organisation/roster-imports/${importId}/errors`)
    expect(file.headers.get('content-disposition')).toContain('attachment')
    expect((await call(keyOf(randomUUID()), 'GET', `/organisation/roster-imports/${importId}`)).status).toBe(404)
    expect(
      (await call(key, 'POST', `/organisation/roster-imports/${importId}/discarding`, undefined, once())).status,
    ).toBe(200)
  })

  test('C23 scores entered by a program still need a person to confirm', async () => {
    const of = await runningClass(t.db, [900])
    const key = keyOf(of.organisation.id)
    const cells = { [`${of.people[0]?.enrolmentId}.theory`]: '80', [`${of.people[0]?.enrolmentId}.practice`]: '缺考' }
    const entered = await call(key, 'POST', `/organisation/assessments/${of.assessmentId}/scores`, { cells }, once())
    expect(entered.json).toMatchObject({ state: 'scoring', version: 1, changedCount: 2 })
    const sheet = await call(key, 'GET', `/organisation/classes/${of.id}/assessment`)
    expect(sheet.json).toMatchObject({ sheet: [{ marks: { theory: { tenths: 800 }, practice: { absent: true } } }] })
    expect(JSON.stringify(sheet.json)).not.toMatch(/enteredBy|scoreId/)
  })

  test('R37 anybody verifies a certificate, masked; a number alone tells nothing', async () => {
    const of = await runningClass(t.db, [900])
    await concluded(t.db, of, [['80', '90']])
    await issued(t.db, of)
    const [one] = await classCertificates(t.db, of.id)
    const good = await call(anonymous, 'GET', `/certificates/verification?code=${one?.code}`)
    expect(good.json).toMatchObject({ state: 'issued', holder: '张*明', intact: true })
    const bare = await call(anonymous, 'GET', `/certificates/verification?number=${one?.number}`)
    expect(bare.json).toEqual({ state: 'unknown' })
    const results = await call(keyOf(of.organisation.id), 'GET', `/organisation/classes/${of.id}/results`)
    expect(results.json).toMatchObject({ items: [{ passed: true, certificateNumber: one?.number }] })
  })
})

describe('claims over the API', () => {
  test('R04 drawn up from the records, once whatever the retries; read with every sum explained; recomputed; given up', async () => {
    const organisation = await claimant(t.db)
    const cls = await taughtClass(t.db, organisation, { size: 2 })
    const key = keyOf(organisation.id)
    const ready = await call(key, 'GET', '/organisation/claimable-classes')
    expect(ready.json).toMatchObject({ items: [{ id: cls.id, persons: 2 }] })
    const header = once()
    const [one, two] = await Promise.all(
      [1, 2].map(() => call(key, 'POST', '/organisation/claims', { classId: cls.id }, header)),
    )
    expect([one?.status, two?.status]).toEqual([201, 201])
    expect(two?.json).toEqual(one?.json)
    const { claimId, amountFen } = (one?.json ?? {}) as unknown as { claimId: string; amountFen: number }
    expect(amountFen).toBeGreaterThan(0)
    const page = await call(key, 'GET', `/organisation/claims/${claimId}`)
    expect(page.json).toMatchObject({ claim: { state: 'draft', persons: 2 }, nowFen: amountFen })
    const lines = (page.json as unknown as { lines: { id: string; explanation: { basis: string }[] }[] }).lines
    expect(lines).toHaveLength(2)
    expect(
      lines.every((line) => line.explanation.length > 0 && line.explanation.every((step) => step.basis !== '')),
    ).toBe(true)
    expect(JSON.stringify(page.json)).not.toMatch(/\d{17}[\dX]|张小明/)
    const again = await call(key, 'POST', '/organisation/claims', { classId: cls.id }, once())
    expect(again.json).toMatchObject({ status: 409, reason: 'claim-exists', remedy: expect.stringMatching(/。$/) })
    expect(
      (await call(key, 'POST', `/organisation/claims/${claimId}/refreshing`, undefined, once())).json,
    ).toMatchObject({ changed: false })
    const dropped = await call(
      key,
      'POST',
      `/organisation/claim-lines/${lines[0]?.id}/dropping`,
      { reason: '未到岗' },
      once(),
    )
    expect(dropped.json).toMatchObject({ claimId })
    for (const path of [`/organisation/claims/${claimId}`]) {
      expect((await call(keyOf(randomUUID()), 'GET', path)).status).toBe(404)
    }
    expect(
      (
        await call(
          keyOf(randomUUID()),
          'POST',
          `/organisation/claims/${claimId}/withdrawal`,
          { reason: '不申领' },
          once(),
        )
      ).status,
    ).toBe(404)
    const gone = await call(key, 'POST', `/organisation/claims/${claimId}/withdrawal`, { reason: '暂不申领' }, once())
    expect(gone.json).toMatchObject({ state: 'withdrawn' })
    expect((await call(key, 'GET', '/organisation/claims?state=withdrawn')).json).toMatchObject({
      items: [{ id: claimId }],
      next: null,
    })
  })
})
