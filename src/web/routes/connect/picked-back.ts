import { data, redirect } from 'react-router'
import { ownPicking } from '#modules/connect/launch.queries.ts'
import { signedIn } from '../../ctx.ts'
import { areasOf } from '../../nav.ts'
import { isId } from '../../params.ts'
import { paths } from '../../paths.ts'
import type { Route } from './+types/picked-back.ts'

/** Back from a tool: on to the page of the course, in the workspace of whoever went there. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'library.contribute')
  const picking = await ownPicking(ctx.db, ctx.actor.id, isId(params.launchId))
  const area = areasOf(ctx.actor).find((one) => one === 'provider' || one === 'enterprise')
  if (!picking || !area) throw data(null, 404)
  return redirect(paths.pickedItems(area, picking.courseId, picking.launchId))
}
