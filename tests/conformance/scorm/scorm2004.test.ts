/** SCORM 2004 Run-Time Environment, 4th edition, element by element and call by call. The tests are our own. */
import { describe, expect, test } from 'vitest'
import { beginWith, conclude, statusOf } from '#modules/packages/attempt.rules.ts'
import { newSession, type Values } from '#modules/packages/runtime.schema.ts'
import {
  commit2004,
  errorString2004,
  getValue2004,
  initialize2004,
  lastError2004,
  setValue2004,
  terminate2004,
} from '#modules/packages/scorm2004.rules.ts'
import { elements2004 } from '#modules/packages/scorm2004-model.rules.ts'
import { groups2004, rows2004 } from './elements2004.ts'

/** What an element needs to be there before it: the entry it belongs to, or the store that the manifest gives. */
function needed(name: string): Values {
  const own = name.endsWith('.0.id')
  if (name.startsWith('adl.data')) return { 'adl.data.0.id': 'store-1' }
  if (name.startsWith('cmi.objectives') && !own) return { 'cmi.objectives.0.id': 'o' }
  if (name.startsWith('cmi.interactions') && name !== 'cmi.interactions.0.id') {
    return { 'cmi.interactions.0.id': 'q', 'cmi.interactions.0.type': 'choice' }
  }
  return {}
}
const running = (values: Values = {}) => {
  const session = newSession(values)
  initialize2004(session, '')
  return session
}
const set = (name: string, value: unknown, values: Values = needed(name)) =>
  setValue2004(running(values), name, value).error
const get = (name: string, values: Values = needed(name)) => {
  const { value, error } = getValue2004(running(values), name)
  return error === 0 ? value : error
}

describe('4.2 the data model', () => {
  test('4.2 no element is missing and none is there that the book does not name', () => {
    const written = rows2004.map(([name]) => name.replaceAll('.0', '.n')).toSorted()
    expect(Object.keys(elements2004).toSorted()).toEqual(written)
  })
  test.each(rows2004)('4.2 %s (%s)', (name, may, first, takes, wrong, outside) => {
    if (may === 'w') expect(get(name)).toBe(405)
    else if (first !== null) expect(get(name)).toBe(first)
    else if (!/\.\d\./.test(name)) expect(get(name)).toBe(403)
    if (may === 'r') expect(set(name, takes[0] ?? 'x')).toBe(404)
    for (const value of takes) {
      const session = running(needed(name))
      expect([value, setValue2004(session, name, value).error]).toEqual([value, 0])
      const back = getValue2004(session, name)
      expect([back.value, back.error]).toEqual(may === 'w' ? ['', 405] : [value, 0])
    }
    for (const [values, error] of [
      [wrong, 406],
      [outside, 407],
    ] as const) {
      for (const value of values) {
        const session = running(needed(name))
        const stood = structuredClone(session.values)
        expect([value, setValue2004(session, name, value).error, lastError2004(session)]).toEqual([
          value,
          error,
          `${error}`,
        ])
        expect([session.values, session.changed]).toEqual([stood, []])
      }
    }
  })
  test('4.2 a number that content hands over as a number is its text', () => {
    const session = running()
    setValue2004(session, 'cmi.score.raw', 80)
    expect(getValue2004(session, 'cmi.score.raw').value).toBe('80')
  })
})

