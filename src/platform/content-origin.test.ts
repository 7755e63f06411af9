import { expect, test } from 'vitest'
import { contentOrigin, contentSource, runsHere, weakContent } from './content-origin.ts'

const id = '0197c0de-0000-7000-8000-00000000ABCD'
const own = 'p0197c0de000070008000' + '00000000abcd'

test('HZ4-M13 with a star every package has a host of its own, and no other host shows it', () => {
  const config = { contentUrl: 'https://*.kejian.example.cn', contentPort: 3001 }
  const origin = contentOrigin(config, 'https://site.example.gov.cn/my', id)
  expect(origin).toBe(`https://${own}.kejian.example.cn`)
  expect(contentSource(config, 'https://site.example.gov.cn/')).toBe('https://*.kejian.example.cn')
  expect(runsHere(config, `${origin}/launch/x`, id)).toBe(true)
  expect(runsHere(config, `https://p${'0'.repeat(32)}.kejian.example.cn/launch/x`, id)).toBe(false)
})
test('HZ4-M13 without one all packages share an origin that is not the site’s', () => {
  const config = { contentUrl: undefined, contentPort: 3001 }
  expect(contentOrigin(config, 'http://localhost:3000/my', id)).toBe('http://127.0.0.1:3001')
  expect(contentOrigin(config, 'http://10.0.0.5:3000/my', id)).toBe('http://10.0.0.5:3001')
  expect(runsHere(config, 'http://127.0.0.1:3001/launch/x', id)).toBe(true)
  const named = { contentUrl: 'https://kejian.example.cn', contentPort: 3001 }
  expect(contentOrigin(named, 'http://localhost:3000/', id)).toBe('https://kejian.example.cn')
})
test('HZ4-M13 a weak address of lessons is said at the start of a public installation', () => {
  const publicUrl = 'https://peixun.example.gov.cn'
  const said = (contentUrl?: string) => weakContent({ publicUrl, contentUrl })
  expect(said('https://*.kejian.example.cn')).toEqual([])
  expect(said('https://kejian.example.cn')).toEqual([expect.stringContaining('no *')])
  expect(said('https://*.peixun.example.gov.cn')).toEqual([expect.stringContaining('shares a domain')])
  expect(said()).toEqual([expect.stringContaining('not set')])
  expect(weakContent({ publicUrl: undefined, contentUrl: undefined })).toEqual([])
})
