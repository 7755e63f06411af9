import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { invalid } from '#platform/errors.ts'
import { settingsInForce } from '#platform/figures.ts'
import { figure } from '#policy/figures.ts'
import type { Programme } from '#policy/plan.types.ts'
import { yearOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { paidElsewhere } from './control-claim.queries.ts'
import type { Estimate, YearUse } from './estimate.schema.ts'
import { factOf } from './line.queries.ts'
import { payable } from './line.rules.ts'

/**
 * What a class would earn for one person who passes, by the very rule that computes claims. Nothing is stored.
 * @clause R03 @clause R04 @clause C10
 */
export async function estimate(
  ctx: Pick<Ctx, 'db' | 'plan'>,
  asked: { programme: string; on: Day; hours: number },
  personId: string | null,
): Promise<Estimate> {
  const programme = ctx.plan.programmes.find((one) => one.code === asked.programme)
  if (!programme) throw invalid({ programme: ['请从列表中选择培训项目'] })
  const set = await settingsInForce(ctx)
  const fact = (id: string) => factOf(ctx.plan, figure(ctx.plan, id, asked.on, set))
  const hour = fact(programme.hours.minutesFigure)
  const rate = fact(programme.amount.rateFigure)
  const cap = programme.amount.capFigure === null ? null : fact(programme.amount.capFigure)
  const yearly = programme.amount.capPer === 'person-calendar-year'
  const usedFen = personId && yearly ? await usedIn(ctx, personId, programme, yearOf(asked.on)) : 0
  const line = payable({
    programme: programme.code,
    passed: true,
    passedAt: null,
    endedOn: asked.on,
    minutes: asked.hours * (hour.value ?? 0),
    minutesAt: null,
    hour,
    rate,
    cap,
    capPer: programme.amount.capPer,
    capUsedBefore: usedFen,
    capUsedAt: null,
    otherBenefit: null,
    fundSource: programme.fundSources[0] ?? '',
  })
  const capFen = cap?.decided ? cap.value : null
  return {
    programme: {
      code: programme.code,
      name: programme.name,
      clause: programme.clause,
      legalLine: programme.legalLine,
      undertaker: programme.undertaker.description,
    },
    on: asked.on,
    hours: asked.hours,
    figures: [hour, rate, ...(cap ? [cap] : [])],
    line,
    use:
      personId && yearly
        ? { year: yearOf(asked.on), capFen, usedFen, leftFen: capFen === null ? null : Math.max(capFen - usedFen, 0) }
        : null,
  }
}

/** Fen of a person's year that claims in line hold, and that other offices paid. @clause C10 */
async function usedIn(ctx: Pick<Ctx, 'db'>, personId: string, programme: Programme, year: number): Promise<number> {
  const names = JSON.stringify({ [programme.code]: programme.name })
  const { rows } = await sql<{ used: number }>`
    select (select coalesce(sum(l.amount_fen), 0) from subsidy.claim_lines l where l.person_id = p.id
        and l.programme = ${programme.code} and l.year = ${year} and l.live and l.cap_held_at is not null)
      + (${paidElsewhere(sql`p.document_index`, sql`${year}::int`, sql`${programme.code}::text`, sql`${names}::jsonb`)}) as used
    from people.persons p where p.id = ${personId}
  `.execute(ctx.db)
  return rows[0]?.used ?? 0
}

/** What is used and left of every yearly cap of a person in one year. @clause C10 */
export async function yearUse(
  ctx: Pick<Ctx, 'db' | 'plan'>,
  personId: string,
  on: Day,
): Promise<(YearUse & { programme: string; name: string })[]> {
  const set = await settingsInForce(ctx)
  const yearly = ctx.plan.programmes.filter(({ amount }) => amount.capPer === 'person-calendar-year')
  return Promise.all(
    yearly.map(async (programme) => {
      const { capFigure } = programme.amount
      const cap = capFigure === null ? null : figure(ctx.plan, capFigure, on, set)
      const capFen = cap?.decided ? cap.value : null
      const usedFen = await usedIn(ctx, personId, programme, yearOf(on))
      const leftFen = capFen === null ? null : Math.max(capFen - usedFen, 0)
      return { programme: programme.code, name: programme.name, year: yearOf(on), capFen, usedFen, leftFen }
    }),
  )
}
