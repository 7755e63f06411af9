import { describe, expect, test } from 'vitest'
import { parseXml, XmlError, xmlText } from '#shared/xml.ts'
import { cmi5Structure, manifest12, manifest2004, qtiItem } from '../../../tests/fixtures/packages.ts'
import { readCmi5 } from './cmi5-structure.rules.ts'
import { kindOf, outsideAddresses, readVideos } from './content.rules.ts'
import { readQtiItem } from './qti.rules.ts'
import { readScormManifest } from './scorm-manifest.rules.ts'

const files12 = new Set(['imsmanifest.xml', 'content/one.html', 'content/two.html'])
const files2004 = new Set(['imsmanifest.xml', 'a.html', 'b.html'])
const read12 = (xml: string) => readScormManifest(parseXml(xml), files12)
const rules = (faults: readonly { rule: string }[]) => faults.map(({ rule }) => rule)

describe('HZ4-M13 XML from strangers', () => {
  test('HZ4-M13 a document that declares entities is refused, whatever they are', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    const file = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    for (const text of [bomb, file]) {
      expect(() => parseXml(text)).toThrow(XmlError)
      expect(() => parseXml(text)).toThrow(/entities/)
    }
  })
  test('HZ4-M13 an external document type is not fetched; an unknown entity is a fault', () => {
    expect(parseXml('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><x>a</x>').text).toBe('a')
    expect(() => parseXml('<x>&nbsp;</x>')).toThrow(XmlError)
  })
  test('HZ4-M13 a fault knows its line; a tree that is too deep is none', () => {
    try {
      parseXml('<a>\n<b>\n</c>\n</a>')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ reason: 'malformed', line: 3 })
    }
    expect(() => parseXml('<a>'.repeat(300) + '</a>'.repeat(300))).toThrow(/inside each other/)
    expect(() => parseXml('')).toThrow(XmlError)
  })
  test('HZ4-M13 the encoding that a document names is believed, and checked', () => {
    const gb = Buffer.concat([
      Buffer.from('<?xml version="1.0" encoding="GB2312"?><a>'),
      Buffer.from('bfceb3cc', 'hex'),
      Buffer.from('</a>'),
    ])
    expect(parseXml(xmlText(gb)).text).toBe('课程')
    expect(() => xmlText(Buffer.from([0x3c, 0x61, 0xff, 0xfe]))).toThrow(XmlError)
  })
})

describe('HZ4-M13 SCORM 1.2 manifests', () => {
  test('HZ4-M13 what there is to launch, with base, parameters and what the LMS must hand over', () => {
    const { found, faults } = read12(manifest12)
    expect(faults).toEqual([])
    expect(found).toMatchObject({ kind: 'scorm12', edition: '1.2', title: '消防安全' })
    expect(found.units).toEqual([
      expect.objectContaining({
        ...{ id: 'i1', title: '第一课 灭火器', kind: 'sco', href: 'content/one.html', parameters: '' },
        scorm: {
          masteryScore: '60',
          maxTimeAllowed: '0001:00:00',
          timeLimitAction: 'continue,no message',
          launchData: 'mode=short',
        },
      }),
      expect.objectContaining({
        id: 'i2',
        kind: 'asset',
        href: 'content/two.html',
        parameters: '?page=1',
        scorm: { prerequisites: 'i1' },
      }),
    ])
    expect(found.activities[0]?.children.map(({ unit }) => unit)).toEqual(['i1', 'i2'])
  })
  test.each([
    ['a start file that is not there', manifest12.replace('href="one.html">', 'href="gone.html">'), 'missing-file', 20],
    ['a resource that is not there', manifest12.replace('identifierref="r1"', 'identifierref="r9"'), 'reference', 8],
    ['an identifier used twice', manifest12.replace('identifier="i2"', 'identifier="i1"'), 'manifest', 14],
    ['a mastery score beyond 100', manifest12.replace('>60<', '>600<'), 'manifest', 9],
    ['a start address elsewhere', manifest12.replace('href="one.html">', 'href="http://x.example/">'), 'outside', 20],
    [
      'no organisation',
      manifest12.replace(/<organizations[\s\S]*<\/organizations>/, '<organizations/>'),
      'manifest',
      5,
    ],
  ])('HZ4-M13 %s is a fault at its line', (_, xml, rule, line) => {
    const errors = read12(xml).faults.filter(({ weight }) => weight === 'error')
    expect(errors[0]).toMatchObject({ file: 'imsmanifest.xml', rule, line })
  })
  test('HZ4-M13 other organisations and files of no use are told, not dropped in silence', () => {
    const two = manifest12.replace(
      '</organizations>',
      '<organization identifier="b"><title>乙</title></organization></organizations>',
    )
    expect(read12(two).faults).toEqual([expect.objectContaining({ rule: 'left', weight: 'warning' })])
    const missing = manifest12.replace('<file href="two.html"/>', '<file href="two.html"/><file href="pic.png"/>')
    expect(read12(missing).faults).toEqual([expect.objectContaining({ rule: 'missing-file', weight: 'warning' })])
  })
})

