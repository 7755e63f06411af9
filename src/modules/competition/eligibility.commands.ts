import { recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { earlyNote, hosts, lockEvent, lockHosted, moveEvent, mustBe, no } from './case.commands.ts'
import { ChooseEntry, DecideEntry, type EntryState } from './entry.schema.ts'
import { ChooseEvent, TimedStep } from './event.schema.ts'

/** Taken back by whoever registered, or by the person, until the competition begins. The place is free again. */
export const withdrawEntry = command({
  name: 'competition.withdrawEntry',
  permission: 'public',
  input: ChooseEntry,
  async run(tx, { entryId }) {
    const { entry } = await lockOwnEntry(tx, entryId)
    const { event } = await lockEvent(tx, entry.event_id, 'share')
    mustBe(event, 'announced', 'checking')
    await moveEntry(tx, entryId, entry.state, 'withdrawn', ['registered', 'eligible'])
    return { entryId, state: 'withdrawn' }
  },
})

/** The entry of the person, of the organisation that registered it, or of whoever registered it. */
export async function lockOwnEntry(tx: Tx, entryId: string) {
  const entry = await tx.db
    .selectFrom('competition.entries')
    .select(['id', 'event_id', 'organisation_id', 'state', 'number', 'registered_by'])
    .where('id', '=', entryId)
    .forUpdate()
    .executeTakeFirst()
  const personId = tx.actor.onBehalfOf?.personId ?? tx.actor.personId
  const member =
    entry &&
    personId &&
    (await tx.db
      .selectFrom('competition.members')
      .select('id')
      .where('entry_id', '=', entryId)
      .where('person_id', '=', personId)
      .executeTakeFirst())
  const own = entry && entry.registered_by === tx.actor.id
  const office = entry?.organisation_id && tx.actor.can('competition.enter', { organisationId: entry.organisation_id })
  if (!entry || !(member || own || office)) throw missing('entry')
  tx.about('entry', entryId)
  return { entry: { ...entry, state: entry.state as EntryState } }
}

export async function moveEntry(
  tx: Tx,
  id: string,
  state: string,
  to: EntryState,
  from: readonly EntryState[],
  note = '',
): Promise<void> {
  if (!from.includes(state as EntryState)) throw no('entry-state', { state })
  await tx.db
    .updateTable('competition.entries')
    .set({ state: to, decided_by: tx.actor.id, decided_by_name: tx.actor.name, decided_at: tx.now, note })
    .where('id', '=', id)
    .execute()
  await recordMove(tx, { kind: 'entry', id, move: to, from: state, to, note })
}

/**
 * The host or the bureau looks at one entry.
 * @clause R32
 */
export const decideEntry = command({
  name: 'competition.decideEntry',
  permission: 'public',
  input: DecideEntry,
  async run(tx, { entryId, outcome, note }) {
    const found = await tx.db
      .selectFrom('competition.entries as n')
      .innerJoin('competition.events as e', 'e.id', 'n.event_id')
      .select(['n.event_id', 'e.organisation_id'])
      .where('n.id', '=', entryId)
      .executeTakeFirst()
    if (!found || !(hosts(tx, found) || tx.actor.can('competition.manage'))) throw missing('entry')
    const { event } = await lockEvent(tx, found.event_id, 'share')
    mustBe(event, 'announced', 'checking')
    if (outcome === 'refused' && [...note].length < 4) throw no('refusal-note')
    const entry = await tx.db
      .selectFrom('competition.entries')
      .select(['id', 'state', 'registered_by'])
      .where('id', '=', entryId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    tx.about('entry', entryId)
    const self = await tx.db
      .selectFrom('competition.members')
      .select('id')
      .where('entry_id', '=', entryId)
      .where('person_id', '=', tx.actor.personId)
      .executeTakeFirst()
    if (self) throw no('own-entry')
    await moveEntry(tx, entryId, entry.state, outcome, ['registered'], note)
    return { entryId, state: outcome }
  },
})

/** All that wait pass at once; who is not eligible has been refused before. */
export const admitEntries = command({
  name: 'competition.admitEntries',
  permission: 'competition.host',
  input: ChooseEvent,
  async run(tx, { eventId }) {
    const { event } = await lockHosted(tx, eventId, 'share')
    mustBe(event, 'announced', 'checking')
    const rows = await tx.db
      .selectFrom('competition.entries as n')
      .select('n.id')
      .where('n.event_id', '=', eventId)
      .where('n.state', '=', 'registered')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('competition.members as m')
              .select('m.id')
              .whereRef('m.entry_id', '=', 'n.id')
              .where('m.person_id', '=', tx.actor.personId),
          ),
        ),
      )
      .orderBy('n.id')
      .forUpdate()
      .execute()
    for (const { id } of rows) await moveEntry(tx, id, 'registered', 'eligible', ['registered'])
    return { eventId, count: rows.length }
  },
})

/** Entries are closed: after the announced last day, or before it with a reason that is published. @clause R32 */
export const closeEntries = command({
  name: 'competition.closeEntries',
  permission: 'competition.host',
  input: TimedStep,
  async run(tx, { eventId, note }) {
    const { event } = await lockHosted(tx, eventId)
    mustBe(event, 'announced')
    const state = await moveEvent(tx, event, 'close-entries', { note: earlyNote(tx, event, 'close-entries', note) })
    return { eventId, state }
  },
})
