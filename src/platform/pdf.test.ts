import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { drawable, missingIn, missingNote } from './fonts.ts'
import { docNo, type Letter } from './pdf.templates.ts'
import { compile } from './pdf.ts'

const letter = (text: string, more: Partial<Letter> = {}) =>
  compile('letter', {
    on: '2021-09-16',
    mark: '',
    docNo: '',
    title: '告知书',
    to: '',
    blocks: [{ kind: 'p', text }],
    attachments: [],
    signature: '海珠区人力资源和社会保障局',
    date: '2021年9月16日',
    note: '',
    cc: '',
    printed: '',
    ...more,
  })

/** Every object of the file as text, the compressed ones opened. */
function insides(pdf: Uint8Array): string {
  const bytes = Buffer.from(pdf)
  const raw = bytes.toString('latin1')
  const open = [...raw.matchAll(/stream\r?\n/g)].map((start) => {
    const from = start.index + start[0].length
    const to = raw.indexOf('endstream', from)
    try {
      return inflateSync(bytes.subarray(from, to)).toString('latin1')
    } catch {
      return ''
    }
  })
  return raw + open.join('\n')
}
const pages = (pdf: Uint8Array) => [...insides(pdf).matchAll(/\/Type\s*\/Page\b/g)].length

describe('GB/T 9704 letters', () => {
  test('a page of the type area holds 22 lines of 28 characters', () => {
    const count = (lines: number) => pages(letter('字'.repeat(lines * 28 - 2)))
    let first = 1
    while (count(first) < 2) first++
    let second = first
    while (count(second) < 3) second++
    expect(second - first).toBe(22)
    // 28 to the line: one character more than full lines needs another line, one less does not
    const full = (second - 1) * 28 - 2
    expect([pages(letter('字'.repeat(full))), pages(letter('字'.repeat(full + 1)))]).toEqual([2, 3])
  })

  test('every element together makes a document; the number has hexagonal brackets', () => {
    expect(docNo('海人社函', 2021, 12)).toBe('海人社函〔2021〕12号')
    const pdf = letter('正文', {
      mark: '海珠区人力资源和社会保障局文件',
      docNo: docNo('海人社函', 2021, 12),
      to: '某某公司',
      blocks: [
        { kind: 'h1', text: '一、事项' },
        { kind: 'h2', text: '（一）小项' },
        { kind: 'p', text: '#panic("not markup") *[$' },
        { kind: 'table', head: ['序号', '金额'], widths: [1, 2], align: ['left', 'right'], rows: [['1', '30.00']] },
      ],
      attachments: ['甲', '乙'],
      note: '联系电话：89627646',
      cc: '区财政局',
      printed: '2021年9月16日',
    })
    expect(pages(pdf)).toBe(2)
    expect(insides(pdf)).toMatch(/pdfaid:part>2<.*pdfaid:conformance>B</s)
  })
})

test('HZ4-M16 the same data gives the same bytes', () => {
  expect(Buffer.from(letter('同一份')).equals(Buffer.from(letter('同一份')))).toBe(true)
})

test('C01 a rare character of a name becomes 〓 with its code below, never an empty box', () => {
  expect(missingIn('张小明阿卜杜拉·买买提喆㙓O’Brien')).toEqual([])
  expect(missingIn('𠮷野𠮷')).toEqual(['𠮷'])
  expect(drawable('𠮷野')).toBe('〓野')
  expect(missingNote('𠮷野')).toContain('U+20BB7')
  expect(missingNote('张三')).toBe('')
})

test('a record sheet with empty and long tables', () => {
  const rows = Array.from({ length: 120 }, (_, n) => [`2021年${n}月`, '36'])
  const pdf = compile('record', {
    on: '2021-09-16',
    title: '培训学习记录',
    author: '平台',
    facts: [['姓名', '张三']],
    sections: [
      {
        title: '按月',
        note: '',
        table: { head: ['月份', '课时'], widths: [1, 1], align: ['left', 'right'], rows, empty: '' },
      },
      {
        title: '证书',
        note: '',
        table: { head: ['编号'], widths: [1], align: ['left'], rows: [], empty: '还没有证书' },
      },
    ],
    foot: '核对',
    rare: '',
  })
  expect(pages(pdf)).toBeGreaterThan(2)
})
