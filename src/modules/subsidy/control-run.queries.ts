/** One batch through all controls: facts in one statement per control, judged by the rules, nothing written. */
import { dayOf } from '#shared/dates.ts'
import { loadBatch } from './control-batch.queries.ts'
import { overridesOf } from './control-claim.queries.ts'
import { type Base, classJudges, type Judges, moneyJudges, personJudges } from './control-judges.queries.ts'
import { type RunSummary, runSummary, summarise } from './control-run.rules.ts'

/**
 * Every control of each claim's programme, judged. What the figures say is looked up by the day each class ended.
 * @clause C01 @clause C08 @clause C10 @clause C17
 */
export async function judgeClaims(base: Base, claimIds: readonly string[]): Promise<Map<string, RunSummary>> {
  const today = dayOf(base.now)
  const batch = await loadBatch(base.db, claimIds, today)
  const programmes = new Map(base.plan.programmes.map((p) => [p.code, p]))
  const judges: Record<string, Judges> = {
    ...(await personJudges(base, batch, programmes)),
    ...(await classJudges(base, batch, programmes)),
    ...(await moneyJudges(base, batch)),
  }
  const overrides = await overridesOf(base.db, batch)
  const linesOf = Map.groupBy(batch.lines, (line) => line.claimId)
  return new Map(
    [...batch.claims.values()].map((c) => {
      const lines = linesOf.get(c.id) ?? []
      const findings = (programmes.get(c.programme)?.claim.controls ?? []).flatMap(({ id, mode }) => {
        const judge = judges[id] ?? {}
        const judged = lines.flatMap((line) =>
          judge.line ? [{ lineId: line.id, judgement: judge.line(line, c) }] : [],
        )
        const whole = judge.claim ? [{ lineId: null, judgement: judge.claim(c) }] : []
        return summarise(id, mode, [...judged, ...whole])
      })
      return [c.id, runSummary(lines.length, findings, overrides.get(c.id) ?? [], today)] as const
    }),
  )
}
