import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDigit } from '#modules/people/identity.rules.ts'
import { documentKey, validateRoster } from '#modules/training/roster.rules.ts'
import { rosterDictionary, rosterRules } from '#modules/training/roster.schema.ts'
import { ruleNames, type Table } from '#shared/table.ts'
import { day } from '#shared/units.ts'

const today = day('2021-09-15')
const id = (body: string) => body + checkDigit(body)
const good = { 姓名: '陈小明', 证件号码: '440105199001010017', 手机号: '13800138000' }

function table(...rows: Record<string, string>[]): Pick<Table, 'headers' | 'headerRow' | 'rows'> {
  return { headers: Object.keys(rows[0] ?? {}), headerRow: 1, rows: rows.map((cells, i) => ({ row: i + 2, cells })) }
}
const check = (row: Record<string, string>, options = {}) =>
  validateRoster(table({ ...good, ...row }), { today, ...options })
const faultOf = (row: Record<string, string>, options = {}) => {
  const { accepted, faults } = check(row, options)
  expect(accepted).toEqual([])
  expect(faults).toHaveLength(1)
  return faults[0]
}

describe('HZ4-M08 a good roster', () => {
  test('C01 a full row', () => {
    const lists = { groups: { veterans: '退役军人' }, subdistricts: { '440105001': '赤岗街道' } }
    const row = {
      证件类型: '身份证',
      居住街道: '赤岗街道',
      户籍地: '广东广州',
      用工形式: '派遣',
      人员类别: '退役军人',
      岗位或工种: '钳工',
      备注: '需要手语',
    }
    expect(check(row, { lists })).toEqual({
      accepted: [
        {
          row: 2,
          name: '陈小明',
          documentKind: 'resident-id',
          document: '440105199001010017',
          birthOn: '1990-01-01',
          sex: 'male',
          phone: '13800138000',
          subdistrict: '440105001',
          hukou: '广东广州',
          employment: 'dispatch',
          group: 'veterans',
          job: '钳工',
          remarks: '需要手语',
        },
      ],
      faults: [],
      ignored: [],
    })
  })

  test('C01 only the required columns, under other names', () => {
    const { accepted, ignored } = validateRoster(
      table({
        序号: '1',
        '*学员姓名': '阿依古丽·买买提',
        '身份证号（必填）': id('65010119951212004'),
        联系电话: '+86 13900139000',
        工资: '1',
      }),
      { today },
    )
    expect(accepted).toMatchObject([{ name: '阿依古丽·买买提', sex: 'female', phone: '13900139000', employment: '' }])
    expect(ignored).toEqual([{ header: '工资', meant: null }])
  })

  test('C01 other documents', () => {
    expect(check({ 姓名: '李家欣', 证件类型: '回乡证', 证件号码: 'h12345678' }).accepted).toMatchObject([
      { documentKind: 'hm-travel-permit', document: 'H12345678', birthOn: null },
    ])
  })
})

describe('C01 faults', () => {
  test.each([
    [{ 姓名: '' }, '姓名', 'required', '没有填写姓名'],
    [{ 证件号码: '' }, '证件号码', 'required', '没有填写'],
    [{ 手机号: ' ' }, '手机号', 'required', '没有填写手机号'],
    [{ 姓名: '陈3' }, '姓名', 'C01', '数字'],
    [{ 证件号码: '440105199001010018' }, '证件号码', 'C01', '应为 7'],
    [{ 证件号码: '44010519900101001' }, '证件号码', 'C01', '17位'],
    [{ 证件号码: '4.40105E+17' }, '证件号码', 'precision', '科学计数法'],
    [{ 手机号: '1.38E+10' }, '手机号', 'precision', '科学计数法'],
    [{ 手机号: '1380013800' }, '手机号', 'C01', '10位'],
    [{ 证件类型: '驾驶证' }, '证件类型', 'values', '不在可选范围'],
    [{ 用工形式: '老板' }, '用工形式', 'values', '不在可选范围'],
    [{ 备注: '长'.repeat(201) }, '备注', 'length', '200'],
    [{ 姓名: '440105199001010017', 证件号码: '陈小明' }, '姓名', 'C01', '填反'],
    [{ 证件号码: '13800138000', 手机号: '440105199001010017' }, '证件号码', 'C01', '填反'],
  ])('C01 %j', (row, column, rule, words) => {
    const fault = faultOf(row)
    expect(fault).toMatchObject({ row: 2, column, rule, message: expect.stringContaining(words) })
    expect(fault?.remedy).toMatch(/。$/)
    expect({ ...ruleNames, ...rosterRules }).toHaveProperty(rule)
  })

  test('C01 several faults of a row come together', () => {
    expect(check({ 姓名: '陈', 证件号码: '1', 手机号: '2' }).faults.map((fault) => fault.column)).toEqual([
      '姓名',
      '手机号',
      '证件号码',
    ])
  })

  test('C01 the same person twice: which row', () => {
    const other = { ...good, 姓名: '李四', 证件号码: '440105199001010025' }
    const { accepted, faults } = validateRoster(table(good, other, { ...good, 证件号码: ' 440105 19900101 0017' }), {
      today,
    })
    expect(accepted.map(({ row }) => row)).toEqual([2, 3])
    expect(faults).toMatchObject([{ row: 4, rule: 'duplicate', message: '与第2行的证件号码相同' }])
  })

  test('C01 somebody already in the class', () => {
    const known = new Set([documentKey('resident-id', '440105199001010017')])
    expect(faultOf({}, { known })).toMatchObject({ rule: 'duplicate', message: '此人已在本班名单中' })
  })
})

