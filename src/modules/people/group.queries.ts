import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import type { TableFault } from '#shared/table.ts'
import type { Day } from '#shared/units.ts'

type Db = Ctx['db']

export type Membership = {
  id: string
  personId: string
  groupCode: string
  sourceBody: string
  evidence: string
  from: Day
  /** Last day it counts; null when it has no end. */
  to: Day | null
  verifiedAt: Date
  verifiedBy: string
  revokedAt: Date | null
  importId: string | null
}

const memberships = (db: Db) =>
  db
    .selectFrom('people.group_memberships as m')
    .select([
      'm.id',
      'm.person_id as personId',
      'm.group_code as groupCode',
      'm.source_body as sourceBody',
      'm.evidence',
      sql<Day>`lower(m.validity)`.as('from'),
      sql<Day | null>`upper(m.validity) - 1`.as('to'),
      'm.verified_at as verifiedAt',
      'm.verified_by as verifiedBy',
      'm.revoked_at as revokedAt',
      'm.import_id as importId',
    ])
    .$castTo<Membership>()

/** Verified, not revoked memberships on a day, by person. C11 rests on it. */
export async function membershipsOn(db: Db, personIds: readonly string[], on: Day): Promise<Map<string, Membership[]>> {
  if (personIds.length === 0) return new Map()
  const rows = await memberships(db)
    .where(sql<SqlBool>`m.person_id = any(${[...personIds]}::uuid[])`)
    .where('m.revoked_at', 'is', null)
    .where(sql<SqlBool>`m.validity @> ${on}::date`)
    .execute()
  return Map.groupBy(rows, (row) => row.personId)
}

/** All memberships of one person, newest first. */
export async function membershipsOf(db: Db, personId: string): Promise<Membership[]> {
  return memberships(db).where('m.person_id', '=', personId).orderBy('m.verified_at', 'desc').execute()
}

const pageSize = 20

/** A department's own list: memberships of its groups, newest first, persons masked. */
export async function membershipsForBody(
  db: Db,
  groupCodes: readonly string[],
  filter: { personId?: string | undefined; cursor?: string | undefined },
): Promise<Page<Membership & { name: string; document: string }>> {
  let query = memberships(db)
    .innerJoin('people.persons as p', 'p.id', 'm.person_id')
    .select(['p.name_masked as name', 'p.document_masked as document'])
    .where(sql<SqlBool>`m.group_code = any(${[...groupCodes]}::text[])`)
    .orderBy('m.id', 'desc')
    .limit(pageSize + 1)
  if (filter.personId) query = query.where('m.person_id', '=', filter.personId)
  const after = decodeCursor(filter.cursor, ['id'])
  if (after) query = query.where('m.id', '<', String(after[0]))
  return pageOf(await query.$castTo<Membership & { name: string; document: string }>().execute(), pageSize, (row) => [
    row.id,
  ])
}

export type GroupImport = {
  id: string
  groupCode: string
  source: string
  fileName: string
  total: number
  accepted: number
  known: number
  rejected: number
  faults: TableFault[]
  byName: string
  at: Date
}

/** Lists a department has sent in, newest first. */
export async function groupImports(db: Db, groupCodes: readonly string[]): Promise<GroupImport[]> {
  return db
    .selectFrom('people.group_imports')
    .select([
      'id',
      'group_code as groupCode',
      'source',
      'file_name as fileName',
      'rows_total as total',
      'accepted',
      'known',
      'rejected',
      'faults',
      'by_name as byName',
      'at',
    ])
    .where(sql<SqlBool>`group_code = any(${[...groupCodes]}::text[])`)
    .orderBy('at', 'desc')
    .limit(20)
    .$castTo<GroupImport>()
    .execute()
}

/** One membership of one of these groups, with the list it came from. */
export async function membershipPage(db: Db, id: string, groupCodes: readonly string[]) {
  const row = await memberships(db)
    .innerJoin('people.persons as p', 'p.id', 'm.person_id')
    .leftJoin('people.group_imports as i', 'i.id', 'm.import_id')
    .select(['p.name_masked as name', 'p.document_masked as document', 'i.source', 'm.revoke_reason as revokeReason'])
    .where('m.id', '=', id)
    .where(sql<SqlBool>`m.group_code = any(${[...groupCodes]}::text[])`)
    .$castTo<Membership & { name: string; document: string; source: string | null; revokeReason: string | null }>()
    .executeTakeFirst()
  if (!row) throw missing('membership')
  return row
}
