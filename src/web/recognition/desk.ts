import { type ApplicationState, reasonText as applicationReasons } from '#modules/recognition/application.schema.ts'
import { reasonText as callReasons } from '#modules/recognition/call.schema.ts'
import { type DesignationState, reasonText as termReasons } from '#modules/recognition/designation.schema.ts'
import { reasonText as panelReasons } from '#modules/recognition/panel.schema.ts'
import { reasonText as listReasons } from '#modules/recognition/publication.schema.ts'
import { reasonText as visitReasons } from '#modules/recognition/visit.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Refusal } from '#policy/decision.ts'
import { wordsOf } from '../ctx.ts'
import type { Tone } from '../ui/tone.ts'

const texts = {
  ...termReasons,
  ...panelReasons,
  ...listReasons,
  ...visitReasons,
  ...callReasons,
  ...applicationReasons,
}

/** Words for refusals of this module, for `attempt`. */
export const recognitionWords = (ctx: Pick<Ctx, 'plan'>) => (refusal: Refusal) => wordsOf(ctx.plan, texts, refusal)

export const applicationTones = {
  draft: 'neutral',
  submitted: 'wait',
  'formal-review': 'info',
  returned: 'warn',
  recommendation: 'wait',
  'expert-review': 'info',
  'site-visit': 'info',
  shortlist: 'wait',
  shortlisted: 'info',
  publicised: 'info',
  'objection-held': 'warn',
  cleared: 'wait',
  designated: 'good',
  rejected: 'bad',
  'not-selected': 'neutral',
  withdrawn: 'neutral',
} as const satisfies Record<ApplicationState, Tone>

export const designationTones = {
  'in-term': 'good',
  warned: 'warn',
  revoked: 'bad',
  withdrawn: 'neutral',
  expired: 'neutral',
} as const satisfies Record<DesignationState, Tone>

export const stageWords: Record<string, string> = {
  formal: '形式审查',
  recommendation: '推荐',
  expert: '专家评审',
  visit: '现场核查',
  shortlist: '确定名单',
  publicity: '公示',
  designation: '认定',
}
