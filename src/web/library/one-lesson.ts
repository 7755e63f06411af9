const name = (origin: string) => `lesson ${origin}`

export type Turn = {
  /** Resolves when no other lesson of that origin runs in this browser; false when this page has to give way first. */
  mine: Promise<boolean>
  giveBack(): void
}

/** Whether this browser can promise that. It can on every page that came over TLS or from this very machine. */
export const canTakeTurns = (): boolean => 'locks' in navigator && typeof BroadcastChannel === 'function'

/** A beacon of what the lesson had not saved yet is on its way before the next lesson opens. */
const lastWordMs = 500

/**
 * One lesson at a time on an origin, whoever wrote it: on one origin two of them could look into each other's storage.
 * The pages of the site that hold the frames agree among themselves, where no lesson has a hand in it: the newest asks,
 * whichever runs takes its frame away and only then lets go of the lock. A page that is closed or dies lets go by itself,
 * and a browser puts no page to sleep that holds a lock.
 */
export function takeTurn(origin: string, giveWay: () => void): Turn {
  const channel = new BroadcastChannel(name(origin))
  const waiting = new AbortController()
  let letGo = () => {}
  let gone = false
  const end = (afterMs: number) => {
    if (gone) return
    gone = true
    waiting.abort()
    channel.close()
    setTimeout(letGo, afterMs)
  }
  channel.onmessage = () => {
    giveWay()
    end(lastWordMs)
  }
  channel.postMessage('mine')
  const mine = new Promise<boolean>((resolve) => {
    navigator.locks
      .request(name(origin), { signal: waiting.signal }, async () => {
        if (gone) return
        await new Promise<void>((release) => {
          letGo = release
          resolve(true)
        })
      })
      .catch(() => {})
      .finally(() => resolve(false))
  })
  return { mine, giveBack: () => end(0) }
}
