import { matchHeaders, type Table } from '#shared/table.ts'
import { normalise } from '#shared/text.ts'
import { markColumns } from './mark.schema.ts'
import { readMark } from './marking.rules.ts'

const absent = new Set(['缺考', '缺席', '弃权', '缺'])
/** So many faults are listed; the rest is counted. */
const listed = 20

export type ReadMarks = { marks: { entryId: string; mark: number }[]; absent: string[]; faults: string[] }

/**
 * Theory marks out of a table: every row a known entry, once, with a mark or a word for not having come. A file with any
 * fault brings nothing in.
 * @clause R32
 */
export function readMarks(table: Table, known: ReadonlyMap<string, string>): ReadMarks {
  const { found, missing } = matchHeaders(table.headers, markColumns)
  if (missing.length > 0 || !found.number || !found.mark) {
    return { marks: [], absent: [], faults: [`缺少列：${missing.map((one) => one.column.header).join('、')}`] }
  }
  const faults = table.faults.map((one) => `第${one.row}行：${one.message}`)
  const marks: ReadMarks['marks'] = []
  const away: string[] = []
  const seen = new Map<string, number>()
  for (const { row, cells } of table.rows) {
    const number = normalise(cells[found.number] ?? '').toUpperCase()
    const typed = normalise(cells[found.mark] ?? '').replace(/分$/, '')
    const entryId = known.get(number)
    const before = seen.get(number)
    if (entryId === undefined) faults.push(`第${row}行：这一轮没有参赛编号“${number || '（空）'}”`)
    else if (before !== undefined) faults.push(`第${row}行：参赛编号“${number}”和第${before}行重复`)
    else {
      seen.set(number, row)
      const mark = readMark(typed)
      if (absent.has(typed)) away.push(entryId)
      else if (mark === null)
        faults.push(`第${row}行：成绩“${typed.slice(0, 20)}”不是0到100的分数（最多两位小数），没有到场请填“缺考”`)
      else marks.push({ entryId, mark })
    }
  }
  const shown =
    faults.length > listed ? [...faults.slice(0, listed), `另有${faults.length - listed}处，请一并核对`] : faults
  return { marks, absent: away, faults: shown }
}
