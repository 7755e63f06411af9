import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { checkMedia, uploadWhole } from '#modules/library/media.commands.ts'
import { archivesOf } from '#modules/library/media.queries.ts'
import { replaceQuestion } from '#modules/library/question.commands.ts'
import { pictureFor, questionsOf } from '#modules/library/question.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { ctxFor, freshDb, systemActor, type TestDb } from '#platform/testing.ts'
import { draftCourse, testFiles } from '../../../tests/fixtures/library.ts'
import {
  cmi5Structure,
  manifest2004,
  type Part,
  qtiItem,
  sco12,
  scorm12Package,
  zipOf,
} from '../../../tests/fixtures/packages.ts'
import { faultOf, type Institution, institution } from '../../../tests/fixtures/training.ts'
import { addItem } from '../library/item.commands.ts'
import { confirmPackage, discardPackage, receivePackage } from './import.commands.ts'
import { launchablePackages, packagePage, packagesOfCourse } from './import.queries.ts'
import { checkPackage, unpackPackage } from './unpack.commands.ts'

let t: TestDb
let school: Institution
let other: Institution
let courseId: string
const files = testFiles()
const admin = (): Ctx => ({ ...ctxFor(t.db, school.admin), files })
const job = (with_ = files): Ctx => ({ ...ctxFor(t.db, systemActor), files: with_ })

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  school = await institution(t.db)
  other = await institution(t.db)
  courseId = await draftCourse(admin(), school.id)
})
afterAll(() => t.close())

/** As the jobs do it: the library looks at the file, a package is made of it, and the dry run looks into it. */
async function sent(bytes: Uint8Array, name = '课件.zip', with_ = files): Promise<string> {
  const { mediaId } = await uploadWhole(admin(), { organisationId: school.id, courseId, name, bytes })
  await checkMedia(job(), { mediaId })
  const { packageId } = await receivePackage(job(), { mediaId })
  await checkPackage(job(with_), packageId)
  return packageId
}
const page = (id: string) => packagePage(admin(), id)
const rules = async (id: string) => (await page(id)).faults.filter((f) => f.weight === 'error').map((f) => f.rule)
const scorm = (parts: Part[], manifest = manifest2004) =>
  zipOf([
    { name: 'imsmanifest.xml', content: manifest, deflate: true },
    { name: 'a.html', content: sco12('翻身') },
    { name: 'b.html', content: sco12('喂食') },
    ...parts,
  ])

