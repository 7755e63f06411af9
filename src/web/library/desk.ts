import type { CourseState } from '#modules/library/course.schema.ts'
import { reasonText as mediaReasons } from '#modules/library/media.schema.ts'
import { reasonText as roundReasons } from '#modules/library/round.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Refusal } from '#policy/decision.ts'
import { wordsOf } from '../ctx.ts'
import type { Tone } from '../ui/tone.ts'

const texts = { ...roundReasons, ...mediaReasons }

/** Words for refusals of this module, for `attempt`. */
export const libraryWords = (ctx: Pick<Ctx, 'plan'>) => (refusal: Refusal) => wordsOf(ctx.plan, texts, refusal)

/** A refusal in one sentence with its remedy. */
export function sentence(refusal: Refusal): string {
  const words = texts[refusal.reason]?.(refusal.facts)
  return words ? `${words.message}。${words.remedy}` : refusal.reason
}

export const courseTones = {
  draft: 'neutral',
  submitted: 'wait',
  returned: 'warn',
  'under-review': 'info',
  trial: 'info',
  admitted: 'good',
  suspended: 'bad',
  withdrawn: 'neutral',
  rejected: 'bad',
} as const satisfies Record<CourseState, Tone>

/** `4.3 分（12 人）`; nobody has rated: says so. */
export const ratingText = ({ ratingCount, ratingSum }: { ratingCount: number; ratingSum: number }): string =>
  ratingCount === 0 ? '还没有人评分' : `${(ratingSum / ratingCount).toFixed(1)} 分（${ratingCount} 人）`

export const secondsText = (seconds: number): string => {
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  if (minutes === 0) return `${whole} 秒`
  return whole % 60 === 0 ? `${minutes} 分钟` : `${minutes} 分 ${whole % 60} 秒`
}

/** Reasons of a decided round in words of its standard. */
export function decisionReasons(
  reason: string,
  standard: { criteria: readonly { id: string; title: string }[]; vetoes: readonly { id: string; title: string }[] },
): string[] {
  const titles = new Map([...standard.criteria, ...standard.vetoes].map(({ id, title }) => [id, title]))
  return reason
    .split(' ')
    .filter((code) => code !== '')
    .map((code) => {
      const [kind = '', id = ''] = code.split(':')
      if (kind === 'veto') return `一票否决：${titles.get(id) ?? id}`
      if (kind === 'floor') return `单项分过低：${titles.get(id) ?? id}`
      return '总分没有达到合格分'
    })
}
