import { type RefObject, useEffect, useRef, useState } from 'react'
import { SignaturePad } from './signature-pad.tsx'
import { dropVisit, dropVisitPage, type KeptVisit, keepVisit, keepVisitPage, keptVisit } from './visit-store.ts'

const againMs = 15_000
const quietMs = 400

/**
 * Stands inside the form of a visit. Keeps it on the phone while it is filled in, and sends it when there is a network; the
 * form alone does the same where there is one and no script.
 */
export function VisitKeeper({ id, page, done }: { id: string; page: string; done: string }) {
  const place = useRef<HTMLDivElement>(null)
  const drawn = useRef(new Map<string, Blob>())
  const keep = useRef<(() => void) | null>(null)
  const [said, setSaid] = useState('')
  const [scripted, setScripted] = useState(false)

  useEffect(() => {
    const form = place.current?.closest('form')
    if (!form) return
    setScripted(true)
    return watch({ form, id, page, done, drawn, say: setSaid, keep })
  }, [id, page, done])

  const signed = (name: string) => (picture: Blob | null) => {
    if (picture) drawn.current.set(name, picture)
    else drawn.current.delete(name)
    keep.current?.()
  }
  return (
    <div ref={place}>
      {scripted && (
        <>
          <SignaturePad label="填写人签名" drawn={signed('signature')} />
          <SignaturePad label="一同核查人签名" drawn={signed('companion-signature')} />
        </>
      )}
      <p role="status">{said}</p>
    </div>
  )
}

type Watched = {
  form: HTMLFormElement
  id: string
  page: string
  done: string
  drawn: RefObject<Map<string, Blob>>
  say(words: string): void
  keep: RefObject<(() => void) | null>
}

function watch({ form, id, page, done, drawn, say, keep }: Watched): () => void {
  let ready = false
  let sending = false
  const snapshot = (): KeptVisit => {
    const given = new FormData(form)
    const fields: Record<string, string> = {}
    const files: KeptVisit['files'] = []
    for (const [name, value] of given) {
      if (typeof value === 'string') fields[name] = value
      else if (value.size > 0) files.push({ name, file: value, fileName: value.name })
    }
    for (const [name, file] of drawn.current) files.push({ name, file, fileName: `${name}.png` })
    return { fields, files, ready }
  }
  /** A phone restarted has no photos in its boxes; those kept before stay until others are chosen. */
  const keepNow = async () => {
    const now = snapshot()
    const before = await keptVisit(id)
    const again = before?.files.filter((one) => !now.files.some((other) => other.name === one.name)) ?? []
    const whole = { ...now, files: [...now.files, ...again] }
    await keepVisit(id, whole)
    return whole
  }
  const send = async (visit: KeptVisit) => {
    if (sending) return
    sending = true
    try {
      const body = new FormData()
      for (const [name, value] of Object.entries(visit.fields)) body.append(name, value)
      for (const one of visit.files) body.append(one.name, one.file, one.fileName)
      const answer = await fetch(`${page}/send`, { method: 'POST', body, headers: { accept: 'application/json' } })
      const told = (await answer.json()) as { sent?: boolean; message?: string }
      if (told.sent) {
        await dropVisit(id)
        await dropVisitPage(page)
        location.assign(done)
        return
      }
      ready = false
      await keepVisit(id, { ...visit, ready: false })
      say(told.message ?? '没有发出去，请检查后再提交。')
    } catch {
      say('现在没有网络。核查记录已经存在这部手机里，有网络时自动发送，请不要清除浏览器数据。')
    } finally {
      sending = false
    }
  }
  const trySend = () => {
    if (ready) void keptVisit(id).then((visit) => visit && send(visit))
  }
  const submitted = (event: SubmitEvent) => {
    event.preventDefault()
    ready = true
    void keepNow().then(send)
  }
  const changed = () => void keepNow().then(() => say('已存在这部手机里。'))
  keep.current = changed
  const restored = keptVisit(id).then((visit) => {
    if (!visit) return false
    for (const [name, value] of Object.entries(visit.fields)) put(form, name, value)
    ready = visit.ready
    say(ready ? '正在发送存在手机里的核查记录。' : '已恢复存在这部手机里的内容。')
    trySend()
    return true
  })
  // what was brought back is the greater news
  void Promise.all([restored, keepVisitPage(page)]).then(
    ([had, kept]) => !had && kept && say('这一页没有网络也能打开。'),
  )
  let pause: ReturnType<typeof setTimeout> | undefined
  // a phone may go dark in the middle of a sentence
  const typing = () => {
    clearTimeout(pause)
    pause = setTimeout(changed, quietMs)
  }
  form.addEventListener('change', changed)
  form.addEventListener('input', typing)
  form.addEventListener('submit', submitted)
  addEventListener('online', trySend)
  const timer = setInterval(trySend, againMs)
  return () => {
    keep.current = null
    clearTimeout(pause)
    form.removeEventListener('change', changed)
    form.removeEventListener('input', typing)
    form.removeEventListener('submit', submitted)
    removeEventListener('online', trySend)
    clearInterval(timer)
  }
}

function put(form: HTMLFormElement, name: string, value: string): void {
  const box = form.elements.namedItem(name)
  // the key goes along: what was sent already must not be sent as something new
  if (name === 'clientKey' && box instanceof HTMLInputElement) box.value = value
  else if (box instanceof RadioNodeList) box.value = value
  else if (box instanceof HTMLTextAreaElement) box.value = value
  else if (box instanceof HTMLInputElement && box.type !== 'file' && box.type !== 'hidden') box.value = value
}
