import { partnerReasons } from '#modules/access/partner.schema.ts'
import { connectReasons } from '#modules/connect/connect-reasons.schema.ts'
import type { RegistrationState } from '#modules/connect/registration.schema.ts'
import { reasonText as learningReasons } from '#modules/learning/registration.schema.ts'
import { reasonText as mediaReasons } from '#modules/library/media.schema.ts'
import { reasonText as roundReasons } from '#modules/library/round.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Refusal } from '#policy/decision.ts'
import { wordsOf } from '../ctx.ts'
import type { Tone } from '../ui/tone.ts'

const texts = { ...roundReasons, ...mediaReasons, ...learningReasons, ...partnerReasons, ...connectReasons }

export const connectWords = (ctx: Pick<Ctx, 'plan'>) => (refusal: Refusal) => wordsOf(ctx.plan, texts, refusal)

export const registrationTones = {
  proposed: 'wait',
  active: 'good',
  suspended: 'warn',
  rejected: 'neutral',
  ended: 'neutral',
} as const satisfies Record<RegistrationState, Tone>

/** `85 / 100`, or that there is none. */
export const scoreText = (given: number | null, outOf: number | null): string =>
  given === null || outOf === null ? '没有得分' : `${Number(given)} / ${Number(outOf)}`
