import { importErrorFile } from '#modules/training/import.queries.ts'
import { fail, signedIn } from '../../ctx.ts'
import { paperAnswer, spreadsheet } from '../../paper.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/import-errors.ts'

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'roster.edit')
  const { name, bytes } = await importErrorFile(ctx, isId(params.importId)).catch(fail(request))
  return paperAnswer({ name, bytes: new Uint8Array(bytes) }, spreadsheet)
}
