import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pack } from '#platform/archive.ts'
import { AppError } from '#platform/errors.ts'
import { readTable, tableLimits } from '#platform/spreadsheet.ts'
import { errorFile, templateXlsx, writeCsv, writeXlsx } from '#platform/workbook.ts'
import type { Column } from '#shared/table.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const csv = (text: string, name = 'a.csv') => readTable(utf8(text), name)

async function refusalOf(read: Promise<unknown>): Promise<string> {
  const error = await read.then(
    () => undefined,
    (e: unknown) => e,
  )
  if (!(error instanceof AppError) || error.fault.kind !== 'invalid') throw new Error(`not refused: ${String(error)}`)
  return error.fault.fields.file?.join('') ?? ''
}

/** An XLSX written by hand, for cells that our own writer never makes. */
function xlsx(sheetData: string): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const parts = {
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="r1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${sheetData}</sheetData></worksheet>`,
  }
  return pack(new Map(Object.entries(parts).map(([name, content]) => [name, Buffer.from(content)])))
}
const s = (ref: string, text: string) => `<c r="${ref}" t="inlineStr"><is><t>${text}</t></is></c>`
const n = (ref: string, value: string) => `<c r="${ref}"><v>${value}</v></c>`

/** GBK bytes, found by decoding every two-byte code. */
const gbk = (() => {
  const codes = new Map<string, [number, number]>()
  const decoder = new TextDecoder('gb18030')
  for (let a = 0x81; a < 0xff; a++)
    for (let b = 0x40; b < 0xff; b++) if (b !== 0x7f) codes.set(decoder.decode(new Uint8Array([a, b])), [a, b])
  return (text: string) =>
    new Uint8Array([...text].flatMap((c) => (c < '\u0080' ? [c.charCodeAt(0)] : (codes.get(c) ?? []))))
})()

describe('CSV', () => {
  const rows = [{ row: 2, cells: { 姓名: '张三', 证件号码: '440105199001010017' } }]
  const text = '姓名,证件号码\r\n张三,440105199001010017\r\n'

  test.each([
    ['UTF-8', utf8(text), 'utf-8'],
    ['UTF-8 with mark', utf8(`\ufeff${text}`), 'utf-8'],
    ['GBK', gbk(text), 'gb18030'],
    ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
    ['semicolons', utf8(text.replaceAll(',', ';')), 'utf-8'],
    ['tabs', utf8(text.replaceAll(',', '\t')), 'utf-8'],
    ['quotes', utf8('"姓名","证件号码"\n"张三","440105199001010017"'), 'utf-8'],
    ['kept as text', utf8('姓名,证件号码\n张三,="440105199001010017"\n'), 'utf-8'],
    ['apostrophe', utf8("姓名,证件号码\n张三,'440105199001010017\n"), 'utf-8'],
    ['full width', utf8('姓名,证件号码\n 张三\u3000,４４０１０５１９９００１０１００１７\n'), 'utf-8'],
  ] as const)('%s', async (_, bytes, encoding) => {
    expect(await readTable(bytes, '名单.csv')).toMatchObject({
      format: 'csv',
      encoding,
      headerRow: 1,
      rows,
      faults: [],
    })
  })

  test('an announced separator is believed and counts as a row', async () => {
    expect(await csv('sep=;\r\n姓名;备注\r\n张三;a,b\r\n')).toMatchObject({
      headerRow: 2,
      rows: [{ row: 3, cells: { 姓名: '张三', 备注: 'a,b' } }],
    })
  })

  test('quoted line breaks, empty rows and short rows keep their row numbers', async () => {
    const table = await csv('姓名,备注\n"张三","一\n二"\n\n,\n李四\n')
    expect(table.rows).toEqual([
      { row: 2, cells: { 姓名: '张三', 备注: '一 二' } },
      { row: 5, cells: { 姓名: '李四', 备注: '' } },
    ])
  })

  test('title lines above the header are skipped', async () => {
    expect(await csv('某公司培训人员名单\n\n姓名,手机号\n张三,13800138000\n')).toMatchObject({ headerRow: 3 })
    const title = utf8('名单,2021年\n单位：甲,电话：乙\n*姓名,手机号\n张三,13800138000\n')
    expect(await readTable(title, 'a.csv', tableLimits, ['姓名', '手机号'])).toMatchObject({
      headerRow: 3,
      headers: ['*姓名', '手机号'],
    })
  })

  test.each([
    ['', '空的'],
    [' \n,,\n', '没有任何内容'],
    ['姓名,手机号\n', '没有数据行'],
    ['姓名,姓名\n张三,李四\n', '不止一次'],
    ['姓名,备注\n"张三,a\n', '引号'],
    ['<html><table></table></html>', '网页'],
    ['a\0b', '只能读取'],
  ])('%j is refused: %s', async (text, words) => expect(await refusalOf(csv(text))).toContain(words))

  test('other kinds of file are refused in plain words', async () => {
    expect(await refusalOf(csv('%PDF-1.7', '名单.pdf'))).toContain('只能读取')
    expect(await refusalOf(readTable(new Uint8Array([0x61, 0xff, 0xff, 0x0a]), 'a.csv'))).toContain('编码')
  })

  test('limits', async () => {
    const limits = { ...tableLimits, maxBytes: 1024 * 1024, maxRows: 3, maxColumns: 2 }
    const read = (text: string) => readTable(utf8(text), 'a.csv', limits)
    expect((await read('a,b\n1,1\n2,2\n\n3,3\n')).rows).toHaveLength(3)
    expect(await refusalOf(read('a,b\n1,1\n2,2\n3,3\n4,4\n'))).toContain('3 行')
    expect(await refusalOf(read('a,b,c\n1,1,1\n'))).toContain('2 列')
    expect(await refusalOf(read(`a,b\n${'x'.repeat(1024 * 1024)}`))).toContain('1 MB')
  })
})

