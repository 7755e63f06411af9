import sax from 'sax'

/** An element of a document, with where it stands. Names come without their prefix, with the namespace apart. */
export type XmlNode = {
  name: string
  namespace: string
  attributes: Record<string, string>
  children: XmlNode[]
  /** Text directly in it, in order, trimmed. */
  text: string
  line: number
}

export class XmlError extends Error {
  readonly line: number
  /** `malformed`: not XML; `doctype`: declares entities or types of its own; `too-deep`: nested beyond reason. */
  readonly reason: 'malformed' | 'doctype' | 'too-deep'
  constructor(reason: XmlError['reason'], line: number, detail: string) {
    super(detail)
    this.reason = reason
    this.line = line
  }
}

const deepest = 200

/**
 * Reads a document into a tree. Nothing is fetched and nothing expanded: a document type declaration with an internal
 * subset is refused, an entity that XML itself does not define is a fault.
 */
export function parseXml(source: string): XmlNode {
  const options: sax.SAXOptions & { strictEntities: boolean } = { xmlns: true, position: true, strictEntities: true }
  const parser = sax.parser(true, options)
  const stack: XmlNode[] = []
  let root: XmlNode | undefined
  const stop = (reason: XmlError['reason'], detail: string): never => {
    throw new XmlError(reason, parser.line + 1, detail)
  }
  parser.onerror = (error) => stop('malformed', (error.message.split('\n', 1)[0] ?? '').slice(0, 200))
  parser.ondoctype = (doctype) => {
    if (/[[]|<!ENTITY/i.test(doctype)) stop('doctype', 'the document declares entities of its own')
  }
  parser.onopentag = (tag) => {
    if (!('ns' in tag)) return
    const attributes: Record<string, string> = {}
    for (const attribute of Object.values(tag.attributes)) {
      if (typeof attribute === 'string' || ['xmlns', 'xsi'].includes(attribute.prefix) || attribute.name === 'xmlns')
        continue
      const name = attribute.prefix === 'xml' ? `xml:${attribute.local}` : attribute.local
      // one that belongs to somebody else's namespace gives way to the element's own of that name
      if (attribute.prefix !== '' && attribute.prefix !== 'xml' && name in tag.attributes) continue
      attributes[name] = attribute.value
    }
    const node: XmlNode = {
      name: tag.local,
      namespace: tag.uri ?? '',
      attributes,
      children: [],
      text: '',
      line: parser.line + 1,
    }
    const parent = stack.at(-1)
    if (parent) parent.children.push(node)
    else root = node
    stack.push(node)
    if (stack.length > deepest) stop('too-deep', `more than ${deepest} elements inside each other`)
  }
  const text = (chunk: string) => {
    const node = stack.at(-1)
    if (node) node.text += chunk
  }
  parser.ontext = text
  parser.oncdata = text
  parser.onclosetag = () => {
    const node = stack.pop()
    if (node) node.text = node.text.trim()
  }
  parser.write(source.replace(/^\uFEFF/, '')).close()
  if (!root) throw new XmlError('malformed', 1, 'the document has no element')
  return root
}

/** A document's bytes as text: by its mark, by what its declaration says, else UTF-8. Throws `XmlError`. */
export function xmlText(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 200))
  const named = /^[^<]*<\?xml[^>]*encoding=["']([\w.-]+)["']/.exec(head)?.[1]
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined
  try {
    return new TextDecoder(marked ?? named ?? 'utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new XmlError('malformed', 1, `the document is not in the encoding it names (${marked ?? named ?? 'utf-8'})`)
  }
}

export const childrenOf = (node: XmlNode | undefined, name: string): XmlNode[] =>
  node?.children.filter((child) => child.name === name) ?? []
export const childOf = (node: XmlNode | undefined, ...path: string[]): XmlNode | undefined =>
  path.reduce<XmlNode | undefined>((at, name) => at?.children.find((child) => child.name === name), node)
export const textOf = (node: XmlNode | undefined, ...path: string[]): string | undefined => childOf(node, ...path)?.text

/** Every element under a node, itself not, in document order. */
export function* descendants(node: XmlNode): Generator<XmlNode> {
  for (const child of node.children) {
    yield child
    yield* descendants(child)
  }
}
