import { expect, test } from 'vitest'
import { base32Of, stepAt, stepOf, totp, totpUri } from '#platform/totp.ts'

test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1234567890, '005924'],
  [20000000000, '353130'],
])('RFC 6238 at %s s', (seconds, code) => {
  expect(totp('12345678901234567890', stepAt(new Date(seconds * 1000)))).toBe(code)
})

test('a password of the neighbouring half minute counts, of the one before that not', () => {
  const now = new Date('2021-09-15T02:00:00Z')
  const code = totp('some-secret', stepAt(now) - 1)
  expect(stepOf('some-secret', code, now)).toBe(stepAt(now) - 1)
  expect(stepOf('some-secret', code, new Date(now.getTime() + 60_000))).toBeUndefined()
})

test('the secret is written as validator apps read it', () => {
  expect(base32Of('12345678901234567890')).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  expect(totpUri('海珠', 'li', 'abc')).toContain('otpauth://totp/%E6%B5%B7%E7%8F%A0:li?secret=MFRGG')
})
