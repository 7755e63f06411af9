import { childOf, childrenOf, descendants, type XmlNode } from '#shared/xml.ts'
import type { Fault } from './archive.schema.ts'
import type { QuestionFound } from './package.schema.ts'
import { type Images, mostPictures, pathFrom, picturesIn } from './qti-pictures.rules.ts'

/**
 * Reads IMS QTI items of 2.1, 2.2 and 3.0. The versions differ in how names are written (`choiceInteraction`,
 * `qti-choice-interaction`), so names are brought to one form first.
 */
const plainName = (name: string) =>
  name.replace(/^qti-/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
const attribute = (node: XmlNode | undefined, name: string) =>
  node?.attributes[name] ?? node?.attributes[name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)]

function plain(node: XmlNode): XmlNode {
  return { ...node, name: plainName(node.name), children: node.children.map(plain) }
}

/** What several items may refer to: a text, a picture. It is asked with each of them. */
export const isQtiStimulus = (root: XmlNode): boolean => plainName(root.name) === 'assessmentStimulus'
export const isQtiItem = (root: XmlNode): boolean => plainName(root.name) === 'assessmentItem'
export const isQtiTest = (root: XmlNode): boolean => plainName(root.name) === 'assessmentTest'

const interactionName = /Interaction$/

/**
 * One item as a question of ours. An interaction that our questions cannot hold is named in a fault; nothing is left out
 * in silence. Half a question is none.
 * @clause HZ4-M13
 */
export function readQtiItem(
  root: XmlNode,
  file: string,
  images: Images = new Map(),
  documentAt: (path: string) => XmlNode | undefined = () => undefined,
): { question: QuestionFound | null; faults: Fault[] } {
  const item = plain(root)
  const faults: Fault[] = []
  const tell = (
    line: number,
    message: string,
    remedy: string,
    rule = 'question',
    weight: Fault['weight'] = 'warning',
  ) => faults.push({ file, line, rule, message, remedy, weight })
  const identifier = attribute(item, 'identifier') ?? file
  const name = attribute(item, 'title') || identifier
  const body = childOf(item, 'itemBody')
  const interactions = body ? [...descendants(body)].filter((node) => interactionName.test(node.name)) : []
  const [interaction, another] = interactions
  const reject = (line: number, message: string, remedy: string, rule?: string) => {
    tell(line, `“${name}”没有导入：${message}`, remedy, rule)
    return { question: null, faults }
  }
  if (!body || !interaction) return reject(item.line, '没有作答部分（interaction）', '请在出题工具里核对这道题。')
  if (another) {
    const kinds = interactions.map((node) => node.name).join('、')
    return reject(another.line, `一道题里有 ${interactions.length} 处作答（${kinds}）`, '请拆成几道题。', 'unsupported')
  }
  const declaration = childrenOf(item, 'responseDeclaration').find(
    (node) => attribute(node, 'identifier') === attribute(interaction, 'responseIdentifier'),
  )
  const read = readers[interaction.name]
  if (!read)
    return reject(
      interaction.line,
      `题型 ${interaction.name} 本平台的题库装不下`,
      '请改成选择、判断、填空或数值题。',
      'unsupported',
    )
  const media = [...descendants(body)].find(({ name: tag }) => ['object', 'video', 'audio', 'math'].includes(tag))
  if (media)
    return reject(
      media.line,
      `题干里有 ${media.name}，题库只装文字和图片`,
      '请把意思写成文字，或换成图片（img）并写好替代文字，或在课程里作为案例。',
      'unsupported',
    )
  const inOption = [...descendants(interaction)].find(
    (node) => node.name === 'img' && !within(childOf(interaction, 'prompt'), node),
  )
  if (inOption) {
    const remedy = '请把选项写成文字，图片放到题干里（例如标上 A、B、C）。'
    return reject(inOption.line, '选项里有图片，题库的选项只装文字', remedy, 'unsupported')
  }
  const given = stimuliOf(item, file, documentAt)
  if (typeof given === 'string') return reject(item.line, given, '请把材料文件放进包里重新导出。', 'missing-file')
  const seen = [...given, { body, file }].map((one) => picturesIn(one.body, one.file, images))
  const wrong = seen.find((one) => typeof one === 'string')
  const picturesRemedy = '请把图片放进包里，并在出题工具里写上图片的替代文字后重新导出。'
  if (typeof wrong === 'string') return reject(body.line, wrong, picturesRemedy, 'picture')
  const pictures = seen.flatMap((one) => (typeof one === 'string' ? [] : one))
  if (pictures.length > mostPictures) {
    return reject(
      body.line,
      `有 ${pictures.length} 幅图，一题最多 ${mostPictures} 幅`,
      '请合成一幅，或拆成几题。',
      'picture',
    )
  }
  const result = read(interaction, declaration)
  if (typeof result === 'string') {
    const large = /装(不下|得下)/.test(result)
    const remedy = large ? '请拆成几道小题，或改成选择题后重新导出。' : '请在出题工具里补全选项和正确答案后重新导出。'
    return reject(interaction.line, result, remedy, large ? 'unsupported' : undefined)
  }
  const words = [...given.map((one) => wordsOf(one.body)), promptOf(body, interaction)].filter(Boolean).join(' ')
  const prompt = words === '' && pictures.length > 0 ? '看图作答' : words
  if (prompt === '') return reject(body.line, '没有题干', '请补上题干。')
  if (prompt.length > 2000) return reject(body.line, '题干超过 2000 字', '请缩短题干。')
  return {
    question: {
      key: identifier.slice(0, 200),
      prompt,
      points: pointsOf(item),
      explanation: feedbackOf(item),
      ...result,
      ...(pictures.length > 0 && { pictures }),
    },
    faults,
  }
}

