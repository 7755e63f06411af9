import { sheetTemplate } from '#modules/assessment/sheet.queries.ts'
import { missing } from '#platform/errors.ts'
import { deskOf } from '../../assessment/desk.ts'
import { fail } from '../../ctx.ts'
import { paperAnswer } from '../../paper.ts'
import type { Route } from './+types/template.ts'

/** The score sheet of a class to fill in. */
export async function loader(args: Route.LoaderArgs) {
  const { ctx, desk } = await deskOf(args)
  const make = async () => {
    if (!desk.assessment || !desk.may.enter) throw missing('assessment')
    const { name, bytes } = await sheetTemplate(ctx, desk.assessment, desk.cls.number)
    return { name, bytes: new Uint8Array(bytes) }
  }
  return paperAnswer(await make().catch(fail(args.request)), spreadsheet)
}

const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