describe('HZ4-M13 from an archive to a lesson', () => {
  test('HZ4-M13 a clean package: looked at, confirmed, unpacked, and an item of the course can show it', async () => {
    const id = await sent(scorm12Package())
    expect(await page(id)).toMatchObject({ state: 'checked', kind: 'scorm12', title: '消防安全', faults: [] })
    expect(await launchablePackages(t.db, courseId)).toEqual([])
    await confirmPackage(admin(), { packageId: id })
    await unpackPackage(job(), id)
    expect(await page(id)).toMatchObject({ state: 'ready', stepsDone: 3, stepsTotal: 3 })
    const { rows } = await sql<{ path: string; size: number; key: string }>`
      select path, size_bytes::int as size, storage_key as key from packages.files where package_id = ${id} order by path
    `.execute(t.db)
    expect(rows.map(({ path }) => path)).toEqual(['content/one.html', 'content/two.html', 'imsmanifest.xml'])
    expect((await files.storage.open(rows[0]?.key as string))?.size).toBe(rows[0]?.size)
    const item = { courseId, chapter: 2, chapterTitle: '消防', plannedMinutes: 10, title: '灭火器' }
    const { itemId } = await addItem(admin(), { ...item, kind: 'package', packageId: id, body: { note: '' } })
    expect(itemId).toMatch(/^[0-9a-f-]{36}$/)
    expect((await packagesOfCourse(t.db, courseId)).find((row) => row.id === id)?.used).toBe(1)
  })
  test('HZ4-M13 a course structure of cmi5 comes without an archive too (14.2), and any other document is refused', async () => {
    const structure = cmi5Structure
      .replaceAll('wash.html?x=1', 'https://p.example/wash.html')
      .replaceAll('store.html', 'https://p.example/store.html')
    const id = await sent(Buffer.from(structure), 'cmi5.xml')
    expect(await page(id)).toMatchObject({ state: 'checked', kind: 'cmi5', title: '食品安全', faults: [] })
    await confirmPackage(admin(), { packageId: id })
    await unpackPackage(job(), id)
    expect(await page(id)).toMatchObject({ state: 'ready' })
    const bytes = Buffer.from('<?xml version="1.0"?><manifest/>')
    const { mediaId } = await uploadWhole(admin(), { organisationId: school.id, courseId, name: 'x.xml', bytes })
    await checkMedia(job(), { mediaId })
    expect(await faultOf(receivePackage(job(), { mediaId }))).toBe('missing')
  })
  test('HZ4-M13 a folder around everything is looked through, names in GBK are read', async () => {
    const gbk = Buffer.concat([Buffer.from('x/'), Buffer.from('bfceb3cc', 'hex'), Buffer.from('.txt')])
    const id = await sent(
      zipOf([
        { name: 'x/imsmanifest.xml', content: manifest2004 },
        { name: 'x/a.html', content: sco12('翻身') },
        { name: 'x/b.html', content: sco12('喂食') },
        { name: gbk, content: '课程' },
      ]),
    )
    await confirmPackage(admin(), { packageId: id })
    await unpackPackage(job(), id)
    const { rows } = await sql<{ path: string }>`
      select path from packages.files where package_id = ${id} order by path`.execute(t.db)
    expect(rows.map(({ path }) => path)).toEqual(['a.html', 'b.html', 'imsmanifest.xml', '课程.txt'])
  })
  test('HZ4-M13 unpacking that was cut off goes on where it stopped and keeps each file once', async () => {
    const id = await sent(scorm([]))
    await confirmPackage(admin(), { packageId: id })
    let puts = 0
    const storage: typeof files.storage = {
      ...files.storage,
      put: async (key, stream) => {
        if (++puts === 2) throw new Error('the machine is gone')
        return files.storage.put(key, stream)
      },
    }
    await expect(unpackPackage(job({ ...files, storage }), id)).rejects.toThrow('the machine is gone')
    expect((await page(id)).state).toBe('importing')
    await Promise.all([unpackPackage(job(), id), unpackPackage(job(), id)])
    expect((await page(id)).state).toBe('ready')
    const { rows } = await sql`select from packages.files where package_id = ${id}`.execute(t.db)
    expect(rows).toHaveLength(3)
  })
  test('HZ4-M13 what is in use never changes, and nothing is confirmed twice', async () => {
    const id = await sent(scorm([]))
    await confirmPackage(admin(), { packageId: id })
    expect(await faultOf(confirmPackage(admin(), { packageId: id }))).toBe('package-state')
    await unpackPackage(job(), id)
    expect(await faultOf(discardPackage(admin(), { packageId: id }))).toBe('package-state')
    await expect(sql`update packages.packages set title = 'x' where id = ${id}`.execute(t.db)).rejects.toThrow(
      'never changes',
    )
  })
  test('HZ4-M13 somebody else finds no package, and brings none into a course that is not theirs', async () => {
    const id = await sent(scorm([]))
    const stranger: Ctx = { ...ctxFor(t.db, other.admin), files }
    expect(await faultOf(packagePage(stranger, id))).toBe('missing')
    expect(await faultOf(confirmPackage(stranger, { packageId: id }))).toBe('missing')
    expect(await faultOf(discardPackage(stranger, { packageId: id }))).toBe('missing')
    const upload = { courseId, name: 'a.zip', bytes: scorm([]) }
    expect(await faultOf(uploadWhole(stranger, { organisationId: other.id, ...upload }))).toBe('missing')
    const theirs = await draftCourse(stranger, other.id)
    const item = { courseId: theirs, chapter: 1, chapterTitle: '一', plannedMinutes: 1, title: '偷来的' }
    expect(await faultOf(addItem(stranger, { ...item, kind: 'package', packageId: id, body: {} }))).toBe(
      'package-not-yours',
    )
  })
})

