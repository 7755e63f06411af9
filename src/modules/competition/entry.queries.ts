import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { maskName } from '#shared/text.ts'
import type { Day } from '#shared/units.ts'
import { type EntryState, protestContext, type protestStates } from './entry.schema.ts'
import type { EventState } from './event.schema.ts'

type Db = Ctx['db']

export type EntryLine = {
  id: string
  number: string
  groupId: string
  name: string
  team: string
  unit: string
  state: EntryState
  note: string
  members: string[]
  registeredAt: Date
}

export async function entriesOf(db: Db, eventId: string): Promise<EntryLine[]> {
  const { rows } = await sql<EntryLine>`
    select n.id, n.number, n.group_id as "groupId", n.public_name as name, n.team, n.unit, n.state, n.note,
      n.registered_at as "registeredAt",
      (select jsonb_agg(m.name order by m.seat) from competition.members m where m.entry_id = n.id) as members
    from competition.entries n where n.event_id = ${eventId} order by n.number
  `.execute(db)
  return rows
}

export type OwnEntry = {
  id: string
  number: string
  groupId: string
  name: string
  state: EntryState
  eventId: string
  eventTitle: string
  eventState: EventState
  versionId: string
  protestsUntil: Day | null
  note: string
  unit: string
  members: string[]
}

const ownEntries = (where: ReturnType<typeof sql>) => sql<OwnEntry>`
  select n.id, n.number, n.group_id as "groupId", n.public_name as name, n.state, n.note, n.unit, e.id as "eventId",
    e.title as "eventTitle", e.state as "eventState", e.version_id as "versionId", e.protests_until as "protestsUntil",
    (select jsonb_agg(m.name order by m.seat) from competition.members m where m.entry_id = n.id) as members
  from competition.entries n join competition.events e on e.id = n.event_id where ${where}
  order by n.registered_at desc limit 200`

/** A person's own entries, or those an organisation has registered. */
export async function myEntries(ctx: Ctx, organisationId: string | null): Promise<OwnEntry[]> {
  const personId = ctx.actor.onBehalfOf?.personId ?? ctx.actor.personId
  const { rows } = await ownEntries(
    organisationId === null
      ? sql`exists (select from competition.members m where m.entry_id = n.id and m.person_id = ${personId})`
      : sql`n.organisation_id = ${organisationId}`,
  ).execute(ctx.db)
  return rows
}

export async function myEntry(ctx: Ctx, id: string, organisationId: string | null) {
  const entry = (await myEntries(ctx, organisationId)).find((one) => one.id === id)
  if (!entry) throw missing('entry')
  const { rows: protests } = await sql<ProtestLine>`
    select p.id, p.number, p.state, p.reply, p.lodged_at as "lodgedAt", p.due_on as "dueOn", '' as "entryNumber", '' as text_sealed
    from competition.protests p where p.entry_id = ${id} order by p.lodged_at desc
  `.execute(ctx.db)
  return {
    entry,
    protests,
    standing: await standingOf(ctx.db, entry.eventId, id),
    awards: await awardsOfEntry(ctx.db, id),
  }
}

export type ProtestLine = {
  id: string
  number: string
  state: keyof typeof protestStates
  reply: string
  lodgedAt: Date
  dueOn: Day
  entryNumber: string
  text_sealed: string
}

/** For the bureau: the protests of a competition with what they say. */
export async function protestsOf(ctx: Ctx, eventId: string) {
  const { rows } = await sql<ProtestLine>`
    select p.id, p.number, p.state, p.reply, p.lodged_at as "lodgedAt", p.due_on as "dueOn", n.number as "entryNumber", p.text_sealed
    from competition.protests p join competition.entries n on n.id = p.entry_id where p.event_id = ${eventId} order by p.lodged_at
  `.execute(ctx.db)
  return rows.map(({ text_sealed, ...row }) => ({ ...row, text: ctx.crypto.open(text_sealed, protestContext) }))
}

export type Standing = {
  entryId: string
  groupId: string
  number: string
  name: string
  unit: string
  state: EntryState
  place: number | null
  total: number
  prize: string
  tie: string
}

/** Places and prizes of the run that counts. */
export async function standingsOf(db: Db, eventId: string): Promise<Standing[]> {
  const { rows } = await sql<Standing>`
    select s.entry_id as "entryId", s.group_id as "groupId", n.number, n.public_name as name, n.unit, n.state, s.place,
      s.total::float8 as total, s.prize, s.tie
    from competition.standings s join competition.events e on e.id = s.event_id and e.run = s.run
    join competition.entries n on n.id = s.entry_id
    where s.event_id = ${eventId} order by s.group_id, s.place nulls last, s.total desc, n.number
  `.execute(db)
  return rows
}

async function standingOf(db: Db, eventId: string, entryId: string): Promise<Standing | null> {
  return (await standingsOf(db, eventId)).find((one) => one.entryId === entryId) ?? null
}

export type AwardLine = {
  id: string
  number: string
  eventId: string
  eventTitle: string
  versionId: string
  host: string
  name: string
  unit: string
  team: string
  groupId: string
  prize: string
  place: number
  total: number
  awardedOn: Day
  entryId: string
  personId: string
}

const awards = (where: ReturnType<typeof sql>) => sql<AwardLine>`
  select a.id, a.number, a.event_id as "eventId", e.title as "eventTitle", e.version_id as "versionId", o.name as host, a.name,
    a.unit, a.team, a.group_id as "groupId", a.prize, a.place, a.total::float8 as total, a.awarded_on as "awardedOn",
    a.entry_id as "entryId", a.person_id as "personId"
  from competition.awards a join competition.events e on e.id = a.event_id join people.organisations o on o.id = e.organisation_id
  where ${where} order by a.awarded_on desc, a.number limit 500`

export const awardsOfEvent = async (db: Db, eventId: string) =>
  (await awards(sql`a.event_id = ${eventId}`).execute(db)).rows
const awardsOfEntry = async (db: Db, entryId: string) => (await awards(sql`a.entry_id = ${entryId}`).execute(db)).rows
export const awardsOfPerson = async (db: Db, personId: string) =>
  (await awards(sql`a.person_id = ${personId}`).execute(db)).rows

/** What anybody with the number of a certificate sees: it is real, and whose it is. */
export async function awardByNumber(db: Db, number: string): Promise<AwardLine & { shownName: string }> {
  const { rows } = await awards(sql`a.number = ${number.trim().toUpperCase()}`).execute(db)
  const found = rows[0]
  if (!found) throw missing('award')
  return { ...found, shownName: maskName(found.name) }
}

export async function awardById(db: Db, id: string): Promise<AwardLine> {
  const { rows } = await awards(sql`a.id = ${id}`).execute(db)
  if (!rows[0]) throw missing('award')
  return rows[0]
}

export async function upwardOf(db: Db, eventId: string) {
  return db
    .selectFrom('competition.upward')
    .select(['entry_id as entryId', 'target', 'at', 'note'])
    .where('event_id', '=', eventId)
    .orderBy('at')
    .execute()
}
