import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, systemActor, type TestDb, testNow } from '#platform/testing.ts'
import { writeCsv } from '#platform/workbook.ts'
import { yuan } from '#shared/units.ts'
import {
  account,
  type Claimant,
  claimant,
  official,
  submittedClaim,
  type TestClaim,
} from '../../../tests/fixtures/claims.ts'
import { approved, budget, desks, ordered, reasonOf } from '../../../tests/fixtures/desks.ts'
import { fundBalances, ledgerFaults } from './ledger.queries.ts'
import { createBatch, decideBatch, downloadBatch } from './payment.commands.ts'
import { bankReturn, ordersOfClaim, payableClaims, paymentBatch } from './payment.queries.ts'
import { bankReturn as columns } from './payment.schema.ts'
import { applyReturn, checkReturn, discardReturn, settleRows } from './return.commands.ts'
import { jobs } from './return.jobs.ts'

let t: TestDb
let org: Claimant
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  org = await claimant(t.db)
  await budget(t.db, 100_000_000)
})
afterAll(() => t.close())

const { clerk, finance } = desks
const later = (n: number) => new Date(testNow.getTime() + n * 86_400_000)
const stateOf = async (claim: Pick<TestClaim, 'id'>) =>
  (await t.db.selectFrom('subsidy.claims').select('state').where('id', '=', claim.id).executeTakeFirstOrThrow()).state
const batchOf = (claims: readonly TestClaim[], who = clerk, day = 9) =>
  createBatch(ctxFor(t.db, who, later(day)), { claimIds: claims.map((claim) => claim.id) })
const confirm = (batchId: string, decision = 'confirm', day = 9) =>
  decideBatch(ctxFor(t.db, finance, later(day)), { batchId, decision })
const pots = async () => (await fundBalances(t.db, 2021)).find((f) => f.fundSource === 'specialAccount')?.pots

let serial = 0
const file = (rows: string[][]) => {
  serial++
  return {
    fileName: `回盘${serial}.csv`,
    bytes: new TextEncoder().encode(
      writeCsv(
        columns.map((c) => c.header),
        rows,
      ),
    ),
  }
}
const paidRow = (order: { number: string; amountFen: number }, reference = `GZB${order.number}`) => [
  order.number,
  yuan(order.amountFen),
  '成功',
  reference,
  '',
  '',
]
const bouncedRow = (order: { number: string; amountFen: number }) => [
  order.number,
  yuan(order.amountFen),
  '失败',
  '',
  '账号不存在',
  '',
]
const hand = (rows: string[][]) => checkReturn(ctxFor(t.db, clerk, later(13)), file(rows))
const apply = async (returnId: string) => {
  await applyReturn(ctxFor(t.db, finance, later(13)), { returnId })
  await jobs['subsidy.applyReturn']?.(ctxFor(t.db, systemActor, later(13)), { returnId })
}
const jobsQueued = async (name: string) =>
  (
    await t.owner.query(
      `select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks k on k.id = j.task_id where k.identifier = $1`,
      [name],
    )
  ).rows as { payload: Record<string, string> }[]

