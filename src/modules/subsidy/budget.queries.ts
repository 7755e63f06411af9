import type { Kysely } from 'kysely'
import type { Database } from '#platform/db.ts'
import type { BudgetState } from './budget.schema.ts'

export type BudgetChange = {
  id: string
  number: string
  kind: 'budget' | 'reuse'
  fundSource: string
  year: number
  amountFen: number
  documentNo: string
  state: BudgetState
  proposedBy: string
  proposedByName: string
  proposedAt: Date
  decidedByName: string | null
  decidedAt: Date | null
  note: string
}

/** Budget changes, open ones first, then the newest. */
export async function budgetChanges(db: Kysely<Database>, limit = 100): Promise<BudgetChange[]> {
  return db
    .selectFrom('subsidy.budget_changes')
    .select([
      'id',
      'number',
      'kind',
      'fund_source as fundSource',
      'year',
      'amount_fen as amountFen',
      'document_no as documentNo',
      'state',
      'proposed_by as proposedBy',
      'proposed_by_name as proposedByName',
      'proposed_at as proposedAt',
      'decided_by_name as decidedByName',
      'decided_at as decidedAt',
      'note',
    ])
    .$castTo<BudgetChange>()
    .orderBy((eb) => eb.case().when('state', '=', 'proposed').then(0).else(1).end())
    .orderBy('proposed_at', 'desc')
    .limit(limit)
    .execute()
}
