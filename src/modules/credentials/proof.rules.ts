import canonicalize from 'canonicalize'
import { bytesOf, jsonToBase64url } from './encoding.rules.ts'

export type Json = Record<string, unknown>

/** A Data Integrity proof without its value. */
export type ProofOptions = {
  type: 'DataIntegrityProof'
  cryptosuite: 'eddsa-jcs-2022'
  created: string
  verificationMethod: string
  proofPurpose: 'assertionMethod'
  expires?: string
}

/**
 * The 64 bytes that `eddsa-jcs-2022` signs: SHA-256 of the canonical (RFC 8785) proof options with the document's
 * `@context`, then SHA-256 of the canonical document (Data Integrity EdDSA Cryptosuites 1.0, 3.3).
 */
export async function hashData(document: Json, options: Json): Promise<Uint8Array<ArrayBuffer>> {
  const [config, body] = await Promise.all([digest(options), digest(document)])
  return new Uint8Array([...config, ...body])
}

async function digest(value: Json): Promise<Uint8Array> {
  const text = canonicalize(value)
  if (text === undefined) throw new RangeError('a document without canonical form')
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytesOf(text)))
}

/** The options as they are hashed: with the `@context` of the document that they secure. */
export const withContext = (document: Json, options: ProofOptions): Json => ({
  ...options,
  ...('@context' in document && { '@context': document['@context'] }),
})

/** What a JWS of the compact serialisation signs (RFC 7515, 5.1). */
export const signingInput = (header: Json, payload: Json): string =>
  `${jsonToBase64url(header)}.${jsonToBase64url(payload)}`
