import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newSession, type Values } from './runtime.schema.ts'
import {
  centisecondsOf12,
  commit12,
  diagnostic12,
  errorString12,
  finish12,
  getValue12,
  initialize12,
  lastError12,
  resume12,
  settle12,
  setValue12,
  timespanOf,
} from './scorm12.rules.ts'

const running = (values: Values = {}) => {
  const session = newSession(values)
  initialize12(session, '')
  return session
}

describe('HZ4-M13 SCORM 1.2 states of the session', () => {
  test('HZ4-M13 nothing but LMSInitialize works before it; the error is 301', () => {
    const session = newSession({})
    expect(getValue12(session, 'cmi.core.student_id')).toMatchObject({ value: '', error: 301 })
    expect(setValue12(session, 'cmi.core.exit', '')).toMatchObject({ value: 'false', error: 301 })
    expect(commit12(session, '')).toMatchObject({ value: 'false', error: 301 })
    expect(finish12(session, '')).toMatchObject({ value: 'false', error: 301 })
    expect(lastError12(session)).toBe('301')
  })
  test('HZ4-M13 LMSInitialize twice is a general exception, and the session goes on', () => {
    const session = running()
    expect(initialize12(session, '')).toMatchObject({ value: 'false', error: 101 })
    expect(commit12(session, '')).toMatchObject({ value: 'true', error: 0 })
  })
  test('HZ4-M13 after LMSFinish nothing works and nothing begins again', () => {
    const session = running()
    expect(finish12(session, '').value).toBe('true')
    expect(initialize12(session, '').error).toBe(101)
    expect(finish12(session, '').error).toBe(101)
    expect(getValue12(session, 'cmi.core.entry').error).toBe(301)
    expect(setValue12(session, 'cmi.core.lesson_location', 'x').error).toBe(301)
  })
  test('HZ4-M13 the parameterless calls take an empty string only', () => {
    expect(initialize12(newSession({}), 'x').error).toBe(201)
    const session = running()
    expect(commit12(session, 'x').error).toBe(201)
    expect(finish12(session, 'x').error).toBe(201)
    expect(session.phase).toBe('running')
  })
  test('HZ4-M13 each call sets the error anew; asking for the error changes nothing', () => {
    const session = running()
    getValue12(session, 'cmi.core.exit')
    expect([lastError12(session), lastError12(session)]).toEqual(['404', '404'])
    expect(errorString12('404')).toBe('Element is write only')
    expect(errorString12('999')).toBe('')
    expect(diagnostic12(session, '').length).toBeGreaterThan(0)
    getValue12(session, 'cmi.core.entry')
    expect(lastError12(session)).toBe('0')
  })
})

