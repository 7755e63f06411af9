import { redirect } from 'react-router'
import { openTrip, partnerById, partnerCookie, subjectFrom } from '#modules/access/partner.queries.ts'
import { finishTrip } from '#modules/access/partner-trip.commands.ts'
import { AppError } from '#platform/errors.ts'
import { takeTurn } from '#platform/limits.ts'
import { cookieOf, sessionCookie } from '#platform/session.ts'
import { current } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import { done, paths } from '../../paths.ts'
import type { Route } from './+types/partner-callback.ts'

/** Back from an organisation's own sign-in. Whatever is wrong is told on the page it began at, as a code and no more. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, address, sessions } = context.get(current)
  const asked = new URL(request.url).searchParams
  try {
    await takeTurn(ctx.db, `partner:${ctx.crypto.blindIndex(address, 'address')}`, { tries: 60, seconds: 600 })
    const state = asked.get('state') ?? ''
    const trip = await openTrip(ctx.db, state, cookieOf(request, partnerCookie) ?? '')
    if (!trip || asked.get('error')) return failed('partner-failed')
    const partner = await partnerById(ctx.db, trip.providerId)
    const iss = asked.get('iss')
    if (partner.state !== 'active' || (iss !== null && iss !== partner.issuer)) return failed('partner-failed')
    const redirectUri = `${siteOrigin(request)}${paths.partnerCallback()}`
    const subject = await subjectFrom(ctx, partner, trip, { code: asked.get('code') ?? '', redirectUri })
    const { token } = await finishTrip(ctx, {
      providerId: partner.id,
      state,
      subject,
      address,
      agent: (request.headers.get('user-agent') ?? '').slice(0, 400),
    })
    if (token === null) return redirect(done(paths.accountLinks(), 'partner-linked'))
    return redirect(paths.welcome(), { headers: { 'set-cookie': sessionCookie(sessions, token) } })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return failed(error.fault.kind === 'refused' ? error.fault.refusal.reason : 'partner-failed')
  }
}

const failed = (reason: string) => redirect(`${paths.partnerSignIn()}?${new URLSearchParams({ error: reason })}`)
