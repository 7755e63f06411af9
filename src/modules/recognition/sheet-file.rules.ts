import type { Scheme } from '#policy/plan.types.ts'
import {
  type Column,
  type Dictionary,
  matchHeaders,
  missingColumns,
  type Table,
  type TableFault,
} from '#shared/table.ts'
import { normalise } from '#shared/text.ts'
import { markOf, totalOf } from './panel.rules.ts'

type Scoring = NonNullable<Scheme['scoring']>
export type SheetRow = { applicationId: string; scores: Record<string, number>; total: number; opinion: string }
export type ReadSheets = { rows: SheetRow[]; skipped: number; faults: TableFault[] }
/** What an expert may still mark, by code; `given`: what is marked already. */
export type Due = { open: ReadonlyMap<string, string>; given: ReadonlySet<string> }

const opinionLeast = 4
const opinionMost = 2000
const code: Column = {
  ...{ key: 'code', header: '代号', aliases: ['申请代号', '编号'], required: true, width: 12, example: '1-01' },
  description: '平台给出的代号，不要改动',
}

/** The columns of a sheet to be filled in: the code, one for each dimension, the opinion. */
export const sheetColumns = ({ dimensions }: Scoring): Dictionary => [
  code,
  ...dimensions.map(
    ({ id, title, weight, statement }): Column => ({
      ...{ key: `scores.${id}`, header: title, aliases: [`${title}（${weight}%）`], required: true, width: 14 },
      ...{ description: `0到100分，最多一位小数；${statement}`, example: '85' },
    }),
  ),
  {
    ...{ key: 'opinion', header: '评审意见', aliases: ['意见', '评语'], required: true, width: 50 },
    ...{ description: '至少4个字，不能超过2000个字', example: '成果有佐证，带徒成效明显。' },
  },
]

/**
 * Sheets out of a table: every row a code that is the expert's to mark, once, with all its marks and an opinion. A row with
 * nothing but its code is left for later; a file with any fault brings nothing in.
 * @clause A02
 */
export function readSheets(table: Table, scoring: Scoring, due: Due): ReadSheets {
  const columns = sheetColumns(scoring)
  const { found, missing } = matchHeaders(table.headers, columns)
  const lacking = missingColumns(missing, table.headerRow, '请下载这个评审组的空白评分表，在表里填写。')
  if (lacking.length > 0) return { rows: [], skipped: 0, faults: lacking }
  const faults: TableFault[] = [...table.faults]
  const rows: SheetRow[] = []
  const seen = new Map<string, number>()
  let skipped = 0
  for (const { row, cells } of table.rows) {
    const cell = (key: string) => normalise(cells[found[key] ?? ''] ?? '')
    const marks = scoring.dimensions.map((one) => ({ ...one, typed: cell(`scores.${one.id}`).replace(/分$/, '') }))
    const opinion = inChinese(cell('opinion'))
    if (opinion === '' && marks.every((one) => one.typed === '')) {
      skipped += 1
      continue
    }
    const before = faults.length
    const wrong = (column: string, rule: string, value: string, message: string, remedy: string) =>
      faults.push({ row, column, rule, value: value.slice(0, 40), message, remedy })
    const typed = cell('code')
    const applicationId = due.open.get(typed)
    const first = seen.get(typed)
    if (first !== undefined) {
      wrong(code.header, 'duplicate', typed, `代号“${typed}”和第${first}行重复`, '请只留一行。')
    } else if (applicationId === undefined) wrong(code.header, 'values', typed, ...codeFault(typed, due))
    else seen.set(typed, row)
    const scores: Record<string, number> = {}
    for (const one of marks) {
      const mark = markOf(one.typed)
      if (mark !== null) scores[one.id] = mark
      else if (one.typed === '')
        wrong(one.title, 'required', '', `“${one.title}”没有打分`, '请填0到100的分数；整行都不打的，把这一行清空。')
      else
        wrong(
          one.title,
          'A02',
          one.typed,
          `“${one.typed.slice(0, 20)}”不是0到100的分数`,
          '请填0到100，最多一位小数，如 85 或者 85.5。',
        )
    }
    const length = [...opinion].length
    if (length < opinionLeast) wrong('评审意见', 'required', opinion, '评审意见不到4个字', '请写明理由，至少4个字。')
    else if (length > opinionMost) wrong('评审意见', 'length', '', `评审意见有${length}个字`, '请缩短到2000个字以内。')
    if (faults.length === before && applicationId)
      rows.push({ applicationId, scores, total: totalOf(scoring.dimensions, scores), opinion })
  }
  if (rows.length === 0 && faults.length === 0)
    faults.push({
      ...{ row: table.headerRow, column: code.header, rule: 'required', value: '' },
      ...{ message: '没有一行打了分', remedy: '请填好至少一行再检查。' },
    })
  return { rows, skipped, faults }
}

/** Reading a table makes all signs narrow; between Chinese words they are written wide. */
const wide: Record<string, string> = { ',': '，', ';': '；', ':': '：', '?': '？', '!': '！' }
const inChinese = (text: string) => text.replace(/(?<=[\u4e00-\u9fff])[,;:?!]/g, (sign) => wide[sign] ?? sign)

function codeFault(typed: string, { given }: Due): [message: string, remedy: string] {
  if (given.has(typed)) return [`“${typed}”已经打过分，不能更改`, '请删去这一行。']
  if (typed === '') return ['没有代号', '请照空白评分表填上代号，或者删去这一行。']
  if (/^\d{4}[-/]\d{1,2}[-/]\d{1,2}|月/.test(typed))
    return [`代号“${typed.slice(0, 20)}”被表格软件改成了日期`, '请把“代号”列设为文本，照空白评分表重新填写。']
  return [`这个评审组没有代号“${typed.slice(0, 20)}”`, '请照空白评分表核对代号。']
}
