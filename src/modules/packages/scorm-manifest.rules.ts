import { childOf, childrenOf, descendants, textOf, type XmlNode } from '#shared/xml.ts'
import type { Fault } from './archive.schema.ts'
import type { Activity, PackageFound, Unit } from './package.schema.ts'
import { intervalOf } from './scorm2004-types.rules.ts'
import { readSequencing } from './sequencing-read.rules.ts'

const file = 'imsmanifest.xml'

type Reading = {
  is2004: boolean
  /** Files of the package, by path. */
  paths: ReadonlySet<string>
  resources: Map<string, XmlNode>
  bases: string
  collection: Map<string, XmlNode>
  units: Unit[]
  faults: Fault[]
  ids: Set<string>
}

/**
 * Reads the manifest of a SCORM 1.2 or 2004 package: what there is to launch, the tree it stands in, and what is wrong.
 * @clause HZ4-M13
 */
export function readScormManifest(root: XmlNode, paths: ReadonlySet<string>): { found: PackageFound; faults: Fault[] } {
  const edition = editionOf(root)
  const resourcesNode = childOf(root, 'resources')
  const reading: Reading = {
    is2004: edition !== '1.2',
    paths,
    resources: new Map(childrenOf(resourcesNode, 'resource').map((r) => [r.attributes.identifier ?? '', r])),
    bases: joined(root.attributes['xml:base'], resourcesNode?.attributes['xml:base']),
    collection: collectionOf(root),
    units: [],
    faults: [],
    ids: new Set(),
  }
  if (root.name !== 'manifest')
    tell(reading, root.line, 'manifest', '根元素不是 manifest', '请用课件工具重新发布为 SCORM 包。')
  for (const sub of childrenOf(root, 'manifest')) {
    tell(reading, sub.line, 'unsupported', '子清单（manifest 套 manifest）不支持', '请用课件工具发布为一个清单的包。')
  }
  const organisations = childOf(root, 'organizations')
  const wanted = organisations?.attributes.default
  const all = childrenOf(organisations, 'organization')
  const chosen = all.find((o) => o.attributes.identifier === wanted) ?? all[0]
  if (!chosen) {
    tell(
      reading,
      organisations?.line ?? root.line,
      'manifest',
      '清单里没有课程目录（organization）',
      '请在课件工具里以“课程”而不是“资源包”发布。',
    )
  } else if (wanted !== undefined && chosen.attributes.identifier !== wanted) {
    tell(
      reading,
      chosen.line,
      'reference',
      `默认目录“${wanted}”不存在，改用第一个目录`,
      '请改 organizations 的 default。',
      'warning',
    )
  }
  for (const other of all.filter((o) => o !== chosen)) {
    const name = textOf(other, 'title') ?? other.attributes.identifier ?? ''
    tell(
      reading,
      other.line,
      'left',
      `还有一个目录“${name}”，只导入默认目录`,
      '要用它的，请把它设为默认目录后另行导入。',
      'warning',
    )
  }
  checkFiles(reading)
  const title =
    textOf(chosen, 'title') || textOf(root, 'metadata', 'lom', 'general', 'title', 'langstring') || '未命名课件'
  const activities = chosen ? [activityOf(reading, chosen)] : []
  if (chosen && reading.units.length === 0) {
    tell(
      reading,
      chosen.line,
      'empty',
      '目录里没有可以打开的内容',
      '请核对 item 的 identifierref 和 resource 的 href。',
    )
  }
  return {
    found: {
      kind: reading.is2004 ? 'scorm2004' : 'scorm12',
      edition,
      identifier: root.attributes.identifier ?? '',
      title: title.slice(0, 200),
      units: reading.units,
      activities,
      questions: [],
      objectives: [],
    },
    faults: reading.faults,
  }
}

