import type { CaseFile } from '#modules/subsidy/casefile.queries.ts'
import type { DeskFile } from '#modules/subsidy/review.queries.ts'
import { type Stage, stages } from '#modules/subsidy/review.schema.ts'
import type { Actor } from '#platform/actor.ts'
import { instantText } from '../ui/format.ts'

export const stagePermission = {
  first: 'claim.first-review',
  second: 'claim.second-review',
  approve: 'claim.approve',
} as const

/** What may be done with a claim now, and by whom else if not by the actor. */
export type Todo = {
  stage: Stage | null
  /** The opinion form is open. */
  decide: boolean
  /** The file may be taken to the desk. */
  take: boolean
  /** Why nothing can be done here. */
  why: string
  /** An approval may be taken back. */
  revoke: boolean
}

/** @clause C25 @clause R33 */
export function todoOf(actor: Actor, file: Pick<CaseFile, 'claim'>, desk: DeskFile): Todo {
  const { claim } = file
  const ended = desk.publication?.endedOn != null
  const stage: Stage | null = desk.stage ?? (claim.state === 'publicised' && ended ? 'approve' : null)
  const none = { stage, decide: false, take: false, revoke: false }
  if (claim.state === 'approved') {
    const revoke = actor.can('claim.approve')
    return { ...none, revoke, why: revoke ? '' : '已审批，等待编入付款批次。' }
  }
  if (stage === null) return { ...none, why: waitingFor[claim.state] ?? '现在不需要审核。' }
  if (!actor.can(stagePermission[stage]))
    return { ...none, why: `现在是${stages[stage]}环节，由有${stages[stage]}权限的人员办理。` }
  const before = desk.opinions.find((one) => one.reviewerId === actor.id && one.stage !== stage)
  if (before) return { ...none, why: `您办理过这件申领的${stages[before.stage]}，${stages[stage]}须由另一人办理。` }
  if (stage === 'approve') return { ...none, decide: true, why: '' }
  if (desk.lease?.mine) return { ...none, decide: true, why: '' }
  if (desk.lease)
    return { ...none, why: `${desk.lease.takenByName} 正在办理，到 ${instantText(desk.lease.untilAt)} 自动释放。` }
  return { ...none, take: true, why: '' }
}

const waitingFor: Record<string, string> = {
  draft: '单位还没有提交。',
  returned: '已退回，等待单位补正。',
  reviewed: '已复核，等待公示。',
  publicised: '公示中。公示期满后由局领导审批。',
  'objection-held': '有公示异议，等待办结。',
  ordered: '已送银行，等待回盘。',
  bounced: '银行退回，等待单位更正收款账户后重新付款。',
  paid: '已拨付。发现多发错发的，办理追回。',
  rejected: '不予补贴，已办结。',
  withdrawn: '单位已撤回。',
}
