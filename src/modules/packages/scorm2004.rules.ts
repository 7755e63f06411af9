import {
  type Answer,
  collectionsOf,
  countOf,
  type Parsed,
  parseName,
  type Session,
  type Values,
} from './runtime.schema.ts'
import { children2004, collections2004, elements2004, perSession2004 } from './scorm2004-model.rules.ts'
import { intervalOf, patternFits, responseFits } from './scorm2004-types.rules.ts'

/** The API of the SCORM 2004 Run-Time Environment (3rd and 4th edition), in the browser and here. */
export const errors2004: Record<number, string> = {
  0: 'No Error',
  101: 'General Exception',
  102: 'General Initialization Failure',
  103: 'Already Initialized',
  104: 'Content Instance Terminated',
  111: 'General Termination Failure',
  112: 'Termination Before Initialization',
  113: 'Termination After Termination',
  122: 'Retrieve Data Before Initialization',
  123: 'Retrieve Data After Termination',
  132: 'Store Data Before Initialization',
  133: 'Store Data After Termination',
  142: 'Commit Before Initialization',
  143: 'Commit After Termination',
  201: 'General Argument Error',
  301: 'General Get Failure',
  351: 'General Set Failure',
  391: 'General Commit Failure',
  401: 'Undefined Data Model Element',
  402: 'Unimplemented Data Model Element',
  403: 'Data Model Element Value Not Initialized',
  404: 'Data Model Element Is Read Only',
  405: 'Data Model Element Is Write Only',
  406: 'Data Model Element Type Mismatch',
  407: 'Data Model Element Value Out Of Range',
  408: 'Data Model Dependency Not Established',
}

const answer = (session: Session, error: number, value: string, diagnostic = ''): Answer => {
  session.error = error
  session.diagnostic = diagnostic
  return { value, error, diagnostic }
}
const fails = (session: Session, error: number, diagnostic = '') => answer(session, error, 'false', diagnostic)
const empty = (session: Session, error: number, diagnostic = '') => answer(session, error, '', diagnostic)

export function initialize2004(session: Session, argument: unknown = ''): Answer {
  if (argument !== '') return fails(session, 201)
  if (session.phase === 'running') return fails(session, 103)
  if (session.phase === 'terminated') return fails(session, 104)
  session.phase = 'running'
  return answer(session, 0, 'true')
}

export function terminate2004(session: Session, argument: unknown = ''): Answer {
  if (argument !== '') return fails(session, 201)
  if (session.phase === 'not-initialized') return fails(session, 112)
  if (session.phase === 'terminated') return fails(session, 113)
  session.phase = 'terminated'
  return answer(session, 0, 'true')
}

export function commit2004(session: Session, argument: unknown = ''): Answer {
  if (argument !== '') return fails(session, 201)
  if (session.phase === 'not-initialized') return fails(session, 142)
  return session.phase === 'terminated' ? fails(session, 143) : answer(session, 0, 'true')
}

export function getValue2004(session: Session, name: unknown): Answer {
  if (session.phase === 'not-initialized') return empty(session, 122)
  if (session.phase === 'terminated') return empty(session, 123)
  if (typeof name !== 'string' || name === '') return empty(session, 301, 'no element is named')
  if (name === 'cmi._version') return answer(session, 0, '1.0')
  const target = /^adl\.nav\.request_valid\.(choice|jump)\.\{target=[^}\s]+\}$/.test(name)
  if (target) return answer(session, 0, session.values[name] ?? 'unknown')
  const keyword = keywordOf(session.values, name)
  if (keyword) return answer(session, keyword.error, keyword.value)
  const parsed = parseName(name)
  const element = elements2004[parsed.pattern]
  if (!element) return empty(session, 401, `${name} is not in the data model`)
  if (element.may === 'w') return empty(session, 405)
  const outside = collectionsOf(parsed).find(({ collection, at }) => at >= countOf(session.values, collection))
  if (outside) return empty(session, 301, `${outside.collection} has no entry ${outside.at}`)
  if (name === 'cmi.completion_status') return answer(session, 0, completionOf(session.values))
  if (name === 'cmi.success_status') return answer(session, 0, successOf(session.values))
  const barred = sharedBarred(session.values, parsed, 'read')
  if (barred !== 0) return empty(session, barred)
  const value = session.values[name] ?? element.initial
  return value === undefined ? empty(session, 403) : answer(session, 0, value)
}