describe('4.1.1 keywords and arrays', () => {
  test.each(groups2004)('4.1.1 %s: _children, _count', (group, children, array) => {
    const values = { 'cmi.objectives.0.id': 'o', 'adl.data.0.id': 's' }
    expect(
      String(get(`${group}._children`, values))
        .split(',')
        .toSorted()
        .join(' '),
    ).toBe(children)
    expect(get(`${group}._count`, values)).toBe(array ? (/objectives|data/.test(group) ? '1' : '0') : 301)
    for (const keyword of ['_children', '_count']) expect(set(`${group}.${keyword}`, 'x', values)).toBe(404)
  })
  test('4.1.1 _version is of the whole model: 1.0, read only, and no element has one', () => {
    expect([get('cmi._version'), set('cmi._version', '1'), get('cmi.score._version')]).toEqual(['1.0', 404, 301])
  })
  test('4.1.1 what has no children or no count says so: 301; what is no element: 401', () => {
    expect([get('cmi.location._children'), get('cmi.location._count'), get('cmi.nonsense._count')]).toEqual([
      301, 301, 401,
    ])
  })
  test.each(['cmi.interactions', 'cmi.objectives', 'cmi.comments_from_learner'])(
    '4.1.1 %s fills without a gap',
    (array) => {
      const [id, a, b] = array.endsWith('learner') ? ['comment', 'x', 'y'] : ['id', 'a', 'b']
      const session = running()
      expect(setValue2004(session, `${array}.1.${id}`, a).error).toBe(351)
      expect(setValue2004(session, `${array}.0.${id}`, a).error).toBe(0)
      expect(setValue2004(session, `${array}.1.${id}`, b).error).toBe(0)
      expect(getValue2004(session, `${array}._count`).value).toBe('2')
      expect(getValue2004(session, `${array}.2.${id}`)).toMatchObject({ value: '', error: 301 })
    },
  )
})

describe('4.2.9 interactions', () => {
  const typed = (type: string): Values => ({ 'cmi.interactions.0.id': 'q', 'cmi.interactions.0.type': type })
  const [response, pattern] = ['cmi.interactions.0.learner_response', 'cmi.interactions.0.correct_responses.0.pattern']
  // type, responses taken, responses refused, patterns taken, patterns refused, may there be a second pattern
  test.each([
    ['true-false', ['true', 'false'], ['t', '1', ''], ['true'], ['yes'], false],
    ['choice', ['', 'a', 'a[,]b'], ['a[,]a', 'a b'], ['a', 'a[,]b', ''], ['a[,]a'], true],
    [
      'fill-in',
      ['', '红', '{lang=zh}红[,]b'],
      ['{lang=}a'],
      ['{case_matters=true}{order_matters=false}a[,]b', '{order_matters=true}a'],
      ['{case_matters=no}a'],
      true,
    ],
    ['long-fill-in', ['', 'essay'], ['{lang=}a'], ['{case_matters=false}{lang=en}a'], ['{case_matters=1}a'], true],
    ['likert', ['agree'], ['', 'a b'], ['agree'], ['', 'a b'], false],
    ['matching', ['', 'a[.]1[,]b[.]2'], ['a', 'a[.]b[.]c'], ['a[.]1'], ['a[,]b'], true],
    [
      'performance',
      ['s[.]done', '[.]3', 's[.]'],
      ['s', '[.]'],
      ['{order_matters=false}s[.]1[:]2', 's[.][:]2'],
      ['s[.]2[:]1', '{order_matters=x}s[.]1'],
      true,
    ],
    ['sequencing', ['a[,]b[,]a'], ['a b'], ['a[,]b'], ['a b'], true],
    [
      'numeric',
      ['3', '-0.5'],
      ['', 'three', '1[:]2'],
      ['1[:]2', '[:]2', '1[:]', '[:]', '2[:]2'],
      ['2[:]1', '2', 'a[:]b'],
      false,
    ],
    ['other', ['anything', ''], [], ['x'], [], false],
  ] as [string, string[], string[], string[], string[], boolean][])(
    '4.2.9 %s',
    (type, says, not, right, notRight, several) => {
      for (const value of says) expect([value, set(response, value, typed(type))]).toEqual([value, 0])
      for (const value of not) expect([value, set(response, value, typed(type))]).toEqual([value, 406])
      for (const value of right) expect([value, set(pattern, value, typed(type))]).toEqual([value, 0])
      for (const value of notRight) expect([value, set(pattern, value, typed(type))]).toEqual([value, 406])
      const one = { ...typed(type), [pattern]: right[0] ?? '' }
      const another =
        type === 'likert'
          ? 'no'
          : type === 'numeric'
            ? '7[:]8'
            : type === 'true-false'
              ? 'false'
              : (right[1] ?? 'm[.]2')
      expect(set(pattern.replace('.0.pattern', '.1.pattern'), another, one)).toBe(several ? 0 : 351)
    },
  )
  test('4.2.9 nothing before its id, no response before its type: 408', () => {
    for (const [name] of rows2004) {
      if (!name.startsWith('cmi.interactions.0.') || name === 'cmi.interactions.0.id') continue
      expect([name, set(name, 'choice', {})]).toEqual([name, 408])
    }
    for (const name of [response, pattern]) expect(set(name, 'a', { 'cmi.interactions.0.id': 'q' })).toBe(408)
  })
  test('4.2.9 the objectives of an interaction are different ones; its id may be set anew', () => {
    const q = { ...typed('choice'), 'cmi.interactions.0.objectives.0.id': 'o' }
    expect(set('cmi.interactions.0.objectives.1.id', 'o', q)).toBe(351)
    expect(set('cmi.interactions.0.objectives.1.id', 'p', q)).toBe(0)
    expect(set('cmi.interactions.0.id', 'other', q)).toBe(0)
  })
  test('4.2.9 the same set of choices is one pattern, in whatever order it is written', () => {
    const one = { ...typed('choice'), [pattern]: 'a[,]b' }
    expect(set('cmi.interactions.0.correct_responses.1.pattern', 'b[,]a', one)).toBe(351)
    const steps = { ...typed('sequencing'), [pattern]: 'a[,]b' }
    expect(set('cmi.interactions.0.correct_responses.1.pattern', 'b[,]a', steps)).toBe(0)
    expect(set('cmi.interactions.0.correct_responses.1.pattern', 'a[,]b', steps)).toBe(351)
  })
})