describe('HZ4-M16 payment', () => {
  test('HZ4-M16 from approved to paid: batch, confirmation, file, bank return, ledger, job', async () => {
    const claims = [await submittedClaim(t.db, org), await submittedClaim(t.db, org, [20])]
    await approved(t.db, claims)
    expect((await payableClaims(t.db)).map((c) => c.id).sort()).toEqual(claims.map((c) => c.id).sort())
    const batch = await batchOf(claims)
    expect(batch).toMatchObject({ count: 2, totalFen: 54_000 + 60_000 })
    expect(await reasonOf(downloadBatch(ctxFor(t.db, clerk), { batchId: batch.id }))).toBe('not-confirmed')
    expect(await stateOf(claims[0] as TestClaim)).toBe('approved')
    await confirm(batch.id)
    expect(await stateOf(claims[0] as TestClaim)).toBe('ordered')
    expect(await pots()).toMatchObject({ payable: 0, 'in-transit': 114_000 })

    const download = await downloadBatch(ctxFor(t.db, clerk), { batchId: batch.id })
    const [header, ...lines] = download.text.replace('\ufeff', '').trim().split('\r\n')
    expect(header).toBe('序号,订单号,资金来源,预算年度,收款户名,收款账号,开户银行,开户网点,金额（元）,用途,申领编号')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(
      /^1,ZF-2021-\d{4}-001,职业技能提升行动专账资金,2021,海珠区味道餐饮有限公司,6222\d{15},广州银行,海珠支行,\d+\.00,企业适岗培训补贴,SL-TEST-/,
    )
    const trail = await t.db
      .selectFrom('audit.entries')
      .select(['input', 'outcome'])
      .where('command', '=', 'payment.downloadBatch')
      .execute()
    expect(trail.at(-1)?.outcome).toMatchObject({ sha256: download.sha256, count: 2 })
    expect(JSON.stringify(trail)).not.toContain('6222')

    const { rows } = await paymentBatch(t.db, batch.id)
    expect(rows.every((row) => /^\*+\d{4}$/.test(row.account))).toBe(true)
    const found = await hand(rows.map((row) => paidRow(row)))
    expect(found).toMatchObject({ goodCount: 2, faultCount: 0, same: false })
    await apply(found.id)
    expect(await bankReturn(t.db, found.id)).toMatchObject({ state: 'applied', done: 2, conflicts: 0 })
    for (const claim of claims) expect(await stateOf(claim)).toBe('paid')
    expect(await pots()).toMatchObject({ 'in-transit': 0, paid: 114_000 })
    expect((await paymentBatch(t.db, batch.id)).state).toBe('settled')
    const queued = await jobsQueued('reports.countPaid')
    expect(queued.map((job) => job.payload.claimId).sort()).toEqual(claims.map((c) => c.id).sort())
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 refused: not approved, not theirs, made and confirmed by one person, twice', async () => {
    const draft = await submittedClaim(t.db, org)
    expect(await reasonOf(batchOf([draft]))).toBe('not-payable')
    expect(await reasonOf(batchOf([draft], finance))).toBe('forbidden')
    const claim = await submittedClaim(t.db, org)
    await approved(t.db, [claim])
    const both = official('两职', 'fund-clerk', 'finance-officer')
    const batch = await batchOf([claim], both)
    expect(await reasonOf(decideBatch(ctxFor(t.db, both), { batchId: batch.id, decision: 'confirm' }))).toBe(
      'same-person',
    )
    expect(await reasonOf(batchOf([claim]))).toBe('order-out')
    await confirm(batch.id, 'cancel')
    expect(await reasonOf(confirm(batch.id))).toBe('already-decided')
    const again = await batchOf([claim])
    await confirm(again.id)
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 two batches at once with the same claim: one is made', async () => {
    const claims = [await submittedClaim(t.db, org), await submittedClaim(t.db, org), await submittedClaim(t.db, org)]
    await approved(t.db, claims)
    const results = await Promise.allSettled([
      batchOf(claims),
      batchOf([...claims].reverse()),
      batchOf(claims.slice(1, 2)),
    ])
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    const rejected = results.flatMap((r) => (r.status === 'rejected' ? [r.reason.fault?.refusal?.reason] : []))
    expect(rejected).toEqual(['order-out', 'order-out'])
  })

  test('HZ4-M16 the database refuses a second live order and one above the award', async () => {
    const claim = await submittedClaim(t.db, org, [10])
    await approved(t.db, [claim])
    const batch = await batchOf([claim])
    const order = {
      batch_id: batch.id,
      claim_id: claim.id,
      fund_source: 'specialAccount',
      year: 2021,
      bank_account_id: org.accountId,
    }
    await expect(
      t.db
        .insertInto('subsidy.payment_orders')
        .values({ ...order, number: 'X-1', amount_fen: 1 })
        .execute(),
    ).rejects.toMatchObject({ constraint: 'order_once' })
    await expect(
      t.db
        .insertInto('subsidy.payment_orders')
        .values({ ...order, fund_source: 'districtBudget', number: 'X-2', amount_fen: 1 })
        .execute(),
    ).rejects.toMatchObject({ constraint: 'order_within_award' })
  })

  test('C19 bounced: the clock stands, the account must be mended, then it is sent again', async () => {
    const firm = await claimant(t.db)
    const claim = await submittedClaim(t.db, firm, [10])
    const batch = await ordered(t.db, [claim])
    const [order] = (await paymentBatch(t.db, batch.id)).rows
    const found = await hand([bouncedRow(order as NonNullable<typeof order>)])
    await apply(found.id)
    expect(await stateOf(claim)).toBe('bounced')
    const clock = await t.db
      .selectFrom('platform.clocks')
      .selectAll()
      .where('subject_id', '=', claim.id)
      .where('kind', '=', 'payment')
      .executeTakeFirstOrThrow()
    expect([clock.due_on, clock.ended_on]).toEqual([null, null])
    expect(await reasonOf(batchOf([claim]))).toBe('account-not-corrected')
    await account(t.db, firm.id)
    const second = await batchOf([claim], clerk, 14)
    await confirm(second.id, 'confirm', 14)
    const [again] = (await paymentBatch(t.db, second.id)).rows
    await apply((await hand([paidRow(again as NonNullable<typeof again>)])).id)
    expect(await stateOf(claim)).toBe('paid')
    expect((await ordersOfClaim(t.db, claim.id)).map((o) => o.state)).toEqual(['bounced', 'paid'])
    expect(await ledgerFaults(t.db)).toEqual([])
  })
})

