import { command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { lock } from './count.commands.ts'
import { mayImport } from './statistic.rules.ts'
import { ImportStatistic, WithdrawStatistic } from './statistic.schema.ts'

/**
 * Takes in a number that another office knows, with its date, method and source. Nothing is ever inferred from it.
 * @clause HZ4-G2 HZ4-G3 HZ4-M15
 */
export const importStatistic = command({
  name: 'reports.importStatistic',
  permission: 'statistic.import',
  input: ImportStatistic,
  async run(tx, input) {
    const may = mayImport(tx.plan, input, dayOf(tx.now))
    if (!may.ok) throw refused(may.refusal)
    await lock(tx)
    const { id } = await tx.db
      .insertInto('reports.statistics')
      .values({
        indicator: input.indicator,
        numerator: input.numerator,
        denominator: input.denominator,
        as_of: input.asOf,
        method: input.method,
        source_body: input.sourceBody,
        source: input.source,
        imported_at: tx.now,
        imported_by: tx.actor.id,
        imported_by_name: tx.actor.name,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('statistic', String(id))
    tx.about('indicator', input.indicator)
    return { id }
  },
})

/**
 * Withdraws a wrong number by a row of its own; the number stays to be seen.
 * @clause HZ4-M15
 */
export const withdrawStatistic = command({
  name: 'reports.withdrawStatistic',
  permission: 'statistic.import',
  input: WithdrawStatistic,
  async run(tx, { id, reason }) {
    await lock(tx)
    const row = await tx.db
      .selectFrom('reports.statistics as s')
      .leftJoin('reports.statistics as w', 'w.withdraws', 's.id')
      .select(['s.indicator', 's.numerator', 's.denominator', 's.as_of', 's.method', 's.source_body', 's.source'])
      .select(['s.withdraws', 'w.id as withdrawnBy'])
      .where('s.id', '=', id)
      .executeTakeFirst()
    if (!row || row.withdraws !== null) throw missing('statistic')
    if (row.withdrawnBy !== null) throw refused({ clause: 'HZ4-M15', reason: 'already-withdrawn', facts: {} })
    const { withdraws: _, withdrawnBy: __, ...same } = row
    await tx.db
      .insertInto('reports.statistics')
      .values({
        ...same,
        withdraws: id,
        reason,
        imported_at: tx.now,
        imported_by: tx.actor.id,
        imported_by_name: tx.actor.name,
      })
      .execute()
    tx.about('statistic', String(id))
    tx.about('indicator', row.indicator)
    return { id }
  },
})
