/** What an uploaded table is, to the server that reads it and to the page that shows its faults. */
import { normalise } from './text.ts'

/** One column of an import format. Template, explanation sheet, validation and API description all come from it. */
export type Column<K extends string = string> = {
  key: K
  header: string
  /** Other names people give the column. */
  aliases: readonly string[]
  required: boolean
  description: string
  example: string
  /** Width in characters. */
  width: number
  /** Code → label, where only some values are allowed. */
  values?: Readonly<Record<string, string>>
  /** What people also write → code. */
  valueAliases?: Readonly<Record<string, string>>
}

export type Dictionary<K extends string = string> = readonly Column<K>[]

/** `row` counts as the spreadsheet does, from 1. Empty cells are empty texts. */
export type TableRow = { row: number; cells: Record<string, string> }

/** One thing wrong with one cell. `value` is masked where it could identify somebody. */
export type TableFault = {
  row: number
  /** The header of the column. */
  column: string
  /** A rule of the plan (`C01`, `R06`) or one of `ruleNames`. */
  rule: string
  value: string
  message: string
  remedy: string
}

export type Table = {
  format: 'xlsx' | 'csv'
  encoding: 'utf-8' | 'gb18030' | 'utf-16le'
  headerRow: number
  headers: string[]
  rows: TableRow[]
  /** Cells the file itself had already spoiled: numbers cut to 15 digits. */
  faults: TableFault[]
}

/** Rules that are about the file, not about the plan. */
export const ruleNames: Record<string, string> = {
  header: '表头',
  required: '必填项',
  values: '可选值',
  duplicate: '重复',
  precision: '数字精度',
  length: '长度',
}

export type HeaderMatch<K extends string> = {
  /** Column key → header as it stands in the file. */
  found: Partial<Record<K, string>>
  missing: { column: Column<K>; suggestion: string | null }[]
  /** Headers that belong to no column; their cells are left unread. */
  ignored: string[]
}

/** How a header is compared: without spaces, stars, colons and notes like （必填）. */
export const headerKey = (header: string): string =>
  normalise(header)
    .replace(/\((?:必填|选填|可选|必须)\)/g, '')
    .replace(/[\s*:、]/g, '')
    .toLowerCase()

/** A fault for each required column of a sheet that is missing; `template` says which template to take instead. */
export function missingColumns<K extends string>(
  missing: HeaderMatch<K>['missing'],
  headerRow: number,
  template: string,
): TableFault[] {
  return missing
    .filter(({ column }) => column.required)
    .map(({ column, suggestion }) => ({
      row: headerRow,
      column: column.header,
      rule: 'header',
      value: '',
      message: `没有“${column.header}”这一列`,
      remedy: suggestion ? `请把“${suggestion}”改为“${column.header}”。` : template,
    }))
}

/** Finds each column by its header or alias; for one that is missing, suggests the header that was probably meant. */
export function matchHeaders<K extends string>(headers: readonly string[], dictionary: Dictionary<K>): HeaderMatch<K> {
  const found: Partial<Record<K, string>> = {}
  const free = new Map(headers.map((header) => [headerKey(header), header]))
  for (const names of [(c: Column<K>) => [c.header], (c: Column<K>) => c.aliases]) {
    for (const column of dictionary) {
      const key =
        column.key in found
          ? undefined
          : names(column)
              .map(headerKey)
              .find((name) => free.has(name))
      if (key === undefined) continue
      found[column.key] = free.get(key) as string
      free.delete(key)
    }
  }
  const missing = dictionary
    .filter((column) => !(column.key in found))
    .map((column) => ({ column, suggestion: nearest(column, [...free.values()]) }))
  return { found, missing, ignored: [...free.values()] }
}

type Choices = Pick<Column, 'values' | 'valueAliases'>
const spellings = new WeakMap<Choices, Map<string, string>>()

/** The code for what was written in a cell with fixed values, or `undefined`. Labels, codes and aliases all count. */
export function codeOf(column: Choices, text: string): string | undefined {
  let codes = spellings.get(column)
  if (!codes) {
    const values = Object.entries(column.values ?? {})
    const aliases = Object.entries(column.valueAliases ?? {})
    const pairs = [...aliases, ...values.map(([code, label]) => [label, code]), ...values.map(([code]) => [code, code])]
    codes = new Map(pairs.map(([name = '', code = '']) => [headerKey(name), code]))
    spellings.set(column, codes)
  }
  return codes.get(headerKey(text))
}

function nearest(column: Column, headers: string[]): string | null {
  let best: { header: string; far: number } | null = null
  for (const header of headers) {
    const typed = headerKey(header)
    for (const name of [column.header, ...column.aliases].map(headerKey)) {
      const far = editDistance(typed, name) / Math.max(typed.length, name.length, 1)
      const likely = far <= 0.4 || (typed.length > 1 && sorted(typed) === sorted(name))
      if (likely && far < (best?.far ?? 1)) best = { header, far }
    }
  }
  return best?.header ?? null
}

const sorted = (text: string) => Array.from(text).sort().join('')

/** Letters to add, drop, change or swap with a neighbour to get from one text to the other. */
export function editDistance(from: string, to: string): number {
  const a = Array.from(from)
  const b = Array.from(to)
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(change, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[b.length] ?? 0
}
