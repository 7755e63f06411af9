export type Words = { message: string; remedy: string }
export type Question = { id: string; prompt: string; options: string[]; answerBy: string; remedyBy: string }
export type Opened = {
  viewingId: string
  resumeMs: number
  mediumMs: number | null
  beatMs: number
  topRatePercent: number
  question: Question | null
  replaced: boolean
}

/** What a page shows of a player. */
export type PulseState = {
  ready: boolean
  coveredMs: number
  todayMs: number
  question: Question | null
  /** Answers left after a wrong one. */
  wrong: number | null
  /** Why the last stretch did not count. */
  why: Words | null
  /** Over: here, until the page is opened again. */
  stopped: Words | null
  offline: boolean
  /** Paused because the learner looked elsewhere. */
  away: boolean
  slowed: boolean
  replaced: boolean
}

export type BeatReply = {
  ok: true
  verdict: string
  reason: string
  coveredMs: number
  todayMs: number
  question: Question | null
  ended: boolean
  words: Words | null
}
export type Reply = BeatReply | ({ ok: false; reason: string } & Words)
export type Ask = (body: object, beacon?: boolean) => Promise<Reply | null>

/** One message to the server; null when it did not get through. A beacon outlives the page and hears nothing back. */
export async function askServer(address: string, body: object, beacon = false): Promise<Reply | null> {
  const text = JSON.stringify(body)
  if (beacon) {
    navigator.sendBeacon(address, new Blob([text], { type: 'text/plain' }))
    return null
  }
  try {
    const answer = await fetch(address, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'text/plain' },
      signal: AbortSignal.timeout(20_000),
    })
    return answer.status >= 500 ? null : ((await answer.json()) as Reply)
  } catch {
    return null
  }
}
