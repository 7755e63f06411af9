import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { ensurePersons } from '#modules/people/person.commands.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { AppError, missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import type { TableFault } from '#shared/table.ts'
import { enrolledIn, lockClass } from './class.commands.ts'
import type { ClassRecord } from './class.queries.ts'
import { rosterOpen } from './class.rules.ts'
import { ImportStep, StartImport } from './enrolment.schema.ts'
import { fileContext, type ImportRecord, imports, knownDocuments, rosterLists, rosterTable } from './import.queries.ts'
import { programmeOf } from './plan.queries.ts'
import { validateRoster } from './roster.rules.ts'
import type { RosterRow } from './roster.schema.ts'

const rowContext = 'roster.row'
const batchRows = 500

/** Keeps the uploaded roster, sealed, and has it checked. Nothing is written to the class yet. */
export const startImport: Command<typeof StartImport, { importId: string }> = command({
  name: 'training.startImport',
  permission: 'roster.edit',
  input: StartImport,
  async run(tx, { classId, fileName, bytes }) {
    const record = await lockRoster(tx, classId)
    const running = await imports(tx.db)
      .where('i.class_id', '=', record.id)
      .where('i.state', 'in', ['checking', 'applying'])
      .executeTakeFirst()
    if (running) throw refused({ clause: 'C01', reason: 'import-running', facts: {} })
    const file = await tx.db
      .insertInto('platform.files')
      .values({
        sha256: createHash('sha256').update(bytes).digest('hex'),
        media_type: 'application/octet-stream',
        name: fileName,
        size_bytes: bytes.length,
        content: Buffer.from(tx.crypto.seal(Buffer.from(bytes).toString('base64'), fileContext)),
        owner_user_id: tx.actor.id,
        organisation_id: record.organisationId,
        purpose: 'roster',
        at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { id } = await tx.db
      .insertInto('training.imports')
      .values({
        class_id: record.id,
        file_id: file.id,
        file_name: fileName,
        state: 'checking',
        by_user: tx.actor.id,
        at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('import', id)
    await tx.enqueue('training.checkImport', { importId: id }, { key: `training.checkImport:${id}` })
    return { importId: id }
  },
})

/**
 * The dry run: every fault with row, column, rule and remedy; good rows wait, sealed, to be applied.
 * @clause C01 R06
 */
export const checkImport: Command<typeof ImportStep, { importId: string; state: string }> = command({
  name: 'training.checkImport',
  permission: 'roster.edit',
  input: ImportStep,
  async run(tx, { importId }) {
    const { record, cls } = await lockImport(tx, importId)
    if (record.state !== 'checking') return { importId, state: record.state }
    try {
      const checked = await check(tx, record, cls)
      await keepRows(tx, importId, checked.accepted)
      const rejected = new Set(checked.faults.map((fault) => fault.row)).size
      await update(tx, importId, {
        state: 'checked',
        rows_total: checked.accepted.length + rejected,
        accepted: checked.accepted.length,
        rejected,
        faults: JSON.stringify(checked.faults),
        message: checked.message,
      })
      return { importId, state: 'checked' }
    } catch (error) {
      if (!(error instanceof AppError) || error.fault.kind !== 'invalid') throw error
      await update(tx, importId, { state: 'failed', message: Object.values(error.fault.fields).flat().join('') })
      return { importId, state: 'failed' }
    }
  },
})

async function check(tx: Tx, record: ImportRecord, cls: ClassRecord) {
  const table = await rosterTable(tx, record)
  const ageFigure = programmeOf(tx.plan, cls.programme)?.traineeRules.ageMinFigure ?? 'R06.ageMin'
  const today = dayOf(tx.now)
  const { accepted, faults, ignored } = validateRoster(table, {
    today: [cls.startsOn, today].toSorted().at(-1) ?? today,
    lists: rosterLists(tx.plan),
    known: await knownDocuments(tx, cls.id),
    ageMin: (await figuresFor(tx))(ageFigure, cls.startsOn).value,
  })
  const reported = new Set(faults.map((fault) => `${fault.row}:${fault.column}`))
  // Digits the spreadsheet lost may still look right; such a row is never taken.
  const spoiled = table.faults.filter((fault) => !reported.has(`${fault.row}:${fault.column}`))
  const bad = new Set(spoiled.map((fault) => fault.row))
  return {
    accepted: accepted.filter((row) => !bad.has(row.row)),
    faults: [...faults, ...spoiled].toSorted((a, b) => a.row - b.row),
    message: ignored
      .map(({ header, meant }) => (meant ? `“${header}”列没有读取，是否应为“${meant}”？` : `“${header}”列没有读取。`))
      .join(''),
  }
}

async function keepRows(tx: Tx, importId: string, rows: readonly RosterRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into training.import_rows (import_id, row, sealed)
    select ${importId}, r.* from unnest(${rows.map((row) => row.row)}::int[],
      ${rows.map((row) => tx.crypto.seal(JSON.stringify(row), rowContext))}::text[]) as r
  `.execute(tx.db)
}

/** Takes the accepted rows into the roster, in the background. */
export const applyImport: Command<typeof ImportStep, { importId: string; state: string }> = command({
  name: 'training.applyImport',
  permission: 'roster.edit',
  input: ImportStep,
  async run(tx, { importId }) {
    const { record, cls } = await lockImport(tx, importId)
    mustBe(record, ['checked'])
    if (record.accepted === 0) throw refused({ clause: 'C01', reason: 'import-empty', facts: {} })
    const left = cls.capacity - (await enrolledIn(tx, cls.id))
    if (record.accepted > left) {
      throw refused({ clause: 'C12', reason: 'import-over-capacity', facts: { accepted: record.accepted, left } })
    }
    await update(tx, importId, { state: 'applying', rows_total: record.accepted })
    await tx.enqueue('training.applyImport', { importId }, { key: `training.applyImport:${importId}` })
    return { importId, state: 'applying' }
  },
})

/**
 * One batch of an import. Its rows leave the waiting list in the transaction that enrols them, so whatever kills the
 * process, nobody is enrolled twice and nobody is forgotten.
 */
export const applyImportBatch: Command<typeof ImportStep, { importId: string; left: number }> = command({
  name: 'training.applyImportBatch',
  permission: 'roster.edit',
  input: ImportStep,
  async run(tx, { importId }) {
    const { record, cls } = await lockImport(tx, importId)
    if (record.state !== 'applying') return { importId, left: 0 }
    const waiting = await tx.db
      .selectFrom('training.import_rows')
      .select(['row', 'sealed'])
      .where('import_id', '=', importId)
      .orderBy('row')
      .limit(batchRows)
      .execute()
    const rows = waiting.map(({ sealed }) => JSON.parse(tx.crypto.open(sealed, rowContext)) as RosterRow)
    const faults = rows.length > 0 ? await enrolRows(tx, record, cls, rows) : []
    await sql`delete from training.import_rows where import_id = ${importId} and row = any(${rows.map((r) => r.row)}::int[])`.execute(
      tx.db,
    )
    const done = record.rowsDone + rows.length
    const finished = done >= record.rowsTotal || rows.length === 0
    await update(tx, importId, {
      rows_done: done,
      accepted: record.accepted - faults.length,
      rejected: record.rejected + faults.length,
      faults: JSON.stringify([...record.faults, ...faults]),
      ...(finished && { state: 'applied', applied_at: tx.now }),
    })
    return { importId, left: finished ? 0 : record.rowsTotal - done }
  },
})

/** Enrols rows; the faults are of those that could not be taken after all. */
async function enrolRows(
  tx: Tx,
  record: ImportRecord,
  cls: ClassRecord,
  rows: readonly RosterRow[],
): Promise<TableFault[]> {
  const persons = await ensurePersons(
    tx,
    rows.map((row) => ({
      name: row.name,
      documentKind: row.documentKind,
      documentNumber: row.document,
      phone: row.phone,
      subdistrict: row.subdistrict || undefined,
      hukouArea: row.hukou || undefined,
    })),
  )
  const faults: TableFault[] = []
  const fault = (row: RosterRow, rule: string, message: string, remedy: string) =>
    faults.push({ row: row.row, column: '证件号码', rule, value: '', message, remedy })
  let left = cls.capacity - (await enrolledIn(tx, cls.id))
  const closed = !rosterOpen.includes(cls.state)
  const taking = rows.flatMap((row, i) => {
    const person = persons[i]
    if (closed) fault(row, 'R02', '导入期间班级已锁定', '请在班级可以增减学员时重新导入这些行。')
    else if (!person || person.nameDiffers) {
      fault(
        row,
        'C01',
        '该证件号码已登记，但登记的姓名不一致',
        '请核对姓名和证件号码；已更名的，请先到窗口办理姓名变更。',
      )
    } else if (left <= 0) fault(row, 'C12', '班级名额已满', '请调高班级人数上限，或减少学员。')
    else {
      left--
      return [{ row, personId: person.personId }]
    }
    return []
  })
  const own = programmeOf(tx.plan, cls.programme)?.undertaker.mode === 'employer'
  const inserted = await sql<{ person_id: string }>`
    insert into training.enrolments (class_id, person_id, employer_id, employment, group_code, job, source, import_id,
      enrolled_at, enrolled_by, remarks)
    select ${cls.id}, r.person_id, ${own ? cls.organisationId : null}, r.employment, nullif(r.group_code, ''), r.job,
      'import', ${record.id}, ${tx.now}, ${tx.actor.id}, r.remarks
    from unnest(${taking.map((t) => t.personId)}::uuid[], ${taking.map((t) => t.row.employment)}::text[],
      ${taking.map((t) => t.row.group)}::text[], ${taking.map((t) => t.row.job)}::text[],
      ${taking.map((t) => t.row.remarks)}::text[]) as r (person_id, employment, group_code, job, remarks)
    on conflict (class_id, person_id) where state <> 'withdrawn' do nothing returning person_id
  `.execute(tx.db)
  const added = new Set(inserted.rows.map((row) => row.person_id))
  for (const { row, personId } of taking) {
    if (!added.has(personId)) fault(row, 'duplicate', '此人已在本班名单中', '无需重复登记。')
  }
  return faults
}

export const discardImport: Command<typeof ImportStep, { importId: string; state: string }> = command({
  name: 'training.discardImport',
  permission: 'roster.edit',
  input: ImportStep,
  async run(tx, { importId }) {
    const { record } = await lockImport(tx, importId)
    mustBe(record, ['checking', 'checked', 'failed'])
    await tx.db.deleteFrom('training.import_rows').where('import_id', '=', importId).execute()
    await update(tx, importId, { state: 'discarded' })
    return { importId, state: 'discarded' }
  },
})

function mustBe(record: ImportRecord, states: readonly string[]): void {
  if (!states.includes(record.state)) {
    throw refused({ clause: 'C01', reason: 'import-state', facts: { state: record.state } })
  }
}

async function lockRoster(tx: Tx, classId: string): Promise<ClassRecord> {
  const record = await lockClass(tx, classId, 'roster.edit')
  if (!rosterOpen.includes(record.state)) {
    throw refused({ clause: 'R02', reason: 'roster-closed', facts: { state: record.state } })
  }
  return record
}

/** The class first, then the import: the same order everywhere. */
async function lockImport(tx: Tx, importId: string): Promise<{ record: ImportRecord; cls: ClassRecord }> {
  const found = await imports(tx.db).where('i.id', '=', importId).executeTakeFirst()
  if (!found) throw missing('import')
  const cls = await lockClass(tx, found.classId, 'roster.edit')
  const record = await imports(tx.db).where('i.id', '=', importId).forUpdate().executeTakeFirstOrThrow()
  tx.about('import', importId)
  return { record, cls }
}

async function update(tx: Tx, importId: string, set: Record<string, unknown>): Promise<void> {
  await tx.db.updateTable('training.imports').set(set).where('id', '=', importId).execute()
}
