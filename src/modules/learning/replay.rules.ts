import type { StretchReason, Verdict } from './counting.schema.ts'

export type ReplayStretch = {
  itemId: string
  title: string
  fromAt: Date
  toAt: Date
  fromMs: number
  toMs: number
  ratePercent: number
  verdict: Verdict
  reason: StretchReason
  grantedMs: number
}
export type ReplayLine = ReplayStretch & { beats: number }

/** Stretches in a row with one verdict and one reason as one line, so that an hour is read in a few lines. */
export function foldStretches(stretches: readonly ReplayStretch[]): ReplayLine[] {
  const lines: ReplayLine[] = []
  for (const one of stretches) {
    const last = lines.at(-1)
    const same =
      last?.itemId === one.itemId &&
      last.verdict === one.verdict &&
      last.reason === one.reason &&
      last.ratePercent === one.ratePercent &&
      last.toMs === one.fromMs &&
      one.verdict !== 'released'
    if (last && same) {
      last.toAt = one.toAt
      last.toMs = one.toMs
      last.grantedMs += one.grantedMs
      last.beats += 1
    } else lines.push({ ...one, beats: 1 })
  }
  return lines
}
