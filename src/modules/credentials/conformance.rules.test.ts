import { createHash, createPublicKey, verify } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { createVerifyCryptosuite } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { base58 } from '@scure/base'
import { compactVerify, importJWK, type JWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { newSigningKey, signBytes } from '#platform/signature.ts'
import { identityHash } from './credential.queries.ts'
import { badgeOf, compactOf, ownContext, statusCredential } from './credential.rules.ts'
import type { CredentialFacts, Issuer } from './credential.schema.ts'
import { didDocument, didOf } from './did.rules.ts'
import { toBase64url, toMultikey } from './encoding.rules.ts'
import { asJwt, type Signer, withProof } from './key.queries.ts'
import type { Json } from './proof.rules.ts'
import { bitstring } from './status.rules.ts'

/**
 * What we sign, checked without our own verifier: by jose, by another implementation of the cryptosuite, and step by
 * step as the texts say. Titles name the specification and its section.
 */
const issuer: Issuer = { origin: 'https://hzpx.example', name: '海珠职业培训云平台' }
const did = didOf(issuer.origin)
const pair = newSigningKey()
const signer: Signer = { number: 1, sign: (bytes) => signBytes(pair.privateText, bytes) }
const document = didDocument(issuer.origin, [
  { number: 1, publicKey: toMultikey(pair.publicBytes), state: 'active', endedAt: null },
])
const methods = document.verificationMethod as Json[]
const personId = '019a0000-0000-7000-8000-00000000aaaa'
const salt = 'c2FsdHNhbHRzYWx0c2FsdA'
const facts: CredentialFacts = {
  id: '7f0c2a52-59f4-4a1b-8d8e-3f0a1e2b4c5d',
  kind: 'training',
  achievementId: '019a0000-0000-7000-8000-000000000001',
  number: '440105-2021-000007-6',
  programme: '企业适岗培训',
  course: '中式烹调师岗前培训',
  occupation: null,
  level: null,
  plannedHours: 20,
  hours: 18,
  from: '2021-08-10' as CredentialFacts['from'],
  to: '2021-08-20' as CredentialFacts['to'],
  trainedBy: { id: '019a0000-0000-7000-8000-000000000002', name: '味道餐饮有限公司' },
  basis: '海府办〔2020〕4号',
  issuedAt: new Date('2021-09-15T02:00:00.123Z'),
  list: 1,
  place: 9,
  salt,
  identityHash: identityHash(personId, salt),
  state: 'issued',
}
const badge = badgeOf(issuer, facts, '张小明')
const subject = badge.credentialSubject as Json

describe('VC-JOSE-COSE', () => {
  test('VC-JOSE-COSE 3.1 jose verifies the JWT with the published JWK; the payload is the credential itself', async () => {
    for (const credential of [badge, compactOf(issuer, facts, '张小明')]) {
      const jwt = asJwt(signer, issuer, credential)
      const { kid } = JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }
      const method = methods.find(({ id }) => id === kid)
      const { payload, protectedHeader } = await compactVerify(
        jwt,
        await importJWK(method?.publicKeyJwk as JWK, 'EdDSA'),
      )
      expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(credential)
      expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'vc+jwt', kid: `${did}#k1-jwk` })
      expect(credential).not.toHaveProperty('vc')
    }
  })

  test('VC-JOSE-COSE 3.1 jose refuses it with another key', async () => {
    const x = toBase64url(newSigningKey().publicBytes)
    const wrong = await importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA')
    await expect(compactVerify(asJwt(signer, issuer, badge), wrong)).rejects.toThrow(/signature/)
  })
})

