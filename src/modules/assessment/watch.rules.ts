import type { Day } from '#shared/units.ts'

export type PassCount = { assessed: number; passed: number }
export type WatchFigures = {
  /** `OP.passRateHigh`, percent. Null: not decided, the rule is silent. */
  passRateHigh: number | null
  /** `OP.passRateMinPersons`. */
  minPersons: number | null
  /** `OP.burstPerDay`, persons. */
  burstPerDay: number | null
}
export type Signal =
  | { signal: 'pass-rate-high'; clause: 'C18'; assessed: number; passed: number; limitPercent: number }
  | { signal: 'burst'; clause: 'C18'; on: Day; persons: number; limit: number }

/**
 * What stands out in an institution's results: a pass rate above the line once enough people were assessed, and days on
 * which more people completed than the line allows. Signals are looked into; they decide nothing.
 * @clause C18
 */
export function outliers(
  total: PassCount,
  perDay: readonly { on: Day; persons: number }[],
  { passRateHigh, minPersons, burstPerDay }: WatchFigures,
): Signal[] {
  const signals: Signal[] = []
  const { assessed, passed } = total
  if (
    passRateHigh !== null &&
    minPersons !== null &&
    assessed >= Math.max(minPersons, 1) &&
    passed * 100 > assessed * passRateHigh
  ) {
    signals.push({ signal: 'pass-rate-high', clause: 'C18', assessed, passed, limitPercent: passRateHigh })
  }
  if (burstPerDay !== null) {
    for (const { on, persons } of perDay) {
      if (persons > burstPerDay) signals.push({ signal: 'burst', clause: 'C18', on, persons, limit: burstPerDay })
    }
  }
  return signals
}

/** Percent with one decimal, cut; null when nobody was assessed. */
export const percentOf = ({ assessed, passed }: PassCount): number | null =>
  assessed === 0 ? null : Math.floor((passed * 1000) / assessed) / 10
