import {
  type AuState,
  type Broken,
  categories,
  extensions,
  type LaunchMode,
  resultExtensions,
  type Session,
  type Statement,
  type Verb,
  verbs,
} from './cmi5.schema.ts'
import type { Activity, MoveOn } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'

const duration = /^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/
const utc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]00:?00)$/

/** So long after `terminated` what was said before it is still taken when it arrives late (section 9.3.8). */
export const graceSeconds = 60

/** An AU says nothing that takes statements back (section 6.3). */
const voided = 'http://adlnet.gov/expapi/verbs/voided'
/** What an AU may say; the other verbs are the LMS's own. */
const fromAu: readonly Verb[] = ['initialized', 'completed', 'passed', 'failed', 'terminated']
const judging: readonly Verb[] = ['completed', 'passed', 'failed']

export const verbOf = (statement: Statement): Verb | undefined =>
  (Object.keys(verbs) as Verb[]).find((name) => verbs[name] === statement.verb?.id)

const has = (list: { id?: string }[] | undefined, id: string) => list?.some((one) => one.id === id) ?? false

/** A statement that carries the cmi5 category is cmi5 defined, any other is cmi5 allowed (section 7.1). */
export const isDefined = (statement: Statement): boolean =>
  has(statement.context?.contextActivities?.category, categories.cmi5)

/**
 * Judges what an AU sends within a session: every rule of sections 7 and 9 that a statement can break. Empty: it may be
 * kept.
 * @clause HZ4-M13
 */
export function judgeStatement(statement: Statement, session: Session, state: AuState): Broken[] {
  const broken: Broken[] = []
  const must = (holds: boolean, section: string, message: string) => {
    if (!holds) broken.push({ section, message })
  }
  const verb = verbOf(statement)
  const context = statement.context
  must(statement.verb?.id !== voided, '6.3', 'an AU does not void statements')
  must(!state.abandoned, '9.3.6', 'the session was abandoned')
  if (state.terminated) {
    must(!state.terminated.over, '9.3.8', 'the time for what was late is over')
    const earlier = Date.parse(statement.timestamp ?? '') < Date.parse(state.terminated.timestamp)
    must(earlier, '9.3.8', 'nothing follows terminated')
  }
  must(sameActor(statement, session), '9.2', 'the actor is not the one of the launch')
  must(context?.registration === session.registration, '9.6.1', 'the registration is not the one of the launch')
  must(
    context?.extensions?.[extensions.sessionId] === session.sessionId,
    '9.6.3.1',
    'the session id is not the one of the launch',
  )
  must(utc.test(statement.timestamp ?? ''), '9.7', 'the timestamp is not in UTC')
  must(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(statement.id ?? ''), '9.1', 'the statement has no id')
  must(has(context?.contextActivities?.grouping, session.publisherId), '9.6.2.3', 'the grouping lacks the publisher id')
  if (!isDefined(statement)) {
    must(state.session.includes('initialized'), '7.1.3', 'an allowed statement comes before initialized')
    must(
      !has(context?.contextActivities?.category, categories.moveOn),
      '9.6.2.2',
      'an allowed statement carries the moveOn category',
    )
    return broken
  }
  if (!verb || !fromAu.includes(verb)) {
    must(false, '9.3', 'an AU does not use this verb in a cmi5 defined statement')
    return broken
  }
  must(statement.object?.id === session.activityId, '9.4', 'the object is not the activity of the launch')
  must(!state.session.includes(verb), '9.3', `${verb} comes twice in a session`)
  must(
    (verb === 'initialized') !== state.session.includes('initialized'),
    '9.3.2',
    'initialized is the first statement, once',
  )
  judgeVerb(verb, session, state, must)
  judgeResult(statement, verb, session, must)
  return broken
}

type Must = (holds: boolean, section: string, message: string) => void

function judgeVerb(verb: Verb, session: Session, state: AuState, must: Must): void {
  if (!judging.includes(verb)) return
  must(session.mode === 'Normal', '10.2.2', `${verb} is said in Normal mode only`)
  if (verb === 'completed') must(!state.completed, '9.3.3', 'completed was said before in this registration')
  if (verb === 'passed') must(!state.passed, '9.3.4', 'passed was said before in this registration')
  if (verb === 'failed') must(!state.passed, '9.3.5', 'failed does not follow passed')
  const other: Verb = verb === 'passed' ? 'failed' : 'passed'
  if (verb !== 'completed') must(!state.session.includes(other), '9.3', `a session says ${verb} or ${other}, not both`)
}

