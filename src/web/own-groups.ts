import type { Actor } from '#platform/actor.ts'
import type { Plan } from '#policy/plan.types.ts'

/** The key groups whose members this actor's department knows. */
export const ownGroups = (plan: Plan, actor: Actor) =>
  plan.groups.filter((group) => actor.can('group.verify', { body: group.owner }))
