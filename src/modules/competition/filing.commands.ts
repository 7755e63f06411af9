import { endClock, recordMove, resumeClock, startClock, stopClock } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { conflict, invalid, missing } from '#platform/errors.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { type EventRow, figureNow, lockEvent, lockHosted, moveEvent, mustBe, no } from './case.commands.ts'
import { workable } from './event.rules.ts'
import { CancelEvent, ChooseEvent, ReturnEvent, SaveEvent, StartEvent } from './event.schema.ts'
import { keepTypeVersion } from './type.queries.ts'

/**
 * A host begins the filing of a competition; the type's text is kept with it.
 * @clause R32 @clause HZ4-M09
 */
export const startEvent = command({
  name: 'competition.startEvent',
  permission: 'competition.host',
  input: StartEvent,
  async run(tx, input) {
    if (!tx.actor.can('competition.host', { organisationId: input.organisationId })) throw missing('organisation')
    const type = tx.plan.competitions.find((one) => one.code === input.type)
    if (!type) throw no('type-unknown')
    const host = await tx.db
      .selectFrom('people.organisations')
      .select(['id', 'type'])
      .where('id', '=', input.organisationId)
      .executeTakeFirst()
    if (!host) throw missing('organisation')
    // the plan's folder writes assessmentOrg where the register writes assessment-org
    const kind = host.type.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
    if (!type.hosts.orgTypes.includes(kind)) throw no('host-type', { who: type.hosts.description })
    const { id } = await tx.db
      .insertInto('competition.events')
      .values({
        ...{
          type: type.code,
          version_id: await keepTypeVersion(tx, type),
          organisation_id: host.id,
          title: input.title,
        },
        ...{ created_by: tx.actor.id, created_at: tx.now, saved_at: tx.now },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('competition', id)
    await recordMove(tx, { kind: 'competition', id, move: 'create', from: '', to: 'draft' })
    return { eventId: id }
  },
})

/** Keeps what is typed, whole or not. */
export const saveEvent = command({
  name: 'competition.saveEvent',
  permission: 'competition.host',
  input: SaveEvent,
  async run(tx, input) {
    const { event, type } = await lockHosted(tx, input.eventId)
    mustBe(event, ...workable)
    if (event.version !== input.version) throw conflict('competition')
    const groups = type.groups.flatMap(({ id, label }) => {
      const typed = input.places[id] ?? ''
      if (typed === '') return []
      const places = Number(typed)
      if (!/^\d+$/.test(typed) || places < 1 || places > 5000) {
        throw invalid({ [`places.${id}`]: [`${label}名额请填1到5000的整数，不设这一组就留空`] })
      }
      return [{ id, places }]
    })
    for (const [first, last, name, words] of [
      [input.entriesFrom, input.entriesTo, 'entriesTo', '报名截止不能早于开始'],
      [input.heldFrom, input.heldTo, 'heldTo', '比赛结束不能早于开始'],
      [input.entriesTo, input.heldFrom, 'heldFrom', '比赛不能早于报名截止'],
    ] as const) {
      if (first && last && last < first) throw invalid({ [name]: [words] })
    }
    const version = event.version + 1
    await tx.db
      .updateTable('competition.events')
      .set({
        ...{ title: input.title, purpose: input.purpose, partners: input.partners, venue: input.venue },
        ...{ groups: JSON.stringify(groups), fee_fen: Math.round(Number(input.fee || 0) * 100) },
        ...{ entries_from: input.entriesFrom ?? null, entries_to: input.entriesTo ?? null },
        ...{ held_from: input.heldFrom ?? null, held_to: input.heldTo ?? null, saved_at: tx.now, version },
      })
      .where('id', '=', event.id)
      .execute()
    return { eventId: event.id, version }
  },
})

const needed: readonly (readonly [keyof EventRow, string])[] = [
  ['purpose', '竞赛目的'],
  ['venue', '比赛地点'],
  ['partners', '承办、协办单位和分工'],
  ['entries_from', '报名开始日期'],
  ['entries_to', '报名截止日期'],
  ['held_from', '比赛开始日期'],
  ['held_to', '比赛结束日期'],
]

/** Hands the filing in; the bureau's clock starts, or runs on after a correction. */
export const fileEvent = command({
  name: 'competition.fileEvent',
  permission: 'competition.host',
  input: ChooseEvent,
  async run(tx, { eventId }) {
    const { event, type } = await lockHosted(tx, eventId)
    mustBe(event, ...workable)
    const lacks = needed.filter(([column]) => !event[column]).map(([, label]) => label)
    if ((event.groups as unknown[]).length === 0) lacks.push('至少一个组别的名额')
    if (lacks.length > 0) throw no('filing-incomplete', { what: lacks.join('、') })
    const again = event.state === 'returned'
    const series = type.numbering.replace('{year}', String(yearOf(dayOf(tx.now))))
    const number = event.number ?? `${series}${String(await nextNumber(tx, 'competition', series)).padStart(3, '0')}`
    await moveEvent(tx, event, 'file', { set: { number, filed_by: tx.actor.id, filed_at: tx.now } })
    if (again) await resumeClock(tx, 'competition', eventId, 'review')
    else {
      const workdays = await figureNow(tx, type.reviewFigure)
      await startClock(tx, { kind: 'competition', id: eventId, clock: 'review', workdays, ruleId: 'R32' })
    }
    return { eventId, number, state: event.state }
  },
})

export const callBackEvent = command({
  name: 'competition.callBackEvent',
  permission: 'competition.host',
  input: ChooseEvent,
  async run(tx, { eventId }) {
    const { event } = await lockHosted(tx, eventId)
    const state = await moveEvent(tx, event, 'call-back')
    await endClock(tx, 'competition', eventId, 'review')
    return { eventId, state }
  },
})

export const withdrawEvent = command({
  name: 'competition.withdrawEvent',
  permission: 'competition.host',
  input: ChooseEvent,
  async run(tx, { eventId }) {
    const { event } = await lockHosted(tx, eventId)
    const state = await moveEvent(tx, event, 'withdraw')
    await endClock(tx, 'competition', eventId, 'review')
    return { eventId, state }
  },
})

/** One officer picks the filing up; whoever opens it at the same time finds it taken. */
export const takeEvent = command({
  name: 'competition.takeEvent',
  permission: 'competition.manage',
  input: ChooseEvent,
  async run(tx, { eventId }) {
    const { event } = await lockEvent(tx, eventId)
    mustBeApart(tx, event)
    const state = await moveEvent(tx, event, 'take', { set: { taken_by: tx.actor.id, taken_by_name: tx.actor.name } })
    return { eventId, state }
  },
})

function mustBeApart(tx: Tx, event: EventRow): void {
  const own = [event.created_by, event.filed_by].includes(tx.actor.id)
  if (own || tx.actor.can('competition.host', { organisationId: event.organisation_id })) throw no('own-filing')
}

async function lockTaken(tx: Tx, eventId: string): Promise<Awaited<ReturnType<typeof lockEvent>>> {
  const found = await lockEvent(tx, eventId)
  mustBeApart(tx, found.event)
  mustBe(found.event, 'review')
  if (found.event.taken_by !== tx.actor.id) throw no('taken-by-other', { who: found.event.taken_by_name })
  return found
}

function mustKnow(tx: Tx, codes: readonly string[], outcome: 'return' | 'reject'): void {
  const known = tx.plan.reasonCodes.filter((one) => one.stage === 'competition' && one.outcome === outcome)
  if (!codes.every((code) => known.some((one) => one.code === code))) throw no('reason-unknown')
}

export const returnEvent = command({
  name: 'competition.returnEvent',
  permission: 'competition.manage',
  input: ReturnEvent,
  async run(tx, { eventId, reasonCodes, note }) {
    const { event } = await lockTaken(tx, eventId)
    mustKnow(tx, reasonCodes, 'return')
    const state = await moveEvent(tx, event, 'return', { reasonCodes, note })
    await stopClock(tx, 'competition', eventId, 'review', 'correction')
    return { eventId, state }
  },
})

export const rejectEvent = command({
  name: 'competition.rejectEvent',
  permission: 'competition.manage',
  input: ReturnEvent,
  async run(tx, { eventId, reasonCodes, note }) {
    const { event } = await lockTaken(tx, eventId)
    mustKnow(tx, reasonCodes, 'reject')
    const state = await moveEvent(tx, event, 'reject', { reasonCodes, note })
    await endClock(tx, 'competition', eventId, 'review')
    return { eventId, state }
  },
})

/** @clause R32 @clause HZ4-M09 */
export const acceptEvent = command({
  name: 'competition.acceptEvent',
  permission: 'competition.manage',
  input: ChooseEvent,
  async run(tx, { eventId }) {
    const { event } = await lockTaken(tx, eventId)
    const state = await moveEvent(tx, event, 'accept', { set: { accepted_by: tx.actor.id } })
    await endClock(tx, 'competition', eventId, 'review')
    return { eventId, state }
  },
})

export const cancelEvent = command({
  name: 'competition.cancelEvent',
  permission: 'competition.decide',
  input: CancelEvent,
  async run(tx, { eventId, note }) {
    const { event } = await lockEvent(tx, eventId)
    const counted = event.state === 'running'
    const state = await moveEvent(tx, event, 'cancel', { note })
    if (counted) await tx.enqueue('reports.countCompetition', { eventId }, { key: `count-competition:${eventId}:end` })
    return { eventId, state }
  },
})
