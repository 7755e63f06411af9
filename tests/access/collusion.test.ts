/** One human with two doors, and two humans who agree: what the second pair of eyes must still see. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createApiKey } from '#modules/access/api-key.commands.ts'
import { movePhone } from '#modules/access/identity-claim.commands.ts'
import {
  confirmScores,
  decideScoreChange,
  enterScores,
  proposeScoreChange,
} from '#modules/assessment/score.commands.ts'
import { addBankAccount, verifyBankAccount } from '#modules/people/bank-account.commands.ts'
import { claimCycle } from '#modules/subsidy/claim.rules.ts'
import { createBatch, decideBatch } from '#modules/subsidy/payment.commands.ts'
import { markByStaff, markByTrainer } from '#modules/training/witness.commands.ts'
import type { Actor } from '#platform/actor.ts'
import { clockAt } from '#platform/clock.ts'
import { openDb } from '#platform/db.ts'
import { actorFromRequest } from '#platform/session.ts'
import { ctxFor, freshDb, type TestDb, testCrypto, testNow } from '#platform/testing.ts'
import { cellsOf, runningClass } from '../fixtures/assessed.ts'
import { type Claimant, claimant, official, submittedClaim } from '../fixtures/claims.ts'
import { approved, budget, desks, reasonOf } from '../fixtures/desks.ts'
import { at, institution, openClass } from '../fixtures/training.ts'
import { signInAs, someDocument, somePhone } from '../setup/accounts.ts'

let t: TestDb
let org: Claimant
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  org = await claimant(t.db)
  await budget(t.db, 100_000_000)
})
afterAll(() => t.close())

/** What the site makes of a key that this administrator has just made. */
async function keyMadeBy(admin: Actor, organisationId: string, scopes: string[]): Promise<Actor> {
  const wish = { organisationId, name: '教务系统', scopes, expiresOn: '2022-03-01' }
  const { key } = await createApiKey(ctxFor(t.db, admin), wish)
  const { pool } = openDb(t.url, 1)
  const deps = { pool, crypto: testCrypto, clock: clockAt(testNow.getTime() - Date.now()), secure: false }
  const request = new Request('http://localhost/', { headers: { authorization: `Bearer ${key}` } })
  const { actor } = await actorFromRequest(deps, request)
  await pool.end()
  return actor
}

describe('C23 a key is the hand of whoever made it', () => {
  test('C23 marks entered by one’s own program are not confirmed, nor changed, by oneself', async () => {
    const of = await runningClass(t.db)
    const role = { role: 'enterprise-hr', organisationId: of.organisation.id }
    const boss = (await signInAs(t.db, t.url, { roles: [role] })).actor
    const second = (await signInAs(t.db, t.url, { roles: [role] })).actor
    const key = await keyMadeBy(boss, of.organisation.id, ['score.enter'])
    expect(key).toMatchObject({ kind: 'api-key', personId: null, hand: { id: boss.id, personId: boss.personId } })
    const cells = cellsOf(of, [
      ['80', '90'],
      ['50', '60'],
    ])
    const { version } = await enterScores(ctxFor(t.db, key), { assessmentId: of.assessmentId, cells, source: 'api' })
    const confirm = (who: Actor) => confirmScores(ctxFor(t.db, who), { assessmentId: of.assessmentId, version })
    expect(await reasonOf(confirm(boss))).toBe('four-eyes')
    expect(await reasonOf(confirm(second))).toBeUndefined()
    const { id } = await t.db
      .selectFrom('assessment.scores')
      .select('id')
      .where('assessment_id', '=', of.assessmentId)
      .where('tenths', '=', 500)
      .executeTakeFirstOrThrow()
    const { changeId } = await proposeScoreChange(ctxFor(t.db, key), { scoreId: id, to: '90', reason: '登分有误' })
    const decide = (who: Actor) => decideScoreChange(ctxFor(t.db, who), { changeId, decision: 'approve', note: '' })
    expect(await reasonOf(decide(boss))).toBe('change-four-eyes')
    expect(await reasonOf(decide(second))).toBeUndefined()
  })

  test('R03 the teacher’s program is not the second witness of the teacher', async () => {
    const documentNumber = someDocument('19800101')
    const of = await institution(t.db, { trainerDocument: documentNumber })
    const { learners, sessionIds } = await openClass(t.db, { of })
    const roles = ['trainer', 'provider-admin'].map((role) => ({ role, organisationId: of.id }))
    const teacher = (await signInAs(t.db, t.url, { name: '陈师傅', documentNumber, roles })).actor
    const key = await keyMadeBy(teacher, of.id, ['session.edit', 'session.run'])
    const marks = { sessionId: sessionIds[0], enrolmentIds: learners.map((one) => one.enrolmentId) }
    const now = at('2021-09-16T09:30')
    expect(await reasonOf(markByTrainer(ctxFor(t.db, teacher, now), marks))).toBeUndefined()
    expect(await reasonOf(markByStaff(ctxFor(t.db, key, now), marks))).toBe('same-witness')
    expect(await reasonOf(markByStaff(of.ctx(of.academic, now), marks))).toBeUndefined()
  })
})

