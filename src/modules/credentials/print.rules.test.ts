import decodeQR from 'qr/decode.js'
import QRCode from 'qrcode'
import { expect, test } from 'vitest'
import { newSigningKey, signBytes } from '#platform/signature.ts'
import { compactOf, offlineUrl } from './credential.rules.ts'
import type { CredentialFacts, Issuer } from './credential.schema.ts'
import { asJwt, type Signer } from './key.queries.ts'

/** The printed code, drawn, photographed and read: as it stands on the second page, and as it would on the first. */
const issuer: Issuer = { origin: 'https://hzpx.haizhu.gov.cn', name: '海珠区职业培训云平台' }
const pair = newSigningKey()
const signer: Signer = { number: 12, sign: (bytes) => signBytes(pair.privateText, bytes) }
const facts = {
  kind: 'training',
  number: '440105-2021-000007-6',
  programme: '企业职工岗位技能提升培训',
  course: '中式烹调师（粤式点心制作）岗位技能提升培训第三期',
  hours: 120,
  trainedBy: { id: '', name: '广州市海珠区味道餐饮职业培训学校有限公司' },
  issuedAt: new Date('2021-09-15T02:00:00Z'),
  list: 12,
  place: 131_071,
} as CredentialFacts
const url = offlineUrl(issuer.origin, asJwt(signer, issuer, compactOf(issuer, facts, '古丽巴哈尔·艾合买提')))
const { modules } = QRCode.create(url, { errorCorrectionLevel: 'M' })
const quiet = 4
const side = modules.size + 2 * quiet

/** Dark modules of the sheet, quiet zone included. */
const dark = Uint8Array.from({ length: side * side }, (_, at) => {
  const [x, y] = [(at % side) - quiet, Math.floor(at / side) - quiet]
  return x >= 0 && y >= 0 && x < modules.size && y < modules.size && modules.get(y, x) ? 1 : 0
})

/** A picture of the code with so many pixels a module, soft as a lens is and grainy as a sensor is. */
function photograph(pixels: number): { width: number; height: number; data: Uint8ClampedArray } {
  const width = Math.round(side * pixels)
  const data = new Uint8ClampedArray(width * width * 4).fill(255)
  const spread = [-0.4, 0.1, 0.6, 1.1] // over a pixel and a bit of its neighbours
  let seed = 1
  for (let y = 0; y < width; y++) {
    const rows = spread.map((by) => Math.min(side - 1, Math.max(0, Math.floor((y + by) / pixels))) * side)
    for (let x = 0; x < width; x++) {
      let seen = 0
      for (const by of spread) {
        const column = Math.min(side - 1, Math.max(0, Math.floor((x + by) / pixels)))
        for (const row of rows) seen += dark[row + column] ?? 0
      }
      seed = (seed * 48_271) % 2_147_483_647
      const grey = 225 - (seen / spread.length ** 2) * 185 + (seed / 2_147_483_647 - 0.5) * 30
      const at = (y * width + x) * 4
      data[at] = data[at + 1] = data[at + 2] = grey
    }
  }
  return { width, height: width, data }
}
const readsAt = (pixels: number) => {
  try {
    return decodeQR(photograph(pixels), { effort: 8, timeLimit: 1000 }) === url
  } catch {
    return false
  }
}

test('HZ4-M13 the signed code on its own page is read from a photograph of the whole sheet; at 30 mm it would not be', () => {
  const millimetres = (width: number) => width / side
  // A sheet of 297 mm across 1920 pixels: what a phone's video sees of a page held at arm's length.
  const pixels = (width: number) => (millimetres(width) / 297) * 1920
  console.info(
    `signed code: ${url.length} letters, ${modules.size} modules; at 106 mm ${millimetres(106).toFixed(2)} mm a module, at 30 mm ${millimetres(30).toFixed(2)} mm`,
  )
  expect(millimetres(106)).toBeGreaterThan(0.5)
  expect(millimetres(30)).toBeLessThan(0.33)
  expect(readsAt(pixels(106))).toBe(true)
  expect(readsAt(pixels(30))).toBe(false)
})
