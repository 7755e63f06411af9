import type { z } from 'zod'
import { type Command, command, fieldFaults, type Tx } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { lockWork } from './course.commands.ts'
import { items, versions } from './course.queries.ts'
import {
  AddItem,
  EditItem,
  type ItemKind,
  type ItemRow,
  itemBodies,
  itemKinds,
  MoveItem,
  RemoveItem,
} from './course.schema.ts'

/** Adds something to learn at the end of its chapter. */
export const addItem: Command<typeof AddItem, { itemId: string }> = command({
  name: 'library.addItem',
  permission: 'library.contribute',
  input: AddItem,
  async run(tx, input) {
    const { record, open } = await lockWork(tx, input.courseId)
    const values = await valuesOf(tx, record, input.kind, input)
    const there = await inChapter(tx, open.id, input.chapter)
    const { id } = await tx.db
      .insertInto('library.items')
      .values({ version_id: open.id, kind: input.kind, position: (there.at(-1)?.position ?? 0) + 1, ...values })
      .returning('id')
      .executeTakeFirstOrThrow()
    await nameChapter(tx, open.id, input.chapter, input.chapterTitle)
    tx.about('item', id)
    return { itemId: id }
  },
})

export const editItem: Command<typeof EditItem, { itemId: string }> = command({
  name: 'library.editItem',
  permission: 'library.contribute',
  input: EditItem,
  async run(tx, input) {
    const { item, record, open } = await lockItem(tx, input.itemId)
    const values = await valuesOf(tx, record, item.kind, input)
    const moved = input.chapter !== item.chapter
    const position = moved ? ((await inChapter(tx, open.id, input.chapter)).at(-1)?.position ?? 0) + 1 : item.position
    await tx.db
      .updateTable('library.items')
      .set({ ...values, position })
      .where('id', '=', item.id)
      .execute()
    await nameChapter(tx, open.id, input.chapter, input.chapterTitle)
    return { itemId: item.id }
  },
})

/** Changes places with the item before or after it in its chapter; at the edge nothing happens. */
export const moveItem: Command<typeof MoveItem, { itemId: string }> = command({
  name: 'library.moveItem',
  permission: 'library.contribute',
  input: MoveItem,
  async run(tx, input) {
    const { item, open } = await lockItem(tx, input.itemId)
    const there = await inChapter(tx, open.id, item.chapter)
    const at = there.findIndex((one) => one.id === item.id)
    const other = there[input.to === 'up' ? at - 1 : at + 1]
    if (!other) return { itemId: item.id }
    for (const [id, position] of [
      [item.id, other.position],
      [other.id, item.position],
    ] as const) {
      await tx.db.updateTable('library.items').set({ position }).where('id', '=', id).execute()
    }
    return { itemId: item.id }
  },
})

export const removeItem: Command<typeof RemoveItem, { itemId: string }> = command({
  name: 'library.removeItem',
  permission: 'library.contribute',
  input: RemoveItem,
  async run(tx, input) {
    const { item } = await lockItem(tx, input.itemId)
    await tx.db.deleteFrom('library.items').where('id', '=', item.id).execute()
    return { itemId: item.id }
  },
})

async function lockItem(tx: Tx, itemId: string) {
  const item = await items(tx.db).where('i.id', '=', itemId).executeTakeFirst()
  const version = item && (await versions(tx.db).where('v.id', '=', item.versionId).executeTakeFirst())
  if (!item || !version) throw missing('item')
  const work = await lockWork(tx, version.courseId)
  if (work.open.id !== version.id) throw refused({ clause: 'L05', reason: 'version-locked', facts: {} })
  tx.about('item', itemId)
  const now = await items(tx.db).where('i.id', '=', itemId).executeTakeFirst() // as it is now that nobody else may write
  if (!now) throw missing('item')
  return { item: now, ...work }
}

const inChapter = (tx: Tx, versionId: string, chapter: number): Promise<ItemRow[]> =>
  items(tx.db).where('i.version_id', '=', versionId).where('i.chapter', '=', chapter).orderBy('i.position').execute()

