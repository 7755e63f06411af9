import { badgeJson, badgeJwt, holderName, ownCredential } from '#modules/credentials/credential.queries.ts'
import { mediaTypes } from '#modules/credentials/credential.schema.ts'
import { issuerOf, signerOf } from '#modules/credentials/key.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import { paperAnswer } from '../../paper.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/credential.ts'

/** The holder's own copy of the digital certificate, with the name: `.json` with a proof, `.jwt` as a JWT. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context })
  const found = await ownCredential(ctx, isId(params.id)).catch(fail(request))
  const signer = await signerOf(ctx).catch(fail(request))
  const issuer = issuerOf(ctx, siteOrigin(request))
  const name = holderName(ctx, found)
  const file = `数字证书-${found.number ?? found.id}`
  return new URL(request.url).pathname.endsWith('.jwt')
    ? paperAnswer({ name: `${file}.jwt`, bytes: bytes(badgeJwt(signer, issuer, found, name)) }, mediaTypes.jwt)
    : paperAnswer(
        { name: `${file}.json`, bytes: bytes(JSON.stringify(await badgeJson(signer, issuer, found, name), null, 2)) },
        mediaTypes.vc,
      )
}

const bytes = (text: string) => new TextEncoder().encode(text)
