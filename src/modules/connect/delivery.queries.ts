import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { realTime } from '#platform/clock.ts'
import type { Ctx } from '#platform/command.ts'
import { signJwt } from '#platform/jwt.ts'
import { askOutside } from '#platform/outward.ts'
import { subjectContext } from './arrival.queries.ts'
import { type Came, meaningOf, scoresAddress } from './delivery.rules.ts'
import { activeSigner } from './key.queries.ts'
import { mediaType, scopeUrls } from './vocabulary.schema.ts'

export type Due = {
  id: string
  tries: number
  score: number
  reachedAt: Date
  subjectSealed: string
  lineItemUrl: string | null
  lineItemsUrl: string | null
  resourceLinkId: string
  scopes: string[]
  title: string
  clientId: string
  tokenUrl: string
  tokenAudience: string | null
}

/** Results whose time to be sent has come, of platforms and links that are still in use. */
export async function dueDeliveries(ctx: Pick<Ctx, 'db'>): Promise<Due[]> {
  const { rows } = await sql<Due>`
    select d.id, d.tries, d.score, d.reached_at as "reachedAt", l.subject_sealed as "subjectSealed",
      m.line_item_url as "lineItemUrl", m.line_items_url as "lineItemsUrl", m.resource_link_id as "resourceLinkId", m.scopes,
      c.title, p.client_id as "clientId", p.token_url as "tokenUrl", p.token_audience as "tokenAudience"
    from connect.deliveries d join connect.placements m on m.id = d.placement_id
      join connect.account_links l on l.id = m.account_link_id and l.ended_at is null
      join connect.platforms p on p.id = m.platform_id and p.state = 'active'
      join learning.registrations r on r.id = m.registration_id join library.courses c on c.id = r.course_id
    where d.state = 'queued' and d.next_at <= ${realTime()} order by d.next_at limit 100`.execute(ctx.db)
  return rows
}

/** Whether anybody has learnt a course to the end whose platform has not been told yet. */
export async function isUntold(db: Ctx['db']): Promise<boolean> {
  const { rows } =
    await sql`select from connect.placements m join learning.completions d on d.registration_id = m.registration_id
    where not exists (select from connect.deliveries e where e.placement_id = m.id) limit 1`.execute(db)
  return rows.length > 0
}

export type Sent = { came: Came; answer: string; lineItemUrl: string | null }
const told = (what: string, { status, text }: { status: number; text: string }) =>
  `${what} ${status} ${text}`.slice(0, 500)

/** Sends one result: a token by our signed assertion, a line item where the platform left that to us, the score. */
export async function send(ctx: Ctx, due: Due): Promise<Sent> {
  let lineItemUrl = due.lineItemUrl
  try {
    const granted = await accessToken(ctx, due)
    if (typeof granted !== 'string') return { came: 'later', answer: told('token', granted), lineItemUrl }
    const headers = { authorization: `Bearer ${granted}` }
    if (lineItemUrl === null) {
      const made = await askOutside(due.lineItemsUrl ?? '', {
        method: 'POST',
        headers: { ...headers, 'content-type': mediaType.item, accept: mediaType.item },
        body: JSON.stringify({ scoreMaximum: 100, label: due.title, resourceLinkId: due.resourceLinkId }),
      })
      const came = meaningOf(made.status)
      if (came !== 'sent') return { came, answer: told('line item', made), lineItemUrl }
      lineItemUrl = String((JSON.parse(made.text) as { id?: unknown }).id ?? '') || null
      if (lineItemUrl === null) return { came: 'refused', answer: 'line item without id', lineItemUrl }
    }
    const answer = await askOutside(scoresAddress(lineItemUrl), {
      method: 'POST',
      headers: { ...headers, 'content-type': mediaType.score },
      body: JSON.stringify({
        userId: ctx.crypto.open(due.subjectSealed, subjectContext),
        scoreGiven: due.score,
        scoreMaximum: 100,
        activityProgress: 'Completed',
        gradingProgress: 'FullyGraded',
        timestamp: due.reachedAt.toISOString(),
        comment: '已学完',
      }),
    })
    // A platform that already has this score, or a later one, says 409: nothing is left to send.
    const came = answer.status === 409 ? 'sent' : meaningOf(answer.status)
    return { came, answer: told('score', answer), lineItemUrl }
  } catch (error) {
    return { came: 'later', answer: ((error as Error).message || 'no connection').slice(0, 500), lineItemUrl }
  }
}

async function accessToken(ctx: Ctx, due: Due): Promise<string | { status: number; text: string }> {
  const assertion = await signJwt(
    await activeSigner(ctx),
    { iss: due.clientId, sub: due.clientId, aud: due.tokenAudience ?? due.tokenUrl, jti: randomUUID() },
    { seconds: 300 },
  )
  const wanted = [scopeUrls.score, ...(due.lineItemUrl === null ? [scopeUrls.lineitem] : [])]
  const answer = await askOutside(due.tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope: wanted.join(' '),
    }).toString(),
  })
  if (answer.status !== 200) return answer
  const { access_token: token } = JSON.parse(answer.text) as { access_token?: unknown }
  return typeof token === 'string' && token !== '' ? token : answer
}
