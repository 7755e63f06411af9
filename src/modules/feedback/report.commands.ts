import { sql } from 'kysely'
import { recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { type Limit, takeTurn } from '#platform/limits.ts'
import { newReceipt } from '#platform/receipts.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { contactContext, receiptContext, textContext } from './report.queries.ts'
import { AnswerReport, MakeReport, type ReportState } from './report.schema.ts'

/** Strangers without a contact share one turnstile; whoever can be called back has one of their own. */
const limits: Record<'account' | 'contact' | 'strangers', Limit> = {
  account: { tries: 5, seconds: 3600 },
  contact: { tries: 5, seconds: 86_400 },
  strangers: { tries: 60, seconds: 3600 },
}

/**
 * Anybody reports a problem, with or without a name. The code on the receipt is told once and kept only as an index.
 * @clause HZ4-M13 HZ4-M16
 */
export const makeReport: Command<typeof MakeReport, { reportId: string; number: string; receipt: string }> = command({
  name: 'feedback.makeReport',
  permission: 'public',
  input: MakeReport,
  async run(tx, input) {
    const turn = turnOf(tx, input.contact)
    await takeTurn(tx.db, turn.key, turn.limit)
    const receipt = newReceipt()
    const { rows } = await sql<{ id: string; number: string }>`
      insert into feedback.reports (number, kind, about, text_sealed, contact_sealed, receipt_index, reported_at)
      values (${`FK${yearOf(dayOf(tx.now))}-`} || lpad(nextval('feedback.report_numbers')::text, 5, '0'), ${input.kind},
        ${input.about}, ${tx.crypto.seal(input.text, textContext)},
        ${input.contact === '' ? null : tx.crypto.seal(input.contact, contactContext)},
        ${tx.crypto.blindIndex(receipt, receiptContext)}, ${tx.now})
      returning id, number
    `.execute(tx.db)
    const made = rows[0]
    if (!made) throw new Error('a report was not kept')
    tx.about('report', made.id)
    await recordMove(tx, { kind: 'report', id: made.id, move: 'report', from: '', to: 'open' })
    return { reportId: made.id, number: made.number, receipt }
  },
  outcome: ({ reportId, number }) => ({ reportId, number }),
})

function turnOf(tx: Tx, contact: string): { key: string; limit: Limit } {
  if (contact !== '') {
    return { key: `report-contact:${tx.crypto.blindIndex(contact, contactContext)}`, limit: limits.contact }
  }
  return tx.actor.kind === 'anonymous'
    ? { key: 'report-strangers', limit: limits.strangers }
    : { key: `report-account:${tx.actor.id}`, limit: limits.account }
}

/** The answer is given once and stands. @clause HZ4-M16 */
export const answerReport: Command<typeof AnswerReport, { reportId: string; state: ReportState }> = command({
  name: 'feedback.answerReport',
  permission: 'objection.decide',
  input: AnswerReport,
  async run(tx, input) {
    const row = await tx.db
      .selectFrom('feedback.reports')
      .select(['id', 'state', 'answered_by_name'])
      .where('id', '=', input.reportId)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw missing('report')
    tx.about('report', row.id)
    if (row.state === 'answered') {
      throw refused({ clause: 'HZ4-M16', reason: 'already-answered', facts: { by: row.answered_by_name } })
    }
    await tx.db
      .updateTable('feedback.reports')
      .set({
        state: 'answered',
        finding: input.finding,
        reply: input.reply,
        answered_by: tx.actor.id,
        answered_by_name: tx.actor.name,
        answered_at: tx.now,
      })
      .where('id', '=', row.id)
      .execute()
    await recordMove(tx, { kind: 'report', id: row.id, move: 'answer', from: 'open', to: 'answered' })
    return { reportId: row.id, state: 'answered' }
  },
})
