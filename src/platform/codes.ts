import { randomInt, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type { Ctx } from './command.ts'
import type { CryptoProvider } from './crypto.ts'

export type CodePurpose = 'sign-in' | 'phone' | 'consent'
export const codeMinutes = 5
const tries = 5

type CodeCheck =
  | { ok: true; codeId: string }
  | { ok: false; reason: 'code-expired' | 'code-wrong' | 'code-spent'; left: number }

const hashOf = (crypto: CryptoProvider, purpose: CodePurpose, subject: string, code: string) =>
  crypto.blindIndex(`${purpose}:${subject}:${code}`, 'auth.code')

/** A new six-digit code; earlier ones for the same thing stop working. Lives five minutes of real time, five tries. */
export async function issueCode(
  db: Ctx['db'],
  crypto: CryptoProvider,
  purpose: CodePurpose,
  subject: string,
): Promise<string> {
  const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
  await sql`update auth.codes set expires_at = now() where purpose = ${purpose} and subject = ${subject} and used_at is null
    and expires_at > now()`.execute(db)
  await sql`insert into auth.codes (purpose, subject, code_hash, expires_at)
    values (${purpose}, ${subject}, ${hashOf(crypto, purpose, subject, code)}, now() + make_interval(mins => ${codeMinutes}))`.execute(
    db,
  )
  return code
}

/**
 * Uses one try, then compares; a good code is used up. Never call it inside a transaction that may be rolled back: the
 * try would be given back.
 */
export async function spendCode(
  db: Ctx['db'],
  crypto: CryptoProvider,
  purpose: CodePurpose,
  subject: string,
  typed: string,
): Promise<CodeCheck> {
  const { rows } = await sql<{ id: string; code_hash: string; tries: number }>`
    update auth.codes set tries = tries + 1
    where id = (select id from auth.codes where purpose = ${purpose} and subject = ${subject} and used_at is null
        and expires_at > now() order by created_at desc, id desc limit 1)
      and tries < ${tries} and used_at is null
    returning id, code_hash, tries
  `.execute(db)
  const row = rows[0]
  if (!row) {
    const live =
      await sql`select 1 from auth.codes where purpose = ${purpose} and subject = ${subject} and used_at is null
      and expires_at > now() limit 1`.execute(db)
    return { ok: false, reason: live.rows.length > 0 ? 'code-spent' : 'code-expired', left: 0 }
  }
  const wanted = Buffer.from(row.code_hash)
  const given = Buffer.from(hashOf(crypto, purpose, subject, typed.replace(/\D/g, '')))
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) {
    const left = tries - row.tries
    return { ok: false, reason: left > 0 ? 'code-wrong' : 'code-spent', left }
  }
  const used =
    await sql`update auth.codes set used_at = now() where id = ${row.id} and used_at is null returning id`.execute(db)
  return used.rows.length > 0 ? { ok: true, codeId: row.id } : { ok: false, reason: 'code-expired', left: 0 }
}
