import {
  BlobReader,
  type FileEntry,
  TextReader,
  TextWriter,
  Uint8ArrayWriter,
  ZipReader,
  ZipWriter,
} from '@zip.js/zip.js'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createCourse } from '#modules/library/course.commands.ts'
import { courseWork } from '#modules/library/course.queries.ts'
import { addItem } from '#modules/library/item.commands.ts'
import { beginUpload, checkMedia, finishUpload } from '#modules/library/media.commands.ts'
import { addQuestion } from '#modules/library/question.commands.ts'
import { questionsOf } from '#modules/library/question.queries.ts'
import { ctxFor, freshDb, systemActor, type TestDb, user } from '#platform/testing.ts'
import { uploadPath } from '#platform/uploads.ts'
import { parseXml } from '#shared/xml.ts'
import { cartridgeFaults } from '../../../tests/fixtures/cartridge.ts'
import { testFiles, wav } from '../../../tests/fixtures/library.ts'
import { faultOf, member } from '../../../tests/fixtures/training.ts'
import { organisationIn } from '../../../tests/fixtures/xapi.ts'
import { importCartridge } from './cartridge.commands.ts'
import { cartridgeOf, cartridgeStream } from './cartridge.queries.ts'
import { addLink } from './link.commands.ts'
import { approveTool, proposeTool } from './tool.commands.ts'

let t: TestDb
let organisationId: string
const files = testFiles()
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  organisationId = await organisationIn(t.db)
})
afterAll(() => t.close())

const as = (of = organisationId) => ({ ...ctxFor(t.db, member('陈管理', 'provider-admin', of)), files })
const guard = user('安全丙', [{ role: 'security-admin' }])
const tool = async (of = organisationId) => {
  const { id } = await proposeTool(as(of), {
    ...{
      organisationId: of,
      name: '焊接仿真',
      purpose: '焊工课程的实训',
      loginUrl: 'https://tool.example.com/login',
      targetUrl: 'https://tool.example.com/start',
    },
    ...{ redirectUris: 'https://tool.example.com/launch', jwksUrl: 'https://tool.example.com/jwks', scopes: ['score'] },
  })
  await approveTool(ctxFor(t.db, guard), { id })
  return id
}
const markdown = '# 生熟分开\n\n- 案板 <两块> & "刀"\n\n详见 [规范](https://example.org/a?b=1&c=2)'
const questions = [
  {
    pool: '第一章',
    kind: 'single',
    prompt: '先切哪样？<b>',
    options: ['生的', '熟的 & 凉的'],
    answer: 'B',
    points: 2,
    explanation: '熟的先切',
  },
  { pool: '第一章', kind: 'multiple', prompt: '哪些要分开', options: ['刀', '板', '布'], answer: 'AC', points: 3 },
  { pool: '第一章', kind: 'true-false', prompt: '生熟要分开', answer: '对', points: 1 },
  { pool: '第二章', kind: 'true-false', prompt: '可以混放', answer: '错', points: 1 },
  { pool: '第二章', kind: 'text', prompt: '量米用什么', answer: '量杯|杯子', points: 2 },
  { pool: '第二章', kind: 'number', prompt: '几度', answer: '100±5', points: 2 },
]

/** A course with one of everything that a cartridge can hold. */
async function whole(): Promise<string> {
  const ctx = as()
  const { courseId } = await createCourse(ctx, {
    organisationId,
    title: '粤菜师傅 & 基本功',
    summary: '从刀工到火候。',
  })
  const bytes = wav(1)
  const { mediaId } = await beginUpload(ctx, { organisationId, name: '声音.wav', sizeBytes: bytes.byteLength })
  const { mkdir, writeFile } = await import('node:fs/promises')
  await mkdir(files.uploadFolder, { recursive: true })
  await writeFile(uploadPath(files, mediaId), bytes)
  await finishUpload(ctx, { mediaId })
  await checkMedia({ ...ctxFor(t.db, systemActor), files }, { mediaId })
  for (const one of questions) await addQuestion(ctx, { courseId, ...one })
  const one = { courseId, chapter: 1, chapterTitle: '刀工', required: true }
  const two = { courseId, chapter: 2, chapterTitle: '火候', required: true }
  await addItem(ctx, { ...one, kind: 'text', title: '规矩', plannedMinutes: 10, body: { text: markdown } })
  await addItem(ctx, { ...one, kind: 'audio', title: '听一听', mediaId, body: {} })
  await addItem(ctx, {
    ...two,
    kind: 'assignment',
    title: '切丝',
    plannedMinutes: 30,
    body: { task: '切一盘 <丝>', accepts: 'file' },
  })
  await addItem(ctx, {
    ...two,
    kind: 'exam',
    title: '小考',
    plannedMinutes: 5,
    body: { pools: [{ pool: '第一章', count: 2 }], minutes: 20, passMark: 60, resits: 1 },
  })
  await addLink(ctx, {
    ...two,
    toolId: await tool(),
    title: '仿真',
    url: 'https://tool.example.com/start?task=1',
    custom: 'task=平焊',
    passMark: 60,
  })
  return courseId
}

