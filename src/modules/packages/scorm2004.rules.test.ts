import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sharedValues, storesSet } from './attempt.rules.ts'
import { newSession, type Values } from './runtime.schema.ts'
import {
  commit2004,
  completionOf,
  diagnostic2004,
  errorString2004,
  errors2004,
  getValue2004,
  initialize2004,
  lastError2004,
  resume2004,
  setValue2004,
  successOf,
  suspends2004,
  terminate2004,
} from './scorm2004.rules.ts'
import { children2004, elements2004 } from './scorm2004-model.rules.ts'
import { centisecondsOf2004, intervalOf } from './scorm2004-types.rules.ts'

const running = (values: Values = {}) => {
  const session = newSession(values)
  initialize2004(session, '')
  return session
}
const get = (values: Values, name: string) => getValue2004(running(values), name)
const set = (name: string, value: unknown, values: Values = {}) => setValue2004(running(values), name, value)

describe('HZ4-M13 SCORM 2004 states of the session', () => {
  test('HZ4-M13 before Initialize each call has its own error', () => {
    const session = newSession({})
    expect(getValue2004(session, 'cmi.mode').error).toBe(122)
    expect(setValue2004(session, 'cmi.location', 'x').error).toBe(132)
    expect(commit2004(session, '').error).toBe(142)
    expect(terminate2004(session, '').error).toBe(112)
    expect(lastError2004(session)).toBe('112')
  })
  test('HZ4-M13 Initialize twice is 103; after Terminate it is 104', () => {
    const session = running()
    expect(initialize2004(session, '')).toMatchObject({ value: 'false', error: 103 })
    expect(terminate2004(session, '')).toMatchObject({ value: 'true', error: 0 })
    expect(initialize2004(session, '').error).toBe(104)
    expect(terminate2004(session, '').error).toBe(113)
    expect(getValue2004(session, 'cmi.mode').error).toBe(123)
    expect(setValue2004(session, 'cmi.location', 'x').error).toBe(133)
    expect(commit2004(session, '').error).toBe(143)
  })
  test('HZ4-M13 the parameterless calls take an empty string: 201', () => {
    expect(initialize2004(newSession({}), 'x').error).toBe(201)
    expect(commit2004(running(), 'x').error).toBe(201)
    expect(terminate2004(running(), 'x').error).toBe(201)
  })
  test('HZ4-M13 every error code has its text; an unknown one has none', () => {
    for (const [code, text] of Object.entries(errors2004)) expect(errorString2004(code)).toBe(text)
    expect(errorString2004('7777')).toBe('')
    const session = running()
    getValue2004(session, 'cmi.nonsense')
    expect(diagnostic2004(session, '401')).toContain('cmi.nonsense')
  })
})

describe('HZ4-M13 SCORM 2004 who may read and write what', () => {
  const readOnly = Object.entries(elements2004).filter(([name, { may }]) => may === 'r' && !name.includes('.n.'))
  test.each(readOnly.map(([name]) => name))('HZ4-M13 %s is read only: 404', (name) => {
    expect(set(name, '1')).toMatchObject({ value: 'false', error: 404 })
    expect(get({ [name]: 'given' }, name)).toMatchObject({ value: 'given', error: 0 })
  })
  test.each([
    ['cmi.exit', 'suspend'],
    ['cmi.session_time', 'PT1M'],
  ])('HZ4-M13 %s is write only: 405', (name, value) => {
    expect(set(name, value).error).toBe(0)
    expect(get({}, name).error).toBe(405)
  })
  test.each(Object.keys(children2004).filter((name) => !name.includes('.n')))(
    'HZ4-M13 %s tells its children and takes none',
    (name) => {
      expect(get({}, `${name}._children`).value.split(',').length).toBeGreaterThan(1)
      expect(set(`${name}._children`, 'x').error).toBe(404)
    },
  )
  test.each([
    ['', 301, 351],
    ['cmi.nonsense', 401, 401],
    ['cmi.location._children', 301, 404],
    ['cmi.score._count', 301, 404],
    ['cmi.nonsense._count', 401, 404],
    ['cmi._version', 0, 404],
    ['adl.nav.request_valid.choice.{target=a}', 0, 404],
  ])('HZ4-M13 %s: reading %i, writing %i', (name, reading, writing) => {
    expect(get({}, name).error).toBe(reading)
    expect(set(name, 'x').error).toBe(writing)
  })
  test.each([
    'cmi.completion_threshold',
    'cmi.launch_data',
    'cmi.learner_id',
    'cmi.location',
    'cmi.max_time_allowed',
    'cmi.progress_measure',
    'cmi.scaled_passing_score',
    'cmi.score.scaled',
    'cmi.score.raw',
    'cmi.suspend_data',
  ])('HZ4-M13 %s without a value is 403', (name) => {
    expect(get({}, name)).toMatchObject({ value: '', error: 403 })
  })
  test.each([
    ['cmi.completion_status', 'unknown'],
    ['cmi.success_status', 'unknown'],
    ['cmi.credit', 'credit'],
    ['cmi.mode', 'normal'],
    ['cmi.entry', 'ab-initio'],
    ['cmi.total_time', 'PT0H0M0S'],
    ['cmi.time_limit_action', 'continue,no message'],
    ['cmi.learner_preference.audio_level', '1'],
    ['cmi.learner_preference.audio_captioning', '0'],
    ['cmi.learner_preference.language', ''],
    ['adl.nav.request', '_none_'],
    ['adl.nav.request_valid.continue', 'unknown'],
  ])('HZ4-M13 %s begins as %j', (name, value) => {
    expect(get({}, name)).toMatchObject({ value, error: 0 })
  })
})

