import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { dayOf } from '#shared/dates.ts'
import { readReceipt } from '#shared/receipts.ts'
import type { Day } from '#shared/units.ts'
import { bodyRedline, type Change } from './redline.rules.ts'
import type { Body, Outcome, StandardKind, Verdict, VersionState } from './standard.schema.ts'

type Db = Ctx['db']
/** Under which context comments are sealed. */
export const commentContext = 'standards.comment'

export type Version = {
  id: string
  standardId: string
  number: string
  title: string
  kind: StandardKind
  edition: string
  code: string
  occupation: string
  levelScheme: string
  organisationId: string
  organisation: string
  seq: number
  purpose: string
  state: VersionState
  body: Body
  edit: number
  commentsFrom: Day | null
  commentsTo: Day | null
  decidedByName: string | null
  note: string
  digest: string | null
  publishedOn: Day | null
  writtenBy: string
  comments: number
  unanswered: number
}
const versionRows = (where: ReturnType<typeof sql>) => sql<Version>`
  select v.id, v.standard_id as "standardId", s.number, s.title, s.kind, s.edition, s.code, oc.title as occupation,
    oc.level_scheme as "levelScheme", s.organisation_id as "organisationId", o.name as organisation, v.seq, v.purpose, v.state, v.body, v.edit,
    v.comments_from as "commentsFrom", v.comments_to as "commentsTo", v.decided_by_name as "decidedByName", v.note, v.digest,
    v.published_on as "publishedOn", v.written_by as "writtenBy",
    (select count(*)::int from standards.comments c where c.version_id = v.id) as comments,
    (select count(*)::int from standards.comments c where c.version_id = v.id and c.outcome is null) as unanswered
  from standards.versions v join standards.standards s on s.id = v.standard_id join people.organisations o on o.id = s.organisation_id
  join occupations.occupations oc on oc.edition = s.edition and oc.code = s.code
  where ${where} order by s.number desc, v.seq desc limit 300`

