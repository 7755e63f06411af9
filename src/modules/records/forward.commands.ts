import { sql } from 'kysely'
import { command } from '#platform/command.ts'
import { conflict, missing, refused } from '#platform/errors.ts'
import { backOffSeconds, forwardAddress } from './forward.rules.ts'
import { Advance, StartForward, StopForward } from './forward.schema.ts'

const clause = 'HZ4-M13'
const most = 5
export const secretContext = 'records.forward'
export const privateAllowed = (env: Record<string, string | undefined> = process.env) => env.FORWARD_PRIVATE === 'yes'

/** Sends an organisation's statements on to another record store, from the beginning or from now. @clause HZ4-M13 */
export const startForward = command({
  name: 'records.startForward',
  permission: 'apikey.manage',
  input: StartForward,
  async run(tx, input) {
    const { organisationId } = input
    if (!tx.actor.can('apikey.manage', { organisationId })) throw missing('organisation')
    const address = forwardAddress(input.endpoint, privateAllowed())
    if (!address.ok) throw refused(address.refusal)
    await sql`select from people.organisations where id = ${organisationId} for update`.execute(tx.db)
    const { n } = await tx.db
      .selectFrom('records.forwards')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('organisation_id', '=', organisationId)
      .where('state', '=', 'running')
      .executeTakeFirstOrThrow()
    if (n >= most) throw refused({ clause, reason: 'forward-many', facts: { most } })
    const { id } = await tx.db
      .insertInto('records.forwards')
      .values({
        organisation_id: organisationId,
        name: input.name,
        endpoint: address.value,
        key: input.key,
        secret_sealed: tx.crypto.seal(input.secret, secretContext),
        at_stored: input.from === 'now' ? tx.now : new Date(0),
        next_at: tx.now,
        created_by: tx.actor.id,
        created_by_name: tx.actor.name,
        created_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('xapi-forward', id)
    tx.about('organisation', organisationId)
    await tx.enqueue('records.forward', {}, { key: 'records.forward' })
    return { forwardId: id }
  },
})

export const stopForward = command({
  name: 'records.stopForward',
  permission: 'apikey.manage',
  input: StopForward,
  async run(tx, { forwardId }) {
    const found = await tx.db
      .selectFrom('records.forwards')
      .select(['organisation_id', 'state'])
      .where('id', '=', forwardId)
      .forUpdate()
      .executeTakeFirst()
    if (!found || !tx.actor.can('apikey.manage', { organisationId: found.organisation_id }))
      throw missing('xapi-forward')
    if (found.state === 'stopped') throw refused({ clause, reason: 'forward-stopped', facts: {} })
    await tx.db.updateTable('records.forwards').set({ state: 'stopped' }).where('id', '=', forwardId).execute()
    tx.about('xapi-forward', forwardId)
    tx.about('organisation', found.organisation_id)
    return { forwardId, state: 'stopped' }
  },
})

/**
 * Notes what came of a batch: how far the other store is, what it refused for good, and when to try again. Nothing is noted
 * when somebody else was faster; the other store knows the statements by their ids.
 * @clause HZ4-M13
 */
export const advanceForward = command({
  name: 'records.advanceForward',
  permission: 'system.operate',
  input: Advance,
  told: ({ forwardId, sent, letters, failure }) => ({
    forwardId,
    sent,
    refused: letters.length,
    failed: failure !== null,
  }),
  async run(tx, input) {
    const found = await tx.db
      .selectFrom('records.forwards')
      .select(['failures', 'organisation_id'])
      .where('id', '=', input.forwardId)
      .where('at_stored', '=', input.from.stored)
      .where('at_seq', '=', input.from.seq)
      .where('state', '=', 'running')
      .forUpdate()
      .executeTakeFirst()
    if (!found) throw conflict('xapi-forward')
    const failures = input.failure === null ? 0 : found.failures + 1
    await tx.db
      .updateTable('records.forwards')
      .set((eb) => ({
        at_stored: input.to.stored,
        at_seq: input.to.seq,
        sent: eb('sent', '+', input.sent),
        failures,
        last_failure: input.failure,
        next_at: failures === 0 ? tx.now : new Date(tx.now.getTime() + backOffSeconds(failures) * 1000),
      }))
      .where('id', '=', input.forwardId)
      .execute()
    if (input.letters.length > 0)
      await tx.db
        .insertInto('records.dead_letters')
        .values(
          input.letters.map(({ statementId, status, answer }) => ({
            ...{ forward_id: input.forwardId, statement_id: statementId, status, answer, at: tx.now },
          })),
        )
        .onConflict((c) => c.doNothing())
        .execute()
    tx.about('xapi-forward', input.forwardId)
    tx.about('organisation', found.organisation_id)
    return { forwardId: input.forwardId, failures }
  },
})
