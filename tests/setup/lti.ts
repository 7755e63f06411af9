/** A real counterpart over HTTP: somebody else's tool, and somebody else's platform, each with keys of its own. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { claim } from '#modules/connect/vocabulary.schema.ts'

export type Forge = {
  alg?: string
  kid?: string
  key?: CryptoKey | Uint8Array
  issuedAt?: number
  expiresAt?: number
}
export const unsigned = (payload: JWTPayload): string => new UnsecuredJWT(payload).encode()

/** Somebody with an RSA key, who signs well or, when told to, badly. */
export async function signatory(kid: string = randomUUID()) {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }
  return {
    jwk,
    publicKey,
    sign(payload: JWTPayload, forge: Forge = {}): Promise<string> {
      const now = Math.floor(Date.now() / 1000)
      return new SignJWT(payload)
        .setProtectedHeader({ alg: forge.alg ?? 'RS256', kid: forge.kid ?? kid, typ: 'JWT' })
        .setIssuedAt(forge.issuedAt ?? now)
        .setExpirationTime(forge.expiresAt ?? (typeof payload.exp === 'number' ? payload.exp : now + 300))
        .sign(forge.key ?? privateKey)
    },
  }
}
export type Signatory = Awaited<ReturnType<typeof signatory>>

type Call = {
  method: string
  path: string
  query: URLSearchParams
  form: URLSearchParams
  body: string
  headers: IncomingMessage['headers']
}
type Reply = { status?: number; type?: string; body?: string; location?: string }
export type Counterpart = {
  address: string
  calls: Call[]
  /** The newest call of a path. */
  last(path: string): Call
  on(path: string, answer: (call: Call) => Reply | Promise<Reply>): void
  keys: Signatory
  close(): void
}

export async function counterpart(): Promise<Counterpart> {
  const keys = await signatory()
  const calls: Call[] = []
  const answers = new Map<string, (call: Call) => Reply | Promise<Reply>>()
  answers.set('/jwks', () => ({ type: 'application/json', body: JSON.stringify({ keys: [keys.jwk] }) }))
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const url = new URL(request.url ?? '/', 'http://x')
    const body = Buffer.concat(parts).toString()
    const call: Call = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      form: new URLSearchParams(body),
      body,
      headers: request.headers,
    }
    calls.push(call)
    const {
      status = 200,
      type = 'text/html; charset=utf-8',
      body: said = '',
      location,
    } = (await answers.get(url.pathname)?.(call)) ?? { status: 404 }
    response.writeHead(location ? 302 : status, { 'content-type': type, ...(location && { location }) }).end(said)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // another name of this machine, so that it is another site for a browser's cookies
  const address = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    address,
    calls,
    keys,
    last: (path) => {
      const found = calls.findLast((call) => call.path === path)
      if (!found) throw new Error(`nobody called ${path}`)
      return found
    },
    on: (path, answer) => void answers.set(path, answer),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The form of a page that sends itself: where to, and what. */
export function formIn(html: string): { action: string; fields: Record<string, string> } {
  const action = /<form method="post" action="([^"]*)"/.exec(html)?.[1] ?? ''
  const fields = Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
      name,
      plain(value),
    ]),
  )
  return { action: plain(action), fields }
}
/** Where a page leads on to by itself. */
export const onwardIn = (html: string): string =>
  plain(/http-equiv="refresh" content="0;url=([^"]*)"/.exec(html)?.[1] ?? '')
const plain = (text: string) =>
  text
    .replace(/&amp;/g, '&')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')

/** A page that sends a form by itself, as other products do it. */
export const autoPost = (action: string, fields: Record<string, string>): string =>
  `<!doctype html><html lang="zh-CN"><title>请稍候</title><body><form method="post" action="${action}">${Object.entries(
    fields,
  )
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${value.replace(/"/g, '&quot;')}">`)
    .join('')}<button>继续</button></form><script>document.forms[0].submit()</script></body></html>`

/** A tool: begins its sign-in when asked, and shows what it was sent. `change` tampers with what it asks for. */
export function actAsTool(
  other: Counterpart,
  authAddress: () => string,
  change: (asked: URLSearchParams) => void = () => {},
): void {
  other.on('/tool/login', ({ query }) => {
    const asked = new URLSearchParams({
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: query.get('client_id') ?? '',
      redirect_uri: `${other.address}/tool/launch`,
      login_hint: query.get('login_hint') ?? '',
      lti_message_hint: query.get('lti_message_hint') ?? '',
      state: randomUUID(),
      nonce: randomUUID(),
    })
    change(asked)
    return { location: `${authAddress()}?${asked}` }
  })
}

export type PlatformFacts = { clientId: string; deploymentId: string; issuer: string }

/** Claims of a launch as a school's platform sends them. */
export function launchOf(facts: PlatformFacts, more: JWTPayload): JWTPayload {
  return {
    iss: facts.issuer,
    aud: facts.clientId,
    sub: 'student-7',
    [claim.messageType]: 'LtiResourceLinkRequest',
    [claim.version]: '1.3.0',
    [claim.deployment]: facts.deploymentId,
    [claim.roles]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
    [claim.link]: { id: 'link-1' },
    [claim.context]: { id: 'ctx-1', title: '海珠工贸学校 烹饪一班' },
    ...more,
  }
}