export function setValue2004(session: Session, name: unknown, raw: unknown): Answer {
  if (session.phase === 'not-initialized') return fails(session, 132)
  if (session.phase === 'terminated') return fails(session, 133)
  if (typeof name !== 'string' || name === '') return fails(session, 351, 'no element is named')
  if (raw !== null && typeof raw === 'object') return fails(session, 406, 'a value is text')
  const value = String(raw ?? '')
  if (name === 'cmi._version' || /^adl\.nav\.request_valid\.(choice|jump)\.\{/.test(name)) return fails(session, 404)
  if (keywordOf(session.values, name)) return fails(session, 404)
  const parsed = parseName(name)
  const element = elements2004[parsed.pattern]
  if (!element) return fails(session, 401, `${name} is not in the data model`)
  if (element.may === 'r') return fails(session, 404)
  const gap = collectionsOf(parsed).find(({ collection, at }) => at > countOf(session.values, collection))
  if (gap) return fails(session, 351, `${gap.collection} must be filled in order: ${gap.at} skips an entry`)
  // stores are there or not: content makes none
  if (parsed.pattern === 'adl.data.n.store' && (parsed.indexes[0] ?? 0) >= countOf(session.values, 'adl.data')) {
    return fails(session, 351, 'the manifest gives no such store')
  }
  const barred = sharedBarred(session.values, parsed, 'write')
  if (barred !== 0) return fails(session, barred)
  const error = established(session.values, parsed, name, value) || fits(session.values, parsed, name, value)
  if (error !== 0) return fails(session, error, `${name} does not take "${value.slice(0, 80)}"`)
  session.values[name] = value
  session.changed.push([name, value])
  return answer(session, 0, 'true')
}

export const lastError2004 = (session: Session): string => String(session.error)
export const errorString2004 = (code: unknown): string => errors2004[Number(code)] ?? ''
export const diagnostic2004 = (session: Session, code: unknown): string =>
  code === '' || Number(code) === session.error
    ? session.diagnostic || errorString2004(session.error)
    : errorString2004(code)

/** What the manifest lets this unit do with a store; marks of it stand beside the store and are no element. */
function sharedBarred(values: Values, { pattern, indexes }: Parsed, doing: 'read' | 'write'): number {
  if (pattern !== 'adl.data.n.store') return 0
  if (values[sharedMark(indexes[0] ?? 0, doing)] !== 'no') return 0
  return doing === 'read' ? 405 : 404
}

/** Where it is noted that a unit may not read, or not write, one of its stores. */
export const sharedMark = (n: number, doing: 'read' | 'write'): string => `adl.data.${n}.${doing}-barred`

/** An entry begins with its id; responses need the type that tells how they are written. */
function established(values: Values, { pattern, indexes }: Parsed, name: string, value: string): number {
  const of = (part: string) => `${part}.${indexes[0]}`
  if (/^cmi\.objectives\.n\./.test(pattern)) {
    const id = values[`${of('cmi.objectives')}.id`]
    if (pattern !== 'cmi.objectives.n.id') return id === undefined ? 408 : 0
    if (id !== undefined && id !== value) return 351
    return taken(values, 'cmi.objectives', name, value) ? 351 : 0
  }
  if (/^cmi\.interactions\.n\./.test(pattern)) {
    const at = of('cmi.interactions')
    if (pattern === 'cmi.interactions.n.id') return 0
    if (values[`${at}.id`] === undefined) return 408
    if (pattern === 'cmi.interactions.n.objectives.n.id') {
      return taken(values, `${at}.objectives`, name, value) ? 351 : 0
    }
    const typed = /\.(learner_response|correct_responses\.n\.pattern)$/.test(pattern)
    return typed && values[`${at}.type`] === undefined ? 408 : 0
  }
  return 0
}

function taken(values: Values, collection: string, name: string, id: string): boolean {
  for (let n = 0; n < countOf(values, collection); n++) {
    const other = `${collection}.${n}.id`
    if (other !== name && values[other] === id) return true
  }
  return false
}

function fits(values: Values, { pattern, indexes }: Parsed, name: string, value: string): number {
  const at = `cmi.interactions.${indexes[0]}`
  const kind = values[`${at}.type`]
  if (pattern === 'cmi.interactions.n.learner_response') return responseFits(kind, value)
  if (pattern === 'cmi.interactions.n.correct_responses.n.pattern') {
    const error = patternFits(kind, value)
    if (error !== 0) return error
    const only = ['true-false', 'likert', 'numeric', 'other'].includes(kind ?? '')
    if (only && (indexes[1] ?? 0) > 0) return 351
    const unique = ['choice', 'sequencing'].includes(kind ?? '')
    return unique && repeated(values, `${at}.correct_responses`, name, value, kind === 'choice') ? 351 : 0
  }
  return elements2004[pattern]?.check?.(value) ?? 0
}

/** Choices are a set: written in another order they are the same pattern. Steps are not. */
function repeated(values: Values, collection: string, name: string, pattern: string, asSet: boolean): boolean {
  const same = (text: string) => (asSet ? text.split('[,]').toSorted().join('[,]') : text)
  for (let n = 0; n < countOf(values, collection); n++) {
    const other = `${collection}.${n}.pattern`
    if (other !== name && values[other] !== undefined && same(values[other]) === same(pattern)) return true
  }
  return false
}

function keywordOf(values: Values, name: string): { error: number; value: string } | undefined {
  const found = /^(.+)\.(_children|_count|_version)$/.exec(name)
  if (!found) return undefined
  const [, group = '', keyword] = found
  const parsed = parseName(group)
  const outside = collectionsOf(parsed).find(({ collection, at }) => at >= countOf(values, collection))
  const known = parsed.pattern in elements2004 || parsed.pattern in children2004
  if (keyword === '_children') {
    const children = children2004[parsed.pattern]
    if (children) return outside ? { error: 301, value: '' } : { error: 0, value: children }
    return { error: known ? 301 : 401, value: '' }
  }
  if (keyword === '_count' && collections2004.includes(parsed.pattern)) {
    return outside ? { error: 301, value: '' } : { error: 0, value: String(countOf(values, group)) }
  }
  return { error: known ? 301 : 401, value: '' }
}

/** A threshold speaks louder than what content says of itself; without a measure there is nothing to compare. */
export function completionOf(values: Values): string {
  const threshold = values['cmi.completion_threshold']
  if (threshold === undefined) return values['cmi.completion_status'] ?? 'unknown'
  const progress = values['cmi.progress_measure']
  if (progress === undefined) return 'unknown'
  return Number(progress) >= Number(threshold) ? 'completed' : 'incomplete'
}

/** A passing score speaks louder too; without a score there is nothing to compare, so the answer is `unknown`. */
export function successOf(values: Values): string {
  const passing = values['cmi.scaled_passing_score']
  if (passing === undefined) return values['cmi.success_status'] ?? 'unknown'
  const scaled = values['cmi.score.scaled']
  if (scaled === undefined) return 'unknown'
  return Number(scaled) >= Number(passing) ? 'passed' : 'failed'
}

/** `suspend`, or leaving by `logout` or `suspendAll`, keeps the attempt for the next time; anything else ends it. */
export const suspends2004 = (values: Values): boolean =>
  ['suspend', 'logout'].includes(values['cmi.exit'] ?? '') || values['adl.nav.request'] === 'suspendAll'

/**
 * The values the next session starts with: a suspended attempt goes on where it stopped, with all its time; a new
 * attempt starts from what the manifest says, and remembers only the learner's preferences.
 * @clause HZ4-M13
 */
export function resume2004(
  values: Values,
  fixed: Values,
  facts: { suspended: boolean; totalCentiseconds: number },
): Values {
  if (!facts.suspended) {
    const preferences = Object.entries(values).filter(([name]) => name.startsWith('cmi.learner_preference.'))
    return { ...Object.fromEntries(preferences), ...fixed, 'cmi.entry': 'ab-initio', 'cmi.total_time': intervalOf(0) }
  }
  const next: Values = { ...values, ...fixed }
  for (const name of perSession2004) delete next[name]
  next['cmi.entry'] = 'resume'
  next['cmi.total_time'] = intervalOf(facts.totalCentiseconds)
  return next
}