describe('HZ4-M13 hostile and broken archives are refused with the file, the reason and the remedy', () => {
  const cases: [string, () => Uint8Array, string][] = [
    ['climbs out', () => scorm([{ name: '../../evil.sh', content: 'x' }]), 'traversal'],
    ['stands at the root', () => scorm([{ name: '/etc/passwd', content: 'x' }]), 'absolute'],
    ['is a link', () => scorm([{ name: 'link', content: '/etc/passwd', mode: 0o120777 }]), 'link'],
    ['is encrypted', () => scorm([{ name: 'x.html', content: 'x', flags: 0x0801, deflate: true }]), 'encrypted'],
    ['stands twice', () => scorm([{ name: 'A.html', content: 'x' }]), 'duplicate'],
    [
      'has a name that nobody can read',
      () => scorm([{ name: Buffer.from([0xff, 0xff, 0x2e]), content: 'x' }]),
      'name-encoding',
    ],
    ['is a program by its name', () => scorm([{ name: 'setup.exe', content: 'x' }]), 'active-type'],
    ['is a program by its first bytes', () => scorm([{ name: 'photo.png', content: 'MZ\x90\x00' }]), 'active-type'],
    ['is an archive', () => scorm([{ name: 'more.zip', content: 'x' }]), 'nested'],
    [
      'lies about its size',
      () => scorm([{ name: 'x.txt', content: 'a'.repeat(500), deflate: true, saysSize: 5 }]),
      'damaged',
    ],
    ['lies about its check sum', () => scorm([{ name: 'x.txt', content: 'abc', saysCrc: 1 }]), 'damaged'],
    ['is a bomb', () => scorm([{ name: 'x.bin', content: Buffer.alloc(3 * 1024 ** 2), deflate: true }]), 'bomb'],
    [
      'has entities of its own',
      () => scorm([], '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><manifest>&x;</manifest>'),
      'xml',
    ],
    [
      'is in another encoding than it says',
      () => zipOf([{ name: 'imsmanifest.xml', content: Buffer.from([0x3c, 0x6d, 0xb0, 0xa1, 0x2f, 0x3e]) }]),
      'xml',
    ],
    [
      'lacks its launch file',
      () =>
        zipOf([
          { name: 'imsmanifest.xml', content: manifest2004 },
          { name: 'a.html', content: 'x' },
        ]),
      'missing-file',
    ],
    [
      'has its manifest in a folder beside others',
      () =>
        zipOf([
          { name: 'c/imsmanifest.xml', content: manifest2004 },
          { name: 'readme.txt', content: 'x' },
        ]),
      'manifest',
    ],
    ['is nothing that we know', () => zipOf([{ name: 'readme.txt', content: 'x' }]), 'manifest'],
    ['is empty', () => zipOf([]), 'empty'],
  ]
  test.each(cases)('HZ4-M13 an archive of which one file %s', async (_, bytes, rule) => {
    const id = await sent(bytes())
    const row = await page(id)
    expect(row.state).toBe('refused')
    expect(await rules(id)).toContain(rule)
    for (const fault of row.faults) expect([fault.message, fault.remedy].every((text) => text.length > 3)).toBe(true)
    expect(await faultOf(confirmPackage(admin(), { packageId: id }))).toBe('package-faulty')
    const { rows } = await sql`select from packages.files where package_id = ${id}`.execute(t.db)
    expect(rows).toEqual([])
  })
  test('HZ4-M13 limits are the installation’s own', async () => {
    const archive = { ...files.archive, entries: 3 }
    expect(await rules(await sent(scorm([]), 'a.zip', { ...files, archive }))).toEqual([])
    const four = scorm([{ name: 'c.txt', content: 'x' }])
    expect(await rules(await sent(four, 'a.zip', { ...files, archive }))).toEqual(['too-many'])
    const small = { ...files, archive: { ...files.archive, totalBytes: 100 } }
    expect(await rules(await sent(scorm([]), 'a.zip', small))).toContain('too-large')
  })
  test('HZ4-M13 what is no ZIP never becomes a package, and the page says why', async () => {
    const bytes = Buffer.from('Rar!\x1a\x07\x00 not a zip at all')
    const { mediaId } = await uploadWhole(admin(), { organisationId: school.id, courseId, name: '课.zip', bytes })
    await checkMedia(job(), { mediaId })
    expect(await faultOf(receivePackage(job(), { mediaId }))).toBe('missing')
    expect((await archivesOf(t.db, courseId)).find(({ id }) => id === mediaId)?.fault).toContain('不是 ZIP')
  })
  test('HZ4-M13 a refused package can be put away', async () => {
    const id = await sent(zipOf([]))
    await discardPackage(admin(), { packageId: id })
    expect((await page(id)).state).toBe('discarded')
  })
})

