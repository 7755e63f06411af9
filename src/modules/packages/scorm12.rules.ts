import { type Answer, collectionsOf, countOf, parseName, type Session, type Values } from './runtime.schema.ts'
import { children12, collections12, elements12, perSession12, timespan } from './scorm12-types.rules.ts'

/** The API of the SCORM 1.2 Run-Time Environment. It runs in the browser before the network and here after it. */
export const errors12: Record<number, string> = {
  0: 'No error',
  101: 'General exception',
  201: 'Invalid argument error',
  202: 'Element cannot have children',
  203: 'Element not an array. Cannot have count',
  301: 'Not initialized',
  401: 'Not implemented error',
  402: 'Invalid set value, element is a keyword',
  403: 'Element is read only',
  404: 'Element is write only',
  405: 'Incorrect data type',
}

const answer = (session: Session, error: number, value: string, diagnostic = ''): Answer => {
  session.error = error
  session.diagnostic = diagnostic
  return { value, error, diagnostic }
}
const fails = (session: Session, error: number, diagnostic = '') => answer(session, error, 'false', diagnostic)
const empty = (session: Session, error: number, diagnostic = '') => answer(session, error, '', diagnostic)

export function initialize12(session: Session, argument: unknown = ''): Answer {
  if (argument !== '' && argument !== null) return fails(session, 201, 'LMSInitialize takes an empty string')
  if (session.phase !== 'not-initialized') return fails(session, 101, 'the session has been initialized before')
  session.phase = 'running'
  return answer(session, 0, 'true')
}

export function finish12(session: Session, argument: unknown = ''): Answer {
  if (argument !== '' && argument !== null) return fails(session, 201, 'LMSFinish takes an empty string')
  if (session.phase === 'not-initialized') return fails(session, 301)
  if (session.phase === 'terminated') return fails(session, 101, 'the session has been finished before')
  session.phase = 'terminated'
  return answer(session, 0, 'true')
}

export function commit12(session: Session, argument: unknown = ''): Answer {
  if (argument !== '' && argument !== null) return fails(session, 201, 'LMSCommit takes an empty string')
  return session.phase === 'running' ? answer(session, 0, 'true') : fails(session, 301)
}

export function getValue12(session: Session, name: unknown): Answer {
  if (session.phase !== 'running') return empty(session, 301)
  if (typeof name !== 'string' || name === '') return empty(session, 201, 'no element is named')
  if (name === 'cmi._version') return answer(session, 0, '3.4')
  const keyword = keywordOf(session.values, name)
  if (keyword) return answer(session, keyword.error, keyword.value)
  const parsed = parseName(name)
  const element = elements12[parsed.pattern]
  if (!element) return empty(session, unknown(name), `${name} is not in the data model`)
  const outside = collectionsOf(parsed).find(({ collection, at }) => at >= countOf(session.values, collection))
  if (outside) return empty(session, 201, `${outside.collection} has no entry ${outside.at}`)
  if (element.may === 'w') return empty(session, 404)
  return answer(session, 0, session.values[name] ?? element.initial ?? '')
}

export function setValue12(session: Session, name: unknown, raw: unknown): Answer {
  if (session.phase !== 'running') return fails(session, 301)
  if (typeof name !== 'string' || name === '') return fails(session, 201, 'no element is named')
  const value = String(raw ?? '')
  if (/\._(children|count|version)$/.test(name)) return fails(session, 402)
  const parsed = parseName(name)
  const element = elements12[parsed.pattern]
  if (!element) return fails(session, unknown(name), `${name} is not in the data model`)
  if (element.may === 'r') return fails(session, 403)
  const gap = collectionsOf(parsed).find(({ collection, at }) => at > countOf(session.values, collection))
  if (gap) return fails(session, 201, `${gap.collection} must be filled in order: ${gap.at} skips an entry`)
  // What a learner remarks is added to what was remarked before.
  const stands = name === 'cmi.comments' ? (session.values[name] ?? '') + value : value
  const error = element.check?.(stands) ?? 0
  if (error !== 0) return fails(session, error, `${name} does not take "${value.slice(0, 80)}"`)
  session.values[name] = stands
  session.changed.push([name, value])
  return answer(session, 0, 'true')
}

