import { reasonText as assessorReasons } from '#modules/certification/assessor.schema.ts'
import type { BatchState } from '#modules/certification/batch.schema.ts'
import { reasonText } from '#modules/certification/certificate.schema.ts'
import { objectionTexts } from '#modules/certification/objection.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Refusal } from '#policy/decision.ts'
import { wordsOf } from '../ctx.ts'
import type { Tone } from '../ui/tone.ts'

const texts = { ...objectionTexts, ...assessorReasons, ...reasonText }

/** Words for refusals of this module, for `attempt`. */
export const certificationWords = (ctx: Pick<Ctx, 'plan'>) => (refusal: Refusal) => wordsOf(ctx.plan, texts, refusal)

export const batchTones = {
  draft: 'neutral',
  filed: 'wait',
  returned: 'warn',
  accepted: 'info',
  scoring: 'info',
  scored: 'info',
  publicised: 'info',
  held: 'warn',
  cleared: 'wait',
  issued: 'good',
  cancelled: 'neutral',
} as const satisfies Record<BatchState, Tone>

export const filingTones = { proposed: 'wait', 'in-force': 'good', rejected: 'bad' } as const
export const stopTones = { standing: 'bad', 'lift-proposed': 'wait', lifted: 'good' } as const
export const stopStates = { standing: '暂停中', 'lift-proposed': '等待决定', lifted: '已解除' } as const
