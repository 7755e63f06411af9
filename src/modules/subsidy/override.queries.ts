import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import type { Day } from '#shared/units.ts'
import type { OverrideState } from './override.schema.ts'

export type OverrideRow = {
  id: string
  claimId: string
  claimNumber: string
  lineId: string | null
  person: string | null
  control: string
  reason: string
  expiresOn: Day
  requestedById: string
  requestedBy: string
  requestedAt: Date
  state: OverrideState
  decidedBy: string | null
  decidedAt: Date | null
  decisionNote: string
}

const overrides = (db: Ctx['db']) =>
  db
    .selectFrom('subsidy.overrides as o')
    .innerJoin('subsidy.claims as c', 'c.id', 'o.claim_id')
    .leftJoin('subsidy.claim_lines as l', 'l.id', 'o.line_id')
    .leftJoin('people.persons as p', 'p.id', 'l.person_id')
    .select([
      'o.id',
      'o.claim_id as claimId',
      'c.number as claimNumber',
      'o.line_id as lineId',
      'p.name_masked as person',
      'o.control',
      'o.reason',
      'o.expires_on as expiresOn',
      'o.requested_by as requestedById',
      'o.requested_by_name as requestedBy',
      'o.requested_at as requestedAt',
      'o.state',
      'o.decided_by_name as decidedBy',
      'o.decided_at as decidedAt',
      'o.decision_note as decisionNote',
    ])
    .$castTo<OverrideRow>()

/** Overrides by state or of one claim, newest first; the person masked. */
export async function overrideList(
  db: Ctx['db'],
  filter: { state?: OverrideState | undefined; claimId?: string | undefined; cursor?: string | undefined } = {},
): Promise<Page<OverrideRow>> {
  let query = overrides(db).orderBy('o.requested_at', 'desc').orderBy('o.id', 'desc').limit(21)
  if (filter.state) query = query.where('o.state', '=', filter.state)
  if (filter.claimId) query = query.where('o.claim_id', '=', filter.claimId)
  const after = decodeCursor(filter.cursor, ['time', 'id'])
  if (after) query = query.where(sql<boolean>`(o.requested_at, o.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return pageOf(await query.execute(), 20, (row) => [row.requestedAt.toISOString(), row.id])
}

export async function overrideById(db: Ctx['db'], id: string): Promise<OverrideRow> {
  const row = await overrides(db).where('o.id', '=', id).executeTakeFirst()
  if (!row) throw missing('override')
  return row
}
