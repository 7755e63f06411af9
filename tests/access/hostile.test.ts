/** A curious outsider with nothing but a connection: what no page may answer with an error of ours, or believe. */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { signInAs } from '../setup/accounts.ts'
import { startSite, type TestSite } from '../setup/site.ts'

let site: TestSite
let official: string
beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const wanted = { roles: [{ role: 'audit-reader' }, { role: 'statistician' }] }
  official = (await signInAs(site.db, site.url, wanted)).cookie
})
afterAll(() => site.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(site.address + path, { redirect: 'manual', headers })
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(site.address + path, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
    headers: { origin: site.address, ...headers },
  })

const nasty = [
  '%00',
  'a%00b',
  '%ED%A0%80',
  '%FF',
  "'--",
  '%5C',
  '(',
  '[',
  '*'.repeat(400),
  '1e999',
  '-0',
  '99999999999999999999',
  'NaN',
]

describe('HZ4-M13 what an outsider types in an address', () => {
  const filters = {
    '/classes': ['q', 'cursor', 'programme', 'subdistrict', 'from', 'mode', 'page', 'occupation', 'level'],
    '/search': ['q'],
    '/plan': ['basis', 'as', 'year', 'on', 'subdistrict'],
    '/providers': ['q', 'cursor', 'type'],
    '/publicity': ['q', 'cursor', 'state'],
    '/funds': ['year'],
    '/calculator': ['programme', 'hours', 'persons', 'year', 'on'],
    '/policy': ['q'],
    '/verify': ['code'],
    '/sign-in': ['next', 'with', 'error'],
    '/preferences': ['next', 'size'],
    '/api/v1/classes': ['q', 'cursor', 'limit'],
    '/api/v1/publicity': ['cursor'],
    '/api/v1/certificates/verification': ['code', 'number', 'name'],
  }
  test.each(Object.entries(filters))('HZ4-M13 %s answers whatever stands in its filters', async (path, names) => {
    for (const name of names) {
      for (const value of nasty) {
        const { status } = await get(`${path}?${name}=${value}`)
        expect(status, `${path}?${name}=${value}`).toBeLessThan(500)
      }
    }
  })

  test('HZ4-M13 the desks of officials answer them too', async () => {
    const desks = {
      '/office/audit': ['subject', 'actor', 'command', 'from', 'to', 'cursor'],
      '/office/people': ['q', 'cursor'],
      '/office/organisations': ['q', 'cursor', 'type'],
      '/office/board': ['basis', 'on', 'from', 'to'],
      '/office/claims': ['q', 'state', 'cursor'],
      '/office/classes': ['q', 'state', 'cursor'],
      '/office/certificates': ['q', 'cursor', 'number'],
      '/office/ledger': ['year', 'cursor', 'kind'],
    }
    for (const [path, names] of Object.entries(desks)) {
      for (const name of names) {
        for (const value of nasty) {
          const { status } = await get(`${path}?${name}=${value}`, { cookie: official })
          expect(status, `${path}?${name}=${value}`).toBeLessThan(500)
        }
      }
    }
  })

  test('HZ4-M13 strange paths are pages that are not there, or the same page', async () => {
    for (const path of [
      '//evil.example/x',
      '/%2F%2Fevil.example',
      '/classes/%00',
      '/classes/..%2F..%2Foffice',
      '/classes/%ED%A0%80',
      '/%',
      '/office%2Fpeople',
      '//office/people',
      '/office/people/',
      '/OFFICE/PEOPLE',
      '/office/people.data',
      '/.env',
      '/assets/..%2f..%2fpackage.json',
      '/rule/%00',
      '/policy/%00',
      '/plan/%00',
      '/verify/%00',
      '/s/%00',
      '/api/v1/classes/%00',
      '/api/v1//classes',
      '/api/auth/sign-in/username',
    ]) {
      const answer = await get(path)
      expect(answer.status, path).toBeLessThan(500)
      expect(answer.headers.get('location') ?? '', path).not.toMatch(/^\/\/|^https?:/)
      if (/people/i.test(path)) expect(await answer.text(), path).not.toContain('人员查询')
    }
  })

  test('HZ4-M13 nobody is sent elsewhere by a page of ours', async () => {
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      '/.//evil.example',
      'https://evil.example',
      '//[',
      '/\t/evil.example',
      '/%09/evil.example',
    ]) {
      for (const path of ['/sign-in', '/preferences', '/welcome', '/sign-in/factor']) {
        const answer = await get(`${path}?size=large&next=${encodeURIComponent(next)}`, { cookie: official })
        expect(answer.status, `${path} ${next}`).toBeLessThan(500)
        const location = answer.headers.get('location') ?? '/'
        expect(new URL(location, 'http://here.invalid').host, `${path} ${next}`).toBe('here.invalid')
      }
    }
  })
})

