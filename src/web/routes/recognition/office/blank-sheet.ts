import { blankSheet } from '#modules/recognition/sheet-file.queries.ts'
import { fail, signedIn } from '../../../ctx.ts'
import { paperAnswer, spreadsheet } from '../../../paper.ts'
import { isId } from '../../../params.ts'
import type { Route } from './+types/blank-sheet.ts'

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.score')
  const { name, bytes } = await blankSheet(ctx, isId(params.id)).catch(fail(request))
  return paperAnswer({ name, bytes: new Uint8Array(bytes) }, spreadsheet)
}
