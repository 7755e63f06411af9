/** What every command does with an application: lock it, move it, run its clocks, look at the quotas. */
import { type Selectable, type SqlBool, sql } from 'kysely'
import type { DB } from '#db/types.ts'
import { mustMove, recordMove, startClock } from '#platform/casework.ts'
import type { Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { dayOf } from '#shared/dates.ts'
import { applicationCycle, hasRoom, type Move, nextState } from './application.rules.ts'
import type { ApplicationState } from './application.schema.ts'
import { limitsFor } from './call.queries.ts'
import { schemeVersion } from './scheme.queries.ts'

export type ApplicationRow = Omit<Selectable<DB['recognition.applications']>, 'state'> & { state: ApplicationState }

/** Applications locked in the order of their ids, so that desks never wait crosswise. */
export async function lockApplications(tx: Tx, ids: readonly string[]): Promise<ApplicationRow[]> {
  const wanted = [...new Set(ids)]
  const rows = await tx.db
    .selectFrom('recognition.applications')
    .selectAll()
    .where(sql<SqlBool>`id = any(${wanted}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute()
  if (rows.length !== wanted.length) throw missing('application')
  for (const { id } of rows) tx.about('application', id)
  return rows as ApplicationRow[]
}

export async function lockApplication(tx: Tx, id: string): Promise<{ row: ApplicationRow; scheme: Scheme }> {
  const [row] = await lockApplications(tx, [id])
  if (!row) throw missing('application')
  return { row, scheme: await schemeVersion(tx.db, row.version_id) }
}

/** An applicant's own application; anybody else's is not there. */
export async function lockOwn(tx: Tx, id: string): Promise<{ row: ApplicationRow; scheme: Scheme }> {
  const found = await tx.db
    .selectFrom('recognition.applications')
    .select(['organisation_id', 'person_id', 'applicant'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found || !ownedBy(tx, found)) throw missing('application')
  return lockApplication(tx, id)
}

export function ownedBy(
  { actor }: Pick<Tx, 'actor'>,
  row: { organisation_id: string | null; applicant: string },
): boolean {
  if (row.applicant === actor.id) return true
  return row.organisation_id !== null && actor.can('recognition.apply', { organisationId: row.organisation_id })
}

type Told = { reasonCodes?: string[]; note?: string; set?: Record<string, unknown> }

/** Moves a locked application by the table of moves, and writes its history. */
export async function moveApplication(tx: Tx, row: ApplicationRow, move: Move, told: Told = {}) {
  return enter(tx, row, move, mustMove(applicationCycle, move, row.state), told)
}

/** Passes the stage that the application is in; where it goes is the path's to say. */
export async function passStage(tx: Tx, scheme: Scheme, row: ApplicationRow, told: Told = {}) {
  const next = nextState(scheme, row.path, row.state)
  if (!next.ok) throw refused(next.refusal)
  if (next.value === 'designated') return next.value
  return enter(tx, row, 'pass', next.value, told)
}

export async function enter(tx: Tx, row: ApplicationRow, move: string, to: ApplicationState, told: Told = {}) {
  const { set = {}, ...history } = told
  await tx.db
    .updateTable('recognition.applications')
    .set({ ...set, state: to, version: row.version + 1 })
    .where('id', '=', row.id)
    .execute()
  await recordMove(tx, { kind: 'application', id: row.id, move, from: row.state, to, ...history })
  Object.assign(row, set, { state: to, version: row.version + 1 })
  return to
}

/** A figure that a step cannot do without. */
export async function figureNow(tx: Tx, id: string): Promise<{ value: number; decided: boolean }> {
  const found = (await figuresFor(tx))(id, dayOf(tx.now))
  if (found.value === null) {
    throw refused({ clause: 'A01', reason: 'figure-undecided', facts: { label: found.label } })
  }
  return { value: found.value, decided: found.decided }
}

export async function runClock(tx: Tx, id: string, clock: 'review' | 'correction', figureId: string): Promise<void> {
  const { value } = await figureNow(tx, figureId)
  await startClock(tx, { kind: 'application', id, clock, workdays: value, ruleId: 'A01' })
}

/**
 * Whether the quotas leave room, looked at under a lock of the whole scheme: whoever comes at the same time waits and then
 * sees what the first has taken. The triggers of the tables stand behind it.
 * @clause R23
 */
export async function mustHaveRoom(
  tx: Tx,
  scheme: Scheme,
  row: Pick<ApplicationRow, 'call_id' | 'organisation_id'>,
  scopes: readonly string[],
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`recognition.quota:${scheme.code}`}, 0))`.execute(tx.db)
  const limits = await limitsFor(tx, scheme, row)
  const room = hasRoom(
    scheme.rule,
    limits.filter((limit) => scopes.includes(limit.scope)),
  )
  if (!room.ok) throw refused(room.refusal)
}

export function mustKnow(tx: Pick<Tx, 'plan'>, codes: readonly string[], outcome: 'return' | 'reject'): void {
  const known = tx.plan.reasonCodes.filter((one) => one.stage === 'recognition' && one.outcome === outcome)
  if (!codes.every((code) => known.some((one) => one.code === code))) {
    throw refused({ clause: 'A01', reason: 'reason-unknown', facts: {} })
  }
}

/** Nobody works on an application of one's own or of one's own organisation. */
export function mustBeApart(tx: Tx, row: ApplicationRow): void {
  const own =
    ownedBy(tx, row) ||
    row.submitted_by === tx.actor.id ||
    (tx.actor.personId !== null && row.person_id === tx.actor.personId)
  if (own) throw refused({ clause: 'A01', reason: 'own-application', facts: {} })
}
