import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Ctx } from '#platform/command.ts'
import { newKey } from '#platform/storage.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow } from '#platform/testing.ts'
import { parseXml } from '#shared/xml.ts'
import { person } from '../../../tests/fixtures/claims.ts'
import { lesson, registrationFor } from '../../../tests/fixtures/lessons.ts'
import { testFiles } from '../../../tests/fixtures/library.ts'
import { manifest12 } from '../../../tests/fixtures/packages.ts'
import { faultOf, learner } from '../../../tests/fixtures/training.ts'
import { archivesToDrop, dropArchive } from './archive.commands.ts'
import { jobs } from './packages.jobs.ts'
import { readScormManifest } from './scorm-manifest.rules.ts'

let t: TestDb
const files = testFiles()
const night = (days: number): Ctx => ({
  ...ctxFor(t.db, systemActor, new Date(testNow.getTime() + days * 86_400_000)),
  files,
})
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const ofCourse = () =>
  lesson(t.db, readScormManifest(parseXml(manifest12), new Set(['content/one.html', 'content/two.html'])).found)

/** A refused package with an archive that is really there. */
async function refused(): Promise<{ id: string; key: string }> {
  const { organisationId, courseId } = await ofCourse()
  const key = newKey('packages')
  await files.storage.put(key, Readable.from([Buffer.from('PK')]))
  const { rows } = await sql<{ id: string }>`
    insert into packages.packages (organisation_id, course_id, archive_key, archive_name, size_bytes, state, created_by, created_at)
    values (${organisationId}, ${courseId}, ${key}, '课件.zip', 2, 'refused', 'test', ${testNow}) returning id`.execute(
    t.db,
  )
  return { id: rows[0]?.id as string, key }
}
const withdraw = (courseId: string) =>
  sql`update library.courses set state = 'withdrawn' where id = ${courseId}`.execute(t.db)
const decide = (days: number) =>
  sql`
  insert into platform.settings (kind, key, value, from_on, to_on, source, proposed_by, proposed_by_name, proposed_at, state, approved_by, approved_by_name, approved_at)
  values ('figure', 'LIB.archiveKeepDays', ${days}::text::jsonb, '2020-12-07', null, 'test', 'a', '甲', now(), 'in-force', 'b', '乙', now())`.execute(
    t.db,
  )

test('HZ4-M13 while nobody has decided how long, no archive is deleted', async () => {
  const { id } = await refused()
  expect(await archivesToDrop(night(4000))).toEqual([])
  expect(await faultOf(dropArchive(night(4000), { packageId: id }))).toBe('missing')
})

test('HZ4-M13 L02 after the days, what nothing refers to goes, once, and its record stays', async () => {
  await decide(180)
  const { id, key } = await refused()
  const gone = await ofCourse()
  const learnt = await ofCourse()
  const listed = await ofCourse()
  const { id: personId } = await person(t.db)
  await registrationFor(t.db, learner(personId), learnt.courseId)
  await withdraw(gone.courseId)
  await withdraw(learnt.courseId)

  expect(await archivesToDrop(night(179))).toEqual([])
  const due = await archivesToDrop(night(181))
  expect(due).toEqual(expect.arrayContaining([id, gone.packageId]))
  for (const kept of [learnt.packageId, listed.packageId]) {
    expect(due).not.toContain(kept)
    expect(await faultOf(dropArchive(night(181), { packageId: kept }))).toBe('missing')
  }
  await jobs['packages.dropArchives']?.(night(181), {})
  expect(await archivesToDrop(night(181))).toEqual([])
  expect(await files.storage.open(key)).not.toBeNull() // first the record, then the bytes
  await jobs['packages.removeArchive']?.(night(181), { packageId: id })
  await jobs['packages.removeArchive']?.(night(181), { packageId: id })
  expect(await files.storage.open(key)).toBeNull()
  const { rows } = await sql<{ state: string; audited: number }>`select state,
    (select count(*)::int from audit.entries where command = 'packages.dropArchive' and subjects = array['package:' || ${id}]) as audited
    from packages.packages where id = ${id}`.execute(t.db)
  expect(rows).toEqual([{ state: 'refused', audited: 1 }])
})
