import { sql } from 'kysely'
import { command } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { missing, refused } from '#platform/errors.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { isSeated, lockPanel } from './panel.commands.ts'
import { ownExpert } from './panel.queries.ts'
import { duePanel } from './sheet-file.queries.ts'
import { readSheets, type SheetRow, sheetColumns } from './sheet-file.rules.ts'
import { CheckSheetFile, TakeSheetFile } from './sheet-file.schema.ts'

const no = (reason: string, facts: Record<string, string | number> = {}) => refused({ clause: 'A02', reason, facts })

/**
 * An expert's marks in a file, looked through without giving any: what would be taken, or everything that is wrong with row,
 * column, rule and remedy.
 * @clause A02
 */
export const checkSheetFile = command({
  name: 'recognition.checkSheetFile',
  permission: 'recognition.score',
  input: CheckSheetFile,
  told: ({ panelId, file }) => ({ panelId, digest: sha256(file.bytes) }),
  async run(tx, { panelId, file }) {
    const expert = await ownExpert(tx)
    if (!(await isSeated(tx, panelId, expert.id))) throw missing('panel')
    await lockPanel(tx, panelId)
    const due = await duePanel(tx.db, panelId, expert.id)
    if (!due) throw no('panel-closed')
    const names = sheetColumns(due.scoring).flatMap((one) => [one.header, ...one.aliases])
    const table = await readTable(file.bytes, file.name, undefined, names)
    const { rows, skipped, faults } = readSheets(table, due.scoring, due)
    if (faults.length > 0) return { panelId, fileId: null, count: 0, skipped, faults }
    const { id } = await tx.db
      .insertInto('recognition.sheet_files')
      .values({
        ...{ panel_id: panelId, expert_id: expert.id, name: file.name.slice(-120) || '评分表' },
        ...{ digest: sha256(file.bytes), rows: JSON.stringify(rows), count: rows.length, checked_at: tx.now },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('sheet-file', id)
    return { panelId, fileId: id, count: rows.length, skipped, faults }
  },
  outcome: ({ panelId, fileId, count, faults }) => ({ panelId, fileId, count, faults: faults.length }),
})

/**
 * The marks of a checked file become sheets, all or none, as if each had been given by hand.
 * @clause A02
 */
export const takeSheetFile = command({
  name: 'recognition.takeSheetFile',
  permission: 'recognition.score',
  input: TakeSheetFile,
  async run(tx, { fileId }) {
    const expert = await ownExpert(tx)
    const file = await tx.db
      .selectFrom('recognition.sheet_files')
      .select(['panel_id as panelId', 'taken_at as takenAt', 'count'])
      .where('id', '=', fileId)
      .where('expert_id', '=', expert.id)
      .forUpdate()
      .executeTakeFirst()
    if (!file) throw missing('sheet-file')
    tx.about('sheet-file', fileId)
    if (file.takenAt) throw no('file-taken')
    await lockPanel(tx, file.panelId)
    if (!(await isSeated(tx, file.panelId, expert.id))) throw missing('panel')
    const { rows } = await tx.db
      .selectFrom('recognition.sheet_files')
      .select('rows')
      .where('id', '=', fileId)
      .$castTo<{ rows: SheetRow[] }>()
      .executeTakeFirstOrThrow()
    const { rows: waiting } = await sql<{ id: string }>`
      select id from recognition.applications
      where id = any(${rows.map((one) => one.applicationId)}::uuid[]) and panel_id = ${file.panelId}
        and state = 'expert-review' order by id for update
    `.execute(tx.db)
    const { numAffectedRows } = await sql`
      insert into recognition.sheets (panel_id, application_id, expert_id, scores, total, opinion, given_at, file_id)
      select ${file.panelId}, application, ${expert.id}, scores, total, opinion, ${tx.now}, ${fileId}
      from unnest(${rows.map((one) => one.applicationId)}::uuid[], ${rows.map((one) => JSON.stringify(one.scores))}::jsonb[],
        ${rows.map((one) => one.total)}::numeric[], ${rows.map((one) => one.opinion)}::text[])
        x (application, scores, total, opinion)
      where application = any(${waiting.map((one) => one.id)}::uuid[])
      on conflict do nothing
    `.execute(tx.db)
    const given = Number(numAffectedRows ?? 0)
    if (given !== file.count) throw no('sheets-moved', { count: file.count - given })
    await tx.db.updateTable('recognition.sheet_files').set({ taken_at: tx.now }).where('id', '=', fileId).execute()
    return { panelId: file.panelId, fileId, count: given }
  },
})
