import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { JSONWebKeySet, KeySource } from '#platform/jwt.ts'
import type { Tool } from './tool.schema.ts'

type Db = Ctx['db']

export const tools = (db: Db) =>
  db
    .selectFrom('connect.tools as t')
    .leftJoin('people.organisations as o', 'o.id', 't.organisation_id')
    .select([
      't.id',
      't.organisation_id as organisationId',
      'o.name as organisation',
      't.name',
      't.purpose',
      't.client_id as clientId',
      't.deployment_id as deploymentId',
      't.login_url as loginUrl',
      't.target_url as targetUrl',
      't.deep_link_url as deepLinkUrl',
      't.redirect_uris as redirectUris',
      't.jwks_url as jwksUrl',
      't.public_jwks as publicJwks',
      't.scopes',
      't.tells',
      't.custom',
      't.opens',
      't.state',
      't.proposed_by as proposedBy',
      't.proposed_by_name as proposedByName',
      't.proposed_at as proposedAt',
      't.decided_by_name as decidedByName',
      't.decided_at as decidedAt',
      't.decision_note as decisionNote',
    ])
    .$castTo<Tool>()

export async function toolById(db: Db, id: string): Promise<Tool> {
  const found = await tools(db).where('t.id', '=', id).executeTakeFirst()
  if (!found) throw missing('tool')
  return found
}

export const toolByClient = (db: Db, clientId: string): Promise<Tool | undefined> =>
  tools(db).where('t.client_id', '=', clientId).where('t.state', '=', 'active').executeTakeFirst()

/** An organisation's own registrations, the newest first. */
export const toolsOf = (db: Db, organisationId: string): Promise<Tool[]> =>
  tools(db).where('t.organisation_id', '=', organisationId).orderBy('t.proposed_at', 'desc').limit(100).execute()

export const allTools = (db: Db): Promise<Tool[]> => tools(db).orderBy('t.proposed_at', 'desc').limit(300).execute()

/** What an organisation's courses may open: its own tools and the district's. */
export const usableTools = (db: Db, organisationId: string): Promise<Tool[]> =>
  tools(db)
    .where('t.state', '=', 'active')
    .where((eb) => eb.or([eb('t.organisation_id', '=', organisationId), eb('t.organisation_id', 'is', null)]))
    .orderBy('t.name')
    .execute()

export const keysOfTool = (tool: Pick<Tool, 'jwksUrl' | 'publicJwks'>): KeySource =>
  tool.jwksUrl === null ? { jwks: tool.publicJwks as JSONWebKeySet } : { url: tool.jwksUrl }
