import type pg from 'pg'

export type Row = Record<string, unknown>

const most = 5_000

/** Rows into one table, a statement for some thousands; the table's own column types read the values. */
export async function insertRows(db: pg.ClientBase, table: string, rows: readonly Row[], conflict = ''): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ')
  for (let at = 0; at < rows.length; at += most) {
    await db.query(
      `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1::json) ${conflict}`,
      [JSON.stringify(rows.slice(at, at + most))],
    )
  }
}

/** Rows gathered for several tables, then written in the given order. */
export function gatherer(order: readonly string[]) {
  const tables = new Map<string, Row[]>(order.map((table) => [table, []]))
  return {
    add(table: string, ...rows: Row[]) {
      const list = tables.get(table)
      if (!list) throw new RangeError(`${table} has no place in the order`)
      list.push(...rows)
    },
    /** Writes these tables, in the order given at first. */
    async write(db: pg.ClientBase, which: readonly string[] = order) {
      for (const [table, rows] of tables) if (which.includes(table)) await insertRows(db, table, rows)
    },
  }
}
export type Gatherer = ReturnType<typeof gatherer>
