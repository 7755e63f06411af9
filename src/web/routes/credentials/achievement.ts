import { data } from 'react-router'
import { achievement } from '#modules/credentials/credential.queries.ts'
import { credentialKinds, mediaTypes } from '#modules/credentials/credential.schema.ts'
import { issuerOf } from '#modules/credentials/key.queries.ts'
import { publicAnswer } from '../../credentials/answer.ts'
import { current, fail } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/achievement.ts'

/** What a class or a course of the library leads to. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  if (!Object.hasOwn(credentialKinds, params.kind)) throw data(null, 404)
  const kind = params.kind as keyof typeof credentialKinds
  const issuer = issuerOf(ctx, siteOrigin(request))
  const found = await achievement(ctx.db, issuer, kind, isId(params.id)).catch(fail(request))
  return publicAnswer(found, mediaTypes.ld, 3600)
}
