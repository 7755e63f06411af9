import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, systemActor, type TestDb, testNow } from '#platform/testing.ts'
import { writeCsv } from '#platform/workbook.ts'
import { yuan } from '#shared/units.ts'
import { type Claimant, claimant, official, submittedClaim, type TestClaim } from '../../../tests/fixtures/claims.ts'
import { approved, budget, desks, ordered, reasonOf } from '../../../tests/fixtures/desks.ts'
import { fundBalances, ledgerFaults } from './ledger.queries.ts'
import { createBatch, decideBatch } from './payment.commands.ts'
import { paymentBatch } from './payment.queries.ts'
import { bankReturn } from './payment.schema.ts'
import { closeRecovery, noticeOffset, offsetRecovery, planInstalments, receiveRecovery } from './receipt.commands.ts'
import { decideRecovery, demandRecovery, dropRecovery, hearParty, openRecovery } from './recovery.commands.ts'
import { leftToAsk, recoveries, recoveryFile } from './recovery.queries.ts'
import { applyReturn, checkReturn } from './return.commands.ts'
import { jobs } from './return.jobs.ts'

let t: TestDb
let org: Claimant
let claim: TestClaim
const { clerk, leader, finance } = desks
const day = (n: number) => new Date(testNow.getTime() + n * 86_400_000)
const as = (who = clerk, n = 20) => ctxFor(t.db, who, day(n))
let serial = 0

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  // the first line's award is carried by two funds
  await budget(t.db, 15_000)
  await budget(t.db, 100_000_000, 'employmentSubsidy')
})
afterAll(() => t.close())
beforeEach(async () => {
  org = await claimant(t.db)
  claim = await submittedClaim(t.db, org)
  await settle(await ordered(t.db, [claim]))
})

async function settle(batch: { id: string }): Promise<void> {
  const { rows } = await paymentBatch(t.db, batch.id)
  const cells = rows.map((row) => [row.number, yuan(row.amountFen), '成功', `GZB${row.number}`, '', ''])
  const bytes = new TextEncoder().encode(
    writeCsv(
      bankReturn.map((c) => c.header),
      cells,
    ),
  )
  const { id } = await checkReturn(as(clerk, 10), { fileName: `r${++serial}.csv`, bytes })
  await applyReturn(as(finance, 10), { returnId: id })
  await jobs['subsidy.applyReturn']?.(as(systemActor, 10), { returnId: id })
}

