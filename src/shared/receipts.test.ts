import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readReceipt, receiptFrom } from './receipts.ts'

test('HZ4-M13 a receipt code is read back however it is typed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
      const code = receiptFrom(bytes)
      fc.pre(code !== null)
      expect(code).toMatch(/^[2-9A-HJ-NP-TV-Z]{4}(-[2-9A-HJ-NP-TV-Z]{4}){2}$/)
      expect(readReceipt(code ?? '')).toBe(code)
      expect(readReceipt(` ${code?.toLowerCase().replaceAll('-', ' ')}`)).toBe(code)
    }),
  )
})

test('HZ4-M13 what is no receipt code is none', () => {
  for (const typed of ['', 'ABCD', 'ABCD-EFGH-JKM1', 'ABCD-EFGH-JKMNP', '甲乙丙丁'])
    expect(readReceipt(typed)).toBeNull()
  expect(receiptFrom([255, 255, 0])).toBeNull()
})
