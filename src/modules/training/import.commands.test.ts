import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import {
  applyImport,
  applyImportBatch,
  checkImport,
  discardImport,
  startImport,
} from '#modules/training/import.commands.ts'
import { importErrorFile, importPage, rosterTemplate } from '#modules/training/import.queries.ts'
import { rosterDictionary } from '#modules/training/roster.schema.ts'
import { jobs } from '#modules/training/training.jobs.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testPlan } from '#platform/testing.ts'
import { writeCsv } from '#platform/workbook.ts'
import { at, documentOf, faultOf, institution, type Prepared, preparedClass } from '../../../tests/fixtures/training.ts'

let fresh: TestDb
beforeAll(async () => {
  fresh = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => fresh.close())

const header = ['姓名', '证件号码', '手机号', '用工形式', '人员类别', '岗位或工种']
const line = (over: Record<number, string> = {}) =>
  ['赵小明', documentOf('19750607'), '13800138000', '劳动合同', '', '厨工'].map((cell, i) => over[i] ?? cell)
const csv = (rows: string[][]) => Buffer.from(writeCsv(header, rows))
const system = (now = at('2021-09-15T10:00')) => ctxFor(fresh.db, systemActor, now)

async function upload(made: Prepared, rows: string[][]) {
  const { of, classId } = made
  const { importId } = await startImport(of.ctx(of.academic), { classId, fileName: '花名册.csv', bytes: csv(rows) })
  return importId
}
async function run(name: string, payload: object, ctx = system()) {
  await jobs[name]?.(ctx, payload)
}
const count = async (classId: string) => {
  const { n } = await fresh.db
    .selectFrom('training.enrolments')
    .select(sql<number>`count(*)`.as('n'))
    .where('class_id', '=', classId)
    .executeTakeFirstOrThrow()
  return n
}

describe('C01 the roster file', () => {
  test('C01 dry run, error file, partial acceptance', async () => {
    const made = await preparedClass(fresh.db)
    const { of, classId } = made
    const good = line()
    const bad = line({ 1: '440105199001010010', 2: '12345' })
    const importId = await upload(made, [good, bad, line({ 3: '老板' }), line({ 1: good[1] ?? '' })])
    await run('training.checkImport', { importId })
    const page = await importPage(of.ctx(of.academic), importId)
    expect(page).toMatchObject({ state: 'checked', rowsTotal: 4, accepted: 1, rejected: 3 })
    expect(page.faults.map(({ row, column, rule }) => `${row} ${column} ${rule}`)).toEqual([
      '3 手机号 C01',
      '3 证件号码 C01',
      '4 用工形式 values',
      '5 证件号码 duplicate',
    ])
    for (const fault of page.faults) expect(fault.remedy).not.toBe('')
    const { name, bytes } = await importErrorFile(of.ctx(of.academic), importId)
    const table = await readTable(bytes, name)
    expect(table.rows).toHaveLength(3)
    expect(table.rows[0]?.cells).toMatchObject({ 证件号码: '440105199001010010', 规则: 'C01 实名和证件号码' })
    expect(await count(classId)).toBe(2)
    await applyImport(of.ctx(of.academic), { importId })
    await run('training.applyImport', { importId })
    expect(await importPage(of.ctx(of.academic), importId)).toMatchObject({
      state: 'applied',
      rowsDone: 1,
      accepted: 1,
    })
    expect(await count(classId)).toBe(3)
    const enrolment = await fresh.db
      .selectFrom('training.enrolments')
      .select(['employment', 'job', 'source', 'import_id'])
      .where('import_id', '=', importId)
      .execute()
    expect(enrolment).toEqual([{ employment: 'contract', job: '厨工', source: 'import', import_id: importId }])
  })

  test('C01 sealed at rest: neither the file nor the waiting rows can be read in the database', async () => {
    const made = await preparedClass(fresh.db)
    const row = line()
    const importId = await upload(made, [row])
    await run('training.checkImport', { importId })
    const { rows } = await fresh.owner.query(
      `select convert_from(f.content, 'UTF8') as file, r.sealed from training.imports i join platform.files f on f.id = i.file_id
         join training.import_rows r on r.import_id = i.id where i.id = $1`,
      [importId],
    )
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(row[1])
    expect(Buffer.from(rows[0].file, 'base64').toString()).not.toContain('赵小明')
  })

  test('C01 a file that is no table says so; it can be given up', async () => {
    const { of, classId } = await preparedClass(fresh.db)
    const bytes = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0])
    const { importId } = await startImport(of.ctx(of.academic), { classId, fileName: '花名册.xls', bytes })
    await run('training.checkImport', { importId })
    const page = await importPage(of.ctx(of.academic), importId)
    expect(page).toMatchObject({ state: 'failed' })
    expect(page.message).toContain('.xlsx')
    expect(await faultOf(applyImport(of.ctx(of.academic), { importId }))).toBe('import-state')
    expect(await discardImport(of.ctx(of.academic), { importId })).toMatchObject({ state: 'discarded' })
  })

  test('C01 one at a time; not theirs; more people than places', async () => {
    const made = await preparedClass(fresh.db, { cls: { capacity: '3' } })
    const { of } = made
    const other = await institution(fresh.db)
    const importId = await upload(made, [line(), line()])
    expect(await faultOf(upload(made, [line()]))).toBe('import-running')
    expect(await faultOf(importPage(other.ctx(other.academic), importId))).toBe('missing')
    expect(await faultOf(discardImport(other.ctx(other.academic), { importId }))).toBe('missing')
    await run('training.checkImport', { importId })
    expect(await faultOf(applyImport(of.ctx(of.academic), { importId }))).toBe('import-over-capacity')
    await discardImport(of.ctx(of.academic), { importId })
    const { rows } = await fresh.owner.query('select 1 from training.import_rows where import_id = $1', [importId])
    expect(rows).toEqual([])
  })

  test('C01 a document known under another name is left out and named', async () => {
    const made = await preparedClass(fresh.db)
    const { of } = made
    const document = documentOf('19801212')
    const first = await upload(made, [line({ 1: document })])
    await run('training.checkImport', { importId: first })
    await applyImport(of.ctx(of.academic), { importId: first })
    await run('training.applyImport', { importId: first })
    const again = await preparedClass(fresh.db, { of })
    const importId = await upload(again, [line({ 0: '钱多多', 1: document }), line()])
    await run('training.checkImport', { importId })
    await applyImport(of.ctx(of.academic), { importId })
    await run('training.applyImport', { importId })
    const page = await importPage(of.ctx(of.academic), importId)
    expect(page).toMatchObject({ state: 'applied', accepted: 1, rejected: 1 })
    expect(page.faults).toMatchObject([{ row: 2, rule: 'C01', message: expect.stringContaining('姓名不一致') }])
  })

  test('the template is read back by its own dictionary', async () => {
    const { bytes, name } = await rosterTemplate(testPlan())
    const empty = await readTable(bytes, name).catch(
      (e: { fault: { fields: { file: string[] } } }) => e.fault.fields.file[0],
    )
    expect(empty).toContain('只有表头')
    expect(rosterDictionary().length).toBeGreaterThan(5)
  })
})

