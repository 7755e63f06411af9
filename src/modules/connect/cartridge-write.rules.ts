import type { CourseFile } from '#modules/library/transfer.schema.ts'
import { writeAssessment, writeBank } from './cartridge-qti.rules.ts'
import { documentOf, el, escapeXml, type Xml } from './cartridge-xml.rules.ts'

/** A lesson that opens a tool, as a cartridge tells of it. */
export type ToolLink = {
  chapter: number
  chapterTitle: string
  title: string
  url: string
  custom: Record<string, string>
  toolName: string
}
export type CartridgeFile = { path: string; text: string }

const ns = {
  cp: 'http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1',
  lom: 'http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest',
  link: 'http://www.imsglobal.org/xsd/imslticc_v1p3',
  blti: 'http://www.imsglobal.org/xsd/imsbasiclti_v1p0',
  cm: 'http://www.imsglobal.org/xsd/imslticm_v1p0',
  lp: 'http://www.imsglobal.org/xsd/imslticp_v1p0',
  assignment: 'http://www.imsglobal.org/xsd/imscc_extensions/assignment',
}
const profile = 'http://www.imsglobal.org/profile/cc/ccv1p3'
const schemas = `${ns.cp} ${profile}/ccv1p3_imscp_v1p2_v1p0.xsd ${ns.lom} ${profile}/LOM/ccv1p3_lommanifest_v1p0.xsd`
type Resource = { id: string; type: string; href?: string; files: readonly string[] }
type Line = { chapter: number; chapterTitle: string; title: string; resource: string }

const lang = (text: string) => el('lomimscc:string', { language: 'zh-CN' }, text)

/**
 * A course as IMS Common Cartridge 1.3: chapters as folders; texts as HTML, files as they are, exams and the bank as QTI
 * 1.2, assignments by their extension, tools as LTI links. `html` makes a text's Markdown into HTML.
 * @clause HZ4-M13
 */
export function writeCartridge(
  course: CourseFile,
  links: readonly ToolLink[],
  html: (markdown: string) => string,
): CartridgeFile[] {
  const files: CartridgeFile[] = []
  const resources: Resource[] = []
  const lines: Line[] = []
  const add = (resource: Resource, text?: string) => {
    resources.push(resource)
    if (text !== undefined && resource.files[0]) files.push({ path: resource.files[0], text })
  }
  for (const file of course.files)
    add({
      id: mediaId(file.path),
      type: 'webcontent',
      href: file.path,
      files: [file.path, ...file.captions.map(({ path }) => path)],
    })
  for (const [at, item] of course.items.entries()) {
    const id = `i${String(at + 1).padStart(4, '0')}`
    const line = { chapter: item.chapter, chapterTitle: item.chapterTitle, title: item.title }
    if (item.file !== null) {
      lines.push({ ...line, resource: mediaId(item.file) })
      continue
    }
    const made = resourceOf(item, id, course, html)
    if (!made) continue
    add(made.resource, made.text)
    lines.push({ ...line, resource: id })
  }
  for (const [at, link] of links.entries()) {
    const id = `t${String(at + 1).padStart(4, '0')}`
    const path = `lti/${id}.xml`
    add({ id, type: 'imsbasiclti_xmlv1p3', files: [path] }, writeLink(link))
    lines.push({ ...link, resource: id })
  }
  if (course.questions.length > 0)
    add(
      { id: 'bank', type: 'imsqti_xmlv1p2/imscc_xmlv1p3/question-bank', files: ['bank/bank.xml'] },
      writeBank(course.questions, 'bank'),
    )
  return [{ path: 'imsmanifest.xml', text: manifest(course, lines, resources) }, ...files]
}

const mediaId = (path: string) => `m${/(\d{4})/.exec(path)?.[1] ?? '0000'}`

