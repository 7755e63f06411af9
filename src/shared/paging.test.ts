import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cursor, type CursorPart, decodeCursor, encodeCursor, pageOf } from '#shared/paging.ts'

const id = '01a219e4-6d25-7433-871f-403456d35b92'

describe('cursors', () => {
  test('come back as they went, in an address bar too', () => {
    const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.nat())
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (key) => {
        const text = encodeCursor(key)
        expect(text).toMatch(/^[\w-]+$/)
        const kept = key.some((one) => String(one).includes('\0')) ? null : key
        expect(
          decodeCursor(
            text,
            key.map(() => 'text'),
          ),
        ).toEqual(kept)
      }),
    )
  })

  test.each<[key: Cursor, parts: CursorPart[]]>([
    [
      ['2021-09-15', id],
      ['day', 'id'],
    ],
    [
      ['infinity', id],
      ['day', 'id'],
    ],
    [
      ['2021-09-15T08:00:00.000Z', id],
      ['time', 'id'],
    ],
    [
      ['2026-11-20 18:33:29.476256+00', id],
      ['time', 'id'],
    ],
    [
      ['2021-09-15', 12],
      ['day', 'number'],
    ],
    [
      ['广州学校', id],
      ['text', 'id'],
    ],
  ])('%j is a place in a list', (key, parts) => expect(decodeCursor(encodeCursor(key), parts)).toEqual(key))

  test.each([
    null,
    undefined,
    '',
    'nonsense',
    '%%%',
    encodeCursor(['2021-09-15']),
    encodeCursor(['2021-02-30', id]),
    encodeCursor(['soon', id]),
    encodeCursor(['2021-09-15', 'somebody']),
    encodeCursor([id, '2021-09-15']),
    btoa('{"a":1}'),
    btoa('[[1],2]'),
    btoa('["2021-09-15",null]'),
    'A'.repeat(3000),
  ])('%j is no day with an id', (text) => expect(decodeCursor(text, ['day', 'id'])).toBeNull())

  test.each(['2021-09-15 25:00:00+00', '2021-13-01T00:00:00Z', '2021-09-15', 'now'])('%s is no moment', (text) =>
    expect(decodeCursor(encodeCursor([text]), ['time'])).toBeNull(),
  )

  test.each(['1e9', '-1', '9'.repeat(20), '1.5'])('%s is no position', (text) =>
    expect(decodeCursor(encodeCursor([text]), ['number'])).toBeNull(),
  )

  test('nothing a stranger types throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void expect(() => decodeCursor(text, ['text'])).not.toThrow()))
  })
})

describe('pages', () => {
  const rows = Array.from({ length: 11 }, (_, id) => ({ id }))

  test('one row more than a page means there is a next page', () => {
    const page = pageOf(rows, 10, (row) => [row.id])
    expect(page.rows).toHaveLength(10)
    expect(decodeCursor(page.next, ['number'])).toEqual([9])
  })

  test('a full last page has no next page, nor has an empty list', () => {
    expect(pageOf(rows.slice(1), 10, (row) => [row.id]).next).toBeNull()
    expect(pageOf([], 10, () => [0])).toEqual({ rows: [], next: null })
  })
})
