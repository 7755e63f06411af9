import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redact } from './redact.ts'

describe('C25 what the trail keeps holds no personal data', () => {
  test('keys that hold secrets are blotted out at any depth, codes of ours stay', () => {
    expect(
      redact({
        documentNumber: 'x',
        rows: [{ phone: '1', name: '李娜', reasonCodes: ['R1'] }],
        state: 'filed',
        amountFen: 300,
      }),
    ).toEqual({
      documentNumber: '•',
      rows: [{ phone: '•', name: '•', reasonCodes: ['R1'] }],
      state: 'filed',
      amountFen: 300,
    })
  })

  test('numbers that look like documents, accounts or phones disappear from free text', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^44010519900101\d{3}[\dX]$/),
        fc.stringMatching(/^1[3-9]\d{9}$/),
        (document, phone) => {
          const kept = JSON.stringify(redact({ note: `证件${document}，电话${phone}。` }))
          return !kept.includes(document) && !kept.includes(phone)
        },
      ),
    )
  })

  test('long lists are cut and counted', () => {
    expect(redact({ ids: Array.from({ length: 60 }, (_, n) => n) })).toMatchObject({
      ids: expect.arrayContaining(['… 60 in all']),
    })
  })
})
