import type { Ctx } from '#platform/command.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import type { Day } from '#shared/units.ts'
import { personContext } from './person.queries.ts'

export type NameRequest = {
  id: string
  personId: string
  now: string
  wanted: string
  from: Day
  note: string
  state: 'asked' | 'accepted' | 'refused' | 'withdrawn'
  askedAt: Date
  decidedAt: Date | null
  decision: string
}

const requests = (db: Ctx['db']) =>
  db
    .selectFrom('people.name_requests as r')
    .innerJoin('people.persons as p', 'p.id', 'r.person_id')
    .select([
      'r.id',
      'r.person_id as personId',
      'p.name_masked as now',
      'r.name_masked as wanted',
      'r.from_on as from',
      'r.note',
      'r.state',
      'r.asked_at as askedAt',
      'r.decided_at as decidedAt',
      'r.decision',
    ])
    .$castTo<NameRequest>()

/** A person's own requests, newest first. */
export const nameRequestsOf = (db: Ctx['db'], personId: string): Promise<NameRequest[]> =>
  requests(db)
    .where('r.person_id', '=', personId)
    .orderBy('r.asked_at', 'desc')
    .orderBy('r.id', 'desc')
    .limit(10)
    .execute()

/** What waits for the desk, oldest first; the wanted name in full, or nobody could compare it with the paper. */
export async function waitingNameRequests(db: Ctx['db'], crypto: CryptoProvider): Promise<NameRequest[]> {
  const rows = await requests(db)
    .select('r.name_sealed')
    .where('r.state', '=', 'asked')
    .orderBy('r.asked_at')
    .limit(50)
    .$castTo<NameRequest & { name_sealed: string }>()
    .execute()
  return rows.map(({ name_sealed, ...row }) => ({ ...row, wanted: crypto.open(name_sealed, personContext.name) }))
}
