import { expect, test } from 'vitest'
import { givenFrom, rightText } from './answer-text.ts'

test('HZ4-M13 answers from a form and back into words', () => {
  expect(givenFrom('single', ['1'])).toBe(1)
  expect(givenFrom('multiple', ['2', '0'])).toEqual([0, 2])
  expect(givenFrom('true-false', ['false'])).toBe(false)
  expect(givenFrom('text', [' 汤勺 '])).toBe('汤勺')
  expect([givenFrom('multiple', []), givenFrom('text', ['  '])]).toEqual([null, null])
  expect(rightText('multiple', ['甲', '乙', '丙'], [0, 2])).toBe('A 甲；C 丙')
  expect(rightText('number', [], { value: 100, tolerance: 5 })).toBe('100，误差不超过 5')
  expect(rightText('text', [], ['勺', '汤勺'])).toBe('勺 或 汤勺')
})
