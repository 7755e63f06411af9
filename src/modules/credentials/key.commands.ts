import { sql } from 'kysely'
import { mustMove, recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { newSigningKey } from '#platform/signature.ts'
import { toMultikey } from './encoding.rules.ts'
import { keyContext } from './key.queries.ts'
import { endOf, keyCycle, mayDecide } from './key.rules.ts'
import { DecideKey, FirstKey, type KeyReason, type KeyState, ProposeKey } from './key.schema.ts'

/** One at a time: numbers have no twins, and two rotations cannot cross. */
const oneAtATime = (tx: Tx) => sql`select pg_advisory_xact_lock(hashtextextended('credentials.keys', 0))`.execute(tx.db)

async function makeKey(
  tx: Tx,
  reason: KeyReason,
  note: string,
  decided: boolean,
): Promise<{ id: string; number: number }> {
  const { last } = await tx.db
    .selectFrom('credentials.keys')
    .select((eb) => eb.fn.coalesce(eb.fn.max('number'), eb.val(0)).as('last'))
    .executeTakeFirstOrThrow()
  const { publicBytes, privateText } = newSigningKey()
  const by = { by: tx.actor.id, name: tx.actor.name }
  return tx.db
    .insertInto('credentials.keys')
    .values({
      number: last + 1,
      public_key: toMultikey(publicBytes),
      private_sealed: tx.crypto.seal(privateText, keyContext),
      reason,
      note,
      proposed_by: by.by,
      proposed_by_name: by.name,
      proposed_at: tx.now,
      ...(decided && { state: 'active', decided_by: by.by, decided_by_name: by.name, decided_at: tx.now }),
    })
    .returning(['id', 'number'])
    .executeTakeFirstOrThrow()
}

/**
 * Makes the installation's first key, if there is none at all. Every later one takes two people.
 * @clause HZ4-M13
 */
export const firstKey: Command<typeof FirstKey, { id: string | null }> = command({
  name: 'credentials.firstKey',
  permission: 'system.operate',
  input: FirstKey,
  async run(tx) {
    await oneAtATime(tx)
    const any = await tx.db.selectFrom('credentials.keys').select('id').limit(1).executeTakeFirst()
    if (any) return { id: null }
    const { id } = await makeKey(tx, 'first', '', true)
    tx.about('signing-key', id)
    await recordMove(tx, { kind: 'signing-key', id, move: 'approve', from: '', to: 'active' })
    return { id }
  },
})

/**
 * Proposes a new signing key. It is made here and now and signs nothing until somebody else approves it.
 * @clause C23
 */
export const proposeKey: Command<typeof ProposeKey, { id: string; number: number; state: KeyState }> = command({
  name: 'credentials.proposeKey',
  permission: 'credential.propose-key',
  input: ProposeKey,
  async run(tx, input) {
    await oneAtATime(tx)
    const open = await tx.db
      .selectFrom('credentials.keys')
      .select('proposed_by_name')
      .where('state', '=', 'proposed')
      .executeTakeFirst()
    if (open) throw refused({ clause: 'C23', reason: 'already-proposed', facts: { by: open.proposed_by_name } })
    const { id, number } = await makeKey(tx, input.reason, input.note, false)
    tx.about('signing-key', id)
    return { id, number, state: 'proposed' }
  },
})

/**
 * Puts a proposed key to work. The one before is retired and still verifies, or is withdrawn when it may have leaked.
 * @clause C23
 */
export const approveKey: Command<typeof DecideKey, { id: string; state: KeyState }> = command({
  name: 'credentials.approveKey',
  permission: 'credential.approve-key',
  input: DecideKey,
  run: (tx, { id }) => decide(tx, id, 'approve'),
})

/** @clause C23 */
export const rejectKey: Command<typeof DecideKey, { id: string; state: KeyState }> = command({
  name: 'credentials.rejectKey',
  permission: 'credential.approve-key',
  input: DecideKey,
  run: (tx, { id }) => decide(tx, id, 'reject'),
})

async function decide(tx: Tx, id: string, move: 'approve' | 'reject'): Promise<{ id: string; state: KeyState }> {
  await oneAtATime(tx)
  const row = await tx.db
    .selectFrom('credentials.keys')
    .select(['id', 'state', 'reason', 'proposed_by as proposedBy'])
    .where('id', '=', id)
    .forUpdate()
    .$castTo<{ id: string; state: KeyState; reason: KeyReason; proposedBy: string }>()
    .executeTakeFirst()
  if (!row) throw missing('signing-key')
  tx.about('signing-key', id)
  const may = mayDecide(row, tx.actor.id)
  if (!may.ok) throw refused(may.refusal)
  const to = mustMove(keyCycle, move, row.state)
  if (move === 'approve') await endActive(tx, row.reason)
  await tx.db
    .updateTable('credentials.keys')
    .set({ state: to, decided_by: tx.actor.id, decided_by_name: tx.actor.name, decided_at: tx.now })
    .where('id', '=', id)
    .execute()
  await recordMove(tx, { kind: 'signing-key', id, move, from: row.state, to })
  return { id, state: to }
}

async function endActive(tx: Tx, reason: KeyReason): Promise<void> {
  const to = endOf(reason)
  const ended = await tx.db
    .updateTable('credentials.keys')
    .set({ state: to, ended_at: tx.now })
    .where('state', '=', 'active')
    .returning('id')
    .execute()
  for (const { id } of ended) {
    tx.about('signing-key', id)
    await recordMove(tx, {
      kind: 'signing-key',
      id,
      move: to === 'retired' ? 'retire' : 'withdraw',
      from: 'active',
      to,
    })
  }
}
