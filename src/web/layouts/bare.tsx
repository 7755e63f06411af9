import { Outlet } from 'react-router'
import { paths } from '../paths.ts'
import { ActingBar, DemoBar, Wordmark } from './frame.tsx'

/** Almost nothing around the page: for a phone in a corridor. */
export default function Bare() {
  return (
    <>
      <header>
        <DemoBar />
        <ActingBar />
        <div className="masthead">
          <div className="page">
            <Wordmark sub="课堂签到" href={paths.home()} />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </>
  )
}
