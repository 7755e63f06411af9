import {
  isClosed,
  isLeaf,
  type Node,
  nodeOf,
  type Objective,
  objectiveOf,
  parentOf,
  pathTo,
  primaryKey,
  ruleAction,
  type State,
  setObjective,
  type Tree,
  trackedOf,
} from './activity-tree.rules.ts'
import { rollUp } from './rollup.rules.ts'
import { choose, flow, type Walk } from './traversal.rules.ts'

export type Request =
  | { kind: 'start' | 'resumeAll' | 'continue' | 'previous' }
  | { kind: 'exit' | 'exitAll' | 'suspendAll' | 'abandon' | 'abandonAll' }
  | { kind: 'choice' | 'jump'; target: string }

/** What a request comes to: the activity to deliver, the end of the session, or the exception of the SN book. */
export type Outcome = { state: State; deliver: string | null; ended: boolean; exception: string | null }

const leaving = ['exit', 'exitAll', 'suspendAll', 'abandon', 'abandonAll']
type After = 'continue' | 'previous' | 'retry' | 'exitAll' | null

/**
 * Overall sequencing (OP.1): navigation, termination with exit and post conditions, the sequencing request, delivery.
 * The state that is handed in stays as it is; without a delivery or an end, what comes back is that state.
 * @clause HZ4-M13
 */
export function navigate(tree: Tree, before: State, request: Request): Outcome {
  const state = structuredClone(before)
  const stay = (exception: string): Outcome => ({ state: before, deliver: null, ended: false, exception })
  const current = state.current === null ? null : nodeOf(tree, state.current)
  const refusal = refusalOf(tree, state, current, request)
  if (refusal) return stay(refusal)
  // A choice is judged before anything ends: a learner who may not go there stays where they are.
  if (request.kind === 'choice') {
    const found = choose(tree, state, request.target)
    if (!('to' in found)) return stay('exception' in found ? found.exception : 'SB.2.9-9')
  }
  let after: After = null
  if (current && trackedOf(state, current.id).active) after = terminate(tree, state, current, request)
  if (leaving.includes(request.kind)) {
    const everything = request.kind !== 'exit' && request.kind !== 'abandon'
    if (everything || after === 'exitAll' || (after === null && state.current === tree.root)) return end(tree, state)
    if (after === null) return { state, deliver: null, ended: false, exception: null }
  }
  if (after === 'exitAll') return end(tree, state)
  const found = sought(tree, state, after ? { kind: after } : request)
  if ('ended' in found) return end(tree, state)
  if ('exception' in found) {
    return leaving.includes(request.kind)
      ? { state, deliver: null, ended: false, exception: found.exception }
      : stay(found.exception)
  }
  if (!deliverable(tree, state, found.to)) return stay('DB.1.1-3')
  deliver(tree, state, found.to)
  return { state, deliver: found.to.id, ended: false, exception: null }
}

/** Whether a request makes sense at all (NB.2.1). */
function refusalOf(tree: Tree, state: State, current: Node | null, request: Request): string | null {
  switch (request.kind) {
    case 'start':
      return current ? 'NB.2.1-1' : null
    case 'resumeAll':
      if (current) return 'NB.2.1-1'
      return state.suspended === null ? 'NB.2.1-3' : null
    case 'continue':
    case 'previous': {
      if (!current) return 'NB.2.1-1'
      const parent = parentOf(tree, current)
      if (!parent?.s.flow) return 'NB.2.1-4'
      return request.kind === 'previous' && parent.s.forwardOnly ? 'NB.2.1-5' : null
    }
    case 'choice':
    case 'jump':
      return tree.nodes.has(request.target) ? null : 'NB.2.1-11'
    default:
      return current ? null : 'NB.2.1-2'
  }
}

/** Ends what is running, and asks the exit and post conditions where to go (TB.2.3). */
function terminate(tree: Tree, state: State, current: Node, request: Request): After {
  if (request.kind === 'suspendAll') {
    for (const node of pathTo(tree, current.id)) {
      Object.assign(trackedOf(state, node.id), { active: false, suspended: true })
    }
    state.suspended = current.id
    return null
  }
  if (request.kind === 'abandon' || request.kind === 'abandonAll') {
    const left = request.kind === 'abandon' ? [current] : pathTo(tree, current.id)
    for (const node of left) trackedOf(state, node.id).active = false
    return null
  }
  endAttempt(tree, state, current)
  if (request.kind === 'exitAll') {
    for (const node of pathTo(tree, current.id).toReversed().slice(1)) endAttempt(tree, state, node)
    return null
  }
  exitRules(tree, state, current)
  return postRules(tree, state)
}

/** The first exit rule from the root down ends everything below it (TB.2.1). */
function exitRules(tree: Tree, state: State, current: Node): void {
  const path = pathTo(tree, current.id)
  const at = path.slice(0, -1).findIndex((node) => ruleAction(state, node, node.s.exit, ['exit']) !== null)
  if (at < 0) return
  for (const node of path.slice(at).toReversed().slice(1)) endAttempt(tree, state, node)
  state.current = path[at]?.id ?? state.current
}

