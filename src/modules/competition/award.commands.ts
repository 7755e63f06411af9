import { command, type Tx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { missing } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { lockEvent, moveEvent, mustBe, no } from './case.commands.ts'
import { openSeed } from './document.commands.ts'
import { ChooseEvent } from './event.schema.ts'
import { RecommendUpward } from './publication.schema.ts'

/**
 * Prizes are given by a leader who neither filed, accepted nor published: a certificate with a number for each winner and
 * each member of a team. The seed of the blind codes is public from here on.
 * @clause R32 @clause HZ4-M09
 */
export const awardEvent = command({
  name: 'competition.award',
  permission: 'competition.decide',
  input: ChooseEvent,
  async run(tx, { eventId }) {
    const { event } = await lockEvent(tx, eventId)
    mustBe(event, 'cleared')
    const took = [event.filed_by, event.taken_by, event.accepted_by, event.publicised_by]
    if (took.includes(tx.actor.id)) throw no('took-part')
    const winners = await tx.db
      .selectFrom('competition.standings as s')
      .innerJoin('competition.entries as n', 'n.id', 's.entry_id')
      .innerJoin('competition.members as m', 'm.entry_id', 'n.id')
      .select(['s.entry_id', 's.group_id', 's.place', 's.total', 's.prize'])
      .select(['n.unit', 'n.team', 'm.person_id', 'm.name'])
      .where('s.event_id', '=', eventId)
      .where('s.run', '=', event.run)
      .where('s.prize', '<>', '')
      .where('m.left_at', 'is', null)
      .orderBy('s.group_id')
      .orderBy('s.place')
      .orderBy('n.number')
      .orderBy('m.seat')
      .execute()
    const today = dayOf(tx.now)
    const rows = winners.map((one, at) => ({
      ...one,
      ...{ number: `${event.number}-H${String(at + 1).padStart(4, '0')}`, event_id: eventId, place: one.place ?? 1 },
      ...{ awarded_on: today, awarded_by: tx.actor.id, awarded_by_name: tx.actor.name },
    }))
    if (rows.length > 0) await tx.db.insertInto('competition.awards').values(rows).execute()
    await moveEvent(tx, event, 'award', { set: { awarded_by: tx.actor.id, awarded_on: today } })
    await tx.enqueue('reports.countCompetition', { eventId }, { key: `count-competition:${eventId}:award` })
    return { eventId, state: event.state, count: rows.length }
  },
})

/** @clause HZ4-M09 @clause R32 */
export const recommendUpward = command({
  name: 'competition.recommendUpward',
  permission: 'competition.manage',
  input: RecommendUpward,
  async run(tx, { entryId, target, note }) {
    const found = await tx.db
      .selectFrom('competition.awards')
      .select('event_id')
      .where('entry_id', '=', entryId)
      .limit(1)
      .executeTakeFirst()
    const entry = await tx.db
      .selectFrom('competition.entries')
      .select('event_id')
      .where('id', '=', entryId)
      .executeTakeFirst()
    if (!entry) throw missing('entry')
    if (!found) throw no('not-winner')
    const { event, type } = await lockEvent(tx, found.event_id, 'share')
    mustBe(event, 'awarded', 'archived')
    if (!type.upward.some((one) => one.id === target)) throw no('target-unknown')
    const made = await tx.db
      .insertInto('competition.upward')
      .values({
        ...{ event_id: event.id, entry_id: entryId, target, note },
        ...{ by_user: tx.actor.id, by_name: tx.actor.name, at: tx.now },
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!made) throw no('recommended-already')
    tx.about('entry', entryId)
    await tx.enqueue('reports.countCompetition', { eventId: event.id }, { key: `count-competition:${made.id}` })
    return { eventId: event.id, entryId }
  },
})

/** What is in the file, as one text whose digest stays with the competition. */
async function wholeFile(tx: Tx, eventId: string): Promise<string> {
  const of = async (table: 'documents' | 'judges' | 'changes' | 'awards' | 'protests' | 'objections') =>
    tx.db.selectFrom(`competition.${table}`).selectAll().where('event_id', '=', eventId).orderBy('id').execute()
  const rounds = await tx.db
    .selectFrom('competition.rounds')
    .select('id')
    .where('event_id', '=', eventId)
    .orderBy('seq')
    .execute()
  const ids = rounds.map((one) => one.id)
  const marks =
    ids.length === 0
      ? []
      : await tx.db
          .selectFrom('competition.marks')
          .selectAll()
          .where('round_id', 'in', ids)
          .orderBy('round_id')
          .orderBy('entry_id')
          .orderBy('module')
          .orderBy('seq')
          .execute()
  const standings = await tx.db
    .selectFrom('competition.standings')
    .selectAll()
    .where('event_id', '=', eventId)
    .orderBy('run')
    .orderBy('entry_id')
    .execute()
  const parts = [
    await of('documents'),
    await of('judges'),
    await of('changes'),
    await of('awards'),
    await of('protests'),
    await of('objections'),
  ]
  return JSON.stringify([...parts, marks, standings])
}

/** The file is closed: its digest is kept, so that any later alteration would show. */
export const archiveEvent = command({
  name: 'competition.archive',
  permission: 'competition.manage',
  input: ChooseEvent,
  async run(tx, { eventId }) {
    const { event } = await lockEvent(tx, eventId)
    mustBe(event, 'awarded')
    const digest = sha256(`${openSeed(tx, event)}\n${await wholeFile(tx, eventId)}`)
    await moveEvent(tx, event, 'archive', { note: digest.slice(0, 16), set: { archive_digest: digest } })
    return { eventId, state: event.state }
  },
})