/** By its own words; without them by the namespaces it uses. */
function editionOf(root: XmlNode): string {
  const said = textOf(root, 'metadata', 'schemaversion') ?? ''
  if (/2004|CAM 1\.3/i.test(said)) return said.replace(/^CAM 1\.3$/i, '2004')
  if (/1\.[12]/.test(said)) return '1.2'
  for (const node of descendants(root)) {
    if (/adlcp_v1p3|imsss|adlseq/.test(node.namespace)) return '2004'
  }
  return '1.2'
}

function collectionOf(root: XmlNode): Map<string, XmlNode> {
  const shared = childrenOf(childOf(root, 'sequencingCollection'), 'sequencing')
  return new Map(shared.map((node) => [node.attributes.ID ?? '', node]))
}

function activityOf(reading: Reading, node: XmlNode): Activity {
  const id = node.attributes.identifier ?? ''
  if (id === '') tell(reading, node.line, 'manifest', '有一个 item 没有 identifier', '请补上互不相同的 identifier。')
  else if (reading.ids.has(id))
    tell(reading, node.line, 'manifest', `identifier“${id}”用了两次`, '请改成互不相同的 identifier。')
  reading.ids.add(id)
  const title = (textOf(node, 'title') || id).slice(0, 200)
  const children = childrenOf(node, 'item').map((item) => activityOf(reading, item))
  const sequencing = readSequencing(childOf(node, 'sequencing'), reading.collection, reading.faults)
  const ref = node.attributes.identifierref
  const unit = node.name === 'item' && ref ? unitOf(reading, node, id, title, ref) : null
  if (unit && children.length > 0) {
    tell(
      reading,
      node.line,
      'manifest',
      `“${title}”既有下级又有内容，内容不会打开`,
      '请把内容放到一个下级 item 里。',
      'warning',
    )
  }
  if (unit && children.length === 0) {
    const objectives = sequencing?.objectives.map((objective) => objective.id).filter(Boolean) ?? []
    const primary = sequencing?.objectives.find((objective) => objective.primary && objective.satisfiedByMeasure)
    unit.scorm = {
      ...unit.scorm,
      ...(objectives.length > 0 && { objectives }),
      ...(primary && { scaledPassingScore: String(primary.minMeasure) }),
      ...given('maxTimeAllowed', unit.scorm?.maxTimeAllowed ?? limitOf(sequencing)),
    }
    reading.units.push(unit)
  }
  const visible = node.attributes.isvisible !== 'false'
  return { id, title, visible, unit: children.length === 0 ? (unit?.id ?? null) : null, sequencing, children }
}

function unitOf(reading: Reading, item: XmlNode, id: string, title: string, ref: string): Unit | null {
  const resource = reading.resources.get(ref)
  if (!resource) {
    tell(
      reading,
      item.line,
      'reference',
      `“${title}”引用的资源“${ref}”不在清单里`,
      '请改 identifierref，或补上 resource。',
    )
    return null
  }
  const raw = resource.attributes.href
  if (!raw) {
    tell(reading, resource.line, 'reference', `资源“${ref}”没有起始文件（href）`, '请补上 href，或把它当作附件。')
    return null
  }
  const type = (resource.attributes.scormtype ?? resource.attributes.scormType ?? 'asset').toLowerCase()
  const [path, query] = split(joined(reading.bases, resource.attributes['xml:base'], raw))
  const href = path
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(raw)) {
    tell(
      reading,
      resource.line,
      'outside',
      `“${title}”的起始地址在包外（${raw.slice(0, 80)}）`,
      '请把课件文件放进包里；外部系统的课程请用 LTI 接入。',
    )
    return null
  }
  if (!reading.paths.has(href)) {
    tell(
      reading,
      resource.line,
      'missing-file',
      `“${title}”的起始文件 ${href} 不在包里`,
      '请核对文件名的大小写，重新打包。',
    )
  }
  return {
    id,
    title,
    kind: type === 'sco' ? 'sco' : 'asset',
    href,
    parameters: `${query}${item.attributes.parameters ?? ''}`,
    scorm: {
      ...given('launchData', textOf(item, 'datafromlms') ?? textOf(item, 'dataFromLMS')),
      ...given('masteryScore', masteryOf(reading, item)),
      ...given('maxTimeAllowed', textOf(item, 'maxtimeallowed')),
      ...given('timeLimitAction', textOf(item, 'timelimitaction') ?? textOf(item, 'timeLimitAction')),
      ...given('prerequisites', textOf(item, 'prerequisites')),
      ...given('completionThreshold', thresholdOf(item)),
      ...(childOf(item, 'data') && { shared: sharedDataOf(item) }),
    },
  }
}

