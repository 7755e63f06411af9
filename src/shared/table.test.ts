import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Column, codeOf, editDistance, matchHeaders } from '#shared/table.ts'

const column = (key: string, header: string, ...aliases: string[]): Column => ({
  key,
  header,
  aliases,
  required: true,
  description: '',
  example: '',
  width: 10,
})
const dictionary = [
  column('name', '姓名'),
  column('number', '证件号码', '身份证号'),
  column('phone', '手机号', '联系电话'),
]

describe('headers', () => {
  test('are found by name or alias, whatever the order, stars, spaces and notes', () => {
    expect(matchHeaders(['联系 电话：', '*姓名', '身份证号（必填）', '备注'], dictionary)).toEqual({
      found: { name: '*姓名', number: '身份证号（必填）', phone: '联系 电话：' },
      missing: [],
      ignored: ['备注'],
    })
  })

  test('the real name wins over an alias', () => {
    expect(matchHeaders(['身份证号', '证件号码'], dictionary).found.number).toBe('证件号码')
  })

  test.each([
    ['证件号', '证件号码'],
    ['手机号码', '手机号'],
    ['名姓', '姓名'],
    ['联系电活', '手机号'],
  ])('a header %s is suggested for %s', (typed, header) => {
    const { missing } = matchHeaders([typed, '单位'], dictionary)
    expect(missing.find(({ column }) => column.header === header)?.suggestion).toBe(typed)
  })

  test('nothing far-fetched is suggested', () => {
    expect(matchHeaders(['单位名称', '金额'], dictionary).missing.map(({ suggestion }) => suggestion)).toEqual([
      null,
      null,
      null,
    ])
  })
})

describe('fixed values', () => {
  const kinds = { values: { a: '居民身份证', b: '护照' }, valueAliases: { 身份证: 'a' } }
  test.each([
    ['居民身份证', 'a'],
    [' 居民 身份证', 'a'],
    ['身份证', 'a'],
    ['b', 'b'],
    ['B', 'b'],
    ['驾驶证', undefined],
    ['', undefined],
  ])('%j is %s', (text, code) => expect(codeOf(kinds, text)).toBe(code))
})

describe('edit distance', () => {
  test.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
    ['𠮷', '吉', 1],
  ])('%s → %s is %i', (a, b, n) => expect(editDistance(a, b)).toBe(n))

  test('is symmetric and bounded by the longer text', () => {
    const text = fc.stringMatching(/^[abc]{0,8}$/)
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
        expect(editDistance(a, b) === 0).toBe(a === b)
      }),
    )
  })
})
