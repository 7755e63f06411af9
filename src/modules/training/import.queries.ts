import { sql } from 'kysely'
import { openPersons } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { readTable, tableLimits } from '#platform/spreadsheet.ts'
import { errorFile, templateXlsx } from '#platform/workbook.ts'
import type { Table, TableFault } from '#shared/table.ts'
import type { ImportState } from './enrolment.schema.ts'
import { documentKey } from './roster.rules.ts'
import { type RosterLists, rosterDictionary, rosterRules } from './roster.schema.ts'

export type ImportRecord = {
  id: string
  classId: string
  fileId: string | null
  fileName: string
  state: ImportState
  rowsTotal: number
  rowsDone: number
  accepted: number
  rejected: number
  faults: TableFault[]
  message: string
  at: Date
  appliedAt: Date | null
}

export const imports = (db: Ctx['db']) =>
  db
    .selectFrom('training.imports as i')
    .select([
      'i.id',
      'i.class_id as classId',
      'i.file_id as fileId',
      'i.file_name as fileName',
      'i.state',
      'i.rows_total as rowsTotal',
      'i.rows_done as rowsDone',
      'i.accepted',
      'i.rejected',
      'i.faults',
      'i.message',
      'i.at',
      'i.applied_at as appliedAt',
    ])
    .$castTo<ImportRecord>()

/** Groups and subdistricts of the plan, as the roster's columns know them. */
export const rosterLists = (plan: Ctx['plan']): RosterLists => ({
  groups: Object.fromEntries(plan.groups.map(({ id, label }) => [id, label])),
  subdistricts: Object.fromEntries(plan.subdistricts.map(({ code, name }) => [code, name])),
})

/** The last imports of a class, without their faults. */
export async function importsOf(db: Ctx['db'], classId: string): Promise<ImportRecord[]> {
  return imports(db).where('i.class_id', '=', classId).orderBy('i.at', 'desc').limit(20).execute()
}

/** One import, for those who keep the roster, with the places that are left in its class. */
export async function importPage(ctx: Ctx, importId: string): Promise<ImportRecord & { left: number }> {
  const row = await imports(ctx.db)
    .innerJoin('training.classes as c', 'c.id', 'i.class_id')
    .select('c.organisation_id as organisationId')
    .select(
      sql<number>`c.capacity - (select count(*) from training.enrolments e where e.class_id = c.id and e.state <> 'withdrawn')`.as(
        'left',
      ),
    )
    .where('i.id', '=', importId)
    .$castTo<ImportRecord & { left: number; organisationId: string }>()
    .executeTakeFirst()
  if (!row || !ctx.actor.can('roster.edit', { organisationId: row.organisationId })) {
    throw missing('import')
  }
  return row
}

export const fileContext = 'roster.file'

/** The uploaded roster as it came. Kept sealed: it is full of documents and phones. */
export async function rosterTable(ctx: Pick<Ctx, 'db' | 'crypto'>, record: ImportRecord): Promise<Table> {
  const file = await ctx.db
    .selectFrom('platform.files')
    .select('content')
    .where('id', '=', record.fileId)
    .executeTakeFirst()
  if (!file) throw missing('file')
  const bytes = Buffer.from(ctx.crypto.open(file.content.toString('utf8'), fileContext), 'base64')
  const headers = rosterDictionary().flatMap((column) => [column.header, ...column.aliases])
  return readTable(bytes, record.fileName, tableLimits, headers)
}

/** The rows to mend, with what is wrong and how to mend it. */
export async function importErrorFile(ctx: Ctx, importId: string): Promise<{ name: string; bytes: Uint8Array }> {
  const record = await importPage(ctx, importId)
  const table = await rosterTable(ctx, record)
  const name = `${record.fileName.replace(/\.[^.]*$/, '')}-需要更正的行.xlsx`
  return { name, bytes: await errorFile(table, record.faults, rosterRules) }
}

/** The file to fill in, made from the dictionary that also checks it. */
export async function rosterTemplate(plan: Ctx['plan']): Promise<{ name: string; bytes: Uint8Array }> {
  const notes = ['一人一行，不要合并单元格。', '上传后先核对、后导入；有错的行单独列出，其余的行照常导入。']
  return {
    name: '学员花名册模板.xlsx',
    bytes: await templateXlsx(rosterDictionary(rosterLists(plan)), { name: '花名册', notes }),
  }
}

/** Documents of everybody on the roster, to find those a file lists again. */
export async function knownDocuments(ctx: Pick<Ctx, 'db' | 'crypto'>, classId: string): Promise<Set<string>> {
  const rows = await ctx.db
    .selectFrom('training.enrolments')
    .select('person_id')
    .where('class_id', '=', classId)
    .where('state', '<>', 'withdrawn')
    .execute()
  const persons = await openPersons(
    ctx.db,
    ctx.crypto,
    rows.map((row) => row.person_id),
  )
  return new Set([...persons.values()].map((person) => documentKey(person.documentKind, person.documentNumber)))
}
