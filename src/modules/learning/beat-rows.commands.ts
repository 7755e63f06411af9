import { type Kysely, sql } from 'kysely'
import { type Database, hot } from '#platform/db.ts'

export type SeatRow = {
  person_id: string
  at: string
  sequence: number
  position_ms: number
  playing: boolean
  visible: boolean
  rate_percent: number
  slack_ms: number
  until_question_ms: number
  today_on: string
  today_ms: number
}
export type StretchRow = {
  viewing_id: string
  registration_id: string
  item_id: string
  person_id: string
  sequence: number | null
  on_day: string
  at: string
  wall_ms: number
  from_ms: number
  to_ms: number
  rate_percent: number
  verdict: string
  reason: string
  presence_id: string | null
  held: string
  granted: string
}
type PresenceRow = {
  id: string
  person_id: string
  viewing_id: string
  asked_at: string
  prompt: string
  options: string[]
  answer: number
}

/** What a batch of heartbeats writes. A person has one seat and an item one coverage, whatever came how often. */
export type BeatRows = {
  seats: Map<string, SeatRow>
  coverage: Map<string, { registration_id: string; item_id: string; covered: string }>
  stretches: StretchRow[]
  presences: PresenceRow[]
  missed: { viewing_id: string; presence_id: string; at: string }[]
}
export const emptyRows = (): BeatRows => ({
  ...{ seats: new Map(), coverage: new Map(), stretches: [], presences: [], missed: [] },
})

/** All of it in one statement; the rare questions in a second and third. The caller holds the seats' locks. */
export async function writeBeats(db: Kysely<Database>, rows: BeatRows): Promise<void> {
  if (rows.stretches.length === 0) return
  if (rows.presences.length > 0) {
    await sql`insert into learning.presences (id, person_id, viewing_id, asked_at, prompt, options, answer)
      select * from jsonb_to_recordset(${JSON.stringify(rows.presences)}::jsonb)
        as p (id uuid, person_id uuid, viewing_id uuid, asked_at timestamptz, prompt text, options jsonb, answer int)`.execute(
      db,
    )
  }
  await sql`${sql.raw(hot)} with seat as (
      update learning.seats s set at = n.at, sequence = n.sequence, position_ms = n.position_ms, playing = n.playing,
        visible = n.visible, rate_percent = n.rate_percent, slack_ms = n.slack_ms, until_question_ms = n.until_question_ms,
        today_on = n.today_on, today_ms = n.today_ms
      from jsonb_to_recordset(${JSON.stringify([...rows.seats.values()])}::jsonb) as n (person_id uuid, at timestamptz,
        sequence int, position_ms int, playing boolean, visible boolean, rate_percent int, slack_ms int,
        until_question_ms int, today_on date, today_ms int)
      where s.person_id = n.person_id),
    cover as (
      insert into learning.coverage (registration_id, item_id, covered)
      select * from jsonb_to_recordset(${JSON.stringify([...rows.coverage.values()])}::jsonb)
        as c (registration_id uuid, item_id uuid, covered int4multirange)
      on conflict (registration_id, item_id) do update set covered = excluded.covered)
    ${stretchInsert(rows.stretches)}`.execute(db)
  if (rows.missed.length > 0) {
    await sql`with ended as (
        select * from jsonb_to_recordset(${JSON.stringify(rows.missed)}::jsonb) as m (viewing_id uuid, presence_id uuid, at timestamptz)),
      closed as (
        update learning.viewings v set closed_at = e.at, end_reason = 'presence-missed' from ended e where v.id = e.viewing_id)
      update learning.presences p set outcome = 'missed', answered_at = e.at from ended e where p.id = e.presence_id`.execute(
      db,
    )
  }
}

/** Stretches are only ever added. */
export const stretchInsert = (stretches: readonly StretchRow[]) => sql`
  insert into learning.stretches (viewing_id, registration_id, item_id, person_id, sequence, on_day, at, wall_ms, from_ms,
    to_ms, rate_percent, verdict, reason, presence_id, held, granted)
  select * from jsonb_to_recordset(${JSON.stringify(stretches)}::jsonb)
    as t (viewing_id uuid, registration_id uuid, item_id uuid, person_id uuid, sequence int, on_day date, at timestamptz,
      wall_ms int, from_ms int, to_ms int, rate_percent int, verdict text, reason text, presence_id uuid,
      held int4multirange, granted int4multirange)`
