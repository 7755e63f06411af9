import { redirect } from 'react-router'
import type { Permission } from '#platform/permissions.ts'
import { type Current, type current, signedIn } from './ctx.ts'
import { paths } from './paths.ts'

type Args = { request: Request; context: { get(key: typeof current): Current } }

/** The start of an organisation's own page: which one this session acts for, and in which workspace its pages stand. */
export function ownOrganisation(args: Args, permission: Permission) {
  const found = signedIn(args, permission)
  const holding = found.ctx.actor.holdings.find((h) => h.organisationId)
  if (!holding?.organisationId) throw redirect(paths.account())
  const first = new URL(args.request.url).pathname.split('/')[1]
  const area: 'provider' | 'enterprise' = first === 'enterprise' ? 'enterprise' : 'provider'
  return { ...found, organisationId: holding.organisationId, area }
}
