import { type SqlBool, sql } from 'kysely'
import type { DocumentKind } from '#modules/people/identity.schema.ts'
import { findByUscc } from '#modules/people/organisation.queries.ts'
import { ensurePersons } from '#modules/people/person.commands.ts'
import { bornOnOf, openPersons } from '#modules/people/person.queries.ts'
import { recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { AppError, invalid, missing } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { ageOn, dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { type EventRow, lockEvent, no } from './case.commands.ts'
import { consentWords, EnterOwn, EnterTeam } from './entry.schema.ts'

type Group = { id: string; label: string }
type Member = { personId: string; name: string }

/**
 * An organisation enters a person or a team. Nobody is in the same competition twice, and the last place is taken by one.
 * @clause R32
 */
export const enterTeam = command({
  name: 'competition.enterTeam',
  permission: 'competition.enter',
  input: EnterTeam,
  told: ({ eventId, groupId, team }) => ({ eventId, groupId, team }),
  async run(tx, input) {
    if (!tx.actor.can('competition.enter', { organisationId: input.organisationId })) throw missing('organisation')
    const { event, group } = await openFor(tx, input.eventId, input.groupId)
    const filled = input.members.filter((one) => one.name !== '' || one.documentNumber !== '')
    const faults: Record<string, string[]> = {}
    input.members.forEach((one, at) => {
      if (one.name === '' && one.documentNumber !== '') faults[`members.${at}.name`] = ['请填写姓名']
      if (one.name !== '' && one.documentNumber === '') faults[`members.${at}.documentNumber`] = ['请填写证件号码']
    })
    if (filled.length === 0) faults['members.0.name'] = ['请填写选手']
    if (Object.keys(faults).length > 0) throw invalid(faults)
    if (group.team) {
      const set = (await figuresFor(tx))(group.team.mostFigure, dayOf(tx.now)).value
      const most = set ?? group.team.most
      if (filled.length < group.team.least || filled.length > most)
        throw no('team-size', { least: group.team.least, most })
      if (input.team === '') throw no('team-name')
    } else if (filled.length !== 1) throw no('one-person')
    const organisation = await tx.db
      .selectFrom('people.organisations')
      .select(['id', 'name'])
      .where('id', '=', input.organisationId)
      .executeTakeFirstOrThrow()
    const persons = await ensurePersons(
      tx,
      filled.map((one) => ({ ...one, documentKind: one.documentKind as DocumentKind })),
      (row) => `members.${input.members.indexOf(filled[row] as (typeof filled)[number])}.`,
    )
    const members = persons.map((one, at) => ({ personId: one.personId, name: filled[at]?.name ?? '' }))
    const wrong = persons.findIndex((one) => one.nameDiffers)
    if (wrong >= 0) throw no('name-differs', { who: members[wrong]?.name ?? '' })
    return enter(tx, {
      event,
      group,
      members,
      unit: organisation.name,
      organisationId: organisation.id,
      team: input.team,
    })
  },
})

/** A person enters for himself. */
export const enterOwn = command({
  name: 'competition.enterOwn',
  permission: 'self.apply',
  input: EnterOwn,
  async run(tx, input) {
    const personId = tx.actor.onBehalfOf?.personId ?? tx.actor.personId
    if (!personId) throw new AppError({ kind: 'forbidden', permission: 'self.apply' })
    const { event, group } = await openFor(tx, input.eventId, input.groupId)
    if (group.team) throw no('own-individual')
    const organisation = input.uscc ? await findByUscc(tx.db, input.uscc.toUpperCase()) : undefined
    if (input.uscc && !organisation) throw invalid({ uscc: ['平台没有这个统一社会信用代码，不清楚可以不填'] })
    const name = (await openPersons(tx.db, tx.crypto, [personId])).get(personId)?.name ?? ''
    return enter(tx, {
      ...{ event, group, members: [{ personId, name }], team: '' },
      ...{ unit: organisation?.name ?? input.unit, organisationId: organisation?.id ?? null },
    })
  },
})

async function openFor(tx: Tx, eventId: string, groupId: string) {
  const { event, type } = await lockEvent(tx, eventId, 'share')
  const today = dayOf(tx.now)
  const open = event.state === 'announced' && (event.entries_from as Day) <= today && today <= (event.entries_to as Day)
  if (!open) {
    if (event.announced_at === null) throw missing('competition')
    throw no('entries-closed')
  }
  const held = (event.groups as { id: string }[]).some((one) => one.id === groupId)
  const group = type.groups.find((one) => one.id === groupId)
  if (!held || !group) throw no('group-unknown')
  return { event, group }
}

type Entrant = {
  event: EventRow
  group: Group & { ageLeastFigure: string; ageMostFigure: string }
  members: Member[]
  unit: string
  organisationId: string | null
  team: string
}

async function enter(tx: Tx, { event, group, members, unit, organisationId, team }: Entrant) {
  const ids = members.map((one) => one.personId)
  const twice = members.find((one, at) => ids.indexOf(one.personId) !== at)
  if (twice) throw no('twice-in-team', { who: twice.name })
  // one order for everybody, so that two teams with the same people wait for one another instead of crosswise
  for (const personId of ids.toSorted()) await lockPerson(tx, event.id, personId)
  await mustBeFree(tx, event.id, members)
  await mustBeOfAge(tx, group, members)
  await sql`select pg_advisory_xact_lock(hashtextextended(${`competition.group:${event.id}:${group.id}`}, 0))`.execute(
    tx.db,
  )
  const place = await tx.db
    .selectFrom('competition.group_places')
    .select(['most', 'taken'])
    .where('event_id', '=', event.id)
    .where('group_id', '=', group.id)
    .executeTakeFirst()
  if (!place) throw no('group-unknown')
  if (place.most !== null && place.taken >= place.most) throw no('group-full', { group: group.label, most: place.most })
  const { rows: known } = await sql<{ n: number }>`
    select count(*)::int as n from competition.entries where event_id = ${event.id} and group_id = ${group.id}
  `.execute(tx.db)
  const at = (event.groups as { id: string }[]).findIndex((one) => one.id === group.id) + 1
  const number = `${event.number}-${at}${String((known[0]?.n ?? 0) + 1).padStart(4, '0')}`
  const { id } = await tx.db
    .insertInto('competition.entries')
    .values({
      ...{ number, event_id: event.id, group_id: group.id, organisation_id: organisationId, unit, team },
      public_name: team || members.map((one) => one.name).join('、'),
      ...{ consent_words: consentWords, registered_by: tx.actor.id, registered_at: tx.now },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tx.about('entry', id)
  await tx.db
    .insertInto('competition.members')
    .values(
      members.map((one, seat) => ({
        ...{ entry_id: id, event_id: event.id, person_id: one.personId, seat: seat + 1, name: one.name },
      })),
    )
    .execute()
  await recordMove(tx, { kind: 'entry', id, move: 'register', from: '', to: 'registered' })
  return { entryId: id, number }
}

const lockPerson = (tx: Tx, eventId: string, personId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`competition.person:${eventId}:${personId}`}, 0))`.execute(tx.db)

async function mustBeFree(tx: Tx, eventId: string, members: readonly Member[]): Promise<void> {
  const ids = members.map((one) => one.personId)
  const nameOf = (id: string | undefined) => members.find((one) => one.personId === id)?.name ?? ''
  const entered = await tx.db
    .selectFrom('competition.members')
    .select('person_id')
    .where('event_id', '=', eventId)
    .where('left_at', 'is', null)
    .where(sql<SqlBool>`person_id = any(${ids}::uuid[])`)
    .executeTakeFirst()
  if (entered) throw no('entered-already', { who: nameOf(entered.person_id) })
  const judge = await tx.db
    .selectFrom('competition.judges')
    .select('person_id')
    .where('event_id', '=', eventId)
    .where('state', '=', 'seated')
    .where(sql<SqlBool>`person_id = any(${ids}::uuid[])`)
    .executeTakeFirst()
  if (judge) throw no('judges-here', { who: nameOf(judge.person_id) })
}

/** An age nobody has laid down refuses nobody. */
async function mustBeOfAge(tx: Tx, group: Entrant['group'], members: readonly Member[]): Promise<void> {
  const figure = await figuresFor(tx)
  const today = dayOf(tx.now)
  const [least, most] = [figure(group.ageLeastFigure, today).value, figure(group.ageMostFigure, today).value]
  if (least === null && most === null) return
  for (const one of members) {
    const born = await bornOnOf(tx, one.personId)
    if (!born) continue
    const age = ageOn(born, today)
    if (least !== null && age < least) throw no('too-young', { who: one.name, least })
    if (most !== null && age > most) throw no('too-old', { who: one.name, most })
  }
}