describe('XLSX', () => {
  test('cells come as text; dates, numbers and booleans too', async () => {
    const bytes = xlsx(
      `<row r="2">${s('A2', '姓名')}${s('B2', '手机号')}${s('C2', '比例')}</row>` +
        `<row r="5">${s('A5', ' 张三 ')}${n('B5', '13800138000')}${n('C5', '0.30000000000000004')}</row>`,
    )
    expect(await readTable(bytes, 'a.xlsx')).toEqual({
      format: 'xlsx',
      encoding: 'utf-8',
      headerRow: 2,
      headers: ['姓名', '手机号', '比例'],
      rows: [{ row: 5, cells: { 姓名: '张三', 手机号: '13800138000', 比例: '0.3' } }],
      faults: [],
    })
  })

  test.each(['4.4010519900101002E+17', '440105199001010017', '440105199001010000', '6222021234567890'])(
    'a document number kept as the number %s is reported, never repaired',
    async (value) => {
      const table = await readTable(
        xlsx(
          `<row r="1">${s('A1', '姓名')}${s('B1', '证件号码')}</row><row r="2">${s('A2', '张三')}${n('B2', value)}</row>`,
        ),
        'a.xlsx',
      )
      expect(table.faults).toMatchObject([{ row: 2, column: '证件号码', rule: 'precision', value: '' }])
      expect(table.rows[0]?.cells.证件号码).toMatch(/^\d\.\d+e\+1\d$/)
    },
  )

  test('the largest number a spreadsheet keeps whole is not a fault', async () => {
    const table = await readTable(
      xlsx(`<row r="1">${s('A1', 'a')}${s('B1', 'b')}</row><row r="2">${n('A2', '999999999999999')}</row>`),
      'a.xlsx',
    )
    expect(table).toMatchObject({ faults: [], rows: [{ cells: { a: '999999999999999' } }] })
  })

  test('what was written is read back', async () => {
    const cell = fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((text) => text.trim().replace(/ +/g, ' '))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (rows) => {
        const bytes = await writeXlsx([{ name: 'S', header: ['甲', '乙'], rows: [['=1+1', 'constructor'], ...rows] }])
        const table = await readTable(bytes, 'a.xlsx')
        expect(table.rows[0]?.cells).toEqual({ 甲: '=1+1', 乙: 'constructor' })
        for (const { row, cells } of table.rows.slice(1)) expect([cells.甲, cells.乙]).toEqual(rows[row - 3])
      }),
      { numRuns: 30 },
    )
  })

  test('unreadable files are refused in plain words', async () => {
    const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
    expect(await refusalOf(readTable(ole, 'a.xls'))).toContain('旧版')
    expect(
      await refusalOf(readTable(Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]), 'a.xlsx')),
    ).toContain('密码')
    expect(await refusalOf(readTable(pack(new Map([['word/document.xml', Buffer.from('<a/>')]])), 'a.docx'))).toContain(
      '不是 Excel',
    )
    expect(await refusalOf(readTable(xlsx('<row r="1">').subarray(0, 300), 'a.xlsx'))).toContain('损坏')
    expect(await refusalOf(readTable(pack(new Map([['xl/workbook.xml', Buffer.from('<a>')]])), 'a.xlsx'))).toContain(
      '损坏',
    )
  })

  test('sheets that would unfold into gigabytes are refused', async () => {
    const wide = xlsx(`<row r="1">${s('A1', '姓名')}${s('XFD1', 'x')}</row>`)
    expect(await refusalOf(readTable(wide, 'a.xlsx'))).toContain('ZZ')
    expect(
      await refusalOf(readTable(xlsx(`<row r="1">${s('A1', 'a')}</row><row r="4000000000"></row>`), 'a.xlsx')),
    ).toContain('行号')
    const limits = { ...tableLimits, maxUnpackedBytes: 2_000 }
    expect(
      await refusalOf(readTable(xlsx(`<row r="1">${s('A1', 'a'.repeat(2_000))}</row>`), 'a.xlsx', limits)),
    ).toContain('过大')
  })

  test.each([
    ['far away', '<row r="1048576"><c r="ZZ1048576" t="inlineStr"><is><t>x</t></is></c></row>', '空白行列太多'],
    ['spaces', '<row><c r = "ZZ1048576"><v>1</v></c></row>', '空白行列太多'],
    ['a prefix', '<x:row><x:c x:r="ZZ1048576"><x:v>1</x:v></x:c></x:row>', '空白行列太多'],
    ['a sign in another attribute', '<row><c t=">" r="ZZ1048576"><v>1</v></c></row>', '空白行列太多'],
    ['letters spelt otherwise', '<row><c r="&#90;Z1048576"><v>1</v></c></row>', '读不懂'],
    ['no place of their own', `<row r="1000000">${'<c/>'.repeat(9)}</row>`, '空白行列太多'],
  ])('a small file cannot ask for a table that fills the memory: %s', async (_, far, words) => {
    const file = xlsx(`<row r="1">${s('A1', '姓名')}${s('B1', '备注')}</row>${far}`)
    expect(await refusalOf(readTable(file, 'a.xlsx'))).toContain(words)
  })

  test('a CSV file of nothing but separators is refused before it is taken apart', async () => {
    expect(await refusalOf(csv(`姓名,备注\n${','.repeat(6_000_000)}`))).toContain('格子太多')
  })
})

