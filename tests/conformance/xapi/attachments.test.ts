/** Attachments and signatures: sections of xAPI 1.0.3 part two (`D…`) and three (`C…`). The tests are our own. */
import { createHash, createSign, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { signatureUsage } from '#modules/records/statement.schema.ts'
import { type Caller, multipart, type Store, startStore, statement, verb } from '../../fixtures/xapi.ts'

let store: Store
let one: Caller
beforeAll(async () => {
  store = await startStore({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  one = await store.client()
})
afterAll(async () => {
  expect(store.reported).toEqual([])
  await store.close()
})

const sha = (bytes: string, algorithm = 'sha256') => createHash(algorithm).update(bytes).digest('hex')
const attachment = (bytes: string, change: Record<string, unknown> = {}) => ({
  ...{ usageType: 'https://e.example/usage', display: { en: 'A file' }, contentType: 'text/plain' },
  ...{ length: Buffer.byteLength(bytes), sha2: sha(bytes) },
  ...change,
})
const remote = { fileUrl: 'https://files.example/a.txt' }
const postJson = async (body: unknown) => (await one.call('POST', '/statements', { body })).status
const post = async (body: unknown, files: Parameters<typeof multipart>[1], by = one) =>
  (await by.call('POST', '/statements', multipart(body, files))).status

type Part = { headers: Record<string, string>; body: string }
function parts(answer: { text: string; headers: Headers }): Part[] {
  const boundary = /boundary=(.+)$/.exec(answer.headers.get('content-type') ?? '')?.[1]
  return answer.text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const [head = '', ...rest] = part.replace(/^\r\n/, '').split('\r\n\r\n')
      return {
        headers: Object.fromEntries(head.split('\r\n').map((line) => line.toLowerCase().split(': '))),
        body: rest.join('\r\n\r\n').replace(/\r\n$/, ''),
      }
    })
}

describe('D2.4.11 attachments', () => {
  test('D2.4.11.s2 usageType, display, contentType, length, sha2 in their forms', async () => {
    const good = attachment('x', remote)
    for (const [key, values] of Object.entries({
      usageType: [undefined, 'x', 1],
      display: [undefined, 'x', { '1': 'x' }],
      description: ['x'],
      contentType: [undefined, 'x', 1],
      length: [undefined, '1', -1, 1.5],
      sha2: [undefined, 'x', 'g'.repeat(64), 1],
      fileUrl: ['x', 1],
      extra: [1],
    }))
      for (const value of values)
        expect([key, value, await postJson(statement({ attachments: [{ ...good, [key]: value }] }))]).toEqual([
          key,
          value,
          400,
        ])
    for (const change of [
      {},
      { description: { 'zh-CN': '说明' } },
      { sha2: sha('x', 'sha512') },
      { sha2: sha('x', 'sha384') },
      { sha2: sha('x', 'sha224') },
      { contentType: 'text/plain; charset=ascii' },
    ])
      expect([change, await postJson(statement({ attachments: [{ ...good, ...change }] }))]).toEqual([change, 200])
    expect(await postJson(statement({ attachments: [] }))).toBe(200)
  })
})

describe('C1.5 transmission', () => {
  test('C1.5.1.s1 as JSON alone every attachment must have a fileUrl', async () => {
    expect(await postJson(statement({ attachments: [attachment('x')] }))).toBe(400)
    expect(await postJson(statement({ attachments: [attachment('x', remote), attachment('y')] }))).toBe(400)
    expect(await postJson(statement({ attachments: [attachment('x', remote)] }))).toBe(200)
  })
  test('C1.5.2.s3.b4 multipart with files is taken, and given back byte for byte, each file once', async () => {
    const binary = String.fromCharCode(...Array.from({ length: 128 }, (_, i) => i))
    const [a, b] = [
      statement({ attachments: [attachment(binary), attachment('shared')] }),
      statement({ attachments: [attachment('shared'), attachment('far', remote)] }),
    ]
    const files = [
      { sha2: sha(binary), bytes: binary },
      { sha2: sha('shared'), bytes: 'shared' },
    ]
    const mine = await store.client()
    expect(await post([a, b], files, mine)).toBe(200)
    const answer = await mine.call('GET', '/statements', { query: { attachments: 'true', ascending: 'true' } })
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=/)
    const [first, ...others] = parts(answer)
    expect(first?.headers).toEqual({ 'content-type': 'application/json' })
    expect(JSON.parse(first?.body ?? '')).toMatchObject({ statements: [{ id: a.id }, { id: b.id }], more: '' })
    expect(others).toEqual(
      files.map(({ sha2, bytes }) => ({
        body: bytes,
        headers: { 'content-type': 'text/plain', 'content-transfer-encoding': 'binary', 'x-experience-api-hash': sha2 },
      })),
    )
    const single = parts(await mine.call('GET', '/statements', { query: { attachments: 'true', statementId: b.id } }))
    expect(single.map(({ body }) => body).slice(1)).toEqual(['shared'])
    const plain = await mine.call('GET', '/statements', { query: { attachments: 'false', statementId: b.id } })
    expect(plain.headers.get('content-type')).toBe('application/json')
    expect(
      (await mine.call('GET', '/statements', { query: { attachments: 'true', verb: verb('none') } })).headers.get(
        'content-type',
      ),
    ).toMatch(/^multipart/)
  })
  test('C1.5.2 PUT with a file', async () => {
    const s = statement({ attachments: [attachment('put')] })
    expect(
      (
        await one.call('PUT', '/statements', {
          query: { statementId: s.id },
          ...multipart(s, [{ sha2: sha('put'), bytes: 'put' }]),
        })
      ).status,
    ).toBe(204)
  })
  test('C1.5.2.s3.b8 b9 multipart without attachments, or with remote ones only, is taken', async () => {
    expect(await post(statement(), [])).toBe(200)
    expect(await post(statement({ attachments: [attachment('x', remote)] }), [])).toBe(200)
  })
  test('C1.5.2 files of a sub-statement count', async () => {
    const object = {
      objectType: 'SubStatement',
      actor: { mbox: 'mailto:a@example.org' },
      verb: { id: verb('x') },
      object: { id: 'https://e.example/a' },
      attachments: [attachment('inner')],
    }
    expect(await postJson(statement({ object }))).toBe(400)
    expect(await post(statement({ object }), [{ sha2: sha('inner'), bytes: 'inner' }])).toBe(200)
  })
  test('C1.5.2.s2 s3.b5 what does not fit is refused whole', async () => {
    const s = () => statement({ attachments: [attachment('x')] })
    const file = { sha2: sha('x'), bytes: 'x' }
    expect(await post(s(), [])).toBe(400)
    expect(await post(s(), [{ ...file, sha2: sha('y') }])).toBe(400)
    expect(await post(s(), [{ ...file, bytes: 'tampered' }])).toBe(400)
    expect(await post(s(), [{ ...file, encoding: null }])).toBe(400)
    expect(await post(s(), [{ ...file, encoding: 'base64' }])).toBe(400)
    expect(await post(s(), [{ ...file, type: 'image/png' }])).toBe(400)
    expect(await post(s(), [file, { sha2: sha('stray'), bytes: 'stray' }])).toBe(400)
    expect(await post(statement({ attachments: [attachment('x', { length: 5 })] }), [file])).toBe(400)
    const raw = multipart(s(), [file])
    const send = async (change: Partial<typeof raw>) =>
      (await one.call('POST', '/statements', { ...raw, ...change })).status
    expect(await send({ headers: { 'content-type': 'multipart/mixed' } })).toBe(400)
    expect(await send({ headers: { 'content-type': 'multipart/mixed; boundary=other' } })).toBe(400)
    expect(await send({ raw: raw.raw.replace('--records-test--', '') })).toBe(400)
    expect(await send({ raw: raw.raw.replace('Content-Type: application/json', 'Content-Type: text/plain') })).toBe(400)
    expect(await send({ raw: raw.raw.replace(/X-Experience-API-Hash: .*\r\n/, '') })).toBe(400)
    expect(await send({ headers: { 'content-type': 'multipart/form-data; boundary=records-test' } })).toBe(400)
    expect(await send({})).toBe(200)
  })
  test('C4 another organisation’s file is not given out', async () => {
    const other = await store.client()
    await post(statement({ attachments: [attachment('secret')] }), [{ sha2: sha('secret'), bytes: 'secret' }])
    const s = statement({ attachments: [attachment('secret', remote)] })
    await other.call('POST', '/statements', { body: s })
    expect(
      parts(await other.call('GET', '/statements', { query: { statementId: s.id, attachments: 'true' } })),
    ).toHaveLength(1)
  })
})

