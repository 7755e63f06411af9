import { parse } from 'csv-parse/sync'
import { readSheet } from 'read-excel-file/node'
import { headerKey, type Table, type TableFault } from '#shared/table.ts'
import { normalise } from '#shared/text.ts'
import { ArchiveError, pack, unpack } from './archive.ts'
import { type AppError, invalid } from './errors.ts'

export type TableLimits = { maxBytes: number; maxUnpackedBytes: number; maxRows: number; maxColumns: number }

export const tableLimits: TableLimits = {
  maxBytes: 10 * 1024 * 1024,
  maxUnpackedBytes: 100 * 1024 * 1024,
  maxRows: 10_000,
  maxColumns: 200,
}

/** A cell as text, and whether the file had already lost digits of it. */
type Cell = { text: string; lost: boolean }
type Grid = { format: Table['format']; encoding: Table['encoding']; lines: Cell[][] }

const refusal = (message: string): AppError => invalid({ file: [message] })
const SAVE_AS = '请用 Excel 或 WPS 打开后“另存为”.xlsx 再上传。'
/** Filled or not: as many as memory can take, several uploads at once. */
const MOST_CELLS = 5_000_000
const CFB = [0xd0, 0xcf, 0x11, 0xe0]
const ZIP = [0x50, 0x4b]

/**
 * Reads the first sheet of an XLSX file or a CSV file (UTF-8, GB 18030, UTF-16; comma, semicolon or tab) as texts.
 * Title lines above the header are skipped: the header is the line that knows most of `expected`, or else the first
 * with two filled cells. Empty rows are left out, row numbers stay those of the file.
 *
 * Throws `AppError` invalid with field `file` when the file cannot be a table.
 */
export async function readTable(
  bytes: Uint8Array,
  fileName: string,
  limits: TableLimits = tableLimits,
  expected: readonly string[] = [],
): Promise<Table> {
  if (bytes.length === 0) throw refusal('文件是空的，请检查后重新上传。')
  if (bytes.length > limits.maxBytes) {
    throw refusal(`文件超过 ${Math.floor(limits.maxBytes / 1024 / 1024)} MB，请拆成几个文件分别上传。`)
  }
  if (startsWith(bytes, CFB)) throw refusal(cfbMessage(bytes))
  const grid = startsWith(bytes, ZIP) ? await readXlsx(bytes, limits) : readCsv(bytes, fileName)
  return tableFrom(grid, limits, new Set(expected.map(headerKey)))
}

function tableFrom({ format, encoding, lines }: Grid, limits: TableLimits, expected: Set<string>): Table {
  const filled = (line: Cell[]) => line.filter((cell) => cell.text !== '').length
  if (!lines.some((line) => filled(line) > 0)) throw refusal('表格里没有任何内容。')
  const at = headerLine(lines, expected)
  const headers = (lines[at] ?? []).map((cell) => cell.text)
  const names = headers.filter((header) => header !== '')
  if (names.length > limits.maxColumns) throw refusal(`表格超过 ${limits.maxColumns} 列，请使用平台提供的模板。`)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw refusal(`表头“${twice}”出现了不止一次，请只保留一列。`)
  const rows: Table['rows'] = []
  const faults: TableFault[] = []
  lines.forEach((line, i) => {
    if (i <= at || filled(line) === 0) return
    if (rows.length === limits.maxRows) throw refusal(`数据超过 ${limits.maxRows} 行，请拆成几个文件分别上传。`)
    const columns = headers.flatMap((header, j) => (header === '' ? [] : [[header, line[j]] as const]))
    rows.push({ row: i + 1, cells: Object.fromEntries(columns.map(([header, cell]) => [header, cell?.text ?? ''])) })
    for (const [header, cell] of columns) if (cell?.lost) faults.push(precisionFault(i + 1, header))
  })
  if (rows.length === 0) throw refusal('只有表头，没有数据行。')
  return { format, encoding, headerRow: at + 1, headers: names, rows, faults }
}