describe('HZ4-M13 SCORM 2004 manifests', () => {
  test('HZ4-M13 thresholds, objectives and sequencing are read', () => {
    const { found, faults } = readScormManifest(parseXml(manifest2004), files2004)
    expect(faults).toEqual([])
    expect(found).toMatchObject({ kind: 'scorm2004', edition: '2004 4th Edition' })
    expect(found.units[0]?.scorm).toEqual({ completionThreshold: '0.8', objectives: ['po'], scaledPassingScore: '0.6' })
    expect(found.units[1]).toMatchObject({ href: 'b.html', parameters: '#start' })
    const [organisation] = found.activities
    expect(organisation?.sequencing).toMatchObject({ choice: true, flow: true, forwardOnly: false })
    expect(organisation?.children[1]?.sequencing).toMatchObject({
      pre: [
        {
          combination: 'any',
          action: 'disabled',
          conditions: [
            { condition: 'satisfied', operator: 'not', objective: 'seen' },
            { condition: 'objectiveStatusKnown', operator: 'not', objective: 'seen' },
          ],
        },
      ],
      objectives: [{ primary: true }, { id: 'seen', maps: [{ target: 'global', readStatus: true }] }],
    })
  })
  test('HZ4-M13 a shared sequencing is found by its id; one that is not there is a fault', () => {
    const shared = manifest2004
      .replace('<imsss:controlMode choice="true" flow="true"/>', '')
      .replace(
        '<imsss:sequencing></imsss:sequencing>\n    </organization>',
        '<imsss:sequencing IDRef="s"/>\n    </organization>',
      )
      .replace(
        '</manifest>',
        '<imsss:sequencingCollection><imsss:sequencing ID="s"><imsss:controlMode forwardOnly="true"/></imsss:sequencing></imsss:sequencingCollection></manifest>',
      )
    const { found, faults } = readScormManifest(parseXml(shared), files2004)
    expect(faults).toEqual([])
    expect(found.activities[0]?.sequencing?.forwardOnly).toBe(true)
    expect(rules(readScormManifest(parseXml(shared.replace('ID="s"', 'ID="t"')), files2004).faults)).toEqual([
      'sequencing',
    ])
  })
  const withControls = (more: string) =>
    readScormManifest(parseXml(manifest2004.replace('flow="true"/>', `flow="true"/>${more}`)), files2004)
  test('HZ4-M13 draws that are made once are followed; those made at each attempt are made once, and that is told', () => {
    const once = withControls(
      '<imsss:randomizationControls randomizationTiming="once" reorderChildren="true" selectionTiming="once" selectCount="1"/>',
    )
    expect(once.faults).toEqual([])
    expect(once.found.activities[0]?.sequencing).toMatchObject({ select: 1, shuffle: true })
    const each = withControls('<imsss:randomizationControls selectionTiming="onEachNewAttempt" selectCount="1"/>')
    expect(each.faults).toEqual([expect.objectContaining({ rule: 'sequencing', weight: 'warning' })])
    const never = withControls('<imsss:randomizationControls selectCount="1" reorderChildren="true"/>')
    expect(never.found.activities[0]?.sequencing).toMatchObject({ select: null, shuffle: false })
  })
  test('HZ4-M13 limits in time are read; the one of the attempt is what content may ask for', () => {
    const limits = '<imsss:limitConditions attemptAbsoluteDurationLimit="PT1H30M" endTimeLimit="2021-12-31T00:00:00Z"/>'
    const xml = manifest2004.replace('<imsss:objectives><imsss:primaryObjective objectiveID="po"', `${limits}$&`)
    const { found, faults } = readScormManifest(parseXml(xml), files2004)
    expect(faults).toEqual([])
    expect(found.activities[0]?.children[0]?.sequencing?.limits).toEqual({
      ...{ attemptAbsolute: 5400, attemptExperienced: null, activityAbsolute: null, activityExperienced: null },
      ...{ begin: null, end: '2021-12-31T00:00:00Z' },
    })
    expect(found.units[0]?.scorm?.maxTimeAllowed).toBe('PT1H30M0S')
  })
  test('HZ4-M13 data that units share is read with what each may do', () => {
    const data = `<adlcp:data><adlcp:map targetID="notes"/><adlcp:map targetID="key" writeSharedData="false"/></adlcp:data>`
    const xml = manifest2004.replace('<title>翻身</title>', `<title>翻身</title>${data}`)
    expect(readScormManifest(parseXml(xml), files2004).found.units[0]?.scorm?.shared).toEqual([
      { target: 'notes', read: true, write: true },
      { target: 'key', read: true, write: false },
    ])
  })
})

