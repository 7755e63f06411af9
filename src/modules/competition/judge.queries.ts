import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { EntryFacts, JudgeDraw, JudgeFacts } from './judge.rules.ts'
import type { Duty } from './mark.schema.ts'

type Db = Ctx['db']

const judgeFacts = sql`e.person_id as "personId", e.organisation_id as "organisationId", e.employer,
  coalesce((select jsonb_agg(t.organisation_id) from recognition.expert_ties t where t.expert_id = e.id), '[]') as ties,
  coalesce((select jsonb_agg(r.person_index) from competition.relations r where r.expert_id = e.id), '[]') as relations`

/** What is known of one expert of the pool. */
export async function expertFacts(db: Db, expertId: string): Promise<(JudgeFacts & { name: string }) | undefined> {
  const { rows } = await sql<JudgeFacts & { name: string }>`
    select ${judgeFacts}, e.name from recognition.experts e where e.id = ${expertId} and e.state = 'active'
  `.execute(db)
  return rows[0]
}

/** The seated judges of a competition with what stands against them today. */
export async function seatedJudges(db: Db, eventId: string): Promise<(JudgeFacts & { id: string; duty: Duty })[]> {
  const { rows } = await sql<JudgeFacts & { id: string; duty: Duty }>`
    select ${judgeFacts}, j.id, j.duty from competition.judges j join recognition.experts e on e.id = j.expert_id
    where j.event_id = ${eventId} and j.state = 'seated' order by j.id
  `.execute(db)
  return rows
}

/** What is known of the live entries of a competition, or of those in a round. */
export async function entryFacts(db: Db, eventId: string): Promise<(EntryFacts & { id: string; number: string })[]> {
  const { rows } = await sql<EntryFacts & { id: string; number: string }>`
    select n.id, n.number, n.organisation_id as "organisationId", n.unit,
      jsonb_agg(m.person_id) as persons, jsonb_agg(p.document_index) as "documentIndexes",
      coalesce((select jsonb_agg(distinct t.person_id) from competition.members x
        join training.enrolments e on e.person_id = x.person_id join training.class_trainers c on c.class_id = e.class_id
        join training.trainers t on t.id = c.trainer_id where x.entry_id = n.id and x.left_at is null and t.person_id is not null), '[]') as "taughtBy"
    from competition.entries n join competition.members m on m.entry_id = n.id and m.left_at is null
    join people.persons p on p.id = m.person_id
    where n.event_id = ${eventId} and n.state in ('registered', 'eligible') group by n.id order by n.number
  `.execute(db)
  return rows
}

/** Every expert of the pool who is not yet a judge of this competition, with what stands against each. */
export async function drawPool(db: Db, eventId: string): Promise<(JudgeFacts & { id: string; name: string })[]> {
  const { rows } = await sql<JudgeFacts & { id: string; name: string }>`
    select ${judgeFacts}, e.id, e.name from recognition.experts e where e.state = 'active'
      and not exists (select from competition.judges j where j.event_id = ${eventId} and j.expert_id = e.id)
  `.execute(db)
  return rows
}

/** The draws of a competition, for everybody to do again. Experts are numbers here. @clause A02 */
export async function judgeDraws(db: Db, eventId: string): Promise<(JudgeDraw & { at: Date; by: string })[]> {
  const rows = await db
    .selectFrom('competition.judge_draws')
    .select(['number', 'seed', 'wanted', 'pool', 'drawn_at', 'drawn_by_name'])
    .where('event_id', '=', eventId)
    .orderBy('number')
    .execute()
  return rows.map((one) => ({
    ...{ number: one.number, seed: one.seed, wanted: one.wanted, order: one.pool as JudgeDraw['order'] },
    ...{ at: new Date(one.drawn_at), by: one.drawn_by_name },
  }))
}

export type JudgeLine = {
  id: string
  name: string
  employer: string
  speciality: string
  duty: Duty
  state: 'seated' | 'left'
  reason: string
  sheets: number
  /** The draw that chose the judge; null: named by the host. */
  draw: number | null
}

export async function judgeList(db: Db, eventId: string): Promise<JudgeLine[]> {
  const { rows } = await sql<JudgeLine>`
    select j.id, j.name, j.employer, e.speciality, j.duty, j.state, j.reason,
      (select count(*) from competition.sheets s where s.judge_id = j.id)::int as sheets,
      (select d.number from competition.judge_draws d where d.id = j.draw_id) as draw
    from competition.judges j join recognition.experts e on e.id = j.expert_id
    where j.event_id = ${eventId} order by j.state desc, j.duty, j.name
  `.execute(db)
  return rows
}

/** Experts of the pool who are not yet judges of this competition. */
export async function judgePool(
  db: Db,
  eventId: string,
): Promise<{ id: string; name: string; employer: string; speciality: string }[]> {
  const { rows } = await sql<{ id: string; name: string; employer: string; speciality: string }>`
    select e.id, e.name, e.employer, e.speciality from recognition.experts e where e.state = 'active'
      and not exists (select from competition.judges j where j.event_id = ${eventId} and j.expert_id = e.id) order by e.name
  `.execute(db)
  return rows
}
