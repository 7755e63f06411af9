import { describe, expect, test } from 'vitest'
import { isNear } from '#shared/addresses.ts'
import { backOffSeconds, forwardAddress, meaningOf } from './forward.rules.ts'

describe('HZ4-M13 forwarding', () => {
  test('HZ4-M13 waits a minute, then twice as long each time, never more than six hours', () => {
    expect([1, 2, 3, 10, 50].map(backOffSeconds)).toEqual([60, 120, 240, 21_600, 21_600])
  })

  test('HZ4-M13 only what is said of the statement itself is final', () => {
    expect([200, 204].map(meaningOf)).toEqual(['taken', 'taken'])
    expect([400, 409, 413, 422].map(meaningOf)).toEqual(Array(4).fill('refused'))
    expect([0, 301, 401, 403, 404, 429, 500, 503].map(meaningOf)).toEqual(Array(8).fill('later'))
  })

  test.each([
    'http://lrs.example.com/xapi',
    'https://10.0.0.1/xapi',
    'https://[::1]/xapi',
    'https://localhost/xapi',
    'https://u:p@lrs.example.com/',
    'https://lrs.example.com/?a=1',
    'ftp://lrs.example.com',
    'lrs',
  ])('HZ4-M13 refuses %s', (address) => {
    expect(forwardAddress(address, false)).toMatchObject({ ok: false, refusal: { reason: 'forward-address' } })
  })

  test('HZ4-M13 takes an address with or without its last part', () => {
    for (const address of [
      'https://lrs.example.com/xapi',
      'https://lrs.example.com/xapi/',
      'https://lrs.example.com/xapi/statements',
    ])
      expect(forwardAddress(address, false)).toEqual({ ok: true, value: 'https://lrs.example.com/xapi' })
    expect(forwardAddress('http://127.0.0.1:3000/xapi', true).ok).toBe(true)
  })

  test('C25 machines near us cannot be reached through us', () => {
    const near = [
      '127.0.0.1',
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
    ]
    const nearToo = ['::1', '::ffff:10.0.0.1', 'fe80::1', 'fd00::1', '64:ff9b::a00:1']
    expect([...near, ...nearToo].filter((address) => !isNear(address))).toEqual([])
    expect(['8.8.8.8', '172.32.0.1', '2400:3200::1', '223.5.5.5'].filter(isNear)).toEqual([])
  })
})