describe('HZ4-M13 SCORM 2004 data types', () => {
  const long = (length: number) => 'x'.repeat(length)
  test.each([
    ['cmi.completion_status', 'not attempted', 'passed', 406],
    ['cmi.success_status', 'failed', 'completed', 406],
    ['cmi.exit', 'normal', 'quit', 406],
    ['cmi.score.scaled', '-1', '1.01', 407],
    ['cmi.score.scaled', '0.5', 'half', 406],
    ['cmi.score.raw', '-20.75', '1e3', 406],
    ['cmi.progress_measure', '1', '1.1', 407],
    ['cmi.progress_measure', '0', '', 406],
    ['cmi.session_time', 'P1Y2M3DT4H5M6.78S', 'PT', 406],
    ['cmi.session_time', 'PT90M', '00:01:00', 406],
    ['cmi.learner_preference.audio_level', '2.5', '-1', 407],
    ['cmi.learner_preference.language', 'zh-CN', 'not a language', 406],
    ['cmi.learner_preference.audio_captioning', '-1', '2', 406],
    ['cmi.suspend_data', long(64_000), long(640_001), 351],
    ['cmi.location', long(1000), long(10_001), 351],
    ['cmi.comments_from_learner.0.comment', '{lang=zh-CN}很好', '{lang=}x', 406],
    ['cmi.comments_from_learner.0.timestamp', '2021-09-15T10:00:00.0+08:00', '2021-02-30', 406],
    ['cmi.comments_from_learner.0.timestamp', '2021', '1969-01-01', 406],
    ['cmi.objectives.0.id', 'urn:haizhu:one', 'urn:x', 406],
    ['cmi.interactions.0.id', 'q1', 'q 1', 406],
    ['adl.nav.request', '{target=item-2}choice', 'choice', 406],
    ['adl.nav.request', 'suspendAll', 'next', 406],
  ])('HZ4-M13 %s takes %j and refuses %j with %i', (name, good, bad, error) => {
    expect(set(name, good)).toMatchObject({ value: 'true', error: 0 })
    expect(set(name, bad)).toMatchObject({ value: 'false', error })
  })

  const typed = (kind: string): Values => ({ 'cmi.interactions.0.id': 'q', 'cmi.interactions.0.type': kind })
  test.each([
    ['true-false', 'true', 'yes'],
    ['choice', 'a[,]b', 'a[,]a'],
    ['fill-in', 'one[,]{lang=en}two', '{lang=}two'],
    ['long-fill-in', 'an essay', `${long(40_001)}`],
    ['matching', 'a[.]1[,]b[.]2', 'a[,]b'],
    ['performance', 'step[.]done[,][.]3', 'step'],
    ['sequencing', 'a[,]b[,]a', 'a[,]b b'],
    ['likert', 'agree', 'a b'],
    ['numeric', '-3.25', 'three'],
    ['other', 'anything at all', '{lang=}x'],
  ])('HZ4-M13 a %s interaction takes the response %j, not %j', (kind, good, bad) => {
    expect(set('cmi.interactions.0.learner_response', good, typed(kind)).error).toBe(0)
    expect(set('cmi.interactions.0.learner_response', bad, typed(kind)).error).toBe(406)
  })
  test.each([
    ['true-false', 'false', 'no'],
    ['choice', 'a[,]b', 'a b'],
    ['fill-in', '{case_matters=true}{order_matters=false}one[,]two', '{case_matters=maybe}one'],
    ['long-fill-in', '{case_matters=false}x', '{case_matters=1}x'],
    ['matching', 'a[.]1', 'a'],
    ['performance', '{order_matters=false}step[.]1[:]2', '{order_matters=no}step[.]x'],
    ['sequencing', 'a[,]b', 'a b'],
    ['likert', 'agree', 'a b'],
    ['numeric', '1[:]5', '5[:]1'],
    ['numeric', '[:]', '5'],
  ])('HZ4-M13 a %s interaction takes the pattern %j, not %j', (kind, good, bad) => {
    const name = 'cmi.interactions.0.correct_responses.0.pattern'
    expect(set(name, good, typed(kind)).error).toBe(0)
    expect(set(name, bad, typed(kind)).error).toBe(406)
  })
  test('HZ4-M13 only some types have several correct responses, and no pattern comes twice', () => {
    const one = { ...typed('numeric'), 'cmi.interactions.0.correct_responses.0.pattern': '1[:]1' }
    expect(set('cmi.interactions.0.correct_responses.1.pattern', '2[:]2', one).error).toBe(351)
    const choice = { ...typed('choice'), 'cmi.interactions.0.correct_responses.0.pattern': 'a' }
    expect(set('cmi.interactions.0.correct_responses.1.pattern', 'a', choice).error).toBe(351)
    expect(set('cmi.interactions.0.correct_responses.1.pattern', 'b', choice).error).toBe(0)
  })
})

