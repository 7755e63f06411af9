import { type Activity, type Json, wrong } from './statement.schema.ts'
import { arrayOf, extensionsOf, iriOf, languageMapOf, objectOf, textOf } from './value.rules.ts'

const activityKeys = new Set(['objectType', 'id', 'definition'])
const components = ['choices', 'scale', 'source', 'target', 'steps'] as const
const definitionKeys = new Set([
  ...['name', 'description', 'type', 'moreInfo', 'extensions', 'interactionType', 'correctResponsesPattern'],
  ...components,
])
const componentKeys = new Set(['id', 'description'])

/** Which lists of components an interaction may bring. */
const interactions: Record<string, readonly string[]> = {
  'true-false': [],
  choice: ['choices'],
  'fill-in': [],
  'long-fill-in': [],
  matching: ['source', 'target'],
  performance: ['steps'],
  sequencing: ['choices'],
  likert: ['scale'],
  numeric: [],
  other: [],
}

/** xAPI Data 2.4.4.1. */
export function checkActivity(value: unknown, path: string): Activity {
  const activity = objectOf(value, path, activityKeys)
  if (activity.objectType !== undefined && activity.objectType !== 'Activity')
    wrong(`${path}.objectType`, 'must be Activity')
  iriOf(activity.id, `${path}.id`)
  if (activity.definition !== undefined) checkDefinition(activity.definition, `${path}.definition`)
  return activity as Activity
}

function checkDefinition(value: unknown, path: string): void {
  const definition = objectOf(value, path, definitionKeys)
  if (definition.name !== undefined) languageMapOf(definition.name, `${path}.name`)
  if (definition.description !== undefined) languageMapOf(definition.description, `${path}.description`)
  if (definition.type !== undefined) iriOf(definition.type, `${path}.type`)
  if (definition.moreInfo !== undefined) iriOf(definition.moreInfo, `${path}.moreInfo`)
  if (definition.extensions !== undefined) extensionsOf(definition.extensions, `${path}.extensions`)
  checkInteraction(definition, path)
}

function checkInteraction(definition: Json, path: string): void {
  const kind = definition.interactionType
  if (kind !== undefined && (typeof kind !== 'string' || !Object.hasOwn(interactions, kind)))
    wrong(`${path}.interactionType`, 'is not an interaction of the standard')
  if (definition.correctResponsesPattern !== undefined) {
    if (kind === undefined) wrong(`${path}.correctResponsesPattern`, 'needs an interactionType')
    for (const [i, pattern] of arrayOf(definition.correctResponsesPattern, `${path}.correctResponsesPattern`).entries())
      textOf(pattern, `${path}.correctResponsesPattern[${i}]`)
  }
  for (const list of components) {
    if (definition[list] === undefined) continue
    if (kind === undefined || !interactions[kind as string]?.includes(list))
      wrong(`${path}.${list}`, `does not belong to the interaction ${kind ?? '(none)'}`)
    checkComponents(definition[list], `${path}.${list}`)
  }
}

function checkComponents(value: unknown, path: string): void {
  const seen = new Set<string>()
  for (const [i, item] of arrayOf(value, path).entries()) {
    const component = objectOf(item, `${path}[${i}]`, componentKeys)
    const id = textOf(component.id, `${path}[${i}].id`)
    if (seen.has(id)) wrong(`${path}[${i}].id`, 'must not appear twice')
    seen.add(id)
    if (component.description !== undefined) languageMapOf(component.description, `${path}[${i}].description`)
  }
}
