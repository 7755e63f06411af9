import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Actor } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb, testNow } from '#platform/testing.ts'
import { claimant, desk, official } from '../../../tests/fixtures/claims.ts'
import { setFigure, taughtClass } from '../../../tests/fixtures/taught.ts'
import { draftClaim } from './claim.commands.ts'
import { precheckAll, runControls } from './control.commands.ts'
import { decideOverride, requestOverride, revokeOverride } from './override.commands.ts'
import { overrideList } from './override.queries.ts'
import { submitClaim } from './submission.commands.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  await setFigure(t.db, 'R05.months', 6)
})
afterAll(() => t.close())

const { first, second } = desk()
const as = (actor: Actor, now = testNow) => ctxFor(t.db, actor, now)
const reason = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  )
  if (!(error instanceof AppError)) return error
  return error.fault.kind === 'refused' ? error.fault.refusal.reason : error.fault.kind
}

/** A submitted claim whose organisation was suspended since: C20 fails and blocks. */
async function blockedClaim(): Promise<string> {
  const org = await claimant(t.db)
  const cls = await taughtClass(t.db, org)
  const { claimId } = await draftClaim(as(org.actor), { classId: cls.id })
  await submitClaim(as(org.actor), { claimId, version: 1, commitment: 'on' })
  await t.db.updateTable('people.organisations').set({ status: 'suspended' }).where('id', '=', org.id).execute()
  return claimId
}
const ask = (claimId: string, over: Record<string, unknown> = {}) => ({
  claimId,
  control: 'C20',
  reason: '单位因搬迁暂停登记，已核实营业状态，见核查记录',
  expiresOn: '2021-10-10',
  ...over,
})
const blocking = async (claimId: string, now = testNow) => {
  await runControls(as(first, now), { claimIds: [claimId] })
  const run = await t.db
    .selectFrom('subsidy.control_runs')
    .select(['blocking', 'warnings'])
    .where('claim_id', '=', claimId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return run?.blocking
}

describe('C25 letting a control pass', () => {
  test('C25 done: asked by one, approved by another, blocks nothing until it runs out', async () => {
    const claimId = await blockedClaim()
    expect(await blocking(claimId)).toBe(1)
    const { overrideId } = await requestOverride(as(first), ask(claimId))
    expect(await blocking(claimId)).toBe(1)
    expect(await decideOverride(as(second), { overrideId, decision: 'approve', note: '同意' })).toMatchObject({
      state: 'approved',
    })
    expect(await blocking(claimId)).toBe(0)
    expect(await blocking(claimId, new Date('2021-10-10T23:00:00+08:00'))).toBe(0)
    expect(await blocking(claimId, new Date('2021-10-11T00:30:00+08:00'))).toBe(1)
    const c25 = await t.db
      .selectFrom('subsidy.control_results')
      .select(['verdict', 'reason'])
      .where('claim_id', '=', claimId)
      .where('control', '=', 'C25')
      .orderBy('checked_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    expect(c25).toEqual({ verdict: 'fail', reason: 'override-expired' })
    const [row] = (await overrideList(t.db, { claimId })).rows
    expect(row).toMatchObject({ control: 'C20', state: 'approved', requestedBy: '初审甲', decidedBy: '复核乙' })
    const moves = await t.db
      .selectFrom('platform.moves')
      .select('move')
      .where('subject_id', '=', overrideId)
      .orderBy('id')
      .execute()
    expect(moves.map((m) => m.move)).toEqual(['request', 'approve'])
  })

  test('C25 revoked it blocks again', async () => {
    const claimId = await blockedClaim()
    const { overrideId } = await requestOverride(as(first), ask(claimId))
    await decideOverride(as(second), { overrideId, decision: 'approve' })
    await revokeOverride(as(second), { overrideId, reason: '情况有变化' })
    expect(await blocking(claimId)).toBe(1)
    expect(await reason(revokeOverride(as(second), { overrideId, reason: '再撤一次' }))).toBe('wrong-state')
    await requestOverride(as(first), ask(claimId))
  })

  test('C25 refused: short reason, too long, past, nothing failing, by himself, twice, with the claimant, without the right', async () => {
    const claimId = await blockedClaim()
    expect(await reason(requestOverride(as(first), ask(claimId, { reason: '同意放行' })))).toBe('invalid')
    expect(await reason(requestOverride(as(first), ask(claimId, { expiresOn: '2021-10-16' })))).toBe(
      'override-too-long',
    )
    expect(await reason(requestOverride(as(first), ask(claimId, { expiresOn: '2021-09-14' })))).toBe('override-past')
    expect(await reason(requestOverride(as(first), ask(claimId, { control: 'C08' })))).toBe('control-not-failing')
    expect(await reason(requestOverride(as(second), ask(claimId)))).toBe('forbidden')
    const { overrideId } = await requestOverride(as(first), ask(claimId))
    expect(await reason(requestOverride(as(first), ask(claimId)))).toBe('override-exists')
    const both = official('兼任者', 'hr-first-reviewer')
    const self = { ...both, can: () => true, id: first.id }
    expect(await reason(decideOverride(as(self), { overrideId, decision: 'approve' }))).toBe('same-person')
    await decideOverride(as(second), { overrideId, decision: 'refuse', note: '依据不足' })
    expect(await reason(decideOverride(as(second), { overrideId, decision: 'approve' }))).toBe('wrong-state')
    await t.db.updateTable('subsidy.claims').set({ state: 'returned' }).where('id', '=', claimId).execute()
    expect(await reason(requestOverride(as(first), ask(claimId)))).toBe('claim-not-at-bureau')
    const insider = {
      ...first,
      holdings: [{ role: 'hr-first-reviewer' as const, organisationId: await claimOrg(claimId) }],
    }
    expect(await reason(requestOverride(as(insider), ask(claimId)))).toBe('own-organisation')
  })

  test('C25 raced: two requests are one, approval and refusal are one', async () => {
    const claimId = await blockedClaim()
    const asked = await Promise.all([1, 2, 3].map(() => reason(requestOverride(as(first), ask(claimId)))))
    expect(asked.filter((one) => one === undefined)).toHaveLength(1)
    const [row] = (await overrideList(t.db, { claimId })).rows
    const overrideId = row?.id ?? ''
    const decided = await Promise.all(
      (['approve', 'refuse', 'approve'] as const).map((decision) =>
        reason(decideOverride(as(second), { overrideId, decision })),
      ),
    )
    expect(decided.filter((one) => one === undefined)).toHaveLength(1)
    expect(decided.filter((one) => one === 'wrong-state')).toHaveLength(2)
  })

  test('C25 the database takes no approval by the one who asked', async () => {
    const claimId = await blockedClaim()
    const { overrideId } = await requestOverride(as(first), ask(claimId))
    await expect(
      t.db
        .updateTable('subsidy.overrides')
        .set({ state: 'approved', decided_by: first.id, decided_at: testNow })
        .where('id', '=', overrideId)
        .execute(),
    ).rejects.toThrow(/overrides_check/)
  })
})

describe('HZ4-M16 all open claims', () => {
  test('HZ4-M16 every open claim is looked at once, batch after batch', async () => {
    const open = await t.db
      .selectFrom('subsidy.claims')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    const done = await precheckAll(as(first))
    expect(done.claimsCount).toBe(open.n)
    expect(done.linesCount).toBe(open.n * 3)
  })
})

const claimOrg = async (id: string) =>
  (await t.db.selectFrom('subsidy.claims').select('organisation_id').where('id', '=', id).executeTakeFirstOrThrow())
    .organisation_id
