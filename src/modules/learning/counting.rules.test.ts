import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge, type Limits, release, type Seat, type Surroundings } from './counting.rules.ts'
import type { BeatInput } from './counting.schema.ts'
import { lengthMs, outside, type Span, spansFrom, spansText, union } from './span.rules.ts'

const s = 1000
const limits: Limits = {
  beatMs: 15 * s,
  gapMs: 90 * s,
  toleranceMs: 5 * s,
  topRatePercent: 150,
  dailyCapMs: 240 * 60 * s,
  presence: { leastMs: 300 * s, mostMs: 900 * s, answerMs: 180 * s, remedyMs: 600 * s },
}
const start: Seat = {
  ...{ atMs: 0, sequence: 0, positionMs: 0, playing: true, visible: true, ratePercent: 100, slackMs: 0 },
  ...{ untilQuestionMs: 600 * s, askedAtMs: null, todayMs: 0 },
}
const around: Surroundings = {
  ...{ nowMs: 15 * s, mediumMs: 3600 * s, covered: [], inClass: false, classRunning: true, openMs: null, limits },
}
type B = Omit<BeatInput, 'viewingId'>
const beat = (over: Partial<B> = {}): B => ({
  ...{ sequence: 1, positionMs: 15 * s, playing: true, visible: true, rate: 1, moved: false },
  ...over,
})
const verdict = (seat: Partial<Seat>, b: Partial<B>, a: Partial<Surroundings> = {}) => {
  const judged = judge({ ...start, ...seat }, beat(b), { ...around, ...a })
  if (!judged.ok) return judged.reason
  return [judged.stretch.verdict, judged.stretch.reason, lengthMs(judged.stretch.spans) / s]
}

