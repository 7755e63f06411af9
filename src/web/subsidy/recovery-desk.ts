import type { RecoveryState } from '#modules/subsidy/recovery.schema.ts'
import type { Tone } from '../ui/tone.ts'

export const recoveryTones = {
  opened: 'wait',
  heard: 'wait',
  dropped: 'neutral',
  decided: 'info',
  demanded: 'warn',
  recovered: 'good',
  'written-off': 'neutral',
  transferred: 'neutral',
} as const satisfies Record<RecoveryState, Tone>
