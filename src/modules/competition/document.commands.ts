import { randomBytes } from 'node:crypto'
import { command } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { type EventRow, lockEvent, lockHosted, moveEvent, mustBe, no } from './case.commands.ts'
import { type Figures, withinFigures } from './event.rules.ts'
import { ChooseEvent, DecideDocument, seedContext, type Terms, WriteDocument } from './event.schema.ts'

/**
 * The host's technical document: what is marked, and the numbers no rule has laid down. A further one may follow until the
 * announcement.
 * @clause R32
 */
export const writeDocument = command({
  name: 'competition.writeDocument',
  permission: 'competition.host',
  input: WriteDocument,
  async run(tx, { eventId, body, terms }) {
    const { event, type } = await lockHosted(tx, eventId)
    mustBe(event, 'accepted')
    const figure = await figuresFor(tx)
    const today = dayOf(tx.now)
    const kept: Terms = { ...terms, advanceMost: terms.advanceMost ?? null, meritShare: terms.meritShare ?? null }
    const figures = Object.fromEntries(
      Object.entries(type.terms).map(([key, id]) => [key, figure(id, today)]),
    ) as unknown as Figures
    const fits = withinFigures(kept, figures)
    if (!fits.ok) throw refused(fits.refusal)
    const before = await tx.db
      .selectFrom('competition.documents')
      .select(['number', 'state'])
      .where('event_id', '=', eventId)
      .orderBy('number', 'desc')
      .execute()
    if (before.some((one) => one.state === 'proposed')) throw no('document-open')
    const { id } = await tx.db
      .insertInto('competition.documents')
      .values({
        ...{ event_id: eventId, number: (before[0]?.number ?? 0) + 1, body, terms: JSON.stringify(kept) },
        ...{ written_by: tx.actor.id, written_by_name: tx.actor.name, written_at: tx.now },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { documentId: id, eventId }
  },
})

/** @clause R32 */
export const decideDocument = command({
  name: 'competition.decideDocument',
  permission: 'competition.manage',
  input: DecideDocument,
  async run(tx, { documentId, outcome, note }) {
    const found = await tx.db
      .selectFrom('competition.documents')
      .select(['event_id', 'written_by'])
      .where('id', '=', documentId)
      .executeTakeFirst()
    if (!found) throw missing('document')
    const { event } = await lockEvent(tx, found.event_id)
    mustBe(event, 'accepted')
    if (found.written_by === tx.actor.id) throw no('own-document')
    const done = await tx.db
      .updateTable('competition.documents')
      .set({ state: outcome, note, decided_by: tx.actor.id, decided_by_name: tx.actor.name, decided_at: tx.now })
      .where('id', '=', documentId)
      .where('state', '=', 'proposed')
      .returning('id')
      .executeTakeFirst()
    if (!done) throw no('document-decided')
    if (outcome === 'approved') {
      await tx.db
        .updateTable('competition.events')
        .set({ document_id: documentId })
        .where('id', '=', event.id)
        .execute()
    }
    return { documentId, eventId: event.id, state: outcome }
  },
})

/**
 * The announcement: places stand from here on, and so does the seed of the blind codes, of which everybody sees the
 * SHA-256 now and the seed itself when prizes are given.
 * @clause R32
 */
export const announceEvent = command({
  name: 'competition.announceEvent',
  permission: 'competition.host',
  input: ChooseEvent,
  async run(tx, { eventId }) {
    const { event } = await lockHosted(tx, eventId)
    mustBe(event, 'accepted')
    if (!event.document_id) throw no('document-missing')
    const seed = randomBytes(32).toString('hex')
    await moveEvent(tx, event, 'announce', {
      set: {
        announced_at: tx.now,
        seed_sealed: tx.crypto.seal(seed, seedContext),
        seed_commitment: sha256(seed),
      },
    })
    const groups = event.groups as { id: string; places: number }[]
    await tx.db
      .insertInto('competition.group_places')
      .values(groups.map(({ id, places }) => ({ event_id: eventId, group_id: id, most: places })))
      .execute()
    return { eventId, state: event.state }
  },
})

export const openSeed = (
  tx: { crypto: { open(sealed: string, context: string): string } },
  event: EventRow,
): string => {
  if (!event.seed_sealed) throw no('wrong-state', { state: event.state })
  return tx.crypto.open(event.seed_sealed, seedContext)
}
