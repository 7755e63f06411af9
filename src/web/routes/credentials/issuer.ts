import { badgeContext, issuerProfile } from '#modules/credentials/credential.rules.ts'
import { mediaTypes } from '#modules/credentials/credential.schema.ts'
import { issuerOf } from '#modules/credentials/key.queries.ts'
import { publicAnswer } from '../../credentials/answer.ts'
import { current } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import type { Route } from './+types/issuer.ts'

/** The issuer as a Profile of Open Badges. */
export function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const profile = issuerProfile(issuerOf(ctx, siteOrigin(request)))
  return publicAnswer({ '@context': [badgeContext], ...profile }, mediaTypes.ld, 3600)
}