export async function versionById(db: Db, id: string): Promise<Version | undefined> {
  return (await versionRows(sql`v.id = ${id}`).execute(db)).rows[0]
}
export async function versionsOf(db: Db, standardId: string): Promise<Version[]> {
  return (await versionRows(sql`v.standard_id = ${standardId}`).execute(db)).rows
}
export async function ownVersions(db: Db, organisationId: string): Promise<Version[]> {
  return (await versionRows(sql`s.organisation_id = ${organisationId}`).execute(db)).rows
}
export async function versionsAtDesk(db: Db): Promise<Version[]> {
  return (await versionRows(sql`true`).execute(db)).rows
}
/** Published on a day, and drafts that ask for comments: what everybody may read. */
export async function publicVersions(db: Db): Promise<Version[]> {
  return (await versionRows(sql`v.state in ('commenting', 'answering', 'reviewing', 'published')`).execute(db)).rows
}
/** How many standards are in force, for the report's line of measure one; each leads to its page. @clause HZ4-M01 */
export async function publishedCount({ db }: Pick<Ctx, 'db'>, asOf: Day): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct standard_id)::int as n from standards.versions v
    where v.published_on <= ${asOf} and v.state in ('published', 'superseded')
      or (v.state = 'abolished' and v.published_on <= ${asOf} and exists (select from platform.moves m where m.subject_kind = 'standard-version'
        and m.subject_id = v.id and m.move = 'abolish' and (m.at at time zone 'Asia/Shanghai')::date > ${asOf}))
  `.execute(db)
  return rows[0]?.n ?? 0
}

export type CommentLine = {
  id: string
  part: string
  text: string
  contact: string
  at: Date
  outcome: Outcome | null
  reason: string | null
  answeredByName: string | null
}
/** Comments with their text, for the drafters and the desk; the public sees parts, answers and reasons only. */
export async function commentsOf(ctx: Pick<Ctx, 'db' | 'crypto'>, versionId: string): Promise<CommentLine[]> {
  const rows = await ctx.db
    .selectFrom('standards.comments')
    .select(['id', 'part', 'text_sealed', 'at', 'outcome', 'reason', 'answered_by_name'])
    .where('version_id', '=', versionId)
    .orderBy('id')
    .execute()
  return rows.map((row) => {
    const { text, contact } = JSON.parse(ctx.crypto.open(row.text_sealed, commentContext)) as {
      text: string
      contact: string
    }
    return {
      ...{ id: row.id, part: row.part, text, contact, at: new Date(row.at) },
      ...{ outcome: row.outcome as Outcome | null, reason: row.reason, answeredByName: row.answered_by_name },
    }
  })
}
/** How a comment stands, for whoever has its receipt: the answer is told once the drafters have given it. @clause N02 */
export async function commentByReceipt(ctx: Pick<Ctx, 'db' | 'crypto'>, typed: string) {
  const code = readReceipt(typed)
  if (!code) return undefined
  const row = await ctx.db
    .selectFrom('standards.comments as c')
    .innerJoin('standards.versions as v', 'v.id', 'c.version_id')
    .innerJoin('standards.standards as s', 's.id', 'v.standard_id')
    .select(['s.title', 's.number', 'v.id as versionId', 'v.seq', 'v.state', 'v.comments_to', 'c.part', 'c.at'])
    .select(['c.outcome', 'c.reason', 'c.answered_at'])
    .where('c.receipt_index', '=', ctx.crypto.blindIndex(code, commentContext))
    .executeTakeFirst()
  return (
    row && {
      ...row,
      state: row.state as VersionState,
      outcome: row.outcome as Outcome | null,
      commentsTo: row.comments_to as Day | null,
    }
  )
}

export async function opinionsOf(db: Db, versionId: string) {
  return db
    .selectFrom('standards.opinions')
    .select(['id', 'expert', 'unit', 'verdict', 'words'])
    .$castTo<{ id: string; expert: string; unit: string; verdict: Verdict; words: string }>()
    .where('version_id', '=', versionId)
    .orderBy('id')
    .execute()
}

const seenBy = (ctx: Ctx, version: Version): boolean =>
  ctx.actor.can('standard.draft', { organisationId: version.organisationId }) || ctx.actor.can('casework.read')

/** One version for its drafters or the desk, with the redline against the one before. */
export async function versionPage(ctx: Ctx, id: string) {
  const version = await versionById(ctx.db, id)
  if (!version || !seenBy(ctx, version)) throw missing('standard')
  const [comments, opinions, all] = await Promise.all([
    commentsOf(ctx, id),
    opinionsOf(ctx.db, id),
    versionsOf(ctx.db, version.standardId),
  ])
  return {
    version,
    comments,
    opinions,
    changes: against(ctx, version, all),
    others: all.filter((one) => one.id !== id),
  }
}

function against(ctx: Pick<Ctx, 'plan'>, version: Version, all: readonly Version[]): Change[] | null {
  const before = all.find((one) => one.seq === version.seq - 1)
  if (!before) return null
  const levels = ctx.plan.levelSchemes.find((one) => one.id === version.levelScheme)?.levels ?? []
  const label = (code: string) => levels.find((one) => one.code === code)?.label ?? code
  return bodyRedline(before.body, version.body, label)
}

/** A version as everybody reads it: a draft that asks for comments, or what was published. */
export async function publicVersion(ctx: Ctx, id: string) {
  const version = await versionById(ctx.db, id)
  const shown = ['commenting', 'answering', 'reviewing', 'published', 'superseded', 'abolished']
  if (!version || !shown.includes(version.state)) throw missing('standard')
  const all = await versionsOf(ctx.db, version.standardId)
  const answered = version.publishedOn === null ? [] : await commentsOf(ctx, id)
  const today = dayOf(ctx.now)
  return {
    version,
    open: version.state === 'commenting' && version.commentsTo !== null && today <= version.commentsTo,
    changes: against(ctx, version, all),
    answers: answered.map(({ id: key, part, outcome, reason }) => ({ id: key, part, outcome, reason })),
    others: all.filter((one) => one.id !== id && shown.includes(one.state)),
  }
}
