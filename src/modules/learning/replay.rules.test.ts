import { expect, test } from 'vitest'
import { foldStretches, type ReplayStretch } from './replay.rules.ts'

const at = (n: number) => new Date(n * 15_000)
const one = (n: number, over: Partial<ReplayStretch> = {}): ReplayStretch => ({
  ...{ itemId: 'i', title: '磨刀', fromAt: at(n), toAt: at(n + 1), fromMs: n * 15_000, toMs: (n + 1) * 15_000 },
  ...{ ratePercent: 100, verdict: 'counted', reason: '', grantedMs: 15_000, ...over },
})

test('C16 what goes on is one line, and its seconds are the sum of its stretches', () => {
  const lines = foldStretches([one(0), one(1), one(2, { verdict: 'refused', reason: 'hidden', grantedMs: 0 }), one(3)])
  expect(lines.map((line) => [line.reason, line.beats, line.grantedMs])).toEqual([
    ['', 2, 30_000],
    ['hidden', 1, 0],
    ['', 1, 15_000],
  ])
  expect(lines[0]).toMatchObject({ fromMs: 0, toMs: 30_000, toAt: at(2) })
})
test('C16 a jump, another speed or another item begins a new line', () => {
  expect(foldStretches([one(0), one(5)])).toHaveLength(2)
  expect(foldStretches([one(0), one(1, { ratePercent: 150 })])).toHaveLength(2)
  expect(foldStretches([one(0), one(1, { itemId: 'j' })])).toHaveLength(2)
})
