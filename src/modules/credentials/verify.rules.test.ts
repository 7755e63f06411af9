import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newSigningKey, signBytes } from '#platform/signature.ts'
import { badgeOf, compactOf, statusCredential, statusUrl } from './credential.rules.ts'
import type { CredentialFacts, Issuer } from './credential.schema.ts'
import { didDocument, didOf, type PublishedKey } from './did.rules.ts'
import { fromBase64url, fromMultikey, toBase64url, toMultikey } from './encoding.rules.ts'
import { asJwt, type Signer, withProof } from './key.queries.ts'
import type { Json } from './proof.rules.ts'
import { bitstring, isSet, placeOf, placesPerList } from './status.rules.ts'
import { type Known, readGiven, verifyGiven } from './verify.rules.ts'

const issuer: Issuer = { origin: 'https://hzpx.example:8443', name: '海珠职业培训云平台' }
const did = didOf(issuer.origin)
const pair = newSigningKey()
const other = newSigningKey()
const key = (number: number, state: PublishedKey['state'] = 'active', of = pair): PublishedKey => ({
  number,
  publicKey: toMultikey(of.publicBytes),
  state,
  endedAt: state === 'active' ? null : new Date('2021-10-01T00:00:00Z'),
})
const signer: Signer = { number: 1, sign: (bytes) => signBytes(pair.privateText, bytes) }
const facts: CredentialFacts = {
  id: '7f0c2a52-59f4-4a1b-8d8e-3f0a1e2b4c5d',
  kind: 'training',
  achievementId: '019a0000-0000-7000-8000-000000000001',
  number: '440105-2021-000007-6',
  programme: '企业适岗培训',
  course: '中式烹调师岗前培训',
  occupation: '中式烹调师',
  level: '五级',
  plannedHours: 20,
  hours: 20,
  from: '2021-08-10' as CredentialFacts['from'],
  to: '2021-08-20' as CredentialFacts['to'],
  trainedBy: { id: '019a0000-0000-7000-8000-000000000002', name: '味道餐饮有限公司' },
  basis: '海府办〔2020〕4号',
  issuedAt: new Date('2021-09-15T02:00:00Z'),
  list: 1,
  place: 4711,
  salt: 'c2FsdHNhbHRzYWx0c2FsdA',
  identityHash: createHash('sha256').update('person').digest('hex'),
  state: 'issued',
}
const now = new Date('2021-09-16T02:00:00Z')
const packed = (places: number[]) => `u${toBase64url(gzipSync(bitstring(places)))}`
const listOn = (places: number[], at: Date) => asJwt(signer, issuer, statusCredential(issuer, 1, packed(places), at))
const known = (places: number[] = [], at = now, keys = [key(1)]): Known => ({
  did,
  document: didDocument(issuer.origin, keys),
  lists: { [statusUrl(issuer.origin, 1)]: listOn(places, at) },
})
const jwt = asJwt(signer, issuer, badgeOf(issuer, facts, '张小明'))
const compact = asJwt(signer, issuer, compactOf(issuer, facts, '张小明'))
const proved = () => withProof(signer, issuer, badgeOf(issuer, facts, null), { created: facts.issuedAt })
const outcome = async (text: string, of = known(), at = now) => (await verifyGiven(text, of, at)).outcome

