import { parseDocument, parseName, parsePhone } from '#modules/people/identity.rules.ts'
import { type DocumentKind, type IdentityDocument, reasonText } from '#modules/people/identity.schema.ts'
import type { Refusal } from '#policy/decision.ts'
import { ageOn } from '#shared/dates.ts'
import {
  type Column,
  codeOf,
  type Dictionary,
  matchHeaders,
  type Table,
  type TableFault,
  type TableRow,
} from '#shared/table.ts'
import { maskDocument, maskName, maskPhone, normalise } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'
import {
  type Employment,
  longest,
  type RosterCheck,
  type RosterKey,
  type RosterLists,
  type RosterRow,
  rosterDictionary,
} from './roster.schema.ts'

export type RosterOptions = {
  today: Day
  lists?: RosterLists
  /** `documentKey` of everybody already in the class. */
  known?: ReadonlySet<string>
  /** Full years. 16 is also the lowest working age of the Labour Law (art. 15); `null` leaves the rule out. */
  ageMin?: number | null
}

/** One person's document, the same for every way of writing it. */
export const documentKey = (kind: DocumentKind, number: string): string => `${kind}:${number}`

/** Columns of our own error file, and the running number every roster has. */
const UNREAD = new Set(['错误', '规则', '改法', '序号', '编号', 'no', 'no.'])
const SCIENTIFIC = /^\d(\.\d+)?e\+?\d+$/i

/**
 * Checks a roster as it was read. A row is accepted whole or not at all; each of its faults names the row, the column,
 * the rule and the remedy. Faults are kept and shown, so they never hold a full document or phone number, nor a name.
 * @clause C01 R06
 */
export function validateRoster(
  table: Pick<Table, 'headers' | 'headerRow' | 'rows'>,
  options: RosterOptions,
): RosterCheck {
  const dictionary = rosterDictionary(options.lists)
  const match = matchHeaders(table.headers, dictionary)
  const ignored = match.ignored
    .filter((header) => !UNREAD.has(normalise(header).toLowerCase()))
    .map((header) => ({ header, meant: match.missing.find((m) => m.suggestion === header)?.column.header ?? null }))
  const absent = match.missing.filter(({ column }) => column.required)
  if (absent.length > 0) {
    const faults = absent.map(({ column, suggestion }) => headerFault(table.headerRow, column, suggestion))
    return { accepted: [], faults, ignored }
  }
  const accepted: RosterRow[] = []
  const faults: TableFault[] = []
  const firstRow = new Map<string, number>()
  for (const row of table.rows) {
    const checked = checkRow(readCells(row, match.found), dictionary, options, firstRow)
    if (checked.faults.length > 0) faults.push(...checked.faults)
    else if (checked.value) accepted.push(checked.value)
  }
  return { accepted, faults, ignored }
}

type Cells = { row: number } & Record<RosterKey, string>
type Report = (key: RosterKey, rule: string, words: { message: string; remedy: string }) => void

function readCells({ row, cells }: TableRow, found: Partial<Record<RosterKey, string>>): Cells {
  const text = (key: RosterKey) => {
    const header = found[key]
    return header === undefined ? '' : normalise(cells[header] ?? '')
  }
  return {
    row,
    name: text('name'),
    documentKind: text('documentKind'),
    document: text('document'),
    phone: text('phone'),
    subdistrict: text('subdistrict'),
    hukou: text('hukou'),
    employment: text('employment'),
    group: text('group'),
    job: text('job'),
    remarks: text('remarks'),
  }
}

function checkRow(
  cells: Cells,
  dictionary: Dictionary<RosterKey>,
  options: RosterOptions,
  firstRow: Map<string, number>,
): { value: RosterRow | null; faults: TableFault[] } {
  const faults: TableFault[] = []
  const columns = new Map(dictionary.map((column) => [column.key, column]))
  const report: Report = (key, rule, words) =>
    faults.push({
      row: cells.row,
      column: columns.get(key)?.header ?? key,
      rule,
      value: safeValue(key, cells[key]),
      ...words,
    })

  if (reportSwaps(cells, options.today, report)) return { value: null, faults }
  const name = parseName(cells.name)
  if (!name.ok) report('name', ...wordsOf(name.refusal))
  const phone = SCIENTIFIC.test(cells.phone) ? null : parsePhone(cells.phone)
  if (phone === null) report('phone', 'precision', SCIENTIFIC_WORDS)
  else if (!phone.ok) report('phone', ...wordsOf(phone.refusal))
  const codes = checkValues(cells, columns, report)
  const document = codes
    ? checkDocument(cells, (codes.documentKind || 'resident-id') as DocumentKind, options, firstRow, report)
    : null
  if (!name.ok || !phone?.ok || !codes || !document || faults.length > 0) return { value: null, faults }
  const { kind, number, birthOn, sex } = document
  const value: RosterRow = {
    row: cells.row,
    name: name.value,
    documentKind: kind,
    document: number,
    birthOn,
    sex,
    phone: phone.value,
    subdistrict: codes.subdistrict,
    hukou: cells.hukou,
    employment: codes.employment as Employment | '',
    group: codes.group,
    job: cells.job,
    remarks: cells.remarks,
  }
  return { value, faults }
}

