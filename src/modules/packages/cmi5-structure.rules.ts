import type { XmlNode } from '#shared/xml.ts'
import type { Fault } from './archive.schema.ts'
import {
  type Activity,
  type AssignableUnit,
  type MoveOn,
  moveOnRules,
  type PackageFound,
  type Unit,
} from './package.schema.ts'

const file = 'cmi5.xml'
export const cmi5Namespace = 'https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd'

/** What other people's namespaces add is theirs, whatever it is called (13.1.5). */
const childrenOf = (node: XmlNode | undefined, name: string): XmlNode[] =>
  (node?.children ?? []).filter((child) => child.name === name && child.namespace === node?.namespace)
const childOf = (node: XmlNode | undefined, name: string): XmlNode | undefined => childrenOf(node, name)[0]

type Reading = {
  paths: ReadonlySet<string> | null
  units: Unit[]
  faults: Fault[]
  ids: Map<string, number>
  objectives: Set<string>
}

/**
 * Reads a cmi5 course structure (sections 13.1 and 14). `paths` are the files of the package; null when only the
 * structure was handed in, so that every address must be absolute.
 * @clause HZ4-M13
 */
export function readCmi5(root: XmlNode, paths: ReadonlySet<string> | null): { found: PackageFound; faults: Fault[] } {
  const reading: Reading = { paths, units: [], faults: [], ids: new Map(), objectives: new Set() }
  if (root.name !== 'courseStructure' || root.namespace !== cmi5Namespace) {
    tell(reading, root, `根元素应为 courseStructure，命名空间 ${cmi5Namespace}`, '请用支持 cmi5 的课件工具重新发布。')
  }
  const course = childOf(root, 'course')
  if (!course) tell(reading, root, '没有 course 元素', '请补上课程的 id、标题和简介。')
  const id = course ? idOf(reading, course) : ''
  const objectives = childrenOf(childOf(root, 'objectives'), 'objective').map((node) => ({
    id: idOf(reading, node),
    title: titleOf(reading, node),
  }))
  for (const objective of objectives) reading.objectives.add(objective.id)
  if (course) describedOf(reading, course)
  for (const node of childrenOf(childOf(root, 'objectives'), 'objective')) describedOf(reading, node)
  const children = partsOf(root).map((node) => nodeOf(reading, node))
  if (reading.units.length === 0) tell(reading, root, '没有可以打开的单元（au）', '请至少放一个 au。', 'empty')
  const title = course ? titleOf(reading, course) : '未命名课程'
  return {
    found: {
      kind: 'cmi5',
      edition: '1.0',
      identifier: id,
      title,
      units: reading.units,
      activities: [{ id, title, visible: true, unit: null, sequencing: null, children }],
      questions: [],
      objectives,
    },
    faults: reading.faults,
  }
}

const partsOf = (node: XmlNode) =>
  node.children.filter(({ name, namespace }) => namespace === node.namespace && (name === 'au' || name === 'block'))

function nodeOf(reading: Reading, node: XmlNode): Activity {
  const id = idOf(reading, node)
  const title = titleOf(reading, node)
  checkObjectives(reading, node)
  describedOf(reading, node)
  if (node.name === 'block') {
    const parts = partsOf(node)
    if (parts.length === 0) tell(reading, node, `单元组“${title}”是空的`, '请放入至少一个 au 或 block。')
    return {
      id,
      title,
      visible: true,
      unit: null,
      sequencing: null,
      children: parts.map((part) => nodeOf(reading, part)),
    }
  }
  reading.units.push({ id, title, kind: 'au', ...addressOf(reading, node, title), au: auOf(reading, node) })
  return { id, title, visible: true, unit: id, sequencing: null, children: [] }
}

