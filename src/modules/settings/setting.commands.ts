import { sql } from 'kysely'
import { mustMove, recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { maySettle, readProposal, settingCycle } from './setting.rules.ts'
import { ApproveSetting, ProposeSetting, RejectSetting, reasonText, type SettingState } from './setting.schema.ts'

/**
 * Proposes a figure or an answer to an open question, for its days, with the document it rests on.
 * @clause HZ4-M16
 */
export const proposeSetting = command({
  name: 'settings.propose',
  permission: 'setting.propose',
  input: ProposeSetting,
  async run(tx, input) {
    const read = readProposal(tx.plan, input)
    if (!read.ok) {
      const words = reasonText[read.refusal.reason]?.(read.refusal.facts)
      if (read.refusal.reason === 'unknown-setting') throw refused(read.refusal)
      throw invalid({ value: [words?.message ?? '请填写正确的内容'] })
    }
    await sql`select pg_advisory_xact_lock(hashtextextended(${`settings:${input.kind}:${input.key}`}, 0))`.execute(
      tx.db,
    )
    const open = await tx.db
      .selectFrom('platform.settings')
      .select('proposed_by_name')
      .where('kind', '=', input.kind)
      .where('key', '=', input.key)
      .where('state', '=', 'proposed')
      .executeTakeFirst()
    if (open) {
      throw refused({ clause: 'HZ4-M16', reason: 'already-proposed', facts: { by: open.proposed_by_name } })
    }
    const { id } = await tx.db
      .insertInto('platform.settings')
      .values({
        kind: input.kind,
        key: input.key,
        value: JSON.stringify(read.value),
        from_on: input.from,
        to_on: input.to,
        source: input.source,
        proposed_by: tx.actor.id,
        proposed_by_name: tx.actor.name,
        proposed_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('setting', id)
    tx.about(input.kind, input.key)
    return { id, state: 'proposed' as const }
  },
})

/**
 * Puts a proposal in force. From then on the figure of its days is the new one; earlier answers stay on record.
 * @clause HZ4-M16
 */
export const approveSetting = command({
  name: 'settings.approve',
  permission: 'setting.approve',
  input: ApproveSetting,
  run: (tx, { id }) => settle(tx, id, 'approve', ''),
})

/** @clause HZ4-M16 */
export const rejectSetting = command({
  name: 'settings.reject',
  permission: 'setting.approve',
  input: RejectSetting,
  run: (tx, { id, reason }) => settle(tx, id, 'reject', reason),
})

async function settle(tx: Tx, id: string, move: 'approve' | 'reject', note: string) {
  const row = await tx.db
    .selectFrom('platform.settings')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw missing('setting')
  tx.about('setting', id)
  tx.about(row.kind, row.key)
  const state = row.state as SettingState
  const may = maySettle({ proposedBy: row.proposed_by, state }, tx.actor.id)
  if (!may.ok) throw refused(may.refusal)
  const to = mustMove(settingCycle, move, state)
  await tx.db
    .updateTable('platform.settings')
    .set({ state: to, approved_by: tx.actor.id, approved_by_name: tx.actor.name, approved_at: tx.now })
    .where('id', '=', id)
    .execute()
  await recordMove(tx, { kind: 'setting', id, move, from: state, to, note })
  return { id, state: to }
}
