import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Notice } from '../ui/notice.tsx'
import { canTakeTurns, takeTurn } from './one-lesson.ts'

type Stage = 'waiting' | 'slow' | 'running' | 'gone'

const slowMs = 6000

/**
 * A lesson in its frame on the origin of lessons. The phone gets the whole width. It opens when every other lesson of
 * that origin has been taken out of this browser, and goes when the next one opens; what belongs to it goes with it.
 */
export function LessonFrame({ title, address, children }: { title: string; address: string; children?: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  const [stage, setStage] = useState<Stage>('waiting')

  useEffect(() => {
    const here = place.current
    if (!here) return
    const frame = frameFor(title)
    const show = (source: string) => {
      frame.src = source
      here.append(frame)
      setStage('running')
    }
    if (!canTakeTurns()) {
      show(address)
      return () => frame.remove()
    }
    const turn = takeTurn(new URL(address).origin, () => {
      frame.remove()
      setStage('gone')
    })
    const slow = setTimeout(() => setStage((now) => (now === 'waiting' ? 'slow' : now)), slowMs)
    let left = false
    void turn.mine.then((mine) => {
      if (mine && !left) show(`${address}?alone`)
    })
    return () => {
      left = true
      clearTimeout(slow)
      frame.remove()
      turn.giveBack()
    }
  }, [title, address])

  return (
    <>
      <div ref={place} hidden={stage !== 'running'} />
      <noscript>
        <Notice tone="warn" title="课件要启用脚本才能打开">
          <p>请在浏览器里启用脚本，或换一个浏览器。</p>
        </Notice>
      </noscript>
      <div role="status">
        {stage === 'slow' && (
          <Notice tone="warn" title="另一个课件还没有停下">
            <p>请关掉打开着另一个课件的页面，这里会自动继续。</p>
          </Notice>
        )}
        {stage === 'gone' && (
          <Notice tone="warn" title="您在别的页面打开了课件，这里的已经停下">
            <p>同一时间只能开一个课件。停下以前的进度和时间都已保存。</p>
            <p>
              <button type="button" className="btn" onClick={() => location.reload()}>
                回到这里继续学
              </button>
            </p>
          </Notice>
        )}
      </div>
      {stage === 'running' && children}
    </>
  )
}

function frameFor(title: string): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.className = 'lesson-frame'
  frame.title = `课件：${title}`
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms')
  frame.allow = 'fullscreen; autoplay'
  return frame
}
