import { mediaTypes } from '#modules/credentials/credential.schema.ts'
import { issuerOf } from '#modules/credentials/key.queries.ts'
import { presentation } from '#modules/credentials/share.queries.ts'
import { passportBy } from '../credentials/passport.ts'
import { current, fail } from '../ctx.ts'
import { siteOrigin } from '../origin.ts'
import type { Route } from './+types/passport-presentation.ts'

/** What the link shows, as a Verifiable Presentation. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const here = context.get(current)
  const shown = await passportBy(here, params.token).catch(fail(request))
  const made = await presentation(here.ctx, issuerOf(here.ctx, siteOrigin(request)), shown).catch(fail(request))
  return new Response(JSON.stringify(made), {
    headers: {
      'content-type': mediaTypes.vp,
      'cache-control': 'private, no-store',
      'x-robots-tag': 'noindex, nofollow',
      'access-control-allow-origin': '*',
    },
  })
}