describe('C16 what a stretch is worth', () => {
  test('C16 fifteen seconds at normal speed count as fifteen', () => {
    expect(verdict({}, {})).toEqual(['counted', '', 15])
  })
  test.each<[string, Partial<Seat>, Partial<B>, Partial<Surroundings>, unknown]>([
    ['a pause is nothing', { playing: false }, {}, {}, ['idle', 'paused', 0]],
    ['a page in the background', { visible: false }, {}, {}, ['refused', 'hidden', 0]],
    ['a jump that the player reports', {}, { moved: true, positionMs: 900 * s }, {}, ['refused', 'seek', 0]],
    ['a jump back', { positionMs: 60 * s }, { positionMs: 10 * s }, {}, ['refused', 'seek', 0]],
    ['a jump that nobody reports', {}, { positionMs: 900 * s }, {}, ['refused', 'ahead-of-clock', 0]],
    ['twice the speed, said', { ratePercent: 200 }, { rate: 2, positionMs: 30 * s }, {}, ['refused', 'too-fast', 0]],
    ['twice the speed, not said', {}, { positionMs: 30 * s }, {}, ['refused', 'ahead-of-clock', 0]],
    ['an allowed speed', { ratePercent: 150 }, { rate: 1.5, positionMs: 22_500 }, {}, ['counted', '', 22.5]],
    ['a long silence', {}, { positionMs: 100 * s }, { nowMs: 100 * s }, ['refused', 'gap', 0]],
    ['what counted before', {}, {}, { covered: [[0, 20 * s]] }, ['refused', 'again', 0]],
    ['what partly counted before', {}, {}, { covered: [[0, 5 * s]] }, ['counted', 'again', 10]],
    [
      'past the end',
      { positionMs: 40 * s },
      { positionMs: 55 * s },
      { mediumMs: 40 * s },
      ['refused', 'beyond-the-end', 0],
    ],
    ['up to the end', {}, {}, { mediumMs: 10 * s }, ['counted', '', 10]],
    ['no medium', {}, {}, { mediumMs: null }, ['refused', 'no-medium', 0]],
    ['a package that is open', {}, {}, { openMs: 15 * s }, ['counted', '', 15]],
    ['a package that was closed half-way', {}, {}, { openMs: 6 * s }, ['counted', '', 6]],
    ['a package that is not open', {}, {}, { openMs: 0 }, ['refused', 'not-open', 0]],
    [
      'a package: only the time itself, at no speed',
      { ratePercent: 150 },
      { rate: 1.5, positionMs: 22_500 },
      { openMs: 15 * s },
      ['counted', '', 15],
    ],
    [
      'a package: what is left of its length',
      {},
      {},
      { openMs: 15 * s, mediumMs: 20 * s, covered: [[0, 8 * s]] },
      ['counted', '', 12],
    ],
    [
      'a package: time that fell out before is made good',
      { positionMs: 30 * s },
      { positionMs: 45 * s },
      { openMs: 15 * s, covered: [[10 * s, 30 * s]] },
      ['counted', '', 15],
    ],
    ['the day is full', { todayMs: 240 * 60 * s }, {}, {}, ['refused', 'daily-cap', 0]],
    ['the day is nearly full', { todayMs: 240 * 60 * s - 4 * s }, {}, {}, ['counted', 'daily-cap', 4]],
    ['marked in a class', {}, {}, { inClass: true }, ['refused', 'in-class', 0]],
    ['before the class begins', {}, {}, { classRunning: false }, ['refused', 'class-not-running', 0]],
    ['a question waits', { askedAtMs: 5 * s }, {}, {}, ['held', 'presence-open', 15]],
    ['a question was missed', { askedAtMs: -800 * s }, {}, {}, ['refused', 'presence-missed', 0]],
    ['sent twice', { sequence: 1 }, {}, {}, 'replayed'],
    ['an older one later', { sequence: 2 }, {}, {}, 'out-of-order'],
    ['a clock that goes back', { atMs: 20 * s }, {}, {}, ['refused', 'ahead-of-clock', 0]],
  ])('C16 %s', (_, seat, b, a, wanted) => expect(verdict(seat, b, a)).toEqual(wanted))

  test('C16 a late heartbeat takes nothing away: the next one uses the time it left', () => {
    const first = judge(start, beat(), { ...around, nowMs: 25 * s })
    if (!first.ok) throw new Error(first.reason)
    expect(first.seat.slackMs).toBe(10 * s)
    const second = judge(first.seat, beat({ sequence: 2, positionMs: 30 * s }), { ...around, nowMs: 30 * s })
    expect(second).toMatchObject({ stretch: { verdict: 'counted', spans: [[15 * s, 30 * s]] }, seat: { slackMs: 0 } })
  })

  test('C16 a question comes when the playing time is up, and only playing time runs', () => {
    expect(judge({ ...start, untilQuestionMs: 10 * s }, beat(), around)).toMatchObject({
      ask: true,
      seat: { askedAtMs: 15 * s },
    })
    expect(judge({ ...start, untilQuestionMs: 10 * s, playing: false }, beat(), around)).toMatchObject({ ask: false })
  })

  test('C16 an answer releases what was held, but no second twice and not past the day', () => {
    expect(
      release(
        [
          [0, 10],
          [5, 20],
        ],
        [[8, 12]],
        100,
      ),
    ).toEqual([
      [0, 8],
      [12, 20],
    ])
    expect(release([[0, 10]], [], 4)).toEqual([[0, 4]])
    expect(release([[0, 10]], [], -1)).toEqual([])
  })
})

/** Anything a client can send, at any time it likes. */
const anyBeats = fc.array(
  fc.record({
    waitMs: fc.oneof(fc.integer({ min: 0, max: 20 * s }), fc.integer({ min: 0, max: 200 * s })),
    step: fc.integer({ min: -1, max: 3 }),
    positionMs: fc.oneof(fc.integer({ min: 0, max: 120 * s }), fc.constant(-1)),
    playing: fc.boolean(),
    visible: fc.boolean(),
    rate: fc.constantFrom(0, 0.5, 1, 1.5, 2, 16, 100),
    moved: fc.boolean(),
  }),
  { maxLength: 60 },
)

type AnyBeat = B & { waitMs: number; step: number }

