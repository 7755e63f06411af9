import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { resumeClock } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { writeCsv } from '#platform/workbook.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { claimStates } from './claim.schema.ts'
import { type ClaimRow, lockClaims, moveClaim, no } from './desk.commands.ts'
import { book } from './ledger.commands.ts'
import { postings } from './ledger.rules.ts'
import { awardsOf, bankLine, bankLines, orderedOf } from './payment.queries.ts'
import { type BankLine, bankFileRows, type Due, dueOf } from './payment.rules.ts'
import {
  type BounceCode,
  bankFileHeader,
  batchIdInput,
  bounceCodes,
  createBatchInput,
  decideBatchInput,
} from './payment.schema.ts'

/**
 * Orders for everything these claims still have to be paid, one per fund, to the claimant's verified account. The claims
 * stay approved until the finance office confirms. A claim in another open batch is refused, also when both are made at once.
 * @clause HZ4-M16 @clause R33
 */
export const createBatch = command({
  name: 'payment.createBatch',
  permission: 'payment.batch',
  input: createBatchInput,
  async run(tx, { claimIds }) {
    const claims = await lockClaims(tx, claimIds)
    const accounts = await accountsOf(tx, claims)
    await mustBeApart(
      tx,
      claimIds,
      [...accounts.values()].map((account) => account.id),
    )
    const [awards, ordered] = [await awardsOf(tx.db, claimIds), await orderedOf(tx.db, claimIds)]
    const orders = claims.flatMap((claim) => {
      if (claim.state !== 'approved' && claim.state !== 'bounced') {
        return no('R33', 'not-payable', { claim: claim.number, state: claimStates[claim.state] })
      }
      const due = dueOf(awards.get(claim.id) ?? [], ordered.get(claim.id) ?? [])
      if (due.length === 0) no('HZ4-M16', 'order-out', { claim: claim.number })
      return due.map((one) => ({ claim, ...one, account: accounts.get(claim.id) as Account }))
    })
    const number = await nextBatchNumber(tx)
    const id = await insertBatch(
      tx,
      number,
      orders.map((order, i) => ({ ...order, number: `${number}-${String(i + 1).padStart(3, '0')}` })),
    )
    tx.about('batch', id)
    for (const claim of claims) tx.about('claim', claim.id)
    return { id, number, count: orders.length, totalFen: orders.reduce((sum, order) => sum + order.amountFen, 0) }
  },
})

/** Roles change, people stay: who decided on a claim or vouched for its account has no hand in paying it. @clause C25 */
async function mustBeApart(tx: Tx, claimIds: readonly string[], accountIds: readonly string[]): Promise<void> {
  const { rows } = await sql`
    select 1 from subsidy.reviews where claim_id = any(${[...claimIds]}::uuid[]) and reviewer_id = ${tx.actor.id}
    union all
    select 1 from people.bank_accounts where id = any(${[...accountIds]}::uuid[]) and ${tx.actor.id} in (verified_by, recorded_by)
    limit 1
  `.execute(tx.db)
  if (rows.length > 0) no('C25', 'payer-decided')
}

type Account = { id: string; holder: string; bank: string; branch: string; sealed: string }
type NewOrder = Due & { number: string; claim: ClaimRow; account: Account }

