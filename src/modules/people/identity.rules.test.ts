import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDigit, parseDocument, parseName, parsePhone } from '#modules/people/identity.rules.ts'
import { type DocumentKind, documentKind, documentKinds, reasonText } from '#modules/people/identity.schema.ts'
import type { Decision } from '#policy/decision.ts'
import { addDays } from '#shared/dates.ts'
import { day } from '#shared/units.ts'

const today = day('2021-09-15')
const parse = (raw: string, kind: DocumentKind = 'resident-id') => parseDocument(kind, raw, today)

/** The reason code, checked to have words that fit its facts. */
function reasonOf(decision: Decision<unknown>): string {
  if (decision.ok) return 'ok'
  const words = reasonText[decision.refusal.reason]?.(decision.refusal.facts)
  expect(words?.message, decision.refusal.reason).toBeTruthy()
  expect(words?.remedy).toMatch(/。$/)
  expect(JSON.stringify(words)).not.toContain('undefined')
  return decision.refusal.reason
}

describe('C01 GB 11643 resident identity number', () => {
  test.each([
    ['11010519491231002X', '1949-12-31', 'female', '110105'],
    ['11010519491231002x', '1949-12-31', 'female', '110105'],
    ['440105199001010017', '1990-01-01', 'male', '440105'],
    ['440105199001010025', '1990-01-01', 'female', '440105'],
    ['44010520000229001X', '2000-02-29', 'male', '440105'],
    [' ４４０１０５ 19900101 0017\u200b', '1990-01-01', 'male', '440105'],
  ] as const)('C01 GB 11643 accepts %s', (raw, birthOn, sex, areaCode) => {
    const decision = parse(raw)
    expect(decision).toMatchObject({ ok: true, value: { kind: 'resident-id', birthOn, sex, areaCode } })
    if (decision.ok) expect(decision.value.number).toMatch(/^\d{17}[\dX]$/)
  })

  test.each([
    ['440105200002290010', 'check-digit'],
    ['440105198502290016', 'birth-missing-day'],
    ['440105199013010017', 'birth-missing-day'],
    ['440105202109160017', 'birth-future'],
    ['440105188001010017', 'birth-too-early'],
    ['44010519900101001', 'document-length'],
    ['4401051990010100177', 'document-length'],
    ['440105900101001', 'document-first-generation'],
    ['44010519900101OO17', 'document-characters'],
    ['4401051990X1010017', 'document-characters'],
    ['44010519900101001Y', 'document-characters'],
    ['990105199001010017', 'area-unknown'],
    ['810000199001010010', 'area-residence-permit'],
    ['4.40105E+17', 'document-scientific'],
    ['4.4010519900101e17', 'document-scientific'],
    ['   ', 'document-empty'],
  ])('C01 GB 11643 refuses %s: %s', (raw, reason) => expect(reasonOf(parse(raw))).toBe(reason))

  test('C01 GB 11643 tells the digit it expected', () => {
    expect(parse('440105200002290010')).toEqual({
      ok: false,
      refusal: { clause: 'C01', reason: 'check-digit', facts: { expected: 'X', actual: '0' } },
    })
    expect(checkDigit('44010519850229001')).toBe('6')
  })

  const number = fc
    .record({
      area: fc.constantFrom('440105', '110105', '652301', '513436'),
      born: fc.integer({ min: 0, max: 33_000 }).map((n) => addDays(day('1931-01-01'), n)),
      order: fc.integer({ min: 0, max: 999 }),
    })
    .map(({ area, born, order }) => {
      const body = area + born.replaceAll('-', '') + String(order).padStart(3, '0')
      return { born, order, text: body + checkDigit(body) }
    })

  test('C01 GB 11643 reads back what was written', () => {
    fc.assert(
      fc.property(number, ({ born, order, text }) => {
        expect(parse(text)).toMatchObject({
          ok: true,
          value: { number: text, birthOn: born, sex: order % 2 === 1 ? 'male' : 'female' },
        })
      }),
    )
  })

  test('C01 GB 11643 catches every single wrong digit and every swap of neighbours', () => {
    fc.assert(
      fc.property(number, fc.nat(16), fc.integer({ min: 1, max: 9 }), ({ text }, at, by) => {
        const digit = (Number(text[at]) + by) % 10
        expect(parse(text.slice(0, at) + digit + text.slice(at + 1)).ok).toBe(false)
        const swapped = text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
        if (swapped !== text) expect(parse(swapped).ok).toBe(false)
      }),
    )
  })

  test('C01 GB 11643 refuses nonsense without throwing and without repeating it', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...documentKind.options), (raw, kind) => {
        const decision = parseDocument(kind, raw, today)
        reasonOf(decision)
        if (!decision.ok && raw.trim().length > 10) expect(JSON.stringify(decision.refusal)).not.toContain(raw.trim())
      }),
    )
  })
})

