import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { importOccupations, loadPlanOccupations } from '#modules/occupations/catalogue.commands.ts'
import { occupationByKey, occupationList, occupationOptions } from '#modules/occupations/catalogue.queries.ts'
import { keyText, parseKey } from '#modules/occupations/catalogue.schema.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testPlan, user } from '#platform/testing.ts'
import { writeCsv } from '#platform/workbook.ts'

let fresh: TestDb
beforeAll(async () => {
  fresh = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => fresh.close())

const rules = user('吴规则', [{ role: 'rule-admin' }])
const header = ['版本', '职业编码', '职业名称', '等级体系', '工种', '来源']
const upload = (rows: string[][], actor = rules) =>
  importOccupations(ctxFor(fresh.db, actor), { fileName: '目录.csv', bytes: Buffer.from(writeCsv(header, rows)) })
const good = [
  '2022',
  '4-10-01-06',
  '家政服务员',
  '职业技能等级（四级）',
  '母婴护理员、家务服务员',
  '职业分类大典（2022年版）',
]

describe('C12 the occupations', () => {
  test('C12 the plan brings its own, at every start, without doubling', async () => {
    const ctx = ctxFor(fresh.db, systemActor)
    const first = await loadPlanOccupations(ctx, {})
    expect(await loadPlanOccupations(ctx, {})).toEqual(first)
    expect(await occupationList(fresh.db)).toHaveLength(testPlan().occupations.length)
    expect(await occupationByKey(fresh.db, '2015:4-04-05-05')).toMatchObject({
      title: '人工智能训练师',
      verified: true,
    })
    // A code from a source that nobody compared with the classification stays marked.
    expect(await occupationByKey(fresh.db, '2022:2-02-38-01')).toMatchObject({ verified: false })
  })

  test('C12 good rows are taken, the others come back with row, column and remedy', async () => {
    const { accepted, rejected, faults } = await upload([
      good,
      ['2022', '41001', '月嫂', '职业技能等级（四级）', '', '通知'],
      ['1999', '4-10-01-07', '护工', '不存在', '', ''],
      good,
    ])
    expect({ accepted, rejected }).toEqual({ accepted: 1, rejected: 3 })
    expect(faults.map(({ row, column, rule }) => `${row} ${column} ${rule}`)).toEqual([
      '3 职业编码 values',
      '4 版本 values',
      '4 等级体系 values',
      '4 来源 required',
      '5 职业编码 duplicate',
    ])
    expect(await occupationByKey(fresh.db, '2022:4-10-01-06')).toMatchObject({
      workTypes: ['母婴护理员', '家务服务员'],
    })
    await upload([good.with(2, '家政服务人员')])
    expect(await occupationByKey(fresh.db, '2022:4-10-01-06')).toMatchObject({ title: '家政服务人员' })
  })

  test('C12 one code, two editions: two occupations', async () => {
    const found = await occupationList(fresh.db, '4-03-02-01')
    expect(found.map(keyText)).toEqual(['2022:4-03-02-01', '2015:4-03-02-01'])
    expect((await occupationList(fresh.db, '家务服务员')).length).toBeGreaterThan(0)
    expect((await occupationOptions(fresh.db))[0]?.label).toContain('2022年版')
    expect(parseKey('2022')).toBeNull()
    expect(await occupationByKey(fresh.db, "'; drop")).toBeUndefined()
  })

  test('C12 only the rule administrator; a file that is no table', async () => {
    const clerk = user('李受理', [{ role: 'hr-intake' }])
    await expect(upload([good], clerk)).rejects.toMatchObject({ fault: { kind: 'forbidden' } })
    const missing = importOccupations(ctxFor(fresh.db, rules), {
      fileName: 'x.csv',
      bytes: Buffer.from('职业名称,来源\n甲,乙\n'),
    })
    expect((await missing).faults.map((fault) => fault.rule)).toEqual(['header', 'header', 'header'])
    await expect(importOccupations(ctxFor(fresh.db, rules), {})).rejects.toMatchObject({ fault: { kind: 'invalid' } })
  })
})
