import { lockCourse, wrongState } from '#modules/library/course.commands.ts'
import { workable } from '#modules/library/course.rules.ts'
import { media } from '#modules/library/media.queries.ts'
import { addFoundQuestions } from '#modules/library/question.commands.ts'
import { type Command, type Ctx, command, type Tx } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { refuses } from './archive.rules.ts'
import { type PackageRow, packages } from './import.queries.ts'
import {
  ConfirmPackage,
  type PackageState,
  PackageStep,
  ReceivePackage,
  SettleCheck,
  SettleImport,
} from './import.schema.ts'
import { typedQuestion } from './question.rules.ts'

type Moved = { packageId: string; state: PackageState }
const no = (reason: string, facts: Record<string, string | number> = {}) =>
  refused({ clause: 'HZ4-M13', reason, facts })

/** An archive that the library has looked at becomes a package, once, and its dry run is queued. */
export const receivePackage: Command<typeof ReceivePackage, Moved> = command({
  name: 'packages.receivePackage',
  permission: 'system.operate',
  input: ReceivePackage,
  async run(tx, { mediaId }) {
    const row = await media(tx.db).where('m.id', '=', mediaId).forUpdate().executeTakeFirst()
    if (row?.state !== 'ready' || row.purpose !== 'package' || !row.courseId || !row.storageKey) throw missing('media')
    const there = await packages(tx.db).where('p.archive_key', '=', row.storageKey).executeTakeFirst()
    if (there) return { packageId: there.id, state: there.state }
    const { id } = await tx.db
      .insertInto('packages.packages')
      .values({
        organisation_id: row.organisationId,
        course_id: row.courseId,
        media_id: row.id,
        archive_key: row.storageKey,
        archive_name: row.name,
        size_bytes: row.sizeBytes,
        sha256: row.sha256,
        created_by: row.createdBy,
        created_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('package', id)
    tx.about('course', row.courseId)
    await tx.enqueue('packages.check', { packageId: id }, { key: `package:check:${id}` })
    return { packageId: id, state: 'checking' }
  },
})

/** Keeps what the dry run found. Told twice, the first stands. */
export const settleCheck: Command<typeof SettleCheck, Moved> = command({
  name: 'packages.settleCheck',
  permission: 'system.operate',
  input: SettleCheck,
  told: ({ packageId, kind, faults }) => ({ packageId, kind, faultCount: faults.length }),
  async run(tx, { packageId, kind, title, found, faults }) {
    const row = await lockPackage(tx, packageId)
    if (row.state !== 'checking') return { packageId, state: row.state }
    const state = !found || kind === null || refuses(faults) ? 'refused' : 'checked'
    await tx.db
      .updateTable('packages.packages')
      .set({
        ...{ state, kind, title, checked_at: tx.now, steps_done: 0, steps_total: 0 },
        found: found && JSON.stringify(found),
        faults: JSON.stringify(faults),
      })
      .where('id', '=', packageId)
      .execute()
    return { packageId, state }
  },
})

/**
 * Its contributor has read what the dry run found and wants it in; unpacking is queued.
 * @clause HZ4-M13
 */
export const confirmPackage: Command<typeof ConfirmPackage, Moved> = command({
  name: 'packages.confirmPackage',
  permission: 'library.contribute',
  input: ConfirmPackage,
  async run(tx, { packageId, pool }) {
    const row = await ownPackage(tx, packageId)
    if (row.state === 'refused') throw no('package-faulty')
    if (row.state !== 'checked') throw no('package-state', { state: row.state })
    if (row.kind === 'qti' && pool === '') throw invalid({ pool: ['请填写题库分组'] })
    await tx.db
      .updateTable('packages.packages')
      .set({
        ...{ state: 'importing', confirmed_by: tx.actor.id, confirmed_at: tx.now },
        pool: row.kind === 'qti' ? pool : '',
      })
      .where('id', '=', packageId)
      .execute()
    await tx.enqueue('packages.unpack', { packageId }, { key: `package:unpack:${packageId}` })
    return { packageId, state: 'importing' }
  },
})

/** A package that its contributor does not want; the archive stays as evidence of what was sent. */
export const discardPackage: Command<typeof PackageStep, Moved> = command({
  name: 'packages.discardPackage',
  permission: 'library.contribute',
  input: PackageStep,
  async run(tx, { packageId }) {
    const row = await ownPackage(tx, packageId)
    if (row.state !== 'checked' && row.state !== 'refused') throw no('package-state', { state: row.state })
    await tx.db.updateTable('packages.packages').set({ state: 'discarded' }).where('id', '=', packageId).execute()
    return { packageId, state: 'discarded' }
  },
})

/** Everything is unpacked: questions go to the course's bank, and from here on the package never changes. */
export const settleImport: Command<typeof SettleImport, Moved & { count: number }> = command({
  name: 'packages.settleImport',
  permission: 'system.operate',
  input: SettleImport,
  async run(tx, { packageId }) {
    const row = await lockPackage(tx, packageId)
    if (row.state !== 'importing') return { packageId, state: row.state, count: row.questionsAdded }
    const questions = row.kind === 'qti' ? (row.found?.questions ?? []) : []
    const added =
      questions.length === 0
        ? 0
        : (
            await addFoundQuestions(tx, {
              courseId: row.courseId,
              questions: questions.map((one) => typedQuestion(one, row.pool)),
              files: await pictureFiles(tx, row),
            })
          ).added
    await tx.db
      .updateTable('packages.packages')
      .set({ state: 'ready', ready_at: tx.now, questions_added: added, steps_done: row.stepsTotal })
      .where('id', '=', packageId)
      .execute()
    return { packageId, state: 'ready', count: added }
  },
})

/** Where the pictures of the questions lie, with the type that the dry run has seen. */
async function pictureFiles(tx: Tx, row: PackageRow) {
  const found = new Map(
    (row.found?.questions ?? []).flatMap(({ pictures = [] }) => pictures.map((one) => [one.path, one])),
  )
  if (found.size === 0) return []
  const files = await tx.db
    .selectFrom('packages.files')
    .select(['path', 'storage_key as storageKey', 'size_bytes as sizeBytes'])
    .where('package_id', '=', row.id)
    .execute()
  return files.flatMap(({ path, storageKey, sizeBytes }) => {
    const picture = found.get(path)
    return picture ? [{ path, storageKey, sizeBytes: Number(sizeBytes), mediaType: picture.type }] : []
  })
}

/** How far a job has come, for the page; says nothing about the package itself, so it is no command. */
export async function noteSteps(db: Ctx['db'], packageId: string, done: number, total: number): Promise<void> {
  await db
    .updateTable('packages.packages')
    .set({ steps_done: Math.min(done, total), steps_total: total })
    .where('id', '=', packageId)
    .where('state', 'in', ['checking', 'importing'])
    .execute()
}

async function lockPackage(tx: Tx, packageId: string): Promise<PackageRow> {
  const row = await packages(tx.db).where('p.id', '=', packageId).forUpdate().executeTakeFirst()
  if (!row) throw missing('package')
  tx.about('package', packageId)
  tx.about('course', row.courseId)
  return row
}

async function ownPackage(tx: Tx, packageId: string): Promise<PackageRow> {
  const row = await lockPackage(tx, packageId)
  if (!tx.actor.can('library.contribute', { organisationId: row.organisationId })) throw missing('package')
  const record = await lockCourse(tx, row.courseId, 'library.contribute')
  if (!workable.includes(record.state)) throw wrongState(record)
  return row
}
