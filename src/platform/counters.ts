import { sql } from 'kysely'
import type { Tx } from './command.ts'

/**
 * The next number of a series in a schema's own `counters`, from 1. The row is locked to the commit, so the numbers have
 * neither gaps nor twins.
 */
export async function nextNumber(
  tx: Pick<Tx, 'db'>,
  schema: 'training' | 'library' | 'recognition' | 'competition' | 'certification' | 'standards',
  series: string,
): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into ${sql.table(`${schema}.counters`)} as c (key, last) values (${series}, 1)
    on conflict (key) do update set last = c.last + 1 returning last
  `.execute(tx.db)
  return rows[0]?.last ?? 1
}