async function bytesOf(courseId: string): Promise<Uint8Array> {
  const ctx = as()
  return new Uint8Array(await new Response(cartridgeStream(ctx, await cartridgeOf(ctx, courseId))).arrayBuffer())
}
async function entriesOf(bytes: Uint8Array): Promise<Map<string, string>> {
  const zip = new ZipReader(new BlobReader(new Blob([bytes as Uint8Array<ArrayBuffer>])), { useWebWorkers: false })
  const all = (await zip.getEntries()).filter((entry): entry is FileEntry => !entry.directory)
  return new Map(
    await Promise.all(
      all.map(
        async (entry) => [entry.filename, await entry.getData(new TextWriter(), { useWebWorkers: false })] as const,
      ),
    ),
  )
}

describe('HZ4-M13 Common Cartridge 1.3', () => {
  test('HZ4-M13 every file that the manifest names is there, every XML is well formed, every resource that an item names exists', async () => {
    const entries = await entriesOf(await bytesOf(await whole()))
    for (const [path, text] of entries) if (path.endsWith('.xml')) expect(() => parseXml(text)).not.toThrow()
    const manifest = entries.get('imsmanifest.xml') ?? ''
    expect(manifest).toContain('<schemaversion>1.3.0</schemaversion>')
    for (const [, path = ''] of manifest.matchAll(/<file href="([^"]*)"/g))
      expect([path, entries.has(path)]).toEqual([path, true])
    const ids = new Set([...manifest.matchAll(/<resource identifier="([^"]*)"/g)].map(([, id]) => id))
    const refs = [...manifest.matchAll(/identifierref="([^"]*)"/g)].map(([, id]) => id)
    expect(refs.length).toBe(5)
    for (const ref of refs) expect(ids).toContain(ref)
    const types = [...manifest.matchAll(/ type="([^"]*)"/g)].map(([, type]) => type).toSorted()
    expect(types).toEqual([
      'assignment_xmlv1p0',
      'imsbasiclti_xmlv1p3',
      'imsqti_xmlv1p2/imscc_xmlv1p3/assessment',
      'imsqti_xmlv1p2/imscc_xmlv1p3/question-bank',
      'webcontent',
      'webcontent',
    ])
    expect(entries.get('lti/t0001.xml')).toContain(
      '<blti:secure_launch_url>https://tool.example.com/start?task=1</blti:secure_launch_url>',
    )
  })

  test('HZ4-M13 it is built as the profile demands: namespaces, metadata, tree, types, identifiers, every file named and there', async () => {
    const entries = await entriesOf(await bytesOf(await whole()))
    expect(cartridgeFaults(entries)).toEqual([])
    const { courseId } = await createCourse(as(), { organisationId, title: '空课程', summary: '' })
    expect(cartridgeFaults(await entriesOf(await bytesOf(courseId)))).toEqual([])
    // what is checked is found when it is broken
    const manifest = entries.get('imsmanifest.xml') ?? ''
    const broken = (change: (text: string) => string) =>
      cartridgeFaults(new Map([...entries, ['imsmanifest.xml', change(manifest)]])).join()
    expect(broken((text) => text.replace('1.3.0', '1.2.0'))).toContain('version')
    expect(broken((text) => text.replace('href="lti/', 'href="gone/'))).toContain('not in the archive')
    expect(broken((text) => text.replace('identifier="i0001"', 'identifier="i0003"'))).toContain('comes twice')
    expect(broken((text) => text.replace('type="webcontent"', 'type="web"'))).toContain('no type of 1.3')
    expect(broken((text) => text.replace(/identifierref="[^"]*"/, 'identifierref="bank"'))).toContain(
      'names the question bank',
    )
    expect(broken((text) => text.replace('<title>规矩</title>', ''))).toContain('has no title first')
    expect(broken((text) => text.replace(/<lomimscc:title>.*?<\/lomimscc:title>/, ''))).toContain(
      'no title in a language',
    )
  })

  test('HZ4-M13 read back it is the course: chapters, texts, the very file, questions, exam, assignment, the tool', async () => {
    const from = await whole()
    const made = await importCartridge(as(), { organisationId, bytes: await bytesOf(from) })
    expect(made).toMatchObject({ items: 5, questions: 6, left: [] })
    const work = await courseWork(as(), made.courseId)
    expect([work.title, work.summary, work.state]).toEqual(['粤菜师傅 & 基本功', '从刀工到火候。', 'draft'])
    expect(work.items.map(({ chapter, chapterTitle, kind, title }) => [chapter, chapterTitle, kind, title])).toEqual([
      [1, '刀工', 'text', '规矩'],
      [1, '刀工', 'audio', '听一听'],
      [2, '火候', 'assignment', '切丝'],
      [2, '火候', 'exam', '小考'],
      [2, '火候', 'lti', '仿真'],
    ])
    expect(work.items[0]?.body.text).toBe(markdown)
    expect(work.items[2]?.body.task).toBe('切一盘 <丝>')
    expect(work.items[3]?.body).toMatchObject({ pools: [{ pool: '第一章', count: 3 }], minutes: 20, resits: 1 })
    const kept = (await questionsOf(t.db, made.courseId)).map(({ pool, kind, prompt, options, answer, points }) => ({
      pool,
      kind,
      prompt,
      options,
      answer,
      points: Number(points),
    }))
    const before = (await questionsOf(t.db, from)).map(({ pool, kind, prompt, options, answer, points }) => ({
      pool,
      kind,
      prompt,
      options,
      answer,
      points: Number(points),
    }))
    const byPrompt = <T extends { prompt: string }>(all: T[]) =>
      all.toSorted((a, b) => a.prompt.localeCompare(b.prompt))
    // a number with a tolerance has no place in the profile: it comes back as a word, and the tolerance as explanation
    const expected = before.map((one) => (one.kind === 'number' ? { ...one, kind: 'text', answer: ['100'] } : one))
    expect(byPrompt(kept)).toEqual(byPrompt(expected))
    const { rows } = await t.owner.query(
      'select count(distinct sha256)::int as n, count(*)::int as all from library.media where sha256 is not null',
    )
    expect(rows[0].n).toBe(1)
  })

  test('HZ4-M13 C25 of another organisation nobody exports, and a tool that is not registered there is named and left out', async () => {
    const from = await whole()
    const elsewhere = await organisationIn(t.db)
    expect(await faultOf(cartridgeOf(as(elsewhere), from))).toBe('missing')
    const made = await importCartridge(as(elsewhere), { organisationId: elsewhere, bytes: await bytesOf(from) })
    expect(made.left).toEqual(['“仿真”：外部工具 https://tool.example.com/start?task=1 没有在本平台登记，或已停用'])
    expect(await faultOf(importCartridge(as(elsewhere), { organisationId, bytes: await bytesOf(from) }))).toBe(
      'missing',
    )
  })
})

async function zipOf(parts: Record<string, string>): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false })
  for (const [path, text] of Object.entries(parts)) await zip.add(path, new TextReader(text))
  return zip.close()
}
const manifestOf = (items: string, resources: string, schema = 'IMS Common Cartridge') => `<?xml version="1.0"?>
<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"><metadata><schema>${schema}</schema><schemaversion>1.1.0</schemaversion></metadata>
<organizations><organization structure="rooted-hierarchy"><item identifier="r">${items}</item></organization></organizations><resources>${resources}</resources></manifest>`

