import type { Tx } from '#platform/command.ts'
import { storesSet } from './attempt.rules.ts'
import { lastAttempts } from './launch.queries.ts'
import { stepAfter, treeFor } from './navigation.rules.ts'
import type { PackageFound } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'

/** What a report sets off beyond its own attempt: stores that units share, and where content asks to go. */
export type Where = { registrationId: string; itemId: string; unitId: string }

/** What a unit put into a store is there for the others from now on. */
export async function share(tx: Tx, found: PackageFound, at: Where, before: Values, after: Values): Promise<void> {
  const unit = found.units.find(({ id }) => id === at.unitId)
  const rows = (unit ? storesSet(unit, before, after) : []).map(([target, value]) => ({
    ...{ registration_id: at.registrationId, item_id: at.itemId, store_id: target, value, updated_at: tx.now },
  }))
  if (rows.length === 0) return
  await tx.db
    .insertInto('packages.stores')
    .values(rows)
    .onConflict((c) =>
      c.columns(['registration_id', 'item_id', 'store_id']).doUpdateSet((eb) => ({
        value: eb.ref('excluded.value'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .execute()
}

/** Where content asked to go when it ended: a unit, out of the package, or somewhere that is not open. */
export type Next = { unitId: string } | { left: true } | { exception: string }

export async function nextOf(tx: Tx, found: PackageFound, at: Where): Promise<Next | null> {
  const attempts = await lastAttempts(tx.db, at.registrationId, at.itemId, tx.now)
  const step = stepAfter(treeFor(found, at), attempts, at.unitId, tx.now)
  if (!step) return null
  if (step.deliver !== null) return { unitId: step.deliver }
  return step.exception === null ? { left: true } : { exception: step.exception }
}
