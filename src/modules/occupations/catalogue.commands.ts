import { sql } from 'kysely'
import { z } from 'zod'
import { type Command, command, type Tx } from '#platform/command.ts'
import { readTable, tableLimits } from '#platform/spreadsheet.ts'
import type { TableFault } from '#shared/table.ts'
import { checkOccupations } from './catalogue.rules.ts'
import { ImportOccupations, type Occupation, occupationDictionary } from './catalogue.schema.ts'

export type Imported = { accepted: number; rejected: number; faults: TableFault[] }

/** Adds and updates occupations from the classification the bureau keeps. Good rows are taken, the others come back. */
export const importOccupations: Command<typeof ImportOccupations, Imported> = command({
  name: 'occupations.import',
  permission: 'setting.propose',
  input: ImportOccupations,
  async run(tx, { bytes, fileName }) {
    const dictionary = dictionaryFor(tx.plan)
    const expected = dictionary.flatMap((column) => [column.header, ...column.aliases])
    const table = await readTable(bytes, fileName, tableLimits, expected)
    const { accepted, faults } = checkOccupations(table, dictionary)
    await upsert(tx, accepted)
    tx.about('occupations', fileName)
    return { accepted: accepted.length, rejected: new Set(faults.map((fault) => fault.row)).size, faults }
  },
  outcome: ({ accepted, rejected }) => ({ accepted, rejected }),
})

/** Puts the occupations that the plan folder vouches for into the catalogue. Safe to run at every start. */
export const loadPlanOccupations: Command<z.ZodObject, { count: number }> = command({
  name: 'occupations.loadPlan',
  permission: 'setting.propose',
  input: z.object({}),
  async run(tx) {
    const rows = tx.plan.occupations.map(
      (o): Occupation => ({
        edition: o.edition,
        code: o.code,
        title: o.name,
        levelScheme: o.levelScheme,
        workTypes: [...o.workTypes],
        verified: o.note === undefined,
        source: o.source,
      }),
    )
    await upsert(tx, rows)
    tx.about('occupations', tx.plan.id)
    return { count: rows.length }
  },
})

/** Editions and level schemes by the names people write. */
export function dictionaryFor(plan: Tx['plan']) {
  return occupationDictionary(
    Object.fromEntries(plan.occupationEditions.map(({ id, label }) => [id, label])),
    Object.fromEntries(plan.levelSchemes.map(({ id, label }) => [id, label])),
  )
}

async function upsert(tx: Tx, rows: readonly Occupation[]): Promise<void> {
  if (rows.length === 0) return
  const json = rows.map((row) => ({
    edition: row.edition,
    code: row.code,
    title: row.title,
    level_scheme: row.levelScheme,
    work_types: row.workTypes,
    verified: row.verified,
    source: row.source,
  }))
  await sql`
    insert into occupations.occupations (edition, code, title, level_scheme, work_types, verified, source)
    select edition, code, title, level_scheme, work_types, verified, source
    from jsonb_to_recordset(${JSON.stringify(json)}::jsonb) as r (edition text, code text, title text, level_scheme text,
      work_types text[], verified boolean, source text)
    on conflict (edition, code) do update set title = excluded.title, level_scheme = excluded.level_scheme,
      work_types = excluded.work_types, verified = excluded.verified or occupations.verified, source = excluded.source
  `.execute(tx.db)
}
