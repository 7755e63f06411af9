import type { Day } from '#shared/units.ts'

export const stopCauses = {
  burst: '短期集中发证',
  'pass-rate': '合格率异常',
  'examiner-trainer': '考评员教过考生',
} as const
export type StopCause = keyof typeof stopCauses

export type WatchFigures = {
  passRateHigh: number | null
  minPersons: number | null
  perDay: number | null
  windowDays: number | null
  windowCertificates: number | null
}
export type WatchFacts = {
  /** This batch. */
  assessed: number
  passed: number
  /** Certificates of the organisation issued today, and within the last `windowDays`, this batch's among them. */
  issuedToday: number
  issuedInWindow: number
  today: Day
  /** Examiners of this batch who taught one of its candidates. */
  conflicts: readonly { examiner: string; candidates: number }[]
}
export type Signal = { cause: StopCause; facts: Record<string, string | number> }

/**
 * What stands out in a batch. An undecided figure is silent. What is found stops the organisation's next batch until
 * two people have lifted it; this batch goes on.
 * @clause V05 C18
 */
export function watchSignals(facts: WatchFacts, figures: WatchFigures): Signal[] {
  const signals: Signal[] = []
  const { assessed, passed, issuedToday, issuedInWindow, conflicts } = facts
  const { passRateHigh, minPersons, perDay, windowDays, windowCertificates } = figures
  if (
    passRateHigh !== null &&
    minPersons !== null &&
    assessed >= Math.max(1, minPersons) &&
    passed * 100 > assessed * passRateHigh
  ) {
    signals.push({ cause: 'pass-rate', facts: { assessed, passed, limitPercent: passRateHigh } })
  }
  if (perDay !== null && issuedToday > perDay) {
    signals.push({ cause: 'burst', facts: { on: facts.today, certificates: issuedToday, limit: perDay, days: 1 } })
  } else if (windowDays !== null && windowCertificates !== null && issuedInWindow > windowCertificates) {
    signals.push({
      cause: 'burst',
      facts: { on: facts.today, certificates: issuedInWindow, limit: windowCertificates, days: windowDays },
    })
  }
  if (conflicts.length > 0) {
    const names = conflicts.map((one) => one.examiner).join('、')
    signals.push({
      cause: 'examiner-trainer',
      facts: { examiners: names, candidates: conflicts.reduce((sum, one) => sum + one.candidates, 0) },
    })
  }
  return signals
}

/** A signal in a sentence. */
export function signalText(cause: StopCause, facts: Record<string, unknown>): string {
  const f = facts as Record<string, string | number>
  if (cause === 'pass-rate') return `${f.assessed}人参加，${f.passed}人合格，高于${f.limitPercent}%的提醒线`
  if (cause === 'burst') return `${f.days}天内发证${f.certificates}张，多于${f.limit}张的提醒线`
  return `考评员${f.examiners}教过本批次考生${f.candidates}人次`
}
