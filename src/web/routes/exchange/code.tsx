import { useEffect } from 'react'
import { useRevalidator } from 'react-router'
import { offerCode } from '#modules/exchange/sign-in.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { span } from '../../exchange/parts.tsx'
import type { Handle } from '../../handle.ts'
import { siteOrigin } from '../../origin.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Qr } from '../../ui/qr.tsx'
import { qrPath } from '../../ui/qr-svg.ts'
import type { Route } from './+types/code.ts'

export const meta = () => title('公益课签到码')

/** The code changes by itself; without script the page reloads instead. */
export const handle = { script: true } satisfies Handle

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const id = isId(params.id)
  const found = await offerCode(ctx, id).catch(fail(request))
  const { offer, code, open, earlyMinutes, secondsLeft, seats } = found
  return {
    ...{ code, open, earlyMinutes, secondsLeft, seats },
    subject: offer.subject,
    where: `${offer.online ? '线上' : offer.place}　${span(offer)}`,
    signedIn: offer.signedIn,
    qr: qrPath(`${siteOrigin(request)}${paths.sharingSignIn(id, { c: code })}`),
    address: `${siteOrigin(request)}${paths.sharingSignIn(id)}`,
    list: paths.sharingList(id),
  }
}

export default function Code({ loaderData }: Route.ComponentProps) {
  const { code, open, earlyMinutes, secondsLeft, qr, signedIn, seats } = loaderData
  const { revalidate } = useRevalidator()
  useEffect(() => {
    const timer = setInterval(() => void revalidate(), Math.min(secondsLeft, 10) * 1000 + 200)
    return () => clearInterval(timer)
  }, [secondsLeft, revalidate])
  return (
    <div className="room-code">
      <noscript>
        <meta httpEquiv="refresh" content={String(secondsLeft + 1)} />
      </noscript>
      <h1>{loaderData.subject}</h1>
      <p>{loaderData.where}</p>
      {open ? (
        <>
          <Qr code={qr} label="用手机扫码签到" />
          <p className="room-code-letters">
            <span className="sr-only">签到码：</span>
            {code.slice(0, 4)} {code.slice(4)}
          </p>
          <p>
            扫不了的，打开 <span className="wrap-any">{loaderData.address}</span> 输入上面八位签到码；没有手机的，签
            <a href={loaderData.list}>纸质签到表</a>。
          </p>
        </>
      ) : (
        <p>现在不能签到：开始前 {earlyMinutes} 分钟到结束前可以签到。</p>
      )}
      <p className="room-code-count" role="status">
        已签到 <b>{signedIn}</b> / 预约 {seats} 人
      </p>
    </div>
  )
}
