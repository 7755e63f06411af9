import { describe, expect, test } from 'vitest'
import { readTable } from '#platform/spreadsheet.ts'
import { testPlan } from '#platform/testing.ts'
import { writeCsv, writeXlsx } from '#platform/workbook.ts'
import { readSheets, sheetColumns } from './sheet-file.rules.ts'

const found = testPlan().schemes.find((one) => one.code === 'haizhu-chief-technician')?.scoring
if (!found) throw new Error('no scoring')
const scoring = found
const header = sheetColumns(scoring).map((one) => one.header)
const due = {
  open: new Map([
    ['1-01', 'a'],
    ['1-02', 'b'],
    ['1-03', 'c'],
  ]),
  given: new Set(['1-04']),
}
const opinion = '成果有佐证，成效明显'
const read = async (rows: string[][], head = header) => {
  const names = sheetColumns(scoring).flatMap((one) => [one.header, ...one.aliases])
  const csv = new TextEncoder().encode(writeCsv(head, rows))
  const xlsx = await writeXlsx([{ name: '评分', header: head, rows }])
  const [one, two] = await Promise.all([
    readTable(csv, 'a.csv', undefined, names),
    readTable(xlsx, 'a.xlsx', undefined, names),
  ])
  const results = [one, two].map((table) => readSheets(table, scoring, due))
  expect(results[0]).toEqual(results[1])
  return results[0] ?? { rows: [], skipped: 0, faults: [] }
}
const five = (mark: string) => Array.from({ length: scoring.dimensions.length }, () => mark)

describe('A02 an expert’s marks out of a file', () => {
  test('A02 CSV and XLSX read alike; what is left empty waits, totals are weighted', async () => {
    const { rows, skipped, faults } = await read([
      ['1-01', '80', '90', '70.5', '60', '100', opinion],
      ['1-02', ...five('８５分'), '同意,材料齐全'],
      ['1-03', ...five(''), ''],
    ])
    expect(faults).toEqual([])
    expect([rows.length, skipped]).toEqual([2, 1])
    expect(rows[0]).toMatchObject({ applicationId: 'a', total: 80.13, opinion })
    expect(rows[1]).toMatchObject({ total: 85, opinion: '同意，材料齐全' })
  })

  test('A02 each fault names row, column and rule, and how it is mended; one fault and nothing is taken over silently', async () => {
    const { faults } = await read([
      ['1-01', '101', '90', '', '高', '85.55', opinion],
      ['1-01', ...five('80'), opinion],
      ['1-04', ...five('80'), opinion],
      ['9-99', ...five('80'), '好'],
      ['', ...five('80'), '字'.repeat(2001)],
      ['2026-01-02', ...five('80'), opinion],
    ])
    expect(faults.map((one) => [one.row, one.column, one.rule, one.message])).toEqual([
      [2, '技术创新', 'A02', '“101”不是0到100的分数'],
      [2, '带徒传技', 'required', '“带徒传技”没有打分'],
      [2, '竞赛和获奖', 'A02', '“高”不是0到100的分数'],
      [2, '工作室成果', 'A02', '“85.55”不是0到100的分数'],
      [3, '代号', 'duplicate', '代号“1-01”和第2行重复'],
      [4, '代号', 'values', '“1-04”已经打过分，不能更改'],
      [5, '代号', 'values', '这个评审组没有代号“9-99”'],
      [5, '评审意见', 'required', '评审意见不到4个字'],
      [6, '代号', 'values', '没有代号'],
      [6, '评审意见', 'length', '评审意见有2001个字'],
      [7, '代号', 'values', '代号“2026-01-02”被表格软件改成了日期'],
    ])
    expect(faults.every((one) => one.remedy.startsWith('请'))).toBe(true)
  })

  test('A02 a column that is missing or misspelt is named; an untouched sheet says so', async () => {
    const wrong = header.map((one) => (one === '带徒传技' ? '带徒传枝' : one)).filter((one) => one !== '评审意见')
    const { faults } = await read([['1-01', ...five('80')]], wrong)
    expect(faults.map((one) => [one.column, one.rule])).toEqual([
      ['带徒传技', 'header'],
      ['评审意见', 'header'],
    ])
    expect(faults[0]?.remedy).toContain('带徒传枝')
    expect((await read([['1-01', ...five(''), '']])).faults[0]?.message).toBe('没有一行打了分')
  })
})
