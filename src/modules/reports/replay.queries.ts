import { sql } from 'kysely'
import type { SettingRow } from '#modules/settings/setting.queries.ts'
import { classBasis, factOf, personsOf } from '#modules/subsidy/line.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { figuresFor } from '#platform/figures.ts'
import type { Programme } from '#policy/plan.types.ts'

/** What a new figure would do to one heap of lines: who gains, who loses, what it costs. */
export type Replayed = {
  classes: number
  persons: number
  beforeFen: number
  afterFen: number
  /** Lines whose amount rises, falls. */
  gain: number
  lose: number
}

export type Replay = {
  programmes: string[]
  /** Lines on claims: drafts will follow, whatever was submitted stands as it was. */
  claimed: Replayed
  drafts: Replayed
  /** Classes not yet claimed, from their records; at most so many are computed. */
  unclaimed: Replayed & { of: number }
}

type Part = 'rate' | 'cap' | 'minutes'
const none: Replayed = { classes: 0, persons: 0, beforeFen: 0, afterFen: 0, gain: 0, lose: 0 }
const atMost = 40

/** Which programmes an amount figure belongs to and what it is there. */
function partsOf(programmes: readonly Programme[], key: string): { programme: Programme; part: Part }[] {
  return programmes.flatMap((programme): { programme: Programme; part: Part }[] => {
    if (programme.amount.rateFigure === key) return [{ programme, part: 'rate' }]
    if (programme.amount.capFigure === key) return [{ programme, part: 'cap' }]
    return programme.hours.minutesFigure === key ? [{ programme, part: 'minutes' }] : []
  })
}

/**
 * Replays a proposed amount figure over every class that ends in its days, before anybody decides: what was claimed by
 * the arithmetic of its lines, what was not by the rule itself. Null for figures that amounts do not follow from.
 * @clause R04 HZ4-M16
 */
export async function replaySetting(ctx: Ctx, setting: SettingRow): Promise<Replay | null> {
  const parts = setting.kind === 'figure' ? partsOf(ctx.plan.programmes, setting.key) : []
  const [first] = parts
  if (!first) return null
  const codes = parts.map(({ programme }) => programme.code)
  const value = setting.value as number | null
  const [claimed, drafts, unclaimed] = await Promise.all([
    replayLines(ctx, codes, first.part, value, setting, sql`k.state not in ('draft', 'returned')`),
    replayLines(ctx, codes, first.part, value, setting, sql`k.state in ('draft', 'returned')`),
    replayClasses(ctx, parts, value, setting),
  ])
  return { programmes: parts.map(({ programme }) => programme.name), claimed, drafts, unclaimed }
}

/** The same product as the line's own check in the database, with one factor changed. Undecided pays nothing. */
async function replayLines(
  { db }: Ctx,
  programmes: string[],
  part: Part,
  value: number | null,
  { from, to }: Pick<SettingRow, 'from' | 'to'>,
  which: ReturnType<typeof sql>,
): Promise<Replayed> {
  const of = (name: Part, column: ReturnType<typeof sql>) => (part === name ? sql`${value}::bigint` : column)
  const product = sql`${of('rate', sql`l.unit_fen`)} * (l.minutes / ${of('minutes', sql`l.hour_minutes`)})`
  const cap = of('cap', sql`l.cap_fen`)
  // `least` and `greatest` pass over what is null, so the undecided is told apart before
  const after =
    value === null
      ? sql`0::bigint`
      : sql`least(${product}, greatest(coalesce(${cap} - l.cap_used_before_fen, ${product}), 0))`
  const { rows } = await sql<Replayed>`
    select count(distinct class_id)::int as classes, count(*)::int as persons,
      coalesce(sum(before), 0)::bigint as "beforeFen", coalesce(sum(after), 0)::bigint as "afterFen",
      count(*) filter (where after > before)::int as gain, count(*) filter (where after < before)::int as lose
    from (
      select k.class_id, l.amount_fen as before, ${after} as after
      from subsidy.claim_lines l join subsidy.claims k on k.id = l.claim_id join training.classes c on c.id = k.class_id
      where l.live and l.programme = any(${programmes}::text[]) and ${which}
        and c.ends_on >= ${from}::date and (${to}::date is null or c.ends_on <= ${to}::date)
    ) t
  `.execute(db)
  return rows[0] ?? none
}

async function replayClasses(
  ctx: Ctx,
  parts: readonly { programme: Programme; part: Part }[],
  value: number | null,
  { key, from, to }: Pick<SettingRow, 'key' | 'from' | 'to'>,
): Promise<Replayed & { of: number }> {
  const { rows } = await sql<{ id: string; programme: string; of: number }>`
    select c.id, c.programme, count(*) over ()::int as of from training.classes c
    where c.programme = any(${parts.map(({ programme }) => programme.code)}::text[])
      and c.state in ('in-session', 'suspended', 'assessed', 'closed')
      and c.ends_on >= ${from}::date and (${to}::date is null or c.ends_on <= ${to}::date)
      and not exists (select from subsidy.claims k where k.class_id = c.id and k.state not in ('withdrawn', 'rejected'))
    order by c.ends_on desc limit ${atMost}
  `.execute(ctx.db)
  const figureOn = await figuresFor(ctx)
  const sum = { ...none }
  for (const { id, programme } of rows) {
    const basis = await classBasis(ctx, id)
    const part = parts.find((one) => one.programme.code === programme)?.part ?? 'rate'
    const fact = factOf(ctx.plan, { ...figureOn(key, basis.endedOn), value, decided: value !== null })
    const slot = { rate: 'rate', cap: 'cap', minutes: 'hour' }[part]
    const [before, after] = [await personsOf(ctx, basis), await personsOf(ctx, { ...basis, [slot]: fact })]
    sum.classes++
    for (const [at, person] of before.entries()) {
      const was = person.line.ok ? person.line.value.amountFen : 0
      const next = after[at]?.line
      const will = next?.ok ? next.value.amountFen : 0
      sum.persons++
      sum.beforeFen += was
      sum.afterFen += will
      sum.gain += will > was ? 1 : 0
      sum.lose += will < was ? 1 : 0
    }
  }
  return { ...sum, of: rows[0]?.of ?? 0 }
}
