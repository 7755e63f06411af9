import type { Element } from './runtime.schema.ts'
import {
  characters,
  languageType,
  localized,
  longIdentifier,
  oneOf,
  real,
  time,
  timeinterval,
} from './scorm2004-types.rules.ts'

/** Elements of the SCORM 2004 Run-Time Environment, section 4.2, and of navigation, section 5.6 of the SN book. */
const completion = oneOf('completed', 'incomplete', 'not attempted', 'unknown')
const success = oneOf('passed', 'failed', 'unknown')
const kinds = oneOf(
  ...['true-false', 'choice', 'fill-in', 'long-fill-in', 'matching', 'performance', 'sequencing', 'likert', 'numeric'],
  'other',
)
const outcome = (value: string) =>
  ['correct', 'incorrect', 'unanticipated', 'neutral'].includes(value) ? 0 : real()(value)

const score = (at: string): Record<string, Element> => ({
  [`${at}.scaled`]: { may: 'rw', check: real(-1, 1) },
  [`${at}.raw`]: { may: 'rw', check: real() },
  [`${at}.min`]: { may: 'rw', check: real() },
  [`${at}.max`]: { may: 'rw', check: real() },
})

const comments = (at: string, may: 'r' | 'rw'): Record<string, Element> => ({
  [`${at}.n.comment`]: { may, check: localized(4000) },
  [`${at}.n.location`]: { may, check: characters(250) },
  [`${at}.n.timestamp`]: { may, check: time },
})

const navigation = /^(continue|previous|exit|exitAll|abandon|abandonAll|suspendAll|_none_|\{target=\S+\}(choice|jump))$/

export const elements2004: Record<string, Element> = {
  ...comments('cmi.comments_from_learner', 'rw'),
  ...comments('cmi.comments_from_lms', 'r'),
  'cmi.completion_status': { may: 'rw', check: completion, initial: 'unknown' },
  'cmi.completion_threshold': { may: 'r' },
  'cmi.credit': { may: 'r', initial: 'credit' },
  'cmi.entry': { may: 'r', initial: 'ab-initio' },
  'cmi.exit': { may: 'w', check: oneOf('time-out', 'suspend', 'logout', 'normal', '') },
  'cmi.interactions.n.id': { may: 'rw', check: longIdentifier },
  'cmi.interactions.n.type': { may: 'rw', check: kinds },
  'cmi.interactions.n.objectives.n.id': { may: 'rw', check: longIdentifier },
  'cmi.interactions.n.timestamp': { may: 'rw', check: time },
  'cmi.interactions.n.correct_responses.n.pattern': { may: 'rw' },
  'cmi.interactions.n.weighting': { may: 'rw', check: real() },
  'cmi.interactions.n.learner_response': { may: 'rw' },
  'cmi.interactions.n.result': { may: 'rw', check: outcome },
  'cmi.interactions.n.latency': { may: 'rw', check: timeinterval },
  'cmi.interactions.n.description': { may: 'rw', check: localized(250) },
  'cmi.launch_data': { may: 'r' },
  'cmi.learner_id': { may: 'r' },
  'cmi.learner_name': { may: 'r' },
  'cmi.learner_preference.audio_level': { may: 'rw', check: real(0), initial: '1' },
  'cmi.learner_preference.language': { may: 'rw', check: languageType, initial: '' },
  'cmi.learner_preference.delivery_speed': { may: 'rw', check: real(0), initial: '1' },
  'cmi.learner_preference.audio_captioning': { may: 'rw', check: oneOf('-1', '0', '1'), initial: '0' },
  'cmi.location': { may: 'rw', check: characters(1000) },
  'cmi.max_time_allowed': { may: 'r' },
  'cmi.mode': { may: 'r', initial: 'normal' },
  'cmi.objectives.n.id': { may: 'rw', check: longIdentifier },
  ...score('cmi.objectives.n.score'),
  'cmi.objectives.n.success_status': { may: 'rw', check: success, initial: 'unknown' },
  'cmi.objectives.n.completion_status': { may: 'rw', check: completion, initial: 'unknown' },
  'cmi.objectives.n.progress_measure': { may: 'rw', check: real(0, 1) },
  'cmi.objectives.n.description': { may: 'rw', check: localized(250) },
  'cmi.progress_measure': { may: 'rw', check: real(0, 1) },
  'cmi.scaled_passing_score': { may: 'r' },
  ...score('cmi.score'),
  'cmi.session_time': { may: 'w', check: timeinterval },
  'cmi.success_status': { may: 'rw', check: success, initial: 'unknown' },
  'cmi.suspend_data': { may: 'rw', check: characters(64_000) },
  'cmi.time_limit_action': { may: 'r', initial: 'continue,no message' },
  'cmi.total_time': { may: 'r', initial: 'PT0H0M0S' },
  'adl.nav.request': {
    may: 'rw',
    check: (value) => (navigation.test(value) ? 0 : 406),
    initial: '_none_',
  },
  'adl.nav.request_valid.continue': { may: 'r', initial: 'unknown' },
  'adl.nav.request_valid.previous': { may: 'r', initial: 'unknown' },
  'adl.data.n.id': { may: 'r' },
  'adl.data.n.store': { may: 'rw', check: characters(64_000) },
}

export const children2004: Record<string, string> = {
  cmi: [
    '_version,comments_from_learner,comments_from_lms,completion_status,completion_threshold,credit,entry,exit,interactions',
    'launch_data,learner_id,learner_name,learner_preference,location,max_time_allowed,mode,objectives,progress_measure',
    'scaled_passing_score,score,session_time,success_status,suspend_data,time_limit_action,total_time',
  ].join(','),
  'cmi.comments_from_learner': 'comment,location,timestamp',
  'cmi.comments_from_lms': 'comment,location,timestamp',
  'cmi.interactions':
    'id,type,objectives,timestamp,correct_responses,weighting,learner_response,result,latency,description',
  'cmi.learner_preference': 'audio_level,language,delivery_speed,audio_captioning',
  'cmi.objectives': 'id,score,success_status,completion_status,progress_measure,description',
  'cmi.objectives.n.score': 'scaled,raw,min,max',
  'cmi.score': 'scaled,raw,min,max',
  'adl.data': 'id,store',
}

export const collections2004 = [
  'cmi.comments_from_learner',
  'cmi.comments_from_lms',
  'cmi.interactions',
  'cmi.interactions.n.objectives',
  'cmi.interactions.n.correct_responses',
  'cmi.objectives',
  'adl.data',
]

/** What belongs to one communication session alone. */
export const perSession2004 = ['cmi.exit', 'cmi.session_time', 'adl.nav.request']
