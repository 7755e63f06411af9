import type { Activity } from './package.schema.ts'
import { defaultSequencing, type RuleCondition, type Sequencing, type SequencingRule } from './sequencing.schema.ts'

/** The activity tree of SCORM 2004 and what is tracked about it (SN book, sections 2 and 4.2). Null means unknown. */
export type Objective = { satisfied: boolean | null; measure: number | null }
export type Tracked = {
  attempts: number
  active: boolean
  suspended: boolean
  completed: boolean | null
  objectives: Record<string, Objective>
  /** Seconds: the running attempt's and all attempts', by the clock and as learnt. */
  times?: { attemptAbsolute: number; attemptExperienced: number; activityAbsolute: number; activityExperienced: number }
}
export type State = {
  current: string | null
  suspended: string | null
  activities: Record<string, Tracked>
  globals: Record<string, Objective>
  /** The instant that limits in time are judged at; without one they are not. */
  now?: number
}
export type Node = { id: string; parent: string | null; children: string[]; s: Sequencing }
export type Tree = { root: string; nodes: Map<string, Node> }

/** The key of an activity's primary objective where the manifest gives it no id. */
export const primaryKey = ''

export function treeOf(root: Activity): Tree {
  const nodes = new Map<string, Node>()
  const add = (activity: Activity, parent: string | null) => {
    const s = activity.sequencing ?? defaultSequencing
    nodes.set(activity.id, { id: activity.id, parent, children: activity.children.map(({ id }) => id), s })
    for (const child of activity.children) add(child, activity.id)
  }
  add(root, null)
  return { root: root.id, nodes }
}

export const newState = (): State => ({ current: null, suspended: null, activities: {}, globals: {} })

const untouched = (): Tracked => ({ attempts: 0, active: false, suspended: false, completed: null, objectives: {} })

export function nodeOf(tree: Tree, id: string): Node {
  const node = tree.nodes.get(id)
  if (!node) throw new Error(`no activity ${id}`)
  return node
}
export const parentOf = (tree: Tree, node: Node): Node | null =>
  node.parent === null ? null : nodeOf(tree, node.parent)
export const isLeaf = (node: Node): boolean => node.children.length === 0

export function trackedOf(state: State, id: string): Tracked {
  const there = state.activities[id]
  if (there) return there
  const made = untouched()
  state.activities[id] = made
  return made
}

/** From the root down to the activity, both included. */
export function pathTo(tree: Tree, id: string): Node[] {
  const path: Node[] = []
  for (let node: Node | null = nodeOf(tree, id); node; node = parentOf(tree, node)) path.unshift(node)
  return path
}

export function commonAncestor(tree: Tree, a: string, b: string): Node {
  const above = new Set(pathTo(tree, a).map(({ id }) => id))
  return pathTo(tree, b).findLast(({ id }) => above.has(id)) ?? nodeOf(tree, tree.root)
}

const objectiveDefinition = (node: Node, key: string) =>
  node.s.objectives.find((objective) => (key === primaryKey ? objective.primary : objective.id === key))
const storageKey = (node: Node, key: string) => {
  const definition = objectiveDefinition(node, key)
  return definition?.primary ? primaryKey : key
}

/** An objective as the activity sees it: its own value, or what a shared one tells where its own is unknown. */
export function objectiveOf(state: State, node: Node, key = primaryKey): Objective {
  const definition = objectiveDefinition(node, key)
  const tracked = trackedOf(state, node.id)
  const own = tracked.objectives[storageKey(node, key)] ?? { satisfied: null, measure: null }
  let { satisfied, measure } = own
  for (const map of definition?.maps ?? []) {
    const shared = state.globals[map.target]
    if (map.readStatus) satisfied ??= shared?.satisfied ?? null
    if (map.readMeasure) measure ??= shared?.measure ?? null
  }
  if (definition?.satisfiedByMeasure) {
    const judged = !tracked.active || node.s.measureSatisfactionIfActive
    satisfied = measure === null || !judged ? null : measure >= definition.minMeasure
  }
  return { satisfied, measure }
}

