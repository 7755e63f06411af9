import { dayFromText } from '#shared/dates.ts'
import { codeOf, matchHeaders, type Table, type TableFault } from '#shared/table.ts'
import { maskDocument, normalise } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'
import { type GroupKey, type GroupRow, groupDictionary } from './group.schema.ts'
import { parseDocument, parseName } from './identity.rules.ts'
import { type DocumentKind, reasonText } from './identity.schema.ts'

export type GroupCheck = { accepted: GroupRow[]; faults: TableFault[] }
type Words = { message: string; remedy: string }

/**
 * Reads a department's list row by row; a row is taken whole or not at all. Faults never hold a full number or a name.
 * @clause C11
 */
export function readGroupList(table: Pick<Table, 'headers' | 'headerRow' | 'rows'>, today: Day): GroupCheck {
  const match = matchHeaders(table.headers, groupDictionary)
  const absent = match.missing.filter(({ column }) => column.required)
  if (absent.length > 0) {
    return {
      accepted: [],
      faults: absent.map(({ column, suggestion }) => ({
        row: table.headerRow,
        column: column.header,
        rule: 'header',
        value: '',
        message: `缺少“${column.header}”一列`,
        remedy: suggestion
          ? `表中的“${suggestion}”如果就是这一列，请改名为“${column.header}”。`
          : `请按模板补上“${column.header}”。`,
      })),
    }
  }
  const accepted: GroupRow[] = []
  const faults: TableFault[] = []
  const firstRow = new Map<string, number>()
  for (const { row, cells } of table.rows) {
    const text = (key: GroupKey) => normalise(cells[match.found[key] ?? ''] ?? '')
    const wrong: TableFault[] = []
    const report = (key: GroupKey, rule: string, words: Words, value = '') =>
      wrong.push({ row, column: groupDictionary.find((c) => c.key === key)?.header ?? key, rule, value, ...words })
    const read = readRow(row, text, today, firstRow, report)
    faults.push(...wrong)
    if (read && wrong.length === 0) accepted.push(read)
  }
  return { accepted, faults }
}

function readRow(
  row: number,
  text: (key: GroupKey) => string,
  today: Day,
  firstRow: Map<string, number>,
  report: (key: GroupKey, rule: string, words: Words, value?: string) => void,
): GroupRow | null {
  const name = parseName(text('name'))
  if (!name.ok) report('name', 'C01', wordsOf(name.refusal))
  const column = groupDictionary.find((c) => c.key === 'documentKind')
  const kind = text('documentKind') === '' ? 'resident-id' : codeOf(column ?? {}, text('documentKind'))
  if (!kind) report('documentKind', 'values', { message: '证件类型不在可选值内', remedy: '请按填写说明选择。' })
  const document = kind ? parseDocument(kind as DocumentKind, text('document'), today) : null
  if (document && !document.ok) {
    report('document', 'C01', wordsOf(document.refusal), maskDocument(text('document')))
  }
  if (text('evidence') === '') {
    report('evidence', 'required', { message: '没有填写认定依据', remedy: '请填写证件名称和编号。' })
  }
  const from = dayFromText(text('from'))
  if (!from)
    report(
      'from',
      'values',
      { message: '起始日期看不懂或没有填写', remedy: '请写成 2021-07-01 的样子。' },
      text('from').slice(0, 20),
    )
  else if (from > today)
    report('from', 'C11', { message: '起始日期晚于今天', remedy: '请在认定生效后再导入该行。' }, from)
  const to = text('to') === '' ? null : dayFromText(text('to'))
  if (text('to') !== '' && !to) {
    report(
      'to',
      'values',
      { message: '截止日期看不懂', remedy: '请写成 2022-06-30 的样子；长期有效的留空。' },
      text('to').slice(0, 20),
    )
  }
  if (from && to && to < from)
    report('to', 'values', { message: '截止日期早于起始日期', remedy: '请核对两个日期。' }, to)
  if (!name.ok || !document?.ok || !from) return null
  const key = `${document.value.kind}:${document.value.number}`
  const first = firstRow.get(key)
  if (first !== undefined) {
    report('document', 'duplicate', { message: `与第${first}行的证件号码相同`, remedy: '同一人只保留一行。' })
  } else firstRow.set(key, row)
  return {
    row,
    name: name.value,
    documentKind: document.value.kind,
    documentNumber: document.value.number,
    evidence: text('evidence').slice(0, 200),
    from,
    to,
  }
}

function wordsOf(refusal: { reason: string; facts: Record<string, string | number | boolean | null> }): Words {
  return reasonText[refusal.reason]?.(refusal.facts) ?? { message: refusal.reason, remedy: '请核对。' }
}
