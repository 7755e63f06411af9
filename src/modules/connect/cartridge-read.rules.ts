import { childOf, childrenOf, descendants, type XmlNode } from '#shared/xml.ts'

export type Entry = {
  chapter: number
  chapterTitle: string
  title: string
  /** What the document calls it, without its version: `webcontent`, `imswl`, `imsbasiclti`, `assessment`, … */
  kind: string
  path: string
}
export type Cartridge = {
  title: string
  summary: string
  version: string
  entries: Entry[]
  bank: string | null
  left: string[]
}

const kindOf = (type: string): string => {
  if (type.includes('/assessment')) return 'assessment'
  if (type.includes('/question-bank')) return 'question-bank'
  return type.replace(/_xmlv\d+p\d+$/, '').split('/')[0] ?? type
}
const titleOf = (node: XmlNode | undefined) => (node && childOf(node, 'title')?.text.trim()) || ''

/** Folders of the first level become chapters; what lies deeper keeps its order in its chapter. @clause HZ4-M13 */
export function readManifest(root: XmlNode): Cartridge | undefined {
  if (root.name !== 'manifest') return undefined
  const metadata = childOf(root, 'metadata')
  if (!/common cartridge/i.test((metadata && childOf(metadata, 'schema')?.text) ?? '')) return undefined
  const resources = new Map<string, { kind: string; path: string }>()
  const list = childOf(root, 'resources')
  for (const node of list ? childrenOf(list, 'resource') : []) {
    const path = node.attributes.href ?? childOf(node, 'file')?.attributes.href ?? ''
    resources.set(node.attributes.identifier ?? '', { kind: kindOf(node.attributes.type ?? ''), path })
  }
  const texts = (name: string) => [...(metadata ? descendants(metadata) : [])].find((node) => node.name === name)
  const stringIn = (node: XmlNode | undefined) => (node && childOf(node, 'string')?.text.trim()) || ''
  const top = [...descendants(root)].find(({ name }) => name === 'organization')
  const rootItem = top && childOf(top, 'item')
  const cartridge: Cartridge = {
    title: stringIn(texts('title')),
    summary: stringIn(texts('description')),
    version: (metadata && childOf(metadata, 'schemaversion')?.text) ?? '',
    entries: [],
    bank: [...resources.values()].find(({ kind }) => kind === 'question-bank')?.path ?? null,
    left: [],
  }
  let chapter = 0
  let loose = false
  for (const item of rootItem ? childrenOf(rootItem, 'item') : []) {
    const leaf = item.attributes.identifierref !== undefined
    // loose pieces one after another share a chapter
    if (!leaf || !loose) chapter++
    loose = leaf
    const chapterTitle = (leaf ? '' : titleOf(item)).slice(0, 120) || `第${chapter}章`
    for (const node of [item, ...descendants(item)].filter((one) => one.name === 'item')) {
      const ref = node.attributes.identifierref
      if (ref === undefined) continue
      const found = resources.get(ref)
      const title = titleOf(node).slice(0, 120) || '未命名'
      if (!found) cartridge.left.push(`“${title}”：文件里没有它的内容`)
      else if (
        !cartridge.entries.some((one) => one.path === found.path && one.chapter === chapter && one.title === title)
      )
        cartridge.entries.push({ chapter, chapterTitle, title, ...found })
    }
  }
  return cartridge
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }
const plainText = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) =>
    decimal
      ? String.fromCodePoint(Number(decimal))
      : hex
        ? String.fromCodePoint(Number.parseInt(hex, 16))
        : (entities[String(name).toLowerCase()] ?? whole),
  )

/** A page of a cartridge as Markdown: its own, when it brought it along; otherwise headings, lists, links and paragraphs. */
export function textOfPage(html: string): string {
  const own = /<meta name="markdown" content="([^"]*)">/.exec(html)?.[1]
  if (own !== undefined) return plainText(own)
  const body = /<body[^>]*>([\s\S]*?)<\/body>/i.exec(html)?.[1] ?? html
  const text = body
    .replace(/<!--[\s\S]*?-->|<(script|style|head|template)\b[\s\S]*?<\/\1>/gi, '')
    .replace(
      /<h([1-6])[^>]*>([\s\S]*?)<\/h\1>/gi,
      (_, level, within) => `\n\n${'#'.repeat(Number(level))} ${within}\n\n`,
    )
    .replace(/<li[^>]*>/gi, '\n- ')
    .replace(/<a\b[^>]*href="(https?:[^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, '[$2]($1)')
    .replace(/<\/?(strong|b)>/gi, '**')
    .replace(/<(br|hr)\s*\/?>/gi, '\n')
    .replace(/<\/(p|div|tr|table|ul|ol|section|article)>/gi, '\n\n')
    .replace(/<[^>]*>/g, '')
  return plainText(text)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Address and title of a web link, or of a tool's link. */
export function readWebLink(root: XmlNode): { title: string; url: string } {
  return { title: titleOf(root), url: childOf(root, 'url')?.attributes.href ?? '' }
}
export function readToolLink(root: XmlNode): { title: string; url: string; custom: Record<string, string> } {
  const all = [...descendants(root)]
  const find = (name: string) => all.find((node) => node.name === name)?.text.trim() ?? ''
  const properties = all
    .filter(({ name }) => name === 'property')
    .map((node) => [node.attributes.name ?? '', node.text] as const)
  return {
    title: find('title'),
    url: find('secure_launch_url') || find('launch_url'),
    custom: Object.fromEntries(properties.filter(([name]) => name !== '')),
  }
}
