import { useCallback, useEffect, useRef, useState } from 'react'
import { type Verdict, verifyGiven } from '#modules/credentials/verify.rules.ts'
import { type Kept, keepPage, readKept, refreshKept } from '../credentials/offline-store.ts'
import { hasCamera, readPicture, watchCamera } from '../credentials/scan.ts'
import { VerdictView } from '../credentials/verdict.tsx'
import type { Handle } from '../handle.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { Actions, DisabledButton } from '../ui/button.tsx'
import { instantText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Section } from '../ui/section.tsx'

export const meta = () => title('离线查验')

/** Signatures are checked in the browser, without a network; that takes script. */
export const handle = { script: true } satisfies Handle

export default function VerifyOffline() {
  const [kept, setKept] = useState<Kept | null>(null)
  const [storage, setStorage] = useState<'busy' | 'good' | 'offline' | 'page-not-kept'>('busy')
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const newest = useRef<Kept | null>(null)

  const refresh = useCallback(async () => {
    setStorage('busy')
    newest.current ??= readKept()
    setKept(newest.current)
    try {
      newest.current = await refreshKept(AbortSignal.timeout(5000))
      setKept(newest.current)
      setStorage((await keepPage().catch(() => false)) ? 'good' : 'page-not-kept')
    } catch {
      setStorage('offline')
    }
  }, [])
  const check = useCallback(async (text: string) => {
    const known = newest.current
    if (known && text.trim()) setVerdict(await verifyGiven(text, known, new Date(Date.now() + known.skewMs)))
  }, [])

  useEffect(() => {
    const fromAddress = () => (location.hash.length > 1 ? check(location.hash.slice(1)) : undefined)
    void refresh().then(fromAddress)
    addEventListener('hashchange', fromAddress)
    return () => removeEventListener('hashchange', fromAddress)
  }, [refresh, check])

  return (
    <PageBody>
      <PageHeader
        title="离线查验"
        lead="联网打开过一次以后，没有网络也能查验数字证书。证书内容只在您的手机或电脑里核对，不会上传。"
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '查证书', href: paths.verifyCertificate() },
        ]}
      />
      <div className="stack">
        <noscript>
          <Notice tone="warn" title="离线查验要用到浏览器的脚本功能">
            <p>
              您的浏览器关闭了脚本。请打开后重试，或者<a href={paths.verifyCertificate()}>联网查验</a>。
            </p>
          </Notice>
        </noscript>
        <div aria-live="polite">{verdict && <VerdictView verdict={verdict} />}</div>
        <Inputs ready={kept !== null} check={check} />
        <Section title="离线资料">
          <Storage {...{ kept, storage, refresh }} />
        </Section>
      </div>
    </PageBody>
  )
}

function Inputs({ ready, check }: { ready: boolean; check: (text: string) => Promise<void> }) {
  const [text, setText] = useState('')
  const [note, setNote] = useState('')
  const fromPicture = async (file: File | undefined) => {
    if (!file) return
    setNote('正在读取')
    const isText = /^(text|application)\//.test(file.type) || /\.(json|jwt|txt)$/i.test(file.name)
    const found = isText ? await file.text() : await readPicture(file)
    setNote(found === null ? '图片里没有读到二维码。请让二维码占满画面、保持平整，再拍一张。' : '已读取')
    if (found !== null) await check(found)
  }
  return (
    <Section title="扫码、选文件或粘贴">
      {ready ? (
        <div className="stack">
          <Camera found={check} />
          <div className="field">
            <label htmlFor="picture">二维码图片或数字证书文件</label>
            <p className="hint" id="picture-hint">
              “数字签名页”的照片、截图，或者下载的 .json、.jwt 文件
            </p>
            <input
              className="file-input middle"
              type="file"
              id="picture"
              aria-describedby="picture-hint"
              accept="image/*,.json,.jwt,.txt"
              onChange={(event) => void fromPicture(event.target.files?.[0])}
            />
            <p role="status">{note}</p>
          </div>
          <form
            className="form"
            onSubmit={(event) => {
              event.preventDefault()
              void check(text)
            }}
          >
            <div className="field">
              <label htmlFor="pasted">粘贴数字证书或扫码得到的文字</label>
              <textarea
                className="textarea"
                id="pasted"
                rows={5}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            </div>
            <button type="submit" className="btn btn-primary">
              查验
            </button>
          </form>
        </div>
      ) : (
        <DisabledButton reason="还没有离线资料。请联网打开这一页一次。">查验</DisabledButton>
      )}
    </Section>
  )
}

function Camera({ found }: { found: (text: string) => Promise<void> }) {
  const video = useRef<HTMLVideoElement>(null)
  const stop = useRef<(() => void) | null>(null)
  const [state, setState] = useState<'off' | 'on' | 'refused'>('off')
  useEffect(() => () => stop.current?.(), [])
  if (!hasCamera()) return <p className="soft">这个浏览器不能直接打开摄像头，请拍照后选图片。</p>
  const start = async () => {
    setState('on')
    try {
      if (!video.current) return
      stop.current = await watchCamera(video.current, (text) => {
        setState('off')
        void found(text)
      })
    } catch {
      setState('refused')
    }
  }
  return (
    <div>
      <video ref={video} className="scan-video" hidden={state !== 'on'} muted playsInline aria-label="摄像头画面" />
      <Actions>
        {state === 'on' ? (
          <button
            type="button"
            className="btn"
            onClick={() => {
              stop.current?.()
              setState('off')
            }}
          >
            停止扫码
          </button>
        ) : (
          <button type="button" className="btn" onClick={() => void start()}>
            打开摄像头扫码
          </button>
        )}
      </Actions>
      {state === 'refused' && <p role="alert">没有打开摄像头。请在浏览器里允许使用，或者拍照后选图片。</p>}
    </div>
  )
}

const storageWords = {
  busy: '正在更新离线资料',
  good: '离线资料已更新，这一页没有网络也能打开。',
  offline: '现在没有网络，用的是上次保存的资料。',
  'page-not-kept': '离线资料已更新；这个浏览器不能保存页面，没有网络时请不要关闭这一页。',
}

function Storage(props: { kept: Kept | null; storage: keyof typeof storageWords; refresh: () => Promise<void> }) {
  const { kept, storage } = props
  return (
    <div className="stack">
      <p role="status">
        {kept || storage === 'busy' ? storageWords[storage] : '现在没有网络，也没有保存过资料。请联网打开一次。'}
        {kept?.statusAt && `撤销名单截至 ${instantText(new Date(kept.statusAt))}。`}
      </p>
      <Actions>
        <button type="button" className="btn" onClick={() => void props.refresh()}>
          更新离线资料
        </button>
      </Actions>
    </div>
  )
}