describe('HZ4-M13 SCORM 1.2 who may read and write what', () => {
  test.each([
    'cmi.core.student_id',
    'cmi.core.student_name',
    'cmi.core.credit',
    'cmi.core.entry',
    'cmi.core.total_time',
    'cmi.core.lesson_mode',
    'cmi.launch_data',
    'cmi.comments_from_lms',
    'cmi.student_data.mastery_score',
    'cmi.student_data.max_time_allowed',
    'cmi.student_data.time_limit_action',
  ])('HZ4-M13 %s is read only: 403', (name) => {
    const session = running({ [name]: 'given' })
    expect(getValue12(session, name)).toMatchObject({ value: 'given', error: 0 })
    expect(setValue12(session, name, 'x')).toMatchObject({ value: 'false', error: 403 })
    expect(getValue12(session, name).value).toBe('given')
  })
  test.each([
    ['cmi.core.exit', 'suspend'],
    ['cmi.core.session_time', '00:00:10'],
    ['cmi.interactions.0.id', 'q1'],
    ['cmi.interactions.0.objectives.0.id', 'o1'],
    ['cmi.interactions.0.time', '10:20:30.5'],
    ['cmi.interactions.0.type', 'choice'],
    ['cmi.interactions.0.correct_responses.0.pattern', 'a'],
    ['cmi.interactions.0.weighting', '1.5'],
    ['cmi.interactions.0.student_response', 'a'],
    ['cmi.interactions.0.result', 'correct'],
    ['cmi.interactions.0.latency', '0000:00:05.10'],
  ])('HZ4-M13 %s is write only: 404', (name, value) => {
    const session = running()
    expect(setValue12(session, name, value)).toMatchObject({ value: 'true', error: 0 })
    expect(getValue12(session, name)).toMatchObject({ value: '', error: 404 })
  })
  test.each([
    ['cmi.core._children', 402],
    ['cmi.objectives._count', 402],
    ['cmi.core.score._children', 402],
    ['cmi._version', 402],
    ['cmi.nonsense', 401],
    ['cmi.core.nonsense', 401],
    ['nonsense', 201],
    ['', 201],
  ])('HZ4-M13 writing %s is refused with %i', (name, error) => {
    expect(setValue12(running(), name, 'x')).toMatchObject({ value: 'false', error })
  })
  test.each([
    ['cmi.core.student_id._children', 202],
    ['cmi.suspend_data._children', 202],
    ['cmi.core._count', 203],
    ['cmi.core.score.raw._count', 203],
    ['cmi.nonsense._count', 401],
    ['cmi.nonsense', 401],
    ['', 201],
  ])('HZ4-M13 reading %s is refused with %i', (name, error) => {
    expect(getValue12(running(), name)).toMatchObject({ value: '', error })
  })
  test('HZ4-M13 _children and _version answer as the book prints them', () => {
    const session = running()
    expect(getValue12(session, 'cmi._version').value).toBe('3.4')
    expect(getValue12(session, 'cmi.core._children').value.split(',').sort()).toEqual(
      [
        ...['credit', 'entry', 'exit', 'lesson_location', 'lesson_mode', 'lesson_status', 'score', 'session_time'],
        ...['student_id', 'student_name', 'total_time'],
      ].sort(),
    )
    expect(getValue12(session, 'cmi.core.score._children').value).toBe('raw,min,max')
    expect(getValue12(session, 'cmi.objectives._children').value).toBe('id,score,status')
    expect(getValue12(session, 'cmi.student_preference._children').value).toBe('audio,language,speed,text')
  })
})

describe('HZ4-M13 SCORM 1.2 data types', () => {
  const text = (length: number) => 'x'.repeat(length)
  test.each([
    ['cmi.core.lesson_location', text(255), text(256)],
    ['cmi.suspend_data', text(4096), text(4097)],
    ['cmi.comments', text(4096), text(4097)],
    ['cmi.core.lesson_status', 'browsed', 'not attempted'],
    ['cmi.core.lesson_status', 'incomplete', 'Completed'],
    ['cmi.core.exit', 'time-out', 'normal'],
    ['cmi.core.exit', '', 'suspended'],
    ['cmi.core.score.raw', '100', '100.01'],
    ['cmi.core.score.raw', '0', '-1'],
    ['cmi.core.score.raw', '', 'seventy'],
    ['cmi.core.score.max', '99.5', '1e2'],
    ['cmi.core.session_time', '00:00:00', '0:00:00'],
    ['cmi.core.session_time', '9999:99:99.99', '00:00:00.123'],
    ['cmi.objectives.0.id', 'obj-1', 'obj 1'],
    ['cmi.objectives.0.id', text(255), text(256)],
    ['cmi.objectives.0.status', 'not attempted', 'unknown'],
    ['cmi.student_preference.audio', '100', '101'],
    ['cmi.student_preference.audio', '-1', '-2'],
    ['cmi.student_preference.speed', '-100', '-101'],
    ['cmi.student_preference.text', '1', '2'],
    ['cmi.student_preference.language', text(255), text(256)],
    ['cmi.interactions.0.time', '23:59:59.99', '24:00:00'],
    ['cmi.interactions.0.type', 'likert', 'essay'],
    ['cmi.interactions.0.result', '-0.5', 'incorrect'],
    ['cmi.interactions.0.latency', '00:00:01.1', 'PT1S'],
    ['cmi.interactions.0.weighting', '-2', 'heavy'],
  ])('HZ4-M13 %s takes %j and answers 405 to %j', (name, good, bad) => {
    const session = running()
    expect(setValue12(session, name, good)).toMatchObject({ value: 'true', error: 0 })
    expect(setValue12(session, name, bad)).toMatchObject({ value: 'false', error: 405 })
    expect(session.values[name]).toBe(good)
  })
  test('HZ4-M13 arrays fill in order, count what was set, and know where they end', () => {
    const session = running()
    expect(getValue12(session, 'cmi.objectives._count').value).toBe('0')
    expect(setValue12(session, 'cmi.objectives.1.id', 'b').error).toBe(201)
    expect(setValue12(session, 'cmi.objectives.0.id', 'a').error).toBe(0)
    expect(setValue12(session, 'cmi.objectives.1.score.raw', '50').error).toBe(0)
    expect(getValue12(session, 'cmi.objectives._count').value).toBe('2')
    expect(getValue12(session, 'cmi.objectives.1.score._children').value).toBe('raw,min,max')
    expect(getValue12(session, 'cmi.objectives.2.id').error).toBe(201)
    expect(getValue12(session, 'cmi.objectives.0.status').value).toBe('not attempted')
    expect(setValue12(session, 'cmi.objectives.0.id', 'renamed').error).toBe(0)
    expect(setValue12(session, 'cmi.interactions.0.objectives.1.id', 'x').error).toBe(201)
    expect(setValue12(session, 'cmi.interactions.0.id', 'q').error).toBe(0)
    expect(getValue12(session, 'cmi.interactions.0.objectives._count').value).toBe('0')
    expect(setValue12(session, 'cmi.interactions.0.objectives.0.id', 'x').error).toBe(0)
    expect(getValue12(session, 'cmi.interactions.0.objectives._count').value).toBe('1')
    expect(getValue12(session, 'cmi.interactions.0.correct_responses._count').value).toBe('0')
  })
})

