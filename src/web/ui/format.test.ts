import { expect, test } from 'vitest'
import { formValues } from './form-values.ts'
import { bytesText, dayText, durationText, instantText } from './format.ts'

test('days and moments are told in Guangzhou time', () => {
  expect(dayText('2021-06-30')).toBe('2021年6月30日')
  expect(dayText('2021-06-30', true)).toBe('2021年6月30日（周三）')
  expect(instantText('2021-06-30T16:30:00Z')).toBe('2021年7月1日 00:30')
  expect(() => dayText('2021-02-30')).toThrow()
})

test('durations and sizes', () => {
  expect([45, 60, 90].map(durationText)).toEqual(['45分钟', '1小时', '1小时30分钟'])
  expect([12, 2048, 1_572_864, 4 * 1024 ** 3].map(bytesText)).toEqual(['12 B', '2 KB', '1.5 MB', '4 GB'])
})

test('what was typed goes back, passwords and files do not', () => {
  const form = new FormData()
  form.append('name', '陈')
  form.append('group', 'a')
  form.append('group', 'b')
  form.append('password', 'x')
  form.append('file', new File(['x'], 'x.pdf'))
  expect(formValues(form)).toEqual({ name: '陈', group: ['a', 'b'] })
})
