import { data } from 'react-router'
import { signedStatus } from '#modules/credentials/credential.queries.ts'
import { mediaTypes } from '#modules/credentials/credential.schema.ts'
import { issuerOf } from '#modules/credentials/key.queries.ts'
import { publicAnswer, wantsJwt } from '../../credentials/answer.ts'
import { current, fail } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import type { Route } from './+types/status.ts'

/** A status list as a signed credential; as a JWT for whoever asks for `application/vc+jwt`. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  if (!/^[1-9]\d{0,5}$/.test(params.list)) throw data(null, 404)
  const list = await signedStatus(ctx, issuerOf(ctx, siteOrigin(request)), Number(params.list)).catch(fail(request))
  return wantsJwt(request)
    ? publicAnswer(list.jwt(), mediaTypes.jwt, 60)
    : publicAnswer(await list.json(), mediaTypes.vc, 60)
}