function headerLine(lines: Cell[][], expected: Set<string>): number {
  const scores = lines.slice(0, 20).map((line) => line.filter((cell) => expected.has(headerKey(cell.text))).length)
  const best = Math.max(...scores)
  if (best > 0) return scores.indexOf(best)
  const filled = lines.map((line) => line.filter((cell) => cell.text !== '').length)
  const wide = filled.findIndex((n) => n >= 2)
  return wide === -1 ? filled.indexOf(1) : wide
}

const precisionFault = (row: number, column: string): TableFault => ({
  row,
  column,
  rule: 'precision',
  value: '',
  message: `“${column}”是超过15位的数字，表格软件已改写末尾的数字`,
  remedy: '请先把该列设为“文本”格式，再重新录入完整号码；只改格式不能恢复末尾的数字。',
})

// ── XLSX ────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function readXlsx(bytes: Uint8Array, limits: TableLimits): Promise<Grid> {
  const entries = unpackWorkbook(bytes, limits.maxUnpackedBytes)
  if (!entries.has('xl/workbook.xml')) throw refusal(`这不是 Excel 工作簿（.xlsx）。${SAVE_AS}`)
  for (const [name, content] of entries) if (name.startsWith('xl/worksheets/')) checkExtent(content)
  // The library reads an archive we packed ourselves, so nothing in the uploaded one can surprise it.
  const sheet = await readSheet(pack(entries), { parseNumber: (raw: string) => ({ raw }) }).catch(() => {
    throw refusal(`文件已损坏或不是标准的 .xlsx。${SAVE_AS}`)
  })
  return { format: 'xlsx', encoding: 'utf-8', lines: sheet.map((line) => line.map(cellOf)) }
}

function unpackWorkbook(bytes: Uint8Array, maxBytes: number): Map<string, Buffer> {
  try {
    return unpack(bytes, maxBytes, (name) => /\.(xml|rels)$/.test(name))
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error
    if (error.reason === 'too-large') throw refusal('文件展开后过大，请删除多余的工作表和空白行列后再上传。')
    if (error.reason === 'encrypted') throw refusal(ENCRYPTED)
    throw refusal(`文件已损坏，打不开。${SAVE_AS}`)
  }
}

const ENCRYPTED = '文件设有打开密码，请取消密码后再上传。'

