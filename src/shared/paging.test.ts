import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCursor, encodeCursor, pageOf } from '#shared/paging.ts'

describe('cursors', () => {
  test('come back as they went, in an address bar too', () => {
    const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null))
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (key) => {
        const text = encodeCursor(key)
        expect(text).toMatch(/^[\w-]+$/)
        expect(decodeCursor(text, key.length)).toEqual(key)
      }),
    )
  })

  test.each([
    null,
    undefined,
    '',
    'nonsense',
    '%%%',
    encodeCursor(['a']),
    btoa('{"a":1}'),
    btoa('[[1],2]'),
    'A'.repeat(3000),
  ])('%j is not a cursor of two parts', (text) => expect(decodeCursor(text, 2)).toBeNull())

  test('nothing a stranger types throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void expect(() => decodeCursor(text, 1)).not.toThrow()))
  })
})

describe('pages', () => {
  const rows = Array.from({ length: 11 }, (_, id) => ({ id }))

  test('one row more than a page means there is a next page', () => {
    const page = pageOf(rows, 10, (row) => [row.id])
    expect(page.rows).toHaveLength(10)
    expect(decodeCursor(page.next, 1)).toEqual([9])
  })

  test('a full last page has no next page, nor has an empty list', () => {
    expect(pageOf(rows.slice(1), 10, (row) => [row.id]).next).toBeNull()
    expect(pageOf([], 10, () => [0])).toEqual({ rows: [], next: null })
  })
})