describe('HZ4-M13 SCORM 2004 arrays and what depends on what', () => {
  test('HZ4-M13 an entry begins with its id: 408 before it', () => {
    expect(set('cmi.objectives.0.score.scaled', '1').error).toBe(408)
    expect(set('cmi.interactions.0.type', 'choice').error).toBe(408)
    expect(set('cmi.interactions.0.learner_response', 'a', { 'cmi.interactions.0.id': 'q' }).error).toBe(408)
    expect(set('cmi.interactions.0.correct_responses.0.pattern', 'a', { 'cmi.interactions.0.id': 'q' }).error).toBe(408)
  })
  test('HZ4-M13 arrays fill in order (351) and end where they end (301)', () => {
    const one = { 'cmi.objectives.0.id': 'a' }
    expect(set('cmi.objectives.2.id', 'c', one).error).toBe(351)
    expect(set('cmi.objectives.1.id', 'b', one).error).toBe(0)
    expect(get(one, 'cmi.objectives._count').value).toBe('1')
    expect(get(one, 'cmi.objectives.1.id').error).toBe(301)
    expect(get(one, 'cmi.objectives.1.score._children').error).toBe(301)
    expect(get(one, 'cmi.objectives.0.success_status').value).toBe('unknown')
    expect(get(one, 'cmi.objectives.0.score.raw').error).toBe(403)
    expect(get({ 'cmi.interactions.0.id': 'q' }, 'cmi.interactions.0.objectives._count').value).toBe('0')
  })
  test('HZ4-M13 objective ids are unique and stay', () => {
    const two = { 'cmi.objectives.0.id': 'a', 'cmi.objectives.1.id': 'b' }
    expect(set('cmi.objectives.2.id', 'a', two).error).toBe(351)
    expect(set('cmi.objectives.0.id', 'c', two).error).toBe(351)
    expect(set('cmi.objectives.0.id', 'a', two).error).toBe(0)
    const q = { 'cmi.interactions.0.id': 'q', 'cmi.interactions.0.objectives.0.id': 'a' }
    expect(set('cmi.interactions.0.objectives.1.id', 'a', q).error).toBe(351)
  })
  test('HZ4-M13 a refused value leaves the model as it was', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(elements2004)), fc.string(), (pattern, value) => {
        const name = pattern.replaceAll('.n', '.0')
        const session = running()
        const before = structuredClone(session.values)
        const answer = setValue2004(session, name, value)
        if (answer.error !== 0) expect(session.values).toEqual(before)
        else expect(Object.keys(session.values)).toEqual([name])
      }),
    )
  })
})