describe('D2.6 signed statements', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  function jws(payload: unknown, header: Record<string, unknown> = { alg: 'RS256' }): string {
    const head = `${part(header)}.${part(payload)}`
    return `${head}.${createSign('sha256').update(head).sign(privateKey).toString('base64url')}`
  }
  const sign = async (s: Record<string, unknown>, signature: string, change: Record<string, unknown> = {}) => {
    const one = attachment(signature, { usageType: signatureUsage, contentType: 'application/octet-stream', ...change })
    return post({ ...s, attachments: [one] }, [
      { sha2: sha(signature), bytes: signature, type: String(one.contentType) },
    ])
  }
  test('D2.6.s4 the payload is the statement, signed with RS256, RS384 or RS512', async () => {
    for (const alg of ['RS256', 'RS384', 'RS512']) {
      const s = statement()
      expect(await sign(s, jws(s, { alg }))).toBe(200)
    }
    const s = statement({ timestamp: '2021-09-14T08:00:00Z' })
    expect(
      await sign(s, jws({ ...s, timestamp: '2021-09-14T16:00:00+08:00', verb: { id: verb('experienced') } })),
    ).toBe(200)
  })
  test('D2.6.s4 another statement, another algorithm, another form are refused', async () => {
    const s = statement()
    expect(await sign(s, jws({ ...s, verb: { id: verb('passed') } }))).toBe(400)
    expect(await sign(s, jws(s, { alg: 'HS256' }))).toBe(400)
    expect(await sign(s, jws(s, { alg: 'none' }))).toBe(400)
    expect(await sign(s, jws({ hello: 'x' }))).toBe(400)
    expect(await sign(s, 'not a signature')).toBe(400)
    expect(await sign(s, `${jws(s)}.more`)).toBe(400)
    expect(await sign(s, jws(s), { contentType: 'text/plain' })).toBe(400)
    expect((await one.call('GET', '/statements', { query: { statementId: s.id } })).status).toBe(404)
  })
  test('D2.6.s4 a signature must come along', async () => {
    const s = statement()
    const one = attachment(jws(s), { usageType: signatureUsage, contentType: 'application/octet-stream', ...remote })
    expect(await postJson({ ...s, attachments: [one] })).toBe(400)
  })
  test('D2.6.s4.b8 a certificate that cannot be read, or that does not fit, is refused', async () => {
    const s = statement()
    expect(await sign(s, jws(s, { alg: 'RS256', x5c: ['AAAA'] }))).toBe(400)
    expect(await sign(s, jws(s, { alg: 'RS256', x5c: [] }))).toBe(400)
  })
})
