import { type Insertable, sql } from 'kysely'
import type { DB } from '#db/types.ts'
import { documentIndex } from '#modules/people/person.queries.ts'
import { type LifeCycle, mustMove, recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { AppError, conflict, missing } from '#platform/errors.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { dayOf } from '#shared/dates.ts'
import type { DatasetKind } from './control.schema.ts'
import { readDataset } from './dataset.rules.ts'
import {
  type DatasetRow,
  type DatasetState,
  datasetDictionary,
  datasetLimits,
  faultsKept,
  ImportDataset,
  LoadDataset,
  WithdrawDataset,
} from './dataset.schema.ts'

const datasetCycle = {
  load: { from: ['queued'], to: 'imported', clause: 'HZ4-M16' },
  fail: { from: ['queued'], to: 'failed', clause: 'HZ4-M16' },
  withdraw: { from: ['imported'], to: 'withdrawn', clause: 'HZ4-M16' },
} as const satisfies LifeCycle<DatasetState>

type Imported = { datasetId: string; known: boolean }

/**
 * Takes a file of another office with its provenance and queues the reading of it. The same file of the same kind is
 * taken once: sent again, the answer names the first. A department imports its own data only.
 * @clause HZ4-M16 @clause C02 @clause C03 @clause C04 @clause C05 @clause C06
 */
export const importDataset: Command<typeof ImportDataset, Imported> = command({
  name: 'subsidy.importDataset',
  permission: 'dataset.import',
  input: ImportDataset,
  async run(tx, input) {
    if (!tx.actor.can('dataset.import', { body: input.providerBody })) throw missing('body')
    const bytes = Buffer.from(input.bytes)
    if (bytes.byteLength > datasetLimits.maxBytes) {
      throw new AppError({ kind: 'invalid', fields: { bytes: ['文件超过 40 MB，请拆成几个文件分别上传。'] } })
    }
    const sha256 = tx.crypto.digest(bytes)
    const known = await sameFile(tx, input.kind, sha256)
    if (known) {
      tx.about('dataset', known)
      return { datasetId: known, known: true }
    }
    const fileId = await keepFile(tx, input.fileName, bytes, sha256)
    const made = await tx.db
      .insertInto('subsidy.datasets')
      .values({
        kind: input.kind,
        provider_body: input.providerBody,
        document_no: input.reference,
        as_of: input.asOf,
        covers_from: input.coversFrom,
        covers_to: input.coversTo,
        file_id: fileId,
        file_sha256: sha256,
        file_name: input.fileName,
        imported_by: tx.actor.id,
        imported_by_name: tx.actor.name,
        at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!made) throw conflict('dataset') // somebody sent the same file at the same moment
    tx.about('dataset', made.id)
    await tx.enqueue('subsidy.loadDataset', { datasetId: made.id }, { key: `subsidy.loadDataset:${made.id}` })
    return { datasetId: made.id, known: false }
  },
})

async function sameFile(tx: Tx, kind: DatasetKind, sha256: string): Promise<string | undefined> {
  const row = await tx.db
    .selectFrom('subsidy.datasets')
    .select('id')
    .where('kind', '=', kind)
    .where('file_sha256', '=', sha256)
    .where('state', 'in', ['queued', 'imported'])
    .executeTakeFirst()
  return row?.id
}

const fileContext = 'dataset.file'

/** Kept sealed: what is read from it are blind indexes, the numbers themselves stand only here. @clause R37 */
async function keepFile(tx: Tx, name: string, content: Buffer, sha256: string): Promise<string> {
  const file = {
    sha256,
    media_type: name.toLowerCase().endsWith('.xlsx')
      ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
      : 'text/csv',
    name,
    size_bytes: content.byteLength,
    content: Buffer.from(tx.crypto.seal(content.toString('base64'), fileContext)),
    owner_user_id: tx.actor.id,
    purpose: 'dataset',
    at: tx.now,
  } satisfies Insertable<DB['platform.files']>
  const { id } = await tx.db.insertInto('platform.files').values(file).returning('id').executeTakeFirstOrThrow()
  return id
}

/**
 * Reads a queued file and keeps what it says about people as blind indexes only. A file that is no table fails with its
 * reason; single wrong rows are counted, listed and left out. Read once, however often the job runs.
 * @clause HZ4-M16
 */
export const loadDataset = command({
  name: 'subsidy.loadDataset',
  permission: 'dataset.import',
  input: LoadDataset,
  async run(tx, input) {
    const set = await lockDataset(tx, input.datasetId)
    if (set.state !== 'queued') return { datasetId: set.id, state: set.state, rowsCount: set.rows_accepted }
    const file = await tx.db
      .selectFrom('platform.files')
      .select(['content', 'name'])
      .where('id', '=', set.file_id)
      .executeTakeFirstOrThrow()
    const kind = set.kind as DatasetKind
    const expected = datasetDictionary[kind].flatMap((column) => [column.header, ...column.aliases])
    const bytes = Buffer.from(tx.crypto.open(file.content.toString('utf8'), fileContext), 'base64')
    const read = await readTable(bytes, file.name, datasetLimits, expected)
      .then((table) => ({ table, check: readDataset(kind, table, dayOf(tx.now)) }))
      .catch((error: unknown) => {
        if (error instanceof AppError && error.fault.kind === 'invalid') return Object.values(error.fault.fields).flat()
        throw error
      })
    if (Array.isArray(read)) return finish(tx, set, 'fail', { message: read.join('；') })
    const { table, check } = read
    const rejected = new Set([...check.faults, ...table.faults].map((fault) => fault.row)).size
    const counts = {
      rows_total: table.rows.length,
      rows_rejected: rejected,
      faults: JSON.stringify([...table.faults, ...check.faults].slice(0, faultsKept)),
    }
    const spoiled = new Set(table.faults.map((fault) => fault.row))
    const rows = check.accepted.filter((row) => !spoiled.has(row.row))
    if (rows.length === 0)
      return finish(tx, set, 'fail', { ...counts, message: '没有一行可以使用，请按错误说明更正后重新上传。' })
    for (let at = 0; at < rows.length; at += 5000) await keepRows(tx, set.id, rows.slice(at, at + 5000))
    // what is known changes what the controls say of every claim that is still open
    await tx.enqueue('subsidy.runControls', { scope: 'open' }, { key: 'subsidy.runControls:open' })
    return finish(tx, set, 'load', { ...counts, rows_accepted: rows.length })
  },
})

type Locked = Awaited<ReturnType<typeof lockDataset>>
async function lockDataset(tx: Tx, id: string) {
  const set = await tx.db
    .selectFrom('subsidy.datasets')
    .select(['id', 'state', 'kind', 'file_id', 'provider_body', 'rows_accepted'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!set || !tx.actor.can('dataset.import', { body: set.provider_body })) throw missing('dataset')
  tx.about('dataset', set.id)
  return { ...set, state: set.state as DatasetState }
}

async function finish(
  tx: Tx,
  set: Locked,
  move: 'load' | 'fail',
  found: { message?: string; rows_total?: number; rows_accepted?: number; rows_rejected?: number; faults?: string },
) {
  const to = mustMove(datasetCycle, move, set.state)
  await tx.db
    .updateTable('subsidy.datasets')
    .set({ ...found, state: to, finished_at: tx.now })
    .where('id', '=', set.id)
    .execute()
  await recordMove(tx, { kind: 'dataset', id: set.id, move, from: set.state, to })
  return { datasetId: set.id, state: to as DatasetState, rowsCount: found.rows_accepted ?? 0 }
}

async function keepRows(tx: Tx, datasetId: string, rows: readonly DatasetRow[]): Promise<void> {
  const index = (d: DatasetRow['document']) => d && documentIndex(tx.crypto, d.kind, d.number)
  await sql`
    insert into subsidy.dataset_rows (dataset_id, row, document_index, uscc, from_on, to_on, value)
    select ${datasetId}::uuid, r.* from unnest(${rows.map((r) => r.row)}::int[], ${rows.map((r) => index(r.document))}::text[],
      ${rows.map((r) => r.uscc)}::text[], ${rows.map((r) => r.from)}::date[], ${rows.map((r) => r.to)}::date[],
      ${rows.map((r) => JSON.stringify(r.value))}::jsonb[]) as r
  `.execute(tx.db)
}

/**
 * Takes data out of use that turned out wrong. It stays readable for what it once decided; the controls look again.
 * @clause HZ4-M16
 */
export const withdrawDataset = command({
  name: 'subsidy.withdrawDataset',
  permission: 'dataset.import',
  input: WithdrawDataset,
  async run(tx, input) {
    const set = await lockDataset(tx, input.datasetId)
    const to = mustMove(datasetCycle, 'withdraw', set.state)
    await tx.db
      .updateTable('subsidy.datasets')
      .set({ state: to, withdrawn_by: tx.actor.id, withdraw_reason: input.reason })
      .where('id', '=', set.id)
      .execute()
    await recordMove(tx, { kind: 'dataset', id: set.id, move: 'withdraw', from: set.state, to, note: input.reason })
    await tx.enqueue('subsidy.runControls', { scope: 'open' }, { key: 'subsidy.runControls:open' })
    return { datasetId: set.id, state: to }
  },
})
