/** The one place that reads the clock. A demonstration district runs at a fixed offset from it. */
export type Clock = { now(): Date; offsetMs: number }

export function clockAt(offsetMs: number): Clock {
  return { offsetMs, now: () => new Date(Date.now() + offsetMs) }
}

/** Real time, for what must agree with the world outside: validator apps, sessions, codes. Never for rules. */
export const realTime = (): Date => new Date()
