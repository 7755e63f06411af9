import { mentorYear } from '#modules/exchange/exchange.queries.ts'
import { writeXlsx } from '#platform/workbook.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { signedIn } from '../../ctx.ts'
import { paperAnswer, spreadsheet } from '../../paper.ts'
import type { Route } from './+types/year.ts'

/** Every mentor in term with the minutes of the year, and who is short of how much. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.read')
  const today = yearOf(dayOf(ctx.now))
  const asked = Number(new URL(request.url).searchParams.get('year'))
  const year = Number.isInteger(asked) && asked >= 2020 && asked <= today ? asked : today
  const { needed, mentors, short } = await mentorYear(ctx, year)
  const missing = new Map(short.map((one) => [one.designationId, one.missing]))
  const bytes = await writeXlsx([
    {
      name: `${year}年导师时数`,
      header: ['编号', '导师', '已确认分钟', '场次', '到场人次', '年度要求分钟', '还差分钟', '已提醒次数'],
      rows: mentors.map((one) => [
        one.number,
        one.name,
        String(one.minutes),
        String(one.sessions),
        String(one.persons),
        needed === null ? ctx.plan.undecidedText : String(needed),
        String(missing.get(one.designationId) ?? 0),
        String(one.reminded),
      ]),
      widths: [24, 14, 12, 8, 10, 14, 10, 12],
    },
  ])
  return paperAnswer({ name: `导师年度时数-${year}.xlsx`, bytes: new Uint8Array(bytes) }, spreadsheet)
}
