import { sql } from 'kysely'
import { register } from '#modules/learning/registration.commands.ts'
import { realTime } from '#platform/clock.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { arrivalFor } from './arrival.queries.ts'
import { EndLink, Enter } from './arrival.schema.ts'

const clause = 'C01'
type Grades = { lineItem: string | null; lineItems: string | null; scopes: string[] } | null
type Row = {
  subject_index: string
  subject_sealed: string
  deployment_id: string
  resource_link_id: string
  grades: Grades
}

/**
 * Into the course from a platform. The one who comes must be signed in here by himself; the first time he says that the
 * account there is his. What the platform says opens nothing: it is compared with who is already here.
 * @clause HZ4-M13 C01
 */
export const enter: Command<typeof Enter, { registrationId: string; linked: boolean }> = command({
  name: 'connect.enter',
  permission: 'self.check-in',
  input: Enter,
  told: ({ agree }) => ({ agree }),
  async run(tx, { code, browser, agree }) {
    const { kind, id: accountId, personId, onBehalfOf } = tx.actor
    if (kind !== 'user' || !personId || onBehalfOf) throw missing('arrival')
    const arrival = await arrivalFor(tx.db, code, browser)
    if (arrival === 'over') throw refused({ clause, reason: 'arrival-over', facts: {} })
    if (arrival === 'other-browser') throw refused({ clause, reason: 'arrival-other-browser', facts: {} })
    if (arrival.kind !== 'resource') throw missing('arrival')
    if (!arrival.courseId) throw refused({ clause: 'HZ4-M13', reason: 'course-not-given', facts: {} })
    const row = await take(tx, arrival.id)
    const { linkId, fresh } = await linkFor(tx, { platformId: arrival.platformId, accountId, personId, agree, row })
    const registrationId = await registered(tx, personId, arrival.courseId)
    const grades = row.grades
    const place = {
      registration_id: registrationId,
      line_item_url: grades?.lineItem ?? null,
      line_items_url: grades?.lineItems ?? null,
      scopes: grades?.scopes ?? [],
    }
    await tx.db
      .insertInto('connect.placements')
      .values({
        ...place,
        account_link_id: linkId,
        platform_id: arrival.platformId,
        resource_link_id: row.resource_link_id,
        deployment_id: row.deployment_id,
        created_at: tx.now,
      })
      .onConflict((c) => c.columns(['account_link_id', 'resource_link_id']).doUpdateSet(place))
      .execute()
    await tx.enqueue('connect.passBack', {}, { key: 'connect.passBack' })
    tx.about('lti-platform', arrival.platformId)
    tx.about('registration', registrationId)
    tx.about('person', personId)
    return { registrationId, linked: fresh }
  },
})

async function take(tx: Tx, arrivalId: string): Promise<Row> {
  const row = await tx.db
    .updateTable('connect.arrivals')
    .set({ done_at: realTime() })
    .where('id', '=', arrivalId)
    .where('done_at', 'is', null)
    .returning(['subject_index', 'subject_sealed', 'deployment_id', 'resource_link_id', 'grades'])
    .$castTo<Row>()
    .executeTakeFirst()
  if (!row) throw refused({ clause, reason: 'arrival-over', facts: {} })
  return row
}

type Linking = { platformId: string; accountId: string; personId: string; agree: boolean; row: Row }

async function linkFor(tx: Tx, of: Linking): Promise<{ linkId: string; fresh: boolean }> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`connect.link:${of.platformId}`}, 0))`.execute(tx.db)
  const there = await tx.db
    .selectFrom('connect.account_links')
    .select(['id', 'person_id', 'subject_index'])
    .where('platform_id', '=', of.platformId)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('subject_index', '=', of.row.subject_index), eb('person_id', '=', of.personId)]))
    .execute()
  const same = there.find((one) => one.subject_index === of.row.subject_index)
  if (same && same.person_id !== of.personId) throw refused({ clause, reason: 'link-other-person', facts: {} })
  if (same) return { linkId: same.id, fresh: false }
  if (there.length > 0) throw refused({ clause, reason: 'link-taken', facts: {} })
  if (!of.agree) throw missing('account-link')
  const account = await tx.db.selectFrom('auth.users').select('kind').where('id', '=', of.accountId).executeTakeFirst()
  if (!account || account.kind === 'official') throw refused({ clause, reason: 'link-official', facts: {} })
  const { id } = await tx.db
    .insertInto('connect.account_links')
    .values({
      platform_id: of.platformId,
      subject_index: of.row.subject_index,
      subject_sealed: of.row.subject_sealed,
      account_id: of.accountId,
      person_id: of.personId,
      linked_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tx.about('account-link', id)
  return { linkId: id, fresh: true }
}

/** The course as the person already learns it, for a class or for himself; otherwise begun for himself. */
async function registered(tx: Tx, personId: string, courseId: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`select id from learning.registrations where person_id = ${personId}
    and course_id = ${courseId} order by enrolment_id is null, registered_at desc limit 1`.execute(tx.db)
  return rows[0]?.id ?? (await register(tx, { courseId })).registrationId
}

/** Ends one's own link; the next time somebody comes by that account he is asked again. @clause C01 */
export const endLink: Command<typeof EndLink, { id: string }> = command({
  name: 'connect.endLink',
  permission: 'self.records',
  input: EndLink,
  async run(tx, { id }) {
    const ended = await tx.db
      .updateTable('connect.account_links')
      .set({ ended_at: tx.now })
      .where('id', '=', id)
      .where('account_id', '=', tx.actor.id)
      .where('ended_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!ended) throw missing('account-link')
    tx.about('account-link', id)
    return { id }
  },
})
