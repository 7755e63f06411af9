import type { Tx } from '#platform/command.ts'
import { invalid, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import type { Day } from '#shared/units.ts'

/** Columns of a decision. */
export const decided = (tx: Tx) => ({ decided_by: tx.actor.id, decided_at: tx.now })

/** Nobody decides on what he filed himself. */
export function differentPerson(tx: Tx, filedBy: string | null, clause: string): void {
  if (filedBy === tx.actor.id) throw refused({ clause, reason: 'four-eyes', facts: {} })
}

/** The reasons must be the plan's own, for this stage and outcome. */
export function checkReasons(tx: Tx, codes: readonly string[], stage: string, outcome: string): void {
  const known = new Set(
    tx.plan.reasonCodes
      .filter((reason) => reason.stage === stage && reason.outcome === outcome)
      .map(({ code }) => code),
  )
  if (!codes.every((code) => known.has(code))) throw invalid({ reasonCodes: ['所选原因不适用于这一步，请重新选择'] })
}

/** A figure without which nothing can go on. */
export async function neededFigure(tx: Tx, id: string, on: Day, clause: string): Promise<number> {
  const figure = (await figuresFor(tx))(id, on)
  if (figure.value === null) {
    throw refused({ clause, reason: 'figure-undecided', facts: { figure: id, label: figure.label } })
  }
  return figure.value
}

/** Lets the record store tell what a class has to tell; it compares, so it may be asked as often as one likes. */
export const tellRecords = (tx: Tx, classId: string): Promise<void> =>
  tx.enqueue('records.emitClass', { classId }, { key: `records.emitClass:${classId}` })
