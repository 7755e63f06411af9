import type { Context } from 'hono'
import { decodeJwt } from 'jose'
import { reasonOf } from '#modules/connect/registration.queries.ts'
import { giveToken, tokenSeconds } from '#modules/connect/token.commands.ts'
import { toolActor } from '#modules/connect/token.queries.ts'
import { keysOfTool, toolByClient } from '#modules/connect/tool.queries.ts'
import { type Scope, scopeUrls } from '#modules/connect/vocabulary.schema.ts'
import { verifyJwt } from '#platform/jwt.ts'
import { as, contextOf, type Env, fieldsOf, type LtiDeps, limited } from './door.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const most = 3600

/** OAuth 2 client credentials: the tool proves itself with a signed assertion (RFC 7523) and gets what it was allowed. */
export async function token(c: Context<Env>, deps: LtiDeps): Promise<Response> {
  const ctx = await contextOf(c, deps)
  await limited(c, ctx, 'token')
  const no = (error: string, status: 400 | 401, why: string) => {
    deps.note('a tool got no token', { error, why })
    return c.json({ error, error_description: why }, status, { 'cache-control': 'no-store', pragma: 'no-cache' })
  }
  const asked = await fieldsOf(c)
  if (asked.grant_type !== 'client_credentials')
    return no('unsupported_grant_type', 400, 'grant_type must be client_credentials')
  if (asked.client_assertion_type !== assertionType)
    return no('invalid_client', 401, 'client_assertion_type is not the one of RFC 7523')
  const assertion = asked.client_assertion ?? ''
  const tool = await toolByClient(ctx.db, senderOf(assertion))
  if (!tool) return no('invalid_client', 401, 'the client is not known')
  const origin = deps.origin(c.req.raw)
  let number: string
  let expiresAt: Date
  try {
    const said = await verifyJwt(assertion, keysOfTool(tool), {
      issuer: tool.clientId,
      audience: [`${origin}/lti/token`, origin],
      maxAgeSeconds: most,
    })
    if (said.sub !== tool.clientId) throw new Error('sub is not the client')
    if (typeof said.jti !== 'string' || said.jti === '') throw new Error('jti is missing')
    number = said.jti
    expiresAt = new Date((said.exp ?? 0) * 1000 + 120_000)
    if ((said.exp ?? 0) - (said.iat ?? 0) > most) throw new Error('the assertion lasts too long')
  } catch (error) {
    return no('invalid_client', 401, `the assertion is not good: ${(error as Error).message}`)
  }
  const wanted = (asked.scope ?? '').split(' ').filter((one) => one !== '')
  const scopes = (Object.keys(scopeUrls) as Scope[]).filter(
    (scope) => wanted.includes(scopeUrls[scope]) && tool.scopes.includes(scope),
  )
  if (scopes.length === 0) return no('invalid_scope', 400, 'none of the scopes is allowed to this tool')
  const given = await reasonOf(giveToken(as(ctx, toolActor(tool)), { toolId: tool.id, number, expiresAt, scopes }))
  if (!given.ok) return no('invalid_client', 401, 'the assertion was used before')
  return c.json(
    {
      access_token: given.value.token,
      token_type: 'Bearer',
      expires_in: tokenSeconds,
      scope: scopes.map((scope) => scopeUrls[scope]).join(' '),
    },
    200,
    { 'cache-control': 'no-store', pragma: 'no-cache' },
  )
}

/** Who an assertion says it is from; believed only after its signature was checked with that one's keys. */
function senderOf(assertion: string): string {
  try {
    return String(decodeJwt(assertion).iss ?? '')
  } catch {
    return ''
  }
}
