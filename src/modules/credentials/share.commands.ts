import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Command, command } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { tokenDigest } from './share.queries.ts'
import { mayShare } from './share.rules.ts'
import { CountOpening, MakeShare, RevokeShare } from './share.schema.ts'

/**
 * Opens a link to what the holder chose. The token is told once, here; only its digest is kept. What is not the holder's
 * own cannot be chosen.
 * @clause R37
 */
export const makeShare: Command<typeof MakeShare, { id: string; token: string; expiresAt: Date }> = command({
  name: 'credentials.makeShare',
  permission: 'self.records',
  input: MakeShare,
  outcome: ({ id }) => ({ id }),
  async run(tx, input) {
    const personId = tx.actor.onBehalfOf?.personId ?? tx.actor.personId
    if (!personId) throw missing('person')
    await sql`select pg_advisory_xact_lock(hashtextextended(${`credentials.shares:${personId}`}, 0))`.execute(tx.db)
    const { rows } = await sql<{ credentials: number; classes: number; open: number }>`
      select (select count(*)::int from credentials.issued where person_id = ${personId} and id = any(${input.credentials}::uuid[])) as credentials,
        (select count(distinct class_id)::int from training.enrolments
          where person_id = ${personId} and class_id = any(${input.hours}::uuid[])) as classes,
        (select count(*)::int from credentials.shares
          where person_id = ${personId} and revoked_at is null and expires_at > ${tx.now}) as open
    `.execute(tx.db)
    const [own] = rows
    const chosen = { credentials: new Set(input.credentials), hours: new Set(input.hours) }
    if (own?.credentials !== chosen.credentials.size) throw invalid({ credentials: ['请从自己的证书中选'] })
    if (own.classes !== chosen.hours.size) throw invalid({ hours: ['请从自己的班级中选'] })
    const may = mayShare(own.open)
    if (!may.ok) throw refused(may.refusal)
    const token = randomBytes(32).toString('base64url')
    const expiresAt = new Date(tx.now.getTime() + Number(input.days) * 86_400_000)
    const { id } = await tx.db
      .insertInto('credentials.shares')
      .values({
        person_id: personId,
        token_digest: tokenDigest(token),
        show_name: input.showName,
        created_at: tx.now,
        expires_at: expiresAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx.db
      .insertInto('credentials.share_items')
      .values([
        ...[...chosen.credentials].map((ref) => ({ share_id: id, kind: 'credential', ref })),
        ...[...chosen.hours].map((ref) => ({ share_id: id, kind: 'hours', ref })),
      ])
      .execute()
    tx.about('share', id)
    return { id, token, expiresAt }
  },
})

/**
 * Closes a link at once and for ever.
 * @clause R37
 */
export const revokeShare: Command<typeof RevokeShare, { id: string }> = command({
  name: 'credentials.revokeShare',
  permission: 'self.records',
  input: RevokeShare,
  async run(tx, { id }) {
    const found = await tx.db
      .selectFrom('credentials.shares')
      .select(['person_id as personId', 'revoked_at as revokedAt'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!found || !tx.actor.can('self.records', { personId: found.personId })) throw missing('share')
    tx.about('share', id)
    if (found.revokedAt) throw refused({ clause: 'R37', reason: 'already-revoked', facts: {} })
    await tx.db.updateTable('credentials.shares').set({ revoked_at: tx.now }).where('id', '=', id).execute()
    return { id }
  },
})

/**
 * One more opening of a link, for its holder to see. A link closed in the meantime counts nothing and is `missing`.
 * @clause R37
 */
export const countOpening: Command<typeof CountOpening, { id: string }> = command({
  name: 'credentials.countOpening',
  permission: 'public',
  input: CountOpening,
  async run(tx, { id }) {
    const counted = await tx.db
      .updateTable('credentials.shares')
      .set((eb) => ({ openings: eb('openings', '+', 1), last_opened_at: tx.now }))
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', tx.now)
      .returning('id')
      .executeTakeFirst()
    if (!counted) throw missing('share')
    tx.about('share', id)
    return counted
  },
})
