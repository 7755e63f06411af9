/** Tries before a result is given up: with a pause that doubles up to six hours, about three days. */
export const mostTries = 20

export const backOffSeconds = (tries: number): number => Math.min(60 * 2 ** Math.max(tries - 1, 0), 6 * 3600)

export type Came = 'sent' | 'later' | 'refused'
/** What a platform's answer means: its faults and limits pass, what it says of the score itself is final. */
export function meaningOf(status: number): Came {
  if (status >= 200 && status < 300) return 'sent'
  return [400, 404, 405, 410, 413, 415, 422].includes(status) ? 'refused' : 'later'
}

/** `/scores` belongs to the path; a platform's line item may carry a query of its own. */
export function scoresAddress(lineItem: string): string {
  const url = new URL(lineItem)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/scores`
  return url.href
}
