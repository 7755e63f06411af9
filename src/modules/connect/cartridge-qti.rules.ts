import type { CourseFile } from '#modules/library/transfer.schema.ts'
import { childOf, childrenOf, descendants, type XmlNode } from '#shared/xml.ts'
import { documentOf, el, type Xml } from './cartridge-xml.rules.ts'

/** Questions in the QTI 1.2 profile of Common Cartridge, written and read. */
export type Question = CourseFile['questions'][number]

const namespace = 'http://www.imsglobal.org/xsd/ims_qtiasiv1p2'
const field = (label: string, entry: string) =>
  el('qtimetadatafield', {}, el('fieldlabel', {}, label), el('fieldentry', {}, entry))
const material = (text: string) => el('material', {}, el('mattext', { texttype: 'text/plain' }, text))
const profiles: Record<Question['kind'], string> = {
  single: 'cc.multiple_choice.v0p1',
  multiple: 'cc.multiple_response.v0p1',
  'true-false': 'cc.true_false.v0p1',
  text: 'cc.fib.v0p1',
  number: 'cc.fib.v0p1',
}

/** Choices of a question; of a true or false one the two words. */
const choicesOf = (question: Question) => (question.kind === 'true-false' ? ['对', '错'] : question.options)
function rightOf(question: Question): number[] {
  const { kind, answer } = question
  if (kind === 'true-false') return [answer === true ? 0 : 1]
  return Array.isArray(answer) ? (answer as number[]) : [answer as number]
}
const wordsOf = ({ kind, answer }: Question): string[] =>
  kind === 'number' ? [String((answer as { value: number }).value)] : (answer as string[])
/** A tolerance has no place in the profile; whoever reads the question is told of it. */
const explanationOf = (question: Question): string => {
  const tolerance = question.kind === 'number' ? (question.answer as { tolerance: number }).tolerance : 0
  return [question.explanation, tolerance > 0 && `（允许误差 ±${tolerance}）`].filter(Boolean).join('')
}

function itemOf(question: Question, id: string): Xml {
  const fib = question.kind === 'text' || question.kind === 'number'
  const choices = choicesOf(question)
  const response = fib
    ? el(
        'response_str',
        { ident: 'response1', rcardinality: 'Single' },
        el('render_fib', {}, el('response_label', { ident: 'answer1' })),
      )
    : el(
        'response_lid',
        { ident: 'response1', rcardinality: question.kind === 'multiple' ? 'Multiple' : 'Single' },
        el(
          'render_choice',
          {},
          choices.map((text, at) => el('response_label', { ident: `c${at}` }, material(text))),
        ),
      )
  const explanation = explanationOf(question)
  return el(
    'item',
    { ident: id, title: question.prompt.slice(0, 60) },
    el(
      'itemmetadata',
      {},
      el(
        'qtimetadata',
        {},
        field('cc_profile', profiles[question.kind]),
        field('cc_weighting', String(question.points)),
        field('cc_question_category', question.pool),
      ),
    ),
    el('presentation', {}, material(question.prompt), response),
    el(
      'resprocessing',
      {},
      el('outcomes', {}, el('decvar', { maxvalue: 100, minvalue: 0, varname: 'SCORE', vartype: 'Decimal' })),
      (fib ? wordsOf(question).map((word) => [word]) : [null]).map((word) =>
        el(
          'respcondition',
          { continue: 'No' },
          el(
            'conditionvar',
            {},
            word
              ? el('varequal', { respident: 'response1', case: 'No' }, word[0] ?? '')
              : conditionsOf(question, choices),
          ),
          el('setvar', { action: 'Set', varname: 'SCORE' }, '100'),
          explanation !== '' && el('displayfeedback', { feedbacktype: 'Response', linkrefid: 'general_fb' }),
        ),
      ),
    ),
    explanation !== '' && el('itemfeedback', { ident: 'general_fb' }, el('flow_mat', {}, material(explanation))),
  )
}

function conditionsOf(question: Question, choices: readonly string[]): Xml[] {
  const right = rightOf(question)
  const equal = (at: number) => el('varequal', { respident: 'response1', case: 'Yes' }, `c${at}`)
  if (question.kind !== 'multiple') return right.map(equal)
  const all = choices.map((_, at) => (right.includes(at) ? equal(at) : el('not', {}, equal(at))))
  return [el('and', {}, all)]
}

export type Exam = { title: string; minutes: number | null; resits: number | null; questions: readonly Question[] }

/** An exam as a fixed list of questions: drawing from pools has no place in the profile. */
export function writeAssessment(exam: Exam, id: string): string {
  return documentOf(
    el(
      'questestinterop',
      { xmlns: namespace },
      el(
        'assessment',
        { ident: id, title: exam.title },
        el(
          'qtimetadata',
          {},
          field('cc_profile', 'cc.exam.v0p1'),
          field('qmd_assessmenttype', 'Examination'),
          field('qmd_scoretype', 'Percentage'),
          exam.minutes !== null && field('qmd_timelimit', String(exam.minutes)),
          field('cc_maxattempts', exam.resits === null ? 'unlimited' : String(exam.resits + 1)),
        ),
        el(
          'section',
          { ident: 'root_section' },
          exam.questions.map((one, at) => itemOf(one, `${id}_q${at + 1}`)),
        ),
      ),
    ),
  )
}

