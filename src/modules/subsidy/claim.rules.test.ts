import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { after as stateAfter } from '#platform/casework.ts'
import { addDays } from '#shared/dates.ts'
import { day } from '#shared/units.ts'
import { type ClaimMove, claimCycle, claimWindow, isDead, withClaimant } from './claim.rules.ts'
import { type ClaimState, claimReasonText, claimStates } from './claim.schema.ts'

const states = Object.keys(claimStates) as ClaimState[]
const moves = Object.keys(claimCycle) as ClaimMove[]

describe('R33 life of a claim', () => {
  it('R33 every state but the first can be reached, and nothing leaves paid, rejected or withdrawn', () => {
    const reached = new Set(moves.map((move) => claimCycle[move].to as ClaimState))
    expect(states.filter((state) => !reached.has(state))).toEqual([])
    const left = new Set(moves.flatMap((move) => [...claimCycle[move].from] as ClaimState[]))
    expect(states.filter((state) => !left.has(state))).toEqual(['paid', 'rejected', 'withdrawn'])
  })

  it('R33 no walk reaches paid without review, publicity, approval and order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 60 }), (walk) => {
        let state: ClaimState = 'draft'
        const seen: ClaimState[] = [state]
        for (const move of walk) {
          const step: ReturnType<typeof stateAfter<ClaimState>> = stateAfter<ClaimState>(claimCycle, move, state)
          if (step.ok) {
            state = step.value
            seen.push(state)
          }
        }
        const at = seen.indexOf('paid')
        if (at < 0) return
        const order: ClaimState[] = ['submitted', 'under-review', 'reviewed', 'publicised', 'approved', 'ordered']
        expect(order.every((needed) => seen.slice(0, at).includes(needed))).toBe(true)
        expect(seen.slice(0, at).some(isDead)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('R33 money is never ordered from a claim that is with the claimant', () => {
    for (const state of states.filter(withClaimant)) expect(stateAfter(claimCycle, 'order', state).ok).toBe(false)
  })
})

describe('R05 claim window', () => {
  const months = (value: number | null, decided = value !== null) => ({
    id: 'R05.months',
    label: '申领期限',
    value,
    decided,
  })
  it.each([
    ['2021-07-30', '2022-01-30', 6, true],
    ['2021-07-30', '2022-01-31', 6, false],
    ['2021-08-31', '2022-02-28', 6, true],
    ['2021-08-31', '2022-03-01', 6, false],
    ['2021-07-30', '2021-07-30', 0, true],
  ])('R05 ended %s, today %s, %i months: %s', (endedOn, today, n, open) => {
    const decision = claimWindow({ endedOn: day(endedOn), today: day(today), months: months(n) })
    expect(decision.ok).toBe(open)
    if (!decision.ok) expect(decision.refusal.reason).toBe('late-claim')
  })

  it('R05 an undecided window takes no claim and says whose decision is missing', () => {
    for (const figure of [months(null), months(6, false)]) {
      const decision = claimWindow({ endedOn: day('2021-07-30'), today: day('2021-08-01'), months: figure })
      expect(decision).toMatchObject({ ok: false, refusal: { clause: 'R05', reason: 'figure-undecided' } })
      if (!decision.ok)
        expect(claimReasonText['figure-undecided']?.(decision.refusal.facts).message).toContain('申领期限')
    }
  })

  it('R05 once closed it stays closed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 60 }), (later, n) => {
        const endedOn = day('2021-07-31')
        const at = (days: number) => claimWindow({ endedOn, today: addDays(endedOn, days), months: months(n) }).ok
        if (!at(later)) expect(at(later + 1)).toBe(false)
      }),
    )
  })
})
