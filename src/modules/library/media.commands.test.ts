import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Actor } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { ctxFor, freshDb, systemActor, type TestDb } from '#platform/testing.ts'
import { filesOf } from '#platform/uploads.ts'
import { uploadServer } from '#web/http/uploads.ts'
import { draftCourse, mp3, testFiles, wav } from '../../../tests/fixtures/library.ts'
import { faultOf, type Institution, institution } from '../../../tests/fixtures/training.ts'
import { courseWork } from './course.queries.ts'
import { addItem } from './item.commands.ts'
import { addCaptions, beginUpload, checkMedia, dropMedia, leaseUpload, uploadWhole } from './media.commands.ts'
import { captionsOf, media, playable } from './media.queries.ts'
import { questionsOf } from './question.queries.ts'
import { importArchive } from './transfer.commands.ts'
import { courseArchive, courseFile } from './transfer.queries.ts'

let t: TestDb
let school: Institution
let other: Institution
const files = testFiles()
const as = (actor: Actor, with_ = files): Ctx => ({ ...ctxFor(t.db, actor), files: with_ })
const admin = () => as(school.admin)
const job = (with_ = files) => as(systemActor, with_)
const row = (id: string) => media(t.db).where('m.id', '=', id).executeTakeFirstOrThrow()

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  school = await institution(t.db)
  other = await institution(t.db)
})
afterAll(() => t.close())

async function kept(name: string, bytes: Uint8Array, with_ = files): Promise<string> {
  const { mediaId } = await uploadWhole(as(school.admin, with_), { organisationId: school.id, name, bytes })
  await checkMedia(job(with_), { mediaId })
  return mediaId
}

describe('HZ4-M13 what a file is', () => {
  test('HZ4-M13 told by its first bytes and its container, whatever it is called', async () => {
    expect(await row(await kept('讲解.exe', wav(3.5)))).toMatchObject({
      state: 'ready',
      mediaType: 'audio/wav',
      durationSeconds: 3.5,
      malwareCheck: 'not-configured',
    })
    const sound = await row(await kept('录音.mp3', mp3(100)))
    expect(sound).toMatchObject({ state: 'ready', mediaType: 'audio/mpeg' })
    expect(Number(sound.durationSeconds)).toBeCloseTo(2.61, 1)
    const pdf = new TextEncoder().encode('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF')
    expect(await row(await kept('讲义.mp4', pdf))).toMatchObject({
      state: 'ready',
      mediaType: 'application/pdf',
      durationSeconds: null,
    })
  })
  test('HZ4-M13 refused with the reason: a program, a page, a sound without length', async () => {
    const exe = Buffer.concat([Buffer.from('MZ'), randomBytes(600)])
    expect(await row(await kept('课.mp4', exe))).toMatchObject({
      state: 'refused',
      storageKey: null,
      fault: expect.stringContaining('不能使用这种文件'),
    })
    expect(await row(await kept('课.pdf', new TextEncoder().encode('<html><script>1</script>')))).toMatchObject({
      state: 'refused',
    })
    expect(await row(await kept('空.wav', wav(0)))).toMatchObject({
      state: 'refused',
      fault: expect.stringContaining('时长'),
    })
    expect(readdirSync(files.uploadFolder)).toEqual([])
  })
  test('HZ4-M13 checked twice at once: kept once', async () => {
    const { mediaId } = await uploadWhole(admin(), { organisationId: school.id, name: '课.wav', bytes: wav(2) })
    await Promise.allSettled([checkMedia(job(), { mediaId }), checkMedia(job(), { mediaId })])
    const found = await row(mediaId)
    expect(found.state).toBe('ready')
    expect((await filesOf(job()).storage.open(found.storageKey ?? ''))?.size).toBe(wav(2).length)
  })
})

