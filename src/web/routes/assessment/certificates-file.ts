import { classPaper } from '#modules/assessment/paper.queries.ts'
import { deskOf } from '../../assessment/desk.ts'
import { fail } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import { paperAnswer } from '../../paper.ts'
import type { Route } from './+types/certificates-file.ts'

/** All standing certificates of a class in one file. */
export async function loader(args: Route.LoaderArgs) {
  const { ctx, desk } = await deskOf(args)
  return paperAnswer(await classPaper(ctx, desk.cls.id, siteOrigin(args.request)).catch(fail(args.request)))
}
