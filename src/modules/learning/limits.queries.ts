import type { Ctx } from '#platform/command.ts'
import { figuresFor } from '#platform/figures.ts'
import type { Day } from '#shared/units.ts'
import type { Limits } from './counting.rules.ts'

/** The counting figures of a day. One that the bureau has taken back allows nothing. */
export async function limitsOn(ctx: Pick<Ctx, 'db' | 'plan'>, on: Day): Promise<Limits> {
  const at = await figuresFor(ctx)
  const value = (id: string) => at(id, on).value ?? 0
  return {
    beatMs: value('OL.beatSeconds') * 1000,
    gapMs: value('OL.beatGapSeconds') * 1000,
    toleranceMs: value('OL.beatToleranceSeconds') * 1000,
    topRatePercent: value('OL.topRate'),
    dailyCapMs: value('OL.dailyCapMinutes') * 60_000,
    presence: {
      leastMs: value('OL.presenceLeastMinutes') * 60_000,
      mostMs: value('OL.presenceMostMinutes') * 60_000,
      answerMs: value('OL.presenceAnswerSeconds') * 1000,
      remedyMs: value('OL.presenceRemedyMinutes') * 60_000,
    },
  }
}