function judgeResult({ result, context }: Statement, verb: Verb, session: Session, must: Must): void {
  const moveOn = has(context?.contextActivities?.category, categories.moveOn)
  const judged = verb === 'passed' || verb === 'failed'
  must(
    moveOn === judging.includes(verb),
    '9.6.2.2',
    'the moveOn category goes with success or completion, and with nothing else',
  )
  must(
    result?.success === (judged ? verb === 'passed' : undefined),
    '9.5.2',
    'success is said by passed and failed only',
  )
  must(
    result?.completion === (verb === 'completed' ? true : undefined),
    '9.5.3',
    'completion is said by completed only',
  )
  if (verb !== 'initialized') must(duration.test(result?.duration ?? ''), '9.5.4.1', 'the duration is missing')
  const score = result?.score
  if (score) {
    must(judged, '9.5.1', 'only passed and failed carry a score')
    must(score.scaled === undefined || (score.scaled >= 0 && score.scaled <= 1), '9.5.1', 'scaled is from 0 to 1')
    must(
      score.raw === undefined || (score.min !== undefined && score.max !== undefined),
      '9.5.1',
      'a raw score needs min and max',
    )
  }
  const mastery = session.masteryScore
  if (mastery === null || !judged) return
  // required where the verdict was made by it; told without a score, it must be the one of the launch
  const told = context?.extensions?.[extensions.masteryScore]
  must(told === mastery || (told === undefined && !score), '9.6.3.2', 'the mastery score is missing or another one')
  if (score?.scaled === undefined) return
  const reached = score.scaled >= mastery
  must(
    verb === 'passed' ? reached : !reached,
    verb === 'passed' ? '9.3.4' : '9.3.5',
    'the score and the mastery score say otherwise',
  )
}

function sameActor({ actor }: Statement, session: Session): boolean {
  const { homePage, name } = session.actor.account
  return actor?.account?.homePage === homePage && actor.account.name === name
}

/** The order that the rules speak of: the one of the timestamps (section 9.3). What has the same stays as it came. */
export const inTimeOrder = (statements: readonly Statement[]): Statement[] =>
  statements.toSorted((a, b) => Date.parse(a.timestamp ?? '') - Date.parse(b.timestamp ?? '') || 0)

/** The session's time so far, as the statement tells it; null when it tells none. Allowed statements have their own. */
export function secondsOf(statement: Statement): number | null {
  const found = isDefined(statement) ? duration.exec(statement.result?.duration ?? '') : null
  if (!found) return null
  const part = (n: number) => Number.parseFloat(found[n] ?? '0')
  const days = part(1) * 365 + part(2) * 30 + part(3) * 7 + part(4)
  return days * 86_400 + part(6) * 3600 + part(7) * 60 + part(8)
}

/** What an attempt on an AU keeps of a statement: what was achieved, and the last score. */
export function valuesAfter(values: Values, statement: Statement): Values {
  const verb = definedVerb(statement)
  const { scaled } = statement.result?.score ?? {}
  const progress = statement.result?.extensions?.[resultExtensions.progress]
  return {
    ...values,
    ...(verb === 'completed' && { 'cmi5.completed': 'true' }),
    ...(verb === 'passed' && { 'cmi5.passed': 'true' }),
    ...(verb === 'failed' && { 'cmi5.failed': 'true' }),
    ...((verb === 'passed' || verb === 'failed') && scaled !== undefined && { 'cmi5.scaled': String(scaled) }),
    ...(isProgress(progress) && { 'cmi5.progress': String(progress) }),
  }
}

/** Whole percents (section 9.5.5.1); anything else is kept in the statement and says nothing here. */
const isProgress = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 100

/** An AU that has nothing left to record is shown for review; any other is learnt (section 10, launchMode). */
export function modeFor(moveOn: MoveOn, { completed, passed }: AuState): LaunchMode {
  const judged = moveOn === 'Passed' || moveOn === 'CompletedAndPassed' || moveOn === 'CompletedOrPassed'
  return completed && (passed || !judged) ? 'Review' : 'Normal'
}

/** The verb of a cmi5 defined statement. */
export const definedVerb = (statement: Statement): Verb | undefined =>
  isDefined(statement) ? verbOf(statement) : undefined

/** What a statement that was kept leaves behind. */
export function noteStatement(state: AuState, statement: Statement): AuState {
  const verb = definedVerb(statement)
  if (!verb) return state
  return {
    ...state,
    completed: state.completed || verb === 'completed',
    passed: state.passed || verb === 'passed',
    session: [...state.session, verb],
    terminated: verb === 'terminated' ? { timestamp: statement.timestamp ?? '', over: false } : state.terminated,
  }
}

/** A new session of the same registration: what was achieved stays. */
export const nextSession = (state: AuState): AuState => ({
  ...state,
  session: [],
  abandoned: false,
  terminated: null,
})

/** Whether an AU's moveOn is met (section 10.2.4). Waived meets every criterion. */
export function meetsMoveOn(moveOn: MoveOn, { completed, passed, waived }: AuState): boolean {
  if (waived) return true
  switch (moveOn) {
    case 'Passed':
      return passed
    case 'Completed':
      return completed
    case 'CompletedAndPassed':
      return completed && passed
    case 'CompletedOrPassed':
      return completed || passed
    default:
      return true
  }
}

/**
 * Blocks and the course that are satisfied, inner ones first: all their parts are (section 9.3.9). The first activity is
 * the course itself.
 */
export function satisfiedNodes(course: Activity, met: (unitId: string) => boolean): string[] {
  const found: string[] = []
  const look = (node: Activity): boolean => {
    if (node.unit !== null) return met(node.unit)
    const all = node.children.map(look).every(Boolean)
    if (all) found.push(node.id)
    return all
  }
  look(course)
  return found
}
