import { mkdir, writeFile } from 'node:fs/promises'
import { BlobReader, type FileEntry, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import { beginUpload, finishUpload } from '#modules/library/media.commands.ts'
import { importCourse } from '#modules/library/transfer.commands.ts'
import { type CourseFile, format } from '#modules/library/transfer.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { refused } from '#platform/errors.ts'
import { filesOf, uploadPath } from '#platform/uploads.ts'
import { parseXml, XmlError, xmlText } from '#shared/xml.ts'
import { readQuestions } from './cartridge-qti.rules.ts'
import {
  type Cartridge,
  type Entry,
  readManifest,
  readToolLink,
  readWebLink,
  textOfPage,
} from './cartridge-read.rules.ts'
import { addLink } from './link.commands.ts'
import { usableTools } from './tool.queries.ts'

const wrong = (why: string) => refused({ clause: 'HZ4-M13', reason: 'archive-wrong', facts: { why } })
const mostText = 2 * 1024 * 1024
const mostFile = 200 * 1024 * 1024
const mostEntries = 2000

export type Imported = { courseId: string; items: number; questions: number; left: string[] }
type Opened = Map<string, FileEntry>
type Item = CourseFile['items'][number]
type Gathered = {
  items: Item[]
  questions: CourseFile['questions']
  files: CourseFile['files']
  media: Record<string, string>
  tools: { entry: Entry; url: string; custom: Record<string, string> }[]
  left: string[]
}

/**
 * Brings in a Common Cartridge of any other platform as a new draft: pages, files, web links, tools that are registered
 * here, tests and the question bank. What has no place here is named, piece by piece; nothing is left out in silence.
 * @clause HZ4-M13
 */
export async function importCartridge(
  ctx: Ctx,
  input: { organisationId: string; bytes: Uint8Array },
): Promise<Imported> {
  const zip = new ZipReader(new BlobReader(new Blob([input.bytes as Uint8Array<ArrayBuffer>])), {
    useWebWorkers: false,
  })
  const entries: Opened = new Map()
  for (const entry of await zip.getEntries().catch(() => [])) if (!entry.directory) entries.set(entry.filename, entry)
  if (entries.size > mostEntries) throw wrong(`文件超过 ${mostEntries} 个`)
  const manifest = await xmlOf(entries, 'imsmanifest.xml')
  const cartridge = manifest && readManifest(manifest)
  if (!cartridge) throw wrong('没有 Common Cartridge 的 imsmanifest.xml')
  const gathered: Gathered = { items: [], questions: [], files: [], media: {}, tools: [], left: [...cartridge.left] }
  for (const entry of cartridge.entries) await gather(ctx, input.organisationId, entries, entry, gathered)
  await gatherBank(entries, cartridge, gathered)
  const course: CourseFile = {
    format,
    title: cartridge.title.length >= 2 ? cartridge.title.slice(0, 120) : '导入的课程',
    summary: cartridge.summary.slice(0, 4000),
    occupation: null,
    level: null,
    groups: [],
    plannedClassHours: 0,
    version: 1,
    changeNote: '',
    files: gathered.files,
    items: gathered.items,
    questions: gathered.questions,
  }
  const { courseId } = await importCourse(ctx, { organisationId: input.organisationId, course, media: gathered.media })
  const linked = await addTools(ctx, input.organisationId, courseId, gathered)
  return { courseId, items: gathered.items.length + linked, questions: gathered.questions.length, left: gathered.left }
}

async function bytesOf(entries: Opened, path: string, most: number): Promise<Uint8Array | undefined> {
  const entry = entries.get(path) ?? entries.get(decoded(path))
  if (!entry) return undefined
  if (entry.uncompressedSize > most) throw wrong(`${path} 太大`)
  const bytes = await entry
    .getData(new Uint8ArrayWriter(), { useWebWorkers: false, checkSignature: true })
    .catch(() => undefined)
  if (!bytes) throw wrong(`${path} 读不出`)
  if (bytes.byteLength > most) throw wrong(`${path} 太大`)
  return bytes
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

async function xmlOf(entries: Opened, path: string) {
  const bytes = await bytesOf(entries, path, mostText)
  if (!bytes) return undefined
  try {
    return parseXml(xmlText(bytes))
  } catch (error) {
    if (error instanceof XmlError) throw wrong(`${path} 第 ${error.line} 行不是规范的 XML`)
    throw error
  }
}

async function gather(ctx: Ctx, organisationId: string, entries: Opened, entry: Entry, to: Gathered): Promise<void> {
  const leave = (why: string) => void to.left.push(`“${entry.title}”：${why}`)
  const item = (kind: Item['kind'], body: Record<string, unknown>, file: string | null = null): void => {
    const { chapter, chapterTitle, title } = entry
    to.items.push({ chapter, chapterTitle, kind, title, plannedSeconds: 0, file, body, required: true })
  }
  if (entry.kind === 'webcontent' && /\.(x?html?)$/i.test(entry.path)) {
    const bytes = await bytesOf(entries, entry.path, mostText)
    const text = bytes && textOfPage(new TextDecoder().decode(bytes)).slice(0, 50_000)
    return text ? item('text', { text }) : leave('页面是空的或不在文件里')
  }
  if (entry.kind === 'webcontent' || entry.kind === 'associatedcontent') {
    const path = await takeFile(ctx, organisationId, entries, entry, to)
    return path ? item(kindByEnding(entry.path), {}, path) : leave('文件不在里面，或类型不能用')
  }
  const root = await xmlOf(entries, entry.path)
  if (!root) return leave('内容不在文件里')
  if (entry.kind === 'imswl') {
    const { title, url } = readWebLink(root)
    return /^https?:/i.test(url) ? item('text', { text: `[${title || entry.title}](${url})` }) : leave('网址不能用')
  }
  if (entry.kind === 'imsbasiclti') return void to.tools.push({ entry, ...readToolLink(root) })
  if (entry.kind === 'assessment') {
    const read = readQuestions(root, entry.title)
    to.left.push(...read.left)
    if (read.questions.length === 0) return leave('没有可以导入的题目')
    addQuestions(to, read.questions)
    const pools = [...Map.groupBy(read.questions, ({ pool }) => pool)].map(([pool, of]) => ({ pool, count: of.length }))
    return item('exam', { pools, minutes: read.minutes, passMark: 60, resits: read.resits })
  }
  if (entry.kind === 'assignment') {
    const said = root.children.find(({ name }) => name === 'text' || name === 'instructor_text')
    const task = said?.attributes.texttype === 'text/plain' ? said.text : textOfPage(said?.text ?? '')
    return task ? item('assignment', { task, accepts: 'both' }) : leave('作业没有写要求')
  }
  leave(`类型“${entry.kind}”本平台没有对应的内容`)
}

/** The same question stands in an exam and in the bank; it is taken once. */
function addQuestions(to: Gathered, questions: CourseFile['questions']): void {
  const key = (one: CourseFile['questions'][number]) =>
    JSON.stringify([one.pool, one.kind, one.prompt, one.options, one.answer])
  const known = new Set(to.questions.map(key))
  for (const one of questions) if (!known.has(key(one))) to.questions.push(one)
}

async function gatherBank(entries: Opened, { bank }: Cartridge, to: Gathered): Promise<void> {
  const root = bank ? await xmlOf(entries, bank) : undefined
  if (!root) return
  const read = readQuestions(root, '题库')
  to.left.push(...read.left)
  addQuestions(to, read.questions)
}

const endings: Record<string, Item['kind']> = {
  mp4: 'video',
  webm: 'video',
  m4v: 'video',
  mp3: 'audio',
  m4a: 'audio',
  wav: 'audio',
  ogg: 'audio',
  pdf: 'document',
  pptx: 'document',
  docx: 'document',
  png: 'document',
  jpg: 'document',
  jpeg: 'document',
}
const endingOf = (path: string) => /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
const kindByEnding = (path: string): Item['kind'] => endings[endingOf(path)] ?? 'document'

/** A file goes the way of every upload: its bytes say what it is, and it is looked at before anybody sees it. */
async function takeFile(
  ctx: Ctx,
  organisationId: string,
  entries: Opened,
  entry: Entry,
  to: Gathered,
): Promise<string | undefined> {
  if (!(endingOf(entry.path) in endings)) return undefined
  const known = to.files.find(({ name }) => name === nameOf(entry.path))
  if (known) return known.path
  const bytes = await bytesOf(entries, entry.path, mostFile)
  if (!bytes || bytes.byteLength === 0) return undefined
  const files = filesOf(ctx)
  const name = nameOf(entry.path)
  const { mediaId } = await beginUpload(ctx, { organisationId, name, sizeBytes: bytes.byteLength })
  await mkdir(files.uploadFolder, { recursive: true })
  await writeFile(uploadPath(files, mediaId), bytes)
  await finishUpload(ctx, { mediaId })
  const path = `media/${String(to.files.length + 1).padStart(4, '0')}.${endingOf(entry.path)}`
  to.files.push({
    path,
    name,
    mediaType: '',
    sizeBytes: bytes.byteLength,
    sha256: sha256(bytes),
    durationSeconds: null,
    captions: [],
  })
  to.media[path] = mediaId
  return path
}
const nameOf = (path: string): string => path.split('/').at(-1)?.slice(0, 200) || 'file'

/** A tool's link comes in only where that very tool is registered and approved here. */
async function addTools(
  ctx: Ctx,
  organisationId: string,
  courseId: string,
  { tools, left }: Gathered,
): Promise<number> {
  const usable = tools.length === 0 ? [] : await usableTools(ctx.db, organisationId)
  let added = 0
  for (const { entry, url, custom } of tools) {
    const tool = URL.canParse(url)
      ? usable.find(({ targetUrl }) => new URL(targetUrl).origin === new URL(url).origin)
      : undefined
    if (!tool) {
      left.push(`“${entry.title}”：外部工具 ${url.slice(0, 120) || '（没有地址）'} 没有在本平台登记，或已停用`)
      continue
    }
    const { chapter, chapterTitle, title } = entry
    const lines = Object.entries(custom).map(([name, value]) => `${name}=${value}`)
    await addLink(ctx, {
      courseId,
      toolId: tool.id,
      chapter,
      chapterTitle,
      title,
      url,
      custom: lines.join('\n'),
      required: true,
    })
    added++
  }
  return added
}
