import { sql } from 'kysely'
import { z } from 'zod'
import { type Command, command } from '#platform/command.ts'

const Nothing = z.object({})

/** Ends viewings that nobody has heard of for ten minutes; they earned nothing since. @clause C16 */
export const endIdle: Command<typeof Nothing, { count: number }> = command({
  name: 'learning.endIdle',
  permission: 'system.operate',
  input: Nothing,
  async run(tx) {
    const { rows } = await sql<{ id: string }>`
      update learning.viewings v set closed_at = ${tx.now}, end_reason = 'idle'
      from learning.seats s where s.viewing_id = v.id and v.closed_at is null
        and s.at < ${tx.now}::timestamptz - interval '10 minutes'
      returning v.id`.execute(tx.db)
    return { count: rows.length }
  },
})
