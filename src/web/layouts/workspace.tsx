import type { ReactNode } from 'react'
import { Outlet, useLocation } from 'react-router'
import { signedIn } from '../ctx.ts'
import { type Area, areaOf, areaTitles, type NavGroup, navFor } from '../nav.ts'
import { paths } from '../paths.ts'
import { Icon } from '../ui/icon.tsx'
import type { Route } from './+types/workspace.ts'
import { ActingBar, DemoBar, DoneNotice, SignOut, SizeSwitch, useShell, Wordmark } from './frame.tsx'

export function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const area = areaOf(new URL(request.url).pathname) ?? 'office'
  return { area, nav: navFor(area, ctx.actor) }
}

export default function Workspace({ loaderData }: Route.ComponentProps) {
  return (
    <WorkspaceFrame {...loaderData}>
      <Outlet />
    </WorkspaceFrame>
  )
}

/** The frame around work: who you are on top, where you can go at the side, on a phone in a menu. */
export function WorkspaceFrame({ area, nav, children }: { area: Area; nav: NavGroup[]; children: ReactNode }) {
  const { pathname } = useLocation()
  const menu = <DeskNav nav={nav} pathname={pathname} />
  return (
    <>
      <header>
        <DemoBar />
        <ActingBar />
        <div className="desk-head">
          <div>
            <Wordmark sub={areaTitles[area]} href={paths[area]()} />
            <Who area={area} />
          </div>
        </div>
      </header>
      <div className="desk">
        <nav aria-label={areaTitles[area]}>
          <details>
            <summary>
              <Icon name="menu" />
              菜单
            </summary>
            {menu}
            <OtherPlaces area={area} />
          </details>
          {menu}
        </nav>
        <main id="main" tabIndex={-1}>
          <DoneNotice />
          {children}
        </main>
      </div>
    </>
  )
}

function Who({ area }: { area: Area }) {
  const user = useShell()?.user
  if (!user) return null
  return (
    <div className="who">
      <span>
        <a href={paths.account()}>
          <b>{user.name}</b>
        </a>
        <span className="soft">　{user.roles.join('、')}</span>
      </span>
      <span className="on-desk">
        <OtherPlaces area={area} />
      </span>
      <SizeSwitch />
      <SignOut />
    </div>
  )
}

/** Other workspaces of the same person, and the public pages: on top on a desk, in the menu on a phone. */
function OtherPlaces({ area }: { area: Area }) {
  const areas = useShell()?.user?.areas ?? []
  return (
    <ul className="other-places">
      {areas
        .filter((other) => other !== area)
        .map((other) => (
          <li key={other}>
            <a href={paths[other]()}>{areaTitles[other]}</a>
          </li>
        ))}
      <li>
        <a href={paths.home()}>门户首页</a>
      </li>
    </ul>
  )
}

function DeskNav({ nav, pathname }: { nav: NavGroup[]; pathname: string }) {
  const here = longestMatch(nav, pathname)
  return (
    <div className="desk-nav">
      {nav.map((group) => (
        <div key={group.items[0]?.href}>
          {group.title && <p className="group">{group.title}</p>}
          <ul>
            {group.items.map((item) => (
              <li key={item.href}>
                <a href={item.href} aria-current={item.href === here ? 'page' : undefined}>
                  <Icon name={item.icon} />
                  {item.label}
                  {item.count !== undefined && item.count > 0 && (
                    <span className="count">
                      {item.count}
                      <span className="sr-only">件待办</span>
                    </span>
                  )}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  )
}

/** `/office/claims/7` lights up `/office/claims`, not `/office`. */
function longestMatch(nav: NavGroup[], asked: string): string | undefined {
  // a paper and a package stand for themselves in the address and belong to a course
  const pathname = asked.replace(/^\/my\/(attempts|packages)\//, '/my/courses/')
  return nav
    .flatMap((group) => group.items.map((item) => item.href))
    .filter((href) => pathname === href || pathname.startsWith(`${href}/`))
    .sort((a, b) => b.length - a.length)[0]
}
