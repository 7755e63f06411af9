import writeXlsxFile, { type Sheet as FileSheet } from 'write-excel-file/node'
import { type Dictionary, ruleNames, type Table, type TableFault } from '#shared/table.ts'

export type Sheet = {
  name: string
  header: readonly string[]
  rows: readonly (readonly string[])[]
  /** Column widths in characters. */
  widths?: readonly number[]
  /** Empty rows below, already formatted as text, so that what is typed there keeps every digit. */
  blankRows?: number
}

/** All cells are text: no number is rounded and nothing is ever calculated. */
const text = (value: string) => ({ value: clean(value), type: String, format: '@' })
const head = (value: string) => ({ ...text(value), fontWeight: 'bold' as const, backgroundColor: '#e8eef7' })
const blank = { value: '', type: String, format: '@' }

/**
 * What XML cannot hold is left out; a cell holds at most 32,767 characters. The library looks texts up in a plain
 * object, so one that names a member of every object (`constructor`) would damage the file: it gets a zero-width space.
 */
function clean(value: string): string {
  const kept = value
    .toWellFormed()
    .replace(/(?![\t\n])[\p{Cc}\ufffe\uffff]/gu, '')
    .slice(0, 32_767)
  return kept in Object.prototype ? `${kept}\u200b` : kept
}

export async function writeXlsx(sheets: readonly Sheet[]): Promise<Uint8Array> {
  const files = sheets.map(
    (sheet): FileSheet<never> => ({
      sheet: sheet.name,
      data: [
        sheet.header.map(head),
        ...sheet.rows.map((row) => row.map(text)),
        ...Array.from({ length: sheet.blankRows ?? 0 }, () => sheet.header.map(() => blank)),
      ],
      columns: sheet.header.map((_, i) => ({ width: sheet.widths?.[i] ?? 16 })),
      stickyRowsCount: 1,
    }),
  )
  return await writeXlsxFile(files).toBuffer()
}

/** CSV for Excel and WPS: UTF-8 with byte-order mark, CRLF, and no cell that could start a formula. */
export function writeCsv(header: readonly string[], rows: Iterable<readonly string[]>): string {
  const lines = [header, ...rows].map((row) => row.map(csvCell).join(','))
  return `\ufeff${lines.join('\r\n')}\r\n`
}

/** A leading apostrophe keeps `= + - @` from being calculated; plain amounts such as `-12.50` stay as they are. */
function csvCell(value: string): string {
  const dangerous = /^[\s'"]*[=+\-@＝＋－＠]/.test(value) || /^[\t\r]/.test(value)
  const safe = dangerous && !/^-?[\d,]+(\.\d+)?$/.test(value) ? `'${value}` : value
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The file to fill in, with a second sheet that explains every column. Required headers carry a star. */
export function templateXlsx(
  dictionary: Dictionary,
  options: { name?: string; notes?: readonly string[]; blankRows?: number } = {},
): Promise<Uint8Array> {
  const explained = dictionary.map((column) => [
    column.header,
    column.required ? '必填' : '选填',
    column.description,
    Object.values(column.values ?? {}).join('、'),
    column.example,
    column.aliases.join('、'),
  ])
  const notes = (options.notes ?? []).map((note, i) => [`说明${i + 1}`, '', note, '', '', ''])
  return writeXlsx([
    {
      name: options.name ?? '数据',
      header: dictionary.map((column) => (column.required ? `*${column.header}` : column.header)),
      rows: [],
      widths: dictionary.map((column) => column.width),
      blankRows: options.blankRows ?? 500,
    },
    {
      name: '填写说明',
      header: ['列名', '是否必填', '怎样填写', '可选值', '示例', '也可写作'],
      rows: [...explained, ...notes],
      widths: [14, 10, 60, 50, 24, 30],
    },
  ])
}

/**
 * The rows that failed, as they were uploaded, with what is wrong, the rule and the remedy. Mended in place it can be
 * uploaded again: the three added columns are ignored.
 */
export function errorFile(
  table: Pick<Table, 'headers' | 'rows'>,
  faults: readonly TableFault[],
  rules: Record<string, string> = {},
): Promise<Uint8Array> {
  const byRow = Map.groupBy(faults, (fault) => fault.row)
  const known = new Map(table.rows.map((row) => [row.row, row]))
  const rows = [...byRow.keys()]
    .sort((a, b) => a - b)
    .map((number) => {
      const wrong = byRow.get(number) ?? []
      const cells = known.get(number)?.cells
      const names = new Set(wrong.map((fault) => rules[fault.rule] ?? ruleNames[fault.rule] ?? fault.rule))
      return [
        ...table.headers.map((header) => cells?.[header] ?? ''),
        `第${number}行：${[...new Set(wrong.map((fault) => fault.message))].join('；')}`,
        [...names].join('；'),
        [...new Set(wrong.map((fault) => fault.remedy))].join('\n'),
      ]
    })
  const header = [...table.headers, '错误', '规则', '改法']
  return writeXlsx([{ name: '需要更正的行', header, rows, widths: [...table.headers.map(() => 20), 60, 24, 60] }])
}
