import { bytesOf, fromBase64url, fromMultibase58, fromMultikey, textOf } from './encoding.rules.ts'
import { hashData, type Json } from './proof.rules.ts'
import { isSet } from './status.rules.ts'

/** After so many days without a new status list an answer is no longer called valid. */
export const statusDays = 7

/** What a verifier keeps: the issuer's DID document and the last status lists, each by its address, as signed. */
export type Known = { did: string; document: Json; lists: Record<string, string> }

export type Shown = { label: string; value: string }
export type Verdict =
  | { outcome: 'valid' | 'stale'; shown: Shown[]; statusAt: string }
  | { outcome: 'revoked'; shown: Shown[]; statusAt: string }
  | { outcome: 'no-status' | 'expired' | 'not-yet'; shown: Shown[] }
  | { outcome: 'unknown-issuer'; issuer: string }
  | { outcome: 'unknown-key' | 'altered' | 'unreadable' | 'unsupported' }
  | { outcome: 'online'; code: string }

/** What was scanned or pasted, told apart. A printed code holds the address of the page with the JWT behind `#`. */
export type Given =
  | { kind: 'jwt'; text: string }
  | { kind: 'json'; document: Json }
  | { kind: 'code'; code: string }
  | null

export function readGiven(text: string): Given {
  const bare = text.trim().replace(/^[^#]*\/verify\/offline#/, '')
  const code = /\/verify\/([0-9A-Za-z-]{20,40})$/.exec(bare)?.[1]
  if (code) return { kind: 'code', code }
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(bare)) return { kind: 'jwt', text: bare }
  try {
    const document: unknown = JSON.parse(bare)
    return isJson(document) ? { kind: 'json', document } : null
  } catch {
    return null
  }
}

/**
 * Verifies a credential with nothing but what is at hand: who issued it, whether one byte was altered, whether it was
 * taken back, and how old that knowledge is. Never asks a network.
 * @clause HZ4-M13
 */
export async function verifyGiven(text: string, known: Known, now: Date): Promise<Verdict> {
  const given = readGiven(text)
  if (given === null) return { outcome: 'unreadable' }
  if (given.kind === 'code') return { outcome: 'online', code: given.code }
  const opened = given.kind === 'jwt' ? await openJwt(given.text, known) : await openProof(given.document, known)
  if ('outcome' in opened) return opened
  return judge(opened.credential, known, now)
}

type Opened =
  | { credential: Json }
  | Extract<Verdict, { outcome: 'unknown-issuer' | 'unknown-key' | 'altered' | 'unreadable' | 'unsupported' }>

/** VC-JOSE-COSE: `alg` EdDSA, `typ` vc+jwt, `kid` a key of the issuer that the payload names. */
export async function openJwt(text: string, known: Known): Promise<Opened> {
  const parts = text.split('.')
  let header: unknown
  let credential: unknown
  let signature: Uint8Array<ArrayBuffer>
  try {
    const [head = '', body = '', tail = ''] = parts
    header = JSON.parse(textOf(fromBase64url(head)))
    credential = JSON.parse(textOf(fromBase64url(body)))
    signature = fromBase64url(tail)
  } catch {
    return { outcome: 'altered' }
  }
  if (!isJson(header) || !isJson(credential)) return { outcome: 'unreadable' }
  if (header.alg !== 'EdDSA' || header.typ !== 'vc+jwt' || 'crit' in header) return { outcome: 'unreadable' }
  const issuer = issuerOf(credential)
  if (issuer !== known.did) return { outcome: 'unknown-issuer', issuer }
  const key = keyOf(known, header.kid)
  if (key === null) return { outcome: 'unknown-key' }
  return checked(key, signature, bytesOf(`${parts[0]}.${parts[1]}`), credential)
}

/** Data Integrity with `eddsa-jcs-2022`, one proof. */
export async function openProof(secured: Json, known: Known): Promise<Opened> {
  const { proof, ...credential } = secured
  if (!isJson(proof)) return { outcome: 'unreadable' }
  const { proofValue, ...options } = proof
  if (options.type !== 'DataIntegrityProof' || options.cryptosuite !== 'eddsa-jcs-2022')
    return { outcome: 'unreadable' }
  const issuer = issuerOf(credential)
  if (issuer !== known.did) return { outcome: 'unknown-issuer', issuer }
  if (options.proofPurpose !== 'assertionMethod' || typeof proofValue !== 'string') return { outcome: 'altered' }
  if ('@context' in options && JSON.stringify(options['@context']) !== JSON.stringify(credential['@context'])) {
    return { outcome: 'altered' }
  }
  const key = keyOf(known, options.verificationMethod)
  if (key === null) return { outcome: 'unknown-key' }
  try {
    return await checked(key, fromMultibase58(proofValue), await hashData(credential, options), credential)
  } catch {
    return { outcome: 'altered' }
  }
}

async function checked(
  key: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
  credential: Json,
): Promise<Opened> {
  let imported: CryptoKey
  try {
    imported = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify'])
  } catch {
    return { outcome: 'unsupported' }
  }
  const good = await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, bytes)
  return good ? { credential } : { outcome: 'altered' }
}

