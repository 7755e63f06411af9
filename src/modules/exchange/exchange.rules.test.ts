import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { after } from '#platform/casework.ts'
import { day } from '#shared/units.ts'
import {
  checkSlot,
  creditedMinutes,
  match,
  mayFind,
  type Offered,
  offerCycle,
  placeKey,
  reconcile,
  remindIn,
  returnCycle,
  shortOf,
  type Wanted,
  wishCycle,
} from './exchange.rules.ts'

const wish: Wanted = {
  ...{ industry: '人工智能', subject: '机器视觉质检', subdistrict: '440105015', persons: 5 },
  ...{ from: day('2021-10-01'), to: day('2021-10-31') },
}
const offer: Offered = {
  ...{ industry: '人工智能', subject: '机器视觉在质检中的应用', summary: '', online: false, subdistrict: '440105015' },
  ...{ on: day('2021-10-15'), left: 10 },
}

describe('X01 matching', () => {
  test('X01 the reasons are said: industry, subject, place, time, places', () => {
    expect(match(wish, offer)?.reasons).toEqual([
      '行业相同（人工智能）',
      '题目相近（共有“机器、器视、视觉”）',
      '在同一街道',
      '时间在所选范围内',
      '还有10个名额',
    ])
    expect(match(wish, { ...offer, online: true })?.reasons).toContain('线上参加，不用到场')
  })

  test('X01 outside the days, too few places, or nothing in common: no match', () => {
    expect(match(wish, { ...offer, on: day('2021-11-01') })).toBeNull()
    expect(match(wish, { ...offer, on: day('2021-10-31') })).not.toBeNull()
    expect(match(wish, { ...offer, left: 4 })).toBeNull()
    expect(match(wish, { ...offer, industry: '餐饮服务', subject: '后厨管理' })).toBeNull()
  })

  test('X01 the nearer subject comes first; the same industry alone is still a match', () => {
    const other = match(wish, { ...offer, subject: '数据标注' })
    expect(other).not.toBeNull()
    expect(match(wish, offer)?.score).toBeGreaterThan(other?.score ?? 0)
  })

  test('X01 a slot lies ahead, ends after it begins, and lasts ten hours at most', () => {
    const at = (text: string) => new Date(`2021-10-15T${text}:00+08:00`)
    const now = at('08:00')
    expect(checkSlot(at('09:00'), at('19:00'), now).ok).toBe(true)
    expect(checkSlot(at('09:00'), at('19:01'), now)).toMatchObject({ refusal: { reason: 'ends-before' } })
    expect(checkSlot(at('09:00'), at('09:00'), now)).toMatchObject({ refusal: { reason: 'ends-before' } })
    expect(checkSlot(at('07:00'), at('09:00'), now)).toMatchObject({ refusal: { reason: 'in-past' } })
  })

  test('X01 one place is one place however it is typed', () => {
    expect(placeKey('琶洲大道66号（3楼） 会议室')).toBe(placeKey('琶洲大道６６号(3楼)会议室'))
    expect(placeKey('琶洲大道66号')).not.toBe(placeKey('琶洲大道68号'))
  })
})

describe('X02 a firm that says nothing', () => {
  const saidOn = day('2021-10-15') // a Friday
  const facts = { hostSaidOn: saidOn, workdays: 5, today: day('2021-10-22'), handReason: '' }
  test('X02 the desk waits the working days out, and for the host first', () => {
    expect(mayFind(facts)).toMatchObject({ refusal: { reason: 'still-waiting', facts: { due: '2021-10-22' } } })
    expect(mayFind({ ...facts, today: day('2021-10-23') })).toMatchObject({ ok: true, value: { dueOn: '2021-10-22' } })
    expect(mayFind({ ...facts, hostSaidOn: null })).toMatchObject({ refusal: { reason: 'host-silent' } })
  })
  test('X02 with no days laid down it is decided by hand, with the reason', () => {
    const open = { ...facts, workdays: null, today: saidOn }
    expect(mayFind({ ...open, handReason: '太久' })).toMatchObject({ refusal: { reason: 'hand-reason' } })
    expect(mayFind({ ...open, handReason: '企业已注销，联系不上负责人' })).toMatchObject({
      ok: true,
      value: { dueOn: null },
    })
  })
})

describe('X02 R24 hours', () => {
  test('X02 the least counts, never rounded up, and never more than either side says', () => {
    expect(creditedMinutes(120, 120, [119, 90])).toBe(119)
    expect(creditedMinutes(120, 150, [150])).toBe(120)
    expect(creditedMinutes(120, 60, [120])).toBe(60)
    expect(creditedMinutes(120, 120, [])).toBe(0)
    fc.assert(
      fc.property(fc.nat(600), fc.nat(600), fc.array(fc.nat(600), { minLength: 1 }), (planned, host, guests) => {
        const minutes = creditedMinutes(planned, host, guests)
        expect(minutes).toBeLessThanOrEqual(Math.min(planned, host, Math.max(...guests)))
      }),
    )
  })

  test('R24 two hours a year: 119 minutes are short by one; nobody is short while nothing is laid down', () => {
    const all = [{ minutes: 119 }, { minutes: 120 }, { minutes: 0 }]
    expect(shortOf(all, 120).map((one) => one.missing)).toEqual([1, 120])
    expect(shortOf(all, null)).toEqual([])
    expect([9, 10, 12].map(remindIn)).toEqual([false, true, true])
  })

  test('X02 X03 what is given, cancelled, met or decided stays so, whatever is tried', () => {
    for (const cycle of [offerCycle, wishCycle, returnCycle]) {
      const moves = Object.keys(cycle)
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 12 }), (tried) => {
          let state: string = Object.values(cycle)[0].from[0] ?? ''
          let made = 0
          for (const move of tried) {
            const next = after<string>(cycle, move, state)
            if (next.ok) {
              made += 1
              state = next.value
            }
          }
          expect(made).toBe(tried.length > 0 ? 1 : 0)
        }),
      )
    }
  })
})

describe('X03 the yearly return', () => {
  const platform = { classes: 4, trained: 80, passed: 70, external: 12 }
  test('X03 the same needs no words; what differs does, and is listed', () => {
    expect(reconcile(platform, platform, '')).toEqual({ ok: true, value: [] })
    expect(reconcile({ ...platform, trained: 95 }, platform, '')).toMatchObject({ refusal: { reason: 'unexplained' } })
    expect(reconcile({ ...platform, trained: 95 }, platform, '含未在平台备案的内部培训')).toEqual({
      ok: true,
      value: [{ field: 'trained', own: 95, platform: 80 }],
    })
  })
})
