import { ownContext } from '#modules/credentials/credential.rules.ts'
import { mediaTypes } from '#modules/credentials/credential.schema.ts'
import { publicAnswer } from '../../credentials/answer.ts'
import { siteOrigin } from '../../origin.ts'
import type { Route } from './+types/context.ts'

/** The JSON-LD context of our own terms. */
export const loader = ({ request }: Route.LoaderArgs) =>
  publicAnswer(ownContext(siteOrigin(request)), mediaTypes.ld, 86_400)