describe('HZ4-M13 malware', () => {
  let clamd: Server
  let seen = 0
  let answer = 'stream: OK\0'
  beforeAll(async () => {
    clamd = createServer((socket) => {
      const got: Buffer[] = []
      socket.on('data', (data) => {
        got.push(data)
        const all = Buffer.concat(got)
        if (!all.subarray(-4).equals(Buffer.alloc(4))) return
        seen = all.length
        socket.end(answer)
      })
    })
    await new Promise<void>((go) => clamd.listen(0, '127.0.0.1', go))
  })
  afterAll(() => clamd.close())
  const scanned = () => ({ ...files, clamd: { host: '127.0.0.1', port: (clamd.address() as AddressInfo).port } })

  test('HZ4-M13 clean is said only by clamd; infected is never kept; no answer is no pass', async () => {
    const bytes = wav(1)
    expect(await row(await kept('净.wav', bytes, scanned()))).toMatchObject({ state: 'ready', malwareCheck: 'clean' })
    expect(seen).toBe('zINSTREAM\0'.length + 4 + bytes.length + 4)
    answer = 'stream: Eicar-Test FOUND\0'
    expect(await row(await kept('毒.wav', bytes, scanned()))).toMatchObject({
      state: 'refused',
      malwareCheck: 'infected',
      storageKey: null,
      fault: expect.stringContaining('病毒'),
    })
    answer = ''
    const { mediaId } = await uploadWhole(as(school.admin, scanned()), {
      organisationId: school.id,
      name: '无.wav',
      bytes,
    })
    await expect(checkMedia(job(scanned()), { mediaId })).rejects.toThrow('did not answer')
    expect(await row(mediaId)).toMatchObject({ state: 'checking' })
  })
})