function addressOf(reading: Reading, node: XmlNode, title: string): { href: string; parameters: string } {
  const url = childOf(node, 'url')?.text ?? ''
  if (url === '') {
    tell(reading, node, `“${title}”没有 url`, '请补上打开这一单元的地址。')
    return { href: '', parameters: '' }
  }
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(url)) {
    mustNotCollide(reading, node, url)
    if (/^https:\/\//i.test(url)) return { href: url, parameters: '' }
    tell(reading, node, `“${title}”的地址不是 https（${url.slice(0, 80)}）`, '请改为 https 地址，或把文件放进包里。')
    return { href: '', parameters: '' }
  }
  const at = url.search(/[?#]/)
  mustNotCollide(reading, node, url)
  const written = (at < 0 ? url : url.slice(0, at)).replace(/^(\.\/)+/, '')
  let href = written
  try {
    href = decodeURIComponent(written)
  } catch {
    // meant as it stands
  }
  if (!reading.paths)
    tell(reading, node, `“${title}”用的是相对地址，但只上传了 cmi5.xml`, '请上传包含课件文件的压缩包。')
  else if (!reading.paths.has(href.normalize('NFC'))) {
    tell(reading, node, `“${title}”的起始文件 ${href} 不在包里`, '请核对文件名的大小写，重新打包。', 'missing-file')
  }
  return { href: href.normalize('NFC'), parameters: at < 0 ? '' : url.slice(at) }
}

function auOf(reading: Reading, node: XmlNode): AssignableUnit {
  const { moveOn = 'NotApplicable', masteryScore, launchMethod = 'AnyWindow', activityType = '' } = node.attributes
  if (!moveOnRules.includes(moveOn as MoveOn)) {
    tell(reading, node, `moveOn“${moveOn}”不认识`, `请改为 ${moveOnRules.join('、')} 之一。`)
  }
  if (!['AnyWindow', 'OwnWindow'].includes(launchMethod)) {
    tell(reading, node, `launchMethod“${launchMethod}”不认识`, '请改为 AnyWindow 或 OwnWindow。')
  }
  const score = masteryScore === undefined ? null : Number(masteryScore)
  const wrongScore = score !== null && !(/^\d+(\.\d{1,4})?$/.test(masteryScore ?? '') && score >= 0 && score <= 1)
  if (wrongScore)
    tell(reading, node, `masteryScore“${masteryScore}”不是 0 到 1 的数`, '请改为 0 到 1 之间、最多四位小数的数。')
  return {
    moveOn: moveOnRules.includes(moveOn as MoveOn) ? (moveOn as MoveOn) : 'NotApplicable',
    masteryScore: wrongScore ? null : score,
    launchMethod: launchMethod === 'OwnWindow' ? 'OwnWindow' : 'AnyWindow',
    launchParameters: childOf(node, 'launchParameters')?.text ?? '',
    entitlementKey: childOf(node, 'entitlementKey')?.text ?? '',
    activityType,
    objectives: objectivesOf(node),
  }
}

const objectivesOf = (node: XmlNode): string[] =>
  childrenOf(childOf(node, 'objectives'), 'objective').map((objective) => objective.attributes.idref ?? '')

function checkObjectives(reading: Reading, node: XmlNode): void {
  for (const ref of objectivesOf(node)) {
    if (!reading.objectives.has(ref))
      tell(reading, node, `引用的目标“${ref}”没有定义`, '请改 idref，或在 objectives 里补上。', 'reference')
  }
}

/** Ids are absolute IRIs and each stands once in the whole structure. */
function idOf(reading: Reading, node: XmlNode): string {
  const id = node.attributes.id ?? ''
  if (!/^[a-z][a-z0-9+.-]*:[^\s]+$/i.test(id)) {
    tell(reading, node, `id“${id}”不是绝对地址（IRI）`, '请改为带协议的地址，例如 https://…。')
  } else if (reading.ids.has(id)) {
    tell(reading, node, `id“${id}”在第 ${reading.ids.get(id)} 行已经用过`, '请改成互不相同的 id。')
  } else reading.ids.set(id, node.line)
  return id
}

/** The title in Chinese where there is one, else the first. */
function titleOf(reading: Reading, node: XmlNode): string {
  const all = childrenOf(childOf(node, 'title'), 'langstring')
  const found = all.find((s) => /^zh/i.test(s.attributes.lang ?? s.attributes['xml:lang'] ?? '')) ?? all[0]
  if (!found?.text) tell(reading, node, '没有标题', '请补上 title/langstring。')
  return (found?.text || node.attributes.id || '').slice(0, 200)
}

const ours = ['endpoint', 'fetch', 'actor', 'registration', 'activityId']

/** What an address asks for by itself bears none of the names that the launch adds (8.1). */
function mustNotCollide(reading: Reading, node: XmlNode, url: string): void {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? ''
  const taken = ours.find((name) => new URLSearchParams(query).has(name))
  if (taken) tell(reading, node, `url 里的参数“${taken}”与打开课件时加的参数同名`, '请给这个参数换一个名称。')
}

/** Every part is described (13.1); it can be learnt without, so it is only said. */
function describedOf(reading: Reading, node: XmlNode): void {
  if (childrenOf(childOf(node, 'description'), 'langstring').some(({ text }) => text !== '')) return
  const message = `${node.name} 没有简介（description）`
  reading.faults.push({
    ...{ file, line: node.line, rule: 'manifest', message, remedy: '规范要求每个部分都有简介，请在课件工具里补上。' },
    weight: 'warning',
  })
}

function tell(reading: Reading, node: XmlNode, message: string, remedy: string, rule = 'manifest'): void {
  reading.faults.push({ file, line: node.line, rule, message, remedy, weight: 'error' })
}
