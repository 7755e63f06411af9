import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, type TestDb, testNow } from '#platform/testing.ts'
import { type Claimant, claimant, desk, official, submittedClaim } from '../../../tests/fixtures/claims.ts'
import { afterPublicity, budget, publicise, publicised, reasonOf } from '../../../tests/fixtures/desks.ts'
import { approve, revokeApproval } from './approval.commands.ts'
import { excludeAtFirst, keepAtFirst } from './exclusion.commands.ts'
import { ledgerFaults } from './ledger.queries.ts'
import { firstReview, secondReview } from './opinion.commands.ts'
import { putBack, takeForFirstReview, takeForSecondReview } from './review.commands.ts'

let t: TestDb
let org: Claimant
const { first, second, leader } = desk()
const other = official('初审乙', 'hr-first-reviewer')
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  org = await claimant(t.db)
  await budget(t.db, 100_000_000)
})
afterAll(() => t.close())

const minutes = (n: number) => new Date(testNow.getTime() + n * 60_000)
const days = (n: number) => new Date(testNow.getTime() + n * 86_400_000)
const take = (claimId: string, who = first, now = testNow) => takeForFirstReview(ctxFor(t.db, who, now), { claimId })
const opine = (claimId: string, input: object = {}, who = first, now = testNow) =>
  firstReview(ctxFor(t.db, who, now), { claimId, round: 1, decision: 'agree', ...input })
