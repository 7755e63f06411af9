import { expect, test } from 'vitest'
import { clockText, secondText, spokenText } from './clock-text.ts'

test('times of a player and of a replay', () => {
  expect([clockText(0), clockText(187_999), clockText(3_729_000)]).toEqual(['0:00', '3:07', '1:02:09'])
  expect([spokenText(500), spokenText(3_570_000), spokenText(3_600_000)]).toEqual(['0秒', '59分30秒', '1小时0秒'])
  expect(secondText(new Date('2021-09-15T10:00:05+08:00'))).toBe('10:00:05')
})