describe('HZ4-M13 cmi5 course structures', () => {
  const paths = new Set(['cmi5.xml', 'wash.html', 'store.html'])
  test('HZ4-M13 course, blocks, AUs, and their defaults', () => {
    const { found, faults } = readCmi5(parseXml(cmi5Structure), paths)
    expect(faults).toEqual([])
    expect(found).toMatchObject({ kind: 'cmi5', identifier: 'https://haizhu.example/course', title: '食品安全' })
    expect(found.units[0]).toMatchObject({
      href: 'wash.html',
      parameters: '?x=1',
      au: {
        ...{ moveOn: 'CompletedAndPassed', masteryScore: 0.8, launchMethod: 'OwnWindow', launchParameters: 'short' },
        ...{ entitlementKey: 'k', objectives: ['https://haizhu.example/objective'] },
      },
    })
    expect(found.units[1]?.au).toMatchObject({ moveOn: 'NotApplicable', masteryScore: null, launchMethod: 'AnyWindow' })
    expect(found.activities[0]?.children.map(({ id }) => id)).toEqual([
      'https://haizhu.example/block',
      'https://haizhu.example/au2',
    ])
  })
  test.each([
    ['an id used twice', cmi5Structure.replace('/au2"', '/au1"'), 'manifest'],
    ['an id that is no IRI', cmi5Structure.replace('id="https://haizhu.example/au2"', 'id="au2"'), 'manifest'],
    ['an unknown moveOn', cmi5Structure.replace('CompletedAndPassed', 'Sometimes'), 'manifest'],
    ['a mastery score beyond 1', cmi5Structure.replace('"0.8"', '"80"'), 'manifest'],
    ['a file that is not there', cmi5Structure.replace('store.html', 'gone.html'), 'missing-file'],
    ['plain http', cmi5Structure.replace('store.html', 'http://x.example/'), 'manifest'],
    [
      'an objective nobody defined',
      cmi5Structure.replace('idref="https://haizhu.example/objective"', 'idref="urn:x:y"'),
      'reference',
    ],
    ['another namespace', cmi5Structure.replace('/v1/', '/v9/'), 'manifest'],
  ])('HZ4-M13 %s is a fault', (_, xml, rule) => {
    const { faults } = readCmi5(parseXml(xml), paths)
    expect(rules(faults)).toEqual([rule])
    expect(faults[0]?.line).toBeGreaterThan(0)
  })
  test('HZ4-M13 a structure alone takes no relative address', () => {
    expect(readCmi5(parseXml(cmi5Structure), null).faults).toHaveLength(2)
  })
})