describe('Data Integrity, eddsa-jcs-2022', () => {
  test('DI-EdDSA 3.3 another implementation of the suite verifies the proof, and refuses an altered document', async () => {
    const suite = createVerifyCryptosuite()
    const check = async (change: (secured: Json) => void) => {
      const { proof, ...secured } = structuredClone(await withProof(signer, issuer, badge, { created: facts.issuedAt }))
      change(secured)
      const { proofValue } = proof as { proofValue: string }
      const data = await suite.createVerifyData({ cryptosuite: suite, document: secured, proof: proof as object })
      const verifier = await suite.createVerifier({ verificationMethod: methods[0] as object })
      return verifier.verify({ data, signature: base58.decode(proofValue.slice(1)) })
    }
    expect(await check(() => {})).toBe(true)
    expect(await check((secured) => Object.assign(secured, { name: '改' }))).toBe(false)
  })

  test('DI-EdDSA 3.3 step by step: sorted keys, two digests, one signature', async () => {
    const { proof, ...secured } = await withProof(signer, issuer, badge, { created: facts.issuedAt })
    const { proofValue, ...options } = proof as { proofValue: string }
    // 3.3.3 all our values are strings, whole numbers and booleans, so RFC 8785 is JSON with its keys sorted.
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([key, inner]) => [key, sorted(inner)]),
            )
          : value
    const sha = (value: unknown) =>
      createHash('sha256')
        .update(JSON.stringify(sorted(value)))
        .digest()
    const data = Buffer.concat([sha(options), sha(secured)]) // 3.3.4 the proof's digest first
    const signature = Buffer.from(base58.decode(proofValue.slice(1)))
    expect([data.length, signature.length, proofValue[0]]).toEqual([64, 64, 'z'])
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(pair.publicBytes)])
    expect(verify(null, data, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature)).toBe(true)
  })

  test('DI 2.1 the proof names its type, suite, purpose, method and moment, and repeats the context', async () => {
    const { proof } = await withProof(signer, issuer, badge, { created: facts.issuedAt })
    expect(proof).toEqual({
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-jcs-2022',
      created: '2021-09-15T02:00:00Z',
      verificationMethod: `${did}#k1`,
      proofPurpose: 'assertionMethod',
      '@context': badge['@context'],
      proofValue: expect.stringMatching(/^z[1-9A-HJ-NP-Za-km-z]{80,90}$/),
    })
  })
})

describe('VC Data Model 2.0', () => {
  const all = () => [
    badge,
    badgeOf(issuer, facts, null),
    compactOf(issuer, facts, '张小明'),
    statusCredential(issuer, 1, 'uH4', facts.issuedAt),
  ]

  test('VCDM 4.3 the first context is the one of version 2, and 4.5 the first type VerifiableCredential', () => {
    for (const credential of all()) {
      expect((credential['@context'] as string[])[0]).toBe('https://www.w3.org/ns/credentials/v2')
      expect((credential.type as string[])[0]).toBe('VerifiableCredential')
    }
  })

  test('VCDM 4.4 an id, where there is one, is a URL; 4.7 the issuer is one; 4.9 moments are XML Schema moments', () => {
    for (const credential of all()) {
      if ('id' in credential) expect(URL.canParse(String(credential.id))).toBe(true)
      const named = credential.issuer
      expect(typeof named === 'string' ? named : (named as Json).id).toBe(did)
      expect(credential.validFrom).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    }
  })

  test('VCDM 5.2 every term of the compact form is defined by its contexts', () => {
    const own = Object.keys(ownContext(issuer.origin)['@context'] as Json)
    const compact = compactOf(issuer, facts, '张小明')
    expect(own).toEqual(expect.arrayContaining(Object.keys(compact.credentialSubject as Json)))
    expect(own).toContain((compact.type as string[])[1])
    expect((compact['@context'] as string[])[1]).toBe('https://hzpx.example/credentials/context/v1')
  })
})