const within = (above: XmlNode | undefined, node: XmlNode): boolean =>
  above !== undefined && [...descendants(above)].includes(node)

/** The material that an item refers to, in its order. A text: which of it is not there. */
function stimuliOf(
  item: XmlNode,
  file: string,
  documentAt: (path: string) => XmlNode | undefined,
): { body: XmlNode; file: string }[] | string {
  const found: { body: XmlNode; file: string }[] = []
  for (const reference of childrenOf(item, 'assessmentStimulusRef')) {
    const href = attribute(reference, 'href') ?? ''
    const path = pathFrom(file, href)
    const root = path === undefined ? undefined : documentAt(path)
    const body = root && childOf(plain(root), 'stimulusBody')
    if (!body || path === undefined) return `材料 ${href.slice(0, 80)} 不在包里`
    found.push({ body, file: path })
  }
  return found
}

type Read = Pick<QuestionFound, 'kind' | 'options' | 'answer'>

const readers: Record<string, (interaction: XmlNode, declaration: XmlNode | undefined) => Read | string> = {
  choiceInteraction: readChoice,
  inlineChoiceInteraction: readChoice,
  textEntryInteraction: readText,
  extendedTextInteraction: (_, declaration) =>
    correct(declaration).length === 0 ? '问答题没有标准答案，题库不能自动评分' : readText(_, declaration),
  orderInteraction: readOrder,
  matchInteraction: readMatch,
}

const correct = (declaration: XmlNode | undefined): string[] =>
  childrenOf(childOf(declaration, 'correctResponse'), 'value').map((node) => node.text)

function readChoice(interaction: XmlNode, declaration: XmlNode | undefined): Read | string {
  const choices = interaction.children.filter(({ name }) => name === 'simpleChoice' || name === 'inlineChoice')
  const options = choices.map((node) => ({ id: attribute(node, 'identifier') ?? '', text: wordsOf(node) }))
  const right = correct(declaration)
  if (options.length < 2) return '选项少于两个'
  if (options.some(({ text }) => text === '')) return '有的选项没有文字'
  if (right.length === 0) return '没有正确答案'
  const stray = right.find((id) => !options.some((option) => option.id === id))
  if (stray !== undefined) return `正确答案“${stray}”不在选项里`
  if (attribute(declaration, 'cardinality') === 'multiple') return { kind: 'multiple', options, answer: right }
  const truth = truthOf(options)
  if (truth) return { kind: 'true-false', options: [], answer: truth.get(right[0] ?? '') ?? false }
  return { kind: 'single', options, answer: right[0] }
}

/** Two options that say yes and no make a true-false question. */
function truthOf(options: { id: string; text: string }[]): Map<string, boolean> | undefined {
  if (options.length !== 2) return undefined
  const worth = (text: string) =>
    /^(true|yes|对|正确|是|√)$/i.test(text) ? true : /^(false|no|错|错误|否|不正确|×)$/i.test(text) ? false : undefined
  const [first, second] = options.map(({ text }) => worth(text.trim()))
  if (first === undefined || second === undefined || first === second) return undefined
  return new Map(options.map(({ id }, i) => [id, (i === 0 ? first : second) as boolean]))
}

