import { Links, Meta, Outlet, Scripts, useMatches } from 'react-router'
import { wantsScript } from '#web/handle.ts'
import styles from './app.css?url'

export function Layout({ children }: { children: React.ReactNode }) {
  const matches = useMatches()
  return (
    <html lang="zh-CN">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="stylesheet" href={styles} />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        {wantsScript(matches) && <Scripts />}
      </body>
    </html>
  )
}

export default function Root() {
  return <Outlet />
}