/** In 2004 the time that an attempt may take is one of the limits of its sequencing. */
const limitOf = (sequencing: Activity['sequencing']): string | undefined => {
  const seconds = sequencing?.limits?.attemptAbsolute ?? null
  return seconds === null ? undefined : intervalOf(seconds * 100)
}

/** Data that units keep together (4th edition): which, and whether this one may read and write it. */
const sharedDataOf = (item: XmlNode): NonNullable<NonNullable<Unit['scorm']>['shared']> =>
  childrenOf(childOf(item, 'data'), 'map').map(({ attributes }) => ({
    target: attributes.targetID ?? '',
    read: attributes.readSharedData !== 'false',
    write: attributes.writeSharedData !== 'false',
  }))

const given = (name: string, value: string | undefined) =>
  value === undefined || value === '' ? {} : { [name]: value }

function masteryOf(reading: Reading, item: XmlNode): string | undefined {
  const node = childOf(item, 'masteryscore')
  if (!node) return undefined
  const score = Number(node.text)
  if (node.text !== '' && score >= 0 && score <= 100) return node.text
  tell(reading, node.line, 'manifest', `及格分“${node.text}”不是 0 到 100 的数`, '请改 adlcp:masteryscore。')
  return undefined
}

/** 3rd edition: the text is the threshold. 4th: attributes, and only where the measure decides. */
function thresholdOf(item: XmlNode): string | undefined {
  const node = childOf(item, 'completionThreshold')
  if (!node) return undefined
  if (node.text !== '') return node.text
  return node.attributes.completedByMeasure === 'true' ? (node.attributes.minProgressMeasure ?? '1.0') : undefined
}

/** Files that resources name and the package lacks; dependencies that lead nowhere. */
function checkFiles(reading: Reading): void {
  for (const [id, resource] of reading.resources) {
    const base = joined(reading.bases, resource.attributes['xml:base'])
    for (const node of childrenOf(resource, 'file')) {
      const [path] = split(joined(base, node.attributes.href))
      if (path !== '' && !reading.paths.has(path)) {
        tell(
          reading,
          node.line,
          'missing-file',
          `资源“${id}”列出的 ${path} 不在包里`,
          '用得到的请放进包里；用不到的请从清单删去。',
          'warning',
        )
      }
    }
    for (const node of childrenOf(resource, 'dependency')) {
      if (!reading.resources.has(node.attributes.identifierref ?? '')) {
        const ref = node.attributes.identifierref ?? ''
        tell(
          reading,
          node.line,
          'reference',
          `资源“${id}”依赖的“${ref}”不在清单里`,
          '请改 dependency 的 identifierref。',
          'warning',
        )
      }
    }
  }
}

function tell(
  reading: Reading,
  line: number,
  rule: string,
  message: string,
  remedy: string,
  weight: Fault['weight'] = 'error',
) {
  reading.faults.push({ file, line, rule, message, remedy, weight })
}

/** `xml:base` after `xml:base` and the address itself; percent signs are undone, because archives hold real names. */
function joined(...parts: (string | undefined)[]): string {
  return parts
    .filter(Boolean)
    .join('')
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
}

function split(address: string): [path: string, query: string] {
  const at = address.search(/[?#]/)
  const path = at < 0 ? address : address.slice(0, at)
  let plain = path
  try {
    plain = decodeURIComponent(path)
  } catch {
    // a name with a stray percent sign is meant as it stands
  }
  return [plain.normalize('NFC'), at < 0 ? '' : address.slice(at)]
}
