import { parseMark } from '#modules/assessment/score.rules.ts'
import { allow, type Decision, refuse } from '#policy/decision.ts'
import { matchHeaders, missingColumns, type Table, type TableFault } from '#shared/table.ts'
import { maskName, normalise } from '#shared/text.ts'
import type { ExamPart } from './assessor.schema.ts'
import { reasonText, type SheetKey, sheetDictionary } from './mark.schema.ts'

/** `7` → `0007`, as it stands on the admission list. */
export const seatNumber = (seq: number): string => String(seq).padStart(4, '0')

export type PartCheck = { part: ExamPart; tenths: number | null; ok: boolean }

/**
 * Whether a candidate passed: present at every part and at least the pass mark in each. Nothing is rounded: 59.9 is
 * not 60.
 * @clause V04
 */
export function decideCandidate(
  marks: readonly { part: ExamPart; tenths: number | null }[],
  passMark: number,
): { passed: boolean; checks: PartCheck[] } {
  const checks = marks.map(({ part, tenths }) => ({ part, tenths, ok: tenths !== null && tenths >= passMark * 10 }))
  return { passed: checks.length > 0 && checks.every((one) => one.ok), checks }
}

/**
 * Whether this person may confirm the sheet: every mark is there and none is his own work.
 * @clause C23
 */
export function checkSheetComplete(facts: {
  missing: number
  enteredBy: readonly string[]
  actorId: string
}): Decision<null> {
  if (facts.enteredBy.length === 0) return refuse('C23', 'sheet-empty')
  if (facts.missing > 0) return refuse('C23', 'marks-missing', { count: facts.missing })
  return facts.enteredBy.includes(facts.actorId) ? refuse('C23', 'four-eyes') : allow(null)
}

export type Seat = { id: string; seq: number; nameMasked: string }
export type SheetCheck = { cells: Record<string, string>; persons: number; faults: TableFault[]; absent: number }

/**
 * Reads a filled-in sheet before anything is written: each row is matched by its number, its name compared, each mark
 * read. Rows without faults can be entered.
 * @clause C23
 */
export function checkMarkSheet(
  table: Pick<Table, 'headers' | 'headerRow' | 'rows'>,
  seats: readonly Seat[],
  parts: readonly ExamPart[],
): SheetCheck {
  const dictionary = sheetDictionary(parts)
  const { found, missing } = matchHeaders(table.headers, dictionary)
  const faults = missingColumns(missing, table.headerRow, '请使用本批次的成绩模板。')
  if (faults.length > 0) return { cells: {}, persons: 0, faults, absent: seats.length }
  const bySeq = new Map(seats.map((seat) => [seat.seq, seat]))
  const headers = new Map(dictionary.map((column) => [column.key, column.header]))
  const cells: Record<string, string> = {}
  const seen = new Map<string, number>()
  for (const row of table.rows) {
    const text = (key: SheetKey) => normalise(row.cells[found[key] ?? ''] ?? '')
    const wrong = (key: SheetKey, rule: string, given: { message: string; remedy: string }) =>
      faults.push({
        row: row.row,
        column: headers.get(key) ?? key,
        rule,
        value: key === 'name' ? '' : text(key),
        ...given,
      })
    const say = (reason: string) => reasonText[reason]?.({}) ?? { message: reason, remedy: '' }
    const seat = /^\d{1,6}$/.test(text('seq')) ? bySeq.get(Number(text('seq'))) : undefined
    if (!seat) {
      wrong('seq', 'C23', say('seq-unknown'))
      continue
    }
    const before = seen.get(seat.id)
    if (before !== undefined) {
      wrong('seq', 'duplicate', { message: `与第${before}行是同一名考生`, remedy: '请只保留一行。' })
      continue
    }
    seen.set(seat.id, row.row)
    const name = text('name')
    if (name !== '' && name !== seat.nameMasked && maskName(name) !== seat.nameMasked) {
      wrong('name', 'C23', say('name-differs-row'))
      continue
    }
    const typed = parts.map((part) => [part, text(part)] as const).filter(([, one]) => one !== '')
    const bad = typed.filter(([, one]) => !parseMark(one).ok)
    for (const [part] of bad) wrong(part, 'C23', say('mark-format'))
    if (bad.length > 0) continue
    for (const [part, one] of typed) cells[`${seat.id}.${part}`] = one
  }
  const persons = new Set(Object.keys(cells).map((key) => key.slice(0, 36))).size
  return { cells, persons, faults, absent: seats.filter((seat) => !seen.has(seat.id)).length }
}
