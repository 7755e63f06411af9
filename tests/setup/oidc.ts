/** For tests only: an employer's OpenID provider, small and strict, that says what it was asked and can be told to lie. */
import { createHash, randomUUID } from 'node:crypto'
import { type Counterpart, counterpart } from './lti.ts'

export type Employer = Counterpart & {
  clientId: string
  clientSecret: string
  /** How the next token is bent: other claims, or another place that it comes from. */
  bend: { claims?: Record<string, unknown>; iss?: string }
  /** What the authorization endpoint was asked, newest last. */
  asked: URLSearchParams[]
  /** Verifiers that fitted their challenge. */
  proven: string[]
}

type Grant = { asked: URLSearchParams; sub: string }

export async function employer(): Promise<Employer> {
  const other = await counterpart()
  const own: Employer = Object.assign(other, {
    ...{ clientId: 'skills', clientSecret: 'a-secret-of-the-employer', bend: {} },
    ...{ asked: [] as URLSearchParams[], proven: [] as string[] },
  })
  const grants = new Map<string, Grant>()
  const json = (body: unknown, status = 200) => ({ status, type: 'application/json', body: JSON.stringify(body) })
  other.on('/.well-known/openid-configuration', () =>
    json({
      issuer: other.address,
      authorization_endpoint: `${other.address}/authorize`,
      token_endpoint: `${other.address}/token`,
      jwks_uri: `${other.address}/jwks`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['RS256'],
      subject_types_supported: ['public'],
    }),
  )
  other.on('/authorize', ({ query }) => {
    own.asked.push(query)
    const right = query.get('response_type') === 'code' && query.get('code_challenge_method') === 'S256'
    if (!right || !query.get('nonce') || !query.get('state') || query.get('client_id') !== own.clientId) {
      return { status: 400, body: 'this provider wants a code flow with PKCE, state and nonce' }
    }
    return {
      body: `<!doctype html><html lang="zh-CN"><meta name="viewport" content="width=device-width"><title>集团统一认证</title><h1>集团统一认证</h1>
<form action="/enter"><input type="hidden" name="asked" value="${encodeURIComponent(query.toString())}"><label>工号 <input name="sub"></label> <button>登录</button></form>`,
    }
  })
  other.on('/enter', ({ query }) => {
    const asked = new URLSearchParams(decodeURIComponent(query.get('asked') ?? ''))
    const code = randomUUID()
    grants.set(code, { asked, sub: query.get('sub') ?? '' })
    const back = new URL(asked.get('redirect_uri') ?? '')
    for (const [name, value] of Object.entries({
      code,
      state: asked.get('state') ?? '',
      iss: own.bend.iss ?? other.address,
    })) {
      back.searchParams.set(name, value)
    }
    return { location: back.href }
  })
  other.on('/token', async ({ form, headers }) => {
    const grant = grants.get(form.get('code') ?? '')
    grants.delete(form.get('code') ?? '')
    const basic = `Basic ${Buffer.from(`${own.clientId}:${own.clientSecret}`).toString('base64')}`
    const verifier = form.get('code_verifier') ?? ''
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    if (!grant || headers.authorization !== basic) return json({ error: 'invalid_grant' }, 400)
    if (form.get('redirect_uri') !== grant.asked.get('redirect_uri')) return json({ error: 'invalid_grant' }, 400)
    if (challenge !== grant.asked.get('code_challenge')) return json({ error: 'invalid_grant' }, 400)
    own.proven.push(verifier)
    const claims = {
      ...{ iss: other.address, aud: own.clientId, sub: grant.sub, nonce: grant.asked.get('nonce') ?? '' },
      ...own.bend.claims,
    }
    return json({ access_token: randomUUID(), token_type: 'Bearer', id_token: await other.keys.sign(claims) })
  })
  return own
}
