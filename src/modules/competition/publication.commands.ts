import { randomUUID } from 'node:crypto'
import { frozen, leafOf } from '#modules/publicity/list.rules.ts'
import type { PublicRow } from '#modules/publicity/list.schema.ts'
import { recordMove } from '#platform/casework.ts'
import { byRule, command, type Tx } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { sha256 } from '#platform/digest.ts'
import { missing } from '#platform/errors.ts'
import { takeTurn } from '#platform/limits.ts'
import { newReceipt } from '#platform/receipts.ts'
import type { CompetitionType } from '#policy/plan.types.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, formatDay, yearOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { type EventRow, figureNow, hosts, lockEvent, moveEvent, mustBe, no } from './case.commands.ts'
import { contactContext, receiptContext, textContext } from './publication.queries.ts'
import { ClosePublication, DecideObjection, LodgeObjection, Publicise } from './publication.schema.ts'

/**
 * Places and prizes before the public for the laid-down working days, once no protest is open and their days are over. The
 * list is frozen with its digest and root, by the same tree as the lists of subsidies.
 * @clause R32 @clause A01
 */
export const publiciseResults = command({
  name: 'competition.publicise',
  permission: 'publicity.run',
  input: Publicise,
  async run(tx, { eventId, title }) {
    const { event, type } = await lockEvent(tx, eventId)
    mustBe(event, 'scored')
    await mustBeSettled(tx, event)
    const listed = await listedRows(tx, event, type)
    if (listed.length === 0) throw no('nothing-listed')
    const workdays = await figureNow(tx, type.publicityFigure)
    const today = dayOf(tx.now)
    const closesOn = addWorkdays(today, workdays).day
    const series = `JG-${yearOf(today)}`
    const number = `${series}-${String(await nextNumber(tx, 'competition', series)).padStart(4, '0')}`
    const id = randomUUID()
    await tx.db
      .insertInto('competition.publications')
      .values({
        ...{
          id,
          number,
          event_id: eventId,
          run: event.run,
          title,
          opened_on: today,
          closes_on: closesOn,
          workdays,
        },
        ...frozen(sha256, { number, title, openedOn: today, closesOn }, listed),
        ...{ opened_by: tx.actor.id, opened_by_name: tx.actor.name, opened_at: tx.now },
      })
      .execute()
    tx.about('competition-list', id)
    await tx.db
      .insertInto('competition.publication_rows')
      .values(
        listed.map(({ entryId, content, leaf }) => ({
          ...{ publication_id: id, entry_id: entryId, position: content.position, leaf },
          content: JSON.stringify(content),
        })),
      )
      .execute()
    await moveEvent(tx, event, 'publicise', { note: number, set: { publicised_by: tx.actor.id } })
    return { publicationId: id, number, count: listed.length, closesOn }
  },
})

async function mustBeSettled(tx: Tx, event: EventRow): Promise<void> {
  const open = async (table: 'protests' | 'changes' | 'objections', state: string) => {
    const { n } = await tx.db
      .selectFrom(`competition.${table}`)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('event_id', '=', event.id)
      .where('state', '=', state)
      .executeTakeFirstOrThrow()
    return Number(n)
  }
  const [protests, changes, objections] = [
    await open('protests', 'open'),
    await open('changes', 'proposed'),
    await open('objections', 'open'),
  ]
  if (protests > 0) throw no('protest-open', { count: protests })
  if (changes > 0) throw no('change-open', { count: changes })
  if (objections > 0) throw no('objection-open', { count: objections })
  const until = event.protests_until as Day
  if (dayOf(tx.now) <= until) throw no('protest-days', { until: formatDay(until) })
}

async function listedRows(tx: Tx, event: EventRow, type: CompetitionType) {
  const prizes = new Map(
    [...type.prizes.ranks, ...(type.prizes.merit ? [type.prizes.merit] : [])].map((one) => [one.id, one.label]),
  )
  const groups = new Map(type.groups.map((one) => [one.id, one.label]))
  const order = type.groups.map((one) => one.id)
  const rows = await tx.db
    .selectFrom('competition.standings as s')
    .innerJoin('competition.entries as n', 'n.id', 's.entry_id')
    .select(['s.entry_id', 's.group_id', 's.place', 's.total', 's.prize', 'n.public_name', 'n.unit', 'n.team'])
    .where('s.event_id', '=', event.id)
    .where('s.run', '=', event.run)
    .where('s.place', 'is not', null)
    .execute()
  return rows
    .toSorted(
      (a, b) =>
        order.indexOf(a.group_id) - order.indexOf(b.group_id) ||
        (a.place ?? 0) - (b.place ?? 0) ||
        (a.entry_id < b.entry_id ? -1 : 1),
    )
    .map((row, at) => {
      const content: PublicRow = {
        ...{
          position: at + 1,
          kind: 'person',
          unit: row.unit,
          person: row.public_name,
          document: '',
          persons: 1,
          amountFen: 0,
        },
        subsidy: [groups.get(row.group_id), `第${row.place}名`, `${row.total.toFixed(2)}分`, prizes.get(row.prize)]
          .filter(Boolean)
          .join('，'),
      }
      return { entryId: row.entry_id, content, leaf: leafOf(sha256, content, row.entry_id, '') }
    })
}

/**
 * Anybody objects while the list is public, with or without a name. The competition waits until it is decided.
 * @clause A01 @clause C24
 */
