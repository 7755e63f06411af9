import { sql } from 'kysely'
import { realTime } from '#platform/clock.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { AppError, missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import {
  newSecret,
  partnerById,
  partnerDigest,
  partnerSubject,
  partnerVerifier,
  tripSeconds,
} from './partner.queries.ts'
import { BeginTrip, EndPartnerLink, FinishTrip } from './partner.schema.ts'

const clause = 'C01'
const refuse = (reason: string) => refused({ clause, reason, facts: {} })

/** Off to the organisation's own sign-in: to come in, or to connect it with the account that is signed in here. */
export const beginTrip: Command<typeof BeginTrip, { state: string; nonce: string; verifier: string }> = command({
  name: 'access.beginTrip',
  permission: 'public',
  input: BeginTrip,
  told: ({ providerId, link }) => ({ providerId, link }),
  async run(tx, { providerId, browser, link }) {
    const partner = await partnerById(tx.db, providerId)
    if (partner.state !== 'active') throw missing('partner')
    if (link && tx.actor.kind !== 'user') throw new AppError({ kind: 'unauthenticated' })
    if (link && (!tx.actor.personId || tx.actor.onBehalfOf)) throw refuse('partner-own-session')
    const [state, nonce, verifier] = [newSecret(), newSecret(), newSecret()]
    await tx.db
      .insertInto('auth.partner_trips')
      .values({
        state_digest: partnerDigest(state),
        provider_id: providerId,
        cookie_digest: partnerDigest(browser),
        nonce,
        verifier_sealed: tx.crypto.seal(verifier, partnerVerifier),
        account_id: link ? tx.actor.id : null,
        expires_at: new Date(realTime().getTime() + tripSeconds * 1000),
      })
      .execute()
    await tx.db.deleteFrom('auth.partner_trips').where('expires_at', '<', realTime()).execute()
    tx.about('partner-sign-in', providerId)
    return { state, nonce, verifier }
  },
  outcome: () => ({}),
})

/**
 * Back from there with a checked identity. Connecting: the account must be the one that began it, signed in by itself.
 * Coming in: only an account that was connected, that is a member today, and that is nobody's official. The session acts
 * for this organisation and for nothing else.
 * @clause C01 C25
 */
export const finishTrip: Command<typeof FinishTrip, { accountId: string; token: string | null }> = command({
  name: 'access.finishTrip',
  permission: 'public',
  input: FinishTrip,
  told: ({ providerId }) => ({ providerId }),
  async run(tx, input) {
    const trip = await tx.db
      .updateTable('auth.partner_trips')
      .set({ used_at: realTime() })
      .where('state_digest', '=', partnerDigest(input.state))
      .where('provider_id', '=', input.providerId)
      .where('used_at', 'is', null)
      .returning('account_id')
      .executeTakeFirst()
    if (!trip) throw refuse('partner-failed')
    const partner = await partnerById(tx.db, input.providerId)
    if (partner.state !== 'active') throw refuse('partner-failed')
    tx.about('partner-sign-in', partner.id)
    const index = tx.crypto.blindIndex(`${partner.id}\n${input.subject}`, partnerSubject)
    await sql`select pg_advisory_xact_lock(hashtextextended(${`partner:${partner.id}`}, 0))`.execute(tx.db)
    if (trip.account_id !== null) {
      if (trip.account_id !== tx.actor.id) throw refuse('partner-own-session')
      await mustBeMember(tx, trip.account_id, partner.organisationId)
      const made = await tx.db
        .insertInto('auth.partner_links')
        .values({ provider_id: partner.id, subject_index: index, account_id: trip.account_id, linked_at: tx.now })
        .onConflict((c) => c.doNothing())
        .returning('id')
        .executeTakeFirst()
      if (!made) throw refuse('partner-taken')
      tx.about('account', trip.account_id)
      return { accountId: trip.account_id, token: null }
    }
    const link = await tx.db
      .selectFrom('auth.partner_links')
      .select('account_id')
      .where('provider_id', '=', partner.id)
      .where('subject_index', '=', index)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    if (!link) throw refuse('partner-unlinked')
    await mustBeMember(tx, link.account_id, partner.organisationId)
    tx.about('account', link.account_id)
    const token = newSecret()
    await tx.db
      .insertInto('auth.sessions')
      .values({
        user_id: link.account_id,
        token,
        expires_at: new Date(realTime().getTime() + 12 * 3600_000),
        organisation_id: partner.organisationId,
        partner_id: partner.id,
        ip_address: input.address || null,
        user_agent: input.agent || null,
      })
      .execute()
    return { accountId: link.account_id, token }
  },
  outcome: ({ accountId, token }) => ({ accountId, signedIn: token !== null }),
})

/** A member of the organisation today, and not an official by any grant. */
async function mustBeMember(tx: Tx, accountId: string, organisationId: string): Promise<void> {
  const { rows } = await sql<{ kind: string; disabled: boolean; office: boolean; member: boolean }>`
    select u.kind, u.disabled_at is not null as disabled,
      coalesce(bool_or(g.id is not null and g.organisation_id is null), false) as office,
      coalesce(bool_or(g.organisation_id = ${organisationId}::uuid and g.state = 'in-force'
        and g.validity @> ${dayOf(tx.now)}::date), false) as member
    from auth.users u left join auth.role_grants g on g.user_id = u.id and g.state in ('proposed', 'in-force')
    where u.id = ${accountId} group by u.id`.execute(tx.db)
  const row = rows[0]
  if (!row || row.disabled) throw refuse('partner-failed')
  if (row.kind === 'official' || row.office) throw refuse('partner-official')
  if (!row.member) throw refuse('partner-not-member')
}

/** Ends one's own connection; sessions that began by it end too. @clause C01 */
export const endPartnerLink: Command<typeof EndPartnerLink, { id: string }> = command({
  name: 'access.endPartnerLink',
  permission: 'public',
  input: EndPartnerLink,
  async run(tx, { id }) {
    if (tx.actor.kind !== 'user') throw new AppError({ kind: 'unauthenticated' })
    const ended = await tx.db
      .updateTable('auth.partner_links')
      .set({ ended_at: tx.now })
      .where('id', '=', id)
      .where('account_id', '=', tx.actor.id)
      .where('ended_at', 'is', null)
      .returning('provider_id')
      .executeTakeFirst()
    if (!ended) throw missing('partner-link')
    await tx.db
      .deleteFrom('auth.sessions')
      .where('user_id', '=', tx.actor.id)
      .where('partner_id', '=', ended.provider_id)
      .execute()
    tx.about('account', tx.actor.id)
    tx.about('partner-sign-in', ended.provider_id)
    return { id }
  },
})
