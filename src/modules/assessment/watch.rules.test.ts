import { describe, expect, test } from 'vitest'
import { day } from '#shared/units.ts'
import { outliers, percentOf } from './watch.rules.ts'

const figures = { passRateHigh: 98, minPersons: 30, burstPerDay: 200 }
const on = day('2021-09-15')

describe('C18 what stands out', () => {
  test.each([
    ['one below the number of persons', { assessed: 29, passed: 29 }, []],
    ['exactly the line', { assessed: 50, passed: 49 }, []],
    ['above the line', { assessed: 51, passed: 50 }, ['pass-rate-high']],
    ['nobody', { assessed: 0, passed: 0 }, []],
  ])('C18 %s', (_, total, signals) => expect(outliers(total, [], figures).map((s) => s.signal)).toEqual(signals))

  test('C18 a day above the line, and only that day', () => {
    const days = [
      { on, persons: 200 },
      { on: day('2021-09-16'), persons: 201 },
    ]
    expect(outliers({ assessed: 0, passed: 0 }, days, figures)).toEqual([
      { signal: 'burst', clause: 'C18', on: '2021-09-16', persons: 201, limit: 200 },
    ])
  })

  test('C18 an undecided figure keeps the rule silent', () => {
    const none = { passRateHigh: null, minPersons: null, burstPerDay: null }
    expect(outliers({ assessed: 500, passed: 500 }, [{ on, persons: 500 }], none)).toEqual([])
  })

  test('C18 percent is cut', () => {
    expect([percentOf({ assessed: 3, passed: 2 }), percentOf({ assessed: 0, passed: 0 })]).toEqual([66.6, null])
  })
})
