import { roles } from '#platform/permissions.ts'
import type { Current } from './ctx.ts'
import { type Area, areasOf } from './nav.ts'
import { type Preferences, readPreferences } from './preferences.ts'

/** What every layout shows; the loader data of the root. */
export type Shell = {
  requestId: string
  preferences: Preferences
  demo: string | null
  user: { name: string; roles: string[]; areas: Area[]; actingFor: boolean } | null
}

export function shellOf(request: Request, { ctx, demo }: Current): Shell {
  const { actor } = ctx
  return {
    requestId: ctx.requestId,
    preferences: readPreferences(request),
    demo: demo?.label ?? null,
    user:
      actor.kind === 'anonymous'
        ? null
        : {
            name: actor.name,
            roles: [...new Set(actor.holdings.map((holding) => roles[holding.role].label))],
            areas: areasOf(actor),
            actingFor: actor.onBehalfOf !== undefined,
          },
  }
}
