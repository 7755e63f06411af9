import { descendants, type XmlNode } from '#shared/xml.ts'
import type { PictureFound } from './package.schema.ts'

/** What pictures are told by: their first twelve bytes. Drawings that may carry script (SVG) are none. */
export const headBytes = 12
export function pictureType(head: Uint8Array): string | undefined {
  const text = Buffer.from(head).toString('latin1')
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(text)) return 'image/gif'
  return text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP' ? 'image/webp' : undefined
}

export const mostPictures = 4
export const mostPictureBytes = 2 * 1024 * 1024

/** Type and size of each picture of the package, by its path. */
export type Images = ReadonlyMap<string, { type: string; size: number }>

/** Where an address in a file of the package leads; nothing when out of it. */
export function pathFrom(file: string, address: string): string | undefined {
  if (address === '' || /^[a-z][a-z0-9+.-]*:|^\//i.test(address)) return undefined
  const steps = file.split('/').slice(0, -1)
  let plain = address.replace(/[?#].*$/, '')
  try {
    plain = decodeURIComponent(plain)
  } catch {
    // meant as it stands
  }
  for (const part of plain.split('/')) {
    if (part === '..') {
      if (steps.pop() === undefined) return undefined
    } else if (part !== '.' && part !== '') steps.push(part)
  }
  return steps.join('/').normalize('NFC')
}

/**
 * The pictures in a text, in its order. A text: why the question cannot be taken in. Without words that say what it
 * shows nobody who cannot see a picture could answer, so those words are asked for.
 * @clause HZ4-M13
 */
export function picturesIn(body: XmlNode, file: string, images: Images): PictureFound[] | string {
  const found: PictureFound[] = []
  for (const node of descendants(body)) {
    if (node.name !== 'img') continue
    const address = node.attributes.src ?? ''
    const path = pathFrom(file, address)
    const image = path === undefined ? undefined : images.get(path)
    const name = address.slice(0, 80) || '（没有地址）'
    if (path === undefined) return `图片 ${name} 不在包里，不从别处取图`
    if (!image) return `图片 ${name} 不在包里，或不是 PNG、JPG、GIF、WebP`
    if (image.size > mostPictureBytes) return `图片 ${name} 超过 ${mostPictureBytes / 1024 ** 2} MB`
    const alt = (node.attributes.alt ?? '').trim()
    if (alt === '') return `图片 ${name} 没有替代文字（alt），看不见图的人无法作答`
    if (alt.length > 500) return `图片 ${name} 的替代文字超过 500 字`
    found.push({ path, alt, ...image })
  }
  return found
}
