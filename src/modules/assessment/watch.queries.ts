import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { outliers, type PassCount, percentOf, type Signal, type WatchFigures } from './watch.rules.ts'

type Db = Ctx['db']

export type PassRate = PassCount & {
  classId: string
  /** Cut to one decimal; null when nobody was assessed. */
  percent: number | null
  concludedOn: Day | null
  /** The examiner was the only trainer. */
  conflict: boolean
  /** Approved changes of confirmed scores. */
  changes: number
}

type Row = Omit<PassRate, 'percent'>

const rates = (where: ReturnType<typeof sql>) => sql<Row>`
  select c.id as "classId", (a.concluded_at at time zone 'Asia/Shanghai')::date as "concludedOn",
    count(r.id) as assessed, count(r.id) filter (where r.passed) as passed,
    exists (select from assessment.parts p where p.assessment_id = a.id and p.conflict) as conflict,
    (select count(*) from assessment.score_changes k join assessment.scores s on s.id = k.score_id
      where s.assessment_id = a.id and k.state = 'approved') as changes
  from training.classes c
  join assessment.assessments a on a.class_id = c.id
  left join assessment.current_results r on r.class_id = c.id
  where ${where}
  group by c.id, a.id order by a.concluded_at desc nulls first, c.id`

const withPercent = (row: Row): PassRate => ({ ...row, percent: percentOf(row) })

/** How one class did; nobody assessed counts as nothing. @clause C18 */
export async function passRateOf(db: Db, classId: string): Promise<PassRate> {
  const { rows } = await rates(sql`c.id = ${classId}`).execute(db)
  const none = { classId, assessed: 0, passed: 0, concludedOn: null, conflict: false, changes: 0 }
  return withPercent(rows[0] ?? none)
}

/** Every concluded class of an institution, newest first. @clause C18 */
export async function providerHistory(db: Db, organisationId: string): Promise<PassRate[]> {
  const { rows } = await rates(sql`c.organisation_id = ${organisationId} and a.state = 'concluded'`).execute(db)
  return rows.map(withPercent)
}

export type WatchRow = PassCount & {
  organisationId: string
  organisation: string
  classes: number
  percent: number | null
  conflicts: number
  changes: number
  busiest: { on: Day; persons: number } | null
  signals: Signal[]
}

/**
 * All institutions with results, those that stand out first.
 * @clause C18
 */
export async function passRateWatch(
  ctx: Pick<Ctx, 'db' | 'plan' | 'now'>,
): Promise<{ figures: WatchFigures; rows: WatchRow[] }> {
  const at = await figuresFor(ctx)
  const today = dayOf(ctx.now)
  const figures: WatchFigures = {
    passRateHigh: at('OP.passRateHigh', today).value,
    minPersons: at('OP.passRateMinPersons', today).value,
    burstPerDay: at('OP.burstPerDay', today).value,
  }
  const { rows } = await sql<
    Omit<WatchRow, 'percent' | 'signals' | 'busiest'> & { days: { on: Day; persons: number }[] }
  >`
    with of_class as (
      select c.organisation_id, c.id, (a.concluded_at at time zone 'Asia/Shanghai')::date as on_day,
        count(r.id) as assessed, count(r.id) filter (where r.passed) as passed,
        (select count(*) from assessment.parts p where p.assessment_id = a.id and p.conflict) > 0 as conflict,
        (select count(*) from assessment.score_changes k join assessment.scores s on s.id = k.score_id
          where s.assessment_id = a.id and k.state = 'approved') as changes
      from assessment.assessments a
      join training.classes c on c.id = a.class_id
      join assessment.current_results r on r.class_id = c.id
      where a.state = 'concluded'
      group by c.organisation_id, c.id, a.id
    ), of_day as (
      select organisation_id, on_day, sum(passed)::int as persons from of_class group by 1, 2
    )
    select o.id as "organisationId", o.name as organisation, count(*) as classes, sum(k.assessed) as assessed, sum(k.passed) as passed,
      count(*) filter (where k.conflict) as conflicts, sum(k.changes) as changes,
      (select jsonb_agg(jsonb_build_object('on', d.on_day, 'persons', d.persons) order by d.persons desc, d.on_day)
        from of_day d where d.organisation_id = o.id) as days
    from of_class k join people.organisations o on o.id = k.organisation_id
    group by o.id order by o.name, o.id
  `.execute(ctx.db)
  const watched = rows.map(({ days, ...row }) => ({
    ...row,
    percent: percentOf(row),
    busiest: days[0] ?? null,
    signals: outliers(row, days, figures),
  }))
  return {
    figures,
    rows: watched.toSorted((a, b) => b.signals.length - a.signals.length || (b.percent ?? 0) - (a.percent ?? 0)),
  }
}
