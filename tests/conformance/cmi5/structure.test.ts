/** cmi5 course structures and packages: sections 6.1, 8.1, 13 and 14. The tests are our own. */
import { describe, expect, test } from 'vitest'
import { readCmi5 } from '#modules/packages/cmi5-structure.rules.ts'
import { inspectPackage } from '#modules/packages/inspect.rules.ts'
import { parseXml } from '#shared/xml.ts'

const ns = 'https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd'
const text = (name: string, value = name) => `<${name}><langstring lang="zh-CN">${value}</langstring></${name}>`
const told = (title = '标题') => text('title', title) + text('description', '简介')
const au = (n: number | string, attributes = '', inside = '<url>a.html</url>') =>
  `<au id="https://p.example/au/${n}" ${attributes}>${told()}${inside}</au>`
const structure = (parts: string, head = '') =>
  `<courseStructure xmlns="${ns}"><course id="https://p.example/c">${told('课程')}</course>${head}${parts}</courseStructure>`
const read = (xml: string, paths: ReadonlySet<string> | null = new Set(['a.html'])) => readCmi5(parseXml(xml), paths)
const faults = (xml: string, paths?: ReadonlySet<string> | null) =>
  read(xml, paths).faults.map(({ weight, message }) => `${weight}: ${message}`)
const first = (xml: string) => read(xml).found.units[0]

describe('HZ4-M13 cmi5 6.1 course handling', () => {
  test('HZ4-M13 6.1 more than a thousand units, in blocks of blocks', () => {
    const units = Array.from({ length: 1200 }, (_, n) => au(n))
    const block = (n: number, inside: string) => `<block id="https://p.example/b/${n}">${told()}${inside}</block>`
    const xml = structure(block(1, block(2, block(3, units.slice(0, 600).join('')))) + units.slice(600).join(''))
    expect(faults(xml)).toEqual([])
    expect(read(xml).found.units).toHaveLength(1200)
  })
  test('HZ4-M13 13.2 what the schema makes optional may be missing, and has its default', () => {
    expect(first(structure(au(1)))?.au).toEqual({
      ...{ moveOn: 'NotApplicable', masteryScore: null, launchMethod: 'AnyWindow' },
      ...{ launchParameters: '', entitlementKey: '', activityType: '', objectives: [] },
    })
  })
})

describe('HZ4-M13 cmi5 13.1 the data of each part', () => {
  test.each([
    ['13.1.1 no course', structure(au(1)).replace(/<course .*?<\/course>/, '')],
    ['13.1.1 a course without a title', structure(au(1)).replace(text('title', '课程'), '')],
    ['13.1.1 an id that is no IRI', structure(au(1)).replace('https://p.example/c', 'c')],
    ['13.1.2 a block with nothing in it', structure(`<block id="https://p.example/b">${told()}</block>`)],
    [
      '13.1.3 an objective that nobody defined',
      structure(au(1, '', '<objectives><objective idref="https://p.example/o"/></objectives><url>a.html</url>')),
    ],
    ['13.1.4 an id used twice', structure(au(1) + au(1))],
    ['13.1.4 no url', structure(au(1, '', ''))],
    ['13.1.4 an unknown moveOn', structure(au(1, 'moveOn="Later"'))],
    ['13.1.4 an unknown launchMethod', structure(au(1, 'launchMethod="Popup"'))],
    ['13.1.4 a mastery score beyond 1', structure(au(1, 'masteryScore="1.1"'))],
    ['13.1.4 a mastery score of five places', structure(au(1, 'masteryScore="0.12345"'))],
    ['13.1.4 a mastery score that is none', structure(au(1, 'masteryScore="high"'))],
    ['8.1 a parameter of the address that the launch needs', structure(au(1, '', '<url>a.html?fetch=1</url>'))],
    [
      '8.1 the same in an address elsewhere',
      structure(au(1, '', '<url>https://p.example/a?x=1&amp;actor=me#top</url>')),
    ],
    ['13.2 another namespace', structure(au(1)).replace(ns, 'https://p.example/ns')],
  ])('HZ4-M13 %s is refused', (_, xml) => {
    expect(faults(xml).filter((fault) => fault.startsWith('error')).length).toBeGreaterThan(0)
  })
  test.each([
    ['Passed', '0.8', 'OwnWindow'],
    ['Completed', '0', 'AnyWindow'],
    ['CompletedAndPassed', '1', 'OwnWindow'],
    ['CompletedOrPassed', '0.1234', 'AnyWindow'],
  ])('HZ4-M13 13.1.4 moveOn %s, mastery %s, %s are taken as they stand', (moveOn, masteryScore, launchMethod) => {
    const xml = structure(
      au(
        1,
        `moveOn="${moveOn}" masteryScore="${masteryScore}" launchMethod="${launchMethod}" activityType="http://t.example/x"`,
        '<url>a.html?x=1</url><launchParameters>p</launchParameters><entitlementKey>k</entitlementKey>',
      ),
    )
    expect(faults(xml)).toEqual([])
    expect(first(xml)).toMatchObject({
      ...{ href: 'a.html', parameters: '?x=1' },
      au: {
        moveOn,
        masteryScore: Number(masteryScore),
        launchMethod,
        launchParameters: 'p',
        entitlementKey: 'k',
        activityType: 'http://t.example/x',
      },
    })
  })
  test('HZ4-M13 13.1 a part without a description can be learnt; it is said', () => {
    expect(faults(structure(au(1)).replaceAll(text('description', '简介'), ''))).toEqual([
      'warning: course 没有简介（description）',
      'warning: au 没有简介（description）',
    ])
  })
  test('HZ4-M13 13.1.5 what vendors add in their own namespace changes nothing, also under our names', () => {
    const theirs = 'xmlns:v="https://v.example/ns"'
    const xml = structure(
      `<v:au ${theirs} id="x"/>${au(1, `${theirs} masteryScore="0.5" v:masteryScore="7"`, '<v:url>gone.html</v:url><url>a.html</url><v:title>x</v:title>')}`,
      `<v:course ${theirs}/>`,
    )
    expect(faults(xml)).toEqual([])
    expect(read(xml).found.units).toMatchObject([{ title: '标题', href: 'a.html', au: { masteryScore: 0.5 } }])
  })
})

describe('HZ4-M13 cmi5 14 packages', () => {
  test('HZ4-M13 14.1 files of the package by relative addresses, others by full ones, mixed', () => {
    const xml = structure(au(1) + au(2, '', '<url>https://p.example/b.html</url>'))
    expect(faults(xml)).toEqual([])
    expect(faults(xml, new Set(['b.html'])).join()).toContain('a.html 不在包里')
  })
  test('HZ4-M13 14.2 a structure by itself has full addresses only', () => {
    const full = structure(au(2, '', '<url>https://p.example/b.html</url>'))
    expect(faults(full, null)).toEqual([])
    expect(faults(structure(au(1)), null).join()).toContain('只上传了 cmi5.xml')
  })
  test('HZ4-M13 14.1 the structure lies at the root of the archive', () => {
    const documents = (at: string) => new Map([[at, Buffer.from(structure(au(1)))]])
    expect(inspectPackage(['cmi5.xml', 'a.html'], documents('cmi5.xml'), '').found?.kind).toBe('cmi5')
    const buried = inspectPackage(['x/cmi5.xml', 'y/a.html'], documents('x/cmi5.xml'), '')
    expect([buried.found, buried.faults[0]?.message]).toEqual([null, '清单不在压缩包的最外层'])
  })
})
