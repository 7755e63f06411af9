import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { clauseOf, programmesServing, quote, ruleOf, rulesServing } from '#policy/clauses.ts'
import type { FigureValue } from '#policy/figures.ts'
import { leadStated, leadsOf } from '#policy/matrix.ts'
import type { Body, Clause, Plan, Programme, Rule } from '#policy/plan.types.ts'
import { dayOf } from '#shared/dates.ts'
import { type BoardRow, planBoard } from './board.queries.ts'
import type { Basis } from './count.schema.ts'

export type Role = { body: Pick<Body, 'id' | 'shortName' | 'name'>; scope: string | null }
export type ClauseDuties = {
  stated: boolean
  leads: Role[]
  cooperating: Role[]
  suggested: Role[]
  note: string | null
}

/** Who leads and who helps, by name. */
export function dutiesOf(plan: Plan, clauseId: string): ClauseDuties {
  const row = plan.matrix.find((one) => one.clause === clauseId)
  const roleOf = (body: string, scope?: string): Role => {
    const found = plan.bodies.find((one) => one.id === body)
    const { id, name } = found ?? plan.collective
    return { body: { id, name, shortName: found?.shortName ?? name }, scope: scope ?? null }
  }
  return {
    stated: leadStated(plan, clauseId),
    leads: leadsOf(plan, clauseId).map((part) => roleOf(part.body, part.scope)),
    cooperating: (row?.cooperating ?? []).map((part) => roleOf(part.body, part.scope)),
    suggested: (row?.suggestedLead ?? []).map((body) => roleOf(body)),
    note: row?.note ?? null,
  }
}

export type ClauseTrail = {
  clause: Clause
  quote: string
  duties: ClauseDuties
  programmes: Programme[]
  rules: Rule[]
  figures: FigureValue[]
  /** The numbers this clause makes, as the board shows them. */
  numbers: BoardRow[]
  through: Clause[]
}

/** From a clause to everything it makes: numbers, programmes, rules, figures in force. */
export async function clauseTrail(ctx: Ctx, id: string): Promise<ClauseTrail> {
  const clause = clauseOf(ctx.plan, id)
  if (!clause) throw missing('clause')
  const today = dayOf(ctx.now)
  const [board, figureOn] = await Promise.all([planBoard(ctx), figuresFor(ctx)])
  const rules = rulesServing(ctx.plan, id)
  const programmes = programmesServing(ctx.plan, id)
  return {
    clause,
    quote: quote(ctx.plan, id) ?? clause.text,
    duties: dutiesOf(ctx.plan, id),
    programmes,
    rules,
    figures: [...new Set(rules.flatMap((rule) => rule.figures))].map((figure) => figureOn(figure, today)),
    numbers: board.rows.filter((row) => row.indicator.clause === id),
    through: clause.through.flatMap((one) => clauseOf(ctx.plan, one) ?? []),
  }
}

export type LatestEvent = {
  id: number
  basis: Basis
  countedOn: string
  n: number
  classId: string
  classTitle: string
}

/** The newest counts that a clause's indicators or programmes made; no persons. */
export async function clauseEvents(ctx: Ctx, id: string, atMost = 10): Promise<LatestEvent[]> {
  const indicators = ctx.plan.indicators.filter((k) => k.clause === id).map((k) => k.id)
  const programmes = programmesServing(ctx.plan, id).map((programme) => programme.code)
  const { rows } = await sql<LatestEvent>`
    select e.id, e.basis, e.counted_on as "countedOn", case when e.negates is null then 1 else -1 end as n,
      e.class_id as "classId", c.title as "classTitle"
    from reports.count_events e join training.classes c on c.id = e.class_id
    where e.id in (select x.id from reports.count_events x
      where x.indicators && ${indicators}::text[] or x.programme = any(${programmes}::text[])
      order by x.id desc limit ${atMost})
      and c.state <> 'cancelled' -- its page is gone
    order by e.id desc
  `.execute(ctx.db)
  return rows
}

export type RulePage = {
  rule: Rule
  figures: FigureValue[]
  clauses: Clause[]
  programmes: Programme[]
}

/** A rule or control with its figures as they stand today. */
export async function rulePage(ctx: Ctx, id: string): Promise<RulePage> {
  const rule = ruleOf(ctx.plan, id)
  if (!rule) throw missing('rule')
  const today = dayOf(ctx.now)
  const figureOn = await figuresFor(ctx)
  const uses = (programme: Programme) =>
    programme.claim.controls.some((control) => control.id === id) ||
    rule.figures.some((figure) => JSON.stringify(programme).includes(`"${figure}"`))
  return {
    rule,
    figures: rule.figures.map((figure) => figureOn(figure, today)),
    clauses: rule.clauses.flatMap((one) => clauseOf(ctx.plan, one) ?? []),
    programmes: ctx.plan.programmes.filter(uses),
  }
}