/** Sets an objective and passes it on to the shared ones that it writes to. */
export function setObjective(state: State, node: Node, key: string, set: Partial<Objective>): void {
  const tracked = trackedOf(state, node.id)
  const at = storageKey(node, key)
  const before = tracked.objectives[at] ?? { satisfied: null, measure: null }
  tracked.objectives[at] = { ...before, ...set }
  const seen = objectiveOf(state, node, key)
  for (const map of objectiveDefinition(node, key)?.maps ?? []) {
    const shared = state.globals[map.target] ?? { satisfied: null, measure: null }
    state.globals[map.target] = {
      satisfied: map.writeStatus && seen.satisfied !== null ? seen.satisfied : shared.satisfied,
      measure: map.writeMeasure && seen.measure !== null ? seen.measure : shared.measure,
    }
  }
}

/** True, false, or null for unknown (UP.2.1). */
function holds(
  state: State,
  node: Node,
  { condition, operator, objective, threshold = 0 }: RuleCondition,
): boolean | null {
  const tracked = trackedOf(state, node.id)
  const { satisfied, measure } = objectiveOf(state, node, objective ?? primaryKey)
  const plain = ((): boolean | null => {
    switch (condition) {
      case 'satisfied':
        return satisfied
      case 'objectiveStatusKnown':
        return satisfied !== null
      case 'objectiveMeasureKnown':
        return measure !== null
      case 'objectiveMeasureGreaterThan':
        return measure === null ? null : measure > threshold
      case 'objectiveMeasureLessThan':
        return measure === null ? null : measure < threshold
      case 'completed':
        return tracked.completed
      case 'activityProgressKnown':
        return tracked.completed !== null
      case 'attempted':
        return tracked.attempts > 0
      case 'attemptLimitExceeded':
        return node.s.attemptLimit !== null && tracked.attempts >= node.s.attemptLimit
      case 'timeLimitExceeded':
        return timeUsedUp(state, node)
      case 'outsideAvailableTimeRange':
        return outsideTime(state, node)
      case 'always':
        return true
      default:
        return null
    }
  })()
  return operator === 'not' && plain !== null ? !plain : plain
}

/** Whether a rule with one of the actions applies: unknown is not yes (UP.2). */
export function ruleAction(
  state: State,
  node: Node,
  rules: readonly SequencingRule[],
  actions: readonly string[],
): string | null {
  for (const rule of rules) {
    if (!actions.includes(rule.action)) continue
    const answers = rule.conditions.map((condition) => holds(state, node, condition))
    const met =
      rule.combination === 'all'
        ? answers.length > 0 && answers.every((answer) => answer === true)
        : answers.some((answer) => answer === true)
    if (met) return rule.action
  }
  return null
}

const durations = ['attemptAbsolute', 'attemptExperienced', 'activityAbsolute', 'activityExperienced'] as const

/** A duration that is used up (UP.1, 4 to 7). */
function timeUsedUp(state: State, node: Node): boolean {
  const { times } = trackedOf(state, node.id)
  return durations.some((name) => {
    const limit = node.s.limits?.[name] ?? null
    return limit !== null && times !== undefined && times[name] >= limit
  })
}

/** Before its time or after it (UP.1, 8 and 9). */
function outsideTime(state: State, node: Node): boolean {
  const { begin = null, end = null } = node.s.limits ?? {}
  if (state.now === undefined) return false
  return (begin !== null && state.now < Date.parse(begin)) || (end !== null && state.now > Date.parse(end))
}

/** Disabled by a rule, or used up (UP.5 with UP.1). */
export function isClosed(state: State, node: Node): boolean {
  if (ruleAction(state, node, node.s.pre, ['disabled']) !== null) return true
  const tracked = trackedOf(state, node.id)
  const running = tracked.active || tracked.suspended
  if (!node.s.tracked || running) return false
  const attemptsUsed = node.s.attemptLimit !== null && tracked.attempts >= node.s.attemptLimit
  return attemptsUsed || timeUsedUp(state, node) || outsideTime(state, node)
}

export const holdsRollup = (
  state: State,
  node: Node,
  condition: { condition: string; operator: 'noOp' | 'not' },
): boolean | null => holds(state, node, condition)
