import { keptTexts } from '#platform/kept-texts.ts'
import type { CompetitionType } from '#policy/plan.types.ts'

/** A type as it stood when the filing was begun. */
export const { read: typeVersion, keep: keepTypeVersion } = keptTexts<CompetitionType>(
  'competition.type_versions',
  'type',
  'competition-type',
)
