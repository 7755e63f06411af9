import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const font = (path: string) => readFileSync(require.resolve(`@expo-google-fonts/noto-sans-sc/${path}`))

let loaded: { regular: Buffer; bold: Buffer; covered: [number, number][] } | undefined

/** Noto Sans SC in two weights, read once. */
export function fonts() {
  if (!loaded) {
    const regular = font('400Regular/NotoSansSC_400Regular.ttf')
    loaded = { regular, bold: font('700Bold/NotoSansSC_700Bold.ttf'), covered: ranges(regular) }
  }
  return loaded
}

/** The characters of a text that the font cannot draw, each once. Rare characters in names do occur. */
export function missingIn(text: string): string[] {
  const { covered } = fonts()
  return [...new Set(Array.from(text).filter((letter) => !isCovered(covered, letter.codePointAt(0) as number)))]
}

/** 〓 is the printers' sign for a character that the fount does not hold. */
export const missingSign = '〓'

export function drawable(text: string): string {
  const missing = missingIn(text)
  return missing.length === 0
    ? text
    : Array.from(text, (letter) => (missing.includes(letter) ? missingSign : letter)).join('')
}

/** The words below a page that had to use the sign; empty when it had not. */
export function missingNote(text: string): string {
  const codes = missingIn(text).map((letter) => `U+${(letter.codePointAt(0) as number).toString(16).toUpperCase()}`)
  return codes.length === 0 ? '' : `${missingSign}为字库未收的字（${codes.join('、')}），以平台查验页显示为准`
}

function isCovered(covered: readonly [number, number][], code: number): boolean {
  if (code < 0x20) return true
  let low = 0
  let high = covered.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const [from, to] = covered[middle] as [number, number]
    if (code < from) high = middle - 1
    else if (code > to) low = middle + 1
    else return true
  }
  return false
}

/** The ranges of the font's format-12 character map, in order. */
function ranges(file: Buffer): [number, number][] {
  const tables = file.readUInt16BE(4)
  for (let i = 0; i < tables; i++) {
    const entry = 12 + i * 16
    if (file.toString('latin1', entry, entry + 4) !== 'cmap') continue
    const cmap = file.readUInt32BE(entry + 8)
    const subtables = file.readUInt16BE(cmap + 2)
    for (let j = 0; j < subtables; j++) {
      const at = cmap + file.readUInt32BE(cmap + 4 + j * 8 + 4)
      if (file.readUInt16BE(at) !== 12) continue
      const groups = file.readUInt32BE(at + 12)
      return Array.from({ length: groups }, (_, g) => [
        file.readUInt32BE(at + 16 + g * 12),
        file.readUInt32BE(at + 20 + g * 12),
      ])
    }
  }
  throw new Error('the font has no character map that we can read')
}