describe('files we hand out', () => {
  const dictionary: Column[] = [
    {
      key: 'name',
      header: '姓名',
      aliases: ['名字'],
      required: true,
      description: '与证件一致',
      example: '张三',
      width: 12,
    },
    {
      key: 'kind',
      header: '类型',
      aliases: [],
      required: false,
      description: '选一个',
      example: '甲',
      width: 8,
      values: { a: '甲', b: '乙' },
    },
  ]

  test('a template is the header, room for typing, and the explanation', async () => {
    const bytes = await templateXlsx(dictionary, { name: '花名册', notes: ['每行一人'] })
    expect(await refusalOf(readTable(bytes, 'a.xlsx'))).toContain('没有数据行')
    const { default: readAll } = await import('read-excel-file/node')
    const sheets = await readAll(Buffer.from(bytes))
    expect(sheets.map((sheet) => sheet.sheet)).toEqual(['花名册', '填写说明'])
    expect(sheets[0]?.data[0]).toEqual(['*姓名', '类型'])
    expect(sheets[1]?.data).toEqual([
      ['列名', '是否必填', '怎样填写', '可选值', '示例', '也可写作'],
      ['姓名', '必填', '与证件一致', null, '张三', '名字'],
      ['类型', '选填', '选一个', '甲、乙', '甲', null],
      ['说明1', null, '每行一人', null, null, null],
    ])
  })

  test('an error file holds only the failed rows and can be uploaded again', async () => {
    const table = await csv('姓名,类型\n张三,甲\n李四,丙\n王五,\n')
    const fault = { row: 3, column: '类型', rule: 'values', value: '丙', message: '“丙”不能选', remedy: '请选甲或乙。' }
    const bytes = await errorFile(table, [{ ...fault, row: 4, rule: 'C01', message: '缺', remedy: '补。' }, fault], {
      C01: 'C01 实名',
    })
    const again = await readTable(bytes, '错误.xlsx')
    expect(again.rows.map((row) => row.cells)).toEqual([
      { 姓名: '李四', 类型: '丙', 错误: '第3行:“丙”不能选', 规则: '可选值', 改法: '请选甲或乙。' },
      { 姓名: '王五', 类型: '', 错误: '第4行:缺', 规则: 'C01 实名', 改法: '补。' },
    ])
  })

  test('no CSV cell can start a formula, and amounts stay amounts', async () => {
    const text = writeCsv(
      ['甲', '乙'],
      [
        ['=cmd()', '-12.50'],
        ['@a', '+1'],
        [' -x', '1,234'],
        ['"', 'a\nb'],
        ['＝1', '-1+2'],
      ],
    )
    expect(text).toBe('\ufeff甲,乙\r\n\'=cmd(),-12.50\r\n\'@a,\'+1\r\n\' -x,"1,234"\r\n"""","a\nb"\r\n\'＝1,\'-1+2\r\n')
    const back = await csv(text)
    expect(back.rows[0]?.cells).toEqual({ 甲: '=cmd()', 乙: '-12.50' })
  })
})
