import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { statementPage } from './statement.queries.ts'
import type { Statement } from './statement.schema.ts'
import { isActivity } from './term.rules.ts'

export type RecentLine = { id: string; stored: Date; who: string; verb: string; what: string; client: string }

/** The newest statements of an organisation, for whoever sees whether a system delivers. People appear by account only. */
export async function recentStatements(db: Ctx['db'], organisationId: string): Promise<RecentLine[]> {
  const filter = { organisationId, relatedAgents: false, relatedActivities: false, ascending: false }
  const rows = await statementPage(db, filter, null, 20)
  const clients = await db
    .selectFrom('records.clients')
    .select(['name', 'authority'])
    .where('organisation_id', '=', organisationId)
    .execute()
  const names = new Map(clients.map(({ name, authority }) => [accountIn(authority), name]))
  return rows.map(({ id, stored, body }) => {
    const statement = JSON.parse(body) as Statement
    return {
      ...{ id, stored },
      who: whoOf(statement.actor),
      verb: wordIn(statement.verb.display) ?? lastPart(statement.verb.id),
      what: whatOf(statement.object),
      client: names.get(statement.authority?.account?.name ?? '') ?? '',
    }
  })
}

const accountIn = (authority: string) => (JSON.parse(authority) as Statement['authority'])?.account?.name ?? ''
const wordIn = (map: Record<string, string> | undefined) => map?.['zh-CN'] ?? map?.zh ?? Object.values(map ?? {})[0]
const lastPart = (iri: string) => iri.split(/[/#]/).findLast(Boolean) ?? iri

/** Enough to tell people apart, never who they are: addresses and names stay out. */
function whoOf(actor: Statement['actor']): string {
  if (actor.account) return `${actor.account.name.slice(0, 8)}…`
  if (actor.objectType === 'Group') return `一组${actor.member?.length ?? ''}`
  return actor.mbox ? '邮箱账户' : '其他账户'
}

function whatOf(object: Statement['object']): string {
  if (object.objectType === 'StatementRef') return `记录 ${object.id.slice(0, 8)}`
  if (object.objectType === 'SubStatement') return '另一项学习'
  if (object.objectType === 'Agent' || object.objectType === 'Group') return '人员'
  return isActivity(object) ? (wordIn(object.definition?.name) ?? lastPart(object.id)) : ''
}

export type StoreLine = {
  organisationId: string
  organisation: string
  clients: number
  revoked: number
  lastUsedAt: Date | null
  newest: Date | null
  forwards: number
  failing: number
  letters: number
}

/** Every organisation that has a store: its clients, when it last wrote, and how its forwarding stands. */
export async function storesOfDistrict(db: Ctx['db']): Promise<StoreLine[]> {
  const { rows } = await sql<StoreLine>`
    select o.id as "organisationId", o.name as organisation, c.clients, c.revoked, c."lastUsedAt", n.newest,
      coalesce(f.forwards, 0) as forwards, coalesce(f.failing, 0) as failing, coalesce(f.letters, 0) as letters
    from (select organisation_id, (count(*) filter (where kind = 'program' and revoked_at is null))::int as clients,
        (count(*) filter (where revoked_at is not null))::int as revoked, max(last_used_at) as "lastUsedAt",
        array_agg(id) as ids from records.clients group by 1) c
      join people.organisations o on o.id = c.organisation_id
      left join lateral (select max(l.stored) as newest from unnest(c.ids) one cross join lateral (
        select s.stored from records.statements s where s.client_id = one order by s.stored desc, s.seq desc limit 1) l) n on true
      left join (select organisation_id, (count(*) filter (where state = 'running'))::int as forwards,
        (count(*) filter (where state = 'running' and failures > 0))::int as failing,
        sum((select count(*) from records.dead_letters d where d.forward_id = w.id))::int as letters
        from records.forwards w group by 1) f on f.organisation_id = o.id
    order by n.newest desc nulls last, o.name limit 200`.execute(db)
  return rows
}