const stateOf = async (id: string) =>
  (await t.db.selectFrom('subsidy.claims').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
const open = (lines: { lineId: string | undefined; amount: number | string }[], of = claim, who = clerk) =>
  openRecovery(as(who), {
    claimId: of.id,
    reasonCode: 'overpaid',
    finding: '查明该学员8月10日已离职，不应享受。',
    lines,
  })
const decide = (recoveryId: string, input: object = {}) =>
  decideRecovery(as(leader), {
    recoveryId,
    reason: '事实清楚，应当追回多发补贴。',
    legalBasis: '海府办〔2020〕4号第十六条',
    ...input,
  })
const hear = (recoveryId: string) => hearParty(as(), { recoveryId, heardOn: '2021-10-05', statement: '单位认可。' })
const demanded = async (amounts: number[], of = claim) => {
  const { id } = await open(
    of.lines.slice(0, amounts.length).map((line, i) => ({ lineId: line.id, amount: amounts[i] ?? 0 })),
    of,
  )
  await hear(id)
  await decide(id)
  await demandRecovery(as(), { recoveryId: id })
  return id
}
const pots = async () => {
  const sums = new Map<string, number>()
  for (const fund of await fundBalances(t.db))
    for (const [pot, fen] of Object.entries(fund.pots)) sums.set(pot, (sums.get(pot) ?? 0) + fen)
  return Object.fromEntries(sums)
}
const queued = async () =>
  (
    await t.owner.query(
      `select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks k on k.id = j.task_id where k.identifier = 'reports.negate' order by j.id`,
    )
  ).rows.map((row: { payload: { claimLineIds: string[] } }) => row.payload.claimLineIds)

describe('HZ4-M16 recovery', () => {
  test('HZ4-M16 finding, hearing, decision, demand, money: each step kept, the ledger and the count follow', async () => {
    const before = await pots()
    const [first, second] = claim.lines
    const { id, number } = await open([
      { lineId: first?.id, amount: '240.00' },
      { lineId: second?.id, amount: '100' },
    ])
    expect(number).toMatch(/^ZH-2021-\d{4}$/)
    expect(await reasonOf(decide(id))).toBe('wrong-state')
    await hear(id)
    expect(await reasonOf(demandRecovery(as(), { recoveryId: id }))).toBe('wrong-state')
    expect(await reasonOf(decide(id, { lines: [{ lineId: second?.id, amount: '100.01' }] }))).toBe('decision-raises')
    await decide(id, { lines: [{ lineId: second?.id, amount: '60' }] })
    const { dueOn } = await demandRecovery(as(), { recoveryId: id })
    expect(dueOn).toBe('2021-11-04')
    expect(await pots()).toMatchObject({ receivable: 30_000, paid: (before.paid ?? 0) - 30_000 })
    expect((await queued()).at(-1)).toEqual([first?.id])

    const receive = (amount: string, reference: string) =>
      receiveRecovery(as(finance), { recoveryId: id, amount, onDay: '2021-10-08', reference })
    expect(await receive('100', 'JK-1')).toMatchObject({ leftFen: 20_000, state: 'demanded' })
    expect(await receive('100', 'JK-1')).toMatchObject({ same: true, leftFen: 20_000 })
    expect(await reasonOf(receive('200.01', 'JK-2'))).toBe('over-remaining')
    expect(await receive('200', 'JK-2')).toMatchObject({ leftFen: 0, state: 'recovered' })
    const file = await recoveryFile(t.db, id)
    expect(file).toMatchObject({ state: 'recovered', amountFen: 30_000, closedFen: 30_000, statement: '单位认可。' })
    expect(file.receipts.map((r) => [r.kind, r.amountFen, r.reference])).toEqual([
      ['received', 10_000, 'JK-1'],
      ['received', 20_000, 'JK-2'],
    ])
    expect(file.lines[0]?.name).toBe('张*明')
    const moves = await t.db
      .selectFrom('platform.moves')
      .select('move')
      .where('subject_id', '=', id)
      .orderBy('at')
      .orderBy('id')
      .execute()
    expect(moves.map((m) => m.move)).toEqual(['open', 'hear', 'decide', 'demand', 'settle'])
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 refused: unpaid claims, more than was paid, more together, others’ lines, no reason, not theirs, own decision', async () => {
    const [line] = claim.lines
    const elsewhere = await submittedClaim(t.db, org)
    expect(await reasonOf(open([{ lineId: elsewhere.lines[0]?.id, amount: 1 }], elsewhere))).toBe('not-paid')
    expect(await reasonOf(open([{ lineId: line?.id, amount: 24_001 }]))).toBe('over-paid-amount')
    expect(await reasonOf(open([{ lineId: elsewhere.lines[0]?.id, amount: 1 }]))).toBe('line-not-of-claim')
    expect(await reasonOf(open([]))).toBe('invalid')
    expect(await reasonOf(open([{ lineId: line?.id, amount: 1 }], claim, leader))).toBe('forbidden')
    const both = official('两职', 'fund-clerk', 'hr-leader')
    const { id } = await openRecovery(as(both), {
      claimId: claim.id,
      reasonCode: 'illegal-claim',
      finding: '虚报学员，应当全部追回。',
      lines: [{ lineId: line?.id, amount: 20_000 }],
    })
    await hear(id)
    expect(
      await reasonOf(
        decideRecovery(as(both), { recoveryId: id, reason: '应当全部追回多发补贴。', legalBasis: '第十六条' }),
      ),
    ).toBe('same-person')
    expect(await reasonOf(open([{ lineId: line?.id, amount: 4_001 }]))).toBe('over-paid-amount')
    await dropRecovery(as(leader), { recoveryId: id, reason: '经核实该学员在岗，不予追回。' })
    expect((await leftToAsk(t.db, claim.id)).get(line?.id as string)).toBe(24_000)
  })

  test('HZ4-M16 two recoveries at once of the same line: never more than was paid', async () => {
    const [line] = claim.lines
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, () => open([{ lineId: line?.id, amount: 10_000 }])),
    )
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(2)
    const insert = t.db
      .insertInto('subsidy.recovery_lines')
      .values({
        recovery_id: (await recoveries(t.db, { organisationId: org.id }))[0]?.id as string,
        line_id: claim.lines[1]?.id as string,
        amount_fen: 30_001,
      })
      .execute()
    await expect(insert).rejects.toMatchObject({ constraint: 'recovery_within_paid' })
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 receipts at once never close more than was decided', async () => {
    const id = await demanded([24_000])
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, (_, i) =>
        receiveRecovery(as(finance), { recoveryId: id, amount: 10_000, onDay: '2021-10-08', reference: `R-${i}` }),
      ),
    )
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(2)
    expect((await recoveryFile(t.db, id)).closedFen).toBe(20_000)
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 instalments add up to what is owed; written off or handed over for the rest', async () => {
    const id = await demanded([24_000])
    const plan = (parts: string[]) =>
      planInstalments(as(leader), {
        recoveryId: id,
        instalments: parts.map((amount, i) => ({ dueOn: `2021-1${i + 1}-10`, amount })),
      })
    expect(await reasonOf(plan(['100', '100']))).toBe('instalments-differ')
    expect(await plan(['100', '140'])).toMatchObject({ count: 2, dueOn: '2021-12-10' })
    await receiveRecovery(as(finance), { recoveryId: id, amount: '100', onDay: '2021-11-09', reference: 'JK-9' })
    expect(
      await reasonOf(
        closeRecovery(as(clerk), { recoveryId: id, outcome: 'written-off', reference: '海财〔2021〕9号' }),
      ),
    ).toBe('forbidden')
    const writeOff = (who: typeof leader) =>
      closeRecovery(as(who), { recoveryId: id, outcome: 'written-off', reference: '海财〔2021〕9号' })
    expect(await reasonOf(writeOff(leader))).toBe('same-closer') // who decided it
    await writeOff(finance)
    expect(await recoveryFile(t.db, id)).toMatchObject({ state: 'written-off', closedFen: 24_000, funds: [] })
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 handed to another authority', async () => {
    const before = await pots()
    const id = await demanded([24_000])
    await closeRecovery(as(finance), { recoveryId: id, outcome: 'transferred', reference: '移送函〔2021〕1号' })
    expect((await pots()).transferred).toBe((before.transferred ?? 0) + 24_000)
    expect(
      await reasonOf(
        receiveRecovery(as(finance), { recoveryId: id, amount: 1, onDay: '2021-12-01', reference: 'late' }),
      ),
    ).toBe('wrong-state')
  })
})

