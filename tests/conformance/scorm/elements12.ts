/**
 * The data model of the SCORM 1.2 Run-Time Environment (section 3.4.4), written down apart from what implements it:
 * element, who may touch it, first value, values it takes, values it refuses with 405.
 */
type Row = [name: string, may: 'r' | 'w' | 'rw', first: string | null, takes: string[], refuses: string[]]

const x = (length: number) => 'x'.repeat(length)
const decimals = ['', '0', '100', '62.5', '.5']
const noDecimals = ['-0.1', '100.1', '1e1', 'many']
const spans = ['00:00:00', '0000:00:00.00', '9999:59:59.99', '01:60:60']
const noSpans = ['', '1:00:00', '00000:00:00', '00:00', '00:00:00.000', 'PT1M']
const statuses = ['passed', 'completed', 'failed', 'incomplete', 'browsed']
const o = 'cmi.objectives.0'
const i = 'cmi.interactions.0'

export const rows12: Row[] = [
  ['cmi.core.student_id', 'r', '', [], []],
  ['cmi.core.student_name', 'r', '', [], []],
  ['cmi.core.lesson_location', 'rw', '', ['', x(255), '第三页'], [x(256)]],
  ['cmi.core.credit', 'r', 'credit', [], []],
  ['cmi.core.lesson_status', 'rw', 'not attempted', statuses, ['not attempted', 'Passed', '', 'unknown']],
  ['cmi.core.entry', 'r', 'ab-initio', [], []],
  ['cmi.core.score.raw', 'rw', '', decimals, noDecimals],
  ['cmi.core.score.max', 'rw', '', decimals, noDecimals],
  ['cmi.core.score.min', 'rw', '', decimals, noDecimals],
  ['cmi.core.total_time', 'r', '0000:00:00.00', [], []],
  ['cmi.core.lesson_mode', 'r', 'normal', [], []],
  ['cmi.core.exit', 'w', null, ['time-out', 'suspend', 'logout', ''], ['normal', 'timeout']],
  ['cmi.core.session_time', 'w', null, spans, noSpans],
  ['cmi.suspend_data', 'rw', '', ['', x(4096)], [x(4097)]],
  ['cmi.launch_data', 'r', '', [], []],
  ['cmi.comments', 'rw', '', ['', x(4096)], [x(4097)]],
  ['cmi.comments_from_lms', 'r', '', [], []],
  [`${o}.id`, 'rw', '', ['a', x(255), 'obj_1-a.b'], ['', 'a b', x(256)]],
  [`${o}.score.raw`, 'rw', '', decimals, noDecimals],
  [`${o}.score.max`, 'rw', '', decimals, noDecimals],
  [`${o}.score.min`, 'rw', '', decimals, noDecimals],
  [`${o}.status`, 'rw', 'not attempted', [...statuses, 'not attempted'], ['', 'unknown']],
  ['cmi.student_data.mastery_score', 'r', '', [], []],
  ['cmi.student_data.max_time_allowed', 'r', '', [], []],
  ['cmi.student_data.time_limit_action', 'r', '', [], []],
  ['cmi.student_preference.audio', 'rw', '0', ['-1', '0', '100'], ['-2', '101', '1.5', '', 'loud']],
  ['cmi.student_preference.language', 'rw', '', ['', 'zh', x(255)], [x(256)]],
  ['cmi.student_preference.speed', 'rw', '0', ['-100', '0', '100'], ['-101', '101', '1.5']],
  ['cmi.student_preference.text', 'rw', '0', ['-1', '0', '1'], ['-2', '2', 'on']],
  [`${i}.id`, 'w', null, ['q1', x(255)], ['', 'q 1', x(256)]],
  [`${i}.objectives.0.id`, 'w', null, ['a'], ['', 'a b']],
  [`${i}.time`, 'w', null, ['00:00:00', '23:59:59.99'], ['24:00:00', '12:60:00', '12:00:60', '12:00', '1:00:00']],
  [
    `${i}.type`,
    'w',
    null,
    ['true-false', 'choice', 'fill-in', 'matching', 'performance', 'sequencing', 'likert', 'numeric'],
    ['long-fill-in', 'other', ''],
  ],
  [`${i}.correct_responses.0.pattern`, 'w', null, ['t', 'a,b', '{a,b}', '1.a,2.b', x(255)], [x(256)]],
  [`${i}.weighting`, 'w', null, ['1', '-0.5', '.25'], ['heavy', '1e1', '']],
  [`${i}.student_response`, 'w', null, ['t', 'a,b', x(255)], [x(256)]],
  [`${i}.result`, 'w', null, ['correct', 'wrong', 'unanticipated', 'neutral', '0.75'], ['incorrect', '', 'right']],
  [`${i}.latency`, 'w', null, spans, noSpans],
]

export const groups12: [group: string, children: string, array: boolean][] = [
  [
    'cmi.core',
    'credit entry exit lesson_location lesson_mode lesson_status score session_time student_id student_name total_time',
    false,
  ],
  ['cmi.core.score', 'max min raw', false],
  ['cmi.objectives', 'id score status', true],
  [`${o}.score`, 'max min raw', false],
  ['cmi.student_data', 'mastery_score max_time_allowed time_limit_action', false],
  ['cmi.student_preference', 'audio language speed text', false],
  ['cmi.interactions', 'correct_responses id latency objectives result student_response time type weighting', true],
]
