import { redirect } from 'react-router'
import { signedIn } from '../ctx.ts'
import { areasOf } from '../nav.ts'
import { localPath, paths } from '../paths.ts'
import type { Route } from './+types/welcome.ts'

/** Where everybody goes after signing in: first what must be done first, then where they wanted to go. */
export function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, session } = signedIn({ request, context })
  const next = localPath(new URL(request.url).searchParams.get('next'))
  if (session?.mustChangePassword) return redirect(paths.accountPassword())
  if (session?.kind === 'official' && !session.secondFactorEnrolled) return redirect(paths.accountFactor())
  if (!ctx.actor.personId && ctx.actor.holdings.length === 0) return redirect(paths.identity(next))
  if (next !== '/') return redirect(next)
  const areas = areasOf(ctx.actor).filter((area) => area !== 'my' || ctx.actor.holdings.length === 0)
  const [only] = areas
  const several = areas.length !== 1 || (session?.organisationIds.length ?? 0) > 1
  return redirect(several || !only ? paths.account() : paths[only]())
}
