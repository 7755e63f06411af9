import { redirect } from 'react-router'
import type { Ctx } from '#platform/command.ts'
import type { Permission } from '#platform/permissions.ts'
import type { current } from '../ctx.ts'
import { type Current, signedIn } from '../ctx.ts'
import { paths } from '../paths.ts'
import { ownAffairs } from '../person.ts'
import { workOf } from '../training/desk.ts'

type Args = { request: Request; context: { get(key: typeof current): Current } }

/** Who enters or hosts here: an organisation in its workspace, or a person in 个人中心. */
export function entrantOf(
  args: Args,
  permission: Permission = 'competition.enter',
): { ctx: Ctx; area: string; organisationId: string | null } {
  if (new URL(args.request.url).pathname.startsWith('/my/')) {
    const { ctx } = ownAffairs(args)
    return { ctx, area: 'my', organisationId: null }
  }
  signedIn(args, permission)
  const { ctx, area, organisationId } = workOf(args, permission)
  if (area !== 'provider' && area !== 'enterprise') throw redirect(paths.home())
  return { ctx, area, organisationId }
}
