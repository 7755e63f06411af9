import { describe, expect, test } from 'vitest'
import { testPlan } from '#platform/testing.ts'
import { schemeText } from '#policy/scheme.text.ts'
import {
  blankEntry,
  cellValue,
  choicesFrom,
  entryAt,
  entryFrom,
  nextEdition,
  type Place,
  spotOf,
  stepped,
  valueAt,
} from './scheme-part.rules.ts'
import { partOf, parts } from './scheme-part.schema.ts'

const chief = JSON.parse(schemeText(schemeNamed('haizhu-chief-technician')))
function schemeNamed(code: string) {
  const found = testPlan().schemes.find((one) => one.code === code)
  if (!found) throw new Error(`no scheme ${code}`)
  return found
}
const place = (id: string, at: number | null, of: number | null = null): Place => {
  const part = partOf(id)
  if (!part) throw new Error(`no part ${id}`)
  return { part, of, at }
}
/** Everything of an entry as its form would send it. */
const sent = (text: unknown, where: Place) => {
  const entry = entryAt(text, where)
  return Object.fromEntries(where.part.cells(entry).map((cell) => [`c.${cell.name}`, cellValue(entry, cell)]))
}

describe('A01 the editor’s forms', () => {
  test('A01 every entry of every title goes through its form unchanged', () => {
    let seen = 0
    for (const scheme of testPlan().schemes) {
      const text = JSON.parse(schemeText(scheme))
      for (const part of parts) {
        const outer = part.shape === 'list' && part.within ? text.fields.keys() : [null]
        for (const of of outer) {
          const list = valueAt(text, part.shape === 'list' && part.within ? ['fields', of ?? 0, 'columns'] : part.path)
          const places = part.shape === 'one' ? (list ? [null] : []) : Array.isArray(list) ? list.keys() : []
          for (const at of places) {
            const where = { part, of, at }
            const { entry, faults } = entryFrom(
              entryAt(text, where),
              part.cells(entryAt(text, where)),
              sent(text, where),
            )
            expect(faults, `${scheme.code} ${part.id} ${at}`).toEqual({})
            expect(stepped(text, where, 'save', entry), `${scheme.code} ${part.id} ${at}`).toEqual(text)
            seen += 1
          }
        }
      }
    }
    expect(seen).toBeGreaterThan(600)
  })

  test('A01 an answer keeps its value when its words change, and a new one gets its own', () => {
    const before = [
      { value: 'yes', label: '已设立' },
      { value: 'no', label: '没有' },
    ]
    expect(choicesFrom('设立了\n没有', before).map((one) => one.value)).toEqual(['yes', 'no'])
    expect(choicesFrom('没有\n已设立\n正在筹建', before).map((one) => one.value)).toEqual(['no', 'yes', 'v1'])
    expect(choicesFrom('没有\n没有', before).map((one) => one.value)).toEqual(['no', 'v1'])
  })

  test('A01 what is left out, is no number or mixes two questions is told beside its box', () => {
    const where = place('fields', null)
    const blank = blankEntry(chief, where, 'number')
    expect(blank).toEqual({ id: 'item12', kind: 'number' })
    const given = { 'c.kind': 'number', 'c.max': '很多', 'c.when': ['hasStudio=yes', 'level=1'] }
    expect(entryFrom(blank, where.part.cells(blank), given).faults).toEqual({
      'c.label': ['请填写名称'],
      'c.max': ['最多字数或者最大数字请填整数'],
      'c.when': ['只能勾同一道题的答案'],
    })
  })

  test('A01 a place of the text is told in words, with the form that mends it', () => {
    expect(spotOf(chief, '$.fields[0].label')).toMatchObject({
      words: '填报项第1项“现任岗位”：名称',
      part: 'fields',
      at: 0,
    })
    expect(spotOf(chief, '$.fields[achievements].columns[year].max')).toMatchObject({
      ...{ words: '填报项“技术成果”的表格的列第3项“年份”：最多字数或者最大数字', part: 'columns', of: 6, at: 2 },
      cell: 'max',
    })
    expect(spotOf(chief, '$.scoring.dimensions')).toMatchObject({ words: '评分表', part: 'dimensions', at: null })
    expect(spotOf(chief, '$.scoring.drop.highest')).toMatchObject({ part: 'scoring', cell: 'drop.highest' })
    expect(spotOf(chief, '$.clocks.formal')).toMatchObject({ part: 'clocks', cell: 'clocks.formal' })
    expect(spotOf(chief, '$.eligibility[3].test.figure').words).toBe('申报条件第4项“年龄不超过规定上限”：年龄上限')
    expect(spotOf(chief, '$.holder')).toMatchObject({ words: '$.holder', part: null })
    expect(spotOf(null, '$')).toMatchObject({ words: '整份文件', part: null })
  })

  test('A01 entries move, go and are added; a whole that may be missing is taken away', () => {
    const ids = (text: unknown) => (valueAt(text, ['checklist']) as { id: string }[]).map((one) => one.id)
    const before = ids(chief)
    expect(ids(stepped(chief, place('checklist', 1), 'up'))).toEqual([before[1], before[0], ...before.slice(2)])
    expect(stepped(chief, place('checklist', 0), 'up')).toBe(chief)
    expect(stepped(chief, place('checklist', null), 'up')).toBe(chief)
    expect(ids(stepped(chief, place('checklist', 0), 'remove'))).toEqual(before.slice(1))
    const where = place('checklist', null)
    expect(ids(stepped(chief, where, 'save', { id: 'check9', label: '消防' }))).toEqual([...before, 'check9'])
    expect(valueAt(stepped(chief, place('scoring', null), 'remove'), ['scoring'])).toBeNull()
    expect([nextEdition('2021-1'), nextEdition('2021-09'), nextEdition('试行')]).toEqual([
      '2021-2',
      '2021-10',
      '试行-2',
    ])
  })
})
