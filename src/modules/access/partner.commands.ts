import { mustMove, recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { outwardAddress } from '#platform/outward.ts'
import { partnerSecret } from './partner.queries.ts'
import { DecidePartner, type PartnerState, ProposePartner, StopPartner } from './partner.schema.ts'

const clause = 'C25'
type Moved = { id: string; state: PartnerState }
type Step = 'approve' | 'reject' | 'suspend' | 'resume' | 'end'

const cycle: Record<Step, { from: readonly PartnerState[]; to: PartnerState; clause: string }> = {
  approve: { from: ['proposed'], to: 'active', clause },
  reject: { from: ['proposed'], to: 'rejected', clause },
  suspend: { from: ['active'], to: 'suspended', clause },
  resume: { from: ['suspended'], to: 'active', clause },
  end: { from: ['active', 'suspended'], to: 'ended', clause },
}

/**
 * An organisation's own sign-in. Nobody comes in by it until a security administrator has approved it; its secret is
 * sealed and shown to nobody again.
 * @clause HZ4-M13 C25
 */
export const proposePartner: Command<typeof ProposePartner, Moved> = command({
  name: 'access.proposePartner',
  permission: 'connect.register',
  input: ProposePartner,
  told: ({ clientSecret: _, ...rest }) => rest,
  async run(tx, input) {
    const { organisationId } = input
    if (!tx.actor.can('connect.register', { organisationId })) throw missing('organisation')
    const organisation = await tx.db
      .selectFrom('people.organisations')
      .select('status')
      .where('id', '=', organisationId)
      .forUpdate()
      .executeTakeFirst()
    if (organisation?.status !== 'active') throw missing('organisation')
    if (!outwardAddress(input.issuer)) throw refused({ clause, reason: 'partner-address', facts: {} })
    const made = await tx.db
      .insertInto('auth.partner_providers')
      .values({
        organisation_id: organisationId,
        name: input.name,
        purpose: input.purpose,
        issuer: input.issuer,
        client_id: input.clientId,
        secret_sealed: tx.crypto.seal(input.clientSecret, partnerSecret),
        domains: input.domains,
        subject_prefix: input.subjectPrefix,
        proposed_by: tx.actor.hand.id,
        proposed_by_name: tx.actor.name,
        proposed_at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!made) throw refused({ clause, reason: 'partner-open', facts: {} })
    tx.about('partner-sign-in', made.id)
    tx.about('organisation', organisationId)
    return { id: made.id, state: 'proposed' }
  },
})

async function move(tx: Tx, { id, note }: { id: string; note: string }, step: Step): Promise<Moved> {
  const row = await tx.db
    .selectFrom('auth.partner_providers')
    .select(['id', 'state', 'proposed_by', 'organisation_id'])
    .where('id', '=', id)
    .forUpdate()
    .$castTo<{ id: string; state: PartnerState; proposed_by: string; organisation_id: string }>()
    .executeTakeFirst()
  const may =
    row &&
    (tx.actor.can('connect.approve') || tx.actor.can('connect.register', { organisationId: row.organisation_id }))
  if (!row || !may) throw missing('partner')
  tx.about('partner-sign-in', id)
  tx.about('organisation', row.organisation_id)
  const deciding = step === 'approve' || step === 'reject'
  if (deciding && row.proposed_by === tx.actor.hand.id) throw refused({ clause, reason: 'same-person', facts: {} })
  const state = mustMove(cycle, step, row.state)
  const decided = deciding && { decided_by: tx.actor.hand.id, decided_by_name: tx.actor.name, decided_at: tx.now }
  await tx.db
    .updateTable('auth.partner_providers')
    .set({ state, decision_note: note, ...decided })
    .where('id', '=', id)
    .execute()
  await recordMove(tx, { kind: 'partner-sign-in', id, move: step, from: row.state, to: state, note })
  if (state !== 'active') await tx.db.deleteFrom('auth.sessions').where('partner_id', '=', id).execute()
  return { id, state }
}

const step = (door: { name: string; permission: 'connect.approve' | 'connect.register' }, what: Step) =>
  command({
    ...door,
    input: what === 'approve' || what === 'reject' ? DecidePartner : StopPartner,
    run: (tx, input) => move(tx, input, what),
  }) as Command<typeof DecidePartner, Moved>

/** @clause C25 */
export const approvePartner = step({ name: 'access.approvePartner', permission: 'connect.approve' }, 'approve')
export const rejectPartner = step({ name: 'access.rejectPartner', permission: 'connect.approve' }, 'reject')
/** Whoever is in by it is out at once. */
export const suspendPartner = step({ name: 'access.suspendPartner', permission: 'connect.approve' }, 'suspend')
export const resumePartner = step({ name: 'access.resumePartner', permission: 'connect.approve' }, 'resume')
export const endPartner = step({ name: 'access.endPartner', permission: 'connect.register' }, 'end')