describe('HZ4-M16 bank return', () => {
  const one = async () => {
    const claim = await submittedClaim(t.db, org, [10])
    const batch = await ordered(t.db, [claim])
    const [order] = (await paymentBatch(t.db, batch.id)).rows
    return { claim, order: order as NonNullable<typeof order> }
  }

  test('HZ4-M16 dry run books nothing and says by row what is wrong; the good rows can still be booked', async () => {
    const a = await one()
    const b = await one()
    const found = await hand([
      paidRow(a.order),
      [b.order.number, '1.00', '成功', 'R1', '', ''],
      ['ZF-0000-0000-001', '5.00', '成功', 'R2', '', ''],
    ])
    expect(found).toMatchObject({ goodCount: 1, faultCount: 2 })
    expect(await stateOf(a.claim)).toBe('ordered')
    const { faults } = await bankReturn(t.db, found.id)
    expect(faults.map((f) => [f.row, f.column, f.rule])).toEqual([
      [3, '金额（元）', 'amount-differs'],
      [4, '订单号', 'order-unknown'],
    ])
    await apply(found.id)
    expect([await stateOf(a.claim), await stateOf(b.claim)]).toEqual(['paid', 'ordered'])
  })

  test('HZ4-M16 the same file twice, also at once, is one return and pays once', async () => {
    const { claim, order } = await one()
    const same = file([paidRow(order)])
    const both = official('两职', 'fund-clerk', 'finance-officer')
    const check = () => checkReturn(ctxFor(t.db, both, later(13)), same)
    const [first, second] = await Promise.all([check(), check()])
    expect(first?.id).toBe(second?.id)
    const id = first?.id as string
    expect(await reasonOf(applyReturn(ctxFor(t.db, clerk), { returnId: id }))).toBe('forbidden')
    expect(await reasonOf(applyReturn(ctxFor(t.db, both), { returnId: id }))).toBe('same-importer')
    const applied = await Promise.allSettled([
      applyReturn(ctxFor(t.db, finance), { returnId: id }),
      applyReturn(ctxFor(t.db, finance), { returnId: id }),
    ])
    expect(applied.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected'])
    const run = () => jobs['subsidy.applyReturn']?.(ctxFor(t.db, systemActor, later(13)), { returnId: id })
    await Promise.all([run(), run(), run()])
    expect(await stateOf(claim)).toBe('paid')
    expect(await reasonOf(applyReturn(ctxFor(t.db, finance), { returnId: id }))).toBe('return-done')
    expect((await check()).same).toBe(true)
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 two different files say the same of one order: the second has no effect; contradiction is named, not booked', async () => {
    const { claim, order } = await one()
    const b = await one()
    const pay = await hand([paidRow(order), paidRow(b.order, 'REF-B')])
    const bounce = await hand([bouncedRow(order), paidRow(b.order, 'REF-B')])
    await apply(pay.id)
    await apply(bounce.id)
    expect(await stateOf(claim)).toBe('paid')
    const { rows, conflicts } = await bankReturn(t.db, bounce.id)
    expect([rows.map((row) => row.outcome), conflicts]).toEqual([['conflict', 'already'], 1])
    expect((await hand([paidRow(order)])).goodCount).toBe(0)
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 a discarded file may come again; a file without the columns is refused', async () => {
    const { order } = await one()
    const same = file([paidRow(order)])
    const check = () => checkReturn(ctxFor(t.db, clerk), same)
    const { id } = await check()
    await discardReturn(ctxFor(t.db, clerk), { returnId: id })
    expect((await check()).id).not.toBe(id)
    const wrong = { fileName: 'x.csv', bytes: new TextEncoder().encode('姓名,电话\r\n张三,1\r\n') }
    expect(await reasonOf(checkReturn(ctxFor(t.db, clerk), wrong))).toBe('invalid')
    expect(await reasonOf(checkReturn(ctxFor(t.db, finance), wrong))).toBe('forbidden')
  })

  test('HZ4-M16 killed between any two statements: nothing half done, run again it is whole and paid once', async () => {
    const firm = await claimant(t.db)
    const claims = await Promise.all(Array.from({ length: 5 }, () => submittedClaim(t.db, firm, [10])))
    const batch = await ordered(t.db, claims)
    const { rows } = await paymentBatch(t.db, batch.id)
    const found = await hand(rows.map((row, i) => (i === 2 ? bouncedRow(row) : paidRow(row))))
    await applyReturn(ctxFor(t.db, finance), { returnId: found.id })
    const before = await pots()
    let cuts = 0
    for (let after = 1; ; after++) {
      const broken = cutAfter(t, after)
      const done = await settleRows(ctxFor(broken.db, systemActor, later(13)), { returnId: found.id, take: 2 }).then(
        () => true,
        () => false,
      )
      if (!broken.cut()) {
        expect(done).toBe(true)
        break
      }
      cuts++
      expect(done).toBe(false)
      expect(await pots()).toEqual(before)
      expect(await ledgerFaults(t.db)).toEqual([])
    }
    expect(cuts).toBeGreaterThan(15)
    await jobs['subsidy.applyReturn']?.(ctxFor(t.db, systemActor, later(13)), { returnId: found.id })
    expect((await Promise.all(claims.map(stateOf))).sort()).toEqual(['bounced', 'paid', 'paid', 'paid', 'paid'])
    expect(await ledgerFaults(t.db)).toEqual([])
  })
})

/** The same database, but the n-th statement from now kills its own connection, as a power cut would. */
function cutAfter(from: TestDb, n: number) {
  let count = 0
  let cut = false
  const db = from.db.withPlugin({
    transformQuery: ({ node }) => {
      count++
      if (count === n) {
        cut = true
        throw new Error('power cut')
      }
      return node
    },
    transformResult: async ({ result }) => result,
  })
  return { db, cut: () => cut }
}
