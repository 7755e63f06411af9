import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { decodeCursor, type Page, pageOf } from '#shared/paging.ts'
import type { TableFault } from '#shared/table.ts'
import type { Day } from '#shared/units.ts'
import { type DatasetKind, datasetKinds } from './control.schema.ts'
import type { DatasetState } from './dataset.schema.ts'

type Db = Ctx['db']

export type DatasetCard = {
  id: string
  kind: DatasetKind
  providerBody: string
  reference: string
  asOf: Day
  coversFrom: Day
  coversTo: Day
  fileName: string
  fileSha256: string
  state: DatasetState
  rowsTotal: number
  rowsAccepted: number
  rowsRejected: number
  message: string
  importedByName: string
  at: Date
  finishedAt: Date | null
  withdrawReason: string
}

const columns = [
  'id',
  'kind',
  'provider_body as providerBody',
  'document_no as reference',
  'as_of as asOf',
  'covers_from as coversFrom',
  'covers_to as coversTo',
  'file_name as fileName',
  'file_sha256 as fileSha256',
  'state',
  'rows_total as rowsTotal',
  'rows_accepted as rowsAccepted',
  'rows_rejected as rowsRejected',
  'message',
  'imported_by_name as importedByName',
  'at',
  'finished_at as finishedAt',
  'withdraw_reason as withdrawReason',
] as const

/** Newest first. A department sees its own; `bodies` undefined: all. */
export async function datasetList(
  db: Db,
  filter: { kind?: DatasetKind | undefined; body?: string | undefined; cursor?: string | undefined } = {},
): Promise<Page<DatasetCard>> {
  let query = db
    .selectFrom('subsidy.datasets')
    .select(columns)
    .$castTo<DatasetCard>()
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.body) query = query.where('provider_body', '=', filter.body)
  const after = decodeCursor(filter.cursor, ['time', 'id'])
  if (after) query = query.where(sql<boolean>`(at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  return pageOf(await query.limit(21).execute(), 20, (row) => [row.at.toISOString(), row.id])
}

/** One data set with the first of its faults. Somebody else's is missing. */
export async function datasetPage(
  ctx: Pick<Ctx, 'db' | 'actor'>,
  id: string,
): Promise<DatasetCard & { faults: TableFault[] }> {
  const row = await ctx.db
    .selectFrom('subsidy.datasets')
    .select([...columns, 'faults'])
    .$castTo<DatasetCard & { faults: TableFault[] }>()
    .where('id', '=', id)
    .executeTakeFirst()
  const may = row && (ctx.actor.can('dataset.import', { body: row.providerBody }) || ctx.actor.can('casework.read'))
  if (!row || !may) throw missing('dataset')
  return row
}

export type KindCoverage = {
  kind: DatasetKind
  label: string
  /** Days that imported data answers for, joined where they touch. */
  spans: { from: Day; to: Day }[]
  newestAsOf: Day | null
  rows: number
}

/** What each kind of data covers, every kind listed: an empty one is the reason for 未核查. */
export async function coverageByKind(db: Db): Promise<KindCoverage[]> {
  const { rows } = await sql<{ kind: DatasetKind; spans: { from: Day; to: Day }[]; as_of: Day; accepted: number }>`
    with joined as (
      select kind, range_agg(daterange(covers_from, covers_to, '[]')) as days, max(as_of) as as_of, sum(rows_accepted) as accepted
      from subsidy.datasets where state = 'imported' group by kind)
    select kind, as_of, accepted, (select jsonb_agg(jsonb_build_object('from', lower(d), 'to', upper(d) - 1)) from unnest(days) d) as spans
    from joined
  `.execute(db)
  const known = new Map(rows.map((row) => [row.kind, row]))
  return (Object.keys(datasetKinds) as DatasetKind[]).map((kind) => {
    const row = known.get(kind)
    return {
      kind,
      label: datasetKinds[kind],
      spans: row?.spans ?? [],
      newestAsOf: row?.as_of ?? null,
      rows: row?.accepted ?? 0,
    }
  })
}