describe('C25 whoever decided does not pay', () => {
  const later = (n: number) => new Date(testNow.getTime() + n * 86_400_000)
  const as = (who: Actor, ...roles: Parameters<typeof official>[1][]): Actor => {
    const next = official(who.name, ...roles)
    return { ...next, id: who.id, hand: who.hand }
  }

  test('C25 a reviewer who has changed desks neither makes nor confirms the payment of a claim he decided on', async () => {
    const claim = await submittedClaim(t.db, org)
    await approved(t.db, [claim])
    for (const who of [desks.first, desks.second, desks.leader]) {
      const batch = createBatch(ctxFor(t.db, as(who, 'fund-clerk'), later(9)), { claimIds: [claim.id] })
      expect(await reasonOf(batch)).toBe('payer-decided')
    }
    const { id } = await createBatch(ctxFor(t.db, desks.clerk, later(9)), { claimIds: [claim.id] })
    const decide = (who: Actor) =>
      decideBatch(ctxFor(t.db, as(who, 'finance-officer'), later(9)), { batchId: id, decision: 'confirm' })
    for (const who of [desks.first, desks.second, desks.leader])
      expect(await reasonOf(decide(who))).toBe('payer-decided')
    const byHand = t.db
      .updateTable('subsidy.payment_batches')
      .set({ state: 'confirmed', decided_by: desks.leader.id, decided_by_name: 'x', decided_at: later(9) })
      .where('id', '=', id)
      .execute()
    await expect(byHand).rejects.toMatchObject({ constraint: 'payer_is_independent' })
    expect(await reasonOf(decide(desks.finance))).toBeUndefined()
  })

  test('C19 who verified or typed the account does not order money to it', async () => {
    const payee = await claimant(t.db)
    const claim = await submittedClaim(t.db, payee)
    await approved(t.db, [claim])
    const clerk = official('老受理', 'fund-clerk')
    await t.owner.query('update people.bank_accounts set verified_by = $1 where id = $2', [clerk.id, payee.accountId])
    const batch = createBatch(ctxFor(t.db, clerk, later(9)), { claimIds: [claim.id] })
    expect(await reasonOf(batch)).toBe('payer-decided')
  })

  test('C19 a clerk who moved the administrator’s phone to his own does not verify what that account then typed', async () => {
    const payee = await claimant(t.db)
    const boss = await signInAs(t.db, t.url, {
      phone: somePhone(),
      roles: [{ role: 'enterprise-hr', organisationId: payee.id }],
    })
    const desk = (name: string) => official(name, 'hr-intake')
    const [mover, other] = [desk('受理甲'), desk('受理乙')]
    const personId = boss.personId
    await movePhone(ctxFor(t.db, mover), { personId, phone: somePhone(), reason: '本人换号' })
    const { bankAccountId } = await addBankAccount(ctxFor(t.db, boss.actor), {
      organisationId: payee.id,
      holder: payee.name,
      bank: '广州银行',
      branch: '海珠支行',
      account: '6222021234567890128',
    })
    const verify = (who: Actor) => verifyBankAccount(ctxFor(t.db, who), { bankAccountId, basis: '开户许可证' })
    expect(await reasonOf(verify(mover))).toBe('account-same-hand')
    expect(await reasonOf(verify(other))).toBeUndefined()
  })

  test('HZ4-M16 the database pays nobody but the claimant, to a verified account', async () => {
    const [one, other] = [await claimant(t.db), await claimant(t.db)]
    const claim = await submittedClaim(t.db, one)
    await approved(t.db, [claim])
    const { id } = await createBatch(ctxFor(t.db, desks.clerk, later(9)), { claimIds: [claim.id] })
    await decideBatch(ctxFor(t.db, desks.finance, later(9)), { batchId: id, decision: 'cancel', note: '重做' })
    const order = { number: 'ZF-X-1', batch_id: id, claim_id: claim.id, fund_source: 'specialAccount', year: 2021 }
    const insert = (accountId: string) =>
      t.db
        .insertInto('subsidy.payment_orders')
        .values({ ...order, amount_fen: 100, bank_account_id: accountId })
        .execute()
    await expect(insert(other.accountId)).rejects.toMatchObject({ constraint: 'order_to_claimant' })
    await t.owner.query('update people.bank_accounts set verified_at = null, verified_by = null where id = $1', [
      one.accountId,
    ])
    await expect(insert(one.accountId)).rejects.toMatchObject({ constraint: 'order_to_claimant' })
  })
})

describe('R33 a claim moves along its table', () => {
  test('R33 the database knows the moves of the rule and no other', async () => {
    const { rows } = await t.owner.query('select from_state, to_state from subsidy.claim_moves')
    const moves = Object.values(claimCycle).flatMap(({ from, to }) => from.map((state) => `${state} ${to}`))
    expect(rows.map((row) => `${row.from_state} ${row.to_state}`).sort()).toEqual([...new Set(moves)].sort())
  })

  test('R33 the application’s role does not take a rejected or paid claim back to the claimant', async () => {
    const claim = await submittedClaim(t.db, org)
    const move = (state: string) =>
      t.db.updateTable('subsidy.claims').set({ state }).where('id', '=', claim.id).execute()
    await move('rejected')
    for (const state of ['draft', 'submitted', 'paid', 'withdrawn']) {
      await expect(move(state)).rejects.toMatchObject({ constraint: expect.stringMatching(/claim_m/) })
    }
  })
})
