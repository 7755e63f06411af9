import type { Check, Element } from './runtime.schema.ts'

/** Data types and elements of the SCORM 1.2 Run-Time Environment, section 3.4. */
const wrong = 405

const matching =
  (pattern: RegExp): Check =>
  (value) =>
    pattern.test(value) ? 0 : wrong
const oneOf =
  (...words: string[]): Check =>
  (value) =>
    words.includes(value) ? 0 : wrong
const upTo =
  (length: number): Check =>
  (value) =>
    value.length <= length ? 0 : wrong

const decimal = /^-?(\d+(\.\d*)?|\.\d+)$/
/** Scores are normalised by content, from 0 to 100, or blank. */
const score: Check = (value) => (value === '' || (decimal.test(value) && +value >= 0 && +value <= 100) ? 0 : wrong)
const number = matching(decimal)
const whole =
  (least: number, most: number): Check =>
  (value) =>
    /^[+-]?\d+$/.test(value) && +value >= least && +value <= most ? 0 : wrong
const identifier = matching(/^[\u0021-\u007e]{1,255}$/)
const clock = matching(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2})?$/)
/** CMITimespan: two to four digits of hours; minutes and seconds may run to 99. */
export const timespan = /^(\d{2,4}):(\d{2}):(\d{2}(\.\d{1,2})?)$/

const statuses = ['passed', 'completed', 'failed', 'incomplete', 'browsed'] as const
const string255 = upTo(255)
const string4096 = upTo(4096)
const kinds = ['true-false', 'choice', 'fill-in', 'matching', 'performance', 'sequencing', 'likert', 'numeric']
const outcome: Check = (value) =>
  ['correct', 'wrong', 'unanticipated', 'neutral'].includes(value) || decimal.test(value) ? 0 : wrong

const scoreElements = (at: string): Record<string, Element> => ({
  [`${at}.raw`]: { may: 'rw', check: score, initial: '' },
  [`${at}.max`]: { may: 'rw', check: score, initial: '' },
  [`${at}.min`]: { may: 'rw', check: score, initial: '' },
})

export const elements12: Record<string, Element> = {
  'cmi.core.student_id': { may: 'r', initial: '' },
  'cmi.core.student_name': { may: 'r', initial: '' },
  'cmi.core.lesson_location': { may: 'rw', check: string255, initial: '' },
  'cmi.core.credit': { may: 'r', initial: 'credit' },
  'cmi.core.lesson_status': { may: 'rw', check: oneOf(...statuses), initial: 'not attempted' },
  'cmi.core.entry': { may: 'r', initial: 'ab-initio' },
  ...scoreElements('cmi.core.score'),
  'cmi.core.total_time': { may: 'r', initial: '0000:00:00.00' },
  'cmi.core.lesson_mode': { may: 'r', initial: 'normal' },
  'cmi.core.exit': { may: 'w', check: oneOf('time-out', 'suspend', 'logout', '') },
  'cmi.core.session_time': { may: 'w', check: matching(timespan) },
  'cmi.suspend_data': { may: 'rw', check: string4096, initial: '' },
  'cmi.launch_data': { may: 'r', initial: '' },
  'cmi.comments': { may: 'rw', check: string4096, initial: '' },
  'cmi.comments_from_lms': { may: 'r', initial: '' },
  'cmi.objectives.n.id': { may: 'rw', check: identifier, initial: '' },
  ...scoreElements('cmi.objectives.n.score'),
  'cmi.objectives.n.status': { may: 'rw', check: oneOf(...statuses, 'not attempted'), initial: 'not attempted' },
  'cmi.student_data.mastery_score': { may: 'r', initial: '' },
  'cmi.student_data.max_time_allowed': { may: 'r', initial: '' },
  'cmi.student_data.time_limit_action': { may: 'r', initial: '' },
  'cmi.student_preference.audio': { may: 'rw', check: whole(-1, 100), initial: '0' },
  'cmi.student_preference.language': { may: 'rw', check: string255, initial: '' },
  'cmi.student_preference.speed': { may: 'rw', check: whole(-100, 100), initial: '0' },
  'cmi.student_preference.text': { may: 'rw', check: whole(-1, 1), initial: '0' },
  'cmi.interactions.n.id': { may: 'w', check: identifier },
  'cmi.interactions.n.objectives.n.id': { may: 'w', check: identifier },
  'cmi.interactions.n.time': { may: 'w', check: clock },
  'cmi.interactions.n.type': { may: 'w', check: oneOf(...kinds) },
  'cmi.interactions.n.correct_responses.n.pattern': { may: 'w', check: string255 },
  'cmi.interactions.n.weighting': { may: 'w', check: number },
  'cmi.interactions.n.student_response': { may: 'w', check: string255 },
  'cmi.interactions.n.result': { may: 'w', check: outcome },
  'cmi.interactions.n.latency': { may: 'w', check: matching(timespan) },
}

/** `_children` of each group, as content asks for it. */
export const children12: Record<string, string> = {
  'cmi.core':
    'student_id,student_name,lesson_location,credit,lesson_status,entry,score,total_time,lesson_mode,exit,session_time',
  'cmi.core.score': 'raw,min,max',
  'cmi.objectives': 'id,score,status',
  'cmi.objectives.n.score': 'raw,min,max',
  'cmi.student_data': 'mastery_score,max_time_allowed,time_limit_action',
  'cmi.student_preference': 'audio,language,speed,text',
  'cmi.interactions': 'id,objectives,time,type,correct_responses,weighting,student_response,result,latency',
}

export const collections12 = [
  'cmi.objectives',
  'cmi.interactions',
  'cmi.interactions.n.objectives',
  'cmi.interactions.n.correct_responses',
]

/** What content writes but never reads belongs to the session that wrote it, not to the next. */
export const perSession12 = ['cmi.core.exit', 'cmi.core.session_time']
