import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Actor } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, systemActor, type TestDb, user } from '#platform/testing.ts'
import { writeXlsx } from '#platform/workbook.ts'
import { person } from '../../../tests/fixtures/claims.ts'
import { jobs } from './control.jobs.ts'
import { importDataset, loadDataset, withdrawDataset } from './dataset.commands.ts'
import { coverageByKind, datasetList, datasetPage } from './dataset.queries.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const intake = user('李受理', [{ role: 'hr-intake' }])
const officer = (body: string) => user(`${body}经办`, [{ role: 'department-officer', body }])
const as = (actor: Actor) => ctxFor(t.db, actor)
const form = (over: Record<string, unknown> = {}) => ({
  kind: 'pension',
  providerBody: 'hrssBureau',
  reference: '穗社保函〔2021〕8号',
  asOf: '2021-08-31',
  coversFrom: '2021-01-01',
  coversTo: '2021-08-31',
  fileName: '养老金.csv',
  bytes: new TextEncoder().encode('证件号码,开始领取日期\n440105199001010017,2019-03-01\n'),
  ...over,
})
const csv = (text: string) => ({ bytes: new TextEncoder().encode(text) })
const fault = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  )
  return error instanceof AppError ? error.fault : error
}

describe('HZ4-M16 data of other offices', () => {
  test('C03 done: kept with provenance, numbers only as indexes, found again by the person’s', async () => {
    const someone = await person(t.db)
    const { datasetId, known } = await importDataset(
      as(intake),
      form(csv(`证件号码,开始领取日期\n${someone.number},2019-03-01\n`)),
    )
    expect(known).toBe(false)
    expect((await datasetPage(as(intake), datasetId)).state).toBe('queued')
    await jobs['subsidy.loadDataset']?.(as(systemActor), { datasetId })
    expect(await datasetPage(as(intake), datasetId)).toMatchObject({
      state: 'imported',
      providerBody: 'hrssBureau',
      reference: '穗社保函〔2021〕8号',
      asOf: '2021-08-31',
      rowsTotal: 1,
      rowsAccepted: 1,
      rowsRejected: 0,
      faults: [],
    })
    const { rows } = await sql<{ text: string; found: boolean }>`select r::text as text,
      exists (select from people.persons p where p.document_index = r.document_index and p.id = ${someone.id}) as found
      from subsidy.dataset_rows r where dataset_id = ${datasetId}`.execute(t.db)
    expect(rows).toHaveLength(1)
    expect(rows[0]?.found).toBe(true)
    expect(rows[0]?.text).not.toContain(someone.number)
    const trail = await sql<{
      text: string
    }>`select string_agg(input::text, '') as text from audit.entries where command like 'subsidy.%'`.execute(t.db)
    expect(trail.rows[0]?.text).not.toContain(someone.number)
    const moves = await t.db
      .selectFrom('platform.moves')
      .select(['move', 'to_state'])
      .where('subject_id', '=', datasetId)
      .execute()
    expect(moves).toEqual([{ move: 'load', to_state: 'imported' }])
  })

  test('C06 an XLSX with faults: good rows in, bad rows listed with row, rule and remedy', async () => {
    const bytes = await writeXlsx([
      {
        name: '参保',
        header: ['证件号码', '统一社会信用代码', '参保起始日期', '参保截止日期'],
        rows: [
          ['440105199001010017', '91440105MA5000001H', '2020-01', ''],
          ['440105199001010018', '91440105MA5000001H', '2020-01', ''],
          ['440105199001010025', '91440105MA5000001H', '2020-01-01', '2019-01-01'],
        ],
      },
    ])
    const { datasetId } = await importDataset(
      as(intake),
      form({ kind: 'social-insurance', fileName: '参保.xlsx', bytes }),
    )
    expect(await loadDataset(as(systemActor), { datasetId })).toMatchObject({ state: 'imported', rowsCount: 1 })
    const page = await datasetPage(as(intake), datasetId)
    expect([page.rowsTotal, page.rowsAccepted, page.rowsRejected]).toEqual([3, 1, 2])
    expect(page.faults.map((f) => [f.row, f.rule])).toEqual([
      [3, 'C01'],
      [4, 'values'],
    ])
  })

  test('HZ4-M16 refused: form, file, somebody else’s data', async () => {
    expect(
      await fault(importDataset(as(user('经办', [{ role: 'provider-admin', organisationId: 'x' }])), form())),
    ).toMatchObject({ kind: 'forbidden' })
    expect(await fault(importDataset(as(intake), form({ coversTo: '2020-01-01' })))).toMatchObject({
      kind: 'invalid',
      fields: { coversTo: ['结束日期不能早于起始日期'] },
    })
    expect(await fault(importDataset(as(intake), form({ coversTo: '2021-09-30' })))).toMatchObject({ kind: 'invalid' })
    expect(await fault(importDataset(as(intake), form({ reference: '' })))).toMatchObject({ kind: 'invalid' })
    expect(await fault(importDataset(as(officer('civilAffairsBureau')), form()))).toMatchObject({ kind: 'missing' })
    const { datasetId } = await importDataset(
      as(officer('civilAffairsBureau')),
      form({ kind: 'deceased', providerBody: 'civilAffairsBureau', ...csv('名单\n无') }),
    )
    expect(await loadDataset(as(systemActor), { datasetId })).toMatchObject({ state: 'failed' })
    expect((await datasetPage(as(intake), datasetId)).faults[0]).toMatchObject({ rule: 'header', column: '证件号码' })
    expect(await fault(datasetPage(as(officer('educationBureau')), datasetId))).toMatchObject({ kind: 'missing' })
    expect(
      await fault(withdrawDataset(as(officer('educationBureau')), { datasetId, reason: '导错了文件' })),
    ).toMatchObject({ kind: 'missing' })
    expect(await fault(withdrawDataset(as(intake), { datasetId, reason: '导错了文件' }))).toMatchObject({
      kind: 'refused',
    })
    const broken = await importDataset(
      as(intake),
      form({ fileName: 'x.xlsx', bytes: Uint8Array.from([0x50, 0x4b, 3, 4, 0]) }),
    )
    expect(await loadDataset(as(systemActor), broken)).toMatchObject({ state: 'failed' })
    expect((await datasetPage(as(intake), broken.datasetId)).message).toBeTruthy()
  })

  test('HZ4-M16 raced and replayed: one file is one data set, read once', async () => {
    const same = form({ kind: 'deceased', ...csv('证件号码,死亡日期\n440105199001010025,2021-01-05\n') })
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => importDataset(as(intake), same).catch((e: unknown) => e)),
    )
    const ids = new Set(
      tries.flatMap((one) => (one instanceof Error ? [] : [(one as { datasetId: string }).datasetId])),
    )
    expect(ids.size).toBe(1)
    for (const one of tries)
      if (one instanceof Error) expect(await fault(Promise.reject(one))).toMatchObject({ kind: 'conflict' })
    const [datasetId = ''] = ids
    expect(await importDataset(as(intake), same)).toEqual({ datasetId, known: true })
    await Promise.all([1, 2, 3].map(() => jobs['subsidy.loadDataset']?.(as(systemActor), { datasetId })))
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from subsidy.dataset_rows where dataset_id = ${datasetId}`.execute(t.db)
    expect(rows[0]?.n).toBe(1)
    const files = await t.db
      .selectFrom('platform.files')
      .select('id')
      .where('purpose', '=', 'dataset')
      .where('name', '=', '养老金.csv')
      .execute()
    const sets = await t.db.selectFrom('subsidy.datasets').select('id').where('file_name', '=', '养老金.csv').execute()
    expect(files).toHaveLength(sets.length)
  })

  test('C03 coverage is joined where files touch, and withdrawn data covers nothing', async () => {
    const add = async (from: string, to: string, n: number) => {
      const { datasetId } = await importDataset(
        as(intake),
        form({
          kind: 'full-time-student',
          coversFrom: from,
          coversTo: to,
          ...csv(`证件号码,入学日期\n440105199001010025,2010-09-0${n}\n`),
        }),
      )
      await loadDataset(as(systemActor), { datasetId })
      return datasetId
    }
    await add('2021-01-01', '2021-03-31', 1)
    const second = await add('2021-04-01', '2021-06-30', 2)
    const spans = async () => (await coverageByKind(t.db)).find((one) => one.kind === 'full-time-student')?.spans
    expect(await spans()).toEqual([{ from: '2021-01-01', to: '2021-06-30' }])
    await withdrawDataset(as(intake), { datasetId: second, reason: '数据有误，待更正' })
    expect(await spans()).toEqual([{ from: '2021-01-01', to: '2021-03-31' }])
    expect((await coverageByKind(t.db)).find((one) => one.kind === 'payroll-staff')).toMatchObject({
      spans: [],
      rows: 0,
    })
    expect((await datasetList(t.db, { kind: 'full-time-student' })).rows.map((row) => row.state)).toEqual([
      'withdrawn',
      'imported',
    ])
  })
})
