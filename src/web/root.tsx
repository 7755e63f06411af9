import type { ReactNode } from 'react'
import { Links, Meta, Outlet, Scripts, useMatches, useRouteLoaderData } from 'react-router'
import type { Route } from './+types/root.ts'
import styles from './app.css?url'
import { current } from './ctx.ts'
import { wantsScript } from './handle.ts'
import { ErrorPage } from './layouts/error-page.tsx'
import { type Shell, shellOf } from './shell.ts'
import { siteMeta } from './site.ts'

export const loader = ({ request, context }: Route.LoaderArgs) => shellOf(request, context.get(current))

export function Layout({ children }: { children: ReactNode }) {
  const matches = useMatches()
  const shell = useRouteLoaderData<Shell>('root')
  const { size, contrast } = shell?.preferences ?? { size: 'normal', contrast: 'normal' }
  return (
    <html
      lang="zh-CN"
      data-size={size === 'normal' ? undefined : size}
      data-contrast={contrast === 'normal' ? undefined : contrast}
    >
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href="/emblem.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={styles} />
        {wantsScript(matches) && <meta name="site" content={siteMeta()} />}
        <Meta />
        <Links />
      </head>
      <body>
        <a className="skip" href="#main">
          跳到正文
        </a>
        {children}
        {/* On the server the nonce comes from `ServerRouter`; a browser shows it to script as empty. */}
        {wantsScript(matches) && (typeof document === 'undefined' ? <Scripts /> : <Scripts nonce="" />)}
      </body>
    </html>
  )
}

export default function Root() {
  return <Outlet />
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return <ErrorPage error={error} />
}
