import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { searchQuery, searchText, tokens } from './search.ts'

describe('words of a text', () => {
  test.each([
    ['中式烹调师（五级）', ['中式', '烹调', '烹调师', '五级']],
    ['ＡＩ 训练师', ['ai', '训练', '师']],
    ['　，。！', []],
    ['', []],
  ])('%s → %j', (text, words) => expect(tokens(text)).toEqual(words))

  test('a question uses the words of the index, its last one also as a beginning', () => {
    expect(searchText('海珠区 中式烹调师')).toContain('烹调')
    expect(searchQuery('烹调')).toBe("'烹调':*")
    expect(searchQuery("o'neil & 家政 | !服务 \\")).toBe("'o' & 'neil' & '家政' & '服务':*")
    expect(searchQuery(' ! & ')).toBe('')
  })

  test('whatever is typed, nothing but quoted words is asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(searchQuery(text)).toMatch(/^$|^'[^'\\]*'(:\*)?( & '[^'\\]*'(:\*)?)*$/)
      }),
    )
  })
})
