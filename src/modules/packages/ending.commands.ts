import { sql } from 'kysely'
import type { Tx } from '#platform/command.ts'
import { refused } from '#platform/errors.ts'
import { tellAbandoned } from './cmi5-session.commands.ts'
import { strangerOpen } from './launch.queries.ts'

/** Ends the session of an attempt that is still open. */
export async function endOpenLaunch(tx: Tx, attemptId: string, reason: 'elsewhere' | 'abandoned'): Promise<void> {
  await sql`
    update packages.launches set ended_at = greatest(${tx.now}::timestamptz, launched_at), end_reason = ${reason}
    where attempt_id = ${attemptId} and ended_at is null
  `.execute(tx.db)
}

/**
 * On one origin one package is before a learner at a time. Where the page has taken every other lesson out of its browser,
 * their launches end here: their tokens open nothing any more, and their time is what it was. Where it could not, the
 * learner is told to leave the other organisation's first.
 */
export async function makeRoom(tx: Tx, at: { personId: string; packageId: string; alone: boolean }): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`packages.origin:${at.personId}`}, 0))`.execute(tx.db)
  if (!at.alone) {
    if (!(await strangerOpen(tx.db, { ...at, now: tx.now }))) return
    throw refused({ clause: 'HZ4-M13', reason: 'package-elsewhere', facts: {} })
  }
  // The attempts first, then their launches: a report that is being taken in is waited for.
  await sql`select from packages.attempts where id in (
    select a.id from packages.launches l join packages.attempts a on a.id = l.attempt_id
    where l.person_id = ${at.personId} and l.ended_at is null and a.package_id <> ${at.packageId}) order by id for update`.execute(
    tx.db,
  )
  const { rows } = await sql<{ id: string }>`
    update packages.launches l set ended_at = greatest(${tx.now}::timestamptz, l.launched_at), end_reason = 'displaced'
    from packages.attempts a where a.id = l.attempt_id and l.person_id = ${at.personId} and l.ended_at is null
      and a.package_id <> ${at.packageId} returning l.id
  `.execute(tx.db)
  for (const { id } of rows) {
    tx.about('launch', id)
    await tellAbandoned(tx, { launchId: id, personId: at.personId })
  }
}

/** In cmi5 a new session of a registration ends whichever is still open, of this unit or another, and says so. */
export async function abandonOthers(
  tx: Tx,
  at: { registrationId: string; itemId: string; personId: string },
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update packages.launches l set ended_at = greatest(${tx.now}::timestamptz, l.launched_at), end_reason = 'elsewhere'
    from packages.attempts a where a.id = l.attempt_id and l.ended_at is null
      and a.registration_id = ${at.registrationId} and a.item_id = ${at.itemId} returning l.id
  `.execute(tx.db)
  for (const { id } of rows) await tellAbandoned(tx, { launchId: id, personId: at.personId })
}