export const writeBank = (questions: readonly Question[], id: string): string =>
  documentOf(
    el(
      'questestinterop',
      { xmlns: namespace },
      el(
        'objectbank',
        { ident: id },
        questions.map((one, at) => itemOf(one, `${id}_q${at + 1}`)),
      ),
    ),
  )

const fieldsOf = (node: XmlNode | undefined): Map<string, string> =>
  new Map(
    [...(node ? descendants(node) : [])]
      .filter(({ name }) => name === 'qtimetadatafield')
      .map((one) => [childOf(one, 'fieldlabel')?.text ?? '', childOf(one, 'fieldentry')?.text ?? '']),
  )
/** Texts of others may be HTML; a question of ours is plain. */
const plainOf = (node: XmlNode | undefined): string => {
  const text = [...(node ? descendants(node) : [])].find(({ name }) => name === 'mattext')
  if (!text) return ''
  const said = text.text
  return (
    text.attributes.texttype === 'text/html'
      ? said
          .replace(/<[^>]*>/g, ' ')
          .replace(/&nbsp;/g, ' ')
          .replace(/&lt;/g, '<')
          .replace(/&gt;/g, '>')
          .replace(/&amp;/g, '&')
      : said
  )
    .replace(/\s+/g, ' ')
    .trim()
}

export type QuestionsRead = {
  title: string
  minutes: number | null
  resits: number | null
  questions: Question[]
  /** What our question bank has no room for, in words. */
  left: string[]
}

/** Questions of an assessment or a bank that our bank can hold; the others are named. */
export function readQuestions(root: XmlNode, pool: string): QuestionsRead {
  const head = childOf(root, 'assessment')
  const meta = fieldsOf(head && childOf(head, 'qtimetadata'))
  const attempts = Number(meta.get('cc_maxattempts'))
  const minutes = Number(meta.get('qmd_timelimit'))
  const read: QuestionsRead = {
    title: head?.attributes.title ?? '',
    minutes: Number.isInteger(minutes) && minutes >= 1 && minutes <= 600 ? minutes : null,
    resits: Number.isInteger(attempts) && attempts >= 1 ? Math.min(attempts - 1, 100) : null,
    questions: [],
    left: [],
  }
  for (const item of [...descendants(root)].filter(({ name }) => name === 'item')) {
    const made = readItem(item, pool)
    if (typeof made === 'string')
      read.left.push(
        `题目“${plainOf(childOf(item, 'presentation')).slice(0, 30) || (item.attributes.ident ?? '')}”：${made}`,
      )
    else read.questions.push(made)
  }
  return read
}

function readItem(item: XmlNode, pool: string): Question | string {
  const meta = fieldsOf(childOf(item, 'itemmetadata'))
  const profile = meta.get('cc_profile') ?? ''
  const presentation = childOf(item, 'presentation')
  const all = [...descendants(item)]
  const labels = all.filter(({ name }) => name === 'response_label')
  const options = labels.map((label) => plainOf(label))
  const points = Number(meta.get('cc_weighting') ?? 1)
  const base = {
    pool: (meta.get('cc_question_category') || pool).slice(0, 60),
    prompt: plainOf(presentation).slice(0, 2000),
    points: points > 0 && points <= 100 ? points : 1,
    explanation: plainOf(childrenOf(item, 'itemfeedback')[0]).slice(0, 2000),
  }
  if (base.prompt === '') return '没有题干'
  const scored = all
    .filter(({ name }) => name === 'respcondition')
    .filter((one) => Number([...descendants(one)].find(({ name }) => name === 'setvar')?.text ?? 0) > 0)
  const denied = new Set(
    scored.flatMap((one) =>
      [...descendants(one)].filter(({ name }) => name === 'not').flatMap((no) => [...descendants(no)]),
    ),
  )
  const right = scored.flatMap((one) =>
    [...descendants(one)].filter((node) => node.name === 'varequal' && !denied.has(node)).map(({ text }) => text),
  )
  const places = right
    .map((ident) => labels.findIndex((label) => label.attributes.ident === ident))
    .filter((at) => at >= 0)
  if (profile.startsWith('cc.fib'))
    return right.length > 0 ? { ...base, kind: 'text', options: [], answer: [...new Set(right)] } : '没有写明答案'
  if (profile.startsWith('cc.true_false')) {
    const word = (options[places[0] ?? -1] ?? '').toLowerCase()
    return /^(对|正确|true|是)$/.test(word)
      ? { ...base, kind: 'true-false', options: [], answer: true }
      : /^(错|错误|false|否)$/.test(word)
        ? { ...base, kind: 'true-false', options: [], answer: false }
        : '判断题的选项认不出'
  }
  if (
    options.length < 2 ||
    options.length > 26 ||
    new Set(options).size !== options.length ||
    options.some((one) => one === '' || one.length > 500)
  )
    return '选项有空的、重复的或太长的'
  if (places.length === 0) return '没有写明答案'
  if (profile.startsWith('cc.multiple_response'))
    return { ...base, kind: 'multiple', options, answer: [...new Set(places)].toSorted((a, b) => a - b) }
  if (profile.startsWith('cc.multiple_choice')) return { ...base, kind: 'single', options, answer: places[0] ?? 0 }
  return `题型 ${profile || '没有写明'} 本平台的题库装不下`
}