describe('HZ4-M13 what an outsider types in a form', () => {
  test.each([
    ['/sign-in', { intent: 'password', username: 'a\0b', password: 'x\0'.repeat(9) }],
    ['/sign-in', { intent: 'code', phone: '\0' }],
    ['/sign-in', { intent: 'phone', phone: '13900000000', code: '\0' }],
    ['/verify', { number: '440105-2021-000001-0', name: '\0张' }],
    ['/verify', { by: 'code', code: '\0' }],
    [
      '/report-problem',
      { kind: 'other', about: 'a\0b', text: '一二三四五六七八九十\0一二三四五六七八九十', contact: '' },
    ],
    [
      '/report-problem',
      { kind: 'other', about: '\ud800', text: '一二三四五六七八九十一二三四五六七八九十', contact: '' },
    ],
  ])('HZ4-M13 %s takes no offence', async (path, fields) => {
    const answer = await post(path, fields)
    expect(answer.status).toBeLessThan(500)
  })

  test('HZ4-M13 a form from elsewhere is turned away, whatever it says of itself', async () => {
    const elsewhere = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `${site.address}.evil.example` },
      { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      { origin: '', 'sec-fetch-site': 'cross-site' },
    ]
    for (const headers of elsewhere) {
      const answer = await post('/account', { intent: 'everywhere' }, { cookie: official, ...headers })
      expect(answer.status, JSON.stringify(headers)).toBe(403)
    }
  })

  test('HZ4-M13 a method in a field or a header changes nothing', async () => {
    const answer = await fetch(`${site.address}/sign-out?_method=POST`, {
      redirect: 'manual',
      headers: { cookie: official, 'x-http-method-override': 'POST' },
    })
    await answer.text()
    const still = await get('/account', { cookie: official })
    expect(still.status).toBe(200)
  })
})

/** One request written by hand, and the first line of the answer. */
function raw(text: string): Promise<string> {
  const { port } = new URL(site.address)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text))
    socket.setTimeout(5_000, () => socket.destroy())
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer.split('\r\n', 1)[0] ?? ''))
    socket.on('error', () => resolve(answer.split('\r\n', 1)[0] ?? 'closed'))
  })
}

describe('HZ4-M13 what is written by hand on the connection', () => {
  const host = 'Host: 127.0.0.1\r\nConnection: close\r\n'
  test.each([
    ['two lengths', `POST /sign-in HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 30\r\n\r\na=b`],
    [
      'length and pieces',
      `POST /sign-in HTTP/1.1\r\n${host}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    ],
    ['a broken piece', `POST /sign-in HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ])('HZ4-M13 %s: refused by the parser', async (_, text) => {
    expect(await raw(text)).toMatch(/ 400 /)
  })

  test.each([
    ['no host', 'GET / HTTP/1.0\r\n\r\n'],
    ['a strange host', 'GET / HTTP/1.1\r\nHost: evil.example:99999\r\nConnection: close\r\n\r\n'],
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b@[\r\nConnection: close\r\n\r\n'],
    ['a whole address', `GET http://evil.example/ HTTP/1.1\r\n${host}\r\n`],
    ['an asterisk', `OPTIONS * HTTP/1.1\r\n${host}\r\n`],
  ])('HZ4-M13 %s: answered without an error of ours', async (_, text) => {
    expect(await raw(text)).not.toMatch(/ 5\d\d |^$/)
  })

  test('HZ4-M13 a body larger than a form may be is cut off, said beforehand or in pieces', async () => {
    const piece = `${'a'.repeat(0xffff)}`
    const pieces = `ffff\r\n${piece}\r\n`.repeat(40)
    const head = `POST /sign-in HTTP/1.1\r\n${host}Origin: http://127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n`
    expect(await raw(`${head}Content-Length: 9000000\r\n\r\na=b`)).toMatch(/ 413 /)
    expect(await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${pieces}0\r\n\r\n`)).toMatch(/ 413 /)
  })
})

describe('HZ4-M13 where a request says it comes from', () => {
  test('HZ4-M13 without proxies of ours, a made-up address buys no further tries', async () => {
    const left = async (n: number) => {
      const answer = await get('/api/v1/plan', { 'x-forwarded-for': `203.0.113.${n}`, 'x-real-ip': `203.0.113.${n}` })
      return Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1])
    }
    const [first, second, third] = [await left(1), await left(2), await left(3)]
    // a new window may begin in between
    expect(second < first || third < second, `${first} ${second} ${third}`).toBe(true)
  })
})