describe('C01 other documents', () => {
  test.each([
    ['hmt-residence-permit', '810000199001010010', '810000199001010010'],
    ['hm-travel-permit', 'h12345678', 'H12345678'],
    ['hm-travel-permit', 'M1234567801', 'M12345678'],
    ['tw-travel-permit', '01234567', '01234567'],
    ['tw-travel-permit', '0123456789B', '0123456789B'],
    ['foreign-residence-permit', 'CAN110108123456', 'CAN110108123456'],
    ['passport', 'e-1234 5678', 'E12345678'],
  ] as const)('C01 %s %s', (kind, raw, expected) => {
    const body = raw.slice(0, 17)
    const text = kind === 'hmt-residence-permit' ? body + checkDigit(body) : raw
    const decision = parse(text, kind)
    expect(decision.ok).toBe(true)
    if (decision.ok) expect(decision.value.number.slice(0, 17)).toBe(expected.slice(0, 17))
  })

  test('C01 a new foreign permanent resident card gives birth and sex but no area', () => {
    const body = '94412419880808001'
    expect(parse(body + checkDigit(body), 'foreign-residence-permit')).toMatchObject({
      ok: true,
      value: { birthOn: '1988-08-08', sex: 'male', areaCode: null },
    })
  })

  test.each([
    ['hmt-residence-permit', '440105199001010017', 'area-not-residence-permit'],
    ['hm-travel-permit', 'A12345678', 'document-format'],
    ['hm-travel-permit', 'H1234567', 'document-format'],
    ['tw-travel-permit', '123456789', 'document-format'],
    ['foreign-residence-permit', 'CANADA123', 'document-format'],
    ['foreign-residence-permit', '9441241988080800', 'document-length'],
    ['passport', 'ABCDEFG', 'document-format'],
    ['passport', 'E123', 'document-format'],
  ] as const)('C01 refuses %s %s: %s', (kind, raw, reason) => expect(reasonOf(parse(raw, kind))).toBe(reason))

  test('every kind has Chinese words', () =>
    expect(Object.values(documentKinds).join('')).toMatch(/^\p{Script=Han}+$/u))
})

describe('C01 phone', () => {
  test.each([
    '13800138000',
    '+86 138-0013-8000',
    '008613800138000',
    '8613800138000',
    '１３８００１３８０００',
    '19912345678',
  ])('C01 accepts %s', (raw) =>
    expect(parsePhone(raw)).toMatchObject({ ok: true, value: expect.stringMatching(/^1[3-9]\d{9}$/) }),
  )

  test.each([
    ['', 'phone-empty'],
    ['1380013800', 'phone-length'],
    ['138001380001', 'phone-length'],
    ['12800138000', 'phone-prefix'],
    ['020-89627646', 'phone-landline'],
    ['89627646', 'phone-landline'],
    ['1380013800O', 'phone-characters'],
  ])('C01 refuses %s: %s', (raw, reason) => expect(reasonOf(parsePhone(raw))).toBe(reason))
})

describe('C01 real name', () => {
  test.each([
    ['张 三', '张三'],
    ['欧阳娜娜', '欧阳娜娜'],
    ['阿卜杜拉•买买提', '阿卜杜拉·买买提'],
    ['迪丽热巴.迪力木拉提', '迪丽热巴·迪力木拉提'],
    ['𠮷㙓', '𠮷㙓'],
    ['王喆𬎆', '王喆𬎆'],
    ['李〇', '李〇'],
    ['John  Smith', 'John Smith'],
    ["Seán O'Brien-Núñez Jr.", "Seán O'Brien-Núñez Jr."],
  ])('C01 accepts %s', (raw, name) => expect(parseName(raw)).toEqual({ ok: true, value: name }))

  test.each([
    ['', 'name-empty'],
    ['张', 'name-short'],
    ['张3', 'name-digits'],
    ['440105199001010017', 'name-digits'],
    ['张三（组长）', 'name-characters'],
    ['张、三', 'name-characters'],
    ['张三.', 'name-characters'],
    ['·张三', 'name-dot'],
    ['买买提··江', 'name-dot'],
    ['赵C', 'name-mixed'],
    ['王\ue863', 'name-private-character'],
    ['张'.repeat(51), 'name-long'],
    ['Иван', 'name-characters'],
  ])('C01 refuses %s: %s', (raw, reason) => expect(reasonOf(parseName(raw))).toBe(reason))
})
