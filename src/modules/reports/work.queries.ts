import { type RawBuilder, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Day } from '#shared/units.ts'
import type { WorkRow } from './report.schema.ts'
import { type Work, works } from './work.schema.ts'

const dayAt = (at: RawBuilder<unknown>) => sql`(${at} at time zone 'Asia/Shanghai')::date`

/**
 * Each record that counts, once: its day, when it was written, how much, what it is about. Only rows that are never
 * changed are read, so that an old day and an old report keep their numbers.
 */
const records: Record<Work, RawBuilder<unknown>> = {
  standard: sql`
    select ${dayAt(sql`m.at`)} as on_day, m.at, 1 as n, v.id::text as about, s.title || '　第' || v.seq || '版' as words
    from platform.moves m join standards.versions v on v.id = m.subject_id join standards.standards s on s.id = v.standard_id
    where m.subject_kind = 'standard-version' and m.move = 'publish'`,
  batch: sql`
    select ${dayAt(sql`min(m.at)`)} as on_day, min(m.at) as at, 1 as n, b.id::text as about, b.number || '　' || b.title as words
    from platform.moves m join certification.batches b on b.id = m.subject_id
    where m.subject_kind = 'assessment-batch' and m.move = 'issue' group by b.id, b.number, b.title`,
  certificate: sql`
    select c.issued_on as on_day, c.issued_at as at, 1 as n, c.batch_id::text as about, c.number as words
    from certification.certificates c
    union all
    select ${dayAt(sql`m.at`)}, m.at, -1, c.batch_id::text, c.number || '　撤销'
    from platform.moves m join certification.certificates c on c.id = m.subject_id
    where m.subject_kind = 'certificate' and m.move = 'revoke'`,
  mentor: sql`
    select g.given_on as on_day, g.entered_at as at, g.minutes as n, g.offer_id::text as about, o.host_name || '　' || o.subject as words
    from exchange.given_hours g join exchange.offers o on o.id = g.offer_id where o.kind = 'mentor'`,
  seats: sql`
    select g.given_on as on_day, g.entered_at as at, sign(g.minutes)::int * g.persons as n, g.offer_id::text as about,
      o.host_name || '　' || o.subject as words
    from exchange.given_hours g join exchange.offers o on o.id = g.offer_id where o.kind = 'seats'`,
}

/**
 * The lines of a report: this period and all until its end; with `known`, as it was on record at that instant. What was
 * never recorded is absent.
 * @clause R35 @clause HZ4-M01 @clause HZ4-M06 @clause HZ4-M07
 */
export async function workRows(
  { db }: Pick<Ctx, 'db'>,
  period: { from: Day; to: Day },
  known?: Date,
): Promise<WorkRow[]> {
  const lines = await Promise.all(
    (Object.keys(works) as Work[]).map(async (what) => {
      const { rows } = await sql<{ within: number; total: number; records: number }>`
        select coalesce(sum(n) filter (where on_day >= ${period.from}), 0)::int as within, coalesce(sum(n), 0)::int as total,
          count(*)::int as records
        from (${records[what]}) r
        where on_day <= ${period.to} and (${known ?? null}::timestamptz is null or at <= ${known ?? null})
      `.execute(db)
      const [row] = rows
      return row && row.records > 0 ? [{ what, within: row.within, total: row.total }] : []
    }),
  )
  return lines.flat()
}

export type WorkRecord = { on: Day; n: number; about: string; words: string }

/** What a line was added up from, newest first. */
export async function workRecords(
  { db }: Pick<Ctx, 'db'>,
  what: Work,
  { from, to }: { from: Day | null; to: Day },
): Promise<WorkRecord[]> {
  const { rows } = await sql<WorkRecord>`
    select on_day::text as on, n::int, about, words from (${records[what]}) r
    where on_day <= ${to} and (${from}::date is null or on_day >= ${from}) order by on_day desc, at desc limit 1000
  `.execute(db)
  return rows
}