function resourceOf(
  item: CourseFile['items'][number],
  id: string,
  course: CourseFile,
  html: (markdown: string) => string,
) {
  const text = (key: string) => (typeof item.body[key] === 'string' ? (item.body[key] as string) : '')
  if (item.kind === 'text' || item.kind === 'case') {
    const path = `text/${id}.html`
    const written =
      item.kind === 'text' ? text('text') : [text('person'), text('story'), text('result')].filter(Boolean).join('\n\n')
    return {
      resource: { id, type: 'webcontent', href: path, files: [path] },
      text: page(item.title, html(written), written),
    }
  }
  if (item.kind === 'assignment') {
    const path = `assignments/${id}.xml`
    const formats = text('accepts') === 'text' ? ['html'] : text('accepts') === 'file' ? ['file'] : ['html', 'file']
    const root = el(
      'assignment',
      { xmlns: ns.assignment, identifier: id },
      el('title', {}, item.title),
      el('text', { texttype: 'text/plain' }, text('task')),
      el('gradable', {}, 'true'),
      el(
        'submission_formats',
        {},
        formats.map((type) => el('format', { type })),
      ),
    )
    return { resource: { id, type: 'assignment_xmlv1p0', files: [path] }, text: documentOf(root) }
  }
  if (item.kind !== 'exam') return undefined
  const path = `exams/${id}.xml`
  const pools = (item.body.pools as { pool: string }[] | undefined)?.map(({ pool }) => pool) ?? []
  const exam = {
    title: item.title,
    minutes: typeof item.body.minutes === 'number' ? item.body.minutes : null,
    resits: typeof item.body.resits === 'number' ? item.body.resits : null,
    questions: course.questions.filter(({ pool }) => pools.includes(pool)),
  }
  return {
    resource: { id, type: 'imsqti_xmlv1p2/imscc_xmlv1p3/assessment', files: [path] },
    text: writeAssessment(exam, id),
  }
}

/** The Markdown travels along, so that reading the page back gives the very text. */
const page = (title: string, body: string, markdown: string) =>
  `<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>${escapeXml(title)}</title><meta name="markdown" content="${escapeXml(markdown)}"></head><body>\n${body}</body></html>\n`

function writeLink(link: ToolLink): string {
  return documentOf(
    el(
      'cartridge_basiclti_link',
      { xmlns: ns.link, 'xmlns:blti': ns.blti, 'xmlns:lticm': ns.cm, 'xmlns:lticp': ns.lp },
      el('blti:title', {}, link.title),
      Object.keys(link.custom).length > 0 &&
        el(
          'blti:custom',
          {},
          Object.entries(link.custom).map(([name, value]) => el('lticm:property', { name }, value)),
        ),
      el(link.url.startsWith('https:') ? 'blti:secure_launch_url' : 'blti:launch_url', {}, link.url),
      el('blti:vendor', {}, el('lticp:code', {}, new URL(link.url).hostname), el('lticp:name', {}, link.toolName)),
    ),
  )
}

function manifest(course: CourseFile, lines: readonly Line[], resources: readonly Resource[]): string {
  const chapters = [...Map.groupBy(lines, ({ chapter }) => chapter)].toSorted(([a], [b]) => a - b)
  const folders: Xml[] = chapters.map(([chapter, of]) =>
    el(
      'item',
      { identifier: `chapter${chapter}` },
      el('title', {}, of[0]?.chapterTitle ?? ''),
      of.map((line, at) =>
        el(
          'item',
          { identifier: `chapter${chapter}_${at + 1}`, identifierref: line.resource },
          el('title', {}, line.title),
        ),
      ),
    ),
  )
  return documentOf(
    el(
      'manifest',
      {
        ...{ identifier: 'cartridge', xmlns: ns.cp, 'xmlns:lomimscc': ns.lom },
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
        'xsi:schemaLocation': schemas,
      },
      el(
        'metadata',
        {},
        el('schema', {}, 'IMS Common Cartridge'),
        el('schemaversion', {}, '1.3.0'),
        el(
          'lomimscc:lom',
          {},
          el(
            'lomimscc:general',
            {},
            el('lomimscc:title', {}, lang(course.title)),
            el('lomimscc:description', {}, lang(course.summary)),
          ),
        ),
      ),
      el(
        'organizations',
        {},
        el(
          'organization',
          { identifier: 'org', structure: 'rooted-hierarchy' },
          el('item', { identifier: 'root' }, folders),
        ),
      ),
      el(
        'resources',
        {},
        resources.map(({ id, type, href, files }) =>
          el(
            'resource',
            { identifier: id, type, href },
            files.map((path) => el('file', { href: path })),
          ),
        ),
      ),
    ),
  )
}
