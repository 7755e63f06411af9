import { useEffect } from 'react'
import { useRevalidator } from 'react-router'
import { roomCode, witnessList } from '#modules/training/attendance.queries.ts'
import { sessionPage } from '#modules/training/session.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import type { Handle } from '../../handle.ts'
import { siteOrigin } from '../../origin.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { areaAt } from '../../training/desk.ts'
import { instantText } from '../../ui/format.ts'
import { Qr } from '../../ui/qr.tsx'
import { qrPath } from '../../ui/qr-svg.ts'
import type { Route } from './+types/room-code.ts'

export const meta = () => title('签到码')

/** The code changes by itself; without script the page reloads instead. */
export const handle = { script: true } satisfies Handle

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'session.run')
  const sessionId = isId(params.sessionId)
  const session = await sessionPage(ctx, sessionId).catch(fail(request))
  const { code, secondsLeft } = await roomCode(ctx, sessionId).catch(fail(request))
  const people = await witnessList(ctx.db, sessionId)
  const scanned = people.filter((row) => row.marks.some((mark) => mark.kind === 'room-code' && !mark.voided)).length
  return {
    back: paths.session(areaAt(request), sessionId),
    title: session.title,
    classTitle: session.class.title,
    room: session.room ?? '线上',
    from: session.from,
    to: session.to,
    code,
    secondsLeft,
    qr: qrPath(`${siteOrigin(request)}${paths.checkIn(sessionId, { c: code })}`),
    address: `${siteOrigin(request)}${paths.checkIn(sessionId)}`,
    scanned,
    people: people.filter((row) => row.state !== 'withdrawn').length,
  }
}

export default function RoomCode({ loaderData }: Route.ComponentProps) {
  const { code, secondsLeft, qr, scanned, people } = loaderData
  const { revalidate } = useRevalidator()
  useEffect(() => {
    // A moment after the change, and at least every ten seconds for the count; a failed try is tried again.
    const timer = setInterval(() => void revalidate(), Math.min(secondsLeft, 10) * 1000 + 200)
    return () => clearInterval(timer)
  }, [secondsLeft, revalidate])
  return (
    <div className="room-code">
      <noscript>
        <meta httpEquiv="refresh" content={String(secondsLeft + 1)} />
      </noscript>
      <h1>{loaderData.classTitle}</h1>
      <p>
        {loaderData.title}　{loaderData.room}　{instantText(loaderData.from)}至{instantText(loaderData.to).slice(-5)}
      </p>
      <Qr code={qr} label="用手机扫码签到" />
      <p className="room-code-letters">
        <span className="sr-only">签到码：</span>
        {code.slice(0, 4)} {code.slice(4)}
      </p>
      <p>
        扫不了的，打开 <span className="wrap-any">{loaderData.address}</span>{' '}
        输入上面八位签到码；没有手机的，请教师确认，效力相同。
      </p>
      <p className="room-code-count" role="status">
        已签到 <b>{scanned}</b> / {people} 人
      </p>
      <p>
        <a href={loaderData.back}>返回名单</a>
      </p>
    </div>
  )
}
