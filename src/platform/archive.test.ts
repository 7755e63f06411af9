import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ArchiveError, pack, unpack } from '#platform/archive.ts'

const all = () => true

test('what was packed comes out again', () => {
  const entries = fc.dictionary(fc.stringMatching(/^[a-z/]{1,20}\.xml$/), fc.uint8Array({ maxLength: 300 }), {
    maxKeys: 8,
  })
  fc.assert(
    fc.property(entries, (dictionary) => {
      const packed = new Map(Object.entries(dictionary).map(([name, bytes]) => [name, Buffer.from(bytes)]))
      expect(unpack(pack(packed), 10_000, all)).toEqual(packed)
    }),
  )
})

describe('hostile archives', () => {
  const one = pack(new Map([['a.xml', Buffer.from('hello')]]))
  const reasonOf = (bytes: Uint8Array, max = 1_000) => {
    try {
      unpack(bytes, max, all)
      return 'ok'
    } catch (error) {
      expect(error).toBeInstanceOf(ArchiveError)
      return (error as ArchiveError).reason
    }
  }

  /** `one` with its content replaced by deflated zeros, while the headers go on claiming five bytes. */
  function bomb(size: number): Buffer {
    const body = deflateRawSync(Buffer.alloc(size))
    const at = one.indexOf('hello')
    const bytes = Buffer.concat([one.subarray(0, at), body, one.subarray(at + 5)])
    const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
    bytes.writeUInt16LE(8, central + 10)
    bytes.writeUInt32LE(body.length, central + 20)
    bytes.writeUInt32LE(central, bytes.length - 6)
    return bytes
  }

  test('a bomb stops at the limit, whatever its headers claim', () => {
    expect(bomb(50_000_000).length).toBeLessThan(60_000)
    expect(reasonOf(bomb(50_000_000))).toBe('too-large')
  })

  test('the limit holds for all entries together', () => {
    const many = pack(new Map(Array.from({ length: 10 }, (_, i) => [`${i}.xml`, Buffer.alloc(200)])))
    expect(reasonOf(many, 2_000)).toBe('ok')
    expect(reasonOf(many, 1_999)).toBe('too-large')
  })

  test('a changed content is noticed', () => {
    const changed = Buffer.from(one)
    changed.write('j', changed.indexOf('hello'))
    expect(reasonOf(changed)).toBe('damaged')
  })

  test('encrypted entries are named as such', () => {
    const locked = Buffer.from(one)
    locked.writeUInt16LE(1, locked.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 8)
    expect(reasonOf(locked)).toBe('encrypted')
  })

  test('noise and cut files never throw anything else', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => void reasonOf(noise)))
    for (let length = 0; length < one.length; length++) expect(reasonOf(one.subarray(0, length))).not.toBe('ok')
    fc.assert(
      fc.property(fc.nat(one.length - 1), fc.nat(255), (at, byte) => {
        const noisy = Buffer.from(one)
        noisy[at] = byte
        reasonOf(noisy)
      }),
    )
  })
})
