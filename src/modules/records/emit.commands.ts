import { sql } from 'kysely'
import { z } from 'zod'
import { command, type Tx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { insertClient } from './client.commands.ts'
import type { Client } from './client.schema.ts'
import { classOwner, happeningsOf, idOfText } from './emit.queries.ts'
import { type Happening, statementOf } from './emit.rules.ts'
import { ensureMonth, storeStatements } from './statement.commands.ts'
import { checkStatement } from './statement.rules.ts'
import type { Statement } from './statement.schema.ts'

const most = 500

/** The client under whose name the platform speaks in an organisation's store; it can never sign in. */
export async function platformClient(
  tx: Tx,
  organisationId: string,
  home: string,
): Promise<Pick<Client, 'id' | 'authority'>> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`records.platform ${organisationId}`}, 0))`.execute(tx.db)
  const find = () =>
    tx.db
      .selectFrom('records.clients')
      .select(['id', 'authority'])
      .where('organisation_id', '=', organisationId)
      .where('kind', '=', 'platform')
      .executeTakeFirst()
  const there = await find()
  if (there) return there
  await insertClient(tx, {
    organisationId,
    kind: 'platform',
    name: '本平台',
    homePage: home,
    scopes: ['statements/write'],
  })
  const made = await find()
  if (!made) throw missing('xapi-client')
  return made
}

/**
 * Puts statements of the platform's own into an organisation's store, within the caller's transaction. For the jobs of other
 * modules; statements are checked as anybody's are, and one that is there already is passed over.
 */
export async function emit(tx: Tx, organisationId: string, home: string, statements: Statement[]): Promise<number> {
  const client = await platformClient(tx, organisationId, home)
  const checked = statements.map((one) => checkStatement(one, '1.0.3'))
  const batch = { client: { ...client, organisationId }, version: '1.0.3' as const, statements: checked, files: [] }
  return (await storeStatements(tx, batch)).count
}

/**
 * Tells a class's happenings that are not told yet. Run again, it tells nothing twice.
 * @clause HZ4-M13
 */
export const emitClass = command({
  name: 'records.emitClass',
  permission: 'system.operate',
  input: z.object({ classId: z.uuid(), home: z.url() }),
  async run(tx, { classId, home }) {
    const organisationId = await classOwner(tx.db, classId)
    if (!organisationId) throw missing('class')
    await sql`select pg_advisory_xact_lock(hashtextextended(${`records.emit ${classId}`}, 0))`.execute(tx.db)
    const happenings = await happeningsOf(tx, classId, most)
    tx.about('class', classId)
    tx.about('organisation', organisationId)
    if (happenings.length > 0) {
      await emit(
        tx,
        organisationId,
        home,
        happenings.map((one) => statementOf(home, one, idOfText)),
      )
      await noteTold(tx, happenings)
    }
    return { count: happenings.length, left: happenings.length === most }
  },
  outcome: ({ count }) => ({ count }),
})

async function noteTold(tx: Tx, happenings: readonly Happening[]): Promise<void> {
  await tx.db
    .insertInto('records.told')
    .values(happenings.map(({ kind, recordId }) => ({ kind, record_id: recordId, at: tx.now })))
    .execute()
}

/** Makes the tables of this month and the next two ahead of time. */
export const makeMonths = command({
  name: 'records.makeMonths',
  permission: 'system.operate',
  input: z.object({}),
  async run(tx) {
    for (const ahead of [0, 1, 2]) {
      const month = new Date(Date.UTC(tx.now.getUTCFullYear(), tx.now.getUTCMonth() + ahead, 1))
      await ensureMonth(tx.db, month)
    }
    return { count: 3 }
  },
  outcome: ({ count }) => ({ count }),
})
