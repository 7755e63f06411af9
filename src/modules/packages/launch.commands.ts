import { sql } from 'kysely'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { applyChanges, beginWith, conclude, sharedValues } from './attempt.rules.ts'
import { modeFor } from './cmi5.rules.ts'
import { tellAbandoned } from './cmi5-session.commands.ts'
import { achieved } from './cmi5-session.queries.ts'
import { abandonOthers, endOpenLaunch, makeRoom } from './ending.commands.ts'
import {
  type AttemptRow,
  type LaunchRow,
  lastAttempts,
  learnerOf,
  openAttempt,
  packageOfItem,
  reportedBefore,
  storesOf,
} from './launch.queries.ts'
import { Commit, type Entry, LaunchStep, OpenUnit } from './launch.schema.ts'
import { treeFor, unitsToOpen, validity } from './navigation.rules.ts'
import type { PackageFound, PackageKind } from './package.schema.ts'
import type { Values } from './runtime.schema.ts'
import { type Next, nextOf, share, type Where } from './store.commands.ts'

export type Opened = { launchId: string; attemptId: string; unitId: string; number: number }

/**
 * Opens a unit for its learner. A session that is still open somewhere else ends with what it has reported so far.
 * @clause HZ4-M13
 */
export const openUnit: Command<typeof OpenUnit, Opened> = command({
  name: 'packages.openUnit',
  permission: 'self.check-in',
  input: OpenUnit,
  async run(tx, input) {
    const personId = tx.actor.onBehalfOf?.personId ?? tx.actor.personId
    const found = personId ? await packageOfItem(tx.db, { ...input, personId }) : undefined
    if (!personId || !found) throw missing('item')
    if (found.state !== 'ready') throw refused({ clause: 'HZ4-M13', reason: 'package-not-ready', facts: {} })
    const unit = found.found.units.find(({ id }) => id === (input.unitId ?? found.found.units[0]?.id))
    if (!unit) throw refused({ clause: 'HZ4-M13', reason: 'unit-unknown', facts: {} })
    const tree = treeFor(found.found, input)
    const attempts = await lastAttempts(tx.db, input.registrationId, input.itemId, tx.now)
    if (!unitsToOpen(tree, attempts, tx.now).has(unit.id)) {
      throw refused({ clause: 'HZ4-M13', reason: 'unit-closed', facts: {} })
    }
    await sql`select pg_advisory_xact_lock(hashtextextended(${`packages:${input.registrationId}:${input.itemId}:${unit.id}`}, 0))`.execute(
      tx.db,
    )
    if (!input.apart) await makeRoom(tx, { personId, packageId: found.packageId, alone: input.alone })
    const attempt = await attemptFor(tx, { ...input, personId, packageId: found.packageId, unitId: unit.id })
    if (found.kind === 'cmi5') await abandonOthers(tx, { ...input, personId })
    else await endOpenLaunch(tx, attempt.id, 'elsewhere')
    const before = await reportedBefore(tx.db, attempt.id)
    const learner = await learnerOf(tx, personId)
    const values = {
      ...beginWith(found.kind, unit, learner, { values: attempt.vals, suspended: attempt.suspended, ...before }),
      ...sharedValues(unit, await storesOf(tx.db, input.registrationId, input.itemId)),
      ...validity(tree, attempts, unit.id, tx.now),
    }
    const beganWith =
      found.kind === 'cmi5'
        ? { ...values, 'cmi5.mode': modeFor(unit.au?.moveOn ?? 'NotApplicable', achieved(values)) }
        : values
    const { id } = await tx.db
      .insertInto('packages.launches')
      .values({
        attempt_id: attempt.id,
        person_id: personId,
        account_id: tx.actor.id,
        number: before.sessions + 1,
        began_with: JSON.stringify(beganWith),
        launched_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx.db
      .updateTable('packages.attempts')
      // Content that is cut off has not ended its attempt: the next session goes on from here.
      .set({ vals: JSON.stringify(values), suspended: true })
      .where('id', '=', attempt.id)
      .execute()
    tx.about('launch', id)
    tx.about('package', found.packageId)
    return { launchId: id, attemptId: attempt.id, unitId: unit.id, number: before.sessions + 1 }
  },
})

async function attemptFor(
  tx: Tx,
  at: { registrationId: string; itemId: string; unitId: string; personId: string; packageId: string },
): Promise<AttemptRow> {
  const open = await openAttempt(tx.db, at)
  if (open) return open
  const last = await tx.db
    .selectFrom('packages.attempts')
    .select(['number', 'vals'])
    .where('registration_id', '=', at.registrationId)
    .where('item_id', '=', at.itemId)
    .where('unit_id', '=', at.unitId)
    .orderBy('number', 'desc')
    .executeTakeFirst()
  await tx.db
    .insertInto('packages.attempts')
    .values({
      registration_id: at.registrationId,
      person_id: at.personId,
      item_id: at.itemId,
      package_id: at.packageId,
      unit_id: at.unitId,
      number: (last?.number ?? 0) + 1,
      vals: JSON.stringify(last?.vals ?? {}),
      began_at: tx.now,
    })
    .execute()
  const made = await openAttempt(tx.db, at)
  if (!made) throw missing('attempt')
  return made
}

export type Committed = { acknowledged: number; ended: boolean; count: number; next?: Next }

/**
 * Takes in what content reported. Each number counts once: what was taken before is passed over, so a client may send
 * again whatever it has no answer to. A gap is refused with the number that is missing; after the goodbye nothing more
 * is taken. Reports of a session that was ended by another one still count their time, and no longer change what the
 * newer session works with.
 * @clause HZ4-M13
 */
export const commit: Command<typeof Commit, Committed> = command({
  name: 'packages.commit',
  permission: 'self.check-in',
  input: Commit,
  async run(tx, { launchId, entries }) {
    const { attempt, launch, kind, found, at } = await lockLaunch(tx, launchId)
    const last = await tx.db
      .selectFrom('packages.commits')
      .select(['seq', 'reported_cs', 'final'])
      .where('launch_id', '=', launchId)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    const fresh = entries.filter(({ seq }) => seq > (last?.seq ?? 0)).toSorted((a, b) => a.seq - b.seq)
    const known = last?.seq ?? 0
    if (fresh.length === 0) return { acknowledged: known, ended: launch.ended_at !== null, count: 0 }
    if (last?.final) throw refused({ clause: 'HZ4-M13', reason: 'launch-ended', facts: {} })
    mustFollow(fresh, known)
    const late = launch.ended_at !== null
    const written = await keep(tx, launchId, fresh, {
      ...{ kind, late, reported: Number(last?.reported_cs ?? 0) },
      values: late ? await valuesAt(tx, launch, kind) : attempt.vals,
    })
    if (!late) await stand(tx, attempt, launch, kind, written)
    if (!late) await share(tx, found, at, attempt.vals, written.values)
    const next = written.final && !late ? await nextOf(tx, found, at) : null
    return { acknowledged: written.seq, ended: late || written.final, count: written.count, ...(next && { next }) }
  },
  outcome: ({ acknowledged, ended, count }) => ({ acknowledged, state: ended ? 'ended' : 'open', count }),
})

function mustFollow(fresh: readonly Entry[], known: number): void {
  fresh.forEach(({ seq }, i) => {
    if (seq !== known + 1 + i) {
      throw refused({ clause: 'HZ4-M13', reason: 'commit-gap', facts: { expected: known + 1 + i } })
    }
  })
}

type Written = { values: Values; seq: number; final: boolean; count: number }

async function keep(
  tx: Tx,
  launchId: string,
  entries: readonly Entry[],
  from: { kind: PackageKind; values: Values; reported: number; late: boolean },
): Promise<Written> {
  const written: Written = { values: from.values, seq: 0, final: false, count: 0 }
  let reported = from.reported
  const rows = []
  for (const entry of entries) {
    if (written.final) break // after the goodbye nothing more is taken
    const applied = applyChanges(from.kind, written.values, entry.changes, reported)
    reported = applied.reportedCentiseconds
    rows.push({
      launch_id: launchId,
      seq: entry.seq,
      at: tx.now,
      changes: JSON.stringify(entry.changes),
      refused: JSON.stringify(applied.refused),
      reported_cs: reported,
      final: entry.final,
      late: from.late,
    })
    Object.assign(written, { values: applied.values, seq: entry.seq, final: entry.final, count: written.count + 1 })
  }
  await tx.db.insertInto('packages.commits').values(rows).execute()
  return written
}

async function stand(
  tx: Tx,
  attempt: AttemptRow,
  launch: LaunchRow,
  kind: PackageKind,
  written: Written,
): Promise<void> {
  const done = written.final ? conclude(kind, launch.began_with, written.values) : undefined
  await tx.db
    .updateTable('packages.attempts')
    .set({
      vals: JSON.stringify(done?.values ?? written.values),
      ...(done && { suspended: done.goesOn, closed_at: done.goesOn ? null : tx.now }),
    })
    .where('id', '=', attempt.id)
    .execute()
  if (done) {
    await sql`
      update packages.launches set ended_at = greatest(${tx.now}::timestamptz, launched_at), end_reason = 'terminated'
      where id = ${launch.id}
    `.execute(tx.db)
  }
}

/** The data model as a session that was ended by another one knows it: its own start and its own reports. */
async function valuesAt(tx: Tx, launch: LaunchRow, kind: PackageKind): Promise<Values> {
  const rows = await tx.db
    .selectFrom('packages.commits')
    .select('changes')
    .where('launch_id', '=', launch.id)
    .orderBy('seq')
    .execute()
  return rows.reduce(
    (values, { changes }) => applyChanges(kind, values, changes as [string, string][], 0).values,
    launch.began_with,
  )
}

async function lockLaunch(tx: Tx, launchId: string) {
  const personId = tx.actor.onBehalfOf?.personId ?? tx.actor.personId
  const { rows } = await sql<{ attempt_id: string; kind: PackageKind; found: PackageFound } & Where>`
    select l.attempt_id, p.kind, p.found, a.registration_id as "registrationId", a.item_id as "itemId",
      a.unit_id as "unitId" from packages.launches l join packages.attempts a on a.id = l.attempt_id
      join packages.packages p on p.id = a.package_id where l.id = ${launchId} and l.person_id = ${personId}
  `.execute(tx.db)
  const [found] = rows
  if (!found) throw missing('launch')
  tx.about('launch', launchId)
  // The attempt first, then the launch: the same order everywhere.
  const attempt = (await tx.db
    .selectFrom('packages.attempts')
    .select(['id', 'number', 'vals', 'suspended'])
    .where('id', '=', found.attempt_id)
    .forUpdate()
    .executeTakeFirstOrThrow()) as AttemptRow
  const launch = (await tx.db
    .selectFrom('packages.launches')
    .select(['id', 'number', 'began_with', 'launched_at', 'ended_at', 'end_reason'])
    .where('id', '=', launchId)
    .executeTakeFirstOrThrow()) as LaunchRow
  const { registrationId, itemId, unitId } = found
  return { attempt, launch, kind: found.kind, found: found.found, at: { registrationId, itemId, unitId } }
}

/** Ends a session that nobody has heard of for long, with what it has reported. */
export const abandonLaunch: Command<typeof LaunchStep, { launchId: string }> = command({
  name: 'packages.abandonLaunch',
  permission: 'system.operate',
  input: LaunchStep,
  async run(tx, { launchId }) {
    const { rows } = await sql<{ attempt_id: string; person_id: string; open: boolean }>`
      select l.attempt_id, l.person_id, l.ended_at is null as open from packages.launches l join packages.attempts a on a.id = l.attempt_id
      where l.id = ${launchId} for update of a
    `.execute(tx.db)
    if (!rows[0]) throw missing('launch')
    tx.about('launch', launchId)
    await endOpenLaunch(tx, rows[0].attempt_id, 'abandoned')
    if (rows[0].open) await tellAbandoned(tx, { launchId, personId: rows[0].person_id })
    return { launchId }
  },
})
