import { eventPage } from '#modules/competition/event.queries.ts'
import { markColumns } from '#modules/competition/mark.schema.ts'
import { roundById, roundEntries } from '#modules/competition/round.queries.ts'
import { writeXlsx } from '#platform/workbook.ts'
import { fail, signedIn } from '../../ctx.ts'
import { paperAnswer, spreadsheet } from '../../paper.ts'
import { isId } from '../../params.ts'
import type { Route } from './+types/template.ts'

/** The numbers of a theory round with an empty column for the marks. */
export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'competition.host')
  const round = await roundById(ctx.db, isId(params.id)).catch(fail(request))
  const { event } = await eventPage(ctx, round.eventId, 'host').catch(fail(request))
  const rows = round.kind === 'theory' ? await roundEntries(ctx.db, round.id) : []
  const bytes = await writeXlsx([
    {
      name: '理论成绩',
      header: markColumns.map((one) => one.header),
      rows: rows.filter((one) => one.entryState === 'eligible').map((one) => [one.number, '']),
      widths: markColumns.map((one) => one.width),
    },
  ])
  return paperAnswer({ name: `${event.number}-理论成绩.xlsx`, bytes: new Uint8Array(bytes) }, spreadsheet)
}
