import type { PackageKind, Unit } from './package.schema.ts'
import { newSession, type Session, type Values } from './runtime.schema.ts'
import { centisecondsOf12, resume12, settle12, setValue12 } from './scorm12.rules.ts'
import { completionOf, resume2004, setValue2004, sharedMark, successOf, suspends2004 } from './scorm2004.rules.ts'
import { centisecondsOf2004 } from './scorm2004-types.rules.ts'

export type Learner = { id: string; name: string }

/** What the manifest and the learner fix before content runs. */
export function fixedValues(kind: PackageKind, unit: Unit, learner: Learner): Values {
  const s = unit.scorm ?? {}
  if (kind === 'scorm12') {
    return {
      'cmi.core.student_id': learner.id,
      'cmi.core.student_name': learner.name,
      'cmi.launch_data': s.launchData ?? '',
      'cmi.student_data.mastery_score': s.masteryScore ?? '',
      'cmi.student_data.max_time_allowed': s.maxTimeAllowed ?? '',
      'cmi.student_data.time_limit_action': s.timeLimitAction ?? '',
    }
  }
  return {
    'cmi.learner_id': learner.id,
    'cmi.learner_name': learner.name,
    ...(s.launchData !== undefined && { 'cmi.launch_data': s.launchData }),
    ...(s.maxTimeAllowed !== undefined && { 'cmi.max_time_allowed': s.maxTimeAllowed }),
    ...(s.timeLimitAction !== undefined && { 'cmi.time_limit_action': s.timeLimitAction }),
    ...(s.completionThreshold !== undefined && { 'cmi.completion_threshold': s.completionThreshold }),
    ...(s.scaledPassingScore !== undefined && { 'cmi.scaled_passing_score': s.scaledPassingScore }),
  }
}

/** The data model that the next session of an attempt starts with. `sessions` have been before, in this attempt. */
export function beginWith(
  kind: PackageKind,
  unit: Unit,
  learner: Learner,
  before: { values: Values; suspended: boolean; totalCentiseconds: number; sessions: number },
): Values {
  if (kind === 'cmi5') return before.values // an AU asks the record store for everything
  const fixed = fixedValues(kind, unit, learner)
  if (kind === 'scorm12') return { ...resume12(before.values, before), ...fixed }
  const suspended = before.sessions > 0 && before.suspended
  const next = resume2004(before.values, fixed, { suspended, totalCentiseconds: before.totalCentiseconds })
  if (suspended) return next
  const objectives = (unit.scorm?.objectives ?? []).map((id, n) => [`cmi.objectives.${n}.id`, id] as const)
  return { ...next, ...Object.fromEntries(objectives) }
}

/** The stores of a unit as they stand, with the marks of what it may not do. */
export function sharedValues(unit: Unit, stores: ReadonlyMap<string, string>): Values {
  const found: Values = {}
  for (const [n, { target, read, write }] of (unit.scorm?.shared ?? []).entries()) {
    found[`adl.data.${n}.id`] = target
    const value = stores.get(target)
    if (value !== undefined) found[`adl.data.${n}.store`] = value
    if (!read) found[sharedMark(n, 'read')] = 'no'
    if (!write) found[sharedMark(n, 'write')] = 'no'
  }
  return found
}

/** Which stores a session has set, by their own name. */
export function storesSet(unit: Unit, before: Values, after: Values): [target: string, value: string][] {
  return (unit.scorm?.shared ?? []).flatMap(({ target }, n): [string, string][] => {
    const value = after[`adl.data.${n}.store`]
    return value === undefined || value === before[`adl.data.${n}.store`] ? [] : [[target, value]]
  })
}

/** A session on the server, taken up where its last report left it. */
export const resumed = (values: Values): Session => ({ ...newSession(values), phase: 'running' })

export type Applied = {
  values: Values
  refused: [name: string, value: string, error: number][]
  /** The session's own time so far, hundredths of a second. */
  reportedCentiseconds: number
}

/**
 * Content is not believed to have asked its own API: the same rules judge each value again here. Time that goes back
 * within a session is kept as reported; what counts is the last report.
 * @clause HZ4-M13
 */
export function applyChanges(
  kind: PackageKind,
  values: Values,
  changes: readonly (readonly [string, string])[],
  reported: number,
): Applied {
  const session = resumed(values)
  const refused: Applied['refused'] = []
  let reportedCentiseconds = reported
  for (const [name, value] of changes) {
    const set = kind === 'scorm12' ? setValue12(session, name, value) : setValue2004(session, name, value)
    if (set.error !== 0) refused.push([name, value.slice(0, 200), set.error])
    else if (name === 'cmi.core.session_time') reportedCentiseconds = centisecondsOf12(value) ?? reportedCentiseconds
    else if (name === 'cmi.session_time') reportedCentiseconds = centisecondsOf2004(value) ?? reportedCentiseconds
  }
  return { values: session.values, refused, reportedCentiseconds }
}

/** What stands when content has said goodbye, and whether the attempt goes on next time. */
export function conclude(kind: PackageKind, began: Values, values: Values): { values: Values; goesOn: boolean } {
  if (kind === 'scorm12') return { values: settle12(began, values), goesOn: true }
  return { values, goesOn: suspends2004(values) }
}

/** Completion, success and score of a unit in one language, whatever standard it speaks. */
export function statusOf(
  kind: PackageKind,
  values: Values,
): { completed: boolean; passed: boolean | null; scaled: number | null } {
  if (kind === 'scorm12') {
    const status = values['cmi.core.lesson_status'] ?? 'not attempted'
    const [raw = '', max = ''] = [values['cmi.core.score.raw'], values['cmi.core.score.max']]
    return {
      completed: ['passed', 'completed', 'failed'].includes(status),
      passed: status === 'passed' ? true : status === 'failed' ? false : null,
      scaled: raw === '' ? null : Number(raw) / (Number(max) || 100),
    }
  }
  if (kind === 'cmi5') {
    const waived = values['cmi5.waived'] === 'true'
    const scaled = values['cmi5.scaled']
    return {
      completed: waived || values['cmi5.completed'] === 'true',
      passed: waived || values['cmi5.passed'] === 'true' ? true : values['cmi5.failed'] === 'true' ? false : null,
      scaled: scaled === undefined ? null : Number(scaled),
    }
  }
  const success = successOf(values)
  const scaled = values['cmi.score.scaled']
  return {
    completed: completionOf(values) === 'completed',
    passed: success === 'passed' ? true : success === 'failed' ? false : null,
    scaled: scaled === undefined ? null : Number(scaled),
  }
}
