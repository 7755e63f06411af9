import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { Limit } from './application.rules.ts'
import type { CallState } from './call.schema.ts'
import { schemeVersion } from './scheme.queries.ts'

export type CallRow = {
  id: string
  number: string
  scheme: string
  versionId: string
  title: string
  announcement: string
  opensOn: Day
  closesOn: Day | null
  state: CallState
  draftedBy: string
  draftedByName: string
  publishedByName: string | null
  publishedAt: Date | null
  commitment: string | null
}

export const calls = (db: Ctx['db']) =>
  db
    .selectFrom('recognition.calls as c')
    .select([
      'c.id',
      'c.number',
      'c.scheme',
      'c.version_id as versionId',
      'c.title',
      'c.announcement',
      'c.opens_on as opensOn',
      'c.closes_on as closesOn',
      'c.state',
      'c.drafted_by as draftedBy',
      'c.drafted_by_name as draftedByName',
      'c.published_by_name as publishedByName',
      'c.published_at as publishedAt',
      'c.seed_commitment as commitment',
    ])
    .$castTo<CallRow>()

/** Whether applications are taken today. */
export const isOpen = (call: Pick<CallRow, 'state' | 'opensOn' | 'closesOn'>, today: Day): boolean =>
  call.state === 'published' && call.opensOn <= today && (call.closesOn === null || today <= call.closesOn)

/** Every published call, open ones first. */
export async function publishedCalls(ctx: Ctx): Promise<(CallRow & { open: boolean; schemeName: string })[]> {
  const rows = await calls(ctx.db)
    .where('c.state', 'in', ['published', 'closed'])
    .orderBy('c.published_at', 'desc')
    .limit(200)
    .execute()
  const today = dayOf(ctx.now)
  return rows
    .map((row) => ({ ...row, open: isOpen(row, today), schemeName: nameOf(ctx, row.scheme) }))
    .toSorted((a, b) => Number(b.open) - Number(a.open))
}

export const nameOf = ({ plan }: Pick<Ctx, 'plan'>, code: string): string =>
  plan.schemes.find((one) => one.code === code)?.name ?? code

export async function callCard(ctx: Ctx, id: string): Promise<{ call: CallRow; scheme: Scheme; open: boolean }> {
  const call = await calls(ctx.db).where('c.id', '=', id).executeTakeFirst()
  const internal = ctx.actor.can('recognition.read')
  if (!call || (!internal && call.state !== 'published' && call.state !== 'closed')) throw missing('call')
  return { call, scheme: await schemeVersion(ctx.db, call.versionId), open: isOpen(call, dayOf(ctx.now)) }
}

export type CallLimit = Limit & { scope: string; figure: string }

/** The quotas of a call with what is taken, for one organisation and this year. */
export async function limitsFor(
  ctx: Pick<Ctx, 'db' | 'now'>,
  scheme: Scheme,
  about: { call_id: string; organisation_id: string | null },
): Promise<CallLimit[]> {
  const organisation = about.organisation_id ?? ''
  const { rows } = await sql<{ quota: string; scope: string; most: number | null; figure: string; taken: number }>`
    select l.quota, l.scope, l.most, l.figure, coalesce(t.taken, 0) as taken
    from recognition.call_limits l
    left join recognition.quota_taken t on t.scheme = ${scheme.code} and t.quota = l.quota and t.key = case l.scope
      when 'organisation' then ${organisation} when 'year' then ${String(yearOf(dayOf(ctx.now)))}
      when 'call-organisation' then l.call_id || ':' || ${organisation} else '' end
    where l.call_id = ${about.call_id} order by l.quota
  `.execute(ctx.db)
  return rows.map((row) => ({
    ...row,
    label: scheme.quotas.find((quota) => quota.id === row.quota)?.label ?? row.quota,
  }))
}