describe('C01 5,000 rows', () => {
  test('C01 checked within three seconds; a killed process loses and doubles nobody', async () => {
    const made = await preparedClass(fresh.db, { cls: { capacity: '6000' } })
    const { of, classId } = made
    const document = (i: number) =>
      documentOf(
        `19${50 + (i % 45)}${String(1 + (i % 12)).padStart(2, '0')}${String(1 + (i % 28)).padStart(2, '0')}`,
        1 + (i % 999),
      )
    const rows = Array.from({ length: 5_000 }, (_, i) => line({ 1: document(i) }))
    const distinct = new Set(rows.map((row) => row[1])).size
    const importId = await upload(made, rows)
    const began = process.cpuUsage()
    await checkImport(system(), { importId })
    // Processor time: other tests share the machine.
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(3_000)
    const { accepted } = await importPage(of.ctx(of.academic), importId)
    expect(accepted).toBe(distinct)
    await applyImport(of.ctx(of.academic), { importId })
    await applyImportBatch(system(), { importId })
    expect(await importPage(of.ctx(of.academic), importId)).toMatchObject({ state: 'applying', rowsDone: 500 })
    // The process dies here, in the middle of a batch: its transaction never commits.
    await fresh.db
      .transaction()
      .execute(async (db) => {
        await applyImportBatch({ ...system(), db, enqueue: async () => {}, about: () => {} }, { importId })
        throw new Error('killed')
      })
      .catch(() => {})
    await Promise.all([
      run('training.resumeImports', {}, system(at('2021-09-15T10:05'))),
      run('training.applyImport', { importId }),
    ])
    expect(await importPage(of.ctx(of.academic), importId)).toMatchObject({
      state: 'applied',
      rowsDone: distinct,
      rejected: 5_000 - distinct,
    })
    expect(await count(classId)).toBe(distinct + 2)
    const left = await fresh.owner.query('select 1 from training.import_rows where import_id = $1', [importId])
    expect(left.rows).toEqual([])
  })
})
