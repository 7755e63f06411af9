import { identifierOf } from '#modules/records/actor.rules.ts'
import { definitionsOfActivities, statementPage } from '#modules/records/statement.queries.ts'
import type { Statement } from '#modules/records/statement.schema.ts'
import { agentParam, iriParam, type Known, onlyParams } from './ask.ts'
import { needs } from './auth.ts'

const anyRead = ['statements/read', 'statements/read/mine', 'all/read', 'state', 'profile'] as const

/** What is known of an activity. One that nobody spoke of is its id. xAPI Communication 2.5. */
export async function activity(ask: Known): Promise<Response> {
  onlyParams(ask, 'activityId')
  needs(ask.client, ...anyRead)
  const id = iriParam(ask, 'activityId')
  const definition = (await definitionsOfActivities(ask.ctx.db, ask.client.organisationId, [id])).get(id)
  return Response.json({ objectType: 'Activity', id, ...(definition && { definition }) })
}

/** Everything under which the organisation's newest statements know an agent. xAPI Communication 2.4. */
export async function person(ask: Known): Promise<Response> {
  onlyParams(ask, 'agent')
  needs(ask.client, ...anyRead)
  const agent = agentParam(ask)
  const mayReadAll = ask.client.scopes.some((scope) => scope === 'statements/read' || scope === 'all/read')
  const mine = ask.client.scopes.includes('statements/read/mine')
  const rows =
    mayReadAll || mine
      ? await statementPage(
          ask.ctx.db,
          {
            organisationId: ask.client.organisationId,
            clientId: mayReadAll ? undefined : ask.client.id,
            agent,
            relatedAgents: false,
            relatedActivities: false,
            ascending: false,
          },
          null,
          50,
        )
      : []
  const wanted = identifierOf(agent)
  const names = new Set(agent.name === undefined ? [] : [agent.name])
  for (const { body } of rows) {
    const { actor } = JSON.parse(body) as Statement
    for (const one of [actor, ...(actor.member ?? [])])
      if (one.name !== undefined && identifierOf(one) === wanted) names.add(one.name)
  }
  const { mbox, mbox_sha1sum, openid, account } = agent
  return Response.json({
    objectType: 'Person',
    ...(names.size > 0 && { name: [...names] }),
    ...(mbox !== undefined && { mbox: [mbox] }),
    ...(mbox_sha1sum !== undefined && { mbox_sha1sum: [mbox_sha1sum] }),
    ...(openid !== undefined && { openid: [openid] }),
    ...(account !== undefined && { account: [account] }),
  })
}
