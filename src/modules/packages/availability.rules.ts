import { isClosed, newState, pathTo, primaryKey, type State, type Tracked, treeOf } from './activity-tree.rules.ts'
import { statusOf } from './attempt.rules.ts'
import type { PackageFound } from './package.schema.ts'
import { countOf, type Values } from './runtime.schema.ts'
import { isValid, navigate, noteRuntime } from './sequencing.rules.ts'

/** The last attempt on a unit; `number` is how many there have been. In the order they began. */
export type LastAttempt = {
  unitId: string
  number: number
  values: Values
  /** False: the learner left to come back. */
  ended?: boolean
  times?: Tracked['times']
}

/**
 * Which units may be opened now: in SCORM 1.2 those whose prerequisites are met, in SCORM 2004 those that sequencing lets
 * one choose, or that come before or after the one learnt last. Everything else is open.
 * @clause HZ4-M13
 */
export function openUnits(found: PackageFound, attempts: readonly LastAttempt[], now?: Date): Set<string> {
  if (found.kind === 'scorm12') {
    const done = new Set(attempts.filter(({ values }) => isDone(values)).map(({ unitId }) => unitId))
    return new Set(
      found.units.filter(({ scorm }) => prerequisitesMet(scorm?.prerequisites ?? '', done)).map(({ id }) => id),
    )
  }
  const [root] = found.activities
  if (found.kind !== 'scorm2004' || !root) return new Set(found.units.map(({ id }) => id))
  const tree = treeOf(root)
  const state = stateOf(found, attempts, now)
  const open = new Set<string>()
  for (const { id } of found.units) if (isValid(tree, state, { kind: 'choice', target: id })) open.add(id)
  const last = attempts.at(-1)?.unitId
  if (last === undefined || !tree.nodes.has(last)) {
    const first = navigate(tree, state, { kind: 'start' }).deliver
    return first === null ? open : open.add(first)
  }
  if (pathTo(tree, last).every((node) => !isClosed(state, node))) open.add(last)
  for (const kind of ['continue', 'previous'] as const) {
    const next = navigate(tree, { ...state, current: last }, { kind }).deliver
    if (next !== null) open.add(next)
  }
  return open
}

/** What sequencing tracks, from what the attempts reported. */
export function stateOf(found: PackageFound, attempts: readonly LastAttempt[], now?: Date): State {
  const [root] = found.activities
  let state: State = { ...newState(), ...(now && { now: now.getTime() }) }
  if (!root) return state
  const tree = treeOf(root)
  const assets = new Set(found.units.filter(({ kind }) => kind === 'asset').map(({ id }) => id))
  for (const { unitId, number, values, ended = true, times } of attempts) {
    const node = tree.nodes.get(unitId)
    if (!node?.s.tracked) continue
    const { completed, passed, scaled } = statusOf('scorm2004', values)
    const over = ended || assets.has(unitId)
    const tracked = { attempts: number, active: false, suspended: !over, completed: null, objectives: {} }
    state = { ...state, activities: { ...state.activities, [unitId]: { ...tracked, ...(times && { times }) } } }
    const known = completed || (values['cmi.completion_status'] ?? 'unknown') !== 'unknown'
    // What content leaves open is taken from its having been there, unless the manifest says that content sets it (UP.4).
    const byMeasure = node.s.objectives.some((one) => one.primary && one.satisfiedByMeasure)
    const satisfied = passed ?? (over && !node.s.objectiveSetByContent && !byMeasure ? true : null)
    state = noteRuntime(tree, state, unitId, {
      completed: known ? completed : over && !node.s.completionSetByContent ? true : null,
      objectives: { ...objectivesIn(values), [primaryKey]: { satisfied, measure: scaled } },
    })
  }
  return state
}

function objectivesIn(values: Values) {
  const found: Record<string, { satisfied: boolean | null; measure: number | null }> = {}
  for (let n = 0; n < countOf(values, 'cmi.objectives'); n++) {
    const at = `cmi.objectives.${n}`
    const status = values[`${at}.success_status`] ?? 'unknown'
    const scaled = values[`${at}.score.scaled`]
    found[values[`${at}.id`] ?? ''] = {
      satisfied: status === 'passed' ? true : status === 'failed' ? false : null,
      measure: scaled === undefined ? null : Number(scaled),
    }
  }
  return found
}

const isDone = (values: Values) => ['passed', 'completed'].includes(values['cmi.core.lesson_status'] ?? '')

/** AICC script as far as manifests use it: identifiers with `&`, `|`, `~` and brackets. What cannot be read bars nothing. */
export function prerequisitesMet(script: string, done: ReadonlySet<string>): boolean {
  const tokens = script.match(/[&|~()]|[^\s&|~()]+/g) ?? []
  let at = 0
  const any = (): boolean => {
    let value = every()
    while (tokens[at] === '|') {
      at++
      value = every() || value
    }
    return value
  }
  const every = (): boolean => {
    let value = one()
    while (tokens[at] === '&') {
      at++
      value = one() && value
    }
    return value
  }
  const one = (): boolean => {
    const token = tokens[at++]
    if (token === '~') return !one()
    if (token !== '(') return token !== undefined && done.has(token)
    const value = any()
    at++
    return value
  }
  if (tokens.length === 0) return true
  const value = any()
  return at < tokens.length || value
}
