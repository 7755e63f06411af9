import { describe, expect, test } from 'vitest'
import { parseXml } from '#shared/xml.ts'
import { qtiItem } from '../../../tests/fixtures/packages.ts'
import { readQtiItem } from './qti.rules.ts'
import { pathFrom, pictureType } from './qti-pictures.rules.ts'

const images = new Map([
  ['img/board.png', { type: 'image/png', size: 90 }],
  ['img/large.png', { type: 'image/png', size: 3 * 1024 * 1024 }],
])
const declaration =
  '<responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration>'
const choice = (inOption = '', prompt = '<prompt>哪一块是熟食砧板？</prompt>') =>
  `<choiceInteraction responseIdentifier="R">${prompt}<simpleChoice identifier="A">左边${inOption}</simpleChoice><simpleChoice identifier="B">右边</simpleChoice></choiceInteraction>`
const read = (body: string, extra = '', documents: Record<string, string> = {}) => {
  const { question, faults } = readQtiItem(
    parseXml(qtiItem('q', declaration, body, extra)),
    'items/q.xml',
    images,
    (path) => (documents[path] === undefined ? undefined : parseXml(documents[path])),
  )
  return { question, told: faults.map(({ rule, message }) => `${rule}: ${message}`).join() }
}
const img = (attributes: string) => `<p><img ${attributes}/></p>`

describe('HZ4-M13 pictures of QTI items', () => {
  test('HZ4-M13 a picture comes in with its words, from the text or the prompt, in their order', () => {
    const prompt = '<prompt>看图<img src="../img/board.png" alt="第二幅"/></prompt>'
    expect(read(img('src="../img/board.png" alt="两块砧板"') + choice('', prompt)).question).toMatchObject({
      prompt: '看图',
      pictures: [
        { path: 'img/board.png', alt: '两块砧板', type: 'image/png' },
        { path: 'img/board.png', alt: '第二幅', type: 'image/png' },
      ],
    })
    expect(read(choice()).question).not.toHaveProperty('pictures')
  })
  test('HZ4-M13 the material of several items is asked with each: its text, its pictures from where it lies', () => {
    const stimulus =
      '<qti-assessment-stimulus identifier="s"><qti-stimulus-body><p>厨房平面图。</p><img src="board.png" alt="厨房"/></qti-stimulus-body></qti-assessment-stimulus>'
    const refers = '<assessmentStimulusRef identifier="s" href="../img/stimulus.xml"/>'
    expect(read(choice(), refers, { 'img/stimulus.xml': stimulus }).question).toMatchObject({
      prompt: '厨房平面图。 哪一块是熟食砧板？',
      pictures: [{ path: 'img/board.png', alt: '厨房' }],
    })
    expect(read(choice(), refers).told).toContain('材料 ../img/stimulus.xml 不在包里')
  })
  test.each([
    ['no alternative text', 'src="../img/board.png"', '没有替代文字（alt）'],
    ['an empty alternative text', 'src="../img/board.png" alt=" "', '没有替代文字（alt）'],
    ['a picture that is not there', 'src="gone.png" alt="x"', '不在包里'],
    ['a picture of somebody else’s site', 'src="https://p.example/a.png" alt="x"', '不从别处取图'],
    ['a picture written into the text', 'src="data:image/png;base64,AA" alt="x"', '不从别处取图'],
    ['a path out of the package', 'src="../../x.png" alt="x"', '不从别处取图'],
    ['a picture too large', 'src="../img/large.png" alt="x"', '超过 2 MB'],
  ])('HZ4-M13 %s: the question is not taken in, and why', (_, attributes, why) => {
    const { question, told } = read(img(attributes) + choice())
    expect(question).toBe(null)
    expect(told).toContain(`picture: “q”没有导入：`)
    expect(told).toContain(why)
  })
  test('HZ4-M13 pictures in options, more than four, films and formulas are named', () => {
    expect(read(choice('<img src="../img/board.png" alt="x"/>')).told).toContain('选项里有图片')
    expect(read(img('src="../img/board.png" alt="x"').repeat(5) + choice()).told).toContain('有 5 幅图')
    expect(read(`<object data="a.mp4"/>${choice()}`).told).toContain('题干里有 object')
  })
  test('HZ4-M13 types by the first bytes; a drawing that may carry script is no picture', () => {
    const of = (text: string) => pictureType(Buffer.from(text, 'latin1'))
    expect([of('\x89PNG\r\n\x1a\n0000'), of('\xff\xd8\xff\xe0'), of('GIF89a'), of('RIFF0000WEBP')]).toEqual([
      ...['image/png', 'image/jpeg', 'image/gif', 'image/webp'],
    ])
    expect([of('<svg xmlns='), of('RIFF0000WAVE'), of('')]).toEqual([undefined, undefined, undefined])
    expect([
      pathFrom('a/b.xml', 'c%20d.png?x#y'),
      pathFrom('a/b.xml', './../c.png'),
      pathFrom('b.xml', '../c'),
    ]).toEqual([...['a/c d.png', 'c.png'], undefined])
  })
})