describe('4.2.17 objectives', () => {
  test('4.2.17 nothing before the id: 408; an id is there once and stays: 351', () => {
    for (const [name] of rows2004) {
      if (name.startsWith('cmi.objectives.0.') && !name.endsWith('0.id'))
        expect([name, set(name, '1', {})]).toEqual([name, 408])
    }
    const one = { 'cmi.objectives.0.id': 'o' }
    expect([
      set('cmi.objectives.0.id', 'p', one),
      set('cmi.objectives.0.id', 'o', one),
      set('cmi.objectives.1.id', 'o', one),
    ]).toEqual([351, 0, 351])
  })
})

describe('3.1 the calls and their errors', () => {
  const of = (phase: 'not-initialized' | 'running' | 'terminated') => ({ ...newSession({}), phase })
  test.each([
    ['not-initialized', 0, 112, 122, 132, 142],
    ['running', 103, 0, 0, 0, 0],
    ['terminated', 104, 113, 123, 133, 143],
  ] as const)('3.1 %s: Initialize %i, Terminate %i, GetValue %i, SetValue %i, Commit %i', (phase, ...errors) => {
    expect([
      initialize2004(of(phase), '').error,
      terminate2004(of(phase), '').error,
      getValue2004(of(phase), 'cmi.entry').error,
      setValue2004(of(phase), 'cmi.location', 'x').error,
      commit2004(of(phase), '').error,
    ]).toEqual(errors)
  })
  test('3.1 an argument where there is none: 201; no name: 301 and 351; an unknown one: 401', () => {
    for (const call of [initialize2004, terminate2004, commit2004]) expect(call(running(), 'x').error).toBe(201)
    expect([get(''), set('', 'x'), get('cmi.nonsense'), set('cmi.nonsense', 'x'), get('x.y'), set('x.y', 'x')]).toEqual(
      [301, 351, 401, 401, 401, 401],
    )
  })
  test('3.1.7 each code has its text of at most 255 characters; a call that goes well clears the last error', () => {
    const codes = [0, 101, 102, 103, 104, 111, 112, 113, 122, 123, 132, 133, 142, 143, 201, 301, 351, 391]
    for (const code of [...codes, 401, 402, 403, 404, 405, 406, 407, 408]) {
      expect(errorString2004(String(code)).length).toBeGreaterThan(0)
      expect(errorString2004(String(code)).length).toBeLessThanOrEqual(255)
    }
    expect(errorString2004('9999')).toBe('')
    const session = running()
    getValue2004(session, 'cmi.exit')
    expect([lastError2004(session), lastError2004(session)]).toEqual(['405', '405'])
    commit2004(session, '')
    expect(lastError2004(session)).toBe('0')
  })
})

