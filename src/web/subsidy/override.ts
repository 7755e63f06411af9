import { type OverrideState, overrideStates } from '#modules/subsidy/override.schema.ts'
import type { Day } from '#shared/units.ts'
import type { Tone } from '../ui/tone.ts'

const tones = { requested: 'wait', approved: 'good', refused: 'neutral', revoked: 'neutral' } as const

/** How an override stands today: approved and run out is over. */
export function overrideTone(one: { state: OverrideState; expiresOn: Day }, today: Day): { tone: Tone; label: string } {
  if (one.state === 'approved' && one.expiresOn < today) return { tone: 'warn', label: '已到期失效' }
  return { tone: tones[one.state], label: overrideStates[one.state] }
}
