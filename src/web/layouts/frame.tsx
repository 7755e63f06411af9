import { useLocation, useRouteLoaderData } from 'react-router'
import { doneTexts } from '../done.ts'
import { paths } from '../paths.ts'
import type { Shell } from '../shell.ts'
import { site } from '../site.ts'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'

/** The shell's data; absent only when making it was what failed. */
export const useShell = () => useRouteLoaderData<Shell>('root')

/** A pearl over three waves of the river: 海珠. */
export function Wordmark({ sub, href }: { sub: string; href: string }) {
  return (
    <a className="wordmark" href={href}>
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <circle cx="24" cy="24" r="22.5" fill="none" stroke="#0b5468" strokeWidth="2" />
        <circle cx="24" cy="16" r="6.5" fill="#c8201a" />
        <g fill="none" stroke="#0b5468" strokeWidth="2.5" strokeLinecap="round">
          <path d="M8 28c4-3.5 7-3.5 10.7 0s7 3.5 10.6 0 7-3.5 10.7 0" />
          <path d="M10.5 34.5c3.5-3 6-3 9 0s6 3 9 0 6-3 9 0" />
          <path d="M16 40.5c2.5-2 4-2 6 0s4 2 6 0 3-2 4-1.5" />
        </g>
      </svg>
      <span>
        <strong>{site.name}</strong>
        <span>{sub}</span>
      </span>
    </a>
  )
}

export function DemoBar() {
  const demo = useShell()?.demo
  if (!demo) return null
  return (
    <div className="demo-bar" role="note">
      <div className="page">
        <Icon name="info" />
        <span>
          <b>演示环境</b>　{demo}
        </span>
      </div>
    </div>
  )
}

/** A clerk at a window is doing somebody else's business: said on every page, with the way out. */
export function ActingBar() {
  if (!useShell()?.user?.actingFor) return null
  return (
    <div className="acting-bar" role="note">
      <div className="page">
        <Icon name="people" /> <b>代办中。</b>您正经本人同意替他人办理，每一步都记在您名下。
        <a href={paths.officeAssist()}>办完了，去结束帮办</a>
      </div>
    </div>
  )
}

/** Says what was just done, after the redirect that follows a write. */
export function DoneNotice() {
  const { search } = useLocation()
  const text = doneTexts[new URLSearchParams(search).get('done') ?? '']
  return text ? (
    <div className="mb-5">
      <Notice tone="good" live title={text} />
    </div>
  ) : null
}

/** 适老模式 and back, as a plain link that returns to this page. */
export function SizeSwitch() {
  const { pathname, search } = useLocation()
  const large = useShell()?.preferences.size === 'large'
  return (
    <a href={paths.preferences({ size: large ? 'normal' : 'large', next: pathname + search })}>
      <Icon name="eye" />
      {large ? '退出适老模式' : '适老模式'}
    </a>
  )
}

export function SignOut() {
  return (
    <form method="post" action={paths.signOut()}>
      <button type="submit">退出登录</button>
    </form>
  )
}
