import { data } from 'react-router'
import { parseCode } from '#modules/assessment/certificate.rules.ts'
import { badgeJson, badgeJwt, credentialByCode } from '#modules/credentials/credential.queries.ts'
import { mediaTypes } from '#modules/credentials/credential.schema.ts'
import { issuerOf, signerOf } from '#modules/credentials/key.queries.ts'
import { publicAnswer, wantsJwt } from '../../credentials/answer.ts'
import { current, fail } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import type { Route } from './+types/copy.ts'

/** The credential without the name, for whoever has the code from the paper. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const code = parseCode(params.code)
  if (!code) throw data(null, 404)
  const issuer = issuerOf(ctx, siteOrigin(request))
  const found = await credentialByCode(ctx.db, code).catch(fail(request))
  const signer = await signerOf(ctx).catch(fail(request))
  return wantsJwt(request)
    ? publicAnswer(badgeJwt(signer, issuer, found, null), mediaTypes.jwt, 60)
    : publicAnswer(await badgeJson(signer, issuer, found, null), mediaTypes.vc, 60)
}
