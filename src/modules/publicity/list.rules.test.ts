import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { identityOf, leafOf, pathOf, proves, rootOf, rowsOf } from './list.rules.ts'
import type { PublicRow } from './list.schema.ts'

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
const row = (position: number): PublicRow => ({
  position,
  kind: 'person',
  unit: '海珠区某某餐饮有限公司',
  person: '张*明',
  document: '440105********0017',
  subsidy: '企业适岗培训',
  persons: 1,
  amountFen: 90_000 + position,
})
const made = (n: number) =>
  Array.from({ length: n }, (_, i) => {
    const salt = digest(`salt ${i}`)
    const identity = identityOf(digest, salt, '张小明', `44010519900101${i}`)
    return { row: row(i), salt, identity, leaf: leafOf(digest, row(i), salt, identity) }
  })

describe('R37 a row can be proved', () => {
  test('R37 every row of a list of any length proves itself, and only itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (n, pick) => {
        const all = made(n)
        const leaves = all.map((one) => one.leaf)
        const root = rootOf(digest, leaves)
        const index = pick % n
        const mine = all[index] as (typeof all)[number]
        const receipt = { ...mine, path: pathOf(digest, leaves, index), root }
        expect(proves(digest, receipt)).toBe(true)
        expect(proves(digest, { ...receipt, row: { ...mine.row, amountFen: mine.row.amountFen + 1 } })).toBe(false)
        expect(proves(digest, { ...receipt, identity: digest('somebody else') })).toBe(false)
        expect(proves(digest, { ...receipt, salt: digest('x') })).toBe(false)
        if (n > 1) expect(proves(digest, { ...receipt, path: receipt.path.slice(1) })).toBe(false)
      }),
    )
  })

  test('R37 a list that loses, gains or changes a row has another root', () => {
    const leaves = made(9).map((one) => one.leaf)
    const root = rootOf(digest, leaves)
    expect(rootOf(digest, leaves.slice(0, -1))).not.toBe(root)
    expect(rootOf(digest, [...leaves, leaves[0] as string])).not.toBe(root)
    expect(rootOf(digest, [leaves[1] as string, leaves[0] as string, ...leaves.slice(2)])).not.toBe(root)
  })

  test('R37 the same person has another identity in every row', () => {
    expect(identityOf(digest, 'a', '张三', '1')).not.toBe(identityOf(digest, 'b', '张三', '1'))
  })
})

describe('R37 what is published', () => {
  test('R37 a unit and its people, masked, with amounts that add up', () => {
    const rows = rowsOf(
      {
        unit: '海珠区某某餐饮有限公司',
        uscc: '91440105MA5000001H',
        subsidy: '企业适岗培训',
        lines: [
          { nameMasked: '张*明', documentMasked: '440105********0017', amountFen: 90_000 },
          { nameMasked: '李*', documentMasked: '440105********0025', amountFen: 30_000 },
        ],
      },
      5,
    )
    expect(rows.map((r) => [r.position, r.kind, r.person, r.document, r.persons, r.amountFen])).toEqual([
      [5, 'unit', '', '91440105MA5000001H', 2, 120_000],
      [6, 'person', '张*明', '440105********0017', 1, 90_000],
      [7, 'person', '李*', '440105********0025', 1, 30_000],
    ])
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(
      ['amountFen', 'document', 'kind', 'person', 'persons', 'position', 'subsidy', 'unit'].sort(),
    )
  })
})
