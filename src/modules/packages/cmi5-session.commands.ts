import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { statementsByIds } from '#modules/records/statement.queries.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { definedVerb, inTimeOrder, judgeStatement, noteStatement, secondsOf, valuesAfter } from './cmi5.rules.ts'
import type { Broken, Statement } from './cmi5.schema.ts'
import { abandoned, launchData, launchDataId, launched } from './cmi5-launch.rules.ts'
import { keepJson, keepPreferences, keepStatements, speak, tellSatisfied } from './cmi5-record.commands.ts'
import { type AuRegistration, type AuSession, auSession, stateOf } from './cmi5-session.queries.ts'
import { FetchToken, LaunchAu, TellStatements } from './cmi5-session.schema.ts'
import { registered } from './waive.commands.ts'

const clause = 'HZ4-M13'

/**
 * Before an AU opens: its launch data lies in the record store, and `launched` is said (sections 9.3.1, 10). With a
 * registration's first launch, what needs nothing to be satisfied is said to be.
 * @clause HZ4-M13
 */
export const launchAu: Command<typeof LaunchAu, { launchId: string }> = command({
  name: 'packages.launchAu',
  permission: 'self.check-in',
  input: LaunchAu,
  async run(tx, { launchId, home, address, returnAddress }) {
    await registerFor(tx, launchId, home)
    const at = await ownSession(tx, launchId)
    const { registration, session } = at
    const { organisationId } = registration
    await keepJson(
      tx,
      { organisationId, session, kind: 'state', id: launchDataId, over: true },
      launchData(session, returnAddress),
    )
    await keepPreferences(tx, organisationId, session)
    await speak(tx, registration, [launched(session, { id: randomUUID(), at: tx.now }, address)])
    await tellSatisfied(tx, registration, at.found, session)
    return { launchId }
  },
})

async function registerFor(tx: Tx, launchId: string, home: string): Promise<void> {
  const { rows } = await sql<Omit<AuRegistration, 'id' | 'accountName' | 'home'>>`
    select a.registration_id as "registrationId", a.item_id as "itemId", a.package_id as "packageId",
      l.person_id as "personId", p.organisation_id as "organisationId"
    from packages.launches l join packages.attempts a on a.id = l.attempt_id join packages.packages p on p.id = a.package_id
    where l.id = ${launchId} and l.person_id = ${personOf(tx)} and p.kind = 'cmi5'
  `.execute(tx.db)
  if (rows[0]) await registered(tx, { ...rows[0], home })
}

function personOf(tx: Tx): string {
  const personId = tx.actor.onBehalfOf?.personId ?? tx.actor.personId
  if (!personId) throw missing('launch')
  return personId
}

/** The session with its attempt locked: whoever says something about it waits for whoever says something now. */
async function ownSession(tx: Tx, launchId: string): Promise<AuSession> {
  const personId = personOf(tx)
  await sql`
    select from packages.attempts where id = (select attempt_id from packages.launches where id = ${launchId}) for update
  `.execute(tx.db)
  const at = await auSession(tx.db, { launchId, personId })
  if (!at) throw missing('launch')
  tx.about('launch', launchId)
  return at
}

/** The one-time address of the token: true the first time, while the session runs (section 8.2). */
export const fetchToken: Command<typeof FetchToken, { first: boolean }> = command({
  name: 'packages.fetchToken',
  permission: 'self.check-in',
  input: FetchToken,
  outcome: ({ first }) => ({ first }),
  async run(tx, { launchId }) {
    const { rows } = await sql`
      update packages.launches set fetched_at = ${tx.now}
      where id = ${launchId} and person_id = ${personOf(tx)} and fetched_at is null and ended_at is null returning id
    `.execute(tx.db)
    tx.about('launch', launchId)
    return { first: rows.length === 1 }
  },
})

const broken = ({ section, message }: Broken) => refused({ clause, reason: 'cmi5-broken', facts: { section, message } })

