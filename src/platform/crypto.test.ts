import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { cryptoFrom, loadKeys, SealError } from '#platform/crypto.ts'

const key = (fill: number) => Buffer.alloc(32, fill)
const crypto = cryptoFrom({ current: 'k2', keys: { k1: key(1), k2: key(2) }, indexKey: key(9) })
const old = cryptoFrom({ current: 'k1', keys: { k1: key(1) }, indexKey: key(9) })

describe('sealing', () => {
  test('opens again, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, context) => {
        const sealed = crypto.seal(text, context)
        expect(sealed).toMatch(/^v1\.k2\.[\w-]{16}\.[\w-]+$/)
        expect(crypto.open(sealed, context)).toBe(text)
      }),
    )
  })

  test('never gives the same result twice', () => {
    expect(crypto.seal('440105199001010017', 'person.document')).not.toBe(
      crypto.seal('440105199001010017', 'person.document'),
    )
  })

  test('refuses another context', () => {
    const sealed = crypto.seal('13800138000', 'person.phone')
    expect(() => crypto.open(sealed, 'person.document')).toThrow(new SealError('tampered'))
  })

  test('refuses any change of any letter', () => {
    const sealed = crypto.seal('6222021234567890123', 'account')
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...'AZaz09_-.'), (at, letter) => {
        fc.pre(sealed[at] !== letter)
        expect(() => crypto.open(sealed.slice(0, at) + letter + sealed.slice(at + 1), 'account')).toThrow(SealError)
      }),
      { numRuns: 500 },
    )
  })

  test.each(['', 'v1', 'v1.k2..', 'v2.k2.AAAA.AAAA', 'plain text', 'v1.k2.AAAAAAAAAAAAAAAA.AAAA'])(
    'refuses %j',
    (text) => expect(() => crypto.open(text, 'x')).toThrow(new SealError('format')),
  )
})

describe('rotation', () => {
  test('old keys still open; what they sealed is stale', () => {
    const before = old.seal('张三', 'person.name')
    expect(crypto.open(before, 'person.name')).toBe('张三')
    expect(crypto.isStale(before)).toBe(true)
    expect(crypto.isStale(crypto.seal('张三', 'person.name'))).toBe(false)
  })

  test('a key that is gone is named as such', () => {
    expect(() => old.open(crypto.seal('x', 'c'), 'c')).toThrow(new SealError('unknown-key'))
  })

  test('the blind index survives rotation', () => {
    expect(old.blindIndex('张三', 'name')).toBe(crypto.blindIndex('张三', 'name'))
  })
})

describe('index and digest', () => {
  test('the same value has one index per context, and the key matters', () => {
    expect(crypto.blindIndex('a', 'x')).toBe(crypto.blindIndex('a', 'x'))
    expect(crypto.blindIndex('a', 'x')).not.toBe(crypto.blindIndex('a', 'y'))
    expect(crypto.blindIndex('a', 'x')).toMatch(/^[\w-]{43}$/)
    const other = cryptoFrom({ current: 'k', keys: { k: key(2) }, indexKey: key(8) })
    expect(other.blindIndex('a', 'x')).not.toBe(crypto.blindIndex('a', 'x'))
  })

  test('a chain breaks wherever a link is changed', () => {
    const chain = (texts: string[]) => texts.reduce((previous, text) => crypto.digest(text, previous), '')
    const intact = chain(['a', 'b', 'c'])
    expect(intact).toMatch(/^[0-9a-f]{64}$/)
    for (const changed of [
      ['x', 'b', 'c'],
      ['a', 'x', 'c'],
      ['a', 'b', 'x'],
      ['b', 'a', 'c'],
      ['a', 'b'],
    ]) {
      expect(chain(changed)).not.toBe(intact)
    }
    expect(crypto.digest(Buffer.from('a'), intact)).toBe(crypto.digest('a', intact))
  })
})

describe('the key ring', () => {
  test('refuses keys of the wrong size, odd ids and a missing current key', () => {
    const index = key(9)
    expect(() => cryptoFrom({ current: 'k', keys: { k: Buffer.alloc(16) }, indexKey: index })).toThrow('32 bytes')
    expect(() => cryptoFrom({ current: 'k', keys: { k: key(1) }, indexKey: Buffer.alloc(0) })).toThrow('32 bytes')
    expect(() => cryptoFrom({ current: 'a.b', keys: { 'a.b': key(1) }, indexKey: index })).toThrow('key id')
    expect(() => cryptoFrom({ current: 'k9', keys: { k: key(1) }, indexKey: index })).toThrow('k9')
  })
})

describe('loading keys', () => {
  const root = mkdtempSync(join(tmpdir(), 'keys-'))
  afterAll(() => rmSync(root, { recursive: true }))

  test('from the environment, the first one current', () => {
    const env = {
      DATA_KEYS: `k2:${key(2).toString('base64')}, k1:${key(1).toString('base64')}`,
      INDEX_KEY: key(9).toString('base64'),
    }
    const loaded = cryptoFrom(loadKeys(root, env))
    expect(loaded.open(old.seal('张三', 'n'), 'n')).toBe('张三')
    expect(loaded.isStale(crypto.seal('x', 'n'))).toBe(false)
    expect(readdirSync(root)).toEqual([])
  })

  test('half an environment is a mistake, not a reason for new keys', () => {
    expect(() => loadKeys(root, { DATA_KEYS: 'k1:AAAA' })).toThrow('together')
    expect(() => loadKeys(root, { INDEX_KEY: 'AAAA' })).toThrow('together')
    expect(() => loadKeys(root, { DATA_KEYS: 'AAAA', INDEX_KEY: 'AAAA' })).toThrow('id:base64')
  })

  test('from a file made once, for its owner only', () => {
    const dir = join(root, 'new', 'data')
    const first = loadKeys(dir, {})
    expect(loadKeys(dir, {})).toEqual(first)
    expect(readdirSync(dir)).toEqual(['keys.json'])
    expect(statSync(join(dir, 'keys.json')).mode & 0o777).toBe(0o600)
    const sealed = cryptoFrom(first).seal('x', 'c')
    expect(cryptoFrom(loadKeys(dir, {})).open(sealed, 'c')).toBe('x')
  })

  test('a damaged file is never replaced', () => {
    const dir = mkdtempSync(join(root, 'damaged-'))
    writeFileSync(join(dir, 'keys.json'), '{')
    expect(() => loadKeys(dir, {})).toThrow('backup')
  })
})
