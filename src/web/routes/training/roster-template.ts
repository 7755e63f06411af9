import { rosterTemplate } from '#modules/training/import.queries.ts'
import { current } from '../../ctx.ts'
import { paperAnswer, spreadsheet } from '../../paper.ts'
import type { Route } from './+types/roster-template.ts'

export async function loader({ context }: Route.LoaderArgs) {
  const { name, bytes } = await rosterTemplate(context.get(current).ctx.plan)
  return paperAnswer({ name, bytes: new Uint8Array(bytes) }, spreadsheet)
}
