import type { Context, Hono } from 'hono'
import {
  changeLineItem,
  makeLineItem,
  nameMembers,
  removeLineItem,
  takeScore,
} from '#modules/connect/grade.commands.ts'
import { isInCourse, lineItems, membersOf, resultsOf } from '#modules/connect/grade.queries.ts'
import type { LineItem } from '#modules/connect/grade.schema.ts'
import { serviceAddresses } from '#modules/connect/launch.rules.ts'
import { type Bearer, bearerOf, toolActor } from '#modules/connect/token.queries.ts'
import { claim, mediaType, role, type Scope } from '#modules/connect/vocabulary.schema.ts'
import { openPersons } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { AppError, status } from '#platform/errors.ts'
import { as, contextOf, type Env, type LtiDeps, limited, requestIdOf } from './door.ts'

type Asked = { c: Context<Env>; ctx: Ctx; bearer: Bearer; place: { toolId: string; courseId: string }; origin: string }
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const json = (
  c: Context<Env>,
  body: unknown,
  type: string,
  code: 200 | 201 = 200,
  headers: Record<string, string> = {},
) => c.body(JSON.stringify(body), code, { 'content-type': type, 'cache-control': 'no-store', ...headers })

/** Names and Roles 2.0 and Assignment and Grade Services 2.0, for tools with an access token. */
export function addServices(app: Hono<Env>, deps: LtiDeps): void {
  const door =
    (scopes: readonly Scope[], answer: (asked: Asked) => Promise<Response>) =>
    async (c: Context<Env>): Promise<Response> => {
      const ctx = await contextOf(c, deps)
      await limited(c, ctx, 'service', 1200)
      const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(c.req.header('authorization') ?? '')?.[1]
      const bearer = token && (await bearerOf(ctx.db, token))
      if (!bearer)
        return c.json({ error: 'invalid_token' }, 401, { 'www-authenticate': 'Bearer error="invalid_token"' })
      if (!scopes.some((scope) => bearer.scopes.includes(scope)))
        return c.json({ error: 'insufficient_scope' }, 403, { 'www-authenticate': 'Bearer error="insufficient_scope"' })
      const courseId = c.req.param('course') ?? ''
      const place = { toolId: bearer.tool.id, courseId }
      try {
        if (!uuid.test(courseId) || !(await isInCourse(ctx.db, place))) return c.json({ error: 'not_found' }, 404)
        return await answer({ c, ctx: as(ctx, toolActor(bearer.tool)), bearer, place, origin: deps.origin(c.req.raw) })
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        const { fault } = error
        const why = fault.kind === 'invalid' ? { fields: fault.fields } : {}
        return c.json({ error: fault.kind, ...why }, status[fault.kind] as 422)
      }
    }
  const at = '/courses/:course'
  app.get(`${at}/members`, door(['membership'], members))
  app.get(`${at}/line-items`, door(['lineitem', 'lineitem.readonly'], listItems))
  app.post(`${at}/line-items`, door(['lineitem'], makeItem))
  app.get(`${at}/line-items/:item`, door(['lineitem', 'lineitem.readonly'], showItem))
  app.put(`${at}/line-items/:item`, door(['lineitem'], changeItem))
  app.delete(`${at}/line-items/:item`, door(['lineitem'], dropItem))
  app.post(`${at}/line-items/:item/scores`, door(['score'], score))
  app.get(`${at}/line-items/:item/results`, door(['result.readonly'], results))
  for (const path of [
    `${at}/members`,
    `${at}/line-items`,
    `${at}/line-items/:item`,
    `${at}/line-items/:item/scores`,
    `${at}/line-items/:item/results`,
  ])
    app.all(path, (c) => c.json({ error: 'method_not_allowed' }, 405))
  app.onError((error, c) => {
    if (error instanceof AppError && error.fault.kind === 'limited')
      return c.json({ error: 'slow_down' }, 429, { 'retry-after': String(error.fault.retryAfterSeconds) })
    deps.report(error, requestIdOf(c))
    return c.json({ error: 'server_error' }, 500)
  })
}

const shown = (item: LineItem, { origin, place }: Pick<Asked, 'origin' | 'place'>) => ({
  id: serviceAddresses(origin, place.courseId).lineItem(item.id),
  scoreMaximum: item.maximum,
  label: item.label,
  ...(item.linkId && { resourceLinkId: item.linkId }),
  ...(item.resourceId && { resourceId: item.resourceId }),
  ...(item.tag && { tag: item.tag }),
  ...(item.startsAt && { startDateTime: item.startsAt.toISOString() }),
  ...(item.endsAt && { endDateTime: item.endsAt.toISOString() }),
})

async function bodyOf(c: Context<Env>, type: string): Promise<unknown> {
  const given = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (given !== type && given !== 'application/json')
    throw new AppError({ kind: 'invalid', fields: { 'content-type': [`must be ${type}`] } })
  return c.req.json().catch(() => {
    throw new AppError({ kind: 'invalid', fields: { body: ['is no JSON'] } })
  })
}

function pageOf(c: Context<Env>, most: number): { limit: number; after: number } {
  const asked = Number(c.req.query('limit') ?? most)
  const after = Number(c.req.query('from') ?? 0)
  return {
    limit: Number.isInteger(asked) && asked > 0 ? Math.min(asked, most) : most,
    after: Number.isInteger(after) && after > 0 ? after : 0,
  }
}

