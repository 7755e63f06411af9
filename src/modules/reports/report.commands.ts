import { sql } from 'kysely'
import { chainStatus } from '#modules/audit/trail.queries.ts'
import { command } from '#platform/command.ts'
import { invalid, refused } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { lock } from './count.commands.ts'
import { hashOf, liveReport, snapshotsOf } from './report.queries.ts'
import { mayFreeze, periodOf } from './report.rules.ts'
import { FreezeReport } from './report.schema.ts'

/**
 * Freezes a report: every cell, its hash, and how far records and trail reached. A later freeze of the same period is a
 * correction beside the old one, with its reason.
 * @clause HZ4-M15 工作季报和年报
 */
export const freezeReport = command({
  name: 'reports.freeze',
  permission: 'statistic.import',
  input: FreezeReport,
  async run(tx, input) {
    const may = mayFreeze(tx.plan, periodOf(input.kind, input.from), dayOf(tx.now))
    if (!may.ok) throw refused(may.refusal)
    const period = may.value
    await lock(tx) // nothing is counted or imported while the report is made
    const [last] = await snapshotsOf(tx.db, period.kind, period.from)
    if (last && input.reason.length < 4) throw invalid({ reason: ['这一期已归档；更正须写明理由，至少4个字'] })
    const { cells, checks } = await liveReport(tx, period)
    const failed = checks.find((check) => !check.ok)
    if (failed) {
      const facts = { indicator: failed.indicator, check: failed.text }
      throw refused({ clause: 'HZ4-M15', reason: 'checks-fail', facts })
    }
    const { rows } = await sql<{ event: number; statistic: number }>`
      select coalesce((select max(id) from reports.count_events), 0) as event,
        coalesce((select max(id) from reports.statistics), 0) as statistic
    `.execute(tx.db)
    const chain = await chainStatus(tx.db)
    const hash = hashOf(cells)
    const { id } = await tx.db
      .insertInto('reports.snapshots')
      .values({
        kind: period.kind,
        period_from: period.from,
        period_to: period.to,
        revision: (last?.revision ?? 0) + 1,
        cells: JSON.stringify(cells),
        hash,
        through_event: rows[0]?.event ?? 0,
        through_statistic: rows[0]?.statistic ?? 0,
        chain_seq: chain.sealed,
        chain_hash: chain.hash,
        problems: input.problems,
        next_steps: input.nextSteps,
        reason: last ? input.reason : '',
        made_at: tx.now,
        made_by: tx.actor.id,
        made_by_name: tx.actor.name,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('report', id)
    return { id, hash }
  },
  outcome: (result) => result,
})
