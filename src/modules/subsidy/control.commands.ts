import { sql } from 'kysely'
import { type Command, type Ctx, command, type Tx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { CheckClaim, type Occasion, RunControls } from './control.schema.ts'
import { judgeClaims } from './control-run.queries.ts'
import type { RunSummary } from './control-run.rules.ts'

export type Checked = { claimId: string; runId: string } & RunSummary

/**
 * Runs the controls over claims inside a transaction and keeps what they said. Verdicts are only ever added; the newest
 * run is what counts.
 * @clause C25
 */
export async function checkAndKeep(tx: Tx, claimIds: readonly string[], occasion: Occasion): Promise<Checked[]> {
  const judged = await judgeClaims(tx, claimIds)
  const of = [...judged]
  if (of.length === 0) return []
  const summaries = of.map(([, summary]) => summary)
  const { rows: runs } = await sql<{ id: string; claim_id: string }>`
    insert into subsidy.control_runs (claim_id, round, occasion, lines, blocking, warnings, unknown, at, by_user)
    select r.claim_id, c.round, ${occasion}, r.lines, r.blocking, r.warnings, r.unknown, ${tx.now}, ${tx.actor.id}
    from unnest(${of.map(([id]) => id)}::uuid[], ${summaries.map((s) => s.lines)}::int[], ${summaries.map((s) => s.blocking)}::int[],
      ${summaries.map((s) => s.warnings)}::int[], ${summaries.map((s) => s.unknown)}::int[])
      as r (claim_id, lines, blocking, warnings, unknown)
    join subsidy.claims c on c.id = r.claim_id returning id, claim_id
  `.execute(tx.db)
  const runOf = new Map(runs.map((run) => [run.claim_id, run.id]))
  const checked = of.flatMap(([claimId, summary]) => {
    const runId = runOf.get(claimId)
    return runId ? [{ claimId, runId, ...summary }] : []
  })
  const found = checked.flatMap((run) => run.findings.map((f) => ({ ...f, runId: run.runId, claimId: run.claimId })))
  await sql`
    insert into subsidy.control_results (run_id, claim_id, line_id, control, verdict, severity, reason, evidence, checked, checked_at)
    select f.*, ${tx.now} from unnest(${found.map((f) => f.runId)}::uuid[], ${found.map((f) => f.claimId)}::uuid[],
      ${found.map((f) => f.lineId)}::uuid[], ${found.map((f) => f.control)}::text[], ${found.map((f) => f.verdict)}::text[],
      ${found.map((f) => f.severity)}::text[], ${found.map((f) => f.reason)}::text[],
      ${found.map((f) => JSON.stringify(f.evidence))}::jsonb[], ${found.map((f) => f.checked)}::int[]) as f
  `.execute(tx.db)
  return checked
}

type Totals = { claimsCount: number; linesCount: number; blocking: number; warnings: number; unknown: number }
const totals = (runs: readonly Checked[]): Totals => {
  const sum = (of: (run: Checked) => number) => runs.reduce((total, run) => total + of(run), 0)
  return {
    claimsCount: runs.length,
    linesCount: sum((run) => run.lines),
    blocking: sum((run) => run.blocking),
    warnings: sum((run) => run.warnings),
    unknown: sum((run) => run.unknown),
  }
}

/**
 * The claimant looks before submitting: the same controls, the same words.
 * @clause HZ4-M16
 */
export const checkClaim: Command<typeof CheckClaim, Checked> = command({
  name: 'subsidy.checkClaim',
  permission: 'claim.prepare',
  input: CheckClaim,
  async run(tx, { claimId }) {
    const claim = await tx.db
      .selectFrom('subsidy.claims')
      .select(['id', 'organisation_id'])
      .where('id', '=', claimId)
      .executeTakeFirst()
    if (!claim || !tx.actor.can('claim.prepare', { organisationId: claim.organisation_id })) throw missing('claim')
    tx.about('claim', claim.id)
    const [checked] = await checkAndKeep(tx, [claim.id], 'draft')
    if (!checked) throw missing('claim')
    return checked
  },
  outcome: ({ claimId, runId, lines, blocking, warnings, unknown }) => ({
    claimId,
    runId,
    lines,
    blocking,
    warnings,
    unknown,
  }),
})

/**
 * The office runs the controls over claims again, one after a batch of others.
 * @clause HZ4-M16
 */
export const runControls: Command<typeof RunControls, Totals> = command({
  name: 'subsidy.runControls',
  permission: 'casework.read',
  input: RunControls,
  async run(tx, input) {
    for (const id of input.claimIds) tx.about('claim', id)
    return totals(await checkAndKeep(tx, input.claimIds, input.occasion))
  },
})

const openStates = [
  'draft',
  'submitted',
  'returned',
  'under-review',
  'reviewed',
  'publicised',
  'objection-held',
  'approved',
]
const linesPerBatch = 2_000
const claimsPerBatch = 200

/**
 * Every open claim: organisation by organisation, cut into batches by the number of lines, so that memory stays the same
 * however many there are. Two batches run at a time; each is its own transaction: stopped half-way, half is done.
 */
export async function precheckAll(
  ctx: Ctx,
  {
    occasion = 'scheduled',
    states = openStates,
  }: { occasion?: 'review' | 'payment' | 'scheduled'; states?: readonly string[] } = {},
): Promise<Totals & { batches: number }> {
  const all = { claimsCount: 0, linesCount: 0, blocking: 0, warnings: 0, unknown: 0, batches: 0 }
  const batches = openBatches(ctx, states)
  const worker = async () => {
    for await (const batch of batches) {
      const done = await runControls(ctx, { claimIds: batch, occasion })
      for (const key of ['claimsCount', 'linesCount', 'blocking', 'warnings', 'unknown'] as const) all[key] += done[key]
      all.batches++
    }
  }
  await Promise.all([worker(), worker()])
  return all
}

async function* openBatches(ctx: Ctx, states: readonly string[]): AsyncGenerator<string[]> {
  let after: Place = { organisationId: nobody, id: nobody }
  for (;;) {
    const batch = await nextBatch(ctx, states, after)
    const last = batch.at(-1)
    if (!last) return
    after = last
    yield batch.map((claim) => claim.id)
  }
}

type Place = { organisationId: string; id: string }
const nobody = '00000000-0000-0000-0000-000000000000'

async function nextBatch(ctx: Ctx, states: readonly string[], after: Place): Promise<Place[]> {
  const { rows } = await sql<Place>`
    select id, "organisationId" from (
      select c.id, c.organisation_id as "organisationId", sum(n.lines) over (order by c.organisation_id, c.id) as so_far, n.lines from (
        select id, organisation_id from subsidy.claims
        where state = any(${[...states]}::text[]) and (organisation_id, id) > (${after.organisationId}::uuid, ${after.id}::uuid)
        order by organisation_id, id limit ${claimsPerBatch}) c
      cross join lateral (select count(*)::int as lines from subsidy.claim_lines l where l.claim_id = c.id) n) t
    where so_far - lines < ${linesPerBatch} order by "organisationId", id
  `.execute(ctx.db)
  return rows
}