/** The next page has the same question with another beginning. */
function nextLink({ c, origin }: Pick<Asked, 'c' | 'origin'>, values: Record<string, string>): Record<string, string> {
  const url = new URL(c.req.url)
  const next = new URL(url.pathname + url.search, origin)
  for (const [name, value] of Object.entries(values)) next.searchParams.set(name, value)
  return { link: `<${next.href}>; rel="next"` }
}

async function members(asked: Asked): Promise<Response> {
  const { c, ctx, place, bearer } = asked
  await nameMembers(ctx, place)
  const wanted = c.req.query('role')
  const learnersAsked = wanted === undefined || wanted === role.learner || wanted === 'Learner'
  const linkId = c.req.query('rlid')
  const limit = Math.min(Math.max(Number(c.req.query('limit') ?? 100) || 100, 1), 500)
  const after = c.req.query('after') ?? ''
  const found = learnersAsked
    ? await membersOf(ctx.db, place, { limit: limit + 1, after, ...(linkId !== undefined && { linkId }) })
    : []
  const page = found.slice(0, limit)
  const names = bearer.tool.tells.includes('name')
    ? await openPersons(
        ctx.db,
        ctx.crypto,
        page.map(({ personId }) => personId),
      )
    : new Map<string, { name: string }>()
  const course = await ctx.db
    .selectFrom('library.courses')
    .select(['id', 'number', 'title'])
    .where('id', '=', place.courseId)
    .executeTakeFirstOrThrow()
  const body = {
    id: new URL(new URL(c.req.url).pathname, asked.origin).href,
    context: { id: course.id, title: course.title, ...(course.number && { label: course.number }) },
    members: page.map(({ subject, personId }) => ({
      status: 'Active',
      user_id: subject,
      roles: [role.learner],
      ...(names.has(personId) && { name: names.get(personId)?.name }),
      ...(linkId !== undefined && { message: [{ [claim.messageType]: 'LtiResourceLinkRequest' }] }),
    })),
  }
  const more = found.length > limit ? nextLink(asked, { after: page.at(-1)?.subject ?? '' }) : {}
  return json(c, body, mediaType.members, 200, more)
}

async function listItems(asked: Asked): Promise<Response> {
  const { c, ctx, place } = asked
  const filter = {
    resourceLinkId: c.req.query('resource_link_id'),
    resourceId: c.req.query('resource_id'),
    tag: c.req.query('tag'),
  }
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
  const all = await lineItems(ctx.db, place, given)
  const { limit, after } = pageOf(c, 200)
  const more = all.length > after + limit ? nextLink(asked, { from: String(after + limit) }) : {}
  return json(
    c,
    all.slice(after, after + limit).map((item) => shown(item, asked)),
    mediaType.items,
    200,
    more,
  )
}

async function itemOf({ c, ctx, place }: Asked): Promise<LineItem> {
  const found = (await lineItems(ctx.db, place)).find(({ id }) => id === c.req.param('item'))
  if (!found) throw new AppError({ kind: 'missing', what: 'line-item' })
  return found
}

async function showItem(asked: Asked): Promise<Response> {
  return json(asked.c, shown(await itemOf(asked), asked), mediaType.item)
}

async function makeItem(asked: Asked): Promise<Response> {
  const { id } = await makeLineItem(asked.ctx, { ...asked.place, item: await bodyOf(asked.c, mediaType.item) })
  const made = (await lineItems(asked.ctx.db, asked.place)).find((one) => one.id === id)
  if (!made) throw new Error('a line item was not kept')
  const body = shown(made, asked)
  return json(asked.c, body, mediaType.item, 201, { location: body.id })
}

async function changeItem(asked: Asked): Promise<Response> {
  const { id } = await itemOf(asked)
  const given = await bodyOf(asked.c, mediaType.item)
  await changeLineItem(asked.ctx, { ...asked.place, lineItemId: id, item: given })
  return showItem(asked)
}

async function dropItem(asked: Asked): Promise<Response> {
  const { id } = await itemOf(asked)
  await removeLineItem(asked.ctx, { ...asked.place, lineItemId: id })
  return asked.c.body(null, 204)
}

async function score(asked: Asked): Promise<Response> {
  const { id } = await itemOf(asked)
  await takeScore(asked.ctx, { ...asked.place, lineItemId: id, score: await bodyOf(asked.c, mediaType.score) })
  return asked.c.body(null, 204)
}

async function results(asked: Asked): Promise<Response> {
  const { c, ctx, place } = asked
  const item = await itemOf(asked)
  const at = serviceAddresses(asked.origin, place.courseId).lineItem(item.id)
  const all = await resultsOf(ctx.db, place, item.id, c.req.query('user_id'))
  const { limit, after } = pageOf(c, 500)
  const more = all.length > after + limit ? nextLink(asked, { from: String(after + limit) }) : {}
  const body = all.slice(after, after + limit).map((row) => ({
    id: `${at}/results?user_id=${encodeURIComponent(row.subject)}`,
    userId: row.subject,
    scoreOf: at,
    resultScore: (row.given / row.outOf) * row.maximum,
    resultMaximum: row.maximum,
    ...(row.comment && { comment: row.comment }),
  }))
  return json(c, body, mediaType.results, 200, more)
}
