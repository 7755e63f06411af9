import { randomBytes, randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { openPersons } from '#modules/people/person.queries.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { courseHolderContext } from './credential.queries.ts'
import { IssueCompletion, IssueMissing, RevokeCompletion } from './credential.schema.ts'
import { placeOf, placesPerList } from './status.rules.ts'

/**
 * Makes the credentials of certificates that have none yet, oldest first. One that exists is never made again, so it
 * may be called as often as one likes, by several at once.
 * @clause HZ4-M13
 */
export const issueMissing: Command<typeof IssueMissing, { issuedCount: number; done: boolean }> = command({
  name: 'credentials.issueMissing',
  permission: 'system.operate',
  input: IssueMissing,
  async run(tx, { size }) {
    await oneAtATime(tx)
    const { rows } = await sql<{ id: string; personId: string }>`
      select k.id, k.person_id as "personId" from assessment.certificates k
      where not exists (select from credentials.issued i where i.certificate_id = k.id)
      order by k.id limit ${size}
    `.execute(tx.db)
    const places = await deal(tx, rows.length)
    if (rows.length > 0) {
      await tx.db
        .insertInto('credentials.issued')
        .values(
          rows.map(({ id, personId }, at) => ({
            kind: 'training',
            person_id: personId,
            certificate_id: id,
            ...(places[at] as Place),
            salt: salt(),
            issued_at: tx.now,
          })),
        )
        .execute()
    }
    return { issuedCount: rows.length, done: rows.length < size }
  },
})

/**
 * Makes the credential of a course that somebody finished in the online library; called by the library's own job, once
 * or many times with the same `sourceKey`. The name is sealed as it is today.
 * @clause HZ4-M13
 */
export const issueCompletion: Command<typeof IssueCompletion, { id: string }> = command({
  name: 'credentials.issueCompletion',
  permission: 'system.operate',
  input: IssueCompletion,
  async run(tx, input) {
    await oneAtATime(tx)
    const known = await tx.db
      .selectFrom('credentials.issued')
      .select('id')
      .where('source_key', '=', input.sourceKey)
      .executeTakeFirst()
    if (known) return known
    const person = (await openPersons(tx.db, tx.crypto, [input.personId])).get(input.personId)
    if (!person) throw missing('person')
    const [place] = await deal(tx, 1)
    const { id } = await tx.db
      .insertInto('credentials.issued')
      .values({
        kind: 'course',
        person_id: input.personId,
        source_key: input.sourceKey,
        course: JSON.stringify(input.course),
        holder_sealed: tx.crypto.seal(JSON.stringify({ name: person.name }), courseHolderContext),
        ...(place as Place),
        salt: salt(),
        issued_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('credential', id)
    return { id }
  },
})

/**
 * Takes a course completion back, once and for ever; its bit is set in the same commit.
 * @clause HZ4-M13
 */
export const revokeCompletion: Command<typeof RevokeCompletion, { id: string }> = command({
  name: 'credentials.revokeCompletion',
  permission: 'system.operate',
  input: RevokeCompletion,
  async run(tx, input) {
    const found = await tx.db
      .selectFrom('credentials.issued')
      .select(['id', 'revoked_at'])
      .where('source_key', '=', input.sourceKey)
      .forUpdate()
      .executeTakeFirst()
    if (!found) throw missing('credential')
    tx.about('credential', found.id)
    if (found.revoked_at) throw refused({ clause: 'HZ4-M13', reason: 'already-revoked', facts: {} })
    await tx.db
      .updateTable('credentials.issued')
      .set({ revoked_at: tx.now, revoked_by: tx.actor.id, revoke_reason: input.reason })
      .where('id', '=', found.id)
      .execute()
    return { id: found.id }
  },
})

type Place = { list: number; place: number }

const oneAtATime = (tx: Tx) =>
  sql`select pg_advisory_xact_lock(hashtextextended('credentials.issued', 0))`.execute(tx.db)

const salt = () => randomBytes(16).toString('base64url')

/** The next places, in the newest list and, when it is full, in one more. The caller holds the lock. */
async function deal(tx: Tx, count: number): Promise<Place[]> {
  const places: Place[] = []
  while (places.length < count) {
    const list = await openList(tx)
    const take = Math.min(count - places.length, placesPerList - list.dealt)
    for (let at = 0; at < take; at++) places.push({ list: list.number, place: placeOf(list, list.dealt + at) })
    await tx.db
      .updateTable('credentials.lists')
      .set({ dealt: list.dealt + take })
      .where('number', '=', list.number)
      .execute()
  }
  return places
}

async function openList(tx: Tx) {
  const newest = await tx.db
    .selectFrom('credentials.lists')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (newest && newest.dealt < placesPerList) return newest
  return tx.db
    .insertInto('credentials.lists')
    .values({
      number: (newest?.number ?? 0) + 1,
      multiplier: randomInt(placesPerList / 2) * 2 + 1,
      shift: randomInt(placesPerList),
      opened_at: tx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}
