import { checkActivity } from './activity.rules.ts'
import { checkActor, checkAgent, checkGroup } from './actor.rules.ts'
import { type Json, type Version, wrong } from './statement.schema.ts'
import {
  arrayOf,
  booleanOf,
  durationOf,
  extensionsOf,
  iriOf,
  languageOf,
  numberOf,
  objectOf,
  textOf,
  uuidOf,
} from './value.rules.ts'

const resultKeys = new Set(['score', 'success', 'completion', 'response', 'duration', 'extensions'])
const scoreKeys = new Set(['scaled', 'raw', 'min', 'max'])
const refKeys = new Set(['objectType', 'id'])
const oneKeys = [
  ...['registration', 'instructor', 'team', 'contextActivities', 'revision', 'platform', 'language'],
  ...['statement', 'extensions'],
]
const contextKeys: Record<Version, ReadonlySet<string>> = {
  '1.0.3': new Set(oneKeys),
  '2.0.0': new Set([...oneKeys, 'contextAgents', 'contextGroups']),
}
const relations = ['parent', 'grouping', 'category', 'other']
const relationKeys = new Set(relations)
const contextAgentKeys = new Set(['objectType', 'agent', 'relevantTypes'])
const contextGroupKeys = new Set(['objectType', 'group', 'relevantTypes'])

/** xAPI Data 2.4.5. */
export function checkResult(value: unknown, path: string): void {
  const result = objectOf(value, path, resultKeys)
  if (result.score !== undefined) checkScore(result.score, `${path}.score`)
  if (result.success !== undefined) booleanOf(result.success, `${path}.success`)
  if (result.completion !== undefined) booleanOf(result.completion, `${path}.completion`)
  if (result.response !== undefined) textOf(result.response, `${path}.response`)
  if (result.duration !== undefined) durationOf(result.duration, `${path}.duration`)
  if (result.extensions !== undefined) extensionsOf(result.extensions, `${path}.extensions`)
}

function checkScore(value: unknown, path: string): void {
  const score = objectOf(value, path, scoreKeys)
  const n: Record<string, number> = {}
  for (const key in score) n[key] = numberOf(score[key], `${path}.${key}`)
  const { scaled, raw, min, max } = n
  if (scaled !== undefined && (scaled < -1 || scaled > 1)) wrong(`${path}.scaled`, 'must be from -1 to 1')
  if (min !== undefined && max !== undefined && min >= max) wrong(`${path}.max`, 'must be more than min')
  if (raw !== undefined && min !== undefined && raw < min) wrong(`${path}.raw`, 'must not be less than min')
  if (raw !== undefined && max !== undefined && raw > max) wrong(`${path}.raw`, 'must not be more than max')
}

export function checkRef(value: unknown, path: string): void {
  const ref = objectOf(value, path, refKeys)
  if (ref.objectType !== 'StatementRef') wrong(`${path}.objectType`, 'must be StatementRef')
  uuidOf(ref.id, `${path}.id`)
}

/** Also makes single context activities the lists that they stand for. xAPI Data 2.4.6. */
export function checkContext(value: unknown, path: string, version: Version, aboutActivity: boolean): void {
  const context = objectOf(value, path, contextKeys[version])
  if (context.registration !== undefined) uuidOf(context.registration, `${path}.registration`)
  if (context.instructor !== undefined) checkActor(context.instructor, `${path}.instructor`)
  if (context.team !== undefined) checkGroup(context.team, `${path}.team`)
  if (context.contextActivities !== undefined) checkRelations(context.contextActivities, `${path}.contextActivities`)
  if (context.contextAgents !== undefined) checkContextAgents(context.contextAgents, `${path}.contextAgents`)
  if (context.contextGroups !== undefined) checkContextGroups(context.contextGroups, `${path}.contextGroups`)
  for (const key of ['revision', 'platform'] as const) {
    if (context[key] === undefined) continue
    textOf(context[key], `${path}.${key}`)
    if (!aboutActivity) wrong(`${path}.${key}`, 'is only for statements about an activity')
  }
  if (context.language !== undefined) languageOf(context.language, `${path}.language`)
  if (context.statement !== undefined) checkRef(context.statement, `${path}.statement`)
  if (context.extensions !== undefined) extensionsOf(context.extensions, `${path}.extensions`)
}

function checkRelations(value: unknown, path: string): void {
  const object: Json = objectOf(value, path, relationKeys)
  for (const relation of relations) {
    if (object[relation] === undefined) continue
    if (!Array.isArray(object[relation])) object[relation] = [object[relation]]
    for (const [i, activity] of (object[relation] as unknown[]).entries())
      checkActivity(activity, `${path}.${relation}[${i}]`)
  }
}

function checkContextAgents(value: unknown, path: string): void {
  for (const [i, item] of arrayOf(value, path).entries()) {
    const one = objectOf(item, `${path}[${i}]`, contextAgentKeys)
    if (one.objectType !== 'contextAgent') wrong(`${path}[${i}].objectType`, 'must be contextAgent')
    checkAgent(one.agent, `${path}[${i}].agent`)
    checkRelevantTypes(one.relevantTypes, `${path}[${i}].relevantTypes`)
  }
}

function checkContextGroups(value: unknown, path: string): void {
  for (const [i, item] of arrayOf(value, path).entries()) {
    const one = objectOf(item, `${path}[${i}]`, contextGroupKeys)
    if (one.objectType !== 'contextGroup') wrong(`${path}[${i}].objectType`, 'must be contextGroup')
    checkGroup(one.group, `${path}[${i}].group`)
    checkRelevantTypes(one.relevantTypes, `${path}[${i}].relevantTypes`)
  }
}

function checkRelevantTypes(value: unknown, path: string): void {
  if (value === undefined) return
  const types = arrayOf(value, path)
  if (types.length === 0) wrong(path, 'must not be empty')
  for (const [i, type] of types.entries()) iriOf(type, `${path}[${i}]`)
}
