import type { DatasetState } from '#modules/subsidy/dataset.schema.ts'
import type { Ctx } from '#platform/command.ts'
import type { Tone } from '../ui/tone.ts'

export const datasetTones = {
  queued: 'wait',
  imported: 'good',
  failed: 'bad',
  withdrawn: 'neutral',
} as const satisfies Record<DatasetState, Tone>

/** A department's name; another office is written as it was given. */
export const bodyName = (plan: Ctx['plan'], id: string): string =>
  plan.bodies.find((body) => body.id === id)?.name ?? id
