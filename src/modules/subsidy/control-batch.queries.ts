/** The claims and lines of one batch of controls, with what every control needs to know of them. */
import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Day } from '#shared/units.ts'
import type { DatasetKind } from './control.schema.ts'
import type { Coverage } from './control-person.rules.ts'

type Db = Ctx['db']

export type ClaimBase = {
  id: string
  number: string
  round: number
  classId: string
  programme: string
  amountFen: number
  linesFen: number
  /** The day the claim was submitted, or today. */
  claimedOn: Day
  mode: string
  occupation: string | null
  level: string | null
  capacity: number
  headcount: number
  startsOn: Day
  /** First and last day with hours; the planned days where there are none. */
  firstOn: Day
  lastOn: Day
  organisationId: string
  status: string
  registeredOn: Day
  uscc: string
}

export type LineBase = {
  id: string
  claimId: string
  personId: string
  minutes: number
  hourMinutes: number
  classHours: number
  unitFen: number
  capPer: string
  capFen: number | null
  capUsedBeforeFen: number
  amountFen: number
  group: string | null
}

export type Batch = { claims: Map<string, ClaimBase>; lines: LineBase[]; claimIds: string[] }

export async function loadBatch(db: Db, claimIds: readonly string[], today: Day): Promise<Batch> {
  const claims = await sql<ClaimBase>`
    select c.id, c.number, c.round, c.class_id as "classId", c.programme, c.amount_fen as "amountFen",
      (select coalesce(sum(l.amount_fen), 0) from subsidy.claim_lines l where l.claim_id = c.id and l.dropped_at is null) as "linesFen",
      coalesce((c.submitted_at at time zone 'Asia/Shanghai')::date, ${today}::date) as "claimedOn",
      k.mode, k.occupation_edition || ':' || k.occupation_code as occupation, k.level, k.capacity,
      (select count(*) from training.enrolments e where e.class_id = k.id and e.state <> 'withdrawn') as headcount,
      k.starts_on as "startsOn", coalesce(d.first, k.starts_on) as "firstOn", coalesce(d.last, k.ends_on) as "lastOn",
      o.id as "organisationId", o.status, o.registered_on as "registeredOn", o.uscc
    from subsidy.claims c join training.classes k on k.id = c.class_id join people.organisations o on o.id = c.organisation_id
    left join lateral (select min(h.on_day) as first, max(h.on_day) as last from training.hour_entries h
      where h.class_id = k.id and h.minutes > 0) d on true
    where c.id = any(${[...claimIds]}::uuid[])
  `.execute(db)
  const lines = await sql<LineBase>`
    select l.id, l.claim_id as "claimId", l.person_id as "personId", l.minutes, l.hour_minutes as "hourMinutes",
      l.class_hours as "classHours", l.unit_fen as "unitFen", l.cap_per as "capPer", l.cap_fen as "capFen",
      l.cap_used_before_fen as "capUsedBeforeFen", l.amount_fen as "amountFen", e.group_code as "group"
    from subsidy.claim_lines l join training.enrolments e on e.id = l.enrolment_id
    where l.claim_id = any(${[...claimIds]}::uuid[]) and l.dropped_at is null
    order by l.claim_id, l.id
  `.execute(db)
  return { claims: new Map(claims.rows.map((row) => [row.id, row])), lines: lines.rows, claimIds: [...claimIds] }
}

/** Facts of some lines by line id; a line that is not in it has nothing found against it. */
export type ByLine<T> = Map<string, T>
export const byId = <T extends { id: string }>(rows: readonly T[]): ByLine<T> =>
  new Map(rows.map((row) => [row.id, row]))

export type Spans = Map<DatasetKind, { from: Day; to: Day }[]>

/** The days the imported data of each kind answers for, joined where they touch. */
export async function datasetSpans(db: Db): Promise<Spans> {
  const { rows } = await sql<{ kind: DatasetKind; from: Day; to: Day }>`
    select kind, lower(d) as from, upper(d) - 1 as to from (
      select kind, unnest(range_agg(daterange(covers_from, covers_to, '[]'))) as d
      from subsidy.datasets where state = 'imported' group by kind) s order by kind, d
  `.execute(db)
  return Map.groupBy(rows, (row) => row.kind)
}

export function coverageOf(spans: Spans, kind: DatasetKind, from: Day, to: Day): Coverage {
  const of = spans.get(kind) ?? []
  if (of.length === 0) return 'none'
  return of.some((span) => span.from <= from && to <= span.to) ? 'full' : 'partial'
}

/** The newest covered day not after `on`. */
export function knownUpTo(spans: Spans, kind: DatasetKind, on: Day): Day | null {
  const days = (spans.get(kind) ?? []).filter((span) => span.from <= on).map((span) => (span.to < on ? span.to : on))
  return days.sort().at(-1) ?? null
}
