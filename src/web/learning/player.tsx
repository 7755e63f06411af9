import { useEffect, useRef, useState } from 'react'
import { Notice } from '../ui/notice.tsx'
import { clockText, spokenText } from './clock-text.ts'
import { PresenceDialog } from './presence.tsx'
import { type PulseState, startPulse } from './pulse.ts'
import { mediaTrack, readingTrack } from './track.ts'

export type PlayerLesson = {
  registrationId: string
  itemId: string
  kind: string
  title: string
  mediumMs: number | null
  coveredMs: number
  mediaSrc: string | null
  mediaType: string | null
  captions: { src: string; language: string; label: string }[]
  address: string
}

const atFirst = (coveredMs: number): PulseState => ({
  ...{ ready: false, coveredMs, todayMs: 0, question: null, wrong: null, why: null, stopped: null },
  ...{ offline: false, away: false, slowed: false, replaced: false },
})

/** A film, a sound or a text with its running account. Without script a film still plays, and says that nothing counts. */
export function Player({ lesson }: { lesson: PlayerLesson }) {
  const media = useRef<HTMLVideoElement & HTMLAudioElement>(null)
  const reading = useRef<ReturnType<typeof readingTrack> | null>(null)
  const pulse = useRef<ReturnType<typeof startPulse> | null>(null)
  const [state, setState] = useState(() => atFirst(lesson.coveredMs))
  const [clock, setClock] = useState({ running: false, positionMs: 0 })
  const { registrationId, itemId, address, mediumMs } = lesson
  const played = lesson.kind === 'video' || lesson.kind === 'audio'
  // what happens in a package we cannot see: its time runs by itself, until somebody stops it
  const runsByItself = lesson.kind === 'package'
  const wanted = useRef(true)

  useEffect(() => {
    const track = played
      ? media.current && mediaTrack(media.current)
      : readingTrack(mediumMs ?? 0, (running, positionMs) => setClock({ running, positionMs }))
    if (!track) return
    reading.current = played ? null : (track as ReturnType<typeof readingTrack>)
    let asked = false
    const goOn = () => {
      if (runsByItself && wanted.current && document.visibilityState === 'visible') reading.current?.start()
    }
    pulse.current = startPulse(track, { address, registrationId, itemId }, (change) => {
      setState((old) => ({ ...old, ...change }))
      if (change.ready || (asked && change.question === null)) setTimeout(goOn)
      if (change.question !== undefined) asked = change.question !== null
    })
    document.addEventListener('visibilitychange', goOn)
    return () => {
      document.removeEventListener('visibilitychange', goOn)
      pulse.current?.stop()
    }
  }, [played, runsByItself, mediumMs, address, registrationId, itemId])

  const toggle = () => {
    wanted.current = !clock.running
    reading.current?.toggle()
  }

  return (
    <div className="player">
      {lesson.kind === 'video' && lesson.mediaSrc && (
        // biome-ignore lint/a11y/useMediaCaption: the tracks stand in Captions
        <video ref={media} className="player-media" controls playsInline preload="metadata" aria-label={lesson.title}>
          <source src={lesson.mediaSrc} type={lesson.mediaType ?? undefined} />
          <Captions of={lesson} />
        </video>
      )}
      {lesson.kind === 'audio' && lesson.mediaSrc && (
        // biome-ignore lint/a11y/useMediaCaption: the tracks stand in Captions
        <audio ref={media} className="player-media" controls preload="metadata" aria-label={lesson.title}>
          <source src={lesson.mediaSrc} type={lesson.mediaType ?? undefined} />
          <Captions of={lesson} />
        </audio>
      )}
      <noscript>
        <p className="player-plain">
          <b>这个浏览器没有启用脚本：内容照常可看，但时间不计入课时。</b>要计课时，请启用脚本，或换一个浏览器。
        </p>
      </noscript>
      {!played && mediumMs !== null && state.ready && !state.stopped && (
        <p className="player-reading">
          <button type="button" className="btn btn-primary" onClick={toggle}>
            {clock.running ? '暂停计时' : runsByItself ? '继续计时' : '开始学习，计时'}
          </button>
          <span className="number">
            {clockText(clock.positionMs)} / {clockText(mediumMs)}
          </span>
        </p>
      )}
      <Account lesson={lesson} state={state} onReopen={() => pulse.current?.reopen()} />
      {state.question && !state.stopped && (
        <PresenceDialog
          question={state.question}
          left={state.wrong}
          onAnswer={(choice) => pulse.current?.answer(choice)}
        />
      )}
    </div>
  )
}

function Captions({ of }: { of: PlayerLesson }) {
  return of.captions.map((one, i) => (
    <track key={one.src} kind="captions" src={one.src} srcLang={one.language} label={one.label} default={i === 0} />
  ))
}

/** What has counted, and, if something does not, why and what to do. */
function Account({ lesson, state, onReopen }: { lesson: PlayerLesson; state: PulseState; onReopen: () => void }) {
  const { mediumMs } = lesson
  return (
    <div className="player-account">
      {mediumMs === null ? (
        <p>本节没有可核实的时长，照常可学，但不计课时。</p>
      ) : (
        <>
          <progress
            className="meter"
            aria-label="本节已计"
            value={Math.min(state.coveredMs, mediumMs)}
            max={mediumMs}
          />
          <p>
            本节已计 <b className="number">{spokenText(state.coveredMs)}</b>，共 {spokenText(mediumMs)}
            {state.todayMs > 0 && <>　今天已计 {spokenText(state.todayMs)}</>}
          </p>
        </>
      )}
      <div role="status">
        {state.offline && (
          <Notice tone="warn" title="网络断开，已为您暂停">
            <p>已计的时间没有丢。网络恢复后请继续播放。</p>
          </Notice>
        )}
        {state.why && !state.offline && !state.stopped && !state.question && (
          <Notice tone="warn" title={`刚才一段不计：${state.why.message}`}>
            <p>{state.why.remedy}</p>
          </Notice>
        )}
        {state.away && !state.stopped && (
          <Notice title="您离开过页面，已为您暂停">
            <p>离开的时间不计；请继续播放。</p>
          </Notice>
        )}
        {state.slowed && (
          <Notice tone="warn" title="已调回允许的倍速">
            <p>更快的播放不计课时。</p>
          </Notice>
        )}
        {state.replaced && (
          <Notice title="您在别处打开的学习已结束">
            <p>同一时间只计一处，现在计的是这里。</p>
          </Notice>
        )}
      </div>
      {state.stopped && (
        <div role="alert">
          <Notice tone="bad" title={`已停止计时：${state.stopped.message}`}>
            <p>{state.stopped.remedy}</p>
            <p>
              <button type="button" className="btn" onClick={onReopen}>
                在这里继续学习
              </button>
            </p>
          </Notice>
        </div>
      )}
    </div>
  )
}
