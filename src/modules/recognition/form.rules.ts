import type { Scheme, SchemeField } from '#policy/plan.types.ts'
import { normalise } from '#shared/text.ts'
import { isDay } from '#shared/units.ts'

export type Row = Record<string, string | number>
export type Answer = string | number | Row[]
export type Answers = Record<string, Answer>
export type Faults = Record<string, string[]>

type Plain = Omit<Exclude<SchemeField, { kind: 'table' }>, 'when'>

/** Whether a field or material is asked for, given the other answers. */
export const asked = (one: { when?: SchemeField['when'] }, answers: Answers): boolean =>
  !one.when || one.when.is.includes(String(answers[one.when.field] ?? ''))

/**
 * The answers of a form as the scheme reads them: numbers as numbers, empty rows left out, fields not asked for dropped.
 * A draft keeps whatever is short enough; a submission must be whole. Faults carry the name of the box, `f.years`.
 */
export function readForm(
  scheme: Pick<Scheme, 'fields'>,
  raw: Record<string, unknown>,
  whole: boolean,
): { answers: Answers; faults: Faults } {
  const answers: Answers = {}
  const faults: Faults = {}
  for (const field of scheme.fields) {
    if (!asked(field, answers)) continue
    const name = `f.${field.id}`
    if (field.kind === 'table') {
      const rows = readRows(field, raw[field.id], whole, name, faults)
      if (rows.length > 0) answers[field.id] = rows
      else if (whole && field.required) faults[name] = [`请填写${field.label}`]
      continue
    }
    const value = readPlain(field, raw[field.id], whole, name, faults)
    if (value !== null) answers[field.id] = value
  }
  return { answers, faults }
}

function readRows(
  field: Extract<SchemeField, { kind: 'table' }>,
  raw: unknown,
  whole: boolean,
  name: string,
  faults: Faults,
): Row[] {
  const given = Array.isArray(raw) ? raw.slice(0, field.rowsMost) : []
  const rows: Row[] = []
  given.forEach((one: unknown, at) => {
    const cells = typeof one === 'object' && one !== null ? (one as Record<string, unknown>) : {}
    if (field.columns.every(({ id }) => textOf(cells[id]) === '')) return
    const row: Row = {}
    for (const column of field.columns) {
      const value = readPlain(column, cells[column.id], whole, `${name}.${at}.${column.id}`, faults)
      if (value !== null) row[column.id] = value
    }
    rows.push(row)
  })
  return rows
}

const textOf = (raw: unknown): string => (typeof raw === 'string' || typeof raw === 'number' ? String(raw).trim() : '')

function readPlain(field: Plain, raw: unknown, whole: boolean, name: string, faults: Faults): string | number | null {
  const typed = textOf(raw)
  const wrong = (words: string) => {
    faults[name] = [words]
    return null
  }
  if (typed === '') return whole && field.required ? wrong(emptyWords(field)) : null
  if (field.kind === 'number') {
    const text = normalise(typed).replace(/,/g, '')
    const number = Number(text)
    if (!/^\d{1,12}(\.\d{1,2})?$/.test(text))
      return whole ? wrong(`${field.label}请填数字，例如 12`) : typed.slice(0, 40)
    if (field.max !== undefined && number > field.max) return wrong(`${field.label}不能大于${field.max}`)
    return number
  }
  const most = field.max ?? (field.kind === 'long' ? 3000 : 120)
  const text = field.kind === 'text' || field.kind === 'long' ? prose(typed) : normalise(typed)
  if ([...text].length > most) return wrong(`${field.label}不能超过${most}个字，现在是${[...text].length}个字`)
  if (field.kind === 'day' && !isDay(text)) return whole ? wrong(`${field.label}请填日期，例如 2021-09-15`) : text
  if (field.kind === 'choice' && !field.options?.some((one) => one.value === text))
    return wrong(`请从列表中选择${field.label}`)
  if (field.kind === 'yes' && text !== 'yes') return wrong(`请勾选“${field.label}”`)
  return text
}

const emptyWords = (field: Plain) =>
  field.kind === 'choice'
    ? `请选择${field.label}`
    : field.kind === 'yes'
      ? `请勾选“${field.label}”`
      : `请填写${field.label}`

/** What people write stays as they wrote it, full-width commas too; only what cannot be seen goes. */
const prose = (text: string) =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n]/gu, '')
    .trim()
