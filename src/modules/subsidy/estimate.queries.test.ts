import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, systemActor, type TestDb } from '#platform/testing.ts'
import type { Day } from '#shared/units.ts'
import { claimant, submittedClaim } from '../../../tests/fixtures/claims.ts'
import { estimate, yearUse } from './estimate.queries.ts'
import { EstimateInput } from './estimate.schema.ts'
import { linesAbout } from './mine.queries.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 4)
})
afterAll(() => t.close())

const ctx = () => ctxFor(t.db, systemActor)
const on = '2021-09-15' as Day
const asked = (over: Record<string, unknown> = {}) => ({ programme: 'job-adaptation', on, hours: 20, ...over })

test('R04 a stranger: hours × rate, every step with its source', async () => {
  const { line, use } = await estimate(ctx(), asked(), null)
  expect(line).toMatchObject({ ok: true, value: { amountFen: 60_000, classHours: 20, unitFen: 3_000 } })
  if (line.ok) expect(line.value.explanation.every((step) => /《.*》/.test(step.basis))).toBe(true)
  expect(use).toBeNull()
})

test('C10 never above the year: what claims already hold is taken off', async () => {
  const claim = await submittedClaim(t.db, await claimant(t.db), [30, 5])
  const [first] = claim.lines
  if (!first) throw new Error('no line')
  await t.db.updateTable('subsidy.claim_lines').set({ cap_held_at: new Date() }).where('id', '=', first.id).execute()
  const { line, use } = await estimate(ctx(), asked({ hours: 20 }), first.person.id)
  expect(use).toEqual({ year: 2021, capFen: 100_000, usedFen: 90_000, leftFen: 10_000 })
  expect(line).toMatchObject({ ok: true, value: { amountFen: 10_000, capUsedBeforeFen: 90_000 } })
  expect(await yearUse(ctx(), first.person.id, on)).toMatchObject([{ programme: 'job-adaptation', leftFen: 10_000 }])
  const mine = await linesAbout(ctx(), first.person.id)
  expect(mine).toMatchObject([
    { claimNumber: claim.number, amountFen: 90_000, payee: claim.organisation.name, dropped: false },
  ])
  expect(await linesAbout(ctx(), claim.lines[1]?.person.id ?? '')).toHaveLength(1)
})

test('R04 nothing is computed from a figure that nobody has decided', async () => {
  const { line } = await estimate(ctx(), asked({ programme: 'project-based' }), null)
  expect(line).toMatchObject({ ok: false, refusal: { reason: 'figure-undecided' } })
})

test('R04 a programme that is not in the plan is refused in words', async () => {
  await expect(estimate(ctx(), asked({ programme: 'nothing' }), null)).rejects.toMatchObject({
    fault: { kind: 'invalid', fields: { programme: [expect.any(String)] } },
  })
})

test.each([
  [{ programme: '', on: '2021-09-15', hours: '20' }, 'programme'],
  [{ programme: 'job-adaptation', on: '2021-02-30', hours: '20' }, 'on'],
  [{ programme: 'job-adaptation', on: '2021-09-15', hours: '' }, 'hours'],
  [{ programme: 'job-adaptation', on: '2021-09-15', hours: '1.5' }, 'hours'],
  [{ programme: 'job-adaptation', on: '2021-09-15', hours: '9999' }, 'hours'],
])('R04 an address that cannot be answered says which field: %j', (typed, field) => {
  const parsed = EstimateInput.safeParse(typed)
  expect(parsed.success).toBe(false)
  expect(parsed.error?.issues.map((issue) => issue.path[0])).toEqual([field])
})
