import type { ReasonText } from '#modules/training/input.schema.ts'
import { allow, type Decision, type Refusal, refuse } from '#policy/decision.ts'
import { matchHeaders, missingColumns, type Table, type TableFault } from '#shared/table.ts'
import { maskName, normalise } from '#shared/text.ts'
import type { Part } from './assessment.schema.ts'
import { type Mark, reasonText, type SheetKey, sheetDictionary } from './score.schema.ts'

const ABSENT = new Set(['缺考', '缺', '未考', '旷考', 'absent'])

/**
 * Reads a score as typed: points from 0 to 100 with at most one decimal, kept as whole tenths, or absent.
 * `87.50` is 87.5; `87.55` is refused, never rounded.
 * @clause C23
 */
export function parseMark(raw: string): Decision<Mark> {
  const typed = normalise(raw).replace(/分$/, '').trim().toLowerCase()
  if (ABSENT.has(typed)) return allow({ tenths: null, absent: true })
  const match = /^(\d{1,3})(?:\.(\d)0*|\.0*)?$/.exec(typed)
  if (!match)
    return refuse('C23', /^-?\d+(\.\d+)?$/.test(typed) && Number(typed) > 100 ? 'score-range' : 'score-format')
  const tenths = Number(match[1]) * 10 + Number(match[2] ?? 0)
  return tenths > 1000 ? refuse('C23', 'score-range') : allow({ tenths, absent: false })
}

export const sameMark = (a: Mark | undefined, b: Mark | undefined): boolean =>
  a?.tenths === b?.tenths && a?.absent === b?.absent

/**
 * Whether this person may confirm the sheet: everybody in class has every mark, and none of them is his own work.
 * @clause C23
 */
export function checkConfirmation(facts: {
  missing: number
  entered: number
  enteredBy: readonly string[]
  actorId: string
}): Decision<null> {
  if (facts.entered === 0) return refuse('C23', 'sheet-empty')
  if (facts.missing > 0) return refuse('C23', 'scores-missing', { count: facts.missing })
  return facts.enteredBy.includes(facts.actorId) ? refuse('C23', 'four-eyes') : allow(null)
}

/** A short code for a person on the sheet, the same on every template of the class. */
export const seatCode = (enrolmentId: string): string =>
  (enrolmentId.replaceAll('-', '').slice(-12).toUpperCase().match(/.{4}/g) ?? []).join('-')

export type Seat = { enrolmentId: string; nameMasked: string }
export type SheetCheck = {
  cells: Record<string, string>
  /** Persons with at least one mark in the file. */
  persons: number
  faults: TableFault[]
  /** Persons of the class whom the file does not hold. */
  absentFromFile: number
}

const codeKey = (text: string) =>
  normalise(text)
    .replace(/[\s\-‐-―−]/g, '')
    .toUpperCase()

/**
 * Checks a filled-in score sheet before anything is written: every row is matched to a person by code, its name is
 * compared so that a shifted column is noticed, every mark is read. Rows without faults can be entered.
 * @clause C23
 */
export function checkSheet(
  table: Pick<Table, 'headers' | 'headerRow' | 'rows'>,
  seats: readonly Seat[],
  inUse: readonly Part[],
): SheetCheck {
  const dictionary = sheetDictionary(inUse)
  const { found, missing } = matchHeaders(table.headers, dictionary)
  const faults = missingColumns(missing, table.headerRow, '请使用本班的成绩模板。')
  if (faults.length > 0) return { cells: {}, persons: 0, faults, absentFromFile: seats.length }

  const bySeat = new Map(seats.map((seat) => [codeKey(seatCode(seat.enrolmentId)), seat]))
  const headers = new Map(dictionary.map((column) => [column.key, column.header]))
  const cells: Record<string, string> = {}
  const rowOf = new Map<string, number>()
  let persons = 0
  for (const row of table.rows) {
    const text = (key: SheetKey) => normalise(row.cells[found[key] ?? ''] ?? '')
    const report = (key: SheetKey, rule: string, words: ReasonText) =>
      faults.push({
        row: row.row,
        column: headers.get(key) ?? key,
        rule,
        value: key === 'name' ? '' : text(key),
        ...words,
      })
    const seat = bySeat.get(codeKey(text('code')))
    if (!seat) {
      report('code', 'C23', words({ clause: 'C23', reason: 'code-unknown', facts: {} }))
      continue
    }
    const before = rowOf.get(seat.enrolmentId)
    if (before !== undefined) {
      report('code', 'duplicate', { message: `与第${before}行是同一名学员`, remedy: '请只保留一行。' })
      continue
    }
    rowOf.set(seat.enrolmentId, row.row)
    const name = text('name')
    if (name !== '' && name !== seat.nameMasked && maskName(name) !== seat.nameMasked) {
      report('name', 'C23', words({ clause: 'C23', reason: 'name-differs', facts: {} }))
      continue
    }
    const marks = inUse.map((part) => [part, text(part)] as const).filter(([, typed]) => typed !== '')
    const read = marks.map(([part, typed]) => ({ part, typed, mark: parseMark(typed) }))
    for (const { part, mark } of read) if (!mark.ok) report(part, 'C23', words(mark.refusal))
    if (read.some(({ mark }) => !mark.ok)) continue
    for (const { part, typed } of read) cells[`${seat.enrolmentId}.${part}`] = typed
    if (read.length > 0) persons++
  }
  return { cells, persons, faults, absentFromFile: seats.filter((seat) => !rowOf.has(seat.enrolmentId)).length }
}

export function words(refusal: Refusal): ReasonText {
  const text = reasonText[refusal.reason]?.(refusal.facts)
  return text ?? { message: refusal.reason, remedy: '请核对后重新填写。' }
}
