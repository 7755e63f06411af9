import { describe, expect, test } from 'vitest'
import { parseXml } from '#shared/xml.ts'
import { manifest12, manifest2004 } from '../../../tests/fixtures/packages.ts'
import { openUnits, prerequisitesMet } from './availability.rules.ts'
import { readScormManifest } from './scorm-manifest.rules.ts'

const paths = new Set(['content/one.html', 'content/two.html', 'a.html', 'b.html'])
const found = (xml: string) => readScormManifest(parseXml(xml), paths).found

describe('HZ4-M13 what may be opened', () => {
  test('HZ4-M13 SCORM 1.2: a unit opens when its prerequisites are met', () => {
    expect([...openUnits(found(manifest12), [])]).toEqual(['i1'])
    const begun = { unitId: 'i1', number: 1, values: { 'cmi.core.lesson_status': 'incomplete' } }
    expect([...openUnits(found(manifest12), [begun])]).toEqual(['i1'])
    const done = { ...begun, values: { 'cmi.core.lesson_status': 'passed' } }
    expect([...openUnits(found(manifest12), [done])]).toEqual(['i1', 'i2'])
  })
  test.each([
    ['a', ['a'], true],
    ['a&b', ['a'], false],
    ['a|b', ['b'], true],
    ['~a', ['a'], false],
    ['a&(b|c)', ['a', 'c'], true],
    ['(a|b)&~c', ['b', 'c'], false],
    ['', [], true],
  ])('HZ4-M13 prerequisites %j with %j done: %j', (script, done, met) => {
    expect(prerequisitesMet(script, new Set(done))).toBe(met)
  })
  test('HZ4-M13 SCORM 2004: a lesson that a shared objective opens stays shut until it is satisfied', () => {
    const course = found(manifest2004)
    expect([...openUnits(course, [])]).toEqual(['a1'])
    const scored = (scaled: string) => ({
      unitId: 'a1',
      number: 1,
      values: { 'cmi.score.scaled': scaled, 'cmi.scaled_passing_score': '0.6' },
    })
    expect([...openUnits(course, [scored('0.5')])]).toEqual(['a1'])
    expect([...openUnits(course, [scored('0.7')])].sort()).toEqual(['a1', 'a2'])
  })
  test('HZ4-M13 SCORM 2004 without choice: what was learnt last, and its neighbours', () => {
    const course = found(
      manifest2004
        .replace('choice="true" flow="true"', 'choice="false" flow="true"')
        .replace('action="disabled"', 'action="skip"'),
    )
    expect([...openUnits(course, [])]).toEqual(['a1'])
    expect([...openUnits(course, [{ unitId: 'a1', number: 1, values: { 'cmi.score.scaled': '0.9' } }])]).toEqual([
      'a1',
      'a2',
    ])
  })
})
