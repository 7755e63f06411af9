import { type ClaimState, claimMoves, claimReasonText } from '#modules/subsidy/claim.schema.ts'
import type { ControlView, RunView } from '#modules/subsidy/control.queries.ts'
import { overrideReasonText } from '#modules/subsidy/override.schema.ts'
import type { CaseMove } from '#modules/training/case.queries.ts'
import { reasonText as trainingReasons } from '#modules/training/session.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Refusal } from '#policy/decision.ts'
import { wordsOf } from '../ctx.ts'
import type { MoveLine } from '../training/desk.ts'
import type { Tone } from '../ui/tone.ts'

const texts = { ...trainingReasons, ...overrideReasonText, ...claimReasonText }

/** Words for refusals of this module, for `attempt`. */
export const subsidyWords = (ctx: Pick<Ctx, 'plan'>) => (refusal: Refusal) => wordsOf(ctx.plan, texts, refusal)

export const claimTones = {
  draft: 'neutral',
  submitted: 'info',
  returned: 'wait',
  'under-review': 'info',
  reviewed: 'info',
  publicised: 'info',
  'objection-held': 'warn',
  approved: 'good',
  ordered: 'info',
  paid: 'good',
  bounced: 'bad',
  rejected: 'bad',
  withdrawn: 'neutral',
} as const satisfies Record<ClaimState, Tone>

const road: readonly [title: string, states: readonly ClaimState[]][] = [
  ['准备', ['draft']],
  ['提交', ['submitted', 'returned']],
  ['审核', ['under-review', 'reviewed']],
  ['公示', ['publicised', 'objection-held']],
  ['批准', ['approved']],
  ['拨付', ['ordered', 'bounced', 'paid']],
]

/** A step of the road, in texts: what `Process` shows. */
export type ClaimStep = {
  title: string
  state: 'done' | 'now' | 'todo' | 'stopped'
  meta?: string
  clock?: { text: string }
}

/** Where a claim has got to. An end without money stops at the step it had reached. */
export function claimSteps(state: ClaimState, history: readonly CaseMove[], clock: string | null): ClaimStep[] {
  const over = state === 'rejected' || state === 'withdrawn'
  const reached = over ? ((history.at(-1)?.from ?? 'draft') as ClaimState) : state
  const at = road.findIndex(([, states]) => states.includes(reached))
  return road.map(([title, states], index) => {
    const last = history.findLast((move) => states.includes(move.to as ClaimState))
    const meta = last && index <= at ? dayOfMove(last) : undefined
    const done = index < at || state === 'paid'
    const step = { title, ...(meta && { meta }) }
    if (done) return { ...step, state: 'done' }
    if (index > at) return { ...step, state: 'todo' }
    return { ...step, state: over ? 'stopped' : 'now', ...(clock && !over && { clock: { text: clock } }) }
  })
}

const dayOfMove = (move: CaseMove) =>
  new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'medium' }).format(move.at)

export function claimHistory(plan: Ctx['plan'], moves: readonly CaseMove[]): MoveLine[] {
  const reasons = new Map(plan.reasonCodes.map((reason) => [reason.code, reason.text]))
  return moves.toReversed().map((move) => ({
    at: move.at,
    who: move.actorName,
    what: claimMoves[move.move] ?? move.move,
    why: [...move.reasonCodes.map((code) => reasons.get(code) ?? code), move.note].filter(Boolean).join('；'),
  }))
}

export const fundName = (plan: Ctx['plan'], id: string): string =>
  plan.fundSources.find((fund) => fund.id === id)?.label ?? id

export type ControlGroups = Record<'block' | 'warn' | 'letPass' | 'unknown' | 'pass', ControlView[]>

/** Failing, but two people have let all of it pass for a while. */
const isLetPass = (control: ControlView) =>
  control.letPassUntil !== null || (control.lines.length > 0 && control.lines.every((line) => line.letPass))

/** What stops, what is worth a look, what was let pass, what nobody could look at, what is in order. */
export function grouped(run: RunView): ControlGroups {
  const failed = run.controls.filter((control) => control.verdict === 'fail')
  const open = failed.filter((control) => !isLetPass(control))
  return {
    block: open.filter((control) => control.severity === 'block'),
    warn: open.filter((control) => control.severity === 'warn'),
    letPass: failed.filter(isLetPass),
    unknown: run.controls.filter((control) => control.verdict === 'unknown'),
    pass: run.controls.filter((control) => control.verdict === 'pass'),
  }
}