/**
 * Takes in what an AU says. All statements of one request or none; each is judged by the rules of cmi5 in the order of
 * its timestamps, and one that the store has already is passed over, so that an AU may send again what it has no answer to.
 * @clause HZ4-M13
 */
export const tellStatements: Command<typeof TellStatements, { ids: string[]; count: number }> = command({
  name: 'packages.tellStatements',
  permission: 'self.check-in',
  input: TellStatements,
  told: ({ launchId, statements, files }) => ({ launchId, count: statements.length, files: files.length }),
  outcome: ({ ids, count }) => ({ ids, count }),
  async run(tx, { launchId, statements, version, files }) {
    const at = await ownSession(tx, launchId)
    const { organisationId } = at.registration
    const given = statements.flatMap(({ id }) => id ?? [])
    const there = await statementsByIds(tx.db, organisationId, given)
    const fresh = statements.filter(({ id }) => !there.has(id?.toLowerCase() ?? ''))
    const before = await stateOf(tx, launchId, at)
    let state = before
    let { values } = at
    const rows = []
    for (const statement of inTimeOrder(fresh as Statement[])) {
      const [fault] = judgeStatement(statement, at.session, state)
      if (fault) throw broken(fault)
      state = noteStatement(state, statement)
      values = valuesAfter(values, statement)
      rows.push({
        said: saidOf(statement),
        seconds: secondsOf(statement),
        final: definedVerb(statement) === 'terminated',
      })
    }
    const ids = await keepStatements(tx, at.registration, { statements, version, files })
    await keepReports(tx, launchId, rows, before.terminated !== null)
    await tx.db
      .updateTable('packages.attempts')
      .set({ vals: JSON.stringify(values) })
      .where('id', '=', at.attemptId)
      .execute()
    if (rows.some(({ final }) => final)) await endLaunch(tx, launchId)
    await tellSatisfied(tx, at.registration, at.found, at.session)
    return { ids, count: fresh.length }
  },
})

/** The name of a verb of cmi5; what is merely allowed goes by its own address, also where the verb is one of cmi5. */
const saidOf = (statement: Statement): [string, string] => [
  definedVerb(statement) ?? statement.verb?.id ?? '',
  statement.id ?? '',
]

/** Each statement is a report of the session: the time that it tells last is the session's, of late ones it is none. */
async function keepReports(
  tx: Tx,
  launchId: string,
  said: { said: [string, string]; seconds: number | null; final: boolean }[],
  late: boolean,
): Promise<void> {
  if (said.length === 0) return
  const last = await tx.db
    .selectFrom('packages.commits')
    .select(['seq', 'reported_cs'])
    .where('launch_id', '=', launchId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  let reported = Number(last?.reported_cs ?? 0)
  const rows = said.map((one, i) => {
    reported = one.seconds === null || late ? reported : Math.round(one.seconds * 100)
    return {
      ...{ launch_id: launchId, seq: (last?.seq ?? 0) + 1 + i, at: tx.now, final: one.final, late },
      ...{ changes: JSON.stringify([one.said]), refused: '[]', reported_cs: reported },
    }
  })
  await tx.db.insertInto('packages.commits').values(rows).execute()
}

async function endLaunch(tx: Tx, launchId: string): Promise<void> {
  await sql`
    update packages.launches set ended_at = greatest(${tx.now}::timestamptz, launched_at), end_reason = 'terminated'
    where id = ${launchId} and ended_at is null
  `.execute(tx.db)
}

/** Says `abandoned` for a session that ended without a word, once (section 9.3.6). For whoever ends it. */
export async function tellAbandoned(tx: Tx, at: { launchId: string; personId: string }): Promise<void> {
  const found = await auSession(tx.db, at)
  if (!found) return
  const seconds = ((found.heardAt ?? found.launchedAt).getTime() - found.launchedAt.getTime()) / 1000
  await speak(tx, found.registration, [abandoned(found.session, { id: randomUUID(), at: tx.now }, seconds)])
}
