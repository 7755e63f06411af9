/** XML as text: every value escaped, nothing else clever. */
export type Xml = { xml: string }

const letters: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** XML has no place for most control characters, however they are written. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[&<>"]/g, (letter) => letters[letter] ?? letter)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')

type Attributes = Record<string, string | number | undefined>
type Inner = Xml | string | false | null | undefined | readonly Inner[]

function inner(value: Inner): string {
  if (typeof value === 'string') return escapeXml(value)
  if (!value) return ''
  return 'xml' in value ? value.xml : value.map(inner).join('')
}

export function el(name: string, attributes: Attributes = {}, ...content: Inner[]): Xml {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('')
  const within = inner(content)
  return { xml: within === '' ? `<${name}${written}/>` : `<${name}${written}>${within}</${name}>` }
}

export const documentOf = (root: Xml): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`
