import { allow, type Decision, refuse } from '#policy/decision.ts'
import type { Scheme } from '#policy/plan.types.ts'
import type { ApplicationState } from './application.schema.ts'

type Step = { from: readonly ApplicationState[]; to: ApplicationState; clause: string }
export type Move =
  | 'submit'
  | 'call-back'
  | 'withdraw'
  | 'take'
  | 'return'
  | 'refuse'
  | 'choose'
  | 'leave-out'
  | 'fall-short'
  | 'publicise'
  | 'hold'
  | 'release'
  | 'uphold'
  | 'clear'
  | 'designate'

/**
 * The life of an application. What is not in the table cannot happen; `pass` goes where the path says (`nextState`).
 * @clause A01
 */
export const applicationCycle: Record<Move, Step> = {
  submit: { from: ['draft', 'returned'], to: 'submitted', clause: 'A01' },
  'call-back': { from: ['submitted'], to: 'draft', clause: 'A01' },
  withdraw: {
    from: [
      'draft',
      'submitted',
      'formal-review',
      'returned',
      'recommendation',
      'expert-review',
      'site-visit',
      'shortlist',
      'shortlisted',
    ],
    to: 'withdrawn',
    clause: 'A01',
  },
  take: { from: ['submitted'], to: 'formal-review', clause: 'A01' },
  return: { from: ['formal-review'], to: 'returned', clause: 'A01' },
  refuse: { from: ['formal-review', 'recommendation', 'site-visit'], to: 'rejected', clause: 'A01' },
  choose: { from: ['shortlist'], to: 'shortlisted', clause: 'A01' },
  'leave-out': { from: ['shortlist'], to: 'not-selected', clause: 'A01' },
  'fall-short': { from: ['expert-review'], to: 'not-selected', clause: 'A02' },
  publicise: { from: ['shortlisted'], to: 'publicised', clause: 'A01' },
  hold: { from: ['publicised'], to: 'objection-held', clause: 'A01' },
  release: { from: ['objection-held'], to: 'publicised', clause: 'A01' },
  uphold: { from: ['objection-held'], to: 'rejected', clause: 'A01' },
  clear: { from: ['publicised'], to: 'cleared', clause: 'A01' },
  designate: { from: ['cleared'], to: 'designated', clause: 'A01' },
}

/** In which state an application waits for a stage; and the other way round. */
const waits = {
  formal: 'formal-review',
  recommendation: 'recommendation',
  expert: 'expert-review',
  visit: 'site-visit',
  shortlist: 'shortlist',
} as const satisfies Record<string, ApplicationState>
type Waiting = keyof typeof waits

/**
 * Where an application goes when the stage it is in is passed. Before publicity and designation it does not come by
 * `pass`; a register goes straight to `designated`.
 * @clause A01
 */
export function nextState(
  scheme: Pick<Scheme, 'paths'>,
  path: string,
  state: ApplicationState,
): Decision<ApplicationState> {
  const stages = scheme.paths.find((one) => one.id === path)?.stages ?? []
  const at = stages.findIndex((stage) => stage in waits && waits[stage as Waiting] === state)
  const next = stages[at + 1]
  if (at < 0 || next === undefined || state === 'shortlist')
    return refuse('A01', 'wrong-state', { state, move: 'pass' })
  if (next === 'designation') return allow('designated')
  return next in waits ? allow(waits[next as Waiting]) : refuse('A01', 'wrong-state', { state, move: 'pass' })
}

/** States in which an application counts as under way. */
export const live = (state: ApplicationState): boolean =>
  !['draft', 'designated', 'rejected', 'not-selected', 'withdrawn'].includes(state)

export const workable: readonly ApplicationState[] = ['draft', 'returned']

/** Who or what will hold the title, as one key: the same holder never stands twice. */
export function holderKey(
  holder: Scheme['holder'],
  facts: { personId: string | null; organisationId: string | null; item: string },
): string {
  if (holder === 'person') return `person:${facts.personId}`
  if (holder === 'organisation') return `organisation:${facts.organisationId}`
  return `item:${facts.organisationId}:${facts.item.replace(/\s/g, '')}`
}

export type Limit = { quota: string; label: string; most: number | null; taken: number }

/**
 * Whether one more fits. A size nobody has laid down limits nothing.
 * @clause R23
 */
export function hasRoom(rule: string, limits: readonly Limit[]): Decision<null> {
  const full = limits.find((limit) => limit.most !== null && limit.taken >= limit.most)
  return full ? refuse(rule, 'quota-full', { quota: full.label, most: full.most }) : allow(null)
}