describe('HZ4-M13 uploads in pieces', () => {
  const server = (actor: () => Actor, with_ = files) => uploadServer(with_, async () => as(actor(), with_))
  const url = 'http://site/library/uploads'
  const tus = { 'tus-resumable': '1.0.0' }
  const b64 = (text: string) => Buffer.from(text).toString('base64')
  const create = (size: number, organisation = school.id) =>
    new Request(url, {
      method: 'POST',
      headers: {
        ...tus,
        'upload-length': String(size),
        'upload-metadata': `organisation ${b64(organisation)},filename ${b64('长课.wav')}`,
      },
    })
  const patch = (id: string, offset: number, bytes: Uint8Array) =>
    new Request(`${url}/${id}`, {
      method: 'PATCH',
      headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body: Buffer.from(bytes),
    })
  const head = (id: string) => new Request(`${url}/${id}`, { method: 'HEAD', headers: tus })
  const idOf = (answer: Response) => answer.headers.get('location')?.split('/').at(-1) ?? ''

  test('HZ4-M13 goes on where it stopped, after the server was started anew; nothing acknowledged is lost', async () => {
    const bytes = wav(60)
    const made = await server(() => school.admin)(create(bytes.length))
    expect(made.status).toBe(201)
    const id = idOf(made)
    expect(
      (await server(() => school.admin)(patch(id, 0, bytes.subarray(0, 200_000)))).headers.get('upload-offset'),
    ).toBe('200000')
    const restarted = server(() => school.admin)
    expect((await restarted(head(id))).headers.get('upload-offset')).toBe('200000')
    expect((await restarted(patch(id, 100_000, bytes.subarray(100_000)))).status).toBe(409)
    expect((await restarted(patch(id, 200_000, bytes.subarray(200_000)))).status).toBe(204)
    expect(await row(id)).toMatchObject({ state: 'checking' })
    await checkMedia(job(), { mediaId: id })
    expect(await row(id)).toMatchObject({ state: 'ready', durationSeconds: 60 })
  })

  test('HZ4-M13 a body that breaks off keeps what came', async () => {
    const made = await server(() => school.admin)(create(100_000))
    const id = idOf(made)
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(30_000))
        setTimeout(() => controller.error(new Error('cut')), 200)
      },
    })
    const request = new Request(`${url}/${id}`, {
      method: 'PATCH',
      headers: { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
      body: broken,
      duplex: 'half',
    } as RequestInit)
    await server(() => school.admin)(request).catch(() => {})
    const offset = Number((await server(() => school.admin)(head(id))).headers.get('upload-offset'))
    expect(offset).toBeGreaterThanOrEqual(0)
    expect(offset).toBeLessThanOrEqual(30_000)
    const rest = new Uint8Array(100_000 - offset)
    expect((await server(() => school.admin)(patch(id, offset, rest))).status).toBe(204)
  })

  test('HZ4-M13 two tabs write to one upload: one at a time, the bytes come out right', async () => {
    const bytes = wav(20)
    const id = idOf(await server(() => school.admin)(create(bytes.length)))
    const tabs = [server(() => school.admin), server(() => school.admin)]
    const half = 80_000
    const answers = await Promise.all(tabs.map((tab) => tab(patch(id, 0, bytes.subarray(0, half)))))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409])
    const rest = await Promise.all(tabs.map((tab) => tab(patch(id, half, bytes.subarray(half)))))
    expect(rest.filter(({ status }) => status === 204)).toHaveLength(1)
    await checkMedia(job(), { mediaId: id })
    const found = await row(id)
    const back = await filesOf(job()).storage.open(found.storageKey ?? '')
    expect(Buffer.compare(await buffer(back?.stream as Readable), Buffer.from(bytes))).toBe(0)
  })

  test('HZ4-M13 a lease is one writer’s, runs out, and is nobody’s once the upload is done', async () => {
    const { mediaId } = await beginUpload(admin(), { organisationId: school.id, name: '租.wav', sizeBytes: 10 })
    const [one, two] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
    const both = await Promise.all([leaseUpload(t.db, mediaId, one ?? '', 1), leaseUpload(t.db, mediaId, two ?? '', 1)])
    expect(both.filter((got) => got)).toHaveLength(1)
    await new Promise((go) => setTimeout(go, 1100))
    expect(await leaseUpload(t.db, mediaId, both[0] ? (two ?? '') : (one ?? ''), 1)).toBe(true)
    await dropMedia(admin(), { mediaId })
    expect(await leaseUpload(t.db, mediaId, one ?? '', 1)).toBe(false)
  })

  test('HZ4-M13 not theirs, not signed in, too large, into another’s organisation: nothing is written', async () => {
    const id = idOf(await server(() => school.admin)(create(1000)))
    expect((await server(() => other.admin)(head(id))).status).toBe(404)
    expect((await server(() => other.admin)(patch(id, 0, new Uint8Array(10)))).status).toBe(404)
    expect((await server(() => school.admin)(create(1000, other.id))).status).toBe(404)
    const large = await server(() => school.admin)(create(60 * 1024 * 1024))
    expect(large.status).toBeGreaterThanOrEqual(400)
    expect((await server(() => school.admin)(head('../../etc/passwd'))).status).toBeGreaterThanOrEqual(400)
  })
})

describe('HZ4-M13 captions and who may play', () => {
  const vtt = (text: string) => new TextEncoder().encode(text)
  test('HZ4-M13 captions are checked line by line, replaced by language, and read as a transcript', async () => {
    const mediaId = await kept('讲解.wav', wav(10))
    const good = {
      mediaId,
      language: 'zh-CN',
      source: 'human',
      bytes: vtt('WEBVTT\n\n00:01.000 --> 00:03.000\n先洗手\n'),
    }
    await addCaptions(admin(), good)
    await addCaptions(admin(), { ...good, bytes: vtt('WEBVTT\n\n00:01.000 --> 00:03.000\n再切菜\n') })
    expect(await captionsOf(t.db, [mediaId])).toMatchObject([{ language: 'zh-CN', transcript: '再切菜', cues: 1 }])
    await expect(
      addCaptions(admin(), { ...good, bytes: vtt('WEBVTT\n\n00:50.000 --> 00:53.000\n太晚\n') }),
    ).rejects.toMatchObject({
      fault: { fields: { file: [expect.stringContaining('第 3 行')] } },
    })
    expect(await faultOf(addCaptions(admin(), { ...good, bytes: new Uint8Array([0xb0, 0xa1, 0xff]) }))).toBe('invalid')
    expect(await faultOf(addCaptions(as(other.admin), good))).toBe('missing')
  })
  test('HZ4-M13 a file of a draft is its makers’ alone', async () => {
    const mediaId = await kept('内部.wav', wav(1))
    expect(await playable(admin(), mediaId)).toMatchObject({ id: mediaId })
    expect(await faultOf(playable(as(other.admin), mediaId))).toBe('missing')
  })
})

