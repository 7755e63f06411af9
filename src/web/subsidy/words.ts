import { reasonText as listText } from '#modules/publicity/list.schema.ts'
import { reasonText as objectionText } from '#modules/publicity/objection.schema.ts'
import { reasonText as budgetText } from '#modules/subsidy/budget.schema.ts'
import { claimReasonText } from '#modules/subsidy/claim.schema.ts'
import { overrideReasonText } from '#modules/subsidy/override.schema.ts'
import { reasonText as paymentText } from '#modules/subsidy/payment.schema.ts'
import { reasonText as recoveryText } from '#modules/subsidy/recovery.schema.ts'
import { reasonText as reviewText } from '#modules/subsidy/review.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Refusal } from '#policy/decision.ts'
import type { Plan } from '#policy/plan.types.ts'
import { wordsOf } from '../ctx.ts'

const texts = {
  review: { ...claimReasonText, ...overrideReasonText, ...reviewText },
  publicity: { ...reviewText, ...listText },
  objection: { ...reviewText, ...objectionText },
  payment: { ...claimReasonText, ...budgetText, ...paymentText },
  budget: budgetText,
  recovery: { ...paymentText, ...recoveryText },
}

/** Refusals of one desk in its own words, for `attempt`. */
export const wordsAt =
  (desk: keyof typeof texts, { plan }: Pick<Ctx, 'plan'>) =>
  (refusal: Refusal) =>
    wordsOf(plan, texts[desk], refusal)

export const programmeName = (plan: Plan, code: string): string =>
  plan.programmes.find((one) => one.code === code)?.name ?? code
export const fundName = (plan: Plan, id: string): string => plan.fundSources.find((fund) => fund.id === id)?.label ?? id
export const reasonName = (plan: Plan, code: string): string =>
  plan.reasonCodes.find((one) => one.code === code)?.text ?? code

/** Reason codes of a stage as options of a select. */
export const reasonOptions = (plan: Plan, ...stages: string[]) =>
  plan.reasonCodes.filter((one) => stages.includes(one.stage)).map((one) => ({ value: one.code, label: one.text }))
