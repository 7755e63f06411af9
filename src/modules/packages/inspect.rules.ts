import { childrenOf, descendants, parseXml, XmlError, type XmlNode, xmlText } from '#shared/xml.ts'
import { refuses } from './archive.rules.ts'
import type { Fault } from './archive.schema.ts'
import { readCmi5 } from './cmi5-structure.rules.ts'
import { kindOf, outsideAddresses, readVideos } from './content.rules.ts'
import type { PackageFound, QuestionFound } from './package.schema.ts'
import { isQtiItem, isQtiStimulus, isQtiTest, readQtiItem } from './qti.rules.ts'
import type { Images } from './qti-pictures.rules.ts'
import { fitForBank } from './question.rules.ts'
import { readScormManifest } from './scorm-manifest.rules.ts'

/** No document of a manifest or a question is longer in good faith. */
export const mostDocumentBytes = 8 * 1024 * 1024

/** Which files must be read to know what a package is; all others are only counted. */
export const isRead = (path: string): boolean => /\.(xml|html?|xhtml)$/i.test(path)

export type Inspected = { found: PackageFound | null; root: string; faults: Fault[] }

/**
 * What a package is and holds, from its paths and the documents in it.
 * @clause HZ4-M13
 */
export function inspectPackage(
  all: readonly string[],
  documents: ReadonlyMap<string, Uint8Array>,
  title: string,
  pictures: Images = new Map(),
): Inspected {
  const { kind, root } = kindOf(all)
  const paths = all.map((path) => path.slice(root.length))
  const bytesOf = (path: string) => documents.get(root + path)
  const images = new Map([...pictures].map(([path, image]) => [path.slice(root.length), image]))
  const done = (read: { found: PackageFound | null; faults: Fault[] }): Inspected => ({
    ...read,
    root,
    faults: [...read.faults, ...outside(documents, root)],
  })
  if (kind === 'cmi5')
    return done(fromXml('cmi5.xml', bytesOf, (xml) => readCmi5(xml, all.length === 1 ? null : new Set(paths))))
  if (kind === 'scorm12') {
    return done(
      fromXml('imsmanifest.xml', bytesOf, (xml) =>
        isQtiManifest(xml)
          ? readQtiPackage({ paths, bytesOf, images }, title, xml)
          : readScormManifest(xml, new Set(paths)),
      ),
    )
  }
  const buried = all.find((path) => /\/(imsmanifest|cmi5)\.xml$/i.test(path))
  if (buried) return { found: null, root, faults: [buriedManifest(buried)] }
  if (kind === 'qti') {
    const read = readQtiPackage({ paths, bytesOf, images }, title)
    if (read.found.questions.length > 0 || read.asked > 0) return done(read)
  }
  const videos = readVideos(paths, title)
  if (videos.found.units.length > 0) return done(videos)
  return { found: null, root, faults: [unknown] }
}

const unknown: Fault = {
  file: '',
  line: null,
  rule: 'manifest',
  message: '认不出是哪种课件：最外层没有 imsmanifest.xml（SCORM、QTI）或 cmi5.xml，也没有 QTI 试题或视频',
  remedy: '请在课件工具里选择“发布为 SCORM”或“cmi5”后上传整个压缩包；视频请用 MP4 或 WebM。',
  weight: 'error',
}

const buriedManifest = (file: string): Fault => ({
  file,
  line: null,
  rule: 'manifest',
  message: '清单不在压缩包的最外层',
  remedy: '请打开清单所在的文件夹，选中里面的全部文件再压缩，不要压缩外面的文件夹。',
  weight: 'error',
})

function fromXml<T extends { found: PackageFound | null; faults: Fault[] }>(
  file: string,
  bytesOf: (path: string) => Uint8Array | undefined,
  read: (xml: XmlNode) => T,
): T | { found: null; faults: Fault[] } {
  const parsed = parsedXml(file, bytesOf(file))
  if ('rule' in parsed) return { found: null, faults: [parsed] }
  const result = read(parsed)
  return refuses(result.faults) && result.found?.units.length === 0 ? { ...result, found: null } : result
}

const xmlReasons = {
  malformed: '不是正确的 XML',
  doctype: '声明了自己的实体（DOCTYPE），为安全起见不读',
  'too-deep': '嵌套太深',
}

function parsedXml(file: string, bytes: Uint8Array | undefined): XmlNode | Fault {
  const wrong = (message: string, line: number | null, remedy: string): Fault => ({
    ...{ file, line, rule: 'xml', message, remedy, weight: 'error' },
  })
  if (!bytes) return wrong('文件太大或读不出来', null, `清单和试题文件不能超过 ${mostDocumentBytes / 1024 ** 2} MB。`)
  try {
    return parseXml(xmlText(bytes))
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    const remedy = '请用课件工具重新导出；文件头写的编码要与实际编码一致。'
    return wrong(`${xmlReasons[error.reason]}：${error.message}`, error.line, remedy)
  }
}