describe('HZ4-M16 offset', () => {
  test('HZ4-M16 only after the term and notice; the award shrinks, the rest goes to the bank', async () => {
    const id = await demanded([24_000])
    const next = await submittedClaim(t.db, org, [20])
    await approved(t.db, [next])
    const offset = (amount: number, n: number, of = next) =>
      offsetRecovery(as(clerk, n), { recoveryId: id, claimId: of.id, amount })
    expect(await reasonOf(noticeOffset(as(clerk, 50), { recoveryId: id }))).toBe('not-yet-due')
    expect(await reasonOf(offset(10_000, 60))).toBe('no-notice')
    await noticeOffset(as(clerk, 60), { recoveryId: id })
    expect(await reasonOf(offset(10_000, 60))).toBe('no-notice')
    expect(await reasonOf(offset(24_001, 61))).toBe('over-remaining')
    const foreign = await submittedClaim(t.db, await claimant(t.db), [20])
    await approved(t.db, [foreign])
    expect(await reasonOf(offset(1_000, 61, foreign))).toBe('not-theirs')
    expect(await offset(24_000, 61)).toMatchObject({ state: 'recovered', claimState: 'approved', leftFen: 0 })
    const batch = await createBatch(as(clerk, 62), { claimIds: [next.id] })
    expect(batch.totalFen).toBe(36_000)
    await decideBatch(as(finance, 62), { batchId: batch.id, decision: 'confirm' })
    await settle(batch)
    expect(await stateOf(next.id)).toBe('paid')
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 an award wholly held back is paid without the bank', async () => {
    const id = await demanded([24_000, 30_000])
    const next = await submittedClaim(t.db, org, [10])
    await approved(t.db, [next])
    await noticeOffset(as(clerk, 60), { recoveryId: id })
    const result = await offsetRecovery(as(clerk, 61), { recoveryId: id, claimId: next.id, amount: '300' })
    expect(result).toMatchObject({ state: 'demanded', claimState: 'paid', leftFen: 24_000 })
    expect(await ledgerFaults(t.db)).toEqual([])
  })
})
