import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Templates } from '#platform/pdf.templates.ts'
import { dayOf, formatDay } from '#shared/dates.ts'
import { objectionPage } from './objection.queries.ts'
import { objectionReasons, objectionRemedies } from './objection.schema.ts'

/**
 * The answer to an objection as an official letter. It names neither the objector nor the person objected to; the bureau
 * gives it its own number. Missing until the objection is decided.
 */
export async function objectionLetter(ctx: Ctx, id: string): Promise<{ name: string; data: Templates['letter'] }> {
  const found = await objectionPage(ctx, id)
  if (!found.decidedAt || !found.reply) throw missing('letter')
  const on = dayOf(found.decidedAt)
  const outcome =
    found.state === 'upheld' && found.remedy
      ? `经核查，异议成立，处理意见为：${objectionRemedies[found.remedy]}。`
      : '经核查，异议不成立，该件申领恢复公示和办理。'
  return {
    name: `${found.number}-答复函.pdf`,
    data: {
      on,
      mark: '',
      docNo: '',
      title: '关于公示异议办理结果的答复',
      to: '异议人',
      blocks: [
        {
          kind: 'p',
          text: `您对补贴公示名单 ${found.listNumber} 第 ${found.row.position} 行（${found.row.unit}）提出的异议（编号 ${found.number}，理由：${objectionReasons[found.reason]}）已经办结。`,
        },
        { kind: 'p', text: outcome },
        { kind: 'p', text: found.reply },
        {
          kind: 'p',
          text: `对办理结果仍有意见的，可以向${ctx.plan.contact.office}反映，电话 ${ctx.plan.contact.phone}。`,
        },
        { kind: 'p', text: '特此答复。' },
      ],
      attachments: [],
      signature: ctx.plan.contact.office,
      date: formatDay(on),
      note: '本函由海珠区职业培训云平台按办理记录生成',
      cc: '',
      printed: '',
    },
  }
}
