import { useEffect, useRef, useState } from 'react'

/** Quiet for so long, and something is kept; what is typed without a pause is kept this often. */
const quietMs = 3_000
const busyMs = 20_000

/**
 * Keeps a draft while it is written. Stands inside the form it keeps; without script nothing of it shows and the form works
 * as it is. Papers are sent by forms of their own on the same page, so what is typed is kept before any of them leaves.
 */
export function Autosave({ to }: { to: string }) {
  const place = useRef<HTMLParagraphElement>(null)
  const [said, setSaid] = useState('')

  useEffect(() => {
    const form = place.current?.closest('form')
    if (!form) return
    let dirtySince = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let running: Promise<void> | null = null
    let stopped = false

    const send = async () => {
      clearTimeout(timer)
      dirtySince = 0
      const answer = await fetch(to, {
        method: 'POST',
        body: new FormData(form),
        headers: { accept: 'application/json' },
        // a page that is being left behind may be gone before the answer
        keepalive: document.visibilityState === 'hidden',
      })
      const told = (await answer.json()) as { version?: number; at?: string; message?: string; gone?: boolean }
      const version = form.elements.namedItem('version')
      if (told.version !== undefined && version instanceof HTMLInputElement) version.value = String(told.version)
      if (told.gone) stopped = true
      setSaid(told.at ? `已自动保存（${told.at}）` : (told.message ?? ''))
    }
    const keep = () => {
      running ??= send()
        .catch(() => {
          dirtySince = Date.now()
          setSaid('现在没有网络，还没有保存；恢复后会再试。')
          timer = setTimeout(keep, busyMs)
        })
        .finally(() => {
          running = null
        })
      return running
    }
    const typed = () => {
      if (stopped) return
      const now = Date.now()
      dirtySince ||= now
      clearTimeout(timer)
      timer = setTimeout(keep, Math.max(0, Math.min(quietMs, dirtySince + busyMs - now)))
    }
    const leaving = (event: SubmitEvent) => {
      const waiting = running ?? (dirtySince > 0 && event.target !== form && !stopped ? keep() : null)
      clearTimeout(timer)
      if (!waiting) return
      event.preventDefault()
      const { target, submitter } = event
      // a second press meanwhile waits for the same answer
      void waiting.then(() => (target as HTMLFormElement).requestSubmit(submitter as HTMLButtonElement | null))
    }
    const hidden = () => {
      if (document.visibilityState === 'hidden' && dirtySince > 0 && !stopped) void keep()
    }
    form.addEventListener('input', typed)
    document.addEventListener('submit', leaving, true)
    document.addEventListener('visibilitychange', hidden)
    return () => {
      clearTimeout(timer)
      form.removeEventListener('input', typed)
      document.removeEventListener('submit', leaving, true)
      document.removeEventListener('visibilitychange', hidden)
    }
  }, [to])

  return (
    <p className="hint" role="status" ref={place}>
      {said}
    </p>
  )
}
