/** Pure: reads a file of another office row by row. Faults never hold a full number. */
import { parseDocument } from '#modules/people/identity.rules.ts'
import { type DocumentKind, reasonText as identityReasons } from '#modules/people/identity.schema.ts'
import { parseUscc } from '#modules/people/organisation.rules.ts'
import { addDays, addMonths } from '#shared/dates.ts'
import { codeOf, matchHeaders, type Table, type TableFault } from '#shared/table.ts'
import { maskDocument, normalise } from '#shared/text.ts'
import { type Day, day, isDay } from '#shared/units.ts'
import type { DatasetKind } from './control.schema.ts'
import { type DatasetCheck, type DatasetKey, type DatasetRow, datasetDictionary } from './dataset.schema.ts'

/**
 * Every row is taken whole or not at all. A row that says the same as an earlier one is left out silently: offices
 * send overlapping lists.
 * @clause C02 @clause C03 @clause C04 @clause C05 @clause C06 @clause C20
 */
export function readDataset(
  kind: DatasetKind,
  table: Pick<Table, 'headers' | 'headerRow' | 'rows'>,
  today: Day,
): DatasetCheck {
  const dictionary = datasetDictionary[kind]
  const match = matchHeaders(table.headers, dictionary)
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
          : '请按模板补上这一列。',
      })),
    }
  }
  const accepted: DatasetRow[] = []
  const faults: TableFault[] = []
  const seen = new Set<string>()
  for (const { row, cells } of table.rows) {
    const text = (key: DatasetKey) => normalise(cells[match.found[key] ?? ''] ?? '')
    const wrong: TableFault[] = []
    const read = readRow(kind, row, text, today, (key, rule, value, words) => {
      const column = dictionary.find((c) => c.key === key)?.header ?? key
      wrong.push({ row, column, rule, value, ...words })
    })
    faults.push(...wrong)
    if (!read || wrong.length > 0) continue
    const { row: _row, ...content } = read
    const same = JSON.stringify(content)
    if (!seen.has(same)) accepted.push(read)
    seen.add(same)
  }
  return { accepted, faults }
}

type Words = { message: string; remedy: string }
type Report = (key: DatasetKey, rule: string, value: string, words: Words) => void

function readRow(
  kind: DatasetKind,
  row: number,
  text: (key: DatasetKey) => string,
  today: Day,
  report: Report,
): DatasetRow | undefined {
  const has = (key: DatasetKey) => datasetDictionary[kind].some((c) => c.key === key)
  const document = has('document') ? readDocument(text, today, report) : null
  const uscc = has('uscc') ? readUscc(text('uscc'), report) : null
  const from = readDay('from', text('from'), false, report)
  const to = text('to') === '' ? null : readDay('to', text('to'), true, report)
  if (from && to && to < from) {
    report('to', 'values', text('to'), { message: '结束日期早于开始日期', remedy: '请核对两个日期。' })
  }
  const value = kind === 'paid-elsewhere' ? readPaid(text, report) : {}
  if (document === undefined || uscc === undefined || !from || to === undefined) return undefined
  return { row, document, uscc, from, to, value }
}

function readDocument(text: (key: DatasetKey) => string, today: Day, report: Report) {
  const written = text('documentKind')
  const column = datasetDictionary.deceased.find((c) => c.key === 'documentKind')
  const kind = written === '' ? 'resident-id' : column && codeOf(column, written)
  if (!kind) {
    report('documentKind', 'values', written, { message: '证件类型不在可选值内', remedy: '请按填写说明选择。' })
    return undefined
  }
  const parsed = parseDocument(kind as DocumentKind, text('document'), today)
  if (parsed.ok) return { kind: parsed.value.kind, number: parsed.value.number }
  const words = identityReasons[parsed.refusal.reason]?.(parsed.refusal.facts)
  report('document', 'C01', maskDocument(text('document')), {
    message: words?.message ?? '证件号码不对',
    remedy: words?.remedy ?? '请对照原始数据核对。',
  })
  return undefined
}

function readUscc(raw: string, report: Report): string | undefined {
  const parsed = parseUscc(raw)
  if (parsed.ok) return parsed.value.code
  report('uscc', 'C01', raw.slice(0, 18), { message: '统一社会信用代码不对', remedy: '请对照营业执照核对18位代码。' })
  return undefined
}

/** `2021-07-01`, `2021/7/1`, `20210701`, `2021年7月1日`; a month alone is its first or its last day. */
export function dayFrom(raw: string, end: boolean): Day | undefined {
  const match = /^(\d{4})[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2})日?|月)?(?: 00:00(?::00)?)?$/.exec(raw)
  if (!match) return undefined
  const [, year = '', month = '', date] = match
  const compact = /^\d+$/.test(raw)
  if (compact && raw.length !== 8 && raw.length !== 6) return undefined
  const first = `${year}-${month.padStart(2, '0')}-01`
  if (!isDay(first)) return undefined
  if (date === undefined) return end ? addDays(addMonths(day(first), 1), -1) : first
  const whole = `${first.slice(0, 8)}${date.padStart(2, '0')}`
  return isDay(whole) ? whole : undefined
}

function readDay(key: 'from' | 'to', raw: string, end: boolean, report: Report): Day | undefined {
  const on = dayFrom(raw, end)
  if (on) return on
  report(key, raw === '' ? 'required' : 'values', raw.slice(0, 20), {
    message: raw === '' ? '没有填写日期' : '日期看不懂或不存在',
    remedy: '请写成 2021-07-01 的样子。',
  })
  return undefined
}

function readPaid(text: (key: DatasetKey) => string, report: Report): DatasetRow['value'] {
  const amount = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text('amount').replaceAll(',', ''))
  if (!amount) {
    report('amount', 'values', text('amount').slice(0, 20), {
      message: '金额不是最多两位小数的数字',
      remedy: '请以元为单位，写成 600.00 的样子。',
    })
  }
  if (text('programme') === '') {
    report('programme', 'required', '', { message: '没有填写补贴项目', remedy: '请照原文填写。' })
  }
  const amountFen = amount ? Number(amount[1]) * 100 + Number((amount[2] ?? '').padEnd(2, '0')) : 0
  const occupation = text('occupation')
  const level = text('level')
  return { programme: text('programme'), amountFen, ...(occupation && { occupation }), ...(level && { level }) }
}
