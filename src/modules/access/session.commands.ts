import { sql } from 'kysely'
import { z } from 'zod'
import { command, type Tx } from '#platform/command.ts'
import { AppError, missing } from '#platform/errors.ts'
import { rotateSession } from '#platform/session.ts'
import { endSessions } from './account.commands.ts'
import { SessionChoice } from './account.schema.ts'

const own = (tx: Tx): string => {
  if (tx.actor.kind !== 'user') throw new AppError({ kind: 'unauthenticated' })
  tx.about('account', tx.actor.id)
  return tx.actor.id
}

/** Signs one of one's own sessions out; somebody else's is not there. */
export const endSession = command({
  name: 'access.endSession',
  permission: 'public',
  input: SessionChoice,
  async run(tx, { sessionId }) {
    const { numDeletedRows } = await tx.db
      .deleteFrom('auth.sessions')
      .where('id', '=', sessionId)
      .where('user_id', '=', own(tx))
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw missing('session')
  },
})

/** Signs out everywhere else; `sessionId` is the one that stays. */
export const endOtherSessions = command({
  name: 'access.endOtherSessions',
  permission: 'public',
  input: SessionChoice,
  async run(tx, { sessionId }) {
    return { count: await endSessions(tx, own(tx), sessionId) }
  },
})

/** For somebody with roles in several organisations: which one the session acts for from now on. */
export const chooseOrganisation = command({
  name: 'access.chooseOrganisation',
  permission: 'public',
  input: z.object({ sessionId: z.uuid(), organisationId: z.uuid('请选择单位') }),
  async run(tx, { sessionId, organisationId }) {
    const userId = own(tx)
    const grant = await tx.db
      .selectFrom('auth.role_grants')
      .select('id')
      .where('user_id', '=', userId)
      .where('organisation_id', '=', organisationId)
      .where('state', '=', 'in-force')
      .executeTakeFirst()
    if (!grant) throw missing('organisation')
    const { numUpdatedRows } = await tx.db
      .updateTable('auth.sessions')
      .set({ organisation_id: organisationId, updated_at: sql`now()` })
      .where('id', '=', sessionId)
      .where('user_id', '=', userId)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw missing('session')
    tx.about('organisation', organisationId)
    return { organisationId, token: await rotateSession(tx.db, sessionId) }
  },
  outcome: ({ organisationId }) => ({ organisationId }),
})