function run(beats: readonly Omit<AnyBeat, 'sequence'>[], mediumMs: number) {
  let seat: Seat = { ...start, untilQuestionMs: Number.MAX_SAFE_INTEGER }
  let covered: Span[] = []
  let nowMs = 0
  const granted: Span[] = []
  for (const { waitMs, step, positionMs, ...rest } of beats) {
    nowMs += waitMs
    // -1: exactly where an honest player would be
    const at = positionMs === -1 ? seat.positionMs + waitMs : positionMs
    const judged = judge(
      seat,
      { ...rest, positionMs: at, sequence: Math.max(1, seat.sequence + step) },
      { ...around, nowMs, covered, mediumMs },
    )
    if (!judged.ok) continue
    granted.push(...judged.stretch.spans)
    seat = judged.seat
    covered = judged.covered
  }
  return { granted, covered, nowMs, seat }
}

describe('C16 whatever is sent', () => {
  test('C16 never more than the clock times the top rate, nor than the medium, and no second twice', () => {
    fc.assert(
      fc.property(anyBeats, fc.integer({ min: 1, max: 100 * s }), (beats, mediumMs) => {
        const { granted, covered, nowMs, seat } = run(beats, mediumMs)
        const sum = lengthMs(granted)
        expect(sum).toBeLessThanOrEqual((nowMs * limits.topRatePercent) / 100)
        expect(sum).toBeLessThanOrEqual(mediumMs)
        expect(lengthMs(covered)).toBe(sum) // so no second was granted twice
        expect(seat.todayMs).toBe(sum)
      }),
      { numRuns: 2000 },
    )
  })

  test('C16 heartbeats in another order earn no more than in their own', () => {
    const honest = Array.from({ length: 6 }, (_, i) => ({ sequence: i + 1, positionMs: (i + 1) * 15 * s }))
    const own = lengthMs([[0, 90 * s]])
    fc.assert(
      fc.property(fc.shuffledSubarray(honest, { minLength: 1 }), (order) => {
        let seat = start
        let covered: Span[] = []
        let sum = 0
        order.forEach((one, i) => {
          const judged = judge(seat, beat(one), { ...around, nowMs: (i + 1) * 15 * s, covered })
          if (!judged.ok) return
          ;({ seat, covered } = judged)
          sum += lengthMs(judged.stretch.spans)
        })
        expect(sum).toBeLessThanOrEqual(own)
      }),
    )
  })

  test('C16 two viewings in either order leave the same seconds covered', () => {
    const span = fc.tuple(fc.nat(500), fc.nat(500)).map(([a, b]): Span => [Math.min(a, b), Math.max(a, b)])
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), fc.array(span, { maxLength: 8 }), (a, b) => {
        expect(union(union([], a), b)).toEqual(union(union([], b), a))
        const both = union(a, b)
        for (const one of a) expect(outside(one, both)).toEqual([])
        expect(lengthMs(both)).toBe(
          lengthMs(union(a, [])) + lengthMs(union(b, []).flatMap((one) => outside(one, union(a, [])))),
        )
        expect(spansFrom(spansText(both))).toEqual(both)
      }),
    )
  })

  test('C16 an honest learner on a bad network loses less than one per cent', () => {
    const delay = fc.integer({ min: 0, max: 12 * s })
    fc.assert(
      fc.property(fc.array(fc.record({ delay, lost: fc.boolean() }), { minLength: 200, maxLength: 200 }), (network) => {
        let seat: Seat = { ...start, untilQuestionMs: Number.MAX_SAFE_INTEGER }
        let covered: Span[] = []
        let lastArrival = 0
        let lost = 0
        network.forEach((one, i) => {
          const at = (i + 1) * 15 * s
          // at most three in a row are lost: then the player itself stops and waits
          lost = one.lost && lost < 3 ? lost + 1 : 0
          if (lost > 0) return
          lastArrival = Math.max(lastArrival, at + one.delay)
          const judged = judge(seat, beat({ sequence: i + 1, positionMs: at }), {
            ...around,
            nowMs: lastArrival,
            covered,
          })
          if (judged.ok) ({ seat, covered } = judged)
        })
        expect(lengthMs(covered)).toBeGreaterThanOrEqual(0.99 * seat.positionMs)
      }),
      { numRuns: 300 },
    )
  })
})
