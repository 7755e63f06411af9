import { claimEndpoints } from './claims.ts'
import type { Endpoint } from './endpoint.ts'
import { organisationEndpoints } from './organisation.ts'
import { publicEndpoints } from './public.ts'
import { publicityEndpoints } from './publicity.ts'
import { rosterEndpoints } from './roster.ts'
import { scoreEndpoints } from './scores.ts'
import { sessionEndpoints } from './sessions.ts'

/** Everything the API answers, in the order of the document. */
export const endpoints: readonly Endpoint[] = [
  ...publicEndpoints,
  ...publicityEndpoints,
  ...organisationEndpoints,
  ...rosterEndpoints,
  ...sessionEndpoints,
  ...scoreEndpoints,
  ...claimEndpoints,
]