describe('HZ4-M13 offline verification', () => {
  test('HZ4-M13 each form is valid, and says in words what it certifies', async () => {
    const forms = [
      jwt,
      compact,
      `${issuer.origin}/verify/offline#${compact}`,
      ` ${jwt}\n`,
      JSON.stringify(await proved()),
    ]
    for (const form of forms) expect(await outcome(form)).toBe('valid')
    expect(await verifyGiven(compact, known(), now)).toMatchObject({
      shown: expect.arrayContaining([
        { label: '持证人', value: '张小明' },
        { label: '证书编号', value: facts.number },
        { label: '学习课时', value: '20' },
        { label: '签发时间', value: '2021-09-15' },
      ]),
      statusAt: '2021-09-16T02:00:00Z',
    })
  })

  test('HZ4-M13 revoked, too old a list, no list, unknown issuer, not yet: each told apart', async () => {
    expect(await outcome(compact, known([facts.place]))).toBe('revoked')
    expect(await outcome(compact, known([facts.place - 1, facts.place + 1]))).toBe('valid')
    const week = 7 * 86_400_000
    expect(await outcome(compact, known(), new Date(now.getTime() + week))).toBe('valid')
    expect(await outcome(compact, known(), new Date(now.getTime() + week + 1))).toBe('stale')
    expect(await outcome(compact, known([facts.place]), new Date(now.getTime() + 9 * week))).toBe('revoked')
    expect(await outcome(compact, { ...known(), lists: {} })).toBe('no-status')
    expect(await outcome(compact, known(), new Date('2021-09-15T01:59:59Z'))).toBe('not-yet')
    const strange = { ...issuer, origin: 'https://else.example' }
    expect(await outcome(asJwt(signer, strange, compactOf(strange, facts, '张小明')))).toBe('unknown-issuer')
    expect(await outcome(JSON.stringify({ ...(await proved()), issuer: 'did:web:else.example' }))).toBe(
      'unknown-issuer',
    )
  })

  test('C23 a retired key still verifies; a withdrawn or unknown one does not', async () => {
    const next = newSigningKey()
    expect(await outcome(compact, known([], now, [key(2, 'active', next), key(1, 'retired')]))).toBe('valid')
    const withdrawn = [key(2, 'active', next), key(1, 'withdrawn')]
    expect(await outcome(compact, known([], now, withdrawn))).toBe('unknown-key')
    expect(await outcome(JSON.stringify(await proved()), known([], now, withdrawn))).toBe('unknown-key')
    expect(await outcome(compact, known([], now, [key(2, 'active', next)]))).toBe('unknown-key')
    expect(await outcome(compact, known([], now, [key(1, 'active', other)]))).toBe('altered')
  })

  test('HZ4-M13 a list that is not signed by the issuer, or is another one, is no list', async () => {
    const url = statusUrl(issuer.origin, 1)
    const forger: Signer = { number: 1, sign: (bytes) => signBytes(other.privateText, bytes) }
    const forged = asJwt(forger, issuer, statusCredential(issuer, 1, packed([]), now))
    const second = asJwt(signer, issuer, statusCredential(issuer, 2, packed([]), now))
    const short = `u${toBase64url(gzipSync(new Uint8Array(1000)))}`
    const small = asJwt(signer, issuer, statusCredential(issuer, 1, short, now))
    for (const list of [forged, second, small, 'x.y.z', compact]) {
      expect(await outcome(compact, { ...known(), lists: { [url]: list } })).toBe('no-status')
    }
  })

  test('HZ4-M13 what a header may not say: no algorithm, another one, another type, critical extensions', async () => {
    const [, body, tail] = jwt.split('.')
    const kid = `${did}#k1-jwk`
    for (const header of [
      { alg: 'none', typ: 'vc+jwt', kid },
      { alg: 'HS256', typ: 'vc+jwt', kid },
      { alg: 'EdDSA', typ: 'JWT', kid },
      { alg: 'EdDSA', typ: 'vc+jwt', kid, crit: ['b64'], b64: false },
    ]) {
      const head = toBase64url(new TextEncoder().encode(JSON.stringify(header)))
      expect(await outcome(`${head}.${body}.${tail}`)).toBe('unreadable')
    }
  })

  test('HZ4-M13 a printed code of the old kind is named, nonsense is unreadable', async () => {
    const code = '0123456789ABCDEFGHJK'
    expect(readGiven(`${issuer.origin}/verify/${code}`)).toEqual({ kind: 'code', code })
    expect(await verifyGiven(`${issuer.origin}/verify/${code}`, known(), now)).toEqual({ outcome: 'online', code })
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        expect(['unreadable', 'unknown-issuer', 'altered', 'online']).toContain(await outcome(text))
      }),
    )
  })

  test('HZ4-M13 any altered letter of a JWT fails', async () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (const form of [jwt, compact]) {
      await fc.assert(
        fc.asyncProperty(fc.nat(form.length - 1), fc.nat(63), async (at, pick) => {
          const letter = letters.charAt(pick)
          fc.pre(form[at] !== letter)
          const changed = form.slice(0, at) + letter + form.slice(at + 1)
          expect(['altered', 'unreadable', 'unknown-issuer', 'unknown-key']).toContain(await outcome(changed))
        }),
        { numRuns: 400 },
      )
    }
  })

  test('HZ4-M13 any altered, added or missing value of a document with a proof fails, its proof included', async () => {
    const document = await proved()
    const leaves = leavesOf(document)
    for (const path of leaves) {
      const changed = structuredClone(document)
      const { holder, last } = at(changed, path)
      const old = holder[last]
      for (const value of [typeof old === 'number' ? old + 1 : `${String(old)}x`, null]) {
        holder[last] = value
        expect(['altered', 'unreadable', 'unknown-issuer', 'unknown-key'], path.join('.')).toContain(
          await outcome(JSON.stringify(changed)),
        )
      }
      delete holder[last]
      expect(await outcome(JSON.stringify(changed)), path.join('.')).not.toBe('valid')
    }
    expect(leaves.length).toBeGreaterThan(40)
    expect(await outcome(JSON.stringify({ ...document, extra: 1 }))).toBe('altered')
    const proof = document.proof as Json
    expect(await outcome(JSON.stringify({ ...document, proof: { ...proof, extra: 1 } }))).toBe('altered')
  })

  test('HZ4-M13 the order of keys and the spaces of a document do not matter', async () => {
    const turned = Object.fromEntries(Object.entries(await proved()).reverse())
    expect(await outcome(JSON.stringify(turned, null, 4))).toBe('valid')
  })
})

