import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { LetterBlock, Templates } from '#platform/pdf.templates.ts'
import { formatDay } from '#shared/dates.ts'
import { yuan } from '#shared/units.ts'
import { recoveryFile } from './recovery.queries.ts'

/**
 * The demand to pay back: what was found, what was decided, on which basis, how much and until when, with the right to
 * object. People are masked; the bureau gives it its own number. Missing until the demand has gone out.
 * @clause HZ4-M16
 */
export async function demandLetter(ctx: Ctx, id: string): Promise<{ name: string; data: Templates['letter'] }> {
  const found = await recoveryFile(ctx.db, id)
  const may =
    ctx.actor.can('casework.read') || ctx.actor.can('organisation.read', { organisationId: found.organisationId })
  if (!may || !found.demandedOn || !found.dueOn) throw missing('letter')
  const reason = ctx.plan.reasonCodes.find((one) => one.code === found.reasonCode)?.text ?? found.reasonCode
  const paragraphs = [
    `你单位申领 ${found.claimNumber} 的职业培训补贴，经查存在下列情形：${reason}。${found.finding}`,
    `作出决定前已于${found.heardOn ? formatDay(found.heardOn) : '规定时间'}听取你单位陈述。经研究，决定追回补贴 ${yuan(found.amountFen)} 元。理由：${found.decisionReason ?? ''}`,
    `依据：${found.legalBasis ?? ''}；${ctx.plan.docNo}（十六）“对于违规发放或错误发放补贴的，予以追回”。`,
    `请于${formatDay(found.dueOn)}前将上述款项退回，并在缴款附言中写明编号 ${found.number}。逾期未退的，将另行通知后从你单位以后的补贴中抵扣，或者依法移送处理。`,
    `对本决定有异议的，可以自收到本通知之日起依法申请行政复议或者提起行政诉讼。联系电话 ${ctx.plan.contact.phone}。`,
  ]
  return {
    name: `${found.number}-追缴通知书.pdf`,
    data: {
      on: found.demandedOn,
      mark: '',
      docNo: '',
      title: '职业培训补贴追缴通知书',
      to: found.organisation,
      blocks: [...paragraphs.map((text): LetterBlock => ({ kind: 'p', text })), peopleTable(found.lines)],
      attachments: [],
      signature: ctx.plan.contact.office,
      date: formatDay(found.demandedOn),
      note: `编号 ${found.number}`,
      cc: '',
      printed: '',
    },
  }
}

function peopleTable(
  lines: readonly { name: string; document: string; paidFen: number; amountFen: number }[],
): LetterBlock {
  return {
    kind: 'table',
    head: ['姓名', '证件号码', '已拨付（元）', '追回（元）'],
    widths: [2, 4, 3, 3],
    align: ['left', 'left', 'right', 'right'],
    rows: lines
      .filter((line) => line.amountFen > 0)
      .map((line) => [line.name, line.document, yuan(line.paidFen), yuan(line.amountFen)]),
  }
}
