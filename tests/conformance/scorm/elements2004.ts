/**
 * The data model of the SCORM 2004 Run-Time Environment (section 4.2) and of navigation (SN book, 5.6), written down
 * apart from what implements it: element, who may touch it, first value (none: 403), values it takes, values it refuses
 * with 406 (wrong type) and 407 (out of range). Texts are held beyond the smallest permitted maximum, never cut off.
 */
type Row = [
  name: string,
  may: 'r' | 'w' | 'rw',
  first: string | null,
  takes: string[],
  wrong: string[],
  outside: string[],
]

const x = (length: number) => 'x'.repeat(length)
const reals = ['0', '-3', '+4.5', '.25', '0.1234567']
const noReals = ['', 'many', '1e3', '1,5', '--1', '0x10']
const long = ['a', 'item-1', 'urn:haizhu:1', 'http://e.example/1', x(4000)]
const noLong = ['', 'a b', ' ', 'urn:', 'urn:x']
const statuses = ['completed', 'incomplete', 'not attempted', 'unknown']
const verdicts = ['passed', 'failed', 'unknown']
const times = [
  '2005',
  '2005-07',
  '2005-07-25',
  '2005-07-25T03',
  '2005-07-25T03:30:35',
  '2005-07-25T03:30:35.05Z',
  '2005-07-25T03:30:35.0+08:00',
  '2038',
]
const noTimes = [
  '',
  '05',
  '1969',
  '2039-01-01',
  '2005-13',
  '2005-02-30',
  '2005-07-25T24',
  '2005-07-25T03:60',
  '2005-07-25 03:30',
  '2005-7-25',
]
const spans = ['P1Y', 'P1Y3M2DT3H', 'PT3H5M', 'PT0.25S', 'PT0S', 'P400D', 'PT90M']
const noSpans = ['', 'P', 'PT', 'P1H', '1H', 'PT1.234S', 'P1Y2D3M', '-PT1S', '00:10:00']
const texts = ['', '好', '{lang=zh-CN}很好', '{lang=en}good', '{not a tag}']
const noTexts = ['{lang=}x', '{lang=1}x', '{lang=e n}x']
const o = 'cmi.objectives.0'
const i = 'cmi.interactions.0'
const c = 'cmi.comments_from_learner.0'
const l = 'cmi.comments_from_lms.0'

const score = (at: string): Row[] => [
  [`${at}.scaled`, 'rw', null, ['-1', '0', '1', '0.5'], noReals, ['-1.01', '1.1', '50']],
  [`${at}.raw`, 'rw', null, reals, noReals, []],
  [`${at}.min`, 'rw', null, reals, noReals, []],
  [`${at}.max`, 'rw', null, reals, noReals, []],
]

