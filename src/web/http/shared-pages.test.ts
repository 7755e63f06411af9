import { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import type { Env } from './env.ts'
import { sharedPages } from './shared-pages.ts'

let made: string[]
let time: number
let app: Hono<Env>

beforeEach(() => {
  made = []
  time = 0
  app = new Hono<Env>()
  app.use(sharedPages(() => time))
  app.all('*', async (c) => {
    made.push(c.req.path)
    await new Promise((resolve) => setTimeout(resolve, 0))
    if (c.req.query('cookie')) c.header('set-cookie', 'a=b')
    return c.text(`page ${made.length}`, c.req.query('fail') ? 500 : 200)
  })
})
const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  (await app.request(path, { headers, method })).text()

test('many who ask at once get one page', async () => {
  const pages = await Promise.all(Array.from({ length: 20 }, () => ask('/classes?q=粤菜')))
  expect(new Set(pages)).toEqual(new Set(['page 1']))
  expect(made).toHaveLength(1)
})

test('after two seconds the page is made anew', async () => {
  expect(await ask('/classes')).toBe('page 1')
  time = 1_999
  expect(await ask('/classes')).toBe('page 1')
  time = 2_000
  expect(await ask('/classes')).toBe('page 2')
})

test('another address, another display or another encoding is another page', async () => {
  await ask('/classes')
  await ask('/classes?mode=online')
  await ask('/classes', { cookie: 'display=large' })
  await ask('/classes', { 'accept-encoding': 'gzip, br' })
  expect(made).toHaveLength(4)
})

test.each([
  ['signed in', '/classes', { cookie: 'display=large; skills.session_token=x' }, 'GET'],
  ['signed in over https', '/classes', { cookie: '__Secure-skills.session_token=x' }, 'GET'],
  ['a program with a key', '/classes', { authorization: 'Bearer hsk_x' }, 'GET'],
  ['a write', '/classes/7', {}, 'POST'],
  ['a page of one person', '/my', {}, 'GET'],
  ['a check-in', '/s/7', {}, 'GET'],
  ['an answer with a cookie', '/classes?cookie=1', {}, 'GET'],
  ['a failure', '/classes?fail=1', {}, 'GET'],
] as const)('never shared: %s', async (_, path, headers, method) => {
  await ask(path, headers, method)
  await ask(path, headers, method)
  expect(made).toHaveLength(2)
})

test('who is signed in neither reads nor leaves a shared page', async () => {
  const cookie = { cookie: 'skills.session_token=x' }
  expect(await ask('/classes')).toBe('page 1')
  expect(await ask('/classes', cookie)).toBe('page 2')
  expect(await ask('/classes')).toBe('page 1')
})

test('however many addresses are asked for, only so many are kept', async () => {
  for (let i = 0; i < 510; i++) await ask(`/classes?q=${i}`)
  made = []
  await ask('/classes?q=509')
  await ask('/classes?q=0')
  expect(made).toHaveLength(1)
})
