import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb } from '#platform/testing.ts'
import { desk } from '../../../tests/fixtures/claims.ts'
import { decideBudget, proposeBudget } from './budget.commands.ts'
import { budgetChanges } from './budget.queries.ts'
import { fundBalances, journalsOf, ledgerFaults } from './ledger.queries.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const { clerk, finance } = desk()
const propose = (amount: string | number, fundSource = 'specialAccount', year = 2021, kind = 'budget') =>
  proposeBudget(ctxFor(t.db, clerk), { fundSource, year, amount, documentNo: '海财社〔2021〕12号', kind })
const approve = (changeId: string, decision = 'approve') => decideBudget(ctxFor(t.db, finance), { changeId, decision })
const fault = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  )
  return error instanceof AppError ? error.fault : error
}
const available = async (fundSource: string, year: number) =>
  (await fundBalances(t.db, year)).find((fund) => fund.fundSource === fundSource)?.pots.available ?? 0

describe('HZ4-M16 budget', () => {
  test('HZ4-M16 counts only when the finance office agrees, and the ledger says why', async () => {
    const { id } = await propose('1,200,000.50')
    expect(await available('specialAccount', 2021)).toBe(0)
    await approve(id)
    expect(await available('specialAccount', 2021)).toBe(120_000_050)
    const [journal] = await journalsOf(t.db, { subjectId: id })
    expect(journal?.memo).toBe('海财社〔2021〕12号')
    expect(journal?.entries.map((entry) => [entry.account, entry.amountFen])).toEqual([
      ['appropriation', -120_000_050],
      ['available', 120_000_050],
    ])
    expect((await budgetChanges(t.db))[0]).toMatchObject({ id, state: 'in-force', decidedByName: '财政己' })
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 refused: no money, no fund, no document, not theirs, twice', async () => {
    expect(await fault(propose('0'))).toMatchObject({ kind: 'invalid', fields: { amount: ['金额不能为零'] } })
    expect(await fault(propose('12.345'))).toMatchObject({ kind: 'invalid' })
    expect(await fault(propose(100, 'moon'))).toMatchObject({ kind: 'refused', refusal: { reason: 'unknown-fund' } })
    expect(await fault(propose(-100, 'specialAccount', 2021, 'reuse'))).toMatchObject({ kind: 'invalid' })
    const { id } = await propose(100)
    expect(await fault(decideBudget(ctxFor(t.db, clerk), { changeId: id, decision: 'approve' }))).toMatchObject({
      kind: 'forbidden',
    })
    await approve(id, 'reject')
    expect(await fault(approve(id))).toMatchObject({ kind: 'refused', refusal: { reason: 'already-decided' } })
  })

  test('HZ4-M16 a cut takes only what is available; money that came back only as much as did', async () => {
    const { id } = await propose(1000, 'districtBudget')
    await approve(id)
    const { id: cut } = await propose(-1001, 'districtBudget')
    expect(await fault(approve(cut))).toMatchObject({ kind: 'refused', refusal: { reason: 'budget-committed' } })
    const { id: smaller } = await propose(-1000, 'districtBudget')
    await approve(smaller)
    expect(await available('districtBudget', 2021)).toBe(0)
    const { id: reuse } = await propose(1, 'districtBudget', 2021, 'reuse')
    expect(await fault(approve(reuse))).toMatchObject({ kind: 'refused', refusal: { reason: 'nothing-returned' } })
  })

  test('HZ4-M16 two cuts at once cannot both take the same money', async () => {
    const { id } = await propose(1000, 'employmentSubsidy')
    await approve(id)
    const cuts = await Promise.all([propose(-600, 'employmentSubsidy'), propose(-600, 'employmentSubsidy')])
    const results = await Promise.allSettled(cuts.map((cut) => approve(cut.id)))
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await available('employmentSubsidy', 2021)).toBe(400)
  })
})

describe('HZ4-M16 what the database itself refuses', () => {
  const book = (
    client: { query(text: string, values?: unknown[]): Promise<unknown> },
    key: string,
    sides: [string, number][],
  ) =>
    (async () => {
      await client.query('begin')
      try {
        const journal = (await client.query(
          `insert into subsidy.journals (kind, key, subject_kind, subject_id, on_day, at, by_user)
           values ('budget', $1, 'x', gen_random_uuid(), '2021-09-15', now(), 'x') returning id`,
          [key],
        )) as { rows: { id: string }[] }
        for (const [kind, amount] of sides) {
          await client.query(
            `insert into subsidy.entries (journal_id, account_id, amount_fen)
             select $1, id, $3 from subsidy.accounts where kind = $2 and fund_source = 'specialAccount' and year = 2021`,
            [journal.rows[0]?.id, kind, amount],
          )
        }
        await client.query('commit')
        return journal.rows[0]?.id
      } catch (error) {
        await client.query('rollback')
        throw error
      }
    })()

  test('HZ4-M16 a journal out of balance, a pot below nothing, the same booking twice', async () => {
    const client = await t.owner.connect()
    try {
      await expect(book(client, 'one-sided', [['available', 5]])).rejects.toMatchObject({
        constraint: 'journal_balances',
      })
      await expect(book(client, 'empty', [])).rejects.toMatchObject({ constraint: 'journal_balances' })
      await expect(
        book(client, 'crooked', [
          ['appropriation', -5],
          ['available', 6],
        ]),
      ).rejects.toMatchObject({ constraint: 'journal_balances' })
      await expect(
        book(client, 'overdrawn', [
          ['payable', -5],
          ['available', 5],
        ]),
      ).rejects.toMatchObject({ constraint: 'balance_floor' })
      const good: [string, number][] = [
        ['appropriation', -5],
        ['available', 5],
      ]
      const journal = await book(client, 'once', good)
      await expect(book(client, 'once', good)).rejects.toMatchObject({ code: '23505' })
      // a side slipped into an old journal, though balanced in itself
      await expect(
        client.query(
          `insert into subsidy.entries (journal_id, account_id, amount_fen)
           select $1, id, case kind when 'paid' then 3 else -3 end from subsidy.accounts
           where kind in ('paid', 'appropriation') and fund_source = 'employmentSubsidy' and year = 2021`,
          [journal],
        ),
      ).rejects.toMatchObject({ constraint: 'journal_balances' })
    } finally {
      client.release()
    }
    expect(await ledgerFaults(t.db)).toEqual([])
  })

  test('HZ4-M16 the application can neither change nor remove what is booked', async () => {
    const denied = { code: '42501' }
    await expect(t.db.updateTable('subsidy.entries').set({ amount_fen: 1 }).execute()).rejects.toMatchObject(denied)
    await expect(t.db.deleteFrom('subsidy.journals').execute()).rejects.toMatchObject(denied)
    await expect(t.db.updateTable('subsidy.balances').set({ balance_fen: 1 }).execute()).rejects.toMatchObject(denied)
  })

  test('HZ4-M16 a tampered balance or entry is found', async () => {
    await t.owner.query(`update subsidy.balances set balance_fen = balance_fen + 7 where account_id =
      (select id from subsidy.accounts where kind = 'available' and fund_source = 'specialAccount' and year = 2021)`)
    expect((await ledgerFaults(t.db)).map((f) => f.rule)).toEqual(['balance-differs'])
    await t.owner.query(`update subsidy.balances set balance_fen = balance_fen - 7 where account_id =
      (select id from subsidy.accounts where kind = 'available' and fund_source = 'specialAccount' and year = 2021)`)
    expect(await ledgerFaults(t.db)).toEqual([])
  })
})
