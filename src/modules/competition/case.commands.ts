/** What every command does with a competition: lock it, move it, run its clocks. */
import type { Selectable } from 'kysely'
import type { DB } from '#db/types.ts'
import { mustMove, recordMove } from '#platform/casework.ts'
import type { Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { eventCycle, inTime, type Move } from './event.rules.ts'
import type { EventState, Terms } from './event.schema.ts'
import { typeVersion } from './type.queries.ts'

export type EventRow = Omit<Selectable<DB['competition.events']>, 'state'> & { state: EventState }
export const no = (reason: string, facts: Record<string, string | number> = {}) =>
  refused({ clause: 'R32', reason, facts })

/** A competition locked: `share` for who only adds to it, so that fifty entrants do not stand in one line for nothing. */
export async function lockEvent(
  tx: Tx,
  id: string,
  strength: 'update' | 'share' = 'update',
): Promise<{ event: EventRow; type: CompetitionType }> {
  const query = tx.db.selectFrom('competition.events').selectAll().where('id', '=', id)
  const row = await (strength === 'update' ? query.forUpdate() : query.forShare()).executeTakeFirst()
  if (!row) throw missing('competition')
  tx.about('competition', id)
  return { event: row as EventRow, type: await typeVersion(tx.db, row.version_id) }
}

export const hosts = ({ actor }: Pick<Tx, 'actor'>, row: { organisation_id: string }): boolean =>
  actor.can('competition.host', { organisationId: row.organisation_id })

/** The host's own competition; anybody else's is not there. */
export async function lockHosted(tx: Tx, id: string, strength: 'update' | 'share' = 'update') {
  const found = await tx.db
    .selectFrom('competition.events')
    .select('organisation_id')
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found || !hosts(tx, found)) throw missing('competition')
  return lockEvent(tx, id, strength)
}

type Told = { reasonCodes?: string[]; note?: string; set?: Record<string, unknown> }

/** Moves a locked competition by the table of moves, and writes its history. */
export async function moveEvent(tx: Tx, row: EventRow, move: Move, told: Told = {}): Promise<EventState> {
  const to = mustMove(eventCycle, move, row.state)
  const { set = {}, ...history } = told
  await tx.db
    .updateTable('competition.events')
    .set({ ...set, state: to, version: row.version + 1 })
    .where('id', '=', row.id)
    .execute()
  await recordMove(tx, { kind: 'competition', id: row.id, move, from: row.state, to, ...history })
  Object.assign(row, set, { state: to, version: row.version + 1 })
  return to
}

/** The note of a step before its announced day; empty when it is in time. @clause R32 */
export function earlyNote(tx: Tx, row: EventRow, step: 'close-entries' | 'begin', note: string): string {
  const decision = inTime(step, (step === 'begin' ? row.held_from : row.entries_to) as Day | null, dayOf(tx.now), note)
  if (!decision.ok) throw refused(decision.refusal)
  return decision.value === 'early' ? note : ''
}

export function mustBe(row: EventRow, ...states: EventState[]): void {
  if (!states.includes(row.state)) throw no('wrong-state', { state: row.state })
}

/** A figure that a step cannot do without. */
export async function figureNow(tx: Tx, id: string): Promise<number> {
  const found = (await figuresFor(tx))(id, dayOf(tx.now))
  if (found.value === null) throw no('figure-undecided', { label: found.label })
  return found.value
}

/** The numbers of the approved technical document. */
export async function termsOf(tx: Pick<Tx, 'db'>, event: Pick<EventRow, 'document_id'>): Promise<Terms> {
  const row =
    event.document_id &&
    (await tx.db
      .selectFrom('competition.documents')
      .select('terms')
      .where('id', '=', event.document_id)
      .executeTakeFirst())
  if (!row) throw no('document-missing')
  return row.terms as Terms
}