describe('Open Badges 3.0', () => {
  test('OB3 AchievementCredential: what an AchievementCredential must have', () => {
    expect(badge['@context']).toEqual([
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
    ])
    expect(badge.type).toContain('OpenBadgeCredential')
    expect(badge.id).toBe(`urn:uuid:${facts.id}`)
    expect(badge.issuer).toMatchObject({ type: ['Profile'], name: issuer.name })
  })

  test('OB3 Achievement: what it must have: id, type, name, description, criteria', () => {
    expect(subject.achievement).toMatchObject({
      id: `https://hzpx.example/credentials/achievements/training/${facts.achievementId}`,
      type: ['Achievement'],
      name: facts.course,
      description: expect.stringContaining(facts.programme),
      criteria: { narrative: expect.stringContaining('20 课时') },
    })
    expect(subject.achievement).not.toHaveProperty('fieldOfStudy')
  })

  test('OB3 AchievementSubject, IdentityObject: the subject has an identifier, which is SHA-256 of identity and salt', () => {
    const [hashed, named] = subject.identifier as Json[]
    const wanted = createHash('sha256')
      .update(personId + salt)
      .digest('hex')
    expect(hashed).toEqual({
      ...{ type: 'IdentityObject', hashed: true, identityType: 'systemId', salt },
      identityHash: `sha256$${wanted}`,
    })
    expect(named).toMatchObject({ hashed: false, identityType: 'name', identityHash: '张小明' })
    expect(subject).toMatchObject({ creditsEarned: 18, licenseNumber: facts.number, type: ['AchievementSubject'] })
  })

  test('R37 without the name there is no personal data at all', () => {
    const text = JSON.stringify(badgeOf(issuer, facts, null))
    expect(text).not.toMatch(/张小明|\d{17}[\dXx]|1[3-9]\d{9}/)
    expect(text).not.toContain(personId)
  })
})

describe('Bitstring Status List 1.0', () => {
  test('BSL 2.1 an entry names its list, its place as text, and its purpose', () => {
    expect(badge.credentialStatus).toEqual({
      id: 'https://hzpx.example/credentials/status/1#9',
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '9',
      statusListCredential: 'https://hzpx.example/credentials/status/1',
    })
  })

  test('BSL 2.2, 3.3 a list is multibase base64url of gzip of at least 16 kB, place 0 left-most', () => {
    const encoded = `u${toBase64url(gzipSync(bitstring([9])))}`
    const { credentialSubject } = statusCredential(issuer, 1, encoded, facts.issuedAt)
    expect(credentialSubject).toMatchObject({ type: 'BitstringStatusList', statusPurpose: 'revocation' })
    const bits = gunzipSync(Buffer.from(encoded.slice(1), 'base64url'))
    expect([bits.length, bits[0], bits[1]]).toEqual([16_384, 0, 0b0100_0000])
  })
})

describe('did:web', () => {
  test('did:web the document belongs to the DID; DID 5.2, 5.3 its methods are controlled by it and assert', () => {
    expect(document.id).toBe('did:web:hzpx.example')
    for (const method of methods) {
      expect(method.controller).toBe(did)
      expect(document.assertionMethod).toContain(method.id)
    }
  })

  test('CID 2.2.2 the Multikey begins with ed01, and is the same key as the JWK', () => {
    const [multi, jwk] = methods
    const bytes = base58.decode(String(multi?.publicKeyMultibase).slice(1))
    expect([bytes[0], bytes[1], bytes.length]).toEqual([0xed, 0x01, 34])
    expect(Buffer.from(bytes.slice(2)).toString('base64url')).toBe((jwk?.publicKeyJwk as JWK | undefined)?.x)
  })

  test('CID 2.2 a withdrawn key stays listed with its day and asserts nothing', () => {
    const ended = new Date('2021-10-01T00:00:00Z')
    const both = didDocument(issuer.origin, [
      { number: 1, publicKey: toMultikey(pair.publicBytes), state: 'withdrawn', endedAt: ended },
    ])
    expect(both.assertionMethod).toEqual([])
    expect((both.verificationMethod as Json[]).map(({ revoked }) => revoked)).toEqual(
      Array(2).fill('2021-10-01T00:00:00Z'),
    )
  })
})
