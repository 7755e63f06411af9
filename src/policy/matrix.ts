import type { Body, MatrixPart, Plan } from './plan.types.ts'

export type Part = 'lead' | 'colead' | 'cooperating'
export type Duty = { clause: string; part: Part; scope: string | null; groups: readonly string[] }

const parts: readonly Part[] = ['lead', 'colead', 'cooperating']
const rowOf = (plan: Plan, clause: string) => plan.matrix.find((row) => row.clause === clause)

/** Who leads a measure: one lead or several co-leads, each with its scope. Empty where the plan names none. */
export function leadsOf(plan: Plan, clause: string): readonly MatrixPart[] {
  const row = rowOf(plan, clause)
  return row ? [...row.lead, ...row.colead] : []
}

/** True when the plan itself names who leads the measure. */
export const leadStated = (plan: Plan, clause: string): boolean => rowOf(plan, clause)?.leadStated ?? false

/** What a body does and where: lead, co-lead or cooperating. A subdistrict's 9-digit code stands for the collective. */
export function measuresOf(plan: Plan, bodyId: string): Duty[] {
  const id = plan.subdistricts.some((s) => s.code === bodyId) ? plan.collective.id : bodyId
  return plan.matrix.flatMap((row) =>
    parts.flatMap((part) =>
      row[part]
        .filter(({ body }) => body === id)
        .map(({ scope, groups }) => ({ clause: row.clause, part, scope: scope ?? null, groups: groups ?? [] })),
    ),
  )
}

/** Which body owns a group of people (分工牵头). */
export function ownerOfGroup(plan: Plan, group: string): Body | undefined {
  const owner = plan.groups.find((g) => g.id === group)?.owner
  return plan.bodies.find((body) => body.id === owner)
}
