import { movesOf } from '#modules/training/case.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Letter, LetterBlock, Templates } from '#platform/pdf.templates.ts'
import { clauseLabel } from '#policy/clauses.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { dayOf, formatDay } from '#shared/dates.ts'
import { ownApplication } from './application.queries.ts'
import { cardLines } from './card.queries.ts'
import { designationPage, type Holder, ownTitles } from './designation.queries.ts'
import { titleWords } from './designation.rules.ts'
import { deskApplication } from './desk.queries.ts'

export type Made = { name: string; data: Templates['letter'] }
export const paragraph = (text: string): LetterBlock => ({ kind: 'p', text })

/** An official letter with everything the district puts on all of them. */
export function officialLetter(
  ctx: Ctx,
  on: Date,
  given: Pick<Letter, 'title' | 'to' | 'blocks'> & { docNo?: string; cc?: string },
): Templates['letter'] {
  const day = dayOf(on)
  return {
    on: day,
    mark: '',
    docNo: given.docNo ?? '',
    title: given.title,
    to: given.to,
    blocks: given.blocks,
    attachments: [],
    signature: ctx.plan.contact.office,
    date: formatDay(day),
    note: `本函由${ctx.plan.site.name}按办理记录生成`,
    cc: given.cc ?? '',
    printed: '',
  }
}

/** The register keeps the name of a card's holder masked; the letter is the holder's own. */
async function cardName(ctx: Ctx, scheme: Scheme, holder: Holder): Promise<string> {
  const items = scheme.card?.items.filter((one) => one.shows === 'name').map((one) => one.id) ?? []
  return (await cardLines(ctx, scheme, holder, items))[0]?.value ?? holder.name
}

/** The notice that a title was given, for the organisation, for whoever holds it, and for the desk. */
export async function designationLetter(ctx: Ctx, id: string): Promise<Made> {
  const { holder, scheme, terms } = await designationPage(ctx, id)
  const own =
    (holder.organisationId !== null && ctx.actor.can('recognition.apply', { organisationId: holder.organisationId })) ||
    ctx.actor.can('recognition.read') ||
    (await ownTitles(ctx, null)).some((one) => one.id === id)
  if (!own) throw missing('letter')
  const term = terms.at(-1)
  const name = scheme.card ? await cardName(ctx, scheme, holder) : holder.name
  const until = term?.to ? `管理期至${formatDay(term.to)}` : `管理期的长短${ctx.plan.undecidedText}`
  const whole = titleWords(scheme, holder.grade)
  const verb = scheme.kind === 'appointment' ? '聘任为' : scheme.kind === 'register' ? '登记为' : '认定为'
  const whose = holder.organisation && holder.organisation !== holder.name ? `（${holder.organisation}）` : ''
  return {
    name: `${holder.number}-${scheme.name}`,
    data: officialLetter(ctx, new Date(`${holder.designatedOn}T12:00:00+08:00`), {
      docNo: holder.docNo,
      title: `关于${verb}${whole}的通知`,
      to: holder.organisation || name,
      blocks: [
        paragraph(
          `根据《${ctx.plan.title}》（${ctx.plan.docNo}），经${waysOf(scheme, holder.path)}，决定将${name}${whose}${verb}${whole}，编号${holder.number}，自${formatDay(holder.designatedOn)}起，${until}。`,
        ),
        ...(scheme.benefits.length > 0
          ? [
              { kind: 'h1' as const, text: '一、可以享受的服务' },
              ...servicesOf(scheme.benefits).map(paragraph),
              { kind: 'h1' as const, text: '二、管理和考核' },
            ]
          : []),
        paragraph(
          `称号持有情况在${ctx.plan.site.name}公开查询。有下列情形的，由区人社局警告、撤销或者办理退出：${scheme.exits.map((one) => one.label).join('；')}。`,
        ),
        paragraph('特此通知。'),
      ],
    }),
  }
}

/** What goes by the same rule is named together. */
const servicesOf = (benefits: readonly { label: string; note: string }[]): string[] =>
  [...Map.groupBy(benefits, (one) => one.note)].map(
    ([note, list]) => `${list.map((one) => one.label).join('；')}。${note}。`,
  )

const stageWords: Record<string, string> = {
  formal: '形式审查',
  recommendation: '推荐',
  expert: '专家评审',
  visit: '现场核查',
  publicity: '公示',
}
function waysOf(scheme: { paths: readonly { id: string; stages: readonly string[] }[] }, path: string): string {
  const stages = scheme.paths.find((one) => one.id === path)?.stages ?? []
  return stages.flatMap((stage) => stageWords[stage] ?? []).join('、')
}

/** What the desk last said to the applicant: returned to be mended, refused, or not chosen. */
export async function decisionLetter(ctx: Ctx, id: string): Promise<Made> {
  const reads = ctx.actor.can('recognition.read')
  const { line, scheme } = reads ? await deskApplication(ctx, id) : await ownApplication(ctx, id)
  const moves = await movesOf(ctx.db, 'application', id)
  const last = moves.findLast((one) => ['return', 'refuse', 'uphold', 'leave-out', 'fall-short'].includes(one.move))
  const fits = { returned: 'return', rejected: '', 'not-selected': '' }[line.state as 'returned']
  if (!last || fits === undefined || (fits !== '' && fits !== last.move)) throw missing('letter')
  const reasons = ctx.plan.reasonCodes.filter((one) => last.reasonCodes.includes(one.code))
  const ground = (clause: string | null) => `依据：${clauseLabel(ctx.plan, clause ?? scheme.clause)}`
  const said = [
    ...reasons.map((one) => `${one.text}。${one.mend}。${ground(one.clause)}。`),
    ...(last.note ? [`说明：${last.note}`] : []),
  ]
  const titles = {
    return: '补正通知书',
    'leave-out': '评审结果告知书',
    'fall-short': '评审结果告知书',
  } as Record<string, string>
  const title = titles[last.move] ?? '不予认定告知书'
  const you = line.organisation ? '你单位' : '你'
  const opening =
    last.move === 'return'
      ? `${you}申报的${scheme.name}（编号${line.number}）需要补正，请在补正期限内通过平台补齐后重新提交。补正期间不计入办理时限。`
      : last.move === 'leave-out' || last.move === 'fall-short'
        ? `${you}申报的${scheme.name}（编号${line.number}）经评审未列入拟认定名单。`
        : `${you}申报的${scheme.name}（编号${line.number}）经审查，决定不予认定。`
  return {
    name: `${line.number}-${title}`,
    data: officialLetter(ctx, last.at, {
      title: `${scheme.name}${title}`,
      to: line.organisation || line.name,
      blocks: [
        paragraph(opening),
        ...(said.length > 0 ? [{ kind: 'h1' as const, text: '理由' }, ...said.map(paragraph)] : []),
        paragraph(`对本告知有意见的，可以向${ctx.plan.contact.office}反映，电话${ctx.plan.contact.phone}。`),
      ],
    }),
  }
}
