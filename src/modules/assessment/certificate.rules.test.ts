import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  canonical,
  certificateNumber,
  codeText,
  parseCertificateNumber,
  parseCode,
  verificationCode,
} from './certificate.rules.ts'

const number = fc
  .record({ year: fc.integer({ min: 2020, max: 2099 }), serial: fc.integer({ min: 1, max: 999_999 }) })
  .map(({ year, serial }) => certificateNumber('440105', year, serial))

describe('R02 certificate number', () => {
  test('R02 district, year, serial, check character', () => {
    expect(certificateNumber('440105', 2021, 7)).toMatch(/^440105-2021-000007-[\dX]$/)
    for (const [year, serial] of [
      [21, 1],
      [2021, 0],
      [2021, 1_000_000],
      [2021, 1.5],
    ] as const) {
      expect(() => certificateNumber('440105', year, serial)).toThrow(RangeError)
    }
  })

  test('R02 is read back however it was typed', () => {
    fc.assert(
      fc.property(number, (n) => {
        expect(parseCertificateNumber(n)).toBe(n)
        expect(parseCertificateNumber(` ${n.replaceAll('-', '').toLowerCase()} `)).toBe(n)
        expect(parseCertificateNumber(n.replaceAll('-', '－'))).toBe(n)
      }),
    )
  })

  test('R02 every wrong digit and every swap of neighbours is noticed', () => {
    fc.assert(
      fc.property(number, fc.nat(15), fc.integer({ min: 1, max: 9 }), (n, at, by) => {
        const bare = n.replaceAll('-', '')
        const wrong = bare.slice(0, at) + ((Number(bare[at]) + by) % 10) + bare.slice(at + 1)
        expect(parseCertificateNumber(wrong)).toBeUndefined()
        const swapped = bare.slice(0, at) + bare[at + 1] + bare[at] + bare.slice(at + 2)
        if (swapped !== bare) expect(parseCertificateNumber(swapped)).toBeUndefined()
      }),
    )
  })

  test('R02 nonsense is no number', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        expect(parseCertificateNumber(typed)).toBeUndefined()
      }),
    )
  })
})

describe('R02 verification code', () => {
  test('R02 keeps 100 bits and is read back with its look-alikes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (random) => {
        const code = verificationCode(random)
        expect(parseCode(codeText(code).toLowerCase())).toBe(code)
        expect(parseCode(code.replaceAll('1', 'l').replaceAll('0', 'o'))).toBe(code)
        expect(parseCode(code.slice(1))).toBeUndefined()
      }),
    )
    expect(() => verificationCode(new Uint8Array(19))).toThrow(RangeError)
  })
})

describe('HZ4-M16 a record has one text', () => {
  test('HZ4-M16 the order of keys does not matter, everything else does', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const turned = Object.fromEntries(Object.entries(record).reverse())
        expect(canonical(turned)).toBe(canonical(record))
        expect(JSON.parse(canonical(record))).toEqual(JSON.parse(JSON.stringify(record)))
      }),
    )
    expect(canonical({ b: [1, { d: null, c: '张' }], a: undefined })).toBe('{"b":[1,{"c":"张","d":null}]}')
  })
})
