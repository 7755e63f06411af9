import { sql } from 'kysely'
import { realTime } from '#platform/clock.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { newRsaKey } from '#platform/jwt.ts'
import { keyContext } from './key.queries.ts'
import { rotationDue } from './key.rules.ts'
import { type KeyState, RotateKey, WithdrawKey } from './key.schema.ts'

const oneAtATime = (tx: Tx) => sql`select pg_advisory_xact_lock(hashtextextended('connect.keys', 0))`.execute(tx.db)

const active = (tx: Tx) =>
  tx.db.selectFrom('connect.keys').select(['id', 'made_at']).where('state', '=', 'active').executeTakeFirst()

async function makeKey(tx: Tx): Promise<string> {
  const { kid, publicJwk, privateText } = await newRsaKey()
  const { id } = await tx.db
    .insertInto('connect.keys')
    .values({ kid, public_jwk: JSON.stringify(publicJwk), private_sealed: tx.crypto.seal(privateText, keyContext) })
    .returning('id')
    .executeTakeFirstOrThrow()
  tx.about('connect-key', id)
  return id
}

async function endActive(tx: Tx, state: KeyState, reason: string): Promise<void> {
  const ended = await tx.db
    .updateTable('connect.keys')
    .set({ state, reason, ended_at: realTime() })
    .where('state', '=', 'active')
    .returning('id')
    .execute()
  for (const { id } of ended) tx.about('connect-key', id)
}

/** Makes the first key, and another one when it has signed for three months. @clause HZ4-M13 */
export const rotateKey: Command<typeof RotateKey, { id: string | null }> = command({
  name: 'connect.rotateKey',
  permission: 'system.operate',
  input: RotateKey,
  async run(tx) {
    await oneAtATime(tx)
    const now = await active(tx)
    if (now && !rotationDue(now.made_at, realTime())) return { id: null }
    if (now) await endActive(tx, 'retired', '定期更换')
    return { id: await makeKey(tx) }
  },
})

/**
 * A key that may have leaked is no longer published from this moment, and another one signs. It takes one person: it
 * gives nobody anything, and waiting for a second one would only leave the door open.
 * @clause C25
 */
export const withdrawKey: Command<typeof WithdrawKey, { id: string }> = command({
  name: 'connect.withdrawKey',
  permission: 'connect.approve',
  input: WithdrawKey,
  async run(tx, { reason }) {
    await oneAtATime(tx)
    await endActive(tx, 'withdrawn', reason)
    return { id: await makeKey(tx) }
  },
})