const TAG = /<(?:[^\s:<>"'=]+:)?(row|c)(?=[\s/>])((?:[^"'<>]|"[^"]*"|'[^']*')*)>/g
const PLACE = /\s(?:[^\s:<>"'=]+:)?r\s*=\s*(?:"([^"]*)"|'([^']*)')/

/**
 * Reading fills everything between the first cell and the last row and column any cell claims, so one cell far away would
 * fill the memory. What claims no place comes after the one before it.
 */
function checkExtent(sheet: Buffer): void {
  let [row, rows, column, columns] = [0, 0, 0, 0]
  for (const [, tag, attributes = ''] of sheet.toString('latin1').matchAll(TAG)) {
    const [, double, single] = PLACE.exec(attributes) ?? []
    const place = double ?? single
    const [, letters = '', number = ''] = /^([A-Z]*)(\d*)$/.exec(place ?? '') ?? []
    if (place !== undefined && number === '') throw refusal(`文件已损坏，单元格位置“${place}”读不懂。${SAVE_AS}`)
    if (letters.length > 2) throw refusal('表格右侧有多余的列（超过 ZZ 列），请删除后再上传。')
    if (number !== '') row = Number(number)
    else if (tag === 'row') row += 1
    if (tag === 'row') column = 0
    else column = letters === '' ? column + 1 : columnOf(letters)
    rows = Math.max(rows, row)
    columns = Math.max(columns, column)
    if (rows > 1_048_576) throw refusal(`文件已损坏，行号超出范围。${SAVE_AS}`)
    if (rows * columns > MOST_CELLS) throw refusal('表格的空白行列太多，请删除数据以外的行和列后再上传。')
  }
}

const columnOf = (letters: string) => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return { text: '', lost: false }
  if (value instanceof Date)
    return {
      text: value
        .toISOString()
        .slice(0, 16)
        .replace('T', ' ')
        .replace(/ 00:00$/, ''),
      lost: false,
    }
  if (typeof value === 'object' && 'raw' in value) return numberCell(String(value.raw))
  return { text: normalise(String(value)), lost: false }
}

/** Spreadsheets keep 15 digits. A longer number is shown in scientific notation, so that it cannot pass for a whole one. */
function numberCell(raw: string): Cell {
  const value = Number(raw)
  if (!Number.isFinite(value)) return { text: normalise(raw), lost: false }
  if (Math.abs(value) >= 1e15) return { text: value.toExponential(), lost: true }
  return { text: String(Number(value.toPrecision(15))), lost: false }
}

// ── CSV ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

function readCsv(bytes: Uint8Array, fileName: string): Grid {
  const { text, encoding } = decode(bytes)
  const extension = /\.([^.]*)$/.exec(fileName)?.[1]?.toLowerCase() ?? ''
  if (/^\s*<(!doctype|html|table|\?xml)/i.test(text)) throw refusal(`这是网页或 XML 格式的表格。${SAVE_AS}`)
  if (text.includes('\0') || !['csv', 'txt', 'tsv', ''].includes(extension)) {
    throw refusal(`只能读取 .xlsx 和 .csv 文件。${SAVE_AS}`)
  }
  const separator = /^sep=(.)\r?\n/.exec(text)
  const body = separator ? text.slice(separator[0].length) : text
  return { format: 'csv', encoding, lines: parseCsv(body, separator?.[1] ?? delimiterOf(body), separator ? 1 : 0) }
}

function parseCsv(text: string, delimiter: string, skipped: number): Cell[][] {
  if (countOf(text, delimiter) + countOf(text, '\n') > MOST_CELLS)
    throw refusal('表格的格子太多，请删除空白列后再上传。')
  try {
    const records = parse(text, { delimiter, relaxColumnCount: true, relaxQuotes: true, bom: true })
    const lines = records.map((record) => record.map((cell) => ({ text: unguard(cell), lost: false })))
    return [...Array.from({ length: skipped }, () => []), ...lines]
  } catch {
    throw refusal('CSV 文件中的引号不成对，无法分清各列。请用 Excel 或 WPS 另存为 .xlsx 再上传。')
  }
}

function countOf(text: string, sign: string): number {
  let count = 0
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) count++
  return count
}

/** Takes off what keeps a spreadsheet from calculating: `="0123"` and a leading apostrophe. */
const unguard = (cell: string): string =>
  normalise(cell.replace(/^="(.*)"$/s, '$1').replace(/^'(?=[=+\-@＝＋－＠\d\t])/, ''))

function decode(bytes: Uint8Array): { text: string; encoding: Table['encoding'] } {
  const encodings = startsWith(bytes, [0xff, 0xfe]) ? (['utf-16le'] as const) : (['utf-8', 'gb18030'] as const)
  for (const encoding of encodings) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding }
    } catch {
      // Not this encoding: try the next.
    }
  }
  throw refusal(`无法识别文件的文字编码。${SAVE_AS}`)
}

/** The separator that occurs most in the first lines, outside quotes. */
function delimiterOf(text: string): string {
  const head = text
    .slice(0, 20_000)
    .replace(/"[^"]*"/g, '')
    .split(/\r?\n/, 10)
    .join('\n')
  const count = (separator: string) => head.split(separator).length
  return [',', '\t', ';'].reduce((best, next) => (count(next) > count(best) ? next : best))
}

function cfbMessage(bytes: Uint8Array): string {
  const marker = Buffer.from('EncryptedPackage', 'utf16le')
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(marker)
    ? ENCRYPTED
    : `这是旧版 Excel（.xls）或 WPS（.et）文件。${SAVE_AS}`
}

const startsWith = (bytes: Uint8Array, magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte)
