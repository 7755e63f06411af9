import type { Ctx, Tx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { missing } from '#platform/errors.ts'
import type { CompetitionType } from '#policy/plan.types.ts'

/** Stored texts never change, so they are read once per process. */
const known = new Map<string, CompetitionType>()

/** A type as it stood when the filing was begun. */
export async function typeVersion(db: Ctx['db'], id: string): Promise<CompetitionType> {
  const found = known.get(id)
  if (found) return found
  const row = await db.selectFrom('competition.type_versions').select('body').where('id', '=', id).executeTakeFirst()
  if (!row) throw missing('competition-type')
  const type = row.body as CompetitionType
  known.set(id, type)
  return type
}

export async function keepTypeVersion(tx: Tx, type: CompetitionType): Promise<string> {
  const body = JSON.stringify(type)
  const digest = sha256(body)
  await tx.db
    .insertInto('competition.type_versions')
    .values({ type: type.code, digest, edition: type.edition, body, stored_at: tx.now })
    .onConflict((c) => c.doNothing())
    .execute()
  const { id } = await tx.db
    .selectFrom('competition.type_versions')
    .select('id')
    .where('type', '=', type.code)
    .where('digest', '=', digest)
    .executeTakeFirstOrThrow()
  return id
}