export const rows2004: Row[] = [
  [`${c}.comment`, 'rw', null, [...texts, x(4000)], noTexts, []],
  [`${c}.location`, 'rw', null, ['', 'p3', x(250)], [], []],
  [`${c}.timestamp`, 'rw', null, times, noTimes, []],
  [`${l}.comment`, 'r', null, [], [], []],
  [`${l}.location`, 'r', null, [], [], []],
  [`${l}.timestamp`, 'r', null, [], [], []],
  ['cmi.completion_status', 'rw', 'unknown', statuses, ['', 'passed', 'Completed', 'browsed'], []],
  ['cmi.completion_threshold', 'r', null, [], [], []],
  ['cmi.credit', 'r', 'credit', [], [], []],
  ['cmi.entry', 'r', 'ab-initio', [], [], []],
  ['cmi.exit', 'w', null, ['time-out', 'suspend', 'logout', 'normal', ''], ['timeout', 'exit'], []],
  [`${i}.id`, 'rw', null, long, noLong, []],
  [
    `${i}.type`,
    'rw',
    null,
    [
      ...['true-false', 'choice', 'fill-in', 'long-fill-in', 'matching', 'performance', 'sequencing', 'likert'],
      ...['numeric', 'other'],
    ],
    ['', 'essay'],
    [],
  ],
  [`${i}.objectives.0.id`, 'rw', null, long, noLong, []],
  [`${i}.timestamp`, 'rw', null, times, noTimes, []],
  [`${i}.correct_responses.0.pattern`, 'rw', null, ['a', 'a[,]b'], ['a b'], []],
  [`${i}.weighting`, 'rw', null, reals, noReals, []],
  [`${i}.learner_response`, 'rw', null, ['', 'a', 'a[,]b'], ['a b', 'a[,]a'], []],
  [`${i}.result`, 'rw', null, ['correct', 'incorrect', 'unanticipated', 'neutral', '-0.5'], ['wrong', ''], []],
  [`${i}.latency`, 'rw', null, spans, noSpans, []],
  [`${i}.description`, 'rw', null, [...texts, x(250)], noTexts, []],
  ['cmi.launch_data', 'r', null, [], [], []],
  ['cmi.learner_id', 'r', null, [], [], []],
  ['cmi.learner_name', 'r', null, [], [], []],
  ['cmi.learner_preference.audio_level', 'rw', '1', ['0', '0.5', '12'], noReals, ['-0.1']],
  ['cmi.learner_preference.language', 'rw', '', ['', 'zh', 'zh-CN', 'i-klingon'], ['z', '中文', 'zh_CN', 'zh-'], []],
  ['cmi.learner_preference.delivery_speed', 'rw', '1', ['0', '0.5', '2'], noReals, ['-1']],
  ['cmi.learner_preference.audio_captioning', 'rw', '0', ['-1', '0', '1'], ['2', 'on', ''], []],
  ['cmi.location', 'rw', null, ['', x(1000)], [], []],
  ['cmi.max_time_allowed', 'r', null, [], [], []],
  ['cmi.mode', 'r', 'normal', [], [], []],
  [`${o}.id`, 'rw', null, long, noLong, []],
  ...score(`${o}.score`),
  [`${o}.success_status`, 'rw', 'unknown', verdicts, ['', 'completed'], []],
  [`${o}.completion_status`, 'rw', 'unknown', statuses, ['', 'passed'], []],
  [`${o}.progress_measure`, 'rw', null, ['0', '0.5', '1'], noReals, ['-0.1', '1.1']],
  [`${o}.description`, 'rw', null, [...texts, x(250)], noTexts, []],
  ['cmi.progress_measure', 'rw', null, ['0', '0.5', '1'], noReals, ['-0.1', '1.1']],
  ['cmi.scaled_passing_score', 'r', null, [], [], []],
  ...score('cmi.score'),
  ['cmi.session_time', 'w', null, spans, noSpans, []],
  ['cmi.success_status', 'rw', 'unknown', verdicts, ['', 'completed', 'Passed'], []],
  ['cmi.suspend_data', 'rw', null, ['', x(64_000)], [], []],
  ['cmi.time_limit_action', 'r', 'continue,no message', [], [], []],
  ['cmi.total_time', 'r', 'PT0H0M0S', [], [], []],
  [
    'adl.nav.request',
    'rw',
    '_none_',
    [
      ...['continue', 'previous', 'exit', 'exitAll', 'abandon', 'abandonAll', 'suspendAll', '_none_'],
      ...['{target=item-2}choice', '{target=item-2}jump'],
    ],
    ['', 'choice', 'jump', 'next', '{target=}choice', '{target=a}continue', 'choice{target=a}'],
    [],
  ],
  ['adl.nav.request_valid.continue', 'r', 'unknown', [], [], []],
  ['adl.nav.request_valid.previous', 'r', 'unknown', [], [], []],
  ['adl.data.0.id', 'r', 'store-1', [], [], []],
  ['adl.data.0.store', 'rw', null, ['', x(64_000)], [], []],
]

export const groups2004: [group: string, children: string, array: boolean][] = [
  ['cmi.comments_from_learner', 'comment location timestamp', true],
  ['cmi.comments_from_lms', 'comment location timestamp', true],
  [
    'cmi.interactions',
    'correct_responses description id latency learner_response objectives result timestamp type weighting',
    true,
  ],
  ['cmi.learner_preference', 'audio_captioning audio_level delivery_speed language', false],
  ['cmi.objectives', 'completion_status description id progress_measure score success_status', true],
  ['cmi.objectives.0.score', 'max min raw scaled', false],
  ['cmi.score', 'max min raw scaled', false],
  ['adl.data', 'id store', true],
]
