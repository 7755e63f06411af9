import { sql } from 'kysely'
import { mustMove, recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { mayDecide, registrationCycle } from './registration.rules.ts'
import { Decide, type RegistrationState, Stop } from './registration.schema.ts'

type Kind = 'tool' | 'platform'
const tables = { tool: 'connect.tools', platform: 'connect.platforms' } as const
const subjects = { tool: 'lti-tool', platform: 'lti-platform' } as const
export type Moved = { id: string; state: RegistrationState }
type Step = 'approve' | 'reject' | 'suspend' | 'resume' | 'end'
type Row = { id: string; state: RegistrationState; proposed_by: string; organisation_id: string | null }

/** Moves a registration: approving and rejecting need a second person; stopping is for either side. */
async function moveRegistration(
  tx: Tx,
  kind: Kind,
  { id, note }: { id: string; note: string },
  move: Step,
): Promise<Moved> {
  const { rows } = await sql<Row>`select id, state, proposed_by, organisation_id from ${sql.table(tables[kind])}
    where id = ${id} for update`.execute(tx.db)
  const row = rows[0]
  if (!row || !maySee(tx, row)) throw missing(subjects[kind])
  tx.about(subjects[kind], id)
  if (row.organisation_id) tx.about('organisation', row.organisation_id)
  const deciding = move === 'approve' || move === 'reject'
  const may = deciding ? mayDecide(row.proposed_by, tx.actor.hand.id) : null
  if (may && !may.ok) throw refused(may.refusal)
  const to = mustMove(registrationCycle, move, row.state)
  await sql`update ${sql.table(tables[kind])} set state = ${to}, decision_note = ${note}
    ${deciding ? sql`, decided_by = ${tx.actor.hand.id}, decided_by_name = ${tx.actor.name}, decided_at = ${tx.now}` : sql``}
    where id = ${id}`.execute(tx.db)
  await recordMove(tx, { kind: subjects[kind], id, move, from: row.state, to, note })
  return { id, state: to }
}

/** The command for one step of one kind of registration; stopping needs a reason, deciding may have one. */
export const step = (
  kind: Kind,
  door: { name: string; permission: 'connect.approve' | 'connect.register' },
  move: Step,
): Command<typeof Decide, Moved> =>
  command({
    ...door,
    input: move === 'approve' || move === 'reject' ? Decide : Stop,
    run: (tx, input) => moveRegistration(tx, kind, input, move),
  }) as Command<typeof Decide, Moved>

/** Security administrators see all; an organisation its own; the library's office the district's own. */
const maySee = (tx: Tx, row: Row) =>
  tx.actor.can('connect.approve') ||
  tx.actor.can('connect.register', row.organisation_id ? { organisationId: row.organisation_id } : {})

/** Locks the one that registers, so that a limit on the number holds, and refuses for whom it is not. */
export async function lockRegistrant(tx: Tx, organisationId: string | undefined): Promise<void> {
  if (!organisationId) {
    if (!tx.actor.can('connect.register', {})) throw missing('organisation')
    await sql`select pg_advisory_xact_lock(hashtextextended('connect.register', 0))`.execute(tx.db)
    return
  }
  if (!tx.actor.can('connect.register', { organisationId })) throw missing('organisation')
  const { rows } = await sql<{ status: string }>`select status from people.organisations where id = ${organisationId}
    for update`.execute(tx.db)
  if (rows[0]?.status !== 'active') throw missing('organisation')
}
