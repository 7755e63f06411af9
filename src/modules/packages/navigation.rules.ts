import { pathTo, type State, type Tree, trackedOf, treeOf } from './activity-tree.rules.ts'
import { arranged } from './arrangement.rules.ts'
import { type LastAttempt, openUnits, stateOf } from './availability.rules.ts'
import type { PackageFound } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'
import { isValid, navigate, type Outcome, type Request } from './sequencing.rules.ts'

const plain = ['continue', 'previous', 'exit', 'exitAll', 'abandon', 'abandonAll', 'suspendAll'] as const

/** What content asked for in `adl.nav.request`; nothing when it asked for nothing. */
export function requestIn(values: Values): Request | null {
  const text = values['adl.nav.request'] ?? '_none_'
  const kind = plain.find((one) => one === text)
  if (kind) return { kind }
  const [, target, to] = /^\{target=(\S+)\}(choice|jump)$/.exec(text) ?? []
  return target && to ? { kind: to as 'choice' | 'jump', target } : null
}

/** The state with a unit running in it, as it is between its delivery and its exit. */
function running(tree: Tree, before: State, unitId: string, suspended: boolean): State {
  const state = structuredClone(before)
  for (const node of pathTo(tree, unitId)) Object.assign(trackedOf(state, node.id), { active: true, suspended: false })
  trackedOf(state, unitId).suspended = suspended
  state.current = unitId
  return state
}

/**
 * Where a unit's own request leads after it has ended: exit and post conditions are asked first, as if the learner had
 * asked (OP.1). Nothing: it asked for nothing, or is no part of the tree.
 * @clause HZ4-M13
 */
export function stepAfter(
  found: PackageFound,
  attempts: readonly LastAttempt[],
  unitId: string,
  now: Date,
): Outcome | null {
  const [root] = found.activities
  const last = attempts.find((one) => one.unitId === unitId)
  const request = last && requestIn(last.values)
  if (found.kind !== 'scorm2004' || !root || !request) return null
  const tree = treeOf(root)
  if (!tree.nodes.has(unitId)) return null
  const suspended = request.kind !== 'suspendAll' && last.ended === false
  return navigate(tree, running(tree, stateOf(found, attempts, now), unitId, suspended), request)
}

/** What may be opened: what sequencing lets one choose, and where the unit that was left last has asked to go. */
export function unitsToOpen(found: PackageFound, attempts: readonly LastAttempt[], now: Date): Set<string> {
  const open = openUnits(found, attempts, now)
  const last = attempts.at(-1)
  const next = last && stepAfter(found, attempts, last.unitId, now)?.deliver
  return next ? open.add(next) : open
}

/** More would be asked than anybody offers as a button, and each answer walks the tree. */
const mostTargets = 200

/** What `adl.nav.request_valid` answers while a unit runs, as things stand at its launch. */
export function validity(found: PackageFound, attempts: readonly LastAttempt[], unitId: string, now: Date): Values {
  const [root] = found.activities
  if (found.kind !== 'scorm2004' || !root) return {}
  const tree = treeOf(root)
  if (!tree.nodes.has(unitId)) return {}
  const state = running(tree, stateOf(found, attempts, now), unitId, false)
  const said = (request: Request) => String(isValid(tree, state, request))
  const targets = [...tree.nodes.keys()].slice(0, mostTargets)
  return {
    'adl.nav.request_valid.continue': said({ kind: 'continue' }),
    'adl.nav.request_valid.previous': said({ kind: 'previous' }),
    ...Object.fromEntries(
      targets.flatMap((target) => [
        [`adl.nav.request_valid.choice.{target=${target}}`, said({ kind: 'choice', target })],
        [`adl.nav.request_valid.jump.{target=${target}}`, said({ kind: 'jump', target })],
      ]),
    ),
  }
}

/** The tree as this learner of this item has it. */
export const treeFor = (found: PackageFound, at: { registrationId: string; itemId: string }): PackageFound =>
  arranged(found, `${at.registrationId} ${at.itemId}`)
