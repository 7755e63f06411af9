import { type LifeCycle, mustMove, recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { addDays, dayOf, formatDay } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { ClaimState } from './claim.schema.ts'
import { checkAndKeep } from './control.commands.ts'
import { type ClaimRow, lockClaim, no } from './desk.commands.ts'
import { DecideOverride, type OverrideState, RequestOverride, RevokeOverride } from './override.schema.ts'

const overrideCycle = {
  approve: { from: ['requested'], to: 'approved', clause: 'C25' },
  refuse: { from: ['requested'], to: 'refused', clause: 'C25' },
  revoke: { from: ['approved'], to: 'revoked', clause: 'C25' },
} as const satisfies LifeCycle<OverrideState>

type Outcome = { overrideId: string; claimId: string; state: OverrideState }

const atBureau: readonly ClaimState[] = [
  'submitted',
  'under-review',
  'reviewed',
  'publicised',
  'objection-held',
  'approved',
]

/**
 * Asks that a failing control let a claim, or one of its lines, pass: with a reason, for a limited time. Counts for
 * nothing until somebody else approves it.
 * @clause C25
 */
export const requestOverride: Command<typeof RequestOverride, Outcome> = command({
  name: 'subsidy.requestOverride',
  permission: 'control.override',
  input: RequestOverride,
  async run(tx, input) {
    const claim = await lockClaim(tx, input.claimId)
    notOnesOwn(tx, claim)
    if (!atBureau.includes(claim.state)) no('C25', 'claim-not-at-bureau', { state: claim.state })
    await mustExpireInTime(tx, input.expiresOn as Day)
    await mustFail(tx, claim.id, input.control, input.lineId ?? null)
    const made = await tx.db
      .insertInto('subsidy.overrides')
      .values({
        control: input.control,
        claim_id: claim.id,
        line_id: input.lineId ?? null,
        reason: input.reason,
        expires_on: input.expiresOn,
        requested_by: tx.actor.id,
        requested_by_name: tx.actor.name,
        requested_at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!made) return no('C25', 'override-exists', { control: input.control })
    tx.about('override', made.id)
    await recordMove(tx, {
      kind: 'override',
      id: made.id,
      move: 'request',
      from: '',
      to: 'requested',
      note: input.reason,
    })
    return { overrideId: made.id, claimId: claim.id, state: 'requested' }
  },
})

function notOnesOwn(tx: Tx, claim: ClaimRow): void {
  if (tx.actor.holdings.some((holding) => holding.organisationId === claim.organisation_id))
    no('C25', 'own-organisation')
}

async function mustExpireInTime(tx: Tx, expiresOn: Day): Promise<void> {
  const today = dayOf(tx.now)
  if (expiresOn < today) no('C25', 'override-past')
  const { id, label, value } = (await figuresFor(tx))('OP.overrideDays', today)
  if (value === null) throw refused({ clause: 'C25', reason: 'figure-undecided', facts: { figure: id, label } })
  const latest = addDays(today, value)
  if (expiresOn > latest) no('C25', 'override-too-long', { days: value, latest: formatDay(latest) })
}

/** Looks again now: only what fails can be let pass. */
async function mustFail(tx: Tx, claimId: string, control: string, lineId: string | null): Promise<void> {
  const [run] = await checkAndKeep(tx, [claimId], 'review')
  const fails = run?.findings.some(
    (f) => f.control === control && f.verdict === 'fail' && (lineId === null || f.lineId === lineId),
  )
  if (!fails) no('C25', 'control-not-failing', { control })
}

/**
 * The second person's answer; never the one who asked. The claim is checked again with it.
 * @clause C25
 */
export const decideOverride: Command<typeof DecideOverride, Outcome> = command({
  name: 'subsidy.decideOverride',
  permission: 'control.approve-override',
  input: DecideOverride,
  async run(tx, input) {
    const { claim, override } = await lockOverride(tx, input.overrideId)
    const to = mustMove<OverrideState>(overrideCycle, input.decision, override.state)
    if (override.requested_by === tx.actor.id) no('C25', 'same-person')
    await tx.db
      .updateTable('subsidy.overrides')
      .set({
        state: to,
        decided_by: tx.actor.id,
        decided_by_name: tx.actor.name,
        decided_at: tx.now,
        decision_note: input.note,
      })
      .where('id', '=', override.id)
      .execute()
    return settle(tx, claim.id, override, input.decision, to, input.note)
  },
})

/**
 * Takes an approved override back before it runs out.
 * @clause C25
 */
export const revokeOverride: Command<typeof RevokeOverride, Outcome> = command({
  name: 'subsidy.revokeOverride',
  permission: 'control.approve-override',
  input: RevokeOverride,
  async run(tx, input) {
    const { claim, override } = await lockOverride(tx, input.overrideId)
    const to = mustMove<OverrideState>(overrideCycle, 'revoke', override.state)
    await tx.db
      .updateTable('subsidy.overrides')
      .set({ state: to, revoked_by: tx.actor.id, revoked_at: tx.now })
      .where('id', '=', override.id)
      .execute()
    return settle(tx, claim.id, override, 'revoke', to, input.reason)
  },
})

/** The claim first, then the override: everybody locks in this order. */
async function lockOverride(tx: Tx, id: string) {
  const found = await tx.db.selectFrom('subsidy.overrides').select('claim_id').where('id', '=', id).executeTakeFirst()
  if (!found) throw missing('override')
  const claim = await lockClaim(tx, found.claim_id)
  notOnesOwn(tx, claim)
  const override = await tx.db
    .selectFrom('subsidy.overrides')
    .select(['id', 'state', 'requested_by'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  tx.about('override', id)
  return { claim, override: { ...override, state: override.state as OverrideState } }
}

async function settle(
  tx: Tx,
  claimId: string,
  override: { id: string; state: OverrideState },
  move: string,
  to: OverrideState,
  note: string,
): Promise<Outcome> {
  await recordMove(tx, { kind: 'override', id: override.id, move, from: override.state, to, note })
  await checkAndKeep(tx, [claimId], 'review')
  return { overrideId: override.id, claimId, state: to }
}