describe('HZ4-M13 questions go to the bank', () => {
  const single = qtiItem(
    'q1',
    '<responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>B</value></correctResponse></responseDeclaration>',
    '<choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>砧板怎样用？</prompt><simpleChoice identifier="A">混用</simpleChoice><simpleChoice identifier="B">生熟分开</simpleChoice></choiceInteraction>',
  )
  const order = (n: number) =>
    qtiItem(
      `order${n}`,
      `<responseDeclaration identifier="R" cardinality="ordered" baseType="identifier"><correctResponse>${Array.from({ length: n }, (_, i) => `<value>o${i}</value>`).join('')}</correctResponse></responseDeclaration>`,
      `<orderInteraction responseIdentifier="R"><prompt>排一排</prompt>${Array.from({ length: n }, (_, i) => `<simpleChoice identifier="o${i}">第${i}步</simpleChoice>`).join('')}</orderInteraction>`,
    )
  const long = qtiItem(
    'long',
    '<responseDeclaration identifier="R" cardinality="single" baseType="string"><correctResponse><value>勺|匙</value></correctResponse></responseDeclaration>',
    '<p>用什么？</p><p><textEntryInteraction responseIdentifier="R"/></p>',
  )
  const manifest = `<manifest identifier="bank" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><organizations/><resources>
    <resource identifier="r1" type="imsqti_item_xmlv2p1" href="q1.xml"><file href="q1.xml"/></resource></resources></manifest>`
  test('HZ4-M13 what fits is added once; what does not is named one by one and nothing is dropped in silence', async () => {
    const parts: Part[] = [
      { name: 'imsmanifest.xml', content: manifest },
      { name: 'q1.xml', content: single },
      { name: 'order3.xml', content: order(3) },
      { name: 'order5.xml', content: order(5) },
      { name: 'long.xml', content: long },
      {
        name: 'test.xml',
        content: '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t"/>',
      },
      { name: 'photo.png', content: 'x' },
    ]
    const id = await sent(zipOf(parts), '试题.zip')
    const row = await page(id)
    expect(row).toMatchObject({ state: 'checked', kind: 'qti' })
    expect(row.found?.questions.map(({ key }) => key)).toEqual(['q1', 'order3'])
    const named = new Set(row.faults.map(({ file }) => file))
    expect([...named].toSorted()).toEqual(['long.xml', 'order5.xml', 'photo.png', 'test.xml'])
    expect(await faultOf(confirmPackage(admin(), { packageId: id }))).toBe('invalid')
    await confirmPackage(admin(), { packageId: id, pool: '第二章' })
    await unpackPackage(job(), id)
    const pool = (await questionsOf(t.db, courseId)).filter((one) => one.pool === '第二章')
    expect(pool.map(({ prompt, options, answer }) => [prompt, options.length, answer])).toEqual(
      expect.arrayContaining([
        ['砧板怎样用？', 2, 1],
        ['排一排', 6, 0],
      ]),
    )
    const again = await sent(zipOf(parts), '试题.zip')
    await confirmPackage(admin(), { packageId: again, pool: '第二章' })
    await unpackPackage(job(), again)
    expect((await page(again)).questionsAdded).toBe(0)
    expect((await questionsOf(t.db, courseId)).filter((one) => one.pool === '第二章')).toHaveLength(2)
  })
  test('HZ4-M13 pictures come with their questions: seen by those who make or review the course, and by whoever is asked', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
    const item = (key: string, alt: string) =>
      qtiItem(
        key,
        '<responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration>',
        `<p>看图</p><img src="../img/a.png" ${alt}/><choiceInteraction responseIdentifier="R"><simpleChoice identifier="A">熟</simpleChoice><simpleChoice identifier="B">生</simpleChoice></choiceInteraction>`,
      )
    const parts: Part[] = [
      { name: 'items/good.xml', content: item('good', 'alt="两块砧板，左红右绿"') },
      { name: 'items/mute.xml', content: item('mute', '') },
      { name: 'img/a.png', content: png },
      { name: 'img/unused.png', content: png },
    ]
    const bring = async () => {
      const id = await sent(zipOf(parts), '看图.zip')
      await confirmPackage(admin(), { packageId: id, pool: '看图' })
      await unpackPackage(job(), id)
      return page(id)
    }
    const row = await bring()
    expect(row.faults.map(({ file, rule }) => [file, rule])).toEqual([
      ['items/mute.xml', 'picture'],
      ['img/unused.png', 'left'],
    ])
    const asked = async () => (await questionsOf(t.db, courseId)).filter(({ pool }) => pool === '看图')
    const [question] = await asked()
    expect(question?.pictures).toMatchObject([{ alt: '两块砧板，左红右绿' }])
    const id = question?.pictures[0]?.id as string
    const { rows } = await sql<{ path: string }>`select path from packages.files where package_id = ${row.id}`.execute(
      t.db,
    )
    expect(rows).toEqual([{ path: 'img/a.png' }])
    const found = await pictureFor(admin(), id)
    expect([found.mediaType, (await files.storage.open(found.storageKey))?.size]).toEqual(['image/png', png.length])
    expect(await faultOf(pictureFor(ctxFor(t.db, other.admin), id))).toBe('missing')
    // sent again it is there once; changed it keeps its picture
    expect((await bring()).questionsAdded).toBe(0)
    await replaceQuestion(admin(), {
      ...{ questionId: question?.id, pool: '看图', kind: 'single', prompt: '看图，哪块切熟食？' },
      ...{ options: ['红', '绿'], answer: 'A', points: 1, explanation: '' },
    })
    expect((await asked()).map(({ prompt, pictures }) => [prompt, pictures.map(({ alt }) => alt)])).toEqual([
      ['看图，哪块切熟食？', ['两块砧板，左红右绿']],
    ])
  })
  test('HZ4-M13 a package with no question that fits is refused and says so for each', async () => {
    const id = await sent(zipOf([{ name: 'order5.xml', content: order(5) }]))
    expect(await rules(id)).toEqual(['empty'])
    expect((await page(id)).faults.map(({ file }) => file)).toContain('order5.xml')
  })
})

describe('HZ4-M13 a folder of videos', () => {
  test('HZ4-M13 becomes units in the order people number their files', async () => {
    const id = await sent(
      zipOf(['10 收尾.mp4', '2 刀工.mp4', '说明.docx'].map((name) => ({ name: `课/${name}`, content: 'x' }))),
    )
    const row = await page(id)
    expect(row).toMatchObject({ state: 'checked', kind: 'videos' })
    expect(row.found?.units.map(({ title }) => title)).toEqual(['2 刀工', '10 收尾'])
    expect(row.faults).toEqual([expect.objectContaining({ rule: 'left', weight: 'warning' })])
  })
})
