/** What every desk does with a claim: lock it, move it, run its clocks. Used inside commands only. */
import { type Selectable, type SqlBool, sql } from 'kysely'
import type { DB } from '#db/types.ts'
import { mustMove, recordMove, startClock } from '#platform/casework.ts'
import type { Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import type { Programme } from '#policy/plan.types.ts'
import { dayOf } from '#shared/dates.ts'
import { type ClaimMove, claimCycle } from './claim.rules.ts'
import type { ClaimState } from './claim.schema.ts'

export type ClaimRow = Omit<Selectable<DB['subsidy.claims']>, 'state'> & { state: ClaimState }

/** Claims locked for the rest of the transaction, always in the order of their ids so that desks never wait crosswise. */
export async function lockClaims(tx: Tx, ids: readonly string[]): Promise<ClaimRow[]> {
  const wanted = [...new Set(ids)]
  const rows = await tx.db
    .selectFrom('subsidy.claims')
    .selectAll()
    .where(sql<SqlBool>`id = any(${wanted}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute()
  if (rows.length !== wanted.length) throw missing('claim')
  return rows as ClaimRow[]
}

export async function lockClaim(tx: Tx, id: string): Promise<ClaimRow> {
  const [claim] = await lockClaims(tx, [id])
  if (!claim) throw missing('claim')
  tx.about('claim', id)
  return claim
}

/** Moves a locked claim by the table of moves, and writes its history. */
export async function moveClaim(
  tx: Tx,
  claim: ClaimRow,
  move: ClaimMove,
  told: { reasonCodes?: string[]; note?: string } = {},
): Promise<ClaimState> {
  const to = mustMove(claimCycle, move, claim.state)
  await tx.db
    .updateTable('subsidy.claims')
    .set({ state: to, version: claim.version + 1 })
    .where('id', '=', claim.id)
    .execute()
  await recordMove(tx, { kind: 'claim', id: claim.id, move, from: claim.state, to, ...told })
  claim.state = to
  claim.version++
  return to
}

export function programmeOf(tx: Pick<Tx, 'plan'>, code: string): Programme {
  const programme = tx.plan.programmes.find((one) => one.code === code)
  if (!programme) throw new RangeError(`no programme ${code} in plan ${tx.plan.id}`)
  return programme
}

export type ClockFigure = { days: number; decided: boolean; figureId: string }

/**
 * The length of a step on the day it begins. A figure without any value is refused: nobody has said how long it is.
 * @clause R33
 */
export async function stepLength(tx: Tx, figureId: string): Promise<ClockFigure> {
  const figure = (await figuresFor(tx))(figureId, dayOf(tx.now))
  if (figure.value === null) {
    throw refused({ clause: 'R33', reason: 'figure-undecided', facts: { figure: figureId, label: figure.label } })
  }
  return { days: figure.value, decided: figure.decided, figureId }
}

/** Starts one of the claim's statutory clocks by the programme's figure. */
export async function runClock(
  tx: Tx,
  claim: Pick<ClaimRow, 'id' | 'programme'>,
  clock: 'review' | 'approve' | 'payment' | 'correction' | 'objection',
): Promise<void> {
  const figureId = programmeOf(tx, claim.programme).clocks[clock]
  const { days } = await stepLength(tx, figureId)
  await startClock(tx, { kind: 'claim', id: claim.id, clock, workdays: days, ruleId: figureId })
}

/** Refuses with a reason whose words stand in the noun's `reasonText`. */
export function no(
  clause: string,
  reason: string,
  facts: Record<string, string | number | boolean | null> = {},
): never {
  throw refused({ clause, reason, facts })
}
