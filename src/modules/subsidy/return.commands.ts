import { createHash } from 'node:crypto'
import { type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import { endClock, stopClock } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { invalid, missing } from '#platform/errors.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { matchHeaders } from '#shared/table.ts'
import { type ClaimRow, lockClaims, moveClaim, no } from './desk.commands.ts'
import { book } from './ledger.commands.ts'
import { postings } from './ledger.rules.ts'
import { ordersByNumber, referencesUsed } from './payment.queries.ts'
import { judgeReturn } from './payment.rules.ts'
import { type BounceCode, bankReturn, bounceCodes, checkReturnInput, returnIdInput } from './payment.schema.ts'

const tableSize = { maxBytes: 10 * 1024 * 1024, maxUnpackedBytes: 100 * 1024 * 1024, maxRows: 10_000, maxColumns: 60 }

/**
 * Reads the bank's answer and books nothing: says by row what would be booked and what is wrong. The same file handed in
 * twice is the same return, whatever became of it.
 * @clause HZ4-M16
 */
export const checkReturn = command({
  name: 'payment.checkReturn',
  permission: 'payment.import',
  input: checkReturnInput,
  async run(tx, { fileName, bytes }) {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await sql`select pg_advisory_xact_lock(hashtextextended(${`subsidy.return:${sha256}`}, 0))`.execute(tx.db)
    const known = await tx.db
      .selectFrom('subsidy.bank_returns')
      .select(['id', 'rows_good', 'faults'])
      .where('sha256', '=', sha256)
      .where('state', '!=', 'discarded')
      .executeTakeFirst()
    if (known) {
      tx.about('bank-return', known.id)
      return { id: known.id, same: true, goodCount: known.rows_good, faultCount: (known.faults as unknown[]).length }
    }
    const { judged, total } = await judge(tx, bytes, fileName)
    const { id } = await tx.db
      .insertInto('subsidy.bank_returns')
      .values({
        file_name: fileName,
        sha256,
        rows_total: total,
        rows_good: judged.good.length,
        faults: JSON.stringify(judged.faults),
        by_user: tx.actor.id,
        by_name: tx.actor.name,
        at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    for (let i = 0; i < judged.good.length; i += 1000) {
      await tx.db
        .insertInto('subsidy.bank_return_rows')
        .values(
          judged.good.slice(i, i + 1000).map((row) => ({
            return_id: id,
            row: row.row,
            order_id: row.orderId,
            amount_fen: row.amountFen,
            result: row.result,
            bank_reference: row.reference,
            reason_code: row.reasonCode,
            reason: row.reason,
          })),
        )
        .execute()
    }
    tx.about('bank-return', id)
    return { id, same: false, goodCount: judged.good.length, faultCount: judged.faults.length }
  },
  outcome: (found) => ({ ...found }),
})

async function judge(tx: Tx, bytes: Uint8Array, fileName: string) {
  const table = await readTable(
    bytes,
    fileName,
    tableSize,
    bankReturn.map((column) => column.header),
  )
  const headers = matchHeaders(table.headers, bankReturn)
  const lacking = headers.missing.filter(({ column }) => column.required)
  if (lacking.length > 0) {
    throw invalid({ file: lacking.map(({ column }) => `缺少“${column.header}”一列，请使用银行回盘格式。`) })
  }
  const cells = (key: 'order' | 'reference') =>
    table.rows.map((row) => row.cells[headers.found[key] ?? '']?.trim() ?? '').filter((text) => text !== '')
  const orders = await ordersByNumber(tx.db, cells('order'))
  const used = await referencesUsed(tx.db, cells('reference'))
  return { judged: judgeReturn(table.rows, headers.found, orders, used), total: table.rows.length }
}

/**
 * Books the good rows of a checked return, a batch of rows at a time, in the background: by somebody else than who handed
 * it in, since a payment that is called bounced is paid again.
 * @clause HZ4-M16
 */
export const applyReturn = command({
  name: 'payment.applyReturn',
  permission: 'payment.confirm',
  input: returnIdInput,
  async run(tx, { returnId }) {
    const found = await lockReturn(tx, returnId)
    if (found.state !== 'checked') no('HZ4-M16', 'return-done')
    if (found.by_user === tx.actor.id) no('HZ4-M16', 'same-importer')
    if (found.rows_good === 0) no('HZ4-M16', 'nothing-to-book')
    await setReturn(tx, returnId, { state: 'applying', applied_by: tx.actor.id })
    await tx.enqueue('subsidy.applyReturn', { returnId }, { key: `subsidy.applyReturn:${returnId}` })
    return { id: returnId, state: 'applying', count: found.rows_good }
  },
})

/** A return that should not be booked; the same file may then be handed in again. */
export const discardReturn = command({
  name: 'payment.discardReturn',
  permission: 'payment.import',
  input: returnIdInput,
  async run(tx, { returnId }) {
    const found = await lockReturn(tx, returnId)
    if (found.state !== 'checked') no('HZ4-M16', 'return-done')
    await setReturn(tx, returnId, { state: 'discarded' })
    return { id: returnId, state: 'discarded' }
  },
})

async function lockReturn(tx: Tx, id: string) {
  tx.about('bank-return', id)
  const found = await tx.db
    .selectFrom('subsidy.bank_returns')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!found) throw missing('bank-return')
  return found
}

const setReturn = (tx: Tx, id: string, values: { state: string; applied_by?: string; applied_at?: Date }) =>
  tx.db.updateTable('subsidy.bank_returns').set(values).where('id', '=', id).execute()

type Row = {
  row: number
  order_id: string
  result: 'paid' | 'bounced'
  bank_reference: string
  reason_code: string
  reason: string
  amount_fen: number
  claim_id: string
}

/**
 * Books the next rows of a return in one transaction: orders, ledger, claims, jobs together or not at all. An order that is
 * no longer on its way is left alone, so a run that died in the middle is simply run again and nothing is paid twice.
 * @clause HZ4-M16
 */
export const settleRows = command({
  name: 'payment.settleRows',
  permission: 'payment.import',
  input: z.object({ returnId: z.uuid(), take: z.int().min(1).max(1000).default(200) }),
  async run(tx, { returnId, take }) {
    const found = await lockReturn(tx, returnId)
    if (found.state !== 'applying') return { id: returnId, state: found.state, count: 0, left: 0 }
    const rows = await nextRows(tx, returnId, take)
    const claims = await lockClaims(
      tx,
      rows.map((row) => row.claim_id),
    )
    const settled = await settleOrders(tx, returnId, rows)
    await bookRows(tx, settled, claims)
    await moveClaims(tx, settled, claims)
    await closeBatches(tx, settled)
    const left = await tx.db
      .selectFrom('subsidy.bank_return_rows')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('return_id', '=', returnId)
      .where('applied_at', 'is', null)
      .executeTakeFirstOrThrow()
    if (left.n === 0) await setReturn(tx, returnId, { state: 'applied', applied_at: tx.now })
    return { id: returnId, state: left.n === 0 ? 'applied' : 'applying', count: settled.length, left: left.n }
  },
})

const nextRows = (tx: Tx, returnId: string, take: number): Promise<Row[]> =>
  tx.db
    .selectFrom('subsidy.bank_return_rows as r')
    .innerJoin('subsidy.payment_orders as o', 'o.id', 'r.order_id')
    .select([
      'r.row',
      'r.order_id',
      'r.result',
      'r.bank_reference',
      'r.reason_code',
      'r.reason',
      'r.amount_fen',
      'o.claim_id',
    ])
    .$castTo<Row>()
    .where('r.return_id', '=', returnId)
    .where('r.applied_at', 'is', null)
    .orderBy('r.row')
    .limit(take)
    .execute()

type Settled = Row & { fund_source: string; year: number; batch_id: string; number: string }

/** Marks what the bank said on each order still on its way; every row learns what became of it. */
async function settleOrders(tx: Tx, returnId: string, rows: readonly Row[]): Promise<Settled[]> {
  const { rows: done } = await sql<{ id: string; fund_source: string; year: number; batch_id: string; number: string }>`
    with held as (
      select o.id from subsidy.payment_orders o where o.id = any(${rows.map((row) => row.order_id)}::uuid[]) order by o.id for update
    )
    update subsidy.payment_orders o
    set state = v.result, bank_reference = nullif(v.reference, ''), bounce_code = v.code, bounce_reason = v.reason, settled_at = ${tx.now}
    from held, unnest(${rows.map((row) => row.order_id)}::uuid[], ${rows.map((row) => row.result)}::text[],
      ${rows.map((row) => row.bank_reference)}::text[], ${rows.map((row) => row.reason_code)}::text[],
      ${rows.map((row) => row.reason)}::text[], ${rows.map((row) => row.amount_fen)}::bigint[]) as v (id, result, reference, code, reason, amount)
    where o.id = v.id and held.id = o.id and o.state = 'sent' and o.amount_fen = v.amount
    returning o.id, o.fund_source, o.year, o.batch_id, o.number
  `.execute(tx.db)
  const orders = new Map(done.map((order) => [order.id, order]))
  await noteOutcomes(tx, returnId, rows, orders)
  return rows.flatMap((row) => {
    const order = orders.get(row.order_id)
    return order
      ? [{ ...row, fund_source: order.fund_source, year: order.year, batch_id: order.batch_id, number: order.number }]
      : []
  })
}

async function noteOutcomes(
  tx: Tx,
  returnId: string,
  rows: readonly Row[],
  settled: ReadonlyMap<string, unknown>,
): Promise<void> {
  await sql`
    update subsidy.bank_return_rows r set applied_at = ${tx.now}, outcome = case
      when r.order_id = any(${[...settled.keys()]}::uuid[]) then 'settled'
      when o.state = r.result and (r.result = 'bounced' or o.bank_reference = r.bank_reference) then 'already'
      else 'conflict' end
    from subsidy.payment_orders o
    where o.id = r.order_id and r.applied_at is null and r.order_id = any(${rows.map((row) => row.order_id)}::uuid[])
      and r.return_id = ${returnId}
  `.execute(tx.db)
}

async function bookRows(tx: Tx, settled: readonly Settled[], claims: readonly ClaimRow[]): Promise<void> {
  const programmes = new Map(claims.map((claim) => [claim.id, claim.programme]))
  await book(
    tx,
    settled.map((row) => ({
      kind: row.result,
      key: `${row.result}:${row.order_id}`,
      subject: { kind: 'order', id: row.order_id },
      claimId: row.claim_id,
      programme: programmes.get(row.claim_id) ?? '',
      memo: row.number,
      postings: postings(row.result, [{ fundSource: row.fund_source, year: row.year, amountFen: row.amount_fen }]),
    })),
  )
}

/** A claim whose orders are all paid is paid; one with money sent back waits for the claimant's account. */
async function moveClaims(tx: Tx, settled: readonly Settled[], claims: readonly ClaimRow[]): Promise<void> {
  const ids = [...new Set(settled.map((row) => row.claim_id))]
  const { rows } = await sql<{ id: string; settled: number }>`
    select c.id, (coalesce((select sum(amount_fen) from subsidy.payment_orders where claim_id = c.id and state = 'paid'), 0)
      + coalesce((select sum(amount_fen) from subsidy.recovery_receipts where claim_id = c.id), 0))::bigint as settled
    from subsidy.claims c where c.id = any(${ids}::uuid[])
  `.execute(tx.db)
  const sums = new Map(rows.map((row) => [row.id, row.settled]))
  for (const claim of claims) {
    if (!sums.has(claim.id)) continue
    tx.about('claim', claim.id)
    const bounced = settled.find((row) => row.claim_id === claim.id && row.result === 'bounced')
    if (bounced) {
      if (claim.state !== 'ordered') continue
      const code = bounceCodes[bounced.reason_code as BounceCode]
      await moveClaim(tx, claim, 'bounce', { reasonCodes: ['account-wrong'], note: code?.label ?? '' })
      await stopClock(tx, 'claim', claim.id, 'payment', 'account-wrong')
    } else if (claim.state === 'ordered' && sums.get(claim.id) === claim.amount_fen) {
      await moveClaim(tx, claim, 'pay')
      await endClock(tx, 'claim', claim.id, 'payment')
      await tx.enqueue('reports.countPaid', { claimId: claim.id }, { key: `reports.countPaid:${claim.id}` })
    }
  }
}

async function closeBatches(tx: Tx, settled: readonly Settled[]): Promise<void> {
  const ids = [...new Set(settled.map((row) => row.batch_id))]
  await tx.db
    .updateTable('subsidy.payment_batches as b')
    .set({ state: 'settled' })
    .where(sql<SqlBool>`b.id = any(${ids}::uuid[])`)
    .where('b.state', '=', 'confirmed')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('subsidy.payment_orders as o')
            .select('o.id')
            .whereRef('o.batch_id', '=', 'b.id')
            .where('o.state', '=', 'sent'),
        ),
      ),
    )
    .execute()
}
