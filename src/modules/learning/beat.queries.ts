import { type Kysely, sql } from 'kysely'
import { type Database, hot } from '#platform/db.ts'
import type { EndReason } from './counting.schema.ts'

/** Everything a heartbeat is judged by; one row per heartbeat asked about. */
export type BeatFacts = {
  n: number
  viewingId: string
  personId: string
  registrationId: string
  itemId: string
  mediumMs: number | null
  endReason: EndReason | null
  seatViewingId: string | null
  at: Date
  sequence: number
  positionMs: number
  playing: boolean
  visible: boolean
  ratePercent: number
  slackMs: number
  untilQuestionMs: number
  todayOn: string
  todayMs: number
  covered: string | null
  presenceId: string | null
  askedAt: Date | null
  prompt: string | null
  options: string[] | null
  inClass: boolean
  classRunning: boolean
  /** A film or a sound, which may be played faster; time itself may not. */
  played: boolean
  /** Of a package, the milliseconds since the last heartbeat in which one of its launches was open. */
  openMs: number | null
}

type Asked = readonly { viewingId: string; now: Date }[]

/** The seats of those who asked, locked in one order so that two processes never wait for each other in a ring. */
export async function lockSeats(db: Kysely<Database>, viewingIds: readonly string[]): Promise<void> {
  await sql`${sql.raw(hot)} select from learning.seats
    where person_id in (select person_id from learning.viewings where id = any(${viewingIds}::uuid[]))
    order by person_id for update`.execute(db)
}

/** Launches that overlap, in two tabs or one after the other, are open once. How they ended and what they said is not asked. */
const openTime = sql`coalesce((select sum(extract(epoch from upper(o) - lower(o)) * 1000) from (
  select unnest(range_agg(tstzrange(greatest(l.launched_at, s.at), least(coalesce(l.ended_at, b.now), b.now)))) as o
  from packages.launches l join packages.attempts a on a.id = l.attempt_id
  where l.person_id = v.person_id and a.registration_id = v.registration_id and a.item_id = v.item_id
    and s.at < b.now and l.launched_at < b.now and coalesce(l.ended_at, b.now) > s.at) x), 0)::int`

/** Read after the lock, in a statement of its own: only so does it see what the holder before us has written. */
export async function beatFacts(db: Kysely<Database>, asked: Asked): Promise<BeatFacts[]> {
  const { rows } = await sql<BeatFacts>`${sql.raw(hot)}
    select b.n::int, v.id as "viewingId", v.person_id as "personId", v.registration_id as "registrationId", v.item_id as "itemId",
      v.medium_ms as "mediumMs", v.end_reason as "endReason", s.viewing_id as "seatViewingId", s.at, s.sequence,
      s.position_ms as "positionMs", s.playing, s.visible, s.rate_percent as "ratePercent", s.slack_ms as "slackMs",
      s.until_question_ms as "untilQuestionMs", s.today_on as "todayOn", s.today_ms as "todayMs", c.covered::text,
      p.id as "presenceId", p.asked_at as "askedAt", p.prompt, p.options,
      exists (select from training.attendance_marks m where m.person_id = v.person_id and m.voided_at is null
        and m.kind <> 'excused' and m.during && tstzrange(least(s.at, b.now), b.now, '[]')) as "inClass",
      coalesce(k.state = 'in-session' and e.state = 'enrolled'
        and (b.now at time zone 'Asia/Shanghai')::date between k.starts_on and k.ends_on, r.class_id is null) as "classRunning",
      i.kind in ('video', 'audio') as played, case when i.kind = 'package' then ${openTime} end as "openMs"
    from unnest(${asked.map((one) => one.viewingId)}::uuid[], ${asked.map((one) => one.now.toISOString())}::timestamptz[])
        with ordinality as b (id, now, n)
      join learning.viewings v on v.id = b.id
      join learning.registrations r on r.id = v.registration_id
      join learning.seats s on s.person_id = v.person_id
      join library.items i on i.id = v.item_id
      left join learning.coverage c on c.registration_id = v.registration_id and c.item_id = v.item_id
      left join learning.presences p on p.person_id = v.person_id and p.outcome is null
      left join training.classes k on k.id = r.class_id
      left join training.enrolments e on e.id = r.enrolment_id`.execute(db)
  return rows
}
