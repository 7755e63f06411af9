import { sql } from 'kysely'
import type { Ctx, Tx } from './command.ts'
import { sha256 } from './digest.ts'
import { missing } from './errors.ts'

/**
 * Texts of the plan folder as they stood when something was begun by them: one row for each code and SHA-256 in a table
 * with the columns (id, `by`, digest, edition, body, stored_at). A stored text never changes, so a process reads it once.
 *
 * `read` throws missing(`what`).
 */
export function keptTexts<T extends { code: string; edition: string }>(table: string, by: string, what: string) {
  const known = new Map<string, T>()
  const [rows, code] = [sql.table(table), sql.ref(by)]
  return {
    async read(db: Ctx['db'], id: string): Promise<T> {
      const found = known.get(id)
      if (found) return found
      const { rows: stored } = await sql<{ body: T }>`select body from ${rows} where id = ${id}`.execute(db)
      if (!stored[0]) throw missing(what)
      known.set(id, stored[0].body)
      return stored[0].body
    },
    /** The id of this text's row, made when the text is new. */
    async keep(tx: Tx, text: T): Promise<string> {
      const body = JSON.stringify(text)
      const digest = sha256(body)
      await sql`insert into ${rows} (${code}, digest, edition, body, stored_at)
        values (${text.code}, ${digest}, ${text.edition}, ${body}::jsonb, ${tx.now}) on conflict do nothing`.execute(
        tx.db,
      )
      const { rows: stored } = await sql<{ id: string }>`
        select id from ${rows} where ${code} = ${text.code} and digest = ${digest}`.execute(tx.db)
      return (stored[0] as { id: string }).id
    },
  }
}
