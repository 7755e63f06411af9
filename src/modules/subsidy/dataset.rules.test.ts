import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { day } from '#shared/units.ts'
import { dayFrom, readDataset } from './dataset.rules.ts'

const today = day('2021-09-15')
const table = (headers: string[], ...rows: string[][]) => ({
  headers,
  headerRow: 1,
  rows: rows.map((cells, i) => ({ row: i + 2, cells: Object.fromEntries(headers.map((h, j) => [h, cells[j] ?? ''])) })),
})

describe('C03 other offices’ files', () => {
  it('C03 a pension list: aliases, default kind, open end', () => {
    const { accepted, faults } = readDataset(
      'pension',
      table(['身份证号', '待遇起始日期', '备注'], ['440105199001010017', '2019/3/1', 'x']),
      today,
    )
    expect(faults).toEqual([])
    expect(accepted).toEqual([
      {
        row: 2,
        document: { kind: 'resident-id', number: '440105199001010017' },
        uscc: null,
        from: '2019-03-01',
        to: null,
        value: {},
      },
    ])
  })

  it('C06 insurance by month covers the whole month', () => {
    const { accepted } = readDataset(
      'social-insurance',
      table(
        ['证件号码', '信用代码', '起始年月', '终止年月'],
        ['440105199001010017', '91440105MA5000001H', '202102', '2021-02'],
      ),
      today,
    )
    expect(accepted[0]).toMatchObject({ uscc: '91440105MA5000001H', from: '2021-02-01', to: '2021-02-28' })
  })

  it('C01 a wrong number names row, column and remedy and never shows the number', () => {
    const { accepted, faults } = readDataset(
      'deceased',
      table(['证件号码', '死亡日期'], ['440105199001010018', '2021-13-01'], ['440105199001010017', '20210501']),
      today,
    )
    expect(accepted.map((r) => r.row)).toEqual([3])
    expect(faults.map((f) => [f.row, f.column, f.rule])).toEqual([
      [2, '证件号码', 'C01'],
      [2, '死亡日期', 'values'],
    ])
    expect(JSON.stringify(faults)).not.toContain('199001010018')
  })

  it('C02 a missing column is said once, with what was perhaps meant', () => {
    const { accepted, faults } = readDataset(
      'deceased',
      table(['证件号码', '死亡日'], ['440105199001010017', '2021-05-01']),
      today,
    )
    expect(accepted).toEqual([])
    expect(faults).toMatchObject([{ row: 1, column: '死亡日期', rule: 'header' }])
    expect(faults[0]?.remedy).toContain('死亡日')
  })

  it('C05 the same row twice counts once; an end before the start is a fault', () => {
    const { accepted, faults } = readDataset(
      'full-time-student',
      table(
        ['证件号码', '入学日期', '离校日期'],
        ['440105199001010017', '2019-09-01', '2022-06-30'],
        ['440105199001010017', '2019年9月1日', '2022.06.30'],
        ['440105199001010025', '2019-09-01', '2018-06-30'],
      ),
      today,
    )
    expect(accepted).toHaveLength(1)
    expect(faults).toMatchObject([{ row: 4, column: '离校日期' }])
  })

  it.each([
    ['600', 60_000],
    ['600.5', 60_050],
    ['1,600.05', 160_005],
    ['六百', null],
    ['-1', null],
    ['1.234', null],
  ])('C09 paid elsewhere: %s yuan', (amount, fen) => {
    const { accepted, faults } = readDataset(
      'paid-elsewhere',
      table(
        ['证件号码', '补贴项目', '职业编码', '等级', '金额（元）', '拨付日期'],
        ['440105199001010017', '企业适岗培训', '2015:4-03-02-01', '5', amount, '2021-03-01'],
      ),
      today,
    )
    if (fen === null) expect(faults).toMatchObject([{ column: '金额（元）' }])
    else
      expect(accepted[0]?.value).toEqual({
        programme: '企业适岗培训',
        occupation: '2015:4-03-02-01',
        level: '5',
        amountFen: fen,
      })
  })

  it('C20 an organisation’s list holds no person', () => {
    const { accepted, faults } = readDataset(
      'dishonest-organisations',
      table(
        ['统一社会信用代码', '列入日期'],
        ['91440105MA5000001H', '2021-01-01'],
        ['91440105MA5000001X', '2021-01-01'],
      ),
      today,
    )
    expect(accepted).toMatchObject([{ document: null, uscc: '91440105MA5000001H' }])
    expect(faults).toMatchObject([{ row: 3, column: '统一社会信用代码' }])
  })

  it.each([
    ['2021-07-01', false, '2021-07-01'],
    ['2021/7/1', false, '2021-07-01'],
    ['20210701', true, '2021-07-01'],
    ['2021年7月', true, '2021-07-31'],
    ['202102', true, '2021-02-28'],
    ['2021-02-30', false, undefined],
    ['2021', false, undefined],
    ['2021071', false, undefined],
    ['44378', false, undefined],
    ['', false, undefined],
  ])('C06 %s is a day', (raw, end, on) => expect(dayFrom(raw, end)).toBe(on))

  it('C06 no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (raw, end) => {
        expect(() => dayFrom(raw, end)).not.toThrow()
      }),
    )
  })
})
