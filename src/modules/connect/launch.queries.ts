import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { realTime } from '#platform/clock.ts'
import type { Ctx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import type { Picked } from './link.schema.ts'

type Db = Ctx['db']

/** A launch must be used at once; the one who went into a tool to pick something may take his time there. */
export const launchSeconds = 300
export const pickingSeconds = 2 * 3600

export const newToken = (): string => randomBytes(24).toString('base64url')
export const digestOf = (token: string): string => sha256(`connect\n${token}`)
export const inSeconds = (seconds: number): Date => new Date(realTime().getTime() + seconds * 1000)

export type Launch = {
  id: string
  kind: 'resource' | 'deep-linking'
  toolId: string
  linkId: string | null
  courseId: string
  accountId: string
  personId: string
  registrationId: string | null
  itemId: string | null
  expiresAt: Date
  usedAt: Date | null
  answeredAt: Date | null
}

export const launches = (db: Db) =>
  db
    .selectFrom('connect.launches as a')
    .select([
      'a.id',
      'a.kind',
      'a.tool_id as toolId',
      'a.link_id as linkId',
      'a.course_id as courseId',
      'a.account_id as accountId',
      'a.person_id as personId',
      'a.registration_id as registrationId',
      'a.item_id as itemId',
      'a.expires_at as expiresAt',
      'a.used_at as usedAt',
      'a.answered_at as answeredAt',
    ])
    .$castTo<Launch>()

/** A launch that may still be used, by its secret and the account it was made for. */
export async function openLaunch(db: Db, token: string, accountId: string): Promise<Launch | undefined> {
  const found = await launches(db)
    .where('a.token_digest', '=', digestOf(token))
    .where(sql<boolean>`a.account_id::text = ${accountId}`) // a stranger's id is no uuid
    .executeTakeFirst()
  return found && found.usedAt === null && found.expiresAt > realTime() ? found : undefined
}

/** A question to a tool that may still be answered: used, in time, not answered yet. */
export async function openPicking(db: Db, token: string): Promise<Launch | undefined> {
  const found = await launches(db)
    .where('a.token_digest', '=', digestOf(token))
    .where('a.kind', '=', 'deep-linking')
    .executeTakeFirst()
  if (!found?.usedAt || found.answeredAt !== null) return undefined
  return found.usedAt.getTime() + pickingSeconds * 1000 > realTime().getTime() ? found : undefined
}

export type OwnPicking = {
  launchId: string
  courseId: string
  toolName: string
  picked: Picked[]
  addedAt: Date | null
}

/** What came back from a tool, for the one who went there. */
export async function ownPicking(db: Db, accountId: string, launchId: string): Promise<OwnPicking | undefined> {
  return db
    .selectFrom('connect.launches as a')
    .innerJoin('connect.tools as t', 't.id', 'a.tool_id')
    .select(['a.id as launchId', 'a.course_id as courseId', 't.name as toolName', 'a.picked', 'a.added_at as addedAt'])
    .where('a.id', '=', launchId)
    .where('a.account_id', '=', accountId)
    .where('a.answered_at', 'is not', null)
    .$castTo<OwnPicking>()
    .executeTakeFirst()
}
