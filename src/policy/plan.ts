import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { competitionFile } from './competition.schema.ts'
import { checkPlan } from './plan.check.ts'
import { PlanError, type PlanFault } from './plan.errors.ts'
import { planFiles } from './plan.schema.ts'
import type { CompetitionType, Plan, Programme, Scheme } from './plan.types.ts'
import { programmeFile } from './programme.schema.ts'
import { schemeFile } from './scheme.schema.ts'
import { shaped } from './shaped.ts'

export type { Plan } from './plan.types.ts'

type Content = { [K in keyof typeof planFiles]: z.infer<(typeof planFiles)[K]> }

/**
 * Reads a plan folder. Everything a district decides is in the folder; a wrong folder is refused with file, JSON path
 * and reason for every fault, so that a system never starts on half a plan.
 */
export function loadPlan(folder: string): Plan {
  const faults: PlanFault[] = []
  const content = Object.fromEntries(
    Object.entries(planFiles).map(([file, shape]) => [file, readShaped(folder, file, shape, faults)]),
  ) as unknown as Content
  const officialText = readText(folder, 'official-text.txt', faults)
  const programmes = programmeNames(folder, faults).map((file) => readShaped(folder, file, programmeFile, faults))
  const schemes = namesIn(folder, 'schemes').map((file) => readShaped(folder, file, schemeFile, faults))
  const competitions = namesIn(folder, 'competitions').map((file) => readShaped(folder, file, competitionFile, faults))
  if (faults.length > 0) throw new PlanError(faults)

  const plan = assemble(content, officialText ?? '', {
    programmes: programmes as Programme[],
    schemes: schemes as Scheme[],
    competitions: competitions as CompetitionType[],
  })
  faults.push(...checkPlan(plan))
  if (faults.length > 0) throw new PlanError(faults)
  return deepFreeze(plan)
}

function assemble(
  content: Content,
  officialText: string,
  folders: { programmes: Programme[]; schemes: Scheme[]; competitions: CompetitionType[] },
): Plan {
  const { bodies, collective, subdistricts, functionalAreas } = content['bodies.json']
  const { indicators, countingTags, bases } = content['indicators.json']
  const { occupations, sets, editions } = content['occupations.json']
  return {
    ...content['plan.json'],
    officialText,
    ...content['clauses.json'],
    bodies,
    collective,
    subdistricts,
    functionalAreas,
    matrix: content['matrix.json'].rows,
    indicators,
    countingTags,
    bases,
    ...content['decisions.json'],
    ...content['figures.json'],
    ...content['sources.json'],
    ...content['rules.json'],
    ...folders,
    occupations,
    occupationSets: sets,
    occupationEditions: editions,
    levelSchemes: content['level-schemes.json'].schemes,
    ...content['groups.json'],
    ...content['fund-sources.json'],
    ...content['org-types.json'],
    ...content['materials.json'],
    ...content['reason-codes.json'],
    admissionStandards: content['admission.json'].standards,
  }
}

function readText(folder: string, file: string, faults: PlanFault[]): string | undefined {
  try {
    return readFileSync(join(folder, file), 'utf8')
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    faults.push({ file, path: '$', reason: missing ? '缺少这个文件' : '文件无法读取' })
    return undefined
  }
}

function readShaped<T extends z.ZodType>(folder: string, file: string, shape: T, faults: PlanFault[]) {
  const source = readText(folder, file, faults)
  if (source === undefined) return undefined
  return shaped(file, source, shape, faults)
}

function programmeNames(folder: string, faults: PlanFault[]): string[] {
  try {
    const names = readdirSync(join(folder, 'programmes')).filter((name) => name.endsWith('.json'))
    return names.sort().map((name) => `programmes/${name}`)
  } catch {
    faults.push({ file: 'programmes', path: '$', reason: '缺少培训项目文件夹' })
    return []
  }
}

/** A plan may have no titles and no competitions at all. */
function namesIn(folder: string, part: string): string[] {
  const at = join(folder, part)
  if (!existsSync(at)) return []
  const names = readdirSync(at).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => `${part}/${name}`)
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