/** Questions and nothing to launch: a SCORM manifest has items that name what there is to open. */
function isQtiManifest(manifest: XmlNode): boolean {
  const all = [...descendants(manifest)]
  return (
    all.some(({ name, attributes }) => name === 'resource' && /^imsqti_/i.test(attributes.type ?? '')) &&
    !all.some(({ name, attributes }) => name === 'item' && attributes.identifierref !== undefined)
  )
}

type Bytes = (path: string) => Uint8Array | undefined
const warning = (file: string, rule: string, message: string, remedy: string): Fault => ({
  ...{ file, line: null, rule, message, remedy, weight: 'warning' },
})

/** Every item as a question; whatever else lies in the package is named. */
type Contents = { paths: readonly string[]; bytesOf: Bytes; images: Images }

function readQtiPackage({ paths, bytesOf, images }: Contents, title: string, manifest?: XmlNode) {
  const documentAt = (path: string) => {
    const xml = parsedXml(path, bytesOf(path))
    return 'rule' in xml || !isQtiStimulus(xml) ? undefined : xml
  }
  const faults: Fault[] = manifest ? missingItems(manifest, new Set(paths)) : []
  const read: (QuestionFound & { file: string })[] = []
  const seen = new Map<string, string>()
  const others: string[] = []
  let asked = 0
  let edition = ''
  for (const file of paths.filter((path) => path !== 'imsmanifest.xml')) {
    if (!/\.xml$/i.test(file)) {
      others.push(file)
      continue
    }
    const xml = parsedXml(file, bytesOf(file))
    if ('rule' in xml) {
      faults.push({ ...xml, weight: 'warning', message: `没有导入：${xml.message}` })
      continue
    }
    if (isQtiStimulus(xml)) continue // read with the items that refer to it
    if (!isQtiItem(xml)) {
      const what = isQtiTest(xml) ? '组卷规则不导入，只导入题目' : '不是试题（assessmentItem），不导入'
      faults.push(warning(file, 'left', what, '考试怎样抽题，请在课程里添加“考试”时设定。'))
      continue
    }
    asked++
    edition ||= editionOf(xml)
    const { question, faults: own } = readQtiItem(xml, file, images, documentAt)
    faults.push(...own)
    const before = question && seen.get(question.key)
    if (before)
      faults.push(warning(file, 'question', `编号“${question.key}”与 ${before} 相同`, '两道题都导入，请核对。'))
    if (question) {
      seen.set(question.key, file)
      read.push({ ...question, file })
    }
  }
  const used = new Set(read.flatMap(({ pictures = [] }) => pictures.map(({ path }) => path)))
  for (const file of others.filter((path) => !used.has(path))) {
    faults.push(
      warning(file, 'left', '没有题目用到这个文件，不导入', '题目离不开它的，请在题干里用它，或把意思写进题干。'),
    )
  }
  const fit = fitForBank(read)
  faults.push(...fit.faults)
  if (fit.questions.length === 0) {
    const remedy = '请按下面逐题的说明改好后重新导出；也可以在题库里用表格导入。'
    faults.unshift({ ...warning('', 'empty', `${asked} 道题里没有一道能导入`, remedy), weight: 'error' })
  }
  const found: PackageFound = {
    ...{ kind: 'qti', edition, identifier: manifest?.attributes.identifier ?? '', title, units: [], activities: [] },
    questions: fit.questions,
    objectives: [],
  }
  return { found, faults, asked }
}

const editionOf = ({ namespace }: XmlNode) =>
  /v(\d)p(\d)/.exec(namespace)?.slice(1).join('.') ?? (/qti.*3p0|qtiasi_v3p0/i.test(namespace) ? '3.0' : '')

function missingItems(manifest: XmlNode, paths: ReadonlySet<string>): Fault[] {
  const resources = [...descendants(manifest)].filter(({ name }) => name === 'resource')
  return resources.flatMap((resource) => {
    const files = [resource.attributes.href, ...childrenOf(resource, 'file').map(({ attributes }) => attributes.href)]
    return [...new Set(files)]
      .filter((href): href is string => href !== undefined && !/^https?:/i.test(href) && !paths.has(href))
      .map(
        (href): Fault => ({
          ...{ file: 'imsmanifest.xml', line: resource.line, rule: 'missing-file', weight: 'error' },
          message: `清单列出的 ${href} 不在包里`,
          remedy: '请核对文件名的大小写，补上文件或从清单里删去。',
        }),
      )
  })
}

function outside(documents: ReadonlyMap<string, Uint8Array>, root: string): Fault[] {
  const pages = [...documents].filter(([path]) => /\.x?html?$/i.test(path)).slice(0, 500)
  return pages.flatMap(([path, bytes]) => outsideAddresses(new TextDecoder().decode(bytes), path.slice(root.length)))
}
