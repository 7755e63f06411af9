import { randomBytes } from 'node:crypto'
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importPKCS8,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose'
import { realTime } from './clock.ts'
import { askOutside } from './outward.ts'

export type { JSONWebKeySet, JWK, JWTPayload }

/** What we take: only signatures by a key pair. A shared secret or no signature at all is never one of them. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
const alg = 'RS256'
const toleranceSeconds = 60

export async function newRsaKey(): Promise<{ kid: string; publicJwk: JWK; privateText: string }> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { modulusLength: 2048, extractable: true })
  const kid = randomBytes(12).toString('base64url')
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
  return { kid, publicJwk, privateText: await exportPKCS8(privateKey) }
}

export type JwtSigner = { kid: string; privateText: string }

/** A signed message that runs out `seconds` from now, by the clock that the receiver has too. */
export async function signJwt(
  signer: JwtSigner,
  payload: JWTPayload,
  { seconds, now = realTime() }: { seconds: number; now?: Date },
): Promise<string> {
  const at = Math.floor(now.getTime() / 1000)
  return new SignJWT(payload)
    .setProtectedHeader({ alg, kid: signer.kid, typ: 'JWT' })
    .setIssuedAt(at)
    .setExpirationTime(at + seconds)
    .sign(await importPKCS8(signer.privateText, alg))
}

/** Where the other side's keys are: at an address, or given once and for all. */
export type KeySource = { url: string } | { jwks: JSONWebKeySet }

type Kept = { keys: JSONWebKeySet; at: number }
const kept = new Map<string, Kept>()
const goodMs = 10 * 60_000
const againMs = 20_000

async function keysAt(url: string, kid: string | undefined): Promise<JSONWebKeySet> {
  const found = kept.get(url)
  const age = found ? Date.now() - found.at : Number.POSITIVE_INFINITY
  const knows = found?.keys.keys.some((key) => kid === undefined || key.kid === kid)
  // A key that we have not seen may be a new one, but whoever sends us made-up ones does not make us ask each time.
  if (found && age < (knows ? goodMs : againMs)) return found.keys
  const answer = await askOutside(url, { headers: { accept: 'application/json' } })
  if (answer.status !== 200) throw new Error(`the keys answer ${answer.status}`)
  const keys = JSON.parse(answer.text) as JSONWebKeySet
  if (!Array.isArray(keys.keys)) throw new Error('the keys are no key set')
  if (kept.size > 500) kept.clear()
  kept.set(url, { keys, at: Date.now() })
  return keys
}

export type Wanted = { issuer: string; audience: string | readonly string[]; maxAgeSeconds?: number }

/**
 * What a signed message says, if its signature, sender, receiver and time are right. Throws otherwise; the error's message
 * is for the log, never for whoever sent it.
 */
export async function verifyJwt(token: string, source: KeySource, wanted: Wanted): Promise<JWTPayload> {
  const header = decodeProtectedHeader(token)
  if (!algorithms.includes(String(header.alg))) throw new Error('the algorithm is not one that we take')
  const jwks = 'url' in source ? await keysAt(source.url, header.kid) : source.jwks
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
    algorithms,
    issuer: wanted.issuer,
    audience: [wanted.audience].flat() as string[],
    clockTolerance: toleranceSeconds,
    currentDate: realTime(),
    requiredClaims: ['exp', 'iat'],
    maxTokenAge: wanted.maxAgeSeconds ?? 3600,
  })
  return payload
}
