import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskAccount, maskDocument, maskName, maskPhone, normalise } from '#shared/text.ts'

describe('normalise', () => {
  test.each([
    ['  张 三 ', '张 三'],
    ['４４０１０５ｘ', '440105x'],
    ['\u3000李\u3000四\u3000', '李 四'],
    ['a\u200bb\ufeffc\u202ed', 'abcd'],
    ['line\r\nbreak\ttab', 'line break tab'],
    ['nul\u0000bell\u0007del\u007f', 'nulbelldel'],
    ['（备注）', '(备注)'],
    ['𠮷野', '𠮷野'],
    ['葛\u{e0100}城', '葛城'],
    ['a \u0000 b', 'a b'],
    ['', ''],
  ])('%j → %j', (raw, clean) => expect(normalise(raw)).toBe(clean))

  test('is stable: doing it twice changes nothing, and no invisible character survives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        const once = normalise(raw)
        expect(normalise(once)).toBe(once)
        expect(once).not.toMatch(/\p{Cf}|\p{Cc}| {2}|^ | $/u)
      }),
    )
  })
})

describe('R37 masks', () => {
  test.each([
    ['张明', '张*'],
    ['张小明', '张*明'],
    ['欧阳娜娜', '欧**娜'],
    ['阿卜杜拉·买买提', '阿***·**提'],
    ['𠮷田', '𠮷*'],
    ['John Smith', 'John Smith'],
    ['张', '*'],
    ['', ''],
  ])('R37 name %s → %s', (name, masked) => expect(maskName(name)).toBe(masked))

  test.each([
    ['440105199001010017', '440105********0017'],
    ['H12345678', 'H1*****78'],
    ['CHN110101234567', 'CHN110*****4567'],
    ['E1234', 'E***4'],
    ['1234', '****'],
    ['', ''],
  ])('R37 document %s → %s', (number, masked) => expect(maskDocument(number)).toBe(masked))

  test.each([
    ['13800138000', '138****8000'],
    ['020-89627646', '**********46'],
    ['110', '***'],
  ])('R37 phone %s → %s', (phone, masked) => expect(maskPhone(phone)).toBe(masked))

  test.each([
    ['6222021234567890123', '***************0123'],
    ['1234567', '*******'],
  ])('R37 account %s → %s', (account, masked) => expect(maskAccount(account)).toBe(masked))

  test('R37 keeps the length and always hides something', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{5,30}$/), (number) => {
        for (const mask of [maskDocument, maskPhone, maskAccount]) {
          expect(mask(number)).toHaveLength(number.length)
          expect(mask(number)).toContain('***')
        }
      }),
    )
  })
})