describe('HZ4-M13 QTI items', () => {
  const declare = (id: string, cardinality: string, base: string, ...values: string[]) =>
    `<responseDeclaration identifier="${id}" cardinality="${cardinality}" baseType="${base}"><correctResponse>${values.map((v) => `<value>${v}</value>`).join('')}</correctResponse></responseDeclaration>`
  const choice = (texts: string[]) =>
    `<choiceInteraction responseIdentifier="R"><prompt>哪一项？</prompt>${texts.map((t, i) => `<simpleChoice identifier="${'ABCD'[i]}">${t}</simpleChoice>`).join('')}</choiceInteraction>`
  const read = (xml: string) => readQtiItem(parseXml(xml), 'items/q.xml')
  test('HZ4-M13 single and multiple choice', () => {
    const single = read(
      qtiItem('q1', declare('R', 'single', 'identifier', 'B'), `<p>灭火器</p>${choice(['红', '蓝', '绿'])}`),
    )
    expect(single).toEqual({
      faults: [],
      question: {
        ...{ key: 'q1', kind: 'single', prompt: '灭火器 哪一项？', points: 1, explanation: '' },
        options: [
          { id: 'A', text: '红' },
          { id: 'B', text: '蓝' },
          { id: 'C', text: '绿' },
        ],
        answer: 'B',
      },
    })
    const multiple = read(qtiItem('q2', declare('R', 'multiple', 'identifier', 'A', 'C'), choice(['红', '蓝', '绿'])))
    expect(multiple.question).toMatchObject({ kind: 'multiple', answer: ['A', 'C'] })
  })
  test('HZ4-M13 two options that say yes and no are true or false', () => {
    const item = read(qtiItem('q3', declare('R', 'single', 'identifier', 'B'), choice(['正确', '错误'])))
    expect(item.question).toMatchObject({ kind: 'true-false', options: [], answer: false })
  })
  test('HZ4-M13 text and number entries', () => {
    const entry = '<p>水的沸点是<textEntryInteraction responseIdentifier="R"/>度</p>'
    expect(read(qtiItem('q4', declare('R', 'single', 'float', '100'), entry)).question).toMatchObject({
      ...{ kind: 'number', answer: { value: 100, tolerance: 0 } },
    })
    const mapped = declare('R', 'single', 'string', '海珠').replace(
      '</responseDeclaration>',
      '<mapping><mapEntry mapKey="海珠区" mappedValue="1"/><mapEntry mapKey="天河" mappedValue="0"/></mapping></responseDeclaration>',
    )
    expect(read(qtiItem('q5', mapped, entry)).question).toMatchObject({ kind: 'text', answer: ['海珠', '海珠区'] })
  })
  test('HZ4-M13 short orders and small matches are asked as choices', () => {
    const order =
      '<orderInteraction responseIdentifier="R"><simpleChoice identifier="A">一</simpleChoice><simpleChoice identifier="B">二</simpleChoice></orderInteraction>'
    expect(
      read(qtiItem('q6', declare('R', 'ordered', 'identifier', 'B', 'A'), `<p>排序</p>${order}`)).question,
    ).toMatchObject({
      ...{ kind: 'single', answer: 'B-A' },
      options: [
        { id: 'A-B', text: '一 → 二' },
        { id: 'B-A', text: '二 → 一' },
      ],
    })
    const set = (...ids: string[]) =>
      `<simpleMatchSet>${ids.map((id) => `<simpleAssociableChoice identifier="${id}">${id}</simpleAssociableChoice>`).join('')}</simpleMatchSet>`
    const match = `<p>连线</p><matchInteraction responseIdentifier="R">${set('A', 'B')}${set('X', 'Y')}</matchInteraction>`
    expect(read(qtiItem('q7', declare('R', 'multiple', 'directedPair', 'A X', 'B Y'), match)).question).toMatchObject({
      kind: 'multiple',
      answer: ['A-X', 'B-Y'],
    })
  })
  test('HZ4-M13 version 3 writes the same in other names', () => {
    const item = `<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="q8" title="三">
<qti-response-declaration identifier="R" cardinality="single" base-type="identifier"><qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
<qti-item-body><qti-choice-interaction response-identifier="R"><qti-prompt>问</qti-prompt><qti-simple-choice identifier="A">甲</qti-simple-choice><qti-simple-choice identifier="B">乙</qti-simple-choice></qti-choice-interaction></qti-item-body></qti-assessment-item>`
    expect(read(item).question).toMatchObject({ kind: 'single', prompt: '问', answer: 'A' })
  })
  test.each([
    [
      'a type the question bank has no room for',
      '<p>拖</p><hotspotInteraction responseIdentifier="R"/>',
      'hotspotInteraction',
    ],
    ['two interactions at once', `${choice(['甲', '乙'])}${choice(['丙', '丁'])}`, '2 处作答'],
    ['a picture in the question', `<p><img src="a.png"/></p>${choice(['甲', '乙'])}`, 'a.png'],
    ['a single option', choice(['甲']), '少于两个'],
    ['a right answer that is no option', choice(['甲', '乙']), '不在选项里'],
  ])('HZ4-M13 %s is told by name', (_, body, said) => {
    const { question, faults } = read(qtiItem('q9', declare('R', 'single', 'identifier', 'Z'), body))
    expect(question).toBeNull()
    expect(faults).toEqual([expect.objectContaining({ file: 'items/q.xml', message: expect.stringContaining(said) })])
  })
})

describe('HZ4-M13 what a package is', () => {
  test.each([
    [['imsmanifest.xml', 'a.html'], 'scorm12', ''],
    [['课程/imsmanifest.xml', '课程/a.html'], 'scorm12', '课程/'],
    [['cmi5.xml', 'a.html'], 'cmi5', ''],
    [['q1.xml'], 'qti', ''],
    [['1.mp4', 'readme.txt'], 'videos', ''],
    [['readme.txt'], null, ''],
  ])('HZ4-M13 %j is %s', (paths, kind, root) => {
    expect(kindOf(paths)).toEqual({ kind, root })
  })
  test('HZ4-M13 videos come in the order people number them; the rest is told', () => {
    const { found, faults } = readVideos(['10 结束.mp4', '2 中间.mp4', '1 开始.webm', '讲义.pdf'], '录像')
    expect(found.units.map(({ title }) => title)).toEqual(['1 开始', '2 中间', '10 结束'])
    expect(rules(faults)).toEqual(['left'])
  })
  test('HZ4-M13 a page that loads from elsewhere is told once a host', () => {
    const html =
      '<script src="https://cdn.example/a.js"></script>\n<img src="//cdn.example/b.png">\n<a href="https://x.example">x</a>'
    expect(outsideAddresses(html, 'a.html')).toEqual([
      expect.objectContaining({ rule: 'outside', line: 1, weight: 'warning' }),
    ])
  })
})
