import { expect, test } from 'vitest'
import { unpack } from './archive.ts'
import { letterDocument } from './docx.ts'

const letter = {
  ...{
    on: '2021-09-15',
    mark: '广州市海珠区人力资源和社会保障局',
    docNo: '海人社〔2021〕9号',
    title: '关于认定的通知',
  },
  to: '某单位',
  blocks: [
    { kind: 'h1' as const, text: '一、依据' },
    { kind: 'p' as const, text: '正文 <b>不是标记</b> & “引号”。' },
    {
      kind: 'table' as const,
      head: ['姓名', '分'],
      widths: [3, 1],
      align: ['left', 'right'] as ('left' | 'right')[],
      rows: [['甲', '88']],
    },
  ],
  ...{
    attachments: ['名单'],
    signature: '区人社局',
    date: '2021年9月15日',
    note: '此件公开',
    cc: '区财政局',
    printed: '',
  },
}

test('R33 a letter as DOCX in the layout of GB/T 9704: margins, type sizes, 22 lines on the page', async () => {
  const files = unpack(await letterDocument(letter), 5_000_000, () => true)
  const page = String(files.get('word/document.xml'))
  // 37, 28, 26 and 35 mm in twentieths of a point; A4
  expect(page).toMatch(/<w:pgSz w:w="1190\d" w:h="1683\d"/)
  expect(page).toMatch(/w:top="209\d" w:right="147\d" w:bottom="198\d" w:left="158\d"/)
  const pitch = Number(/<w:spacing [^>]*w:line="(\d+)"[^>]*w:lineRule="exact"/.exec(page)?.[1] ?? 0)
  expect(Math.floor(((225 / 25.4) * 1440) / pitch)).toBe(22)
  expect(page).toContain('海人社〔2021〕9号')
  expect(page).toContain('正文 &lt;b&gt;不是标记&lt;/b&gt; &amp; “引号”。')
  for (const [font, size] of [
    ['方正小标宋简体', 44],
    ['仿宋_GB2312', 32],
    ['黑体', 32],
  ] as const)
    expect(page).toMatch(
      new RegExp(
        `w:ascii="${font}"[^]{0,200}?<w:sz w:val="${size}"/>|<w:sz w:val="${size}"/>[^]{0,260}?w:ascii="${font}"`,
      ),
    )
  expect(page.indexOf('区人社局')).toBeLessThan(page.indexOf('2021年9月15日'))
  expect([...files.keys()].some((name) => name.startsWith('word/footer'))).toBe(true)
})