export const lastError12 = (session: Session): string => String(session.error)
export const errorString12 = (code: unknown): string => errors12[Number(code)] ?? ''
export const diagnostic12 = (session: Session, code: unknown): string =>
  code === '' || code === null || Number(code) === session.error
    ? session.diagnostic || errorString12(session.error)
    : errorString12(code)

/** An element the standard never had, or of another model, is 401; what is no element name at all is 201. */
const unknown = (name: string) => (/^\w+(\.\w+)+$/.test(name) ? 401 : 201)

function keywordOf(values: Values, name: string): { error: number; value: string } | undefined {
  const found = /^(.+)\.(_children|_count)$/.exec(name)
  if (!found) return undefined
  const [, group = '', keyword] = found
  const { pattern } = parseName(group)
  if (keyword === '_children') {
    const children = children12[pattern]
    if (children) return { error: 0, value: children }
    return { error: pattern in elements12 ? 202 : unknown(name), value: '' }
  }
  if (collections12.includes(pattern)) return { error: 0, value: String(countOf(values, group)) }
  return { error: pattern in elements12 || pattern in children12 ? 203 : unknown(name), value: '' }
}

/** Hundredths of a second in a CMITimespan; none when it is not one. */
export function centisecondsOf12(text: string | undefined): number | undefined {
  const found = timespan.exec(text ?? '')
  return found
    ? Math.round((Number(found[1]) * 3600 + Number(found[2]) * 60) * 100 + Number(found[3]) * 100)
    : undefined
}

/** `0001:02:03.45`; more than 9999 hours stay 9999 hours, because the type has four digits. */
export function timespanOf(centiseconds: number): string {
  const most = 9999 * 360_000 + 359_999
  const all = Math.min(Math.max(0, Math.round(centiseconds)), most)
  const two = (n: number) => String(n).padStart(2, '0')
  const seconds = Math.floor(all / 100)
  return `${String(Math.floor(seconds / 3600)).padStart(4, '0')}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${two(all % 100)}`
}

/**
 * What stands after the session. Content that set no status has `completed`, or, with a mastery score and a raw score in
 * a session for credit, `passed` or `failed`; a session in browse mode has `browsed`. A status of `completed` that
 * content set itself gives way to the mastery score too; `passed`, `failed` and `incomplete` of its own stand.
 * @clause HZ4-M13
 */
export function settle12(before: Values, after: Values): Values {
  const set = after['cmi.core.lesson_status'] ?? 'not attempted'
  const own = set !== (before['cmi.core.lesson_status'] ?? 'not attempted') || set !== 'not attempted'
  const kept = { ...after }
  if (!own) kept['cmi.core.lesson_status'] = after['cmi.core.lesson_mode'] === 'browse' ? 'browsed' : 'completed'
  const mastery = after['cmi.student_data.mastery_score'] ?? ''
  const raw = after['cmi.core.score.raw'] ?? ''
  const forCredit = (after['cmi.core.credit'] ?? 'credit') === 'credit' && after['cmi.core.lesson_mode'] !== 'browse'
  if (kept['cmi.core.lesson_status'] === 'completed' && forCredit && mastery !== '' && raw !== '') {
    kept['cmi.core.lesson_status'] = Number(raw) >= Number(mastery) ? 'passed' : 'failed'
  }
  return kept
}

/**
 * The values the next session of the same content starts with: `entry` tells whether the learner left to come back,
 * `total_time` is what all sessions together reported.
 * @clause HZ4-M13
 */
export function resume12(values: Values, facts: { totalCentiseconds: number; sessions: number }): Values {
  const next: Values = { ...values }
  const exit = values['cmi.core.exit'] ?? ''
  for (const name of perSession12) delete next[name]
  next['cmi.core.total_time'] = timespanOf(facts.totalCentiseconds)
  next['cmi.core.entry'] = facts.sessions === 0 ? 'ab-initio' : exit === 'suspend' ? 'resume' : ''
  return next
}
