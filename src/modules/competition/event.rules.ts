import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import type { Day } from '#shared/units.ts'
import type { EventState, Terms } from './event.schema.ts'

type Step = { from: readonly EventState[]; to: EventState; clause: string }
export type Move =
  | 'file'
  | 'call-back'
  | 'withdraw'
  | 'take'
  | 'return'
  | 'reject'
  | 'accept'
  | 'announce'
  | 'close-entries'
  | 'begin'
  | 'settle'
  | 'publicise'
  | 'hold'
  | 'release'
  | 'uphold'
  | 'clear'
  | 'award'
  | 'archive'
  | 'cancel'

const step = (to: EventState, ...from: EventState[]): Step => ({ from, to, clause: 'R32' })

/**
 * The life of a competition. What is not in the table cannot happen.
 * @clause R32 @clause HZ4-M09
 */
export const eventCycle: Record<Move, Step> = {
  file: step('filed', 'draft', 'returned'),
  'call-back': step('draft', 'filed'),
  withdraw: step('withdrawn', 'draft', 'filed', 'returned'),
  take: step('review', 'filed'),
  return: step('returned', 'review'),
  reject: step('rejected', 'review'),
  accept: step('accepted', 'review'),
  announce: step('announced', 'accepted'),
  'close-entries': step('checking', 'announced'),
  begin: step('running', 'checking'),
  settle: step('scored', 'running'),
  publicise: step('publicised', 'scored'),
  hold: step('objection-held', 'publicised'),
  release: step('publicised', 'objection-held'),
  uphold: step('scored', 'objection-held'),
  clear: step('cleared', 'publicised'),
  award: step('awarded', 'cleared'),
  archive: step('archived', 'awarded'),
  cancel: step('cancelled', 'accepted', 'announced', 'checking', 'running', 'scored'),
}

export const workable: readonly EventState[] = ['draft', 'returned']
/** Everybody may see it. */
export const shown: readonly EventState[] = [
  'announced',
  'checking',
  'running',
  'scored',
  'publicised',
  'objection-held',
  'cleared',
  'awarded',
  'archived',
  'cancelled',
]
/** Marks may still be mended. */
export const mendable: readonly EventState[] = ['running', 'scored']

/** So long must be the reason for a step before its announced day. */
const reasonLength = 10
/**
 * Entries close after the announced last day, a competition begins on its announced first day: earlier only with a reason,
 * which everybody reads.
 * @clause R32
 */
export function inTime(
  step: 'close-entries' | 'begin',
  announced: Day | null,
  today: Day,
  note: string,
): Decision<'in-time' | 'early'> {
  const early = announced !== null && (step === 'begin' ? today < announced : today <= announced)
  if (!early) return allow('in-time')
  if (note.length >= reasonLength) return allow('early')
  return step === 'begin'
    ? refuse('R32', 'before-first-day', { from: announced })
    : refuse('R32', 'before-last-day', { until: announced })
}

export type Figures = Record<keyof CompetitionType['terms'], { label: string; value: number | null }>

/**
 * A technical document stays within what the bureau has laid down: not below its pass mark or its days for protests, not
 * above its shares, places and tolerance. What is not laid down limits nothing.
 * @clause R32
 */
export function withinFigures(terms: Terms, figures: Figures): Decision<null> {
  const floor: readonly (keyof Figures)[] = ['passMark', 'protestDays']
  for (const key of Object.keys(figures) as (keyof Figures)[]) {
    const { label, value } = figures[key]
    const stated = terms[key]
    if (value === null || stated === null) continue
    if (floor.includes(key) ? stated < value : stated > value) {
      return refuse('R32', 'term-beyond', { label, value: stated, figure: value })
    }
  }
  return allow(null)
}
