import { sql } from 'kysely'
import { z } from 'zod'
import { command } from '#platform/command.ts'

/** Notes what became of a text. */
export const noteDelivery = command({
  name: 'access.noteDelivery',
  permission: 'system.operate',
  input: z.object({ id: z.uuid(), failure: z.string().max(200).optional() }),
  async run(tx, { id, failure }) {
    await tx.db
      .updateTable('auth.outbox')
      .set(failure ? { failure } : { sent_at: sql`now()`, failure: null })
      .where('id', '=', id)
      .execute()
    tx.about('text', id)
  },
})

/**
 * Removes what has run out: sessions, codes, half-done sign-ins, counters, old texts; closes consents past their half
 * hour. The trail keeps what happened.
 */
export const sweep = command({
  name: 'access.sweep',
  permission: 'system.operate',
  input: z.object({}),
  async run(tx) {
    const count = async (query: ReturnType<typeof sql>) => Number((await query.execute(tx.db)).numAffectedRows ?? 0)
    const sessionCount = await count(sql`
      delete from auth.sessions s using auth.users u, auth.session_life life
      where u.id = s.user_id and life.kind = u.kind and (s.expires_at < now() or s.last_seen_at < now() - life.idle)`)
    await sql`delete from auth.codes where created_at < now() - interval '1 day'`.execute(tx.db)
    await sql`delete from auth.verifications where expires_at < now()`.execute(tx.db)
    await sql`delete from auth.lockouts where failed_at < now() - interval '1 day'`.execute(tx.db)
    await sql`delete from platform.rate_limits where window_at < now() - interval '2 days'`.execute(tx.db)
    await sql`delete from auth.outbox where created_at < now() - interval '30 days'`.execute(tx.db)
    const consentCount = await count(sql`
      update auth.consents set state = 'ended', ended_at = ${tx.now}, end_reason = 'expired'
      where (state = 'active' and expires_at <= ${tx.now}) or (state = 'asked' and asked_at < ${tx.now}::timestamptz - interval '1 hour')`)
    return { sessionCount, consentCount }
  },
})
