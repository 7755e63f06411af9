import { pointsText } from '#modules/assessment/score.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { readTable, tableLimits } from '#platform/spreadsheet.ts'
import { writeXlsx } from '#platform/workbook.ts'
import { batchById, candidatesOf } from './batch.queries.ts'
import { checkMarkSheet, type SheetCheck, seatNumber } from './mark.rules.ts'
import { sheetDictionary } from './mark.schema.ts'

async function ownSheet(ctx: Ctx, batchId: string) {
  const batch = await batchById(ctx.db, batchId)
  if (!batch || !ctx.actor.can('score.enter', { organisationId: batch.organisationId })) throw missing('batch')
  return { batch, listed: (await candidatesOf(ctx.db, batchId)).filter((one) => one.state === 'listed') }
}

/** The sheet to fill in, with everybody of the list and what is entered already. */
export async function markTemplate(ctx: Ctx, batchId: string): Promise<{ name: string; bytes: Uint8Array }> {
  const { batch, listed } = await ownSheet(ctx, batchId)
  const dictionary = sheetDictionary(batch.parts)
  const bytes = await writeXlsx([
    {
      name: '成绩',
      header: dictionary.map((column) => (column.required ? `*${column.header}` : column.header)),
      rows: listed.map((one) => [
        seatNumber(one.seq),
        one.name,
        ...batch.parts.map((part) => {
          const mark = one.marks[part]
          return mark === undefined ? '' : mark.tenths === null ? '缺考' : pointsText(mark.tenths)
        }),
      ]),
      widths: dictionary.map((column) => column.width),
    },
    {
      name: '填写说明',
      header: ['列名', '怎样填写', '示例'],
      rows: dictionary.map((column) => [column.header, column.description, column.example]),
      widths: [16, 60, 20],
    },
  ])
  return { name: `认定成绩-${batch.number}.xlsx`, bytes }
}

export type MarkPreview = SheetCheck & { fileName: string; version: number }

/** Reads a filled-in sheet and says what would be entered; nothing is written. @clause C23 */
export async function previewMarks(
  ctx: Ctx,
  batchId: string,
  file: { name: string; bytes: Uint8Array },
): Promise<MarkPreview> {
  const { batch, listed } = await ownSheet(ctx, batchId)
  const headers = sheetDictionary(batch.parts).flatMap((column) => [column.header, ...column.aliases])
  const limits = { ...tableLimits, maxBytes: 5 * 1024 * 1024, maxRows: 5000 }
  const table = await readTable(file.bytes, file.name, limits, headers)
  const seats = listed.map((one) => ({ id: one.id, seq: one.seq, nameMasked: one.name }))
  return { ...checkMarkSheet(table, seats, batch.parts), fileName: file.name, version: batch.version }
}
