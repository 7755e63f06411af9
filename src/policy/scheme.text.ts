import type { PlanFault } from './plan.errors.ts'
import type { Plan, Scheme } from './plan.types.ts'
import { checkSchemes } from './scheme.check.ts'
import { schemeFile } from './scheme.schema.ts'
import { shaped } from './shaped.ts'

/** The text of a scheme's file, as it is written to the plan's folder. */
export const schemeText = (scheme: Scheme): string => `${JSON.stringify(scheme, null, 2)}\n`

/**
 * Reads a scheme's text as the plan's folder would be read with it: shape first, then what it says about the rest of the
 * plan. One file is judged; the others stand as they are.
 */
export function readScheme(plan: Plan, code: string, text: string): { scheme: Scheme | null; faults: PlanFault[] } {
  const file = `schemes/${code}.json`
  const faults: PlanFault[] = []
  const scheme = shaped(file, text, schemeFile, faults) as Scheme | undefined
  if (!scheme) return { scheme: null, faults }
  if (scheme.code !== code) {
    return { scheme: null, faults: [{ file, path: '$.code', reason: `编号要与文件名一致，应为“${code}”` }] }
  }
  const schemes = plan.schemes.map((one) => (one.code === code ? scheme : one))
  checkSchemes({ ...plan, schemes }, (where, path, reason) => {
    if (where === file) faults.push({ file, path, reason })
  })
  return { scheme: faults.length === 0 ? scheme : null, faults }
}
