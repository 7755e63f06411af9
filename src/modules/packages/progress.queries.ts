import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { statusOf } from './attempt.rules.ts'
import { lastAttempts, packageOfItem } from './launch.queries.ts'
import { treeFor, unitsToOpen } from './navigation.rules.ts'
import type { Activity, PackageKind, Unit } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'

export type UnitProgress = {
  unit: Pick<Unit, 'id' | 'title' | 'kind'>
  /** The unit asks for a window of its own. */
  ownWindow: boolean
  /** How deep it stands in the tree; chapters have no unit of their own. */
  depth: number
  state: 'new' | 'begun' | 'completed' | 'passed' | 'failed'
  scaled: number | null
  /** Whether the package lets one open it now. */
  open: boolean
  /** What its sessions reported, all attempts together. */
  reportedSeconds: number
}
export type Line = { chapter: string; depth: number } | UnitProgress

export type MyPackage = { packageId: string; kind: PackageKind; title: string; lines: Line[] }

/** A package as its learner sees it. Throws `missing` when the registration or the item is not theirs. */
export async function myPackage(
  db: Ctx['db'],
  at: { registrationId: string; itemId: string; personId: string },
  now: Date,
): Promise<MyPackage> {
  const found = await packageOfItem(db, at)
  if (found?.state !== 'ready') throw missing('item')
  const { rows } = await sql<{ unit_id: string; vals: Values; seconds: number }>`
    select distinct on (a.unit_id) a.unit_id, a.vals, (select coalesce(sum(t.reported_seconds), 0)::int
      from packages.session_times t where t.registration_id = a.registration_id and t.item_id = a.item_id and t.unit_id = a.unit_id) as seconds
    from packages.attempts a where a.registration_id = ${at.registrationId} and a.item_id = ${at.itemId}
    order by a.unit_id, a.number desc
  `.execute(db)
  const tree = treeFor(found.found, at)
  const attempts = await lastAttempts(db, at.registrationId, at.itemId, now)
  const open = unitsToOpen(tree, attempts, now)
  const known = new Map(rows.map((row) => [row.unit_id, row]))
  const units = new Map(found.found.units.map((unit) => [unit.id, unit]))
  const lines: Line[] = []
  const walk = (activities: readonly Activity[], depth: number) => {
    for (const activity of activities) {
      const unit = activity.unit === null ? undefined : units.get(activity.unit)
      if (unit && activity.visible) {
        const row = known.get(unit.id)
        const status = statusOf(found.kind, row?.vals ?? {})
        lines.push({
          unit: { id: unit.id, title: unit.title, kind: unit.kind },
          ownWindow: unit.au?.launchMethod === 'OwnWindow',
          depth,
          state: row ? stateOf(unit, status) : 'new',
          scaled: status.scaled,
          open: open.has(unit.id),
          reportedSeconds: row?.seconds ?? 0,
        })
      } else if (activity.visible && depth > 0) lines.push({ chapter: activity.title, depth })
      walk(activity.children, depth + 1)
    }
  }
  walk(tree.activities, 0)
  return { packageId: found.packageId, kind: found.kind, title: found.title, lines }
}

/** A page that reports nothing is done when it has been opened. */
function stateOf(unit: Unit, { completed, passed }: ReturnType<typeof statusOf>): UnitProgress['state'] {
  if (unit.kind === 'asset') return 'completed'
  if (passed !== null) return passed ? 'passed' : 'failed'
  return completed ? 'completed' : 'begun'
}
