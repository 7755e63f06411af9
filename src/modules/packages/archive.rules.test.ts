import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { readConfig } from '#platform/config.ts'
import { openZip, ZipError } from '#platform/zip.ts'
import { type Part, zipOf } from '../../../tests/fixtures/packages.ts'
import { judgeDirectory, nameOf } from './archive.rules.ts'
import { type PackageLimits, ruleNames } from './archive.schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'packages-archive-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What an installation has that sets nothing. */
const usual = readConfig({}).archive

let order = 0
function written(bytes: Uint8Array): string {
  const path = join(folder, `${order++}.zip`)
  writeFileSync(path, bytes)
  return path
}

async function judged(parts: Part[], limits: PackageLimits = usual) {
  const zip = await openZip(written(zipOf(parts)), limits.entries)
  zip.close()
  return judgeDirectory(zip.entries, limits)
}

/** What GB18030 makes of these words; Node writes no GB18030, so the bytes stand here. */
const gbk = Buffer.from('bfceb3cc2fb5dad2bbbfce2e68746d6c', 'hex') // 课程/第一课.html

describe('HZ4-M13 archives that are refused, with the reason and what to do', () => {
  const cases: [string, Part, string][] = [
    ['climbs out of the folder', { name: '../../etc/cron.d/x' }, 'traversal'],
    ['climbs out with backslashes', { name: '..\\..\\x' }, 'traversal'],
    ['stands at the root', { name: '/etc/passwd' }, 'absolute'],
    ['names a drive', { name: 'C:\\windows\\x' }, 'drive'],
    ['is a symbolic link', { name: 'link', content: '/etc/passwd', mode: 0o120777 }, 'link'],
    ['is encrypted', { name: 'a.html', flags: 0x0801, content: 'x', deflate: true }, 'encrypted'],
    ['is called as a device', { name: 'content/con.html' }, 'reserved'],
    ['ends in a dot', { name: 'content/page.' }, 'reserved'],
    ['holds a control character', { name: 'content/a\u0007.html' }, 'reserved'],
    ['is a program', { name: 'setup.exe' }, 'active-type'],
    ['is a server script', { name: 'shell.php' }, 'active-type'],
    ['is an archive again', { name: 'inner.zip' }, 'nested'],
    ['is named in no encoding', { name: Buffer.from([0xff, 0xff, 0x80]) }, 'name-encoding'],
    ['says UTF-8 and is not', { name: gbk, flags: 0x0800 }, 'name-encoding'],
  ]
  test.each(cases)('HZ4-M13 an entry that %s', async (_, part, rule) => {
    const { faults } = await judged([{ name: 'index.html', content: 'x' }, part])
    expect(faults.map((fault) => fault.rule)).toEqual([rule])
    expect(faults[0]?.remedy.length).toBeGreaterThan(3)
    expect(ruleNames).toHaveProperty(rule)
  })
  test('HZ4-M13 names that differ only by case', async () => {
    const { faults } = await judged([{ name: 'A/Index.html' }, { name: 'a/index.HTML' }])
    expect(faults.map((fault) => fault.rule)).toEqual(['duplicate'])
    expect(faults[0]?.message).toContain('A/Index.html')
  })
  test('HZ4-M13 a bomb by ratio, by size, by total and by count', async () => {
    const zeros = Buffer.alloc(3 * 1024 * 1024)
    const bomb: Part = { name: 'zeros.txt', content: zeros, deflate: true }
    expect((await judged([bomb])).faults.map((f) => f.rule)).toEqual(['bomb'])
    const small = { ...usual, ratio: 1e9 }
    expect((await judged([bomb], { ...small, entryBytes: 1000 })).faults.map((f) => f.rule)).toEqual(['too-large'])
    expect((await judged([bomb], { ...small, totalBytes: 1000 })).faults.map((f) => f.rule)).toEqual(['too-large'])
    const many = [{ name: 'a' }, { name: 'b' }, { name: 'c' }]
    const zip = await openZip(written(zipOf(many)), 2)
    expect(zip.tooMany).toBe(true)
    zip.close()
  })
  test('HZ4-M13 a small file may shrink a lot: pages do', async () => {
    expect((await judged([{ name: 'a.html', content: 'x'.repeat(900_000), deflate: true }])).faults).toEqual([])
  })
  test('HZ4-M13 what systems add is left out and said so', async () => {
    const { listed, faults } = await judged([{ name: '__MACOSX/._a' }, { name: 'a/.DS_Store' }, { name: 'a.html' }])
    expect(listed.map(({ path }) => path)).toEqual(['a.html'])
    expect(faults.map(({ rule, weight }) => [rule, weight])).toEqual([
      ['left', 'warning'],
      ['left', 'warning'],
    ])
  })
  test('HZ4-M13 no path that passes leads out of the folder', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', ':', 'C') }), { maxLength: 4 }),
        (names) => {
          const entries = names.map((name) => ({
            ...{ utf8: true, size: 1, packed: 1, encrypted: false, method: 0, mode: 0 },
            name: new TextEncoder().encode(name),
          }))
          const { listed, faults } = judgeDirectory(entries, usual)
          if (faults.some(({ weight }) => weight === 'error')) return
          for (const { path } of listed) {
            expect(join('/base', path).startsWith('/base/')).toBe(true)
            expect(path.split('/')).not.toContain('..')
          }
        },
      ),
    )
  })
})

describe('HZ4-M13 archives that are read', () => {
  test('HZ4-M13 a name in GBK without the UTF-8 flag is read as it was meant', async () => {
    const { listed, faults } = await judged([{ name: gbk, content: 'x' }])
    expect(faults).toEqual([])
    expect(listed[0]?.path).toBe('课程/第一课.html')
    expect(nameOf(Buffer.from('中文.html'), false)).toBe('中文.html')
  })
  test('HZ4-M13 content comes out whole, stored or deflated', async () => {
    const text = '海珠'.repeat(5000)
    const zip = await openZip(
      written(
        zipOf([
          { name: 'a', content: text },
          { name: 'b', content: text, deflate: true },
        ]),
      ),
      10,
    )
    for (const index of [0, 1]) expect((await buffer(await zip.read(index))).toString()).toBe(text)
    zip.close()
  })
  test.each([
    ['check sum', { name: 'a', content: 'hello', saysCrc: 1 }],
    ['check sum of deflated bytes', { name: 'a', content: 'hello', saysCrc: 1, deflate: true }],
    ['size', { name: 'a', content: 'hello'.repeat(1000), deflate: true, saysSize: 10 }],
  ] as [string, Part][])('HZ4-M13 a wrong %s is found while reading', async (_, part) => {
    const zip = await openZip(written(zipOf([part])), 10)
    await expect(buffer(await zip.read(0))).rejects.toThrow(ZipError)
    zip.close()
  })
  test('HZ4-M13 what is no archive, and what was cut off, is told apart from one', async () => {
    await expect(openZip(written(Buffer.from('not a zip at all')), 10)).rejects.toMatchObject({ reason: 'not-zip' })
    const whole = zipOf([{ name: 'a', content: 'x'.repeat(500) }])
    await expect(openZip(written(whole.subarray(0, 300)), 10)).rejects.toMatchObject({ reason: 'not-zip' })
    const broken = Buffer.from(whole)
    broken.writeUInt32LE(whole.length - 60, whole.length - 6)
    await expect(openZip(written(broken), 10)).rejects.toMatchObject({ reason: 'damaged' })
  })
})
