import { type Ask, askServer, type Opened, type PulseState, type Question } from './pulse-wire.ts'
import type { Track } from './track.ts'

export type { PulseState, Question } from './pulse-wire.ts'

type Pulse = { stop(): void; answer(choice: number): Promise<void>; reopen(): void }

/** How long a player goes on without hearing from the server before it stops by itself, so that nothing is lost. */
const silenceMs = 45_000

/**
 * The player's heart: tells the server what the medium does, at every change and every few seconds, and shows what the
 * server made of it. It decides nothing; whatever it says, only the server's clock counts.
 */
export function startPulse(
  track: Track,
  where: { address: string; registrationId: string; itemId: string },
  show: (change: Partial<PulseState>) => void,
): Pulse {
  let opened: Opened | null = null
  let sequence = 0
  let heardAt = Date.now()
  let stopped = false
  let timer: ReturnType<typeof setInterval> | undefined
  let line: Promise<unknown> = Promise.resolve()
  let lastPositionMs = 0
  let moved = false
  let open: Question | null = null

  const ask: Ask = (body, beacon) => askServer(where.address, body, beacon)
  const state = (positionMs = track.positionMs()) => ({
    positionMs: Math.max(0, Math.round(positionMs)),
    playing: track.playing(),
    visible: document.visibilityState === 'visible',
    rate: track.rate(),
    moved,
  })

  const beat = (told = state()): void => {
    if (!opened || stopped) return
    const body = { intent: 'beat', viewingId: opened.viewingId, sequence: ++sequence, ...told }
    moved = false
    // one after the other: a heartbeat that overtakes another would count for nothing
    line = line.then(async () => {
      if (stopped) return
      const answer = await ask(body)
      if (answer === null) return quiet()
      heardAt = Date.now()
      show({ offline: false })
      if (!answer.ok) {
        stopped = answer.reason !== 'replayed' && answer.reason !== 'out-of-order'
        if (stopped) track.pause()
        return show({ stopped: stopped ? { message: answer.message, remedy: answer.remedy } : null })
      }
      take(answer)
    })
  }

  const take = (answer: {
    reason: string
    verdict: string
    coveredMs: number
    todayMs: number
    question: Question | null
    ended: boolean
    words: { message: string; remedy: string } | null
  }) => {
    open = answer.question
    if (open) track.pause()
    if (answer.ended) {
      stopped = true
      track.pause()
      show({ stopped: answer.words })
    }
    const quietly = answer.verdict === 'counted' || answer.verdict === 'idle'
    show({
      coveredMs: answer.coveredMs,
      todayMs: answer.todayMs,
      question: open,
      ...(answer.verdict === 'counted' || !quietly
        ? { why: quietly && answer.reason === '' ? null : answer.words }
        : {}),
    })
  }

  const quiet = () => {
    if (Date.now() - heardAt < silenceMs || !track.playing())
      return show({ offline: Date.now() - heardAt >= silenceMs })
    track.pause()
    show({ offline: true })
  }

  const begin = () => {
    stopped = false
    sequence = 0
    show({ stopped: null, ready: false })
    line = ask({ intent: 'open', registrationId: where.registrationId, itemId: where.itemId }).then((answer) => {
      if (answer === null) return show({ offline: true })
      if (!answer.ok) return show({ stopped: { message: answer.message, remedy: answer.remedy } })
      opened = answer as unknown as Opened
      heardAt = Date.now()
      open = opened.question
      track.limitRate(opened.topRatePercent / 100)
      track.resume(opened.resumeMs)
      lastPositionMs = opened.resumeMs
      show({ ready: true, offline: false, question: open, replaced: opened.replaced })
      clearInterval(timer)
      timer = setInterval(() => {
        if (track.playing() || Date.now() - heardAt > 4 * (opened?.beatMs ?? 15_000)) beat()
      }, opened.beatMs)
    })
  }

  const hidden = () => {
    if (document.visibilityState === 'hidden') {
      const told = state()
      track.pause()
      beat({ ...told, playing: false, visible: false })
      show({ away: told.playing })
    } else beat()
  }
  const leave = () => {
    if (!opened || stopped) return
    const { viewingId } = opened
    void ask({ intent: 'beat', viewingId, sequence: ++sequence, ...state(), playing: false }, true)
    void ask({ intent: 'close', viewingId }, true)
    stopped = true
  }
  const listeners = track.listen({
    changed: () => beat(),
    /** A jump: first what was really passed through, then where the medium stands now. */
    jumped: () => {
      beat({ ...state(lastPositionMs), playing: track.playing() })
      moved = true
      beat()
    },
    moving: () => {
      lastPositionMs = track.positionMs()
    },
    tooFast: () => show({ slowed: true }),
    mayPlay: () => open === null && !stopped,
  })
  document.addEventListener('visibilitychange', hidden)
  addEventListener('pagehide', leave)
  begin()

  return {
    stop: () => {
      leave()
      clearInterval(timer)
      listeners()
      document.removeEventListener('visibilitychange', hidden)
      removeEventListener('pagehide', leave)
    },
    reopen: begin,
    answer: async (choice) => {
      if (!open) return
      const answer = await ask({ intent: 'answer', presenceId: open.id, choice })
      if (answer === null) return show({ offline: true })
      if (!answer.ok) {
        open = null
        return show({ question: null, why: { message: answer.message, remedy: answer.remedy } })
      }
      const { outcome, question, left } = answer as unknown as {
        outcome: string
        question: Question | null
        left: number
      }
      open = question
      if (outcome === 'missed') {
        stopped = true
        return show({
          question: null,
          stopped: { message: '在学确认没有通过', remedy: '请重新打开，从确认之前的位置重看。' },
        })
      }
      show({ question, wrong: outcome === 'wrong' ? left : null })
      if (!question) beat()
    },
  }
}
