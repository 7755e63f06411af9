import { type SqlBool, sql } from 'kysely'
import type { Actor } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { indicatorOf } from '#policy/clauses.ts'
import type { Plan } from '#policy/plan.types.ts'
import { addMonths, dayOf, endOfDay } from '#shared/dates.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import { type Day, day } from '#shared/units.ts'
import type { Dimension, EventFilter } from './board.schema.ts'
import type { Basis } from './count.schema.ts'

const pageSize = 50

export type EventRow = {
  id: number
  basis: Basis
  countedOn: Day
  /** −1: a reversal. */
  n: 1 | -1
  reason: string
  negates: number | null
  reversedBy: number | null
  /** Masked; null where the reader's department has nothing to do with the person. */
  person: string | null
  classId: string
  classNumber: string
  classTitle: string
  organisation: string
  programme: string
  groups: string[]
  amountFen: number
  recordedAt: Date
}

type Raw = Omit<EventRow, 'n'> & { personName: string }

/**
 * Which persons' masked names somebody may see beside a number: the bureau's own desks all, a department those of its
 * groups, everybody else none.
 */
export function seesPerson(actor: Actor, plan: Plan): (groups: readonly string[]) => boolean {
  if (actor.can('casework.read')) return () => true
  const bodies = actor.holdings.flatMap((holding) => (holding.body ? [holding.body] : []))
  const own = new Set(plan.groups.filter((group) => bodies.includes(group.owner)).map((group) => group.id))
  return (groups) => groups.some((group) => own.has(group))
}

const columnOf: Record<Dimension, ReturnType<typeof sql>> = {
  programme: sql`e.programme`,
  group: sql`e.group_tags`,
  venue: sql`e.venue_subdistrict`,
  employer: sql`coalesce(e.employer_subdistrict, '')`,
  residence: sql`coalesce(e.residence_subdistrict, '')`,
  industry: sql`e.industry`,
}

/** The events behind a number, newest first, 50 to a page: the sum of their signs is the number. */
export async function indicatorEvents(ctx: Ctx, indicator: string, filter: EventFilter): Promise<Page<EventRow>> {
  if (!indicatorOf(ctx.plan, indicator)) throw missing('indicator')
  const { basis, month, dimension, key = '', classId, since } = filter
  const asOf = filter.asOf ?? dayOf(ctx.now)
  const from = month ? day(`${month}-01`) : day('1970-01-01')
  const to = month ? addMonths(from, 1) : null
  const conditions = [
    sql<SqlBool>`e.indicators @> ${[indicator]}`,
    sql<SqlBool>`e.counted_on >= ${from} and e.counted_on <= ${asOf}`,
    ...(to ? [sql<SqlBool>`e.counted_on < ${to}`] : []),
    ...(basis ? [sql<SqlBool>`e.basis = ${basis}`] : []),
    ...(classId ? [sql<SqlBool>`e.class_id = ${classId}`] : []),
    ...(since ? [sql<SqlBool>`e.recorded_at > ${endOfDay(since)}`] : []),
    ...(dimension === 'group' ? [sql<SqlBool>`e.group_tags @> ${[key]}`] : []),
    ...(dimension && dimension !== 'group' ? [sql<SqlBool>`${columnOf[dimension]} = ${key}`] : []),
  ]
  const after = decodeCursor(filter.cursor, ['day', 'number'])
  if (after) conditions.push(sql<SqlBool>`(e.counted_on, e.id) < (${after[0]}::date, ${after[1]}::bigint)`)
  const { rows } = await sql<Raw>`
    select e.id, e.basis, e.counted_on as "countedOn", e.reason, e.negates, r.id as "reversedBy",
      p.name_masked as "personName", e.class_id as "classId", c.number as "classNumber", c.title as "classTitle",
      o.name as organisation, e.programme, e.group_tags as groups, e.amount_fen as "amountFen", e.recorded_at as "recordedAt"
    from reports.count_events e
    left join reports.count_events r on r.negates = e.id
    join people.persons p on p.id = e.person_id
    join training.classes c on c.id = e.class_id
    join people.organisations o on o.id = e.organisation_id
    where ${sql.join(conditions, sql` and `)}
    order by e.counted_on desc, e.id desc limit ${pageSize + 1}
  `.execute(ctx.db)
  const sees = seesPerson(ctx.actor, ctx.plan)
  const page = pageOf(rows, pageSize, (row) => [row.countedOn, row.id])
  return { next: page.next, rows: page.rows.map((row) => shown(row, sees)) }
}

function shown({ personName, ...row }: Raw, sees: (groups: readonly string[]) => boolean): EventRow {
  const visible = sees(row.groups)
  // which group somebody belongs to is as private as the name
  return {
    ...row,
    n: row.negates === null ? 1 : -1,
    person: visible ? personName : null,
    groups: visible ? row.groups : [],
  }
}

/** How many classes and events a number is made of, class by class, largest first. */
export async function indicatorClasses(ctx: Ctx, indicator: string, basis: Basis, asOf: Day, atMost = 200) {
  const { rows } = await sql<{
    classId: string
    number: string
    title: string
    organisation: string
    n: number
    amountFen: number
  }>`
    select e.class_id as "classId", c.number, c.title, o.name as organisation,
      sum(case when e.negates is null then 1 else -1 end)::int as n, sum(e.amount_fen)::bigint as "amountFen"
    from reports.count_events e
    join training.classes c on c.id = e.class_id join people.organisations o on o.id = e.organisation_id
    where e.indicators @> ${[indicator]} and e.basis = ${basis} and e.counted_on <= ${asOf}
    group by 1, 2, 3, 4 order by n desc, c.number limit ${atMost}
  `.execute(ctx.db)
  return rows
}

/** What was recorded after a day about days up to `asOf`: the whole difference between then and now, by indicator. */
export async function recordedSince(ctx: Ctx, known: Day, asOf: Day) {
  const { rows } = await sql<{ indicator: string; basis: Basis; added: number; reversed: number; amountFen: number }>`
    select i.indicator, e.basis, count(*) filter (where e.negates is null)::int as added,
      count(*) filter (where e.negates is not null)::int as reversed, sum(e.amount_fen)::bigint as "amountFen"
    from reports.count_events e cross join lateral unnest(e.indicators) as i (indicator)
    where e.recorded_at > ${endOfDay(known)} and e.counted_on <= ${asOf}
    group by 1, 2 order by 1, 2
  `.execute(ctx.db)
  return rows
}
