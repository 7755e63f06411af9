import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'

type Db = Ctx['db']

export type ConsentLine = {
  id: string
  personId: string
  name: string
  document: string
  phone: string | null
  clerkName: string
  purpose: string
  evidence: 'sms-code' | 'paper'
  state: 'asked' | 'active' | 'ended'
  askedAt: Date
  startedAt: Date | null
  expiresAt: Date | null
  endedAt: Date | null
  endReason: 'done' | 'expired' | 'replaced' | 'cancelled' | null
}

const consents = (db: Db) =>
  db
    .selectFrom('auth.consents as c')
    .innerJoin('people.persons as p', 'p.id', 'c.person_id')
    .innerJoin('auth.users as u', 'u.id', 'c.clerk_user_id')
    .select([
      'c.id',
      'c.person_id as personId',
      'p.name_masked as name',
      'p.document_masked as document',
      'p.phone_masked as phone',
      'u.name as clerkName',
      'c.purpose',
      'c.evidence',
      'c.state',
      'c.asked_at as askedAt',
      'c.started_at as startedAt',
      'c.expires_at as expiresAt',
      'c.ended_at as endedAt',
      'c.end_reason as endReason',
    ])
    .$castTo<ConsentLine>()

/** What a clerk has open: asked for and waiting for the code, or running. */
export async function openConsentOf(db: Db, clerkId: string, now: Date): Promise<ConsentLine | undefined> {
  const row = await consents(db)
    .where('c.clerk_user_id', '=', clerkId)
    .where('c.state', 'in', ['asked', 'active'])
    .executeTakeFirst()
  return row && !(row.expiresAt && row.expiresAt <= now) ? row : undefined
}

const pageSize = 20

/** Assistances of one counter, newest first. */
export async function consentsAt(db: Db, subdistrict: string, cursor?: string): Promise<Page<ConsentLine>> {
  let query = consents(db)
    .where('c.subdistrict', '=', subdistrict)
    .orderBy('c.id', 'desc')
    .limit(pageSize + 1)
  const after = decodeCursor(cursor, ['id'])
  if (after) query = query.where('c.id', '<', String(after[0]))
  return pageOf(await query.execute(), pageSize, (row) => [row.id])
}

/** Who has acted for a person, for that person to see. */
export async function consentsOfPerson(db: Db, personId: string): Promise<ConsentLine[]> {
  return consents(db)
    .where('c.person_id', '=', personId)
    .where(sql<boolean>`c.started_at is not null`)
    .orderBy('c.id', 'desc')
    .limit(50)
    .execute()
}
