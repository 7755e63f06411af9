import type { Tx } from '#platform/command.ts'
import { refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'

/** A figure of today without which nothing can go on; undecided ones refuse. */
export async function neededFigure(tx: Tx, id: string, clause: string): Promise<number> {
  const figure = (await figuresFor(tx))(id, dayOf(tx.now))
  if (figure.value === null) {
    throw refused({ clause, reason: 'figure-undecided', facts: { figure: id, label: figure.label } })
  }
  return figure.value
}
