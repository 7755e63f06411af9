import {
  AlignmentType,
  BorderStyle,
  convertMillimetersToTwip,
  Document,
  Footer,
  type IParagraphOptions,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import type { Letter, LetterBlock } from './pdf.templates.ts'

/**
 * An official letter as a document that can be edited, in the layout of GB/T 9704-2012: A4, type area 156 × 225 mm, 22 lines
 * of 28 characters, title 2号小标宋, body 3号仿宋, first level 黑体, second 楷体. The same data as the PDF.
 */
const mm = convertMillimetersToTwip
const sizes = { title: 44, body: 32, foot: 28, table: 24 } // half points: 2号, 3号, 4号, 小四
const fonts = { title: '方正小标宋简体', body: '仿宋_GB2312', h1: '黑体', h2: '楷体_GB2312', foot: '宋体' } as const
const pitch = { line: Math.floor(mm(225) / 22), lineRule: LineRuleType.EXACT }
const red = 'C8102E'

const run = (
  text: string,
  font: keyof typeof fonts = 'body',
  more: { size?: number; bold?: boolean; color?: string } = {},
) => new TextRun({ text, font: fonts[font], size: sizes.body, ...more })

const line = (children: TextRun[], more: IParagraphOptions = {}) =>
  new Paragraph({ spacing: { ...pitch, before: 0, after: 0 }, ...more, children })

/** Two characters of 3号 from the left. */
const indented = { indent: { firstLine: 2 * 16 * 20 } }
const rightFour = { alignment: AlignmentType.RIGHT, indent: { right: 4 * 16 * 20 } }
const empty = (): Paragraph => line([])

export async function letterDocument(letter: Letter & { on: string }): Promise<Uint8Array<ArrayBuffer>> {
  const document = new Document({
    creator: letter.signature,
    title: letter.title,
    sections: [
      {
        properties: {
          page: {
            size: { width: mm(210), height: mm(297) },
            margin: { top: mm(37), left: mm(28), right: mm(26), bottom: mm(35), footer: mm(28) },
          },
        },
        footers: { default: foot() },
        children: [...head(letter), ...letter.blocks.map(block), ...end(letter)],
      },
    ],
  })
  return new Uint8Array(await Packer.toBuffer(document))
}

const foot = () =>
  new Footer({
    children: [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [new TextRun({ font: fonts.foot, size: sizes.foot, children: ['— ', PageNumber.CURRENT, ' —'] })],
      }),
    ],
  })

function head(letter: Letter): Paragraph[] {
  const mark = letter.mark
    ? [
        new Paragraph({
          alignment: AlignmentType.CENTER,
          spacing: { before: mm(17), after: 2 * pitch.line },
          children: [run(letter.mark, 'title', { size: 80, color: red })],
        }),
      ]
    : []
  const rule = letter.mark ? { border: { bottom: { style: BorderStyle.SINGLE, size: 12, color: red, space: 4 } } } : {}
  const number = letter.docNo ? [line([run(letter.docNo)], { alignment: AlignmentType.CENTER, ...rule })] : []
  return [
    ...mark,
    ...number,
    ...(mark.length + number.length > 0 ? [empty(), empty()] : []),
    new Paragraph({
      alignment: AlignmentType.CENTER,
      spacing: { line: 33 * 20, lineRule: LineRuleType.EXACT },
      children: [run(letter.title, 'title', { size: sizes.title })],
    }),
    empty(),
    ...(letter.to ? [line([run(`${letter.to}：`)])] : []),
  ]
}

function block(one: LetterBlock): Paragraph | Table {
  switch (one.kind) {
    case 'h1':
      return line([run(one.text, 'h1')], indented)
    case 'h2':
      return line([run(one.text, 'h2')], indented)
    case 'p':
      return line([run(one.text)], indented)
    case 'table': {
      const whole = one.widths.reduce((sum, width) => sum + width, 0)
      const cell = (text: string, at: number, bold = false) =>
        new TableCell({
          width: { size: ((one.widths[at] ?? 1) / whole) * 100, type: WidthType.PERCENTAGE },
          children: [
            new Paragraph({
              alignment: one.align[at] === 'right' ? AlignmentType.RIGHT : AlignmentType.LEFT,
              children: [run(text, 'body', { size: sizes.table, bold })],
            }),
          ],
        })
      const row = (cells: readonly string[], bold = false) =>
        new TableRow({ tableHeader: bold, children: cells.map((text, at) => cell(text, at, bold)) })
      return new Table({
        width: { size: 100, type: WidthType.PERCENTAGE },
        rows: [row(one.head, true), ...one.rows.map((cells) => row(cells))],
      })
    }
  }
}

function end(letter: Letter): Paragraph[] {
  const attached =
    letter.attachments.length === 1
      ? `附件：${letter.attachments[0]}`
      : `附件：${letter.attachments.map((one, at) => `${at + 1}．${one}`).join('；')}`
  const ruled = { border: { top: { style: BorderStyle.SINGLE, size: 8, color: '000000', space: 1 } } }
  const small = { size: sizes.foot }
  return [
    ...(letter.attachments.length > 0 ? [empty(), line([run(attached)], indented)] : []),
    empty(),
    empty(),
    line([run(letter.signature)], rightFour),
    line([run(letter.date)], rightFour),
    ...(letter.note ? [line([run(`（${letter.note}）`)], indented)] : []),
    ...(letter.cc ? [empty(), line([run(`抄送：${letter.cc}。`, 'body', small)], ruled)] : []),
    ...(letter.printed ? [line([run(letter.printed, 'body', small)], ruled)] : []),
  ]
}
