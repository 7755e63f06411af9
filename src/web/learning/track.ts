/** What a player tells of itself, be it a film or the time that a page of text is read. */
export type Track = {
  positionMs(): number
  playing(): boolean
  rate(): number
  pause(): void
  resume(ms: number): void
  limitRate(top: number): void
  listen(to: Listeners): () => void
}
export type Listeners = {
  changed(): void
  jumped(): void
  moving(): void
  tooFast(): void
  mayPlay(): boolean
}

/** A film or a sound. */
export function mediaTrack(media: HTMLMediaElement): Track {
  let top = Number.POSITIVE_INFINITY
  let placed = false
  return {
    positionMs: () => media.currentTime * 1000,
    playing: () => !media.paused && !media.ended,
    rate: () => media.playbackRate,
    pause: () => media.pause(),
    resume: (ms) => {
      const place = () => {
        const nearEnd = Number.isFinite(media.duration) && ms / 1000 > media.duration - 2
        placed = true
        media.currentTime = nearEnd ? 0 : ms / 1000
      }
      if (media.readyState >= 1) place()
      else media.addEventListener('loadedmetadata', place, { once: true })
    },
    limitRate: (most) => {
      top = most
    },
    listen: (to) => {
      const own: [string, () => void][] = [
        ['play', () => (to.mayPlay() ? to.changed() : media.pause())],
        ['pause', () => to.changed()],
        ['ended', () => to.changed()],
        [
          'ratechange',
          () => {
            if (media.playbackRate > top) {
              media.playbackRate = top
              to.tooFast()
            }
            to.changed()
          },
        ],
        [
          'seeked',
          () => {
            // where we put it ourselves is a jump too, but nothing was passed through before it
            placed = false
            to.jumped()
            to.moving()
          },
        ],
        ['timeupdate', () => !media.seeking && !placed && to.moving()],
      ]
      for (const [name, work] of own) media.addEventListener(name, work)
      return () => {
        for (const [name, work] of own) media.removeEventListener(name, work)
      }
    },
  }
}

/** The time that a text lies open before somebody: it runs while they let it. */
export function readingTrack(
  mediumMs: number,
  tell: (running: boolean, positionMs: number) => void,
): Track & { toggle(): void; start(): void } {
  let at = 0
  let since: number | null = null
  let listeners: Listeners | null = null
  const positionMs = () => Math.min(mediumMs, at + (since === null ? 0 : performance.now() - since))
  const set = (running: boolean) => {
    if (running === (since !== null)) return
    at = positionMs()
    since = running ? performance.now() : null
    tell(running, at)
    listeners?.changed()
  }
  return {
    positionMs,
    playing: () => since !== null,
    rate: () => 1,
    pause: () => set(false),
    resume: (ms) => {
      at = ms >= mediumMs ? 0 : ms
      tell(since !== null, at)
      listeners?.jumped()
    },
    limitRate: () => {},
    toggle: () => {
      if (since !== null) set(false)
      else if (listeners?.mayPlay()) set(true)
    },
    start: () => {
      if (since === null && listeners?.mayPlay()) set(true)
    },
    listen: (to) => {
      listeners = to
      const timer = setInterval(() => {
        if (since === null) return
        to.moving()
        tell(true, positionMs())
        if (positionMs() >= mediumMs) set(false)
      }, 1000)
      return () => {
        clearInterval(timer)
        listeners = null
      }
    },
  }
}
