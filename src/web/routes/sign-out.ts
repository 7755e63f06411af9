import { redirect } from 'react-router'
import { endSession } from '#modules/access/session.commands.ts'
import { sessionCookie } from '#platform/session.ts'
import { current, isFault } from '../ctx.ts'
import { done, paths } from '../paths.ts'
import type { Route } from './+types/sign-out.ts'

export const loader = () => redirect(paths.home())

/** Ends the session here and in the database. Pressed twice, it still ends on the home page. */
export async function action({ context }: Route.ActionArgs) {
  const { ctx, session, sessions } = context.get(current)
  if (session) {
    await endSession(ctx, { sessionId: session.id }).catch((error) => {
      if (!isFault(error)) throw error
    })
  }
  return redirect(done(paths.home(), 'signed-out'), { headers: { 'set-cookie': sessionCookie(sessions, null) } })
}
