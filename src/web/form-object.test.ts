import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formObject } from './form-object.ts'

const of = (...pairs: [string, string][]) => {
  const form = new FormData()
  for (const [name, value] of pairs) form.append(name, value)
  return formObject(form)
}

test('rows, repeated names and plain fields', () => {
  expect(of(['title', 'a'], ['rows.0.x', '1'], ['rows.2.x', '3'], ['ids', 'p'], ['ids', 'q'])).toEqual({
    title: 'a',
    rows: [{ x: '1' }, undefined, { x: '3' }],
    ids: ['p', 'q'],
  })
})

test('nothing a stranger sends throws or reaches a prototype', () => {
  expect(of(['__proto__.x', '1'], ['a.__proto__.x', '1'], ['constructor', 'y'])).toEqual({ a: {}, constructor: 'y' })
  expect(({} as Record<string, unknown>).x).toBeUndefined()
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 8 }), (pairs) => {
      expect(() => of(...pairs)).not.toThrow()
    }),
  )
})
