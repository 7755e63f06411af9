import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { launchDataId, preferencesId } from '#modules/packages/cmi5-launch.rules.ts'
import { fetchToken, tellStatements } from '#modules/packages/cmi5-session.commands.ts'
import { type AuSession, auSession } from '#modules/packages/cmi5-session.queries.ts'
import { readToken, tokenFor } from '#modules/packages/token.queries.ts'
import type { TokenFacts } from '#modules/packages/token.rules.ts'
import { identifierOf } from '#modules/records/actor.rules.ts'
import { statementById } from '#modules/records/statement.queries.ts'
import { type Actor, actorOf } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { agentParam, type Known } from '../xapi/ask.ts'
import { opened } from '../xapi/statements.ts'
import { createXapi, type XapiDeps } from '../xapi/xapi.ts'

export type Cmi5Deps = XapiDeps & { contextFor(requestId: string): Omit<Ctx, 'actor'> }

export const cmi5Mount = '/cmi5/store'

/**
 * What an AU speaks to: the address where it fetches its token, and a record store that knows this one launch. It stands
 * on the origin of lessons, because a lesson may ask nobody else.
 * @clause HZ4-M13
 */
export function createCmi5(deps: Cmi5Deps) {
  const app = new Hono()
  app.all('/cmi5/fetch/:token', async (c) => {
    const headers = { 'cache-control': 'no-store', 'access-control-allow-origin': '*' }
    if (c.req.method !== 'POST') return c.json({ 'error-code': '2', 'error-text': 'POST only' }, 405, headers)
    const ctx = deps.contextFor(randomUUID())
    const facts = readToken(ctx, c.req.param('token'), 'fetch')
    const failed = (code: '1' | '2', text: string) => c.json({ 'error-code': code, 'error-text': text }, 200, headers)
    if (!facts) return failed('2', 'this address is not one that was given out, or it has run out')
    const { first } = await fetchToken({ ...ctx, actor: learnerOf(facts) }, { launchId: facts.launchId })
    if (!first) return failed('1', 'the authorization token has already been returned, or the session has ended')
    return c.json({ 'auth-token': tokenFor(ctx, { ...facts, use: 'store' }) }, 200, headers)
  })
  const sessions = new WeakMap<Actor, AuSession>()
  const store = createXapi(deps, {
    mount: cmi5Mount,
    async door(authorization) {
      const token = /^Basic ([\w.~+/=-]{1,2000})$/i.exec(authorization ?? '')?.[1]
      const ctx = deps.contextFor(randomUUID())
      const facts = token === undefined ? undefined : readToken(ctx, token, 'store')
      const at = facts && (await auSession(ctx.db, facts))
      if (!facts || !at || at.endReason === 'displaced') return null
      const { organisationId } = at.registration
      const learner = learnerOf(facts)
      const actor: Actor = {
        ...learner,
        can: (permission, scope) =>
          permission === 'record.write'
            ? scope?.organisationId === undefined || scope.organisationId === organisationId
            : learner.can(permission, scope),
      }
      sessions.set(actor, at)
      const authority = { objectType: 'Agent' as const, account: { homePage: deps.home, name: 'cmi5' } }
      const scopes = ['statements/write', 'statements/read', 'state', 'profile'] as const
      const client = { id: facts.launchId, organisationId, name: 'cmi5', scopes: [...scopes] }
      return { actor, client: { ...client, authority: JSON.stringify(authority) } }
    },
    async guard(asked) {
      const at = sessions.get(asked.ctx.actor)
      if (!at) throw missing('launch')
      return within(asked, at)
    },
  })
  app.all(`${cmi5Mount}/*`, (c) => store.fetch(c.req.raw))
  return app
}

const learnerOf = ({ accountId, personId }: TokenFacts) =>
  actorOf({ kind: 'user', id: accountId, name: '学员', personId, holdings: [] })

const no = (section: string, message: string) =>
  refused({ clause: 'HZ4-M13', reason: 'cmi5-broken', facts: { section, message } })

/** An AU sees and writes what belongs to its own launch: its learner, its activity, its registration. */
async function within(asked: Known, at: AuSession): Promise<Known> {
  const writing = asked.method !== 'GET'
  if (asked.resource === '/statements') {
    if (!writing) return ownStatements(asked, at)
    return {
      ...asked,
      keep: async ({ statements, version, files }) =>
        tellStatements(asked.ctx, { launchId: at.session.sessionId, statements, version, files }),
    }
  }
  if (at.endReason !== null) throw no('8.2', 'the session has ended')
  const { params } = asked
  if (params.has('agent')) mustBe(identifierOf(agentParam(asked)), identifierOf(at.session.actor), '8.1', 'agent')
  if (params.has('activityId')) mustBe(params.get('activityId'), at.session.activityId, '8.1', 'activityId')
  if (asked.resource === '/activities/state') {
    mustBe(params.get('registration')?.toLowerCase(), at.session.registration, '8.1', 'registration')
    const all = asked.method === 'DELETE' && !params.has('stateId')
    if (writing && (all || params.get('stateId') === launchDataId)) {
      throw no('10', `the AU does not change ${launchDataId}`)
    }
  }
  // Learners of one activity share its profile: none of them may write for all the others.
  if (asked.resource === '/activities/profile' && writing) throw no('6', 'the profile of an activity is read only')
  if (asked.resource === '/agents/profile' && params.get('profileId') !== preferencesId && params.has('profileId')) {
    throw no('11', `the only profile of an agent here is ${preferencesId}`)
  }
  if (asked.resource === '/agents/profile' && asked.method === 'DELETE') throw no('11', 'preferences stay')
  return asked
}

function mustBe(given: string | null | undefined, own: string | null, section: string, name: string): void {
  if (given !== own) throw no(section, `${name} is not the one of the launch`)
}

/** Statements of this registration and of nobody else. */
async function ownStatements(asked: Known, at: AuSession): Promise<Known> {
  const { params } = asked
  const { registration } = at.session
  const id = params.get('statementId') ?? params.get('voidedStatementId')
  if (id !== undefined) {
    const { organisationId } = at.registration
    const found = /^[0-9a-f-]{36}$/i.test(id)
      ? await statementById(asked.ctx.db, { organisationId, clientId: undefined, id: id.toLowerCase() })
      : undefined
    const body = found && (JSON.parse(found.body) as { context?: { registration?: string } })
    if (body?.context?.registration !== registration) throw missing('statement')
    return asked
  }
  const more = params.get('more')
  const wanted = more === undefined ? params.get('registration') : opened(more).params.registration
  if (wanted !== undefined || more !== undefined) mustBe(wanted?.toLowerCase(), registration, '8.1', 'registration')
  return more === undefined ? { ...asked, params: new Map([...params, ['registration', registration]]) } : asked
}
