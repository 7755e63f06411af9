import type { ReactNode } from 'react'
import { Outlet, useLocation } from 'react-router'
import { areaTitles, portalNav } from '../nav.ts'
import { paths } from '../paths.ts'
import { site } from '../site.ts'
import { Icon } from '../ui/icon.tsx'
import { ActingBar, DemoBar, DoneNotice, SignOut, SizeSwitch, useShell, Wordmark } from './frame.tsx'

export default function Portal() {
  return (
    <PortalFrame>
      <Outlet />
    </PortalFrame>
  )
}

/** The public face. `PageBody` inside it sets the width; a hero may come before. */
export function PortalFrame({ children }: { children: ReactNode }) {
  const { pathname } = useLocation()
  return (
    <>
      <header>
        <DemoBar />
        <ActingBar />
        <UtilityBar />
        <div className="masthead">
          <div className="page">
            <Wordmark sub="技能培训、补贴、证书一处办" href={paths.home()} />
            {!searchesItself.has(pathname) && <SiteSearch />}
          </div>
        </div>
      </header>
      <nav className="main-nav" aria-label="主要栏目">
        <div className="page">
          <ul>
            {portalNav.map((item) => (
              <li key={item.href}>
                <a href={item.href} aria-current={isHere(item.href, pathname) ? 'page' : undefined}>
                  {item.label}
                </a>
              </li>
            ))}
          </ul>
        </div>
      </nav>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <PortalFooter />
    </>
  )
}

/** Pages with a search box of their own. */
const searchesItself = new Set(['/', '/classes', '/search'])

export const isHere = (href: string, pathname: string) =>
  href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`)

/** The ordinary width of a public page, with the notice of what was just done. */
export function PageBody({ children }: { children: ReactNode }) {
  return (
    <div className="page portal-main">
      <DoneNotice />
      {children}
    </div>
  )
}

export function SiteSearch({ id = 'q', value }: { id?: string; value?: string }) {
  return (
    <search className="contents">
      <form className="site-search" action={paths.search()} method="get">
        <label htmlFor={id} className="sr-only">
          搜培训、线上课程、政策、公示
        </label>
        <input
          id={id}
          name="q"
          type="search"
          defaultValue={value}
          placeholder="搜培训、课程、政策、公示"
          autoComplete="off"
        />
        <button type="submit">
          <Icon name="search" />
          搜索
        </button>
      </form>
    </search>
  )
}

function UtilityBar() {
  const user = useShell()?.user
  return (
    <div className="util-bar">
      <div className="page">
        <p>
          {site.sponsor}主办　咨询电话 {site.phoneShown}
        </p>
        <ul>
          <li>
            <SizeSwitch />
          </li>
          <li>
            <a href={paths.accessibility()}>无障碍说明</a>
          </li>
          {user?.areas.map((area) => (
            <li key={area}>
              <a href={paths[area]()}>{areaTitles[area]}</a>
            </li>
          ))}
          {user && (
            <li>
              <a href={paths.account()}>我的账号</a>
            </li>
          )}
          <li>
            {user ? (
              <SignOut />
            ) : (
              <a href={paths.signIn()}>
                <Icon name="person" />
                登录
              </a>
            )}
          </li>
        </ul>
      </div>
    </div>
  )
}

function PortalFooter() {
  return (
    <footer className="site-footer">
      <div className="page">
        <div>
          <p>主办：{site.sponsor}</p>
          <p className="mt-2">咨询电话（工作日）</p>
          <p>
            <a className="phone" href={`tel:${site.phone}`}>
              {site.phoneShown}
            </a>
          </p>
        </div>
        <div>
          <ul>
            <li>
              <a href={paths.policies()}>政策原文</a>
            </li>
            <li>
              <a href={paths.accessibility()}>无障碍说明</a>
            </li>
            <li>
              <a href={paths.preferences()}>适老模式与显示设置</a>
            </li>
            <li>
              <a href={paths.providers()}>已备案机构名单</a>
            </li>
            <li>
              <a href={paths.reportProblem()}>举报与投诉</a>
            </li>
          </ul>
          <p className="mt-3">
            参加补贴培训不收取任何“包过”“免考”费用。遇到索要验证码、银行卡密码的，请直接拨打上面的电话核实。
          </p>
        </div>
      </div>
    </footer>
  )
}