/** Post conditions of what has just ended; leaving to the parent asks the parent's again (TB.2.2). */
function postRules(tree: Tree, state: State): After {
  for (;;) {
    const node = nodeOf(tree, state.current ?? tree.root)
    if (trackedOf(state, node.id).suspended) return null
    const action = ruleAction(state, node, node.s.post, [
      ...['exitParent', 'exitAll', 'retry', 'retryAll', 'continue', 'previous'],
    ])
    if (action === 'exitParent') {
      const parent = parentOf(tree, node)
      if (!parent) return 'exitAll'
      endAttempt(tree, state, parent)
      state.current = parent.id
      continue
    }
    if (action === 'exitAll' || action === 'retryAll') {
      for (const one of pathTo(tree, node.id).toReversed())
        if (trackedOf(state, one.id).active) endAttempt(tree, state, one)
      if (action === 'exitAll') return 'exitAll'
      state.current = tree.root
      return 'retry'
    }
    return action as After
  }
}

/** Content that sets nothing itself is taken to be completed and satisfied by having been there (UP.4). */
function endAttempt(tree: Tree, state: State, node: Node): void {
  const tracked = trackedOf(state, node.id)
  if (isLeaf(node)) {
    if (node.s.tracked && !tracked.suspended) {
      if (!node.s.completionSetByContent) tracked.completed ??= true
      if (!node.s.objectiveSetByContent && objectiveOf(state, node).satisfied === null && !byMeasure(node)) {
        setObjective(state, node, primaryKey, { satisfied: true })
      }
    }
  } else tracked.suspended = node.children.some((id) => trackedOf(state, id).suspended)
  tracked.active = false
  rollUp(tree, state, node.id)
}

const byMeasure = (node: Node) => node.s.objectives.some((one) => one.primary && one.satisfiedByMeasure)

function sought(tree: Tree, state: State, request: { kind: string; target?: string }): Walk {
  const root = nodeOf(tree, tree.root)
  const current = nodeOf(tree, state.current ?? tree.root)
  switch (request.kind) {
    case 'start':
      return isLeaf(root) ? { to: root } : flow(tree, state, root, 'forward', true)
    case 'resumeAll':
      return { to: nodeOf(tree, state.suspended ?? tree.root) }
    case 'continue':
      return flow(tree, state, current, 'forward', false)
    case 'previous':
      return flow(tree, state, current, 'backward', false)
    case 'retry':
      return isLeaf(current) ? { to: current } : flow(tree, state, current, 'forward', true)
    case 'jump':
      return { to: nodeOf(tree, request.target ?? '') }
    default:
      return choose(tree, state, request.target ?? '')
  }
}

/** Only a leaf, and nothing closed on the way to it (DB.1.1). */
const deliverable = (tree: Tree, state: State, node: Node) =>
  isLeaf(node) && pathTo(tree, node.id).every((one) => !isClosed(state, one))

/** Attempts begin on the way down; one that was suspended goes on (DB.2). */
function deliver(tree: Tree, state: State, node: Node): void {
  if (state.suspended !== null && state.suspended !== node.id) {
    for (const one of pathTo(tree, state.suspended)) trackedOf(state, one.id).suspended = false
  }
  state.suspended = null
  for (const one of pathTo(tree, node.id)) {
    const tracked = trackedOf(state, one.id)
    if (tracked.active) continue
    if (tracked.suspended) tracked.suspended = false
    else {
      tracked.attempts += 1
      if (tracked.attempts > 1 && isLeaf(one)) Object.assign(tracked, { completed: null, objectives: {} })
    }
    tracked.active = true
  }
  state.current = node.id
}

function end(tree: Tree, state: State): Outcome {
  if (state.current !== null) {
    for (const node of pathTo(tree, state.current).toReversed()) {
      if (trackedOf(state, node.id).active) endAttempt(tree, state, node)
    }
  }
  state.current = null
  return { state, deliver: null, ended: true, exception: null }
}

export type Told = {
  completed?: boolean | null
  suspended?: boolean
  /** By objective id; the primary one under ''. */
  objectives?: Record<string, Partial<Objective>>
}

/** Takes over what the run-time of a running activity reported, and rolls it up. */
export function noteRuntime(tree: Tree, before: State, id: string, told: Told): State {
  const state = structuredClone(before)
  const node = nodeOf(tree, id)
  const tracked = trackedOf(state, id)
  if (told.completed !== undefined) tracked.completed = told.completed
  if (told.suspended !== undefined) tracked.suspended = told.suspended
  for (const [key, objective] of Object.entries(told.objectives ?? {})) setObjective(state, node, key, objective)
  rollUp(tree, state, id)
  return state
}

/** Whether a request would lead somewhere: what `adl.nav.request_valid` answers. */
export const isValid = (tree: Tree, state: State, request: Request): boolean =>
  navigate(tree, state, request).exception === null
