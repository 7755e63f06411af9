import type { Ctx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { keptTexts } from '#platform/kept-texts.ts'
import type { Plan, Scheme } from '#policy/plan.types.ts'
import { readScheme, schemeText } from '#policy/scheme.text.ts'
import type { DraftState } from './scheme.schema.ts'

type Db = Ctx['db']

/** A scheme as it stood when its call was written; the version row of a scheme's text, made when this text is new. */
export const { read: schemeVersion, keep: keepVersion } = keptTexts<Scheme>(
  'recognition.scheme_versions',
  'scheme',
  'scheme',
)

/** By which text of the folder a wording was written; when the folder gets another, the folder rules again. */
export const folderDigest = (scheme: Scheme): string => sha256(schemeText(scheme))

export type InForce = { scheme: Scheme; folder: Scheme; source: 'folder' | 'released'; since: Date | null }

/**
 * The text that a new call takes: the last one released on the platform while the folder still has the text it was written
 * from; otherwise the folder's.
 */
export async function schemeInForce(ctx: { db: Db; plan: Plan }, code: string): Promise<InForce | null> {
  const folder = ctx.plan.schemes.find((one) => one.code === code)
  if (!folder) return null
  const row = await ctx.db
    .selectFrom('recognition.scheme_drafts')
    .select(['body', 'decided_at'])
    .where('scheme', '=', code)
    .where('state', '=', 'released')
    .where('folder_digest', '=', folderDigest(folder))
    .orderBy('decided_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const read = row && readScheme(ctx.plan, code, row.body)
  // a wording that no longer fits the rest of the plan does not stand: the folder ships with what it needs
  if (!read?.scheme) return { scheme: folder, folder, source: 'folder', since: null }
  return { scheme: read.scheme, folder, source: 'released', since: row?.decided_at ?? null }
}

export type DraftLine = {
  id: string
  scheme: string
  body: string
  note: string
  state: DraftState
  version: number
  writers: string[]
  writtenByName: string
  writtenAt: Date
  decidedByName: string
  decidedAt: Date | null
  folderDigest: string
}

const drafts = (db: Db) =>
  db
    .selectFrom('recognition.scheme_drafts')
    .select(['id', 'scheme', 'body', 'note', 'state', 'version', 'writers', 'written_by_name as writtenByName'])
    .select(['written_at as writtenAt', 'decided_by_name as decidedByName', 'decided_at as decidedAt'])
    .select('folder_digest as folderDigest')
    .$castTo<DraftLine>()

export const openDraft = (db: Db, code: string): Promise<DraftLine | undefined> =>
  drafts(db).where('scheme', '=', code).where('state', '=', 'draft').executeTakeFirst()

/** Every wording ever written, and every text that a call was judged by. */
export async function schemeHistory(db: Db, code: string) {
  const written = await drafts(db).where('scheme', '=', code).orderBy('written_at', 'desc').limit(50).execute()
  const used = await db
    .selectFrom('recognition.scheme_versions as v')
    .select(['v.id', 'v.edition', 'v.digest', 'v.stored_at as storedAt'])
    .select((eb) =>
      eb
        .selectFrom('recognition.calls as c')
        .select((e) => e.fn.countAll<number>().as('n'))
        .whereRef('c.version_id', '=', 'v.id')
        .as('calls'),
    )
    .where('v.scheme', '=', code)
    .orderBy('v.stored_at', 'desc')
    .execute()
  return { written, used: used.map((one) => ({ ...one, calls: Number(one.calls ?? 0) })) }
}

/** Which titles have a wording that waits for its release. */
export async function waitingDrafts(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('recognition.scheme_drafts').select('scheme').where('state', '=', 'draft').execute()
  return new Set(rows.map((row) => row.scheme))
}