export const lodgeObjection = command({
  name: 'competition.lodgeObjection',
  permission: 'public',
  input: LodgeObjection,
  told: ({ rowId, reason }) => ({ rowId, reason }),
  async run(tx, input) {
    await takeTurn(tx.db, `competition-objection:${input.rowId}`, { tries: 20, seconds: 86_400 })
    const today = dayOf(tx.now)
    const found = await tx.db
      .selectFrom('competition.publication_rows as r')
      .innerJoin('competition.publications as p', 'p.id', 'r.publication_id')
      .select(['r.id', 'p.event_id', 'p.state', 'p.closes_on'])
      .where('r.id', '=', input.rowId)
      .executeTakeFirst()
    if (!found) throw missing('publication-row')
    if (found.state !== 'open' || (found.closes_on as Day) < today) throw no('list-closed')
    const { event, type } = await lockEvent(tx, found.event_id)
    if (event.state !== 'publicised' && event.state !== 'objection-held') throw no('list-closed')
    const receipt = newReceipt()
    const series = `JY-${yearOf(today)}`
    const number = `${series}-${String(await nextNumber(tx, 'competition', series)).padStart(4, '0')}`
    const { id } = await tx.db
      .insertInto('competition.objections')
      .values({
        ...{ number, row_id: found.id, event_id: event.id, reason: input.reason, lodged_at: tx.now },
        receipt_index: tx.crypto.blindIndex(receipt, receiptContext),
        text_sealed: tx.crypto.seal(input.text, textContext),
        contact_sealed: input.contact === '' ? null : tx.crypto.seal(input.contact, contactContext),
        due_on: addWorkdays(today, await figureNow(tx, type.objectionFigure)).day,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('competition-objection', id)
    // the objector may do nothing to a competition; the house holds it because of the objection
    if (event.state === 'publicised')
      await moveEvent(byRule(tx, 'competition.objection'), event, 'hold', { note: number })
    return { id, number, receipt }
  },
  outcome: ({ id, number }) => ({ id, number }),
})

/**
 * Decided by somebody who took no part. Upheld: the list is void, and the results go back to be mended. Dismissed, and no
 * other open: public again.
 * @clause A01 @clause C24
 */
export const decideObjection = command({
  name: 'competition.decideObjection',
  permission: 'objection.decide',
  input: DecideObjection,
  async run(tx, { objectionId, outcome, reply }) {
    const found = await tx.db
      .selectFrom('competition.objections as o')
      .innerJoin('competition.publication_rows as r', 'r.id', 'o.row_id')
      .select(['o.event_id', 'r.publication_id'])
      .where('o.id', '=', objectionId)
      .executeTakeFirst()
    if (!found) throw missing('objection')
    const { event } = await lockEvent(tx, found.event_id)
    tx.about('competition-objection', objectionId)
    const objection = await tx.db
      .selectFrom('competition.objections')
      .select(['state', 'number'])
      .where('id', '=', objectionId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (objection.state !== 'open') throw no('objection-decided')
    if ([event.filed_by, event.taken_by, event.accepted_by].includes(tx.actor.id) || hosts(tx, event))
      throw no('objection-own')
    await tx.db
      .updateTable('competition.objections')
      .set({ state: outcome, reply, decided_by: tx.actor.id, decided_by_name: tx.actor.name, decided_at: tx.now })
      .where('id', '=', objectionId)
      .execute()
    if (event.state === 'objection-held') {
      if (outcome === 'upheld') {
        await moveEvent(tx, event, 'uphold', { note: objection.number })
        await endList(tx, found.publication_id, 'void')
      } else {
        const open = await tx.db
          .selectFrom('competition.objections')
          .select('id')
          .where('event_id', '=', event.id)
          .where('state', '=', 'open')
          .executeTakeFirst()
        if (!open) await moveEvent(tx, event, 'release', { note: objection.number })
      }
    }
    return { id: objectionId, state: outcome, eventState: event.state }
  },
})

async function endList(tx: Tx, id: string, to: 'closed' | 'void'): Promise<void> {
  await tx.db
    .updateTable('competition.publications')
    .set({ state: to, closed_at: tx.now })
    .where('id', '=', id)
    .execute()
  await recordMove(tx, { kind: 'competition-list', id, move: to === 'void' ? 'void' : 'close', from: 'open', to })
}

/**
 * Ends a list whose days are over; one that is held waits for its answer and is ended by the next run.
 * @clause A01
 */
export const closePublication = command({
  name: 'competition.closePublication',
  permission: 'system.operate',
  input: ClosePublication,
  async run(tx, { publicationId }) {
    const found = await tx.db
      .selectFrom('competition.publications')
      .select('event_id')
      .where('id', '=', publicationId)
      .executeTakeFirst()
    if (!found) throw missing('publication')
    const { event } = await lockEvent(tx, found.event_id)
    const list = await tx.db
      .selectFrom('competition.publications')
      .select(['state', 'closes_on', 'number'])
      .where('id', '=', publicationId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    tx.about('competition-list', publicationId)
    const due = list.state === 'open' && (list.closes_on as Day) < dayOf(tx.now) && event.state === 'publicised'
    if (!due) return { publicationId, state: list.state }
    await moveEvent(tx, event, 'clear', { note: list.number })
    await endList(tx, publicationId, 'closed')
    return { publicationId, state: 'closed' }
  },
})
