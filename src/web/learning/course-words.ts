import { spokenText } from './clock-text.ts'

/** What has counted but is not in the ledger yet; nothing when there is less than a minute. */
export const clockedText = (waitingMs: number): string =>
  waitingMs >= 60_000 ? `，另有 ${spokenText(waitingMs)} 待记入（当天的次日凌晨记入）` : ''
