import type { Ctx } from '#platform/command.ts'

/** Every level of every scheme once, named with its scheme where two share a code. */
export function levelOptions(plan: Ctx['plan']): { value: string; label: string }[] {
  const byCode = new Map<string, Set<string>>()
  for (const { levels } of plan.levelSchemes) {
    for (const { code, label } of levels) byCode.set(code, (byCode.get(code) ?? new Set()).add(label))
  }
  return [...byCode].map(([value, labels]) => ({ value, label: [...labels].join('、') }))
}

export const subdistrictOptions = (plan: Ctx['plan']) =>
  plan.subdistricts.map(({ code, name }) => ({ value: code, label: name }))
