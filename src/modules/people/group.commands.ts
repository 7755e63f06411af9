import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { dayOf, formatInstant } from '#shared/dates.ts'
import type { TableFault } from '#shared/table.ts'
import { maskDocument } from '#shared/text.ts'
import { readGroupList } from './group.rules.ts'
import { type GroupRow, groupDictionary, ImportGroup, RevokeGroup, reasonText, VerifyGroup } from './group.schema.ts'
import { ensurePerson, ensurePersons } from './person.commands.ts'

const clause = 'C11'

/** The group, if this actor's department is the one that knows who belongs to it. */
function ownGroup(tx: Tx, groupCode: string) {
  const group = tx.plan.groups.find((g) => g.id === groupCode)
  if (!group || !tx.actor.can('group.verify', { body: group.owner })) throw missing('group')
  return group
}

/**
 * The department in charge confirms that somebody belongs to a key group, with its proof and its days. Never a tick-box
 * of the trainee, and never another department.
 * @clause C11 HZ4-M10
 */
export const verifyGroup = command({
  name: 'people.verifyGroup',
  permission: 'group.verify',
  input: VerifyGroup,
  async run(tx, input) {
    const group = ownGroup(tx, input.groupCode)
    if (input.from > dayOf(tx.now)) throw refused({ clause, reason: 'group-future', facts: {} })
    const { personId, nameDiffers } = await ensurePerson(tx, input)
    if (nameDiffers) throw refused({ clause, reason: 'group-name-differs', facts: {} })
    const row = await tx.db
      .insertInto('people.group_memberships')
      .values({
        person_id: personId,
        group_code: group.id,
        source_body: group.owner,
        evidence: input.evidence,
        validity: sql<string>`daterange(${input.from}::date, ${input.to ?? null}::date, '[]')`,
        verified_at: tx.now,
        verified_by: tx.actor.id,
      })
      .onConflict((c) => c.doNothing()) // the exclusion constraint: the same days are confirmed once
      .returning('id')
      .executeTakeFirst()
    if (!row) throw refused({ clause, reason: 'group-overlap', facts: {} })
    tx.about('membership', row.id)
    tx.about('person', personId)
    return { membershipId: row.id, personId }
  },
})

/** Takes a confirmation back; it stays in the record and no longer counts. */
export const revokeGroup = command({
  name: 'people.revokeGroup',
  permission: 'group.verify',
  input: RevokeGroup,
  async run(tx, { membershipId, reason }) {
    const row = await tx.db
      .selectFrom('people.group_memberships')
      .select(['id', 'person_id', 'group_code', 'revoked_at'])
      .where('id', '=', membershipId)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw missing('membership')
    ownGroup(tx, row.group_code)
    if (row.revoked_at) throw refused({ clause, reason: 'group-revoked', facts: {} })
    await tx.db
      .updateTable('people.group_memberships')
      .set({ revoked_at: tx.now, revoked_by: tx.actor.id, revoke_reason: reason })
      .where('id', '=', row.id)
      .execute()
    tx.about('membership', row.id)
    tx.about('person', row.person_id)
    return { membershipId: row.id }
  },
})

export const groupLimits = {
  maxBytes: 5 * 1024 * 1024,
  maxUnpackedBytes: 50 * 1024 * 1024,
  maxRows: 5_000,
  maxColumns: 60,
}
const faultsKept = 500

export type GroupImported = {
  importId: string
  acceptedCount: number
  knownCount: number
  rejectedCount: number
  faults: TableFault[]
}

/**
 * A department's list as a file: good rows become confirmations that name the list, rows already confirmed are counted,
 * wrong rows come back with what to mend. The same file is taken once.
 * @clause C11 HZ4-M10
 */
export const importGroup: Command<typeof ImportGroup, GroupImported> = command({
  name: 'people.importGroup',
  permission: 'group.verify',
  input: ImportGroup,
  async run(tx, input) {
    const group = ownGroup(tx, input.groupCode)
    const sha = createHash('sha256').update(input.bytes).digest('hex')
    await refuseKnownFile(tx, group.id, sha)
    const names = groupDictionary.flatMap((column) => [column.header, ...column.aliases])
    const table = await readTable(input.bytes, input.fileName, groupLimits, names)
    const check = readGroupList(table, dayOf(tx.now))
    const persons = await ensurePersons(tx, check.accepted)
    const faults = [...check.faults]
    const good: { row: GroupRow; personId: string }[] = []
    for (const [i, row] of check.accepted.entries()) {
      const person = persons[i]
      if (person && !person.nameDiffers) good.push({ row, personId: person.personId })
      else faults.push(nameFault(row))
    }
    const importId = randomUUID()
    const accepted = await insertMemberships(tx, group, good, importId)
    const rejected = table.rows.length - good.length
    await tx.db
      .insertInto('people.group_imports')
      .values({
        id: importId,
        group_code: group.id,
        source_body: group.owner,
        source: input.source,
        file_name: input.fileName,
        file_sha256: sha,
        rows_total: table.rows.length,
        accepted,
        known: good.length - accepted,
        rejected,
        faults: JSON.stringify(faults.slice(0, faultsKept)),
        by_user: tx.actor.id,
        by_name: tx.actor.name,
        at: tx.now,
      })
      .execute()
    tx.about('group-import', importId)
    return { importId, acceptedCount: accepted, knownCount: good.length - accepted, rejectedCount: rejected, faults }
  },
  outcome: ({ importId, acceptedCount, knownCount, rejectedCount }) => ({
    importId,
    acceptedCount,
    knownCount,
    rejectedCount,
  }),
})

/** Two clerks with the same file: the second waits for the first, then is told. */
async function refuseKnownFile(tx: Tx, groupCode: string, sha: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`group-import:${groupCode}`}, 0))`.execute(tx.db)
  const known = await tx.db
    .selectFrom('people.group_imports')
    .select('at')
    .where('group_code', '=', groupCode)
    .where('file_sha256', '=', sha)
    .where('accepted', '>', 0)
    .executeTakeFirst()
  if (known) throw refused({ clause, reason: 'group-file-known', facts: { at: formatInstant(known.at) } })
}

/** Those not confirmed yet for any of the same days; how many they were. */
async function insertMemberships(
  tx: Tx,
  group: { id: string; owner: string },
  good: readonly { row: GroupRow; personId: string }[],
  importId: string,
): Promise<number> {
  if (good.length === 0) return 0
  const { rows } = await sql`
    insert into people.group_memberships (person_id, group_code, source_body, evidence, validity, verified_at, verified_by, import_id)
    select r.person_id, ${group.id}, ${group.owner}, r.evidence, daterange(r.from_on, r.to_on, '[]'), ${tx.now}, ${tx.actor.id}, ${importId}
    from unnest(${good.map((g) => g.personId)}::uuid[], ${good.map((g) => g.row.evidence)}::text[],
      ${good.map((g) => g.row.from)}::date[], ${good.map((g) => g.row.to)}::date[]) as r (person_id, evidence, from_on, to_on)
    on conflict do nothing returning id
  `.execute(tx.db)
  return rows.length
}

const nameFault = (row: GroupRow): TableFault => ({
  row: row.row,
  column: '姓名',
  rule: 'C01',
  value: maskDocument(row.documentNumber),
  ...(reasonText['group-name-differs']?.({}) ?? { message: '', remedy: '' }),
})
