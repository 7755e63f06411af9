import { randomBytes, randomUUID } from 'node:crypto'
import { type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import { openPersons } from '#modules/people/person.queries.ts'
import { stepLength } from '#modules/subsidy/desk.commands.ts'
import { endPublication, publiciseClaims } from '#modules/subsidy/publication.commands.ts'
import { command, type Tx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { missing } from '#platform/errors.ts'
import { takeTurn } from '#platform/limits.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { cleanIdentity, frozen, identityOf, leafOf, pathOf, proves, rowsOf } from './list.rules.ts'
import { checkRowInput, openListInput, type PublicRow, type RowReceipt, receiptMethod } from './list.schema.ts'

type Row = { content: PublicRow; claimId: string; lineId: string | null; salt: string; identity: string; leaf: string }

/**
 * Puts reviewed claims before the public for the statutory days: who, what, how much, masked. The list is frozen here:
 * snapshot, digest of the file, and the root that lets each person prove a row later.
 * @clause HZ4-M16 @clause R33 @clause R37
 */
export const openList = command({
  name: 'publicity.openList',
  permission: 'publicity.run',
  input: openListInput,
  async run(tx, { claimIds, title }) {
    const id = randomUUID()
    const today = dayOf(tx.now)
    const length = await stepLength(tx, 'R33.publicity')
    const closesOn = addWorkdays(today, length.days).day
    await publiciseClaims(tx, { claimIds, listId: id, opensOn: today, closesOn })
    const rows = await rowsFor(tx, claimIds)
    const number = await nextNumber(tx)
    const units = rows.filter((row) => row.content.kind === 'unit')
    const totalFen = units.reduce((sum, row) => sum + row.content.amountFen, 0)
    await tx.db
      .insertInto('publicity.lists')
      .values({
        id,
        number,
        title,
        opened_on: today,
        closes_on: closesOn,
        workdays: length.days,
        decided: length.decided,
        claims: units.length,
        rows: rows.length,
        total_fen: totalFen,
        ...frozen(sha256, { number, title, openedOn: today, closesOn, totalFen }, rows),
        opened_by: tx.actor.id,
        opened_by_name: tx.actor.name,
        opened_at: tx.now,
      })
      .execute()
    await insertRows(tx, id, rows)
    tx.about('publicity-list', id)
    return { id, number, closesOn, count: units.length, rowCount: rows.length, totalFen }
  },
})

async function nextNumber(tx: Tx): Promise<string> {
  const { rows } = await sql<{ n: number }>`select nextval('publicity.list_numbers') as n`.execute(tx.db)
  return `GS-${yearOf(dayOf(tx.now))}-${String(rows[0]?.n ?? 0).padStart(4, '0')}`
}

/** Every row of the list, each with its own salt. Names and numbers are opened only to bind them into the digest. */
async function rowsFor(tx: Tx, claimIds: readonly string[]): Promise<Row[]> {
  const claims = await tx.db
    .selectFrom('subsidy.claims as c')
    .innerJoin('people.organisations as g', 'g.id', 'c.organisation_id')
    .select(['c.id', 'c.programme', 'g.name', 'g.uscc'])
    .where(sql<SqlBool>`c.id = any(${[...claimIds]}::uuid[])`)
    .orderBy('c.number')
    .execute()
  const lines = await tx.db
    .selectFrom('subsidy.claim_lines as l')
    .innerJoin('people.persons as p', 'p.id', 'l.person_id')
    .select(['l.id', 'l.claim_id', 'l.person_id', 'l.amount_fen as amountFen'])
    .select(['p.name_masked as nameMasked', 'p.document_masked as documentMasked'])
    .where(sql<SqlBool>`l.claim_id = any(${[...claimIds]}::uuid[])`)
    .where('l.dropped_at', 'is', null)
    .where('l.amount_fen', '>', 0)
    .orderBy('l.id')
    .execute()
  const people = await openPersons(
    tx.db,
    tx.crypto,
    lines.map((line) => line.person_id),
  )
  const byClaim = Map.groupBy(lines, (line) => line.claim_id)
  let position = 1
  return claims.flatMap((claim) => {
    const own = byClaim.get(claim.id) ?? []
    const subsidy = tx.plan.programmes.find((one) => one.code === claim.programme)?.name ?? claim.programme
    const contents = rowsOf({ unit: claim.name, uscc: claim.uscc, subsidy, lines: own }, position)
    position += contents.length
    return contents.map((content, i): Row => {
      const line = i === 0 ? undefined : own[i - 1]
      const who = line && people.get(line.person_id)
      const salt = randomBytes(16).toString('hex')
      const identity = who
        ? identityOf(sha256, salt, cleanIdentity(who.name), cleanIdentity(who.documentNumber))
        : identityOf(sha256, salt, cleanIdentity(claim.name), cleanIdentity(claim.uscc))
      const leaf = leafOf(sha256, content, salt, identity)
      return { content, claimId: claim.id, lineId: line?.id ?? null, salt, identity, leaf }
    })
  })
}

async function insertRows(tx: Tx, listId: string, rows: readonly Row[]): Promise<void> {
  for (let i = 0; i < rows.length; i += 1000) {
    await tx.db
      .insertInto('publicity.rows')
      .values(
        rows.slice(i, i + 1000).map((row) => ({
          list_id: listId,
          position: row.content.position,
          kind: row.content.kind,
          claim_id: row.claimId,
          line_id: row.lineId,
          content: JSON.stringify(row.content),
          salt: row.salt,
          identity: row.identity,
          leaf: row.leaf,
        })),
      )
      .execute()
  }
}

/**
 * Ends every list whose last public day has passed; run daily, and running it again does nothing. Claims without an open
 * objection then wait for approval.
 * @clause R33 @clause C24
 */
export const closeLists = command({
  name: 'publicity.close',
  permission: 'publicity.run',
  input: z.object({}),
  async run(tx) {
    const today = dayOf(tx.now)
    const due = await tx.db
      .selectFrom('publicity.lists')
      .select('id')
      .where('state', '=', 'open')
      .where('closes_on', '<', today)
      .orderBy('id')
      .forUpdate()
      .execute()
    for (const { id } of due) {
      tx.about('publicity-list', id)
      await tx.db
        .updateTable('publicity.lists')
        .set({ state: 'closed', closed_at: tx.now })
        .where('id', '=', id)
        .execute()
      await endPublication(tx, { listId: id, endedOn: today })
    }
    return { count: due.length }
  },
})

const checksPerHour = { list: { tries: 120, seconds: 3600 }, number: { tries: 6, seconds: 3600 } }

/**
 * "Is my row in the list, and unaltered?" Full name and full number find the row; the answer carries the proof, to be kept
 * and checked by anybody against the published root. Limited, because every answer tells something.
 * @clause R37
 */
export const checkRow = command({
  name: 'publicity.checkRow',
  permission: 'public',
  input: checkRowInput,
  async run(tx, { listId, kind, realName, documentNumber }) {
    const number = cleanIdentity(documentNumber)
    await takeTurn(tx.db, `publicity-list:${listId}`, checksPerHour.list)
    await takeTurn(tx.db, `publicity-number:${tx.crypto.blindIndex(number, 'publicity.check')}`, checksPerHour.number)
    const list = await tx.db
      .selectFrom('publicity.lists')
      .select(['id', 'number', 'root', 'opened_on', 'closes_on'])
      .where('id', '=', listId)
      .executeTakeFirst()
    if (!list) throw missing('publicity-list')
    tx.about('publicity-list', listId)
    const rows = await tx.db
      .selectFrom('publicity.rows')
      .select(['kind', 'content', 'salt', 'identity', 'leaf'])
      .where('list_id', '=', listId)
      .orderBy('position')
      .execute()
    const leaves = rows.map((row) => row.leaf)
    const receipts = rows.flatMap((row, index): (RowReceipt & { unaltered: boolean })[] => {
      if (row.kind !== kind || identityOf(sha256, row.salt, cleanIdentity(realName), number) !== row.identity) return []
      const receipt = {
        list: list.number,
        row: row.content as PublicRow,
        salt: row.salt,
        identity: row.identity,
        path: pathOf(sha256, leaves, index),
        root: list.root,
        method: receiptMethod,
      }
      return [{ ...receipt, unaltered: proves(sha256, receipt) }]
    })
    return { list: list.number, openedOn: list.opened_on as Day, closesOn: list.closes_on as Day, receipts }
  },
  outcome: (answer) => ({ count: answer.receipts.length }),
})