describe('HZ4-M13 SCORM 1.2 what stands after a session', () => {
  const statusAfter = (set: Values, given: Values = {}) => {
    const session = running(given)
    for (const [name, value] of Object.entries(set)) expect(setValue12(session, name, value).error).toBe(0)
    return settle12(given, session.values)['cmi.core.lesson_status']
  }
  test('HZ4-M13 content that sets no status is completed, in browse mode browsed', () => {
    expect(statusAfter({})).toBe('completed')
    expect(statusAfter({}, { 'cmi.core.lesson_mode': 'browse' })).toBe('browsed')
    expect(statusAfter({ 'cmi.core.lesson_status': 'incomplete' })).toBe('incomplete')
  })
  test('HZ4-M13 a mastery score decides when there is a raw score and credit', () => {
    const mastery = { 'cmi.student_data.mastery_score': '60' }
    expect(statusAfter({ 'cmi.core.score.raw': '60' }, mastery)).toBe('passed')
    expect(statusAfter({ 'cmi.core.score.raw': '59.9' }, mastery)).toBe('failed')
    expect(statusAfter({}, mastery)).toBe('completed')
    expect(statusAfter({ 'cmi.core.score.raw': '10' }, { ...mastery, 'cmi.core.credit': 'no-credit' })).toBe(
      'completed',
    )
    expect(statusAfter({ 'cmi.core.score.raw': '10', 'cmi.core.lesson_status': 'completed' }, mastery)).toBe('failed')
    expect(statusAfter({ 'cmi.core.score.raw': '10', 'cmi.core.lesson_status': 'passed' }, mastery)).toBe('passed')
  })
  test('HZ4-M13 a status that stood before a session without one stands after it', () => {
    expect(statusAfter({}, { 'cmi.core.lesson_status': 'incomplete' })).toBe('incomplete')
  })
  test.each([
    ['suspend', 'resume'],
    ['', ''],
    ['logout', ''],
    ['time-out', ''],
  ])('HZ4-M13 leaving with exit %j the next entry is %j', (exit, entry) => {
    const next = resume12(
      { 'cmi.core.exit': exit, 'cmi.core.session_time': '00:01:00', 'cmi.suspend_data': 'page 3' },
      { totalCentiseconds: 6000, sessions: 1 },
    )
    expect(next).toMatchObject({
      'cmi.core.entry': entry,
      'cmi.core.total_time': '0000:01:00.00',
      'cmi.suspend_data': 'page 3',
    })
    expect(next).not.toHaveProperty('cmi.core.session_time')
    expect(next).not.toHaveProperty('cmi.core.exit')
  })
  test('HZ4-M13 a timespan survives being read and written, to the hundredth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 * 360_000 }), (n) => {
        expect(centisecondsOf12(timespanOf(n))).toBe(n)
      }),
    )
    expect(centisecondsOf12('100:61:61.5')).toBe(100 * 360_000 + 61 * 6000 + 6150)
    expect(centisecondsOf12('1:00')).toBeUndefined()
  })
})
