/**
 * Draws the demonstration district's film, slide by slide, in a browser and writes it as WebM: each frame is a still
 * picture (WebP holds one VP8 key frame), so no codec is needed. `node bin/make-demo-film.ts` makes the same film anew.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchBrowser } from '../tests/setup/browser.ts'

const [width, height, secondsEach, stepSeconds] = [960, 540, 12, 4]
const slides: { title: string; lines: string[] }[] = [
  { title: '磨刀：上案之前的第一课', lines: ['钝刀要用力，用力就会打滑。', '每天收工前磨一次，比一周磨一次省力。'] },
  { title: '一、先看磨石', lines: ['粗石开刃，细石收口。', '水石泡到不再冒泡，下面垫湿毛巾防滑。'] },
  { title: '二、角度', lines: ['刀背抬起约两枚硬币的高度。', '角度一变，刃口就圆了：手腕不动，手臂推拉。'] },
  { title: '三、用力', lines: ['推出去用力，拉回来放松。', '三根手指压在正磨的那一段，从刀尖移到刀跟。'] },
  { title: '四、看卷刃', lines: ['指肚横着轻轻离开刃口，摸得到毛边就换另一面。', '两面的次数要一样。'] },
  { title: '五、收口和试刀', lines: ['细石上轻推几下去毛边，冲净擦干。', '用番茄皮试：不压就能切开。'] },
]

const browser = await launchBrowser()
const page = await browser.newPage({ viewport: { width, height } })
const pictures: Buffer[] = []
for (const [at, slide] of slides.entries()) {
  const draw = { ...slide, at, count: slides.length, width, height }
  const base64 = await page.evaluate(async ({ title, lines, at, count, width, height }) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const pen = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D
    pen.fillStyle = '#f4f7f6'
    pen.fillRect(0, 0, width, height)
    pen.fillStyle = '#0f5b57'
    pen.fillRect(0, 0, 16, height)
    pen.fillStyle = '#14323a'
    pen.font = '600 44px sans-serif'
    pen.fillText(title, 72, 140)
    pen.font = '30px sans-serif'
    lines.forEach((line, n) => {
      pen.fillText(line, 72, 240 + n * 64)
    })
    pen.fillStyle = '#5b6f74'
    pen.font = '20px sans-serif'
    pen.fillText(`${at + 1} / ${count}`, 72, height - 40)
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/webp', 0.8))
    const bytes = new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  }, draw)
  pictures.push(keyFrame(Buffer.from(base64, 'base64')))
}
await browser.close()

const perSlide = secondsEach / stepSeconds
const frames = pictures.flatMap((picture) => Array.from({ length: perSlide }, () => picture))
const file = join(import.meta.dirname, '../src/demo/media/knife.webm')
writeFileSync(file, webm(frames))
console.log(`${file}: ${frames.length * stepSeconds} s, ${webm(frames).length} bytes`)

/** The VP8 key frame inside a WebP picture. */
function keyFrame(webp: Buffer): Buffer {
  for (let at = 12; at + 8 <= webp.length; ) {
    const size = webp.readUInt32LE(at + 4)
    if (webp.toString('latin1', at, at + 4) === 'VP8 ') return webp.subarray(at + 8, at + 8 + size)
    at += 8 + size + (size % 2)
  }
  throw new Error('no VP8 in this picture')
}

function element(id: number, content: Buffer | readonly Buffer[]): Buffer {
  const body = Buffer.isBuffer(content) ? content : Buffer.concat(content)
  const head = Buffer.from(
    id.toString(16).padStart(id > 0xffffff ? 8 : id > 0xffff ? 6 : id > 0xff ? 4 : 2, '0'),
    'hex',
  )
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(body.length) | (1n << 56n))
  return Buffer.concat([head, size, body])
}
function number(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return element(id, bytes)
}
function float(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return element(id, bytes)
}
function text(id: number, value: string): Buffer {
  return element(id, Buffer.from(value))
}

/** Matroska's least: one track, one cluster a frame, cues so that a player can jump. */
function webm(frames: readonly Buffer[]): Buffer {
  const stepMs = stepSeconds * 1000
  const head = element(0x1a45dfa3, [
    ...[number(0x4286, 1), number(0x42f7, 1), number(0x42f2, 4), number(0x42f3, 8), text(0x4282, 'webm')],
    ...[number(0x4287, 2), number(0x4285, 2)],
  ])
  const info = element(0x1549a966, [
    ...[number(0x2ad7b1, 1_000_000), float(0x4489, frames.length * stepMs)],
    ...[text(0x4d80, 'haizhu'), text(0x5741, 'haizhu')],
  ])
  const picture = element(0xe0, [number(0xb0, width), number(0xba, height)])
  const track = [number(0xd7, 1), number(0x73c5, 1), number(0x83, 1), text(0x86, 'V_VP8'), picture]
  const tracks = element(0x1654ae6b, element(0xae, track))
  const clusters = frames.map((frame, n) =>
    element(0x1f43b675, [
      number(0xe7, n * stepMs),
      element(0xa3, Buffer.concat([Buffer.from([0x81, 0, 0, 0x80]), frame])),
    ]),
  )
  const cuesAt = (start: number) => {
    let at = start
    return element(
      0x1c53bb6b,
      clusters.map((cluster, n) => {
        const cue = element(0xbb, [number(0xb3, n * stepMs), element(0xb7, [number(0xf7, 1), number(0xf1, at)])])
        at += cluster.length
        return cue
      }),
    )
  }
  const cues = cuesAt(info.length + tracks.length + cuesAt(0).length)
  return Buffer.concat([head, element(0x18538067, [info, tracks, cues, ...clusters])])
}
