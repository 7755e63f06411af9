import { realTime } from '#platform/clock.ts'
import type { Ctx } from '#platform/command.ts'
import { digestOf } from './launch.queries.ts'

type Db = Ctx['db']

export const loginSeconds = 600
export const arrivalSeconds = 3600
/** The cookie that ties a sign-in from a platform to one browser. It says nothing about who sits there. */
export const browserCookie = 'lti_browser'
export const subjectContext = 'connect.subject'

export type Login = { platformId: string; nonce: string }

/** A sign-in that was begun here and may still be finished. */
export async function openLogin(db: Db, state: string): Promise<Login | undefined> {
  return db
    .selectFrom('connect.logins')
    .select(['platform_id as platformId', 'nonce'])
    .where('state_digest', '=', digestOf(state))
    .where('used_at', 'is', null)
    .where('expires_at', '>', realTime())
    .executeTakeFirst()
}

export type Arrival = {
  id: string
  platformId: string
  platformName: string
  platformState: string
  organisation: string
  kind: 'resource' | 'deep-linking'
  teaches: boolean
  courseId: string | null
  courseTitle: string | null
  multiple: boolean
  doneAt: Date | null
  /** Whom the platform's account is already linked with. */
  linkedPersonId: string | null
}

/** An arrival, for the browser that it began in and no other. */
export async function arrivalFor(db: Db, code: string, browser: string): Promise<Arrival | 'over' | 'other-browser'> {
  const row = await db
    .selectFrom('connect.arrivals as a')
    .innerJoin('connect.platforms as p', 'p.id', 'a.platform_id')
    .innerJoin('people.organisations as o', 'o.id', 'p.organisation_id')
    .leftJoin('library.courses as c', (join) =>
      join.onRef('c.id', '=', 'a.course_id').on('c.state', 'in', ['trial', 'admitted']),
    )
    .leftJoin('connect.account_links as l', (join) =>
      join
        .onRef('l.platform_id', '=', 'a.platform_id')
        .onRef('l.subject_index', '=', 'a.subject_index')
        .on('l.ended_at', 'is', null),
    )
    .select(['a.id', 'a.platform_id as platformId', 'p.name as platformName', 'p.state as platformState'])
    .select(['o.name as organisation', 'a.kind', 'a.teaches', 'c.id as courseId', 'c.title as courseTitle'])
    .select(['a.picking', 'a.done_at as doneAt', 'l.person_id as linkedPersonId', 'a.cookie_digest as cookie'])
    .where('a.code_digest', '=', digestOf(code))
    .where('a.expires_at', '>', realTime())
    .executeTakeFirst()
  if (!row || row.doneAt !== null || row.platformState !== 'active') return 'over'
  if (row.cookie !== digestOf(browser)) return 'other-browser'
  const { picking, cookie: _, ...rest } = row
  return { ...rest, multiple: (picking as { multiple?: boolean } | null)?.multiple ?? false } as Arrival
}

export type OwnLink = { id: string; platformName: string; organisation: string; linkedAt: Date }
/** The accounts elsewhere that somebody has linked, for the person. */
export const ownLinks = (db: Db, accountId: string): Promise<OwnLink[]> =>
  db
    .selectFrom('connect.account_links as l')
    .innerJoin('connect.platforms as p', 'p.id', 'l.platform_id')
    .innerJoin('people.organisations as o', 'o.id', 'p.organisation_id')
    .select(['l.id', 'p.name as platformName', 'o.name as organisation', 'l.linked_at as linkedAt'])
    .where('l.account_id', '=', accountId)
    .where('l.ended_at', 'is', null)
    .orderBy('l.linked_at', 'desc')
    .$castTo<OwnLink>()
    .execute()
