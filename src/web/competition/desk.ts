import { reasonText as entryReasons } from '#modules/competition/entry.schema.ts'
import { type EventState, reasonText as eventReasons } from '#modules/competition/event.schema.ts'
import { reasonText as markReasons } from '#modules/competition/mark.schema.ts'
import { reasonText as listReasons } from '#modules/competition/publication.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Refusal } from '#policy/decision.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { wordsOf } from '../ctx.ts'
import type { Tone } from '../ui/tone.ts'

const texts = { ...entryReasons, ...markReasons, ...listReasons, ...eventReasons }

/** Words for refusals of this module, for `attempt`. */
export const competitionWords = (ctx: Pick<Ctx, 'plan'>) => (refusal: Refusal) => wordsOf(ctx.plan, texts, refusal)

export const eventTones = {
  draft: 'neutral',
  filed: 'wait',
  review: 'info',
  returned: 'warn',
  rejected: 'bad',
  withdrawn: 'neutral',
  accepted: 'info',
  announced: 'good',
  checking: 'wait',
  running: 'info',
  scored: 'info',
  publicised: 'info',
  'objection-held': 'warn',
  cleared: 'wait',
  awarded: 'good',
  archived: 'neutral',
  cancelled: 'bad',
} as const satisfies Record<EventState, Tone>

export const entryTones = {
  registered: 'wait',
  eligible: 'good',
  refused: 'bad',
  withdrawn: 'neutral',
  disqualified: 'bad',
} as const satisfies Record<string, Tone>

export const prizeLabel = (type: Pick<CompetitionType, 'prizes'>, id: string): string =>
  [...type.prizes.ranks, ...(type.prizes.merit ? [type.prizes.merit] : [])].find((one) => one.id === id)?.label ?? ''
export const groupLabel = (type: Pick<CompetitionType, 'groups'>, id: string): string =>
  type.groups.find((one) => one.id === id)?.label ?? id

const tieWords = { practical: '实操成绩', modules: '各模块分数（按权重从大到小）', theory: '理论成绩' } as const
export const tieText = (type: Pick<CompetitionType, 'tieBreak'>): string =>
  `${type.tieBreak.map((one) => tieWords[one]).join('、')}；仍相同的并列`
export const ratioText = (type: Pick<CompetitionType, 'prizes'>): string =>
  `${type.prizes.ranks.map((one) => one.label).join('、')}按 ${type.prizes.ranks.map((one) => one.ratio).join('∶')} 分配`