describe('4.2.4, 4.2.22 what the thresholds say', () => {
  test.each([
    // threshold, measure, set by content → what is read
    ['', '', '', 'unknown'],
    ['', '1', 'incomplete', 'incomplete'],
    ['0.8', '', 'completed', 'unknown'],
    ['0.8', '0.79', 'completed', 'incomplete'],
    ['0.8', '0.8', 'incomplete', 'completed'],
  ])('4.2.4 threshold %j, measure %j, content says %j: %s', (threshold, measure, said, read) => {
    const values: Values = {
      ...(threshold && { 'cmi.completion_threshold': threshold }),
      ...(measure && { 'cmi.progress_measure': measure }),
      ...(said && { 'cmi.completion_status': said }),
    }
    expect(get('cmi.completion_status', values)).toBe(read)
    expect(statusOf('scorm2004', values).completed).toBe(read === 'completed')
  })
  test.each([
    ['', '', '', 'unknown'],
    ['', '0.1', 'passed', 'passed'],
    ['0.6', '', 'passed', 'unknown'],
    ['0.6', '0.59', 'passed', 'failed'],
    ['-0.5', '-0.5', 'failed', 'passed'],
  ])('4.2.22 passing score %j, scaled %j, content says %j: %s', (passing, scaled, said, read) => {
    const values: Values = {
      ...(passing && { 'cmi.scaled_passing_score': passing }),
      ...(scaled && { 'cmi.score.scaled': scaled }),
      ...(said && { 'cmi.success_status': said }),
    }
    expect(get('cmi.success_status', values)).toBe(read)
  })
})

describe('4.2.7, 4.2.8 from one session to the next', () => {
  const unit = {
    id: 'u',
    title: 'u',
    kind: 'sco' as const,
    href: 'a',
    parameters: '',
    scorm: { objectives: ['o1', 'o2'] },
  }
  const start = (values: Values, suspended: boolean) =>
    beginWith('scorm2004', unit, { id: 'L1', name: '陈' }, { values, suspended, totalCentiseconds: 9000, sessions: 1 })
  test.each([
    ['suspend', true],
    ['logout', true],
    ['normal', false],
    ['time-out', false],
    ['', false],
  ])('4.2.8 exit %j: the attempt goes on: %j', (exit, goesOn) => {
    expect(conclude('scorm2004', {}, { 'cmi.exit': exit }).goesOn).toBe(goesOn)
  })
  test('4.2.7 a suspended attempt: resume, everything as it was, the time of all its sessions', () => {
    const kept = { 'cmi.suspend_data': 's', 'cmi.location': '3', 'cmi.interactions.0.id': 'q', 'cmi.score.raw': '5' }
    const next = start(
      { ...kept, 'cmi.exit': 'suspend', 'cmi.session_time': 'PT30S', 'adl.nav.request': 'suspendAll' },
      true,
    )
    expect(next).toMatchObject({ ...kept, 'cmi.entry': 'resume', 'cmi.total_time': 'PT0H1M30S' })
    for (const name of ['cmi.exit', 'cmi.session_time', 'adl.nav.request']) expect(next[name]).toBeUndefined()
  })
  test('4.2.7 a new attempt: ab-initio, no time, the objectives of the manifest, and nothing of the last one', () => {
    const next = start(
      { 'cmi.suspend_data': 's', 'cmi.score.raw': '5', 'cmi.learner_preference.language': 'zh' },
      false,
    )
    expect(next).toMatchObject({
      ...{ 'cmi.entry': 'ab-initio', 'cmi.total_time': 'PT0H0M0S', 'cmi.learner_id': 'L1', 'cmi.learner_name': '陈' },
      ...{ 'cmi.objectives.0.id': 'o1', 'cmi.objectives.1.id': 'o2', 'cmi.learner_preference.language': 'zh' },
    })
    expect(next['cmi.suspend_data'] ?? next['cmi.score.raw']).toBeUndefined()
  })
})
