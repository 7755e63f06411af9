import type { Ctx } from '#platform/command.ts'
import { readTable, tableLimits } from '#platform/spreadsheet.ts'
import { writeXlsx } from '#platform/workbook.ts'
import type { TableFault } from '#shared/table.ts'
import type { AssessmentRecord } from './assessment.queries.ts'
import { partsInUse } from './desk.queries.ts'
import { scoreSheet } from './score.queries.ts'
import { checkSheet, type SheetCheck, seatCode } from './score.rules.ts'
import { markText, sheetDictionary } from './score.schema.ts'

/** The sheet to fill in, with everybody of the class and what is entered already. */
export async function sheetTemplate(
  ctx: Pick<Ctx, 'db'>,
  assessment: AssessmentRecord,
  classNumber: string,
): Promise<{ name: string; bytes: Uint8Array }> {
  const inUse = partsInUse(assessment.weights)
  const dictionary = sheetDictionary(inUse)
  const rows = (await scoreSheet(ctx.db, assessment)).map((row) => [
    seatCode(row.enrolmentId),
    row.name,
    ...inUse.map((part) => markText(row.marks[part])),
  ])
  const bytes = await writeXlsx([
    {
      name: '成绩',
      header: dictionary.map((column) => (column.required ? `*${column.header}` : column.header)),
      rows,
      widths: dictionary.map((column) => column.width),
    },
    {
      name: '填写说明',
      header: ['列名', '怎样填写', '示例'],
      rows: dictionary.map((column) => [column.header, column.description, column.example]),
      widths: [16, 60, 20],
    },
  ])
  return { name: `成绩表-${classNumber}.xlsx`, bytes }
}

export type SheetPreview = SheetCheck & { fileName: string; faults: TableFault[] }

/** Reads a filled-in sheet and says what would be entered; nothing is written. */
export async function previewSheet(
  ctx: Pick<Ctx, 'db'>,
  assessment: AssessmentRecord,
  file: { name: string; bytes: Uint8Array },
): Promise<SheetPreview> {
  const inUse = partsInUse(assessment.weights)
  const headers = sheetDictionary(inUse).flatMap((column) => [column.header, ...column.aliases])
  const table = await readTable(
    file.bytes,
    file.name,
    { ...tableLimits, maxBytes: 5 * 1024 * 1024, maxRows: 5000 },
    headers,
  )
  const seats = (await scoreSheet(ctx.db, assessment)).map((row) => ({
    enrolmentId: row.enrolmentId,
    nameMasked: row.name,
  }))
  return { ...checkSheet(table, seats, inUse), fileName: file.name }
}