describe('HZ4-M13 nothing is locked in', () => {
  test('HZ4-M13 a course goes out as a ZIP and comes in again as the same, files, captions, questions and all', async () => {
    const courseId = await draftCourse(admin(), school.id, '可以搬走的课')
    const mediaId = await kept('讲解.wav', wav(5))
    await addCaptions(admin(), {
      mediaId,
      language: 'zh-CN',
      source: 'human',
      bytes: new TextEncoder().encode('WEBVTT\n\n00:01.000 --> 00:03.000\n先洗手\n'),
    })
    await addItem(admin(), {
      courseId,
      kind: 'audio',
      chapter: 2,
      chapterTitle: '听讲',
      title: '讲解',
      mediaId,
      body: {},
    })
    const found = await courseFile(admin(), courseId)
    const bytes = await buffer(
      Readable.fromWeb(courseArchive(admin(), found) as import('node:stream/web').ReadableStream),
    )
    const made = await importArchive(as(other.admin), { organisationId: other.id, bytes })
    expect(made.files).toBe(1)
    const { rows } = { rows: await media(t.db).where('m.organisation_id', '=', other.id).execute() }
    for (const { id } of rows) await checkMedia(job(), { mediaId: id })
    const again = await courseFile(as(other.admin), made.courseId)
    const stripped = ({ course }: typeof found) => ({ ...course, version: 0 })
    expect(stripped(again)).toEqual(stripped(found))
    expect(
      (await courseWork(as(other.admin), made.courseId)).items.map(({ title, mediaState }) => [title, mediaState]),
    ).toEqual([
      ['切配的规矩', null],
      ['章节考试', null],
      ['讲解', 'ready'],
    ])
    expect(await questionsOf(t.db, made.courseId)).toHaveLength(3)
    expect(await faultOf(courseFile(as(other.admin), courseId))).toBe('missing')
  })
  test('HZ4-M13 what is no such archive is refused with the reason, and leaves no course', async () => {
    const before = (await t.db.selectFrom('library.courses').select('id').execute()).length
    for (const bytes of [new Uint8Array(10), randomBytes(5000)]) {
      expect(await faultOf(importArchive(admin(), { organisationId: school.id, bytes }))).toBe('archive-wrong')
    }
    const courseId = await draftCourse(admin(), school.id, '动过手脚的课')
    const mediaId = await kept('讲解.wav', wav(5))
    await addItem(admin(), {
      courseId,
      kind: 'audio',
      chapter: 2,
      chapterTitle: '听讲',
      title: '讲解',
      mediaId,
      body: {},
    })
    const found = await courseFile(admin(), courseId)
    const [file] = found.course.files
    const forged = {
      ...found,
      course: { ...found.course, files: [{ ...(file as NonNullable<typeof file>), sizeBytes: 100 }] },
    }
    const bytes = await buffer(
      Readable.fromWeb(courseArchive(admin(), forged) as import('node:stream/web').ReadableStream),
    )
    await expect(importArchive(admin(), { organisationId: school.id, bytes })).rejects.toMatchObject({
      fault: { refusal: { facts: { why: expect.stringContaining('比写明的大') } } },
    })
    expect((await t.db.selectFrom('library.courses').select('id').execute()).length).toBe(before + 1)
  })
})