async function insertBatch(tx: Tx, number: string, orders: readonly NewOrder[]): Promise<string> {
  const lines = orders.map((order) =>
    bankLine(tx, {
      number: order.number,
      fund_source: order.fundSource,
      year: order.year,
      amount_fen: order.amountFen,
      claim: order.claim.number,
      programme: order.claim.programme,
      account_sealed: order.account.sealed,
      ...order.account,
    }),
  )
  const { id } = await tx.db
    .insertInto('subsidy.payment_batches')
    .values({
      number,
      orders: orders.length,
      total_fen: orders.reduce((sum, order) => sum + order.amountFen, 0),
      file_sha256: bankFile(lines).sha256,
      created_by: tx.actor.id,
      created_by_name: tx.actor.name,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx.db
    .insertInto('subsidy.payment_orders')
    .values(
      orders.map((order) => ({
        number: order.number,
        batch_id: id,
        claim_id: order.claim.id,
        fund_source: order.fundSource,
        year: order.year,
        amount_fen: order.amountFen,
        bank_account_id: order.account.id,
      })),
    )
    .execute()
  for (const { claim, account } of orders) {
    if (claim.bank_account_id === account.id) continue
    await tx.db.updateTable('subsidy.claims').set({ bank_account_id: account.id }).where('id', '=', claim.id).execute()
  }
  return id
}

/** The verified account of each claimant; one that the bank refused must have been replaced. */
async function accountsOf(tx: Tx, claims: readonly ClaimRow[]): Promise<Map<string, Account>> {
  const { rows } = await sql<Account & { claim_id: string; bounce_code: BounceCode | '' | null }>`
    select c.id as claim_id, b.id, b.holder, b.bank, b.branch, b.account_sealed as sealed, o.bounce_code
    from subsidy.claims c
      join people.bank_accounts b on b.organisation_id = c.organisation_id and b.valid_to is null and b.verified_at is not null
      left join lateral (select bounce_code from subsidy.payment_orders o
        where o.claim_id = c.id and o.bank_account_id = b.id and o.state = 'bounced' order by o.settled_at desc limit 1) o on true
    where c.id = any(${claims.map((claim) => claim.id)}::uuid[])
  `.execute(tx.db)
  const accounts = new Map(rows.map((row) => [row.claim_id, row]))
  for (const claim of claims) {
    const account = accounts.get(claim.id)
    if (!account) return no('HZ4-M16', 'no-account', { claim: claim.number })
    if (account.bounce_code && bounceCodes[account.bounce_code].account) {
      no('C19', 'account-not-corrected', { claim: claim.number })
    }
  }
  return accounts
}

async function nextBatchNumber(tx: Tx): Promise<string> {
  const { rows } = await sql<{ n: number }>`select nextval('subsidy.batch_numbers') as n`.execute(tx.db)
  return `ZF-${yearOf(dayOf(tx.now))}-${String(rows[0]?.n ?? 0).padStart(4, '0')}`
}

/** The bank file and its digest. It is made anew each time: account numbers are stored sealed only. */
function bankFile(lines: readonly BankLine[]): { text: string; sha256: string } {
  const text = writeCsv(bankFileHeader, bankFileRows(lines))
  return { text, sha256: createHash('sha256').update(text).digest('hex') }
}

/**
 * The finance office's answer, by somebody else than the batch's maker. Confirmed: the money goes on its way, the claims
 * are ordered. Cancelled: the orders die, the claims wait for another batch.
 * @clause HZ4-M16 @clause R33
 */
export const decideBatch = command({
  name: 'payment.decideBatch',
  permission: 'payment.confirm',
  input: decideBatchInput,
  async run(tx, { batchId, decision, note }) {
    const { claimIds, accountIds } = await partiesOf(tx, batchId)
    const claims = await lockClaims(tx, claimIds)
    const batch = await tx.db
      .selectFrom('subsidy.payment_batches')
      .selectAll()
      .where('id', '=', batchId)
      .forUpdate()
      .executeTakeFirst()
    if (!batch) throw missing('batch')
    tx.about('batch', batchId)
    if (batch.state !== 'drafted') no('R33', 'already-decided')
    if (batch.created_by === tx.actor.id) no('HZ4-M16', 'same-person')
    const confirmed = decision === 'confirm'
    if (confirmed) await mustBeApart(tx, claimIds, accountIds)
    await tx.db
      .updateTable('subsidy.payment_batches')
      .set({
        state: confirmed ? 'confirmed' : 'cancelled',
        decided_by: tx.actor.id,
        decided_by_name: tx.actor.name,
        decided_at: tx.now,
        note,
      })
      .where('id', '=', batchId)
      .execute()
    const orders = await tx.db
      .updateTable('subsidy.payment_orders')
      .set({ state: confirmed ? 'sent' : 'cancelled' })
      .where('batch_id', '=', batchId)
      .returning(['id', 'claim_id', 'number', 'fund_source', 'year', 'amount_fen'])
      .execute()
    if (confirmed) {
      await send(tx, claims, orders)
    }
    return { id: batchId, state: confirmed ? 'confirmed' : 'cancelled', count: orders.length }
  },
})

type SentOrder = { id: string; claim_id: string; number: string; fund_source: string; year: number; amount_fen: number }

async function send(tx: Tx, claims: readonly ClaimRow[], orders: readonly SentOrder[]): Promise<void> {
  const programmes = new Map(claims.map((claim) => [claim.id, claim.programme]))
  await book(
    tx,
    orders.map((order) => ({
      kind: 'send' as const,
      key: `send:${order.id}`,
      subject: { kind: 'order', id: order.id },
      claimId: order.claim_id,
      programme: programmes.get(order.claim_id) ?? '',
      memo: order.number,
      postings: postings('send', [{ fundSource: order.fund_source, year: order.year, amountFen: order.amount_fen }]),
    })),
  )
  for (const claim of claims) {
    tx.about('claim', claim.id)
    await moveClaim(tx, claim, 'order')
    await resumeClock(tx, 'claim', claim.id, 'payment')
  }
}

async function partiesOf(tx: Tx, batchId: string): Promise<{ claimIds: string[]; accountIds: string[] }> {
  const rows = await tx.db
    .selectFrom('subsidy.payment_orders')
    .select(['claim_id', 'bank_account_id'])
    .distinct()
    .where('batch_id', '=', batchId)
    .execute()
  if (rows.length === 0) throw missing('batch')
  return { claimIds: rows.map((row) => row.claim_id), accountIds: rows.map((row) => row.bank_account_id) }
}

/**
 * The file for the bank, with full account numbers: only of a confirmed batch, only if it is byte for byte the file that was
 * confirmed, and every download is in the trail.
 * @clause HZ4-M16
 */
export const downloadBatch = command({
  name: 'payment.downloadBatch',
  permission: 'payment.batch',
  input: batchIdInput,
  async run(tx, { batchId }) {
    const batch = await tx.db
      .selectFrom('subsidy.payment_batches')
      .selectAll()
      .where('id', '=', batchId)
      .executeTakeFirst()
    if (!batch) throw missing('batch')
    tx.about('batch', batchId)
    if (batch.state !== 'confirmed' && batch.state !== 'settled') no('HZ4-M16', 'not-confirmed')
    const { text, sha256 } = bankFile(await bankLines(tx, batchId))
    if (sha256 !== batch.file_sha256) no('HZ4-M16', 'file-changed')
    return { fileName: `${batch.number}.csv`, text, sha256, count: batch.orders }
  },
  outcome: (file) => ({ sha256: file.sha256, count: file.count }),
})
