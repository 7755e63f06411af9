import { type Actor, actorOf } from '#platform/actor.ts'
import { realTime } from '#platform/clock.ts'
import type { Ctx } from '#platform/command.ts'
import { digestOf } from './launch.queries.ts'
import { toolById } from './tool.queries.ts'
import type { Tool } from './tool.schema.ts'
import type { Scope } from './vocabulary.schema.ts'

export type Bearer = { tool: Tool; scopes: Scope[] }

/** The tool behind an access token, while the token lasts and the tool is not stopped. */
export async function bearerOf(db: Ctx['db'], token: string): Promise<Bearer | undefined> {
  const row = await db
    .selectFrom('connect.tokens')
    .select(['tool_id', 'scopes'])
    .where('digest', '=', digestOf(token))
    .where('expires_at', '>', realTime())
    .executeTakeFirst()
  if (!row) return undefined
  const tool = await toolById(db, row.tool_id)
  // A scope that the tool no longer holds is not in its registration; what it was given before does not outlive that.
  const scopes = (row.scopes as Scope[]).filter((scope) => tool.scopes.includes(scope))
  return tool.state === 'active' ? { tool, scopes } : undefined
}

/** A tool at work, for the trail: a machine that was let in, with its name. */
export const toolActor = (tool: Pick<Tool, 'id' | 'name'>): Actor =>
  actorOf({ kind: 'system', id: `lti-tool:${tool.id}`, name: tool.name, personId: null, holdings: [] })
