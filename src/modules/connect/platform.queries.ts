import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Platform } from './platform.schema.ts'

type Db = Ctx['db']

export const platforms = (db: Db) =>
  db
    .selectFrom('connect.platforms as p')
    .innerJoin('people.organisations as o', 'o.id', 'p.organisation_id')
    .select([
      'p.id',
      'p.organisation_id as organisationId',
      'o.name as organisation',
      'p.name',
      'p.purpose',
      'p.issuer',
      'p.client_id as clientId',
      'p.deployment_ids as deploymentIds',
      'p.auth_url as authUrl',
      'p.token_url as tokenUrl',
      'p.token_audience as tokenAudience',
      'p.jwks_url as jwksUrl',
      'p.state',
      'p.proposed_by as proposedBy',
      'p.proposed_by_name as proposedByName',
      'p.proposed_at as proposedAt',
      'p.decided_by_name as decidedByName',
      'p.decided_at as decidedAt',
      'p.decision_note as decisionNote',
    ])
    .$castTo<Platform>()

export async function platformById(db: Db, id: string): Promise<Platform> {
  const found = await platforms(db).where('p.id', '=', id).executeTakeFirst()
  if (!found) throw missing('platform')
  return found
}

/** The platform that a sign-in says it is from; without a client only when there is no doubt. */
export async function platformFor(db: Db, issuer: string, clientId: string | undefined): Promise<Platform | undefined> {
  let query = platforms(db).where('p.issuer', '=', issuer).where('p.state', '=', 'active')
  if (clientId !== undefined) query = query.where('p.client_id', '=', clientId)
  const found = await query.limit(2).execute()
  return found.length === 1 ? found[0] : undefined
}

export const platformsOf = (db: Db, organisationId: string): Promise<Platform[]> =>
  platforms(db).where('p.organisation_id', '=', organisationId).orderBy('p.proposed_at', 'desc').limit(100).execute()

export const allPlatforms = (db: Db): Promise<Platform[]> =>
  platforms(db).orderBy('p.proposed_at', 'desc').limit(300).execute()

export type DeliveryCounts = {
  platformId: string
  linked: number
  sent: number
  waiting: number
  givenUp: number
  lastAnswer: string
}
/** How many are linked and what came of their results, a platform. */
export async function deliveryCounts(db: Db, organisationId: string): Promise<DeliveryCounts[]> {
  return db
    .selectFrom('connect.platforms as p')
    .select('p.id as platformId')
    .select((eb) => [
      eb
        .selectFrom('connect.account_links as l')
        .whereRef('l.platform_id', '=', 'p.id')
        .where('l.ended_at', 'is', null)
        .select((e) => e.fn.countAll<number>().as('n'))
        .as('linked'),
      ...(['sent', 'queued', 'given-up'] as const).map((state) =>
        eb
          .selectFrom('connect.deliveries as d')
          .innerJoin('connect.placements as m', 'm.id', 'd.placement_id')
          .whereRef('m.platform_id', '=', 'p.id')
          .where('d.state', '=', state)
          .select((e) => e.fn.countAll<number>().as('n'))
          .as(({ sent: 'sent', queued: 'waiting', 'given-up': 'givenUp' } as const)[state]),
      ),
      eb
        .selectFrom('connect.deliveries as d')
        .innerJoin('connect.placements as m', 'm.id', 'd.placement_id')
        .whereRef('m.platform_id', '=', 'p.id')
        .where('d.state', '<>', 'sent')
        .select('d.last_answer')
        .orderBy('d.next_at', 'desc')
        .limit(1)
        .as('lastAnswer'),
    ])
    .where('p.organisation_id', '=', organisationId)
    .$castTo<DeliveryCounts>()
    .execute()
}
