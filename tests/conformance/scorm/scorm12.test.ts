/** SCORM 1.2 Run-Time Environment, element by element and call by call. The tests are our own. */
import { describe, expect, test } from 'vitest'
import { beginWith, conclude } from '#modules/packages/attempt.rules.ts'
import { newSession, type Values } from '#modules/packages/runtime.schema.ts'
import {
  commit12,
  errorString12,
  finish12,
  getValue12,
  initialize12,
  lastError12,
  setValue12,
} from '#modules/packages/scorm12.rules.ts'
import { elements12 } from '#modules/packages/scorm12-types.rules.ts'
import { groups12, rows12 } from './elements12.ts'

const running = (values: Values = {}) => {
  const session = newSession(values)
  initialize12(session, '')
  return session
}
const named = (name: string): Values => (name.startsWith('cmi.objectives') ? { 'cmi.objectives.0.id': 'a' } : {})

describe('3.4.4 the data model', () => {
  test('3.4.4 no element is missing and none is there that the book does not name', () => {
    const written = rows12.map(([name]) => name.replaceAll('.0', '.n')).toSorted()
    expect(Object.keys(elements12).toSorted()).toEqual(written)
  })
  test.each(rows12)('3.4.4 %s (%s)', (name, may, first, takes, refuses) => {
    const session = running(named(name))
    const read = getValue12(session, name)
    if (may === 'w') expect([read.value, read.error]).toEqual(['', name.includes('.0.') ? 201 : 404])
    else if (name !== 'cmi.objectives.0.id') expect([read.value, read.error]).toEqual([first, 0])
    if (may === 'r') expect(setValue12(session, name, 'x')).toMatchObject({ value: 'false', error: 403 })
    for (const value of takes) {
      const one = running(named(name))
      expect([value, setValue12(one, name, value).error]).toEqual([value, 0])
      const back = getValue12(one, name)
      expect([back.value, back.error]).toEqual(may === 'w' ? ['', 404] : [value, 0])
    }
    for (const value of refuses) {
      const one = running(named(name))
      const before = structuredClone(one.values)
      expect([value, setValue12(one, name, value).error, lastError12(one)]).toEqual([value, 405, '405'])
      expect([one.values, one.changed]).toEqual([before, []])
    }
  })
  test('3.4.4 comments are added to what was said before, up to 4096 characters in all', () => {
    const session = running()
    for (const text of ['first;', 'second;']) setValue12(session, 'cmi.comments', text)
    expect(getValue12(session, 'cmi.comments').value).toBe('first;second;')
    expect(setValue12(session, 'cmi.comments', 'x'.repeat(4090)).error).toBe(405)
    expect(getValue12(session, 'cmi.comments').value).toBe('first;second;')
  })
})

describe('3.4.2 keywords', () => {
  test.each(groups12)('3.4.2 %s: _children, _count', (group, children, array) => {
    const session = running({ 'cmi.objectives.0.id': 'a' })
    const said = getValue12(session, `${group}._children`)
    expect([said.value.split(',').toSorted().join(' '), said.error]).toEqual([children, 0])
    const count = getValue12(session, `${group}._count`)
    expect([count.value, count.error]).toEqual(array ? [group === 'cmi.objectives' ? '1' : '0', 0] : ['', 203])
    for (const keyword of ['_children', '_count'])
      expect(setValue12(session, `${group}.${keyword}`, 'x').error).toBe(402)
  })
  test('3.4.2 _version is of the whole model, and set by nobody', () => {
    expect(getValue12(running(), 'cmi._version').value).toBe('3.4')
    expect(setValue12(running(), 'cmi._version', '1').error).toBe(402)
  })
  test('3.4.2 a single element has neither children (202) nor a count (203)', () => {
    expect(getValue12(running(), 'cmi.core.lesson_status._children').error).toBe(202)
    expect(getValue12(running(), 'cmi.suspend_data._count').error).toBe(203)
  })
  test('3.4.3 arrays count from nought, without a gap', () => {
    const session = running()
    expect(setValue12(session, 'cmi.interactions.1.id', 'b').error).toBe(201)
    for (const n of [0, 1]) expect(setValue12(session, `cmi.interactions.${n}.id`, `q${n}`).error).toBe(0)
    expect(getValue12(session, 'cmi.interactions._count').value).toBe('2')
    expect(setValue12(session, 'cmi.interactions.1.objectives.0.id', 'a').error).toBe(0)
    expect(getValue12(session, 'cmi.interactions.1.objectives._count').value).toBe('1')
    expect(getValue12(session, 'cmi.interactions.0.correct_responses._count').value).toBe('0')
    expect(getValue12(session, 'cmi.objectives.0.id').error).toBe(201)
  })
})