const stateOf = async (id: string) =>
  await t.db
    .selectFrom('subsidy.claims')
    .select(['state', 'amount_fen', 'round'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
const clocksOf = async (id: string) =>
  Object.fromEntries(
    (await t.db.selectFrom('platform.clocks').selectAll().where('subject_id', '=', id).execute()).map((c) => [
      c.kind,
      c.ended_on ? 'ended' : c.due_on ? 'running' : 'stopped',
    ]),
  )

describe('R33 review', () => {
  test('R33 two people agree, then the claim can be published; clocks follow', async () => {
    const claim = await submittedClaim(t.db, org)
    await take(claim.id)
    await opine(claim.id)
    expect(await clocksOf(claim.id)).toMatchObject({ approve: 'running' })
    expect(await reasonOf(opine(claim.id))).toBe('not-taken')
    await takeForSecondReview(ctxFor(t.db, second), { claimId: claim.id })
    await secondReview(ctxFor(t.db, second), { claimId: claim.id, round: 1, decision: 'agree' })
    expect(await stateOf(claim.id)).toMatchObject({ state: 'reviewed', amount_fen: claim.amountFen })
  })

  test('R33 a file on one desk is shown to the other reviewer, and free again when the time is over or put back', async () => {
    const claim = await submittedClaim(t.db, org)
    await take(claim.id)
    expect(await reasonOf(take(claim.id, other))).toBe('taken-by-other')
    expect(await reasonOf(opine(claim.id, {}, other))).toBe('not-taken')
    await take(claim.id, other, minutes(31))
    expect(await reasonOf(opine(claim.id, {}, first, minutes(32)))).toBe('not-taken')
    await putBack(ctxFor(t.db, other), { claimId: claim.id })
    await take(claim.id, first, minutes(33))
  })

  test('R33 two reviewers at the same instant: one has it', async () => {
    const claim = await submittedClaim(t.db, org)
    const results = await Promise.allSettled([take(claim.id), take(claim.id, other)])
    expect(results.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('R33 returned with reasons by line and field: the bureau’s clock stands, the claimant’s runs', async () => {
    const claim = await submittedClaim(t.db, org)
    await take(claim.id)
    expect(await reasonOf(opine(claim.id, { decision: 'return' }))).toBe('invalid')
    expect(await reasonOf(opine(claim.id, { decision: 'return', findings: [{ reasonCode: 'nonsense' }] }))).toBe(
      'reason-unknown',
    )
    const elsewhere = await submittedClaim(t.db, org)
    expect(
      await reasonOf(
        opine(claim.id, {
          decision: 'return',
          findings: [{ reasonCode: 'left-employer', lineId: elsewhere.lines[0]?.id }],
        }),
      ),
    ).toBe('line-gone')
    await opine(claim.id, {
      decision: 'return',
      note: '请核对',
      findings: [
        { reasonCode: 'hours-mismatch', field: 'hours', note: '第三次课' },
        { reasonCode: 'left-employer', lineId: claim.lines[0]?.id },
      ],
    })
    expect((await stateOf(claim.id)).state).toBe('returned')
    expect(await clocksOf(claim.id)).toMatchObject({ correction: 'running' })
    const findings = await t.db
      .selectFrom('subsidy.review_findings')
      .selectAll()
      .where('claim_id', '=', claim.id)
      .execute()
    expect(findings.map((f) => [f.reason_code, f.field, f.line_id === claim.lines[0]?.id])).toEqual([
      ['hours-mismatch', 'hours', false],
      ['left-employer', '', true],
    ])
  })

  test('R33 a file that was corrected meanwhile is not decided by accident', async () => {
    const claim = await submittedClaim(t.db, org)
    await take(claim.id)
    expect(await reasonOf(opine(claim.id, { round: 2 }))).toBe('resubmitted')
  })

  test('R33 rejected: hours and caps are free again', async () => {
    const claim = await submittedClaim(t.db, org)
    await take(claim.id)
    await opine(claim.id, { decision: 'reject', findings: [{ reasonCode: 'false-materials' }] })
    const lines = await t.db.selectFrom('subsidy.claim_lines').select('live').where('claim_id', '=', claim.id).execute()
    expect(lines.every((line) => !line.live)).toBe(true)
    expect(await spent(claim.lines.map((line) => line.id))).toBe(0)
  })

  const spent = async (lineIds: string[]) => {
    const row = await t.db
      .selectFrom('training.hour_spends')
      .select((eb) => eb.fn.sum<number>('minutes').as('n'))
      .where('spent_on_id', 'in', lineIds)
      .executeTakeFirst()
    return row?.n ?? 0
  }

  test('C17 one person is taken out with reason and clause, the rest need not wait', async () => {
    const claim = await submittedClaim(t.db, org, [8, 10, 12])
    const [gone, kept] = claim.lines
    await take(claim.id)
    const exclude = (lineId = gone?.id) =>
      excludeAtFirst(ctxFor(t.db, first), {
        claimId: claim.id,
        lineId,
        reasonCode: 'left-employer',
        note: '8月10日已离职',
      })
    await exclude(kept?.id)
    await keepAtFirst(ctxFor(t.db, first), { claimId: claim.id, lineId: kept?.id })
    await exclude()
    expect((await stateOf(claim.id)).amount_fen).toBe(90_000)
    await opine(claim.id)
    await takeForSecondReview(ctxFor(t.db, second), { claimId: claim.id })
    await secondReview(ctxFor(t.db, second), { claimId: claim.id, round: 1, decision: 'agree' })
    expect(await stateOf(claim.id)).toMatchObject({ state: 'reviewed', amount_fen: 66_000 })
    expect(await spent([gone?.id as string])).toBe(0)
    expect(await spent([kept?.id as string])).toBe(450)
    const opinions = await t.db
      .selectFrom('subsidy.reviews')
      .select(['stage', 'amount_fen'])
      .where('claim_id', '=', claim.id)
      .execute()
    expect(opinions.map((o) => o.amount_fen)).toEqual([66_000, 66_000])
    const [exclusion] = await t.db
      .selectFrom('subsidy.exclusions')
      .selectAll()
      .where('claim_id', '=', claim.id)
      .execute()
    expect(exclusion).toMatchObject({
      clause: 'HZ4-M08',
      reason_code: 'left-employer',
      amount_fen: 24_000,
      minutes: 360,
    })
    await expect(
      t.db
        .deleteFrom('subsidy.exclusions')
        .where('line_id', '=', gone?.id as string)
        .execute(),
    ).rejects.toMatchObject({
      constraint: 'exclusion_stands',
    })
  })

  test('C17 nobody left is a rejection, not an agreement', async () => {
    const claim = await submittedClaim(t.db, org, [8])
    await take(claim.id)
    await excludeAtFirst(ctxFor(t.db, first), {
      claimId: claim.id,
      lineId: claim.lines[0]?.id,
      reasonCode: 'left-employer',
      note: '离职',
    })
    await opine(claim.id)
    await takeForSecondReview(ctxFor(t.db, second), { claimId: claim.id })
    expect(await reasonOf(secondReview(ctxFor(t.db, second), { claimId: claim.id, round: 1, decision: 'agree' }))).toBe(
      'nothing-left',
    )
  })
})

describe('C25 independence', () => {
  test('C25 one person may not decide at two stages, whatever the roles', async () => {
    const claim = await submittedClaim(t.db, org)
    const both = official('两职', 'hr-first-reviewer', 'hr-second-reviewer', 'hr-leader')
    await take(claim.id, both)
    await opine(claim.id, {}, both)
    expect(await reasonOf(takeForSecondReview(ctxFor(t.db, both), { claimId: claim.id }))).toBe('reviewed-before')
  })

  test('C25 not their own: an organisation’s people, also as officials', async () => {
    const claim = await submittedClaim(t.db, org)
    expect(await reasonOf(take(claim.id, org.actor))).toBe('forbidden')
    const mine = official('兼职', 'hr-first-reviewer')
    mine.holdings.push({ role: 'trainer', organisationId: org.id })
    expect(await reasonOf(take(claim.id, mine))).toBe('reviewer-in-organisation')
  })

  test('C25 the database refuses by itself: same person twice, the claimant, a member, an old round', async () => {
    const claim = await submittedClaim(t.db, org)
    const insert = (stage: string, reviewer: string, round = 1) =>
      t.db
        .insertInto('subsidy.reviews')
        .values({
          claim_id: claim.id,
          round,
          stage,
          decision: 'agree',
          amount_fen: 1,
          reviewer_id: reviewer,
          reviewer_name: 'x',
          at: testNow,
        })
        .execute()
    await insert('first', 'somebody')
    await expect(insert('second', 'somebody')).rejects.toMatchObject({ constraint: 'reviewer_is_independent' })
    await expect(insert('second', org.actor.id)).rejects.toMatchObject({ constraint: 'reviewer_is_independent' })
    await expect(insert('second', 'else', 2)).rejects.toMatchObject({ constraint: 'review_is_current' })
    const memberId = randomUUID()
    await t.owner.query(`insert into auth.users (id, kind, name, email) values ($1, 'staff', '成员', $2)`, [
      memberId,
      `${memberId}@x.invalid`,
    ])
    await t.owner.query(
      `insert into auth.role_grants (user_id, role, held, organisation_id, validity, state, reason, granted_by, granted_by_name, granted_at)
       values ($1, 'trainer', 'organisation', $2, '[2021-01-01,)', 'in-force', '测试', 'admin', 'admin', now())`,
      [memberId, org.id],
    )
    await expect(insert('second', memberId)).rejects.toMatchObject({ constraint: 'reviewer_is_independent' })
  })

  test('HZ4-M16 the database lets no claim past what it must have behind it', async () => {
    const claim = await submittedClaim(t.db, org)
    for (const state of ['reviewed', 'publicised', 'approved', 'ordered', 'paid']) {
      await expect(
        t.db.updateTable('subsidy.claims').set({ state }).where('id', '=', claim.id).execute(),
      ).rejects.toMatchObject({ constraint: 'claim_may_move' })
    }
  })
})

describe('C24 approval', () => {
  test('C24 only after the public period; money is promised in the order of funds', async () => {
    const claim = await submittedClaim(t.db, org)
    await publicised(t.db, [claim])
    const decide = (who = leader) =>
      approve(ctxFor(t.db, who, days(8)), { claimId: claim.id, round: 1, decision: 'agree' })
    expect(await reasonOf(decide())).toBe('still-public')
    const next = await submittedClaim(t.db, org)
    await afterPublicity(t.db, [next])
    const result = await approve(ctxFor(t.db, leader, days(8)), { claimId: next.id, round: 1, decision: 'agree' })
    expect(result).toMatchObject({ state: 'approved', amountFen: next.amountFen })
    expect(await clocksOf(next.id)).toMatchObject({ approve: 'ended', payment: 'running' })
    const shares = await t.db
      .selectFrom('subsidy.line_funds')
      .selectAll()
      .where('claim_id', '=', next.id)
      .orderBy('seq')
      .execute()
    expect(shares.map((s) => [s.fund_source, s.year, s.amount_fen])).toEqual([
      ['specialAccount', 2021, 24_000],
      ['specialAccount', 2021, 30_000],
    ])
    const kept = await t.db.selectFrom('subsidy.claim_funds').selectAll().where('claim_id', '=', next.id).execute()
    expect(kept).toEqual([{ claim_id: next.id, fund_source: 'specialAccount', year: 2021, persons: 2 }])
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 approvals at once cannot spend the same budget: some are refused, none is overspent', async () => {
    const fresh = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
    try {
      const firm = await claimant(fresh.db)
      const claims = await Promise.all(Array.from({ length: 6 }, () => submittedClaim(fresh.db, firm, [10, 10])))
      await afterPublicity(fresh.db, claims)
      await budget(fresh.db, 150_000)
      await budget(fresh.db, 90_000, 'districtBudget')
      const results = await Promise.allSettled(
        claims.map((claim) =>
          approve(ctxFor(fresh.db, leader, days(8)), { claimId: claim.id, round: 1, decision: 'agree' }),
        ),
      )
      expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(4)
      const reasons = results.flatMap((r) => (r.status === 'rejected' ? [r.reason.fault?.refusal?.reason] : []))
      expect(reasons).toEqual(['budget-insufficient', 'budget-insufficient'])
      const split = await fresh.db.selectFrom('subsidy.line_funds').select(['fund_source', 'amount_fen']).execute()
      const sum = (fund: string) =>
        split.filter((s) => s.fund_source === fund).reduce((all, s) => all + s.amount_fen, 0)
      expect([sum('specialAccount'), sum('districtBudget')]).toEqual([150_000, 90_000])
      expect(await ledgerFaults(fresh.db)).toEqual([])
    } finally {
      await fresh.close()
    }
  })

  test('HZ4-M16 an approval taken back before payment frees the budget', async () => {
    const claim = await submittedClaim(t.db, org)
    await afterPublicity(t.db, [claim])
    await approve(ctxFor(t.db, leader, days(8)), { claimId: claim.id, round: 1, decision: 'agree' })
    const revoke = (note: string) =>
      revokeApproval(ctxFor(t.db, leader, days(9)), { claimId: claim.id, reasonCode: 'false-materials', note })
    expect(await reasonOf(revoke('短'))).toBe('invalid')
    await revoke('查明材料不真实，依规撤销批准。')
    expect((await stateOf(claim.id)).state).toBe('rejected')
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('R33 the leader may send it back to be mended', async () => {
    const claim = await submittedClaim(t.db, org)
    await afterPublicity(t.db, [claim])
    await approve(ctxFor(t.db, leader, days(8)), {
      claimId: claim.id,
      round: 1,
      decision: 'return',
      findings: [{ reasonCode: 'hours-mismatch' }],
    })
    expect((await stateOf(claim.id)).state).toBe('returned')
    expect(await clocksOf(claim.id)).toMatchObject({ approve: 'stopped', correction: 'running' })
  })

  test('C25 whoever reviewed does not approve', async () => {
    const claim = await submittedClaim(t.db, org)
    const both = official('初审兼领导', 'hr-first-reviewer', 'hr-leader')
    await take(claim.id, both)
    await opine(claim.id, {}, both)
    await takeForSecondReview(ctxFor(t.db, second), { claimId: claim.id })
    await secondReview(ctxFor(t.db, second), { claimId: claim.id, round: 1, decision: 'agree' })
    await publicise(t.db, [claim])
    expect(
      await reasonOf(approve(ctxFor(t.db, both, days(8)), { claimId: claim.id, round: 1, decision: 'agree' })),
    ).toBe('reviewed-before')
  })
})