describe('R06 age', () => {
  test.each([
    ['20050915', undefined, true],
    ['20050916', undefined, false],
    ['20050916', 15, true],
    ['20100101', null, true],
  ])('R06 born %s with minimum %s: %s', (born, ageMin, ok) => {
    const { accepted, faults } = check({ 证件号码: id(`440105${born}001`) }, ageMin === undefined ? {} : { ageMin })
    expect(accepted).toHaveLength(ok ? 1 : 0)
    expect(faults.map((fault) => fault.rule)).toEqual(ok ? [] : ['R06'])
  })
})

describe('headers', () => {
  test('a missing column is one fault with the header that was meant', () => {
    const { accepted, faults, ignored } = validateRoster(table({ 姓名: '陈小明', 证号号码: '1', 手机: '2' }), { today })
    expect(accepted).toEqual([])
    expect(faults).toMatchObject([
      { row: 1, column: '证件号码', rule: 'header', value: '证号号码', remedy: expect.stringContaining('证号号码') },
    ])
    expect(ignored).toEqual([{ header: '证号号码', meant: '证件号码' }])
  })

  test('an optional column with a wrong name is not silently lost', () => {
    expect(check({ 用工形势: '劳动合同' }).ignored).toEqual([{ header: '用工形势', meant: '用工形式' }])
  })

  test('our own error file is taken back without complaint', () => {
    expect(check({ 错误: '第2行', 规则: 'C01', 改法: '改' })).toMatchObject({ ignored: [], faults: [] })
  })
})

describe('R37 faults give nobody away', () => {
  test('R37 no fault holds a document, a phone or a birth date', () => {
    const swapped = { 姓名: good.证件号码, 证件号码: good.姓名 }
    const rows = [
      { 证件号码: '440105199013320017' },
      { 证件号码: '440105209901010017' },
      { 证件号码: '4401051990010100171' },
      { 备注: `${'长'.repeat(200)}440105199001010017` },
      { 用工形式: '440105199001010017' },
      { 姓名: '陈小明440105199001010017' },
      { 姓名: '陈小明', 手机号: '440105199001010017' },
      swapped,
    ]
    for (const row of rows) {
      const text = JSON.stringify(check(row).faults)
      expect(text).not.toMatch(/\d{11}|1990|2099|19900101/)
      expect(text).not.toContain('小明')
    }
  })

  test('R37 whatever is typed, no long run of digits comes out and nothing throws', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.stringMatching(/^[0-9Xx -]{5,30}$/),
      fc.constant(good.证件号码),
    )
    fc.assert(
      fc.property(cell, cell, cell, cell, (a, b, c, d) => {
        const { faults } = check({ 姓名: a, 证件号码: b, 手机号: c, 用工形式: d })
        for (const { value, message, remedy } of faults) expect(value + message + remedy).not.toMatch(/\d{7}/)
      }),
    )
  })
})

test('5,000 rows are checked while one blinks', () => {
  const rows = Array.from({ length: 5_000 }, (_, i) => ({
    ...good,
    证件号码: id(`44010519${String(50 + (i % 50)).padStart(2, '0')}0101${String(i % 1000).padStart(3, '0')}`),
    用工形式: '劳动合同',
  }))
  const started = process.cpuUsage()
  const { accepted, faults } = validateRoster(table(...rows), { today })
  expect(accepted.length + faults.length).toBe(5_000)
  // Processor time: other tests share the machine.
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(1_000)
})

test('the dictionary explains itself', () => {
  for (const column of rosterDictionary()) {
    expect(column.header + column.description).toMatch(/\p{Script=Han}/u)
    if (column.required) expect(column.example).not.toBe('')
  }
  const names = rosterDictionary().flatMap((column) => [column.header, ...column.aliases])
  expect(new Set(names).size).toBe(names.length)
})
