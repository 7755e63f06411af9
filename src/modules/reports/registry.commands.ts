import { z } from 'zod'
import { command } from '#platform/command.ts'
import { AppError, missing } from '#platform/errors.ts'
import type { Scheme } from '#policy/plan.types.ts'
import type { Day } from '#shared/units.ts'
import { lock } from './count.commands.ts'

/**
 * Counts a title in: one event an indicator, dated on the day it was given; counted out by its mirror on the day it ended.
 * Run twice it writes nothing the second time. Which indicators: those of the scheme as it stood in the call.
 * @clause R35
 */
export const countDesignation = command({
  name: 'reports.countDesignation',
  permission: 'system.operate',
  input: z.object({ designationId: z.uuid('编号不对') }),
  async run(tx, { designationId }) {
    if (tx.actor.kind !== 'system') throw new AppError({ kind: 'forbidden', permission: 'system.operate' })
    await lock(tx)
    const found = await tx.db
      .selectFrom('recognition.designations as d')
      .innerJoin('recognition.scheme_versions as v', 'v.id', 'd.version_id')
      .select(['d.holder_key', 'd.organisation_id', 'd.designated_on', 'd.ended_on', 'd.end_cause', 'v.body'])
      .where('d.id', '=', designationId)
      .executeTakeFirst()
    if (!found) throw missing('designation')
    tx.about('designation', designationId)
    const { counts } = found.body as Scheme
    // what is written after a report was frozen must not seem to have been known to it
    const frozen = await tx.db
      .selectFrom('reports.snapshots')
      .select((eb) => eb.fn.max('made_at').as('at'))
      .executeTakeFirst()
    const last = frozen?.at ? new Date(frozen.at).getTime() : 0
    const recordedAt = last >= tx.now.getTime() ? new Date(last + 1) : tx.now
    const rows = counts.flatMap(({ indicator, per }) => {
      const holder = per === 'organisation' ? `organisation:${found.organisation_id}` : found.holder_key
      const base = {
        indicator,
        holder,
        designation_id: designationId,
        recorded_at: recordedAt,
        recorded_by: tx.actor.id,
      }
      const began = { ...base, delta: 1, counted_on: found.designated_on as Day, reason: '' }
      return found.ended_on === null
        ? [began]
        : [began, { ...base, delta: -1, counted_on: found.ended_on as Day, reason: found.end_cause }]
    })
    let count = 0
    for (const row of rows) {
      const written = await tx.db
        .insertInto('reports.registry_events')
        .values(row)
        .onConflict((c) => c.doNothing())
        .returning('id')
        .executeTakeFirst()
      if (written) count += 1
    }
    return { count }
  },
})
