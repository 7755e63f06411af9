import { type Choice, choice } from '#policy/choices.ts'
import { figure, type Override } from '#policy/figures.ts'
import type { Day } from '#shared/units.ts'
import type { Ctx } from './command.ts'

/** What the bureau has set, oldest first; the plan's own figures stand where it has set nothing. */
export async function settingsInForce(ctx: Pick<Ctx, 'db'>): Promise<Override[]> {
  const rows = await approved(ctx, 'figure')
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

/** What the bureau has answered to the plan's open questions, oldest first; with `known`, as it stood at that instant. */
export async function choicesInForce(ctx: Pick<Ctx, 'db'>, known?: Date): Promise<Choice[]> {
  const rows = await approved(ctx, 'decision', known)
  return rows.map((row) => ({
    decisionId: row.key,
    code: row.value as string,
    from: row.from_on as Day,
    to: row.to_on as Day | null,
    source: row.source,
    setBy: row.proposed_by_name,
    setAt: (row.approved_at as Date).toISOString(),
  }))
}

/** Looks open decisions up by day. */
export async function choicesFor(ctx: Pick<Ctx, 'db' | 'plan'>, known?: Date) {
  const made = await choicesInForce(ctx, known)
  return (id: string, on: Day) => choice(ctx.plan, id, on, made)
}

function approved({ db }: Pick<Ctx, 'db'>, kind: 'figure' | 'decision', known?: Date) {
  let query = db
    .selectFrom('platform.settings')
    .selectAll()
    .where('kind', '=', kind)
    .where('state', '=', 'in-force')
    .orderBy('approved_at')
    .orderBy('id')
  if (known) query = query.where('approved_at', '<=', known)
  return query.execute()
}
