import type { Ctx } from '#platform/command.ts'
import { compile } from '#platform/pdf.ts'
import { dayOf, formatInstant } from '#shared/dates.ts'
import { bookingsOn } from './exchange.queries.ts'
import { offerCode } from './sign-in.queries.ts'

/** The list to sign on paper, a line for each place booked and a few more, for the host to print. @clause X02 */
export async function blankSheet(ctx: Ctx, offerId: string): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
  const { offer } = await offerCode(ctx, offerId)
  const firms = await bookingsOn(ctx.db, [offerId])
  const rows = [...firms.flatMap((one) => Array.from({ length: one.seats }, () => one.organisation)), '', '', '']
  const bytes = compile('record', {
    on: dayOf(ctx.now),
    title: '公益课签到表',
    author: `${ctx.plan.district.name}职业培训云平台`,
    facts: [
      ['题目', offer.subject],
      ['由谁提供', offer.host],
      ['时间', `${formatInstant(offer.from)}至${formatInstant(offer.to).slice(-5)}`],
      ['地点', offer.online ? '线上' : offer.place],
    ],
    sections: [
      {
        title: '签名',
        note: '已经扫码签到的不用再签。本表由提供方保管，拍照或扫描后在平台上传，作为时数的证据。',
        table: {
          head: ['序号', '单位', '姓名', '到场时间', '本人签名'],
          widths: [1, 5, 3, 2, 4],
          align: ['right', 'left', 'left', 'left', 'left'],
          rows: rows.map((firm, at) => [String(at + 1), firm, '', '', '']),
          empty: '',
        },
      },
    ],
    foot: '提供方签名：　　　　　　　　　　日期：',
    rare: '',
  })
  return { name: `公益课签到表-${offer.on}.pdf`, bytes }
}
