import { reasonText } from '#modules/learning/registration.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Refusal } from '#policy/decision.ts'
import { wordsOf } from '../ctx.ts'

/** Refusals of learning in words, for `attempt`. */
export const learningWords = (ctx: Pick<Ctx, 'plan'>) => (refusal: Refusal) => wordsOf(ctx.plan, reasonText, refusal)
