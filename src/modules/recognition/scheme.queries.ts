import type { Ctx, Tx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { missing } from '#platform/errors.ts'
import type { Scheme } from '#policy/plan.types.ts'

type Db = Ctx['db']

/** Stored texts never change, so they are read once per process. */
const known = new Map<string, Scheme>()

/** A scheme as it stood when its call was written. */
export async function schemeVersion(db: Db, id: string): Promise<Scheme> {
  const found = known.get(id)
  if (found) return found
  const row = await db.selectFrom('recognition.scheme_versions').select('body').where('id', '=', id).executeTakeFirst()
  if (!row) throw missing('scheme')
  const scheme = row.body as Scheme
  known.set(id, scheme)
  return scheme
}

/** The version row of a scheme's text, made when this text is new. */
export async function keepVersion(tx: Tx, scheme: Scheme): Promise<string> {
  const body = JSON.stringify(scheme)
  const digest = sha256(body)
  await tx.db
    .insertInto('recognition.scheme_versions')
    .values({ scheme: scheme.code, digest, edition: scheme.edition, body, stored_at: tx.now })
    .onConflict((c) => c.doNothing())
    .execute()
  const { id } = await tx.db
    .selectFrom('recognition.scheme_versions')
    .select('id')
    .where('scheme', '=', scheme.code)
    .where('digest', '=', digest)
    .executeTakeFirstOrThrow()
  return id
}