function readText(_: XmlNode, declaration: XmlNode | undefined): Read | string {
  const mapped = childrenOf(childOf(declaration, 'mapping'), 'mapEntry')
    .filter((entry) => Number(attribute(entry, 'mappedValue')) > 0)
    .map((entry) => attribute(entry, 'mapKey') ?? '')
  const answers = [...new Set([...correct(declaration), ...mapped])].filter((text) => text !== '')
  if (answers.length === 0) return '没有正确答案'
  const base = attribute(declaration, 'baseType')
  if (base === 'integer' || base === 'float') {
    const value = Number(answers[0])
    return Number.isFinite(value) ? { kind: 'number', options: [], answer: { value, tolerance: 0 } } : '正确答案不是数'
  }
  return { kind: 'text', options: [], answer: answers }
}

/** The order is asked as a choice among whole orders only when it is short enough to be written out: otherwise it is told. */
function readOrder(interaction: XmlNode, declaration: XmlNode | undefined): Read | string {
  const choices = childrenOf(interaction, 'simpleChoice').map((node) => ({
    id: attribute(node, 'identifier') ?? '',
    text: wordsOf(node),
  }))
  const right = correct(declaration)
  if (right.length !== choices.length || choices.length < 2) return '排序题的正确次序不全'
  if (choices.length > 3) return `排序题有 ${choices.length} 项，题库只装得下三项以内的`
  const orders = permutations(right)
  const text = (order: readonly string[]) => order.map((id) => choices.find((c) => c.id === id)?.text ?? '').join(' → ')
  if (orders.some((order) => text(order).includes('→ →'))) return '排序题的选项没有文字'
  const options = orders
    .map((order) => ({ id: order.join('-'), text: text(order) }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return { kind: 'single', options, answer: right.join('-') }
}

const permutations = (items: readonly string[]): string[][] =>
  items.length <= 1
    ? [[...items]]
    : items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))

/** Pairs become statements to be ticked: each left side with each right side, the true ones being the answer. */
function readMatch(interaction: XmlNode, declaration: XmlNode | undefined): Read | string {
  const [left = [], right = []] = childrenOf(interaction, 'simpleMatchSet').map((set) =>
    childrenOf(set, 'simpleAssociableChoice').map((node) => ({
      id: attribute(node, 'identifier') ?? '',
      text: wordsOf(node),
    })),
  )
  const pairs = correct(declaration).map((pair) => pair.split(/\s+/).join('-'))
  if (left.length === 0 || right.length === 0) return '连线题缺一边'
  if (left.length * right.length > 12) return `连线题有 ${left.length}×${right.length} 种连法，题库装不下`
  if (pairs.length === 0) return '没有正确答案'
  const options = left.flatMap((l) => right.map((r) => ({ id: `${l.id}-${r.id}`, text: `${l.text} — ${r.text}` })))
  const stray = pairs.find((pair) => !options.some(({ id }) => id === pair))
  return stray === undefined ? { kind: 'multiple', options, answer: pairs } : `正确答案“${stray}”不在选项里`
}

/** Words in an element and all below it, as one line. */
function wordsOf(node: XmlNode, without?: XmlNode): string {
  const pieces = [node.text]
  for (const child of node.children) {
    if (child === without)
      pieces.push(child.name === 'textEntryInteraction' || child.name.startsWith('inline') ? '____' : '')
    else if (child.name !== 'feedbackInline') pieces.push(wordsOf(child, without))
  }
  return pieces.filter(Boolean).join(' ').replace(/\s+/g, ' ').trim()
}

const promptOf = (body: XmlNode, interaction: XmlNode): string => {
  const own = childOf(interaction, 'prompt')
  return [wordsOf(body, interaction), own ? wordsOf(own) : ''].filter(Boolean).join(' ').trim()
}

/** The most an item gives: declared, else one. */
function pointsOf(item: XmlNode): number {
  const score = childrenOf(item, 'outcomeDeclaration').find((node) =>
    ['MAXSCORE', 'SCORE'].includes(attribute(node, 'identifier') ?? ''),
  )
  const declared = Number(attribute(score, 'normalMaximum') ?? childOf(score, 'defaultValue', 'value')?.text ?? '')
  return declared > 0 && declared <= 100 ? declared : 1
}

const feedbackOf = (item: XmlNode): string =>
  childrenOf(item, 'modalFeedback')
    .map((node) => wordsOf(node))
    .filter(Boolean)
    .join('；')
    .slice(0, 2000)
