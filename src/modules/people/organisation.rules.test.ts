import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAccount, parseUscc, usccCheck } from '#modules/people/organisation.rules.ts'
import { organisationType, organisationTypes, reasonText } from '#modules/people/organisation.schema.ts'
import type { Decision } from '#policy/decision.ts'

const ALPHABET = [...'0123456789ABCDEFGHJKLMNPQRTUWXY']

function reasonOf(decision: Decision<unknown>): string {
  if (decision.ok) return 'ok'
  const words = reasonText[decision.refusal.reason]?.(decision.refusal.facts)
  expect(words?.message, decision.refusal.reason).toBeTruthy()
  expect(JSON.stringify(words)).not.toContain('undefined')
  return decision.refusal.reason
}

describe('C01 unified social credit code', () => {
  test.each([
    ['11440105007499334H', '机关', '440105'],
    ['91440105MA5000001H', '企业', '440105'],
    [' 91440105ma5000001h ', '企业', '440105'],
    ['91440105-MA5000001-H', '企业', '440105'],
    ['９１４４０１０５ＭＡ５０００００１Ｈ', '企业', '440105'],
  ])('C01 accepts %s', (raw, registration, division) =>
    expect(parseUscc(raw)).toMatchObject({ ok: true, value: { registration, division } }),
  )

  test('C01 an unusual registration authority is accepted without a label', () => {
    const body = '31440105MD0000000'
    const decision = parseUscc(body + usccCheck(body))
    expect(decision).toMatchObject({ ok: true, value: { registration: null } })
  })

  test.each([
    ['', 'uscc-empty'],
    ['91440105MA5000001', 'uscc-length'],
    ['91440105MA5000001H1', 'uscc-length'],
    ['440105000123456', 'uscc-old-number'],
    ['00749933-4', 'uscc-old-number'],
    ['91440105MAS000001H', 'uscc-characters'],
    ['9144O105MA5000001H', 'uscc-characters'],
    ['91440105MA5000001J', 'uscc-check'],
    ['海珠区职业培训云平台有限公司某某某某', 'uscc-characters'],
  ])('C01 refuses %s: %s', (raw, reason) => expect(reasonOf(parseUscc(raw))).toBe(reason))

  test('C01 tells the position and the expected character', () => {
    expect(parseUscc('9144O105MA5000001H')).toMatchObject({ refusal: { facts: { position: 5, character: 'O' } } })
    expect(parseUscc('91440105MA5000001J')).toMatchObject({ refusal: { facts: { expected: 'H', actual: 'J' } } })
  })

  test('C01 every code with its check character passes, and every single wrong character is caught', () => {
    const letter = fc.constantFrom(...ALPHABET)
    const body = fc
      .tuple(
        fc.array(letter, { minLength: 2, maxLength: 2 }),
        fc.nat(999_999),
        fc.array(letter, { minLength: 9, maxLength: 9 }),
      )
      .map(([head, division, tail]) => head.join('') + String(division).padStart(6, '0') + tail.join(''))
    fc.assert(
      fc.property(body, fc.nat(17), letter, (text, at, other) => {
        const code = text + usccCheck(text)
        expect(parseUscc(code)).toMatchObject({ ok: true, value: { code } })
        fc.pre(code[at] !== other)
        expect(parseUscc(code.slice(0, at) + other + code.slice(at + 1)).ok).toBe(false)
      }),
    )
  })
})

describe('C19 bank account', () => {
  test.each([
    ['3602 0288 0920 0123 456', '3602028809200123456'],
    ['12345678', '12345678'],
    ['１２３４-５６７８', '12345678'],
  ])('C19 accepts %s', (raw, account) => expect(parseAccount(raw)).toEqual({ ok: true, value: account }))

  test.each([
    ['', 'account-empty'],
    ['1234567', 'account-length'],
    ['1'.repeat(31), 'account-length'],
    ['工行36020288', 'account-characters'],
    ['3.60203E+18', 'account-scientific'],
  ])('C19 refuses %s: %s', (raw, reason) => expect(reasonOf(parseAccount(raw))).toBe(reason))
})

test('organisation types have Chinese labels', () => {
  expect(organisationType.options).toEqual(['enterprise', 'provider', 'school', 'association', 'assessment-org'])
  expect(Object.values(organisationTypes).every((label) => /^[\p{Script=Han}（）]+$/u.test(label))).toBe(true)
})
