import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgePassword } from '#modules/access/password.rules.ts'
import { commonPasswords } from '#modules/access/password.schema.ts'
import { reasonText } from '#modules/access/sign-in.schema.ts'

const verdict = (password: string, username = 'li.shouli') => {
  const decision = judgePassword(password, username)
  if (decision.ok) return 'ok'
  expect(reasonText[decision.refusal.reason]?.({}).remedy).toMatch(/。$/)
  return decision.refusal.reason
}

describe('HZ4-M15 new passwords', () => {
  test.each([
    ['木棉树下的风铃声很轻', 'ok'],
    ['kapok-ferry-lantern-7', 'ok'],
    ['X9!vq2#Lm0@tzR', 'ok'],
    ['correcthorsebatterystaple', 'password-common'],
    ['password2021!!', 'password-common'],
    ['!!!Haizhu2020!!', 'password-common'],
    ['Admin@123456789', 'password-common'],
    ['123456789012', 'password-common'],
    ['138001380001234', 'password-common'],
    ['aaaaaaaaaaaa', 'password-common'],
    ['abcabcabcabcabc', 'password-common'],
    ['abcdefghijklmnop', 'password-common'],
    ['LI.shouli-2021-ok', 'password-has-name'],
  ])('HZ4-M15 %s: %s', (password, expected) => expect(verdict(password)).toBe(expected))

  test('HZ4-M15 no common word gets by with digits and signs around it', () => {
    const trimming = fc.stringMatching(/^[0-9!@#$%_-]{0,12}$/)
    fc.assert(
      fc.property(
        fc.constantFrom(...[...commonPasswords].filter((word) => /^[a-z]{3,}$/.test(word))),
        trimming,
        trimming,
        (word, a, b) => {
          expect(verdict(a + word.toUpperCase() + b, 'zhang')).not.toBe('ok')
        },
      ),
    )
  })
})
