import { createHmac, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { sealOf } from './seal.ts'

test('HZ4-M13 the seal of a report is HMAC-SHA-256, whatever its length', () => {
  for (let length = 0; length < 200; length++) {
    const [key, text] = [randomBytes(length % 90).toString('hex'), '课'.repeat(length % 3) + 'x'.repeat(length)]
    expect(sealOf(key, text)).toBe(createHmac('sha256', key).update(text).digest('hex'))
  }
})
