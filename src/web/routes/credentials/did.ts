import { mediaTypes } from '#modules/credentials/credential.schema.ts'
import { publishedDid } from '#modules/credentials/key.queries.ts'
import { publicAnswer } from '../../credentials/answer.ts'
import { current, fail } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import type { Route } from './+types/did.ts'

/** The DID document of did:web: the keys that everybody verifies with. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  return publicAnswer(await publishedDid(ctx.db, siteOrigin(request)).catch(fail(request)), mediaTypes.did, 300)
}
