import { sql } from 'kysely'
import type { Ctx } from './command.ts'
import { AppError } from './errors.ts'

export type Limit = { tries: number; seconds: number }

/**
 * Counts one try under a key and refuses the one too many. Counted in the database, so all processes share it, and at
 * once, so a transaction that fails afterwards does not give the try back. Keys never hold personal data in the clear.
 *
 * Tells how many tries the window still has, and when it ends. Throws `limited` with the seconds until then.
 */
export async function takeTurn(db: Ctx['db'], key: string, limit: Limit): Promise<{ left: number; seconds: number }> {
  const { rows } = await sql<{ tries: number; wait: number }>`
    insert into platform.rate_limits as r (key, window_at, tries)
    values (${key}, to_timestamp(floor(extract(epoch from clock_timestamp()) / ${limit.seconds}::int) * ${limit.seconds}::int), 1)
    on conflict (key, window_at) do update set tries = r.tries + 1
    returning tries, ceil(extract(epoch from window_at) + ${limit.seconds}::int - extract(epoch from clock_timestamp()))::int as wait
  `.execute(db)
  const row = rows[0]
  const seconds = Math.max(row?.wait ?? 1, 1)
  if (row && row.tries > limit.tries) throw new AppError({ kind: 'limited', retryAfterSeconds: seconds })
  return { left: limit.tries - (row?.tries ?? 0), seconds }
}

const failuresAllowed = 5
const lockSeconds = 15 * 60

/**
 * Counts a sign-in as failed before anybody looks at the password, so that many at once count as many; `signedIn` takes
 * it back. After five failures in a row the account name waits a quarter of an hour, whoever tries.
 */
export async function beginSignIn(db: Ctx['db'], subject: string): Promise<{ left: number }> {
  const { rows } = await sql<{ failed: number; wait: number | null }>`
    insert into auth.lockouts as l (subject, failed, failed_at) values (${subject}, 1, now())
    on conflict (subject) do update set
      failed = case when l.locked_until > now() then l.failed
                    when l.locked_until is not null or l.failed_at < now() - make_interval(secs => ${lockSeconds}) then 1
                    else l.failed + 1 end,
      failed_at = case when l.locked_until > now() then l.failed_at else now() end,
      locked_until = case when l.locked_until > now() then l.locked_until
                          when l.locked_until is null and l.failed_at >= now() - make_interval(secs => ${lockSeconds})
                            and l.failed >= ${failuresAllowed} then now() + make_interval(secs => ${lockSeconds})
                          else null end
    returning failed, ceil(extract(epoch from locked_until - now()))::int as wait
  `.execute(db)
  const row = rows[0] ?? { failed: 1, wait: null }
  if (row.wait !== null) throw new AppError({ kind: 'limited', retryAfterSeconds: Math.max(row.wait, 1) })
  return { left: Math.max(failuresAllowed - row.failed, 0) }
}

export async function signedIn(db: Ctx['db'], subject: string): Promise<void> {
  await sql`delete from auth.lockouts where subject = ${subject}`.execute(db)
}
