import { expect, test } from 'vitest'
import { parseDocument } from '#modules/people/identity.rules.ts'
import { day } from '#shared/units.ts'
import { creditCode, dice, mostPeople, residentId, syntheticPerson } from './synthetic.ts'

test('C01 made-up people have valid, distinct documents and are the same each time', () => {
  const make = () => {
    const d = dice(2020)
    return Array.from({ length: 3000 }, (_, index) => syntheticPerson(d, index))
  }
  const people = make()
  expect(make()).toEqual(people)
  expect(new Set(people.map((p) => p.documentNumber)).size).toBe(people.length)
  expect(new Set(people.map((p) => p.phone)).size).toBe(people.length)
  for (const p of people)
    expect(parseDocument(p.documentKind, p.documentNumber, day('2021-09-15'))).toMatchObject({ ok: true })
})

test('C01 a whole district of made-up people has no document twice, and there is no person beyond the last', () => {
  const d = dice(7)
  const numbers = Array.from({ length: 60_000 }, (_, index) => syntheticPerson(d, index).documentNumber)
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(() => syntheticPerson(d, mostPeople)).toThrow(RangeError)
})

test('C01 the check characters are those of the published vectors', () => {
  expect(residentId('440105', '1990-01-01', 1)).toBe('440105199001010017')
  expect(residentId('440105', '2000-02-29', 1)).toBe('44010520000229001X')
  expect(creditCode('91', 1)).toMatch(/^91440105MA0{6}1[0-9A-HJ-NPQRTUWXY]$/)
})
