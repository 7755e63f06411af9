import type { Plan } from '#policy/plan.types.ts'
import type { Day } from '#shared/units.ts'

/** The subdistricts of a day, as options of a field. */
export const subdistrictOptions = (plan: Plan, today: Day) =>
  plan.subdistricts
    .filter((s) => s.validFrom <= today && (!s.validTo || s.validTo >= today))
    .map((s) => ({ value: s.code, label: s.name }))

export const subdistrictName = (plan: Plan, code: string | null | undefined): string =>
  plan.subdistricts.find((s) => s.code === code)?.name ?? code ?? ''

export const bodyName = (plan: Plan, id: string | null | undefined): string =>
  plan.bodies.find((body) => body.id === id)?.shortName ?? id ?? ''