describe('HZ4-M13 SCORM 2004 status and resumption', () => {
  test('HZ4-M13 the completion threshold speaks louder than content', () => {
    const given = { 'cmi.completion_threshold': '0.8', 'cmi.completion_status': 'completed' }
    expect(completionOf(given)).toBe('unknown')
    expect(completionOf({ ...given, 'cmi.progress_measure': '0.5' })).toBe('incomplete')
    expect(completionOf({ ...given, 'cmi.completion_status': 'incomplete', 'cmi.progress_measure': '0.8' })).toBe(
      'completed',
    )
  })
  test('HZ4-M13 the scaled passing score speaks louder than content', () => {
    const given = { 'cmi.scaled_passing_score': '0.6', 'cmi.success_status': 'passed' }
    expect(successOf(given)).toBe('unknown')
    expect(successOf({ ...given, 'cmi.score.scaled': '0.59' })).toBe('failed')
    expect(successOf({ ...given, 'cmi.score.scaled': '0.6' })).toBe('passed')
    expect(successOf({ 'cmi.success_status': 'passed' })).toBe('passed')
  })
  test.each([
    [{ 'cmi.exit': 'suspend' }, true],
    [{ 'cmi.exit': 'logout' }, true],
    [{ 'adl.nav.request': 'suspendAll' }, true],
    [{ 'cmi.exit': 'normal' }, false],
    [{ 'cmi.exit': 'time-out' }, false],
    [{}, false],
  ])('HZ4-M13 after %j the attempt goes on: %j', (values: Values, goesOn) => {
    expect(suspends2004(values)).toBe(goesOn)
  })
  test('HZ4-M13 a suspended attempt resumes with its data and time; a new one starts clean but for preferences', () => {
    const values = {
      'cmi.exit': 'suspend',
      'cmi.session_time': 'PT1M',
      'cmi.suspend_data': 'page 3',
      'cmi.learner_preference.language': 'zh',
    }
    const resumed = resume2004(values, { 'cmi.launch_data': 'x' }, { suspended: true, totalCentiseconds: 6000 })
    expect(resumed).toEqual({
      'cmi.suspend_data': 'page 3',
      'cmi.learner_preference.language': 'zh',
      'cmi.launch_data': 'x',
      'cmi.entry': 'resume',
      'cmi.total_time': 'PT0H1M0S',
    })
    const fresh = resume2004(values, {}, { suspended: false, totalCentiseconds: 6000 })
    expect(fresh).toEqual({
      'cmi.learner_preference.language': 'zh',
      'cmi.entry': 'ab-initio',
      'cmi.total_time': 'PT0H0M0S',
    })
  })
  test('HZ4-M13 an interval survives being read and written, to the hundredth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (n) => {
        expect(centisecondsOf2004(intervalOf(n))).toBe(n)
      }),
    )
    expect(centisecondsOf2004('P1DT1.5S')).toBe(8_640_150)
  })
})

describe('HZ4-M13 SCORM 2004 data shared between units (adl.data, 4th edition)', () => {
  const unit = {
    ...{ id: 'a', title: 'a', kind: 'sco' as const, href: 'a.html', parameters: '' },
    scorm: {
      shared: [
        { target: 'both', read: true, write: true },
        { target: 'read', read: true, write: false },
        { target: 'write', read: false, write: true },
      ],
    },
  }
  const values = sharedValues(unit, new Map([['read', 'from another unit']]))
  test('HZ4-M13 the stores of the manifest are there, in its order, and content can make no other', () => {
    expect(get(values, 'adl.data._count').value).toBe('3')
    expect(get(values, 'adl.data._children').value).toBe('id,store')
    expect(get(values, 'adl.data.1.id').value).toBe('read')
    expect(set('adl.data.1.id', 'mine', values).error).toBe(404)
    expect(set('adl.data.3.store', 'x', values).error).toBe(351)
    expect(set('adl.data.0.store', 'x').error).toBe(351)
    expect(get(values, 'adl.data.3.store').error).toBe(301)
  })
  test('HZ4-M13 without a value 403, without the right to read 405, without the right to write 404', () => {
    expect(get(values, 'adl.data.0.store').error).toBe(403)
    expect(get(values, 'adl.data.1.store').value).toBe('from another unit')
    expect(set('adl.data.1.store', 'x', values).error).toBe(404)
    expect(get(values, 'adl.data.2.store').error).toBe(405)
    expect(set('adl.data.2.store', 'x', values).error).toBe(0)
  })
  test('HZ4-M13 what was set goes to its store by name, and nothing else does', () => {
    const after = { ...values, 'adl.data.0.store': 'new', 'cmi.location': '3' }
    expect(storesSet(unit, values, after)).toEqual([['both', 'new']])
    expect(storesSet(unit, values, values)).toEqual([])
  })
})
