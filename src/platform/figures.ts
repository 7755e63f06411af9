import { figure, type Override } from '#policy/figures.ts'
import type { Day } from '#shared/units.ts'
import type { Ctx } from './command.ts'

/** What the bureau has set, oldest first; the plan's own figures stand where it has set nothing. */
export async function settingsInForce(ctx: Pick<Ctx, 'db'>): Promise<Override[]> {
  const rows = await ctx.db
    .selectFrom('platform.settings')
    .selectAll()
    .where('kind', '=', 'figure')
    .where('state', '=', 'in-force')
    .orderBy('approved_at')
    .execute()
  return rows.map((row) => ({
    figureId: row.key,
    value: row.value as number | null,
    from: row.from_on as Day,
    to: row.to_on as Day | null,
    source: row.source,
    setBy: row.proposed_by_name,
    setAt: (row.approved_at as Date).toISOString(),
  }))
}

/** Looks figures up by day, the bureau's settings laid over the plan's. */
export async function figuresFor(ctx: Pick<Ctx, 'db' | 'plan'>) {
  const overrides = await settingsInForce(ctx)
  return (id: string, on: Day) => figure(ctx.plan, id, on, overrides)
}