describe('3.3.2 the calls and their errors', () => {
  test('3.3.2 before LMSInitialize and after LMSFinish nothing is read, written or kept: 301', () => {
    const [fresh, done] = [newSession({}), running()]
    expect(finish12(fresh, '').error).toBe(301)
    expect(finish12(done, '')).toMatchObject({ value: 'true', error: 0 })
    for (const session of [fresh, done]) {
      expect(getValue12(session, 'cmi.core.entry')).toMatchObject({ value: '', error: 301 })
      expect(setValue12(session, 'cmi.core.exit', '')).toMatchObject({ value: 'false', error: 301 })
      expect(commit12(session, '')).toMatchObject({ value: 'false', error: 301 })
    }
  })
  test('3.3.2 the calls without an argument take an empty string (201), and are made once (101)', () => {
    for (const call of [initialize12, finish12, commit12]) {
      const session = call === initialize12 ? newSession({}) : running()
      expect(call(session, 'x')).toMatchObject({ value: 'false', error: 201 })
    }
    expect(initialize12(running(), '').error).toBe(101)
  })
  test.each([
    'xyz.score.result',
    'cmi.nonsense',
    'cmi.core.nonsense',
    'cmi.objectives.nonsense',
    'xyz.list._count',
    'xyz.a._children',
  ])('3.3.2 %s is in no model that is supported here: 401', (name) => {
    expect(getValue12(running(), name)).toMatchObject({ value: '', error: 401 })
  })
  test.each(['', 'cmi..core', 'cmi core'])('3.3.2 %j is no name of an element: 201', (name) => {
    expect(getValue12(running(), name).error).toBe(201)
    expect(setValue12(running(), name, 'x').error).toBe(201)
  })
  test('3.3.2 each code has its text; a call that goes well clears the last error', () => {
    for (const code of [0, 101, 201, 202, 203, 301, 401, 402, 403, 404, 405])
      expect(errorString12(String(code))).not.toBe('')
    const session = running()
    getValue12(session, 'cmi.core.exit')
    expect([lastError12(session), lastError12(session)]).toEqual(['404', '404'])
    getValue12(session, 'cmi.core.entry')
    expect(lastError12(session)).toBe('0')
  })
})

describe('3.4.4 from one session to the next', () => {
  const unit = (scorm: object) => ({ id: 'u', title: 'u', kind: 'sco' as const, href: 'a.html', parameters: '', scorm })
  const learner = { id: 'L1', name: '陈, 海珠' }
  const start = (values: Values, sessions: number, centiseconds = 0, scorm = {}) =>
    beginWith('scorm12', unit(scorm), learner, { values, suspended: true, totalCentiseconds: centiseconds, sessions })
  test('3.4.4 what the manifest and the learner fix', () => {
    const scorm = { launchData: 'l', masteryScore: '80', maxTimeAllowed: '00:30:00', timeLimitAction: 'exit,message' }
    expect(start({}, 0, 0, scorm)).toMatchObject({
      'cmi.core.student_id': 'L1',
      'cmi.core.student_name': '陈, 海珠',
      'cmi.core.entry': 'ab-initio',
      'cmi.launch_data': 'l',
      'cmi.student_data.mastery_score': '80',
      'cmi.student_data.max_time_allowed': '00:30:00',
      'cmi.student_data.time_limit_action': 'exit,message',
    })
  })
  test.each([
    ['suspend', 'resume'],
    ['time-out', ''],
    ['logout', ''],
    ['', ''],
  ])('3.4.4 after exit %j the next entry is %j', (exit, entry) => {
    const next = start(
      { 'cmi.core.exit': exit, 'cmi.core.session_time': '00:01:00', 'cmi.suspend_data': 's' },
      1,
      360_000,
    )
    expect(next).toMatchObject({
      'cmi.core.entry': entry,
      'cmi.core.total_time': '0001:00:00.00',
      'cmi.suspend_data': 's',
    })
    expect(next['cmi.core.session_time'] ?? next['cmi.core.exit']).toBeUndefined()
  })
  test.each([
    // set by content, score, mastery, credit, mode → what stands
    ['', '', '', 'credit', 'normal', 'completed'],
    ['', '', '', 'credit', 'browse', 'browsed'],
    ['', '80', '80', 'credit', 'normal', 'passed'],
    ['', '79.5', '80', 'credit', 'normal', 'failed'],
    ['', '', '80', 'credit', 'normal', 'completed'],
    ['completed', '90', '80', 'credit', 'normal', 'passed'],
    ['completed', '10', '80', 'no-credit', 'normal', 'completed'],
    ['completed', '10', '80', 'credit', 'browse', 'completed'],
    ['incomplete', '90', '80', 'credit', 'normal', 'incomplete'],
    ['passed', '10', '', 'credit', 'normal', 'passed'],
  ])('3.4.4 status %j, score %j of %j, %s, %s: %s', (status, raw, mastery, credit, mode, stands) => {
    const began: Values = {
      'cmi.core.credit': credit,
      'cmi.core.lesson_mode': mode,
      'cmi.student_data.mastery_score': mastery,
    }
    const ended = {
      ...began,
      ...(status && { 'cmi.core.lesson_status': status }),
      ...(raw && { 'cmi.core.score.raw': raw }),
    }
    expect(conclude('scorm12', began, ended).values['cmi.core.lesson_status']).toBe(stands)
  })
})
