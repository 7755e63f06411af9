import {
  holdsRollup,
  type Node,
  nodeOf,
  objectiveOf,
  pathTo,
  primaryKey,
  ruleAction,
  type State,
  setObjective,
  type Tree,
  trackedOf,
} from './activity-tree.rules.ts'
import type { Required, RollupRule } from './sequencing.schema.ts'

type Action = RollupRule['action']

/** What holds where a cluster has no rule of its own: known of all children it is negative, unless positive of all. */
const all = (condition: string, action: Action): RollupRule => ({
  ...{ children: 'all', minimumCount: 0, minimumPercent: 0, combination: 'any' },
  conditions: [{ condition, operator: 'noOp' }],
  action,
})
const defaults: Record<'objective' | 'progress', RollupRule[]> = {
  objective: [all('objectiveStatusKnown', 'notSatisfied'), all('satisfied', 'satisfied')],
  progress: [all('activityProgressKnown', 'incomplete'), all('completed', 'completed')],
}

/**
 * Carries what is known of an activity up to the root: measure, then objective, then progress (RB.1.5).
 * @clause HZ4-M13
 */
export function rollUp(tree: Tree, state: State, id: string): void {
  for (const node of pathTo(tree, id).toReversed()) {
    if (node.children.length === 0) continue
    measure(tree, state, node)
    objective(tree, state, node)
    progress(tree, state, node)
  }
}

const trackedChildren = (tree: Tree, node: Node) =>
  node.children.map((id) => nodeOf(tree, id)).filter((child) => child.s.tracked)

/** The weighted mean of the children's measures; one that is unknown counts as nothing (RB.1.1). */
function measure(tree: Tree, state: State, node: Node): void {
  let total = 0
  let weights = 0
  let known = false
  for (const child of trackedChildren(tree, node)) {
    const own = objectiveOf(state, child).measure
    weights += child.s.measureWeight
    if (own === null) continue
    known = true
    total += own * child.s.measureWeight
  }
  setObjective(state, node, primaryKey, { measure: known && weights > 0 ? total / weights : null })
}

/** By measure where the objective says so (it is then read from the measure), else by rules (RB.1.2). */
function objective(tree: Tree, state: State, node: Node): void {
  const primary = node.s.objectives.find((one) => one.primary)
  if (primary?.satisfiedByMeasure) {
    setObjective(state, node, primaryKey, {}) // passes on what the measure now says
    return
  }
  const rules = rulesOf(node, 'objective', ['satisfied', 'notSatisfied'])
  for (const [action, satisfied] of [
    ['notSatisfied', false],
    ['satisfied', true],
  ] as const) {
    if (rules.some((rule) => rule.action === action && applies(tree, state, node, rule))) {
      setObjective(state, node, primaryKey, { satisfied })
    }
  }
}

function progress(tree: Tree, state: State, node: Node): void {
  const rules = rulesOf(node, 'progress', ['completed', 'incomplete'])
  for (const [action, completed] of [
    ['incomplete', false],
    ['completed', true],
  ] as const) {
    if (rules.some((rule) => rule.action === action && applies(tree, state, node, rule))) {
      trackedOf(state, node.id).completed = completed
    }
  }
}

function rulesOf(node: Node, kind: 'objective' | 'progress', actions: Action[]): RollupRule[] {
  const own = node.s.rollupRules.filter(({ action }) => actions.includes(action))
  return own.length > 0 ? own : defaults[kind]
}

/** Whether enough children meet the rule (RB.1.4). No child that counts: it does not apply. */
function applies(tree: Tree, state: State, node: Node, rule: RollupRule): boolean {
  const answers = trackedChildren(tree, node)
    .filter((child) => counts(state, child, rule.action))
    .map((child) => meets(state, child, rule))
  const yes = answers.filter((answer) => answer === true).length
  const unknown = answers.filter((answer) => answer === null).length
  if (answers.length === 0) return false
  switch (rule.children) {
    case 'all':
      return yes === answers.length
    case 'any':
      return yes > 0
    case 'none':
      return yes === 0 && unknown === 0
    case 'atLeastCount':
      return yes >= rule.minimumCount
    default:
      return yes / answers.length >= rule.minimumPercent
  }
}

function meets(state: State, child: Node, rule: RollupRule): boolean | null {
  const answers = rule.conditions.map((condition) => holdsRollup(state, child, condition))
  if (rule.combination === 'any') {
    if (answers.includes(true)) return true
    return answers.includes(null) || answers.length === 0 ? null : false
  }
  if (answers.includes(false)) return false
  return answers.includes(null) || answers.length === 0 ? null : true
}

/** Whether a child is taken into account for an action (RB.1.4.2). */
function counts(state: State, child: Node, action: Action): boolean {
  const about = action === 'satisfied' || action === 'notSatisfied' ? 'objective' : 'progress'
  if (about === 'objective' ? !child.s.rollupSatisfied : !child.s.rollupProgress) return false
  const required: Record<Action, Required> = {
    satisfied: child.s.requiredForSatisfied,
    notSatisfied: child.s.requiredForNotSatisfied,
    completed: child.s.requiredForCompleted,
    incomplete: child.s.requiredForIncomplete,
  }
  const { attempts, suspended } = trackedOf(state, child.id)
  switch (required[action]) {
    case 'ifNotSuspended':
      return !(attempts > 0 && suspended)
    case 'ifAttempted':
      return attempts > 0
    case 'ifNotSkipped':
      return ruleAction(state, child, child.s.pre, ['skip']) === null
    default:
      return true
  }
}