describe('HZ4-M13 cartridges of other platforms', () => {
  test('HZ4-M13 pages, web links, deeper folders and loose pieces come in; what has no place is named', async () => {
    const bytes = await zipOf({
      'imsmanifest.xml': manifestOf(
        `<item identifier="a"><title>Week 1</title><item identifierref="p"><title>Page</title></item><item identifier="d"><title>Deeper</title><item identifierref="w"><title>Link</title></item></item></item>
         <item identifierref="x"><title>Talk</title></item><item identifierref="gone"><title>Gone</title></item>`,
        `<resource identifier="p" type="webcontent" href="a%20b.html"><file href="a%20b.html"/></resource>
         <resource identifier="w" type="imswl_xmlv1p1"><file href="w.xml"/></resource><resource identifier="x" type="imsdt_xmlv1p1"><file href="x.xml"/></resource>`,
      ),
      'a b.html':
        '<html><head><script>bad()</script></head><body><h2>Hello</h2><p>One &amp; <b>two</b> <a href="https://e.org/">there</a></p><ul><li>x</li></ul></body></html>',
      'w.xml':
        '<webLink xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"><title>Site</title><url href="https://e.org/x"/></webLink>',
      'x.xml': '<topic xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imsdt_v1p1"><title>Talk</title></topic>',
    })
    const made = await importCartridge(as(), { organisationId, bytes })
    const { items } = await courseWork(as(), made.courseId)
    expect(items.map(({ chapter, chapterTitle, title, body }) => [chapter, chapterTitle, title, body.text])).toEqual([
      [1, 'Week 1', 'Page', '## Hello\n\nOne & **two** [there](https://e.org/)\n\n- x'],
      [1, 'Week 1', 'Link', '[Site](https://e.org/x)'],
    ])
    expect(made.left).toEqual(['“Gone”：文件里没有它的内容', '“Talk”：类型“imsdt”本平台没有对应的内容'])
  })
  test('HZ4-M13 refused: no archive, no manifest, another format, broken XML, entities of its own', async () => {
    const bad = [
      new TextEncoder().encode('not a zip'),
      await zipOf({ 'x.txt': 'x' }),
      await zipOf({ 'imsmanifest.xml': manifestOf('', '', 'ADL SCORM') }),
      await zipOf({ 'imsmanifest.xml': '<manifest>' }),
      await zipOf({
        'imsmanifest.xml': `<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><manifest>&x;</manifest>`,
      }),
    ]
    for (const bytes of bad)
      expect(await faultOf(importCartridge(as(), { organisationId, bytes }))).toBe('archive-wrong')
  })
})