/** A chapter has one name, whoever wrote it last. */
async function nameChapter(tx: Tx, versionId: string, chapter: number, title: string): Promise<void> {
  await tx.db
    .updateTable('library.items')
    .set({ chapter_title: title })
    .where('version_id', '=', versionId)
    .where('chapter', '=', chapter)
    .where('chapter_title', '<>', title)
    .execute()
}

type Input = Omit<z.output<typeof EditItem>, 'itemId'>
const needsFile: readonly ItemKind[] = ['video', 'audio', 'document']

async function valuesOf(tx: Tx, course: { id: string; organisationId: string }, kind: ItemKind, input: Input) {
  const { id: courseId, organisationId } = course
  const parsed = itemBodies[kind].safeParse(input.body)
  if (!parsed.success) {
    const faults = fieldFaults(parsed.error)
    throw invalid(Object.fromEntries(Object.entries(faults).map(([field, words]) => [`body.${field}`, words])))
  }
  const media = needsFile.includes(kind) ? await ownFile(tx, organisationId, kind, input.mediaId) : null
  if (kind === 'package') await ownPackage(tx, courseId, input.packageId)
  if (kind === 'lti') await mustBeOwnLink(tx, courseId, parsed.data as { linkId: string })
  // A film's own length is its planned time unless somebody says otherwise.
  // What happens in somebody else's tool we do not see, so no time is planned for it.
  const seconds =
    kind === 'lti' ? 0 : input.plannedMinutes > 0 ? input.plannedMinutes * 60 : Math.round(media?.duration_seconds ?? 0)
  return {
    chapter: input.chapter,
    chapter_title: input.chapterTitle,
    title: input.title,
    planned_seconds: seconds,
    media_id: media?.id ?? null,
    package_id: kind === 'package' ? (input.packageId ?? null) : null,
    body: JSON.stringify(parsed.data),
    required: input.required,
  }
}

/** A package of this very course that has been unpacked; questions go to the bank, not into a chapter. */
async function ownPackage(tx: Tx, courseId: string, packageId: string | undefined): Promise<void> {
  if (!packageId) throw refused({ clause: 'L01', reason: 'package-missing', facts: {} })
  const found = await tx.db
    .selectFrom('packages.packages')
    .select('id')
    .where('id', '=', packageId)
    .where('course_id', '=', courseId)
    .where('state', '=', 'ready')
    .where('kind', '<>', 'qti')
    .executeTakeFirst()
  if (!found) throw refused({ clause: 'L01', reason: 'package-not-yours', facts: {} })
}

async function ownFile(tx: Tx, organisationId: string, kind: ItemKind, mediaId: string | undefined) {
  if (!mediaId) throw invalid({ mediaId: ['请选择文件'] })
  const media = await tx.db
    .selectFrom('library.media')
    .select(['id', 'media_type', 'duration_seconds', 'state'])
    .where('id', '=', mediaId)
    .where('organisation_id', '=', organisationId)
    .executeTakeFirst()
  if (!media || media.state === 'refused') throw refused({ clause: 'L01', reason: 'media-not-yours', facts: {} })
  const type = media.media_type
  const fits = kind === 'document' ? !/^(video|audio)\//.test(type ?? '') : type?.startsWith(`${kind}/`)
  if (type !== null && !fits) {
    throw refused({ clause: 'L01', reason: 'media-kind', facts: { mediaType: type, kind: itemKinds[kind] } })
  }
  return media
}

/** A link to a tool is made in the course that it stands in. */
async function mustBeOwnLink(tx: Tx, courseId: string, { linkId }: { linkId: string }): Promise<void> {
  const link = await tx.db
    .selectFrom('connect.links')
    .select('id')
    .where('id', '=', linkId)
    .where('course_id', '=', courseId)
    .executeTakeFirst()
  if (!link) throw refused({ clause: 'HZ4-M13', reason: 'link-not-yours', facts: {} })
}
