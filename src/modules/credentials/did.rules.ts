import { fromMultikey, toBase64url } from './encoding.rules.ts'

/** A key as the DID document shows it. */
export type PublishedKey = {
  number: number
  publicKey: string
  state: 'active' | 'retired' | 'withdrawn'
  endedAt: Date | null
}

/** `https://a.example:8443` → `did:web:a.example%3A8443` (did:web, method-specific identifier). */
export const didOf = (origin: string): string => `did:web:${encodeURIComponent(new URL(origin).host)}`

/** The verification method that a Data Integrity proof names, and the one that a JWT names. Both are the same key. */
export const methodOf = (did: string, number: number): string => `${did}#k${number}`
export const jwkMethodOf = (did: string, number: number): string => `${did}#k${number}-jwk`

/**
 * The DID document behind `/.well-known/did.json`. A retired key stays an assertion method, so what it signed stays
 * valid; a withdrawn one stays listed with its day but asserts nothing any more. `lists` are the
 * addresses of the status lists, for whoever wants to keep them.
 */
export function didDocument(
  origin: string,
  keys: readonly PublishedKey[],
  lists: readonly string[] = [],
): Record<string, unknown> {
  const did = didOf(origin)
  const standing = keys.filter(({ state }) => state !== 'withdrawn')
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://www.w3.org/ns/cid/v1'],
    id: did,
    alsoKnownAs: [origin],
    verificationMethod: keys.flatMap((key) => {
      const revoked = key.state === 'withdrawn' && key.endedAt && { revoked: secondsOf(key.endedAt) }
      return [
        {
          ...{ id: methodOf(did, key.number), type: 'Multikey', controller: did, publicKeyMultibase: key.publicKey },
          ...revoked,
        },
        {
          ...{ id: jwkMethodOf(did, key.number), type: 'JsonWebKey', controller: did },
          publicKeyJwk: { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', x: jwkX(key.publicKey) },
          ...revoked,
        },
      ]
    }),
    assertionMethod: standing.flatMap(({ number }) => [methodOf(did, number), jwkMethodOf(did, number)]),
    service: [{ id: `${did}#status`, type: 'BitstringStatusLists', serviceEndpoint: lists }],
  }
}

const jwkX = (multikey: string) => toBase64url(fromMultikey(multikey))

/** `2021-09-15T02:00:00Z`: a moment as XML Schema wants it, whole seconds. */
export const secondsOf = (at: Date): string => at.toISOString().replace(/\.\d{3}Z$/, 'Z')
