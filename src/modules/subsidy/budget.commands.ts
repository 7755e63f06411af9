import { sql } from 'kysely'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { decideBudgetInput, proposeBudgetInput } from './budget.schema.ts'
import { book, hold } from './ledger.commands.ts'
import { postings } from './ledger.rules.ts'

const no = (reason: string, facts: Record<string, string | number> = {}): never => {
  throw refused({ clause: 'HZ4-M16', reason, facts })
}

function mustKnow(tx: Tx, fundSource: string): void {
  if (!tx.plan.fundSources.some((fund) => fund.id === fundSource)) no('unknown-fund', { fundSource })
}

/**
 * Budget handed down, added or cut for one fund and year, or returned money made available again: proposed here, in
 * force only when the other office agrees.
 * @clause HZ4-M16
 */
export const proposeBudget = command({
  name: 'budget.propose',
  permission: 'payment.batch',
  input: proposeBudgetInput,
  async run(tx, input) {
    mustKnow(tx, input.fundSource)
    const number = await nextNumber(tx)
    const { id } = await tx.db
      .insertInto('subsidy.budget_changes')
      .values({
        number,
        kind: input.kind,
        fund_source: input.fundSource,
        year: input.year,
        amount_fen: input.amount,
        document_no: input.documentNo,
        proposed_by: tx.actor.id,
        proposed_by_name: tx.actor.name,
        proposed_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('budget', id)
    return { id, number, amountFen: input.amount }
  },
})

async function nextNumber(tx: Tx): Promise<string> {
  const { rows } = await sql<{ n: number }>`select nextval('subsidy.budget_numbers') as n`.execute(tx.db)
  return `YS-${yearOf(dayOf(tx.now))}-${String(rows[0]?.n ?? 0).padStart(4, '0')}`
}

/**
 * The other office's answer. A cut takes only what is still available: what was promised to claims stays promised.
 * @clause HZ4-M16
 */
export const decideBudget = command({
  name: 'budget.decide',
  permission: 'payment.confirm',
  input: decideBudgetInput,
  async run(tx, { changeId, decision, note }) {
    const change = await tx.db
      .selectFrom('subsidy.budget_changes')
      .selectAll()
      .where('id', '=', changeId)
      .forUpdate()
      .executeTakeFirst()
    if (!change) throw missing('budget')
    tx.about('budget', changeId)
    if (change.state !== 'proposed') no('already-decided')
    if (change.proposed_by === tx.actor.id) no('same-person')
    const state = decision === 'approve' ? ('in-force' as const) : ('rejected' as const)
    if (state === 'in-force') {
      const kind = change.kind as 'budget' | 'reuse'
      const fund = { fundSource: change.fund_source, year: change.year, amountFen: change.amount_fen }
      const pot = kind === 'reuse' ? ('returned' as const) : ('available' as const)
      const there = (await hold(tx, pot, [fund.fundSource], fund.year)).get(fund.fundSource) ?? 0
      if (kind === 'reuse' && there < fund.amountFen) no('nothing-returned', { returnedFen: there })
      if (kind === 'budget' && there + fund.amountFen < 0) no('budget-committed', { availableFen: there })
      await book(tx, [
        {
          kind,
          key: `budget:${changeId}`,
          subject: { kind: 'budget', id: changeId },
          memo: change.document_no,
          postings: postings(kind, [fund]),
        },
      ])
    }
    await tx.db
      .updateTable('subsidy.budget_changes')
      .set({ state, decided_by: tx.actor.id, decided_by_name: tx.actor.name, decided_at: tx.now, note })
      .where('id', '=', changeId)
      .execute()
    return { id: changeId, state }
  },
})
