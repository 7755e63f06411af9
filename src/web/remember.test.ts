import { expect, test } from 'vitest'
import type { Current } from './ctx.ts'
import { drawnFrom, drawnOnce } from './remember.ts'
import { shellOf } from './shell.ts'

const counter = () => {
  let times = 0
  return { draw: () => `page ${++times}`, times: () => times }
}

test('HZ4-M13 the same data at the same address is drawn once', () => {
  const { draw, times } = counter()
  const rows = () => ({ classes: { rows: [{ id: 'a', left: 3, on: new Date('2021-09-15T02:00:00Z') }] } })
  expect(drawnOnce('/once', rows(), draw)).toBe(drawnOnce('/once', rows(), draw))
  expect(times()).toBe(1)
})

test('HZ4-M13 one place less, another address, another kind of value: drawn anew', () => {
  const { draw } = counter()
  const pages = [
    ['/other', { left: 3 }],
    ['/other', { left: 2 }],
    ['/other?q=x', { left: 3 }],
    ['/other', { left: '3' }],
    ['/other', { left: new Map([['a', 3]]) }],
    ['/other', { left: new Map([['a', 4]]) }],
    ['/other', { left: undefined }],
    ['/other', {}],
  ] as const
  const drawn = pages.map(([url, data]) => drawnOnce(url, data, draw).html)
  expect(new Set(drawn).size).toBe(pages.length)
})

test('HZ4-M13 data that cannot be written down is drawn each time; old pages go', () => {
  const { draw, times } = counter()
  const odd = { later: () => 1 }
  expect(drawnOnce('/odd', odd, draw).html).not.toBe(drawnOnce('/odd', odd, draw).html)
  const first = drawnOnce('/0', { n: -1 }, draw)
  for (let n = 0; n < 400; n++) drawnOnce('/many', { n }, draw)
  const before = times()
  expect(drawnOnce('/0', { n: -1 }, draw)).not.toBe(first)
  expect(times()).toBe(before + 1)
})

test('HZ4-M13 two visitors of the same page share its drawing, each request with a number of its own', () => {
  const { draw, times } = counter()
  const visit = (requestId: string) => {
    const asked = { ctx: { requestId, actor: { kind: 'anonymous' } }, session: null, demo: { label: '演示' } }
    const root = shellOf(new Request('http://site.example/shared'), asked as unknown as Current)
    expect(root.requestId).toBe(requestId)
    return drawnOnce('/shared', [drawnFrom({ root, 'routes/classes': { rows: [] } }), undefined], draw)
  }
  expect(visit('first')).toBe(visit('second'))
  expect(times()).toBe(1)
})
