import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Place } from './statement.queries.ts'

export type ForwardLine = {
  id: string
  name: string
  endpoint: string
  state: 'running' | 'stopped'
  sent: number
  failures: number
  lastFailure: string | null
  nextAt: Date
  atStored: Date
  createdByName: string
  createdAt: Date
  letters: number
}

/** An organisation's forwards and how far they are, the newest first. */
export async function forwardsOf(db: Ctx['db'], organisationId: string): Promise<ForwardLine[]> {
  const { rows } = await sql<ForwardLine>`
    select f.id, f.name, f.endpoint, f.state, f.sent, f.failures, f.last_failure as "lastFailure", f.next_at as "nextAt",
      f.at_stored as "atStored", f.created_by_name as "createdByName", f.created_at as "createdAt",
      (select count(*)::int from records.dead_letters d where d.forward_id = f.id) as letters
    from records.forwards f where f.organisation_id = ${organisationId} order by f.created_at desc limit 20`.execute(db)
  return rows
}

export type DeadLetter = { forwardName: string; statementId: string; status: number; answer: string; at: Date }
export async function deadLettersOf(db: Ctx['db'], organisationId: string): Promise<DeadLetter[]> {
  return db
    .selectFrom('records.dead_letters as d')
    .innerJoin('records.forwards as f', 'f.id', 'd.forward_id')
    .select(['f.name as forwardName', 'd.statement_id as statementId', 'd.status', 'd.answer', 'd.at'])
    .where('f.organisation_id', '=', organisationId)
    .orderBy('d.at', 'desc')
    .limit(50)
    .$castTo<DeadLetter>()
    .execute()
}

export type Due = {
  id: string
  organisationId: string
  endpoint: string
  key: string
  secretSealed: string
  from: Place
}

/** Forwards whose time has come. */
export async function dueForwards(db: Ctx['db'], now: Date): Promise<Due[]> {
  const { rows } = await sql<Omit<Due, 'from'> & Place>`
    select id, organisation_id as "organisationId", endpoint, key, secret_sealed as "secretSealed", at_stored as stored, at_seq as seq
    from records.forwards where state = 'running' and next_at <= ${now} order by next_at limit 50`.execute(db)
  return rows.map(({ stored, seq, ...rest }) => ({ ...rest, from: { stored, seq } }))
}
