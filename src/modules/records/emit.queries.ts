import { hash } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import type { Happening } from './emit.rules.ts'

type Raw = Omit<Happening, 'person'> & { personId: string }

/** The account name of a person: only the holder of the key can tell whose it is. */
export const accountName = (crypto: CryptoProvider, personId: string): string =>
  crypto.blindIndex(personId, 'records.person')

/** A UUID that only this text makes (RFC 9562, version 8). */
export function idOfText(text: string): string {
  const hex = hash('sha256', `haizhu-records ${text}`, 'hex')
  const variant = ((Number.parseInt(hex[16] as string, 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Whose class it is. */
export async function classOwner(db: Ctx['db'], classId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('training.classes')
    .select('organisation_id')
    .where('id', '=', classId)
    .executeTakeFirst()
  return row?.organisation_id
}

/**
 * Everything a class has to tell that is not told yet: enrolments once it is approved, posted hours, hours taken back,
 * results, certificates. A result that was changed is another record with its own statement.
 */
export async function happeningsOf(ctx: Ctx, classId: string, most: number): Promise<Happening[]> {
  const { rows } = await sql<Raw>`
    with c as (select id, title, state, organisation_id from training.classes where id = ${classId}),
    all_of as (
      select 'enrolment' as kind, e.id::text as record_id, e.person_id, greatest(e.enrolled_at, d.decided_at) as at,
        null::uuid as session_id, null::text as session_title, null::int as minutes, null::boolean as passed, null::text as undoes
      from c join training.enrolments e on e.class_id = c.id join training.classes d on d.id = c.id
      where e.state <> 'withdrawn' and c.state in ('approved', 'in-session', 'suspended', 'assessed', 'closed')
      union all
      select case when h.reverses is null then 'hours' else 'hours-taken-back' end, h.id::text, h.person_id, h.at,
        h.session_id, s.title, h.minutes, null, h.reverses::text
      from c join training.hour_entries h on h.class_id = c.id left join training.sessions s on s.id = h.session_id
      union all
      select 'result', r.id::text, r.person_id, r.decided_at, null, null, null, r.passed, null
      from c join assessment.results r on r.class_id = c.id
      union all
      select 'certificate', k.id::text, k.person_id, k.issued_at, null, null, null, null, null
      from c join assessment.certificates k on k.class_id = c.id
    )
    select a.kind, a.record_id as "recordId", a.person_id as "personId", a.at, c.id as "classId", c.title as "classTitle",
      a.session_id as "sessionId", a.session_title as "sessionTitle", a.minutes, a.passed, a.undoes
    from all_of a, c
    where not exists (select from records.told t where t.kind = a.kind and t.record_id = a.record_id)
    order by a.at, a.kind, a.record_id limit ${most}`.execute(ctx.db)
  return rows.map(({ personId, ...row }) => ({ ...row, person: accountName(ctx.crypto, personId) }))
}