describe('HZ4-M13 pieces', () => {
  test('HZ4-M13 places of a list: every one once, in no order', () => {
    fc.assert(
      fc.property(fc.nat(65_535), fc.nat(placesPerList - 1), (half, shift) => {
        const list = { multiplier: half * 2 + 1, shift }
        const dealt = Array.from({ length: 2000 }, (_, n) => placeOf(list, n * 65))
        expect(new Set(dealt).size).toBe(2000)
        expect(dealt.every((place) => place >= 0 && place < placesPerList)).toBe(true)
      }),
      { numRuns: 20 },
    )
    const all = new Set(Array.from({ length: placesPerList }, (_, n) => placeOf({ multiplier: 77_777, shift: 5 }, n)))
    expect(all.size).toBe(placesPerList)
  })

  test('HZ4-M13 exactly the bits that were set are set', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(placesPerList - 1), { maxLength: 30 }),
        fc.nat(placesPerList - 1),
        async (places, asked) => {
          expect(await isSet(packed(places), asked)).toBe(places.includes(asked))
        },
      ),
      { numRuns: 40 },
    )
    expect(bitstring([0])[0]).toBe(0x80)
    expect(bitstring([15])[1]).toBe(0x01)
    await expect(isSet(packed([]), placesPerList)).rejects.toThrow(RangeError)
    await expect(isSet(packed([]).slice(1), 0)).rejects.toThrow(RangeError)
    const bomb = `u${toBase64url(gzipSync(new Uint8Array(9 * 1024 * 1024)))}`
    await expect(isSet(bomb, 0)).rejects.toThrow(/too much/)
  })

  test('HZ4-M13 keys and texts come back as they went', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        expect(toMultikey(bytes)).toMatch(/^z6Mk/)
        expect(fromMultikey(toMultikey(bytes))).toEqual(bytes)
        expect(fromBase64url(toBase64url(bytes))).toEqual(bytes)
      }),
    )
    expect(did).toBe('did:web:hzpx.example%3A8443')
  })
})

function leavesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
}
function at(document: Json, path: string[]): { holder: Json; last: string } {
  const holder = path.slice(0, -1).reduce<Json>((inside, name) => inside[name] as Json, document)
  return { holder, last: path.at(-1) ?? '' }
}