/** The public bytes behind a verification method, if the issuer still asserts with it. */
function keyOf(known: Known, id: unknown): Uint8Array<ArrayBuffer> | null {
  const { assertionMethod, verificationMethod } = known.document
  if (typeof id !== 'string' || !Array.isArray(assertionMethod) || !assertionMethod.includes(id)) return null
  const found = list(verificationMethod).find((method) => method.id === id && method.controller === known.did)
  if (!found || 'revoked' in found) return null
  try {
    if (typeof found.publicKeyMultibase === 'string') return fromMultikey(found.publicKeyMultibase)
    return isJson(found.publicKeyJwk) ? fromBase64url(String(found.publicKeyJwk.x)) : null
  } catch {
    return null
  }
}

async function judge(credential: Json, known: Known, now: Date): Promise<Verdict> {
  const shown = shownOf(credential)
  if (timeOf(credential.validFrom) > now.getTime()) return { outcome: 'not-yet', shown }
  if ('validUntil' in credential && timeOf(credential.validUntil) < now.getTime()) return { outcome: 'expired', shown }
  const status = credential.credentialStatus
  if (!isJson(status)) return { outcome: 'no-status', shown }
  const found = await statusOf(status, known)
  if (found === null) return { outcome: 'no-status', shown }
  if (found.set) return { outcome: 'revoked', shown, statusAt: found.at }
  const days = (now.getTime() - timeOf(found.at)) / 86_400_000
  return { outcome: days > statusDays ? 'stale' : 'valid', shown, statusAt: found.at }
}

/** The bit of a credential in the list that we have, itself checked like any other credential. */
async function statusOf(status: Json, known: Known): Promise<{ set: boolean; at: string } | null> {
  const { statusListCredential: url, statusListIndex: place, statusPurpose: purpose } = status
  const text = typeof url === 'string' ? known.lists[url] : undefined
  if (status.type !== 'BitstringStatusListEntry' || !text || typeof place !== 'string' || !/^\d{1,9}$/.test(place))
    return null
  const opened = await openJwt(text, known)
  if ('outcome' in opened) return null
  const { id, type, validFrom, credentialSubject: subject } = opened.credential
  if (id !== url || !Array.isArray(type) || !type.includes('BitstringStatusListCredential') || !isJson(subject))
    return null
  if (purpose !== 'revocation' || subject.statusPurpose !== purpose || typeof subject.encodedList !== 'string')
    return null
  try {
    return { set: await isSet(subject.encodedList, Number(place)), at: String(validFrom) }
  } catch {
    return null
  }
}

/** The facts of a credential in words, whichever of our forms it has. */
function shownOf(credential: Json): Shown[] {
  const subject = isJson(credential.credentialSubject) ? credential.credentialSubject : {}
  const achievement = isJson(subject.achievement) ? subject.achievement : {}
  const named = list(subject.identifier).find((one) => one.identityType === 'name' && one.hashed === false)
  const source = isJson(subject.source) ? subject.source : {}
  const lines: [string, unknown][] = [
    ['持证人', subject.holder ?? named?.identityHash],
    ['证书编号', subject.number ?? subject.licenseNumber],
    ['培训内容', subject.course ?? achievement.name],
    ['培训项目', subject.programme],
    ['职业（工种）', achievement.fieldOfStudy],
    ['等级', achievement.specialization],
    ['学习课时', subject.hours ?? subject.creditsEarned],
    ['培训机构', subject.trainedBy ?? source.name],
    ['签发时间', dayText(credential.validFrom)],
  ]
  return lines.flatMap(([label, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [{ label, value: String(value) }] : [],
  )
}

/** The day in Guangzhou. */
function dayText(at: unknown): string | undefined {
  const ms = timeOf(at)
  return Number.isNaN(ms) ? undefined : new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)
}

const issuerOf = ({ issuer }: Json): string => String(isJson(issuer) ? issuer.id : (issuer ?? ''))
const timeOf = (at: unknown): number => Date.parse(String(at))
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : [])
