import { data } from 'react-router'
import type { CaseClock, CaseMove } from '#modules/training/case.queries.ts'
import { clockLabels, moveLabels } from '#modules/training/case.schema.ts'
import { reasonText as enrolmentReasons } from '#modules/training/enrolment.schema.ts'
import { reasonText as attendanceReasons } from '#modules/training/session.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Permission } from '#platform/permissions.ts'
import type { Refusal } from '#policy/decision.ts'
import { type Current, type current, signedIn, wordsOf } from '../ctx.ts'
import { type Area, areaOf } from '../nav.ts'
import { dayText } from '../ui/format.ts'
import type { Tone } from '../ui/tone.ts'

type Args = { request: Request; context: { get(key: typeof current): Current } }

/** In which workspace a page stands. */
export const areaAt = (request: Request): Area => areaOf(new URL(request.url).pathname) ?? 'provider'

/** The start of an organisation's own page: who asks, for which organisation. */
export function workOf(args: Args, permission: Permission): { ctx: Ctx; area: Area; organisationId: string } {
  const { ctx, session } = signedIn(args, permission)
  const organisationId = session?.organisationId ?? ctx.actor.holdings.find((one) => one.organisationId)?.organisationId
  if (!organisationId) throw data({ fault: { kind: 'forbidden', permission } }, 403)
  return { ctx, area: areaAt(args.request), organisationId }
}

const texts = { ...enrolmentReasons, ...attendanceReasons }

/** Words for refusals of this module, for `attempt`; a module's own `wrong-state` first. */
export const trainingWords =
  (ctx: Pick<Ctx, 'plan'>, own: typeof texts = {}) =>
  (refusal: Refusal) =>
    wordsOf(ctx.plan, { ...texts, ...own }, refusal)

/** A refusal in one sentence with its remedy, for lists and disabled buttons. */
export function sentence(refusal: Refusal, own: typeof texts = {}): string {
  const words = (own[refusal.reason] ?? texts[refusal.reason])?.(refusal.facts)
  return words ? `${words.message}。${words.remedy}` : refusal.reason
}

export type MoveLine = { at: Date; who: string; what: string; why: string }

/** A history for the page, newest first: what was done, by whom, and with which reasons. */
export function historyOf(plan: Ctx['plan'], moves: readonly CaseMove[]): MoveLine[] {
  const reasons = new Map(plan.reasonCodes.map((reason) => [reason.code, reason.text]))
  return moves.toReversed().map((move) => ({
    at: move.at,
    who: move.actorName,
    what: moveLabels[move.move] ?? move.move,
    why: [...move.reasonCodes.map((code) => reasons.get(code) ?? code), move.note].filter(Boolean).join('；'),
  }))
}

/** What the desk said last when it returned or refused, with how to mend it. */
export function lastReasons(plan: Ctx['plan'], moves: readonly CaseMove[]): { text: string; mend: string }[] {
  const last = moves.findLast((move) => move.reasonCodes.length > 0)
  const found = plan.reasonCodes.filter((reason) => last?.reasonCodes.includes(reason.code))
  const note = last?.note ? [{ text: '补充说明', mend: last.note }] : []
  return [...found.map(({ text, mend }) => ({ text, mend })), ...note]
}

export type ClockLine = { label: string; text: string; tone: Tone }

/** The clocks that still run, in words. */
export function clockLines(clocks: readonly CaseClock[]): ClockLine[] {
  return clocks
    .filter((one) => one.endedOn === null)
    .map((one) => ({ label: clockLabels[one.kind] ?? one.kind, ...clockText(one) }))
}

/** Why a clock stands still, and what starts it again. */
const stoppedWords: Record<string, string> = {
  review: '已暂停计时，补正交回后继续',
  publicity: '已暂停计时，异议处理完后继续',
}

function clockText({ kind, state, left, due, workdays, provisional }: CaseClock): { text: string; tone: Tone } {
  const by = due === null ? '' : `，${dayText(due)}前办结`
  const note = provisional ? '（其中有的放假安排还没有公布）' : ''
  if (state === 'stopped')
    return { text: `${stoppedWords[kind] ?? stoppedWords.review}（共 ${workdays} 个工作日）`, tone: 'wait' }
  if (state === 'overdue')
    return { text: `已超期 ${-left} 个工作日，应于${due === null ? '' : dayText(due)}前办结`, tone: 'bad' }
  if (state === 'due-today') return { text: `今天到期${note}`, tone: 'warn' }
  return { text: `还剩 ${left} 个工作日${by}${note}`, tone: left <= 2 ? 'warn' : 'info' }
}

/** A due day in a queue. */
export function dueText(dueOn: string | null, stopped: boolean, today: string): { text: string; tone: Tone } {
  if (stopped) return { text: '已暂停计时', tone: 'wait' }
  if (dueOn === null) return { text: '无时限', tone: 'neutral' }
  if (dueOn < today) return { text: `已超期（${dayText(dueOn)}）`, tone: 'bad' }
  return { text: dueOn === today ? '今天到期' : `${dayText(dueOn)}前`, tone: dueOn === today ? 'warn' : 'info' }
}

/** The plan's reasons for one stage and outcome, as boxes to tick. */
export const reasonOptions = (plan: Ctx['plan'], stage: string, outcome: string) =>
  plan.reasonCodes
    .filter((reason) => reason.stage === stage && reason.outcome === outcome)
    .map(({ code, text, mend }) => ({ value: code, label: text, hint: mend }))

/** 五级／初级工 for `5` of an occupation's scheme. */
export function levelLabel(plan: Ctx['plan'], level: string, levelScheme?: string): string {
  if (level === '') return ''
  const schemes = plan.levelSchemes.filter((scheme) => levelScheme === undefined || scheme.id === levelScheme)
  return schemes.flatMap((scheme) => scheme.levels).find(({ code }) => code === level)?.label ?? level
}

export const programmeName = (plan: Ctx['plan'], code: string): string =>
  plan.programmes.find((programme) => programme.code === code)?.name ?? code

export const planTones = {
  draft: 'neutral',
  filed: 'info',
  returned: 'wait',
  accepted: 'good',
  rejected: 'bad',
  withdrawn: 'neutral',
} as const satisfies Record<string, Tone>

export const classTones = {
  draft: 'neutral',
  applied: 'info',
  returned: 'wait',
  approved: 'good',
  'in-session': 'good',
  suspended: 'bad',
  assessed: 'info',
  closed: 'neutral',
  cancelled: 'neutral',
} as const satisfies Record<string, Tone>

export const sessionTones = {
  planned: 'neutral',
  open: 'good',
  closed: 'info',
  cancelled: 'neutral',
} as const satisfies Record<string, Tone>
