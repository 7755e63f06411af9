import {
  commonAncestor,
  isClosed,
  isLeaf,
  type Node,
  nodeOf,
  parentOf,
  pathTo,
  ruleAction,
  type State,
  type Tree,
  trackedOf,
} from './activity-tree.rules.ts'

export type Direction = 'forward' | 'backward'
/** Where a walk comes to; otherwise the exception of the SN book, or the end of the course. */
export type Walk = { to: Node } | { exception: string } | { ended: true }
type Step = { node: Node; direction: Direction } | { exception: string } | { ended: true }

/** One step through the tree (SB.2.1). */
function step(tree: Tree, from: Node, way: Direction, into: boolean, before: Direction | null): Step {
  let node = from
  let direction = way
  let reversed = false
  const siblings = (of: Node) => parentOf(tree, of)?.children ?? [of.id]
  if (before === 'backward' && siblings(node).at(-1) === node.id) {
    direction = 'backward'
    node = nodeOf(tree, siblings(node)[0] ?? node.id)
    reversed = true
  }
  const parent = parentOf(tree, node)
  const at = siblings(node).indexOf(node.id)
  if (direction === 'forward') {
    if (!isLeaf(node) && into) return { node: nodeOf(tree, node.children[0] ?? ''), direction }
    if (!parent) return { ended: true }
    const next = parent.children[at + 1]
    return next === undefined ? step(tree, parent, 'forward', false, null) : { node: nodeOf(tree, next), direction }
  }
  if (!parent) return { exception: 'SB.2.1-3' }
  if (isLeaf(node) || !into) {
    if (!reversed && parent.s.forwardOnly) return { exception: 'SB.2.1-4' }
    const previous = parent.children[at - 1]
    return previous === undefined
      ? step(tree, parent, 'backward', false, null)
      : { node: nodeOf(tree, previous), direction }
  }
  if (node.s.forwardOnly) return { node: nodeOf(tree, node.children[0] ?? ''), direction: 'forward' }
  return { node: nodeOf(tree, node.children.at(-1) ?? ''), direction }
}

/** Goes on from an activity until one may be delivered (SB.2.2). */
function settle(tree: Tree, state: State, node: Node, direction: Direction, before: Direction | null): Walk {
  if (!parentOf(tree, node)?.s.flow) return { exception: 'SB.2.2-1' }
  if (ruleAction(state, node, node.s.pre, ['skip']) !== null) {
    const next = step(tree, node, direction, false, before)
    if (!('node' in next)) return next
    const turned = before === 'backward' && next.direction === 'backward'
    return settle(tree, state, next.node, turned ? 'backward' : direction, turned ? null : before)
  }
  if (isClosed(state, node)) return { exception: 'SB.2.2-2' }
  if (isLeaf(node)) return { to: node }
  const next = step(tree, node, direction, true, null)
  if (!('node' in next)) return next
  return direction === 'backward' && next.direction === 'forward'
    ? settle(tree, state, next.node, 'forward', 'backward')
    : settle(tree, state, next.node, direction, null)
}

/** Flow (SB.2.3). */
export function flow(tree: Tree, state: State, from: Node, direction: Direction, into: boolean): Walk {
  const next = step(tree, from, direction, into, null)
  return 'node' in next ? settle(tree, state, next.node, direction, null) : next
}

/** Whether a choice may pass over an activity (SB.2.4). */
function mayPass(tree: Tree, state: State, node: Node, direction: Direction): string | null {
  if (direction === 'forward') {
    return ruleAction(state, node, node.s.pre, ['stopForwardTraversal']) === null ? null : 'SB.2.4-1'
  }
  const parent = parentOf(tree, node)
  if (!parent) return 'SB.2.4-3'
  return parent.s.forwardOnly ? 'SB.2.4-2' : null
}

/** What keeps an activity from being chosen, or where the choice leads (SB.2.9). */
export function choose(tree: Tree, state: State, targetId: string): Walk {
  const target = tree.nodes.get(targetId)
  if (!target) return { exception: 'SB.2.9-1' }
  const path = pathTo(tree, targetId)
  if (path.some((node) => ruleAction(state, node, node.s.pre, ['hiddenFromChoice']) !== null)) {
    return { exception: 'SB.2.9-3' }
  }
  const parent = parentOf(tree, target)
  if (parent && !parent.s.choice) return { exception: 'SB.2.9-4' }
  const barred = way(tree, state, path, target)
  if (barred !== null) return { exception: barred }
  if (isLeaf(target)) return isClosed(state, target) ? { exception: 'SB.2.2-2' } : { to: target }
  const found = flow(tree, state, target, 'forward', true)
  return 'to' in found ? found : { exception: 'SB.2.9-9' }
}

function way(tree: Tree, state: State, path: readonly Node[], target: Node): string | null {
  const current = state.current === null ? null : nodeOf(tree, state.current)
  const common = current ? commonAncestor(tree, current.id, target.id) : nodeOf(tree, tree.root)
  if (current?.id === target.id) return null
  const down = path.slice(path.findIndex(({ id }) => id === common.id))
  if (current) {
    // Leaving: every activity below the common ancestor that is left must let the learner go.
    const left = pathTo(tree, current.id)
    for (const node of left.slice(left.findIndex(({ id }) => id === common.id) + 1)) {
      if (trackedOf(state, node.id).active && !node.s.choiceExit) return 'SB.2.9-8'
    }
    const bound = left.findLast((node) => node.s.constrainChoice)
    if (bound && !nearEnough(tree, bound, target)) return 'SB.2.9-8'
  }
  if (target.id === common.id) return null
  const from = current && left(tree, current, common)
  const to = down[1]
  if (from && to && from.id !== to.id) {
    const at = (node: Node) => common.children.indexOf(node.id)
    const direction: Direction = at(to) > at(from) ? 'forward' : 'backward'
    const [low, high] = direction === 'forward' ? [at(from), at(to)] : [at(to) + 1, at(from) + 1]
    for (const id of common.children.slice(low, high)) {
      const barred = mayPass(tree, state, nodeOf(tree, id), direction)
      if (barred) return barred
    }
  } else if (!from && to) {
    const before = common.children.slice(0, common.children.indexOf(to.id))
    for (const id of before) {
      const barred = mayPass(tree, state, nodeOf(tree, id), 'forward')
      if (barred) return barred
    }
  }
  for (const node of down.slice(1, -1)) {
    const barred = mayPass(tree, state, node, 'forward')
    if (barred) return barred
    if (!trackedOf(state, node.id).active && node.s.preventActivation) return 'SB.2.9-6'
  }
  return null
}

/** The child of the common ancestor that the learner is in now. */
const left = (tree: Tree, current: Node, common: Node): Node | undefined => {
  const path = pathTo(tree, current.id)
  return path[path.findIndex(({ id }) => id === common.id) + 1]
}

/** A constrained choice leads no further than to the activity itself and its neighbours. */
function nearEnough(tree: Tree, bound: Node, target: Node): boolean {
  const parent = parentOf(tree, bound)
  const at = parent?.children.indexOf(bound.id) ?? 0
  const near = [parent?.children[at - 1], bound.id, parent?.children[at + 1]].filter((id) => id !== undefined)
  return pathTo(tree, target.id).some(({ id }) => near.includes(id))
}