/** Codes of the columns with fixed values, lengths of the others; `null` when the kind of document is not known. */
function checkValues(cells: Cells, columns: Map<RosterKey, Column<RosterKey>>, report: Report) {
  const codes = { documentKind: '', subdistrict: '', employment: '', group: '' }
  for (const key of ['documentKind', 'subdistrict', 'employment', 'group'] as const) {
    const column = columns.get(key)
    if (!column || cells[key] === '') continue
    const code = column.values ? codeOf(column, cells[key]) : cells[key]
    if (code === undefined) {
      const labels = Object.values(column.values ?? {}).join('、')
      report(key, 'values', {
        message: `“${column.header}”填写的内容不在可选范围内`,
        remedy: `请填写其中之一：${labels}。`,
      })
    } else codes[key] = code
  }
  for (const [key, limit] of Object.entries(longest) as [RosterKey, number][]) {
    if (Array.from(cells[key]).length <= limit) continue
    report(key, 'length', { message: `“${columns.get(key)?.header}”超过${limit}个字`, remedy: '请缩短内容。' })
  }
  return cells.documentKind !== '' && codes.documentKind === '' ? null : codes
}

function checkDocument(
  cells: Cells,
  kind: DocumentKind,
  { today, known, ageMin = 16 }: RosterOptions,
  firstRow: Map<string, number>,
  report: Report,
): IdentityDocument | null {
  const parsed = parseDocument(kind, cells.document, today)
  if (!parsed.ok) {
    report('document', ...wordsOf(parsed.refusal))
    return null
  }
  const { number, birthOn } = parsed.value
  const key = documentKey(kind, number)
  const first = firstRow.get(key)
  if (first !== undefined) {
    report('document', 'duplicate', { message: `与第${first}行的证件号码相同`, remedy: '同一人只保留一行。' })
  } else firstRow.set(key, cells.row)
  if (known?.has(key)) {
    report('document', 'duplicate', {
      message: '此人已在本班名单中',
      remedy: '请删除该行；需要改资料的，请在名单中修改。',
    })
  }
  if (ageMin !== null && birthOn !== null && ageOn(birthOn, today) < ageMin) {
    report('document', 'R06', {
      message: `未满${ageMin}周岁，不能参加补贴培训`,
      remedy: '请核对证件号码；确属未满的，请移出名单。',
    })
  }
  return parsed.value
}

/** Cells that were typed or pasted into each other's column: one fault that says so instead of two that do not. */
function reportSwaps(cells: Cells, today: Day, report: Report): boolean {
  const looksLikeDocument = (text: string) =>
    /^\d{15,18}X?$/i.test(text) || (/\d{6}/.test(text) && parseDocument('resident-id', text, today).ok)
  if (looksLikeDocument(cells.name) && parseName(cells.document).ok) {
    report('name', 'C01', { message: '姓名与证件号码填反了', remedy: '请把这一行（或整列）的姓名与证件号码对调。' })
    return true
  }
  if (looksLikeDocument(cells.phone) && parsePhone(cells.document).ok) {
    report('document', 'C01', {
      message: '证件号码与手机号填反了',
      remedy: '请把这一行（或整列）的证件号码与手机号对调。',
    })
    return true
  }
  return false
}

const SCIENTIFIC_WORDS = {
  message: '号码被表格软件改成了科学计数法',
  remedy: '请先把该列设为“文本”格式，再重新录入完整号码。',
}

/** Rule and words of a refusal. The birth date is left out: with the masked number it would give the whole number. */
function wordsOf({ clause, reason, facts }: Refusal): [string, { message: string; remedy: string }] {
  const words = reasonText[reason]?.('date' in facts ? { ...facts, date: '(第7至14位)' } : facts)
  const rule = reason.endsWith('-empty') ? 'required' : reason.endsWith('-scientific') ? 'precision' : clause
  return [rule, words ?? { message: reason, remedy: '' }]
}

function headerFault(row: number, column: Column<RosterKey>, suggestion: string | null): TableFault {
  return {
    row,
    column: column.header,
    rule: 'header',
    value: suggestion ?? '',
    message: `缺少“${column.header}”列`,
    remedy:
      suggestion === null
        ? `请增加“${column.header}”列，或改用平台提供的模板。`
        : `表中的“${suggestion}”如果就是这一列，请把表头改为“${column.header}”。`,
  }
}

/** What may be kept of a wrong cell: numbers and names masked, also where they stand in the wrong column. */
function safeValue(key: RosterKey, text: string): string {
  if (key === 'document') return maskDocument(text)
  if (key === 'phone') return text.length >= 15 ? maskDocument(text) : maskPhone(text)
  const masked = text.replace(/[\dXx][\dXx\s-]{5,}/g, (run) => maskDocument(run))
  if (key !== 'name') return masked.slice(0, 60)
  return (/\p{Script=Han}/u.test(masked) ? maskName(masked) : masked.replace(/(?<=\p{L})\p{L}/gu, '*')).slice(0, 60)
}
