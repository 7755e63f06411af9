import { languagesOf } from '#modules/records/format.rules.ts'
import { storeStatements } from '#modules/records/statement.commands.ts'
import { type Filter, type Place, statementById } from '#modules/records/statement.queries.ts'
import { checkStatement } from '#modules/records/statement.rules.ts'
import { mostPerPage, mostStatements, type Statement, wrong } from '#modules/records/statement.schema.ts'
import { isIri } from '#modules/records/value.rules.ts'
import { missing } from '#platform/errors.ts'
import {
  type Ask,
  agentParam,
  booleanParam,
  instantParam,
  type Known,
  neededParam,
  onlyParams,
  uuidParam,
} from './ask.ts'
import { needs } from './auth.ts'
import { filesIn, matchFiles, partsOf } from './multipart.ts'
import { type Page, pageAnswer, singleAnswer } from './page.ts'
import { checkSignatures } from './signature.ts'

/** PUT one, POST one or many. xAPI Communication 2.1.1, 2.1.2. */
export async function storeAnswer(ask: Known): Promise<Response> {
  const putting = ask.method === 'PUT'
  onlyParams(ask, ...(putting ? ['statementId'] : []))
  needs(ask.client, 'statements/write')
  const { value, files } = await read(ask)
  const many = Array.isArray(value)
  if (putting && many) wrong('', 'PUT takes one statement')
  const statements = many ? checkAll(value, ask) : [checkStatement(value, ask.version)]
  if (putting) {
    const id = uuidParam(ask, 'statementId') ?? neededParam(ask, 'statementId')
    const [statement] = statements as [Statement]
    if (statement.id !== undefined && statement.id.toLowerCase() !== id)
      wrong('statementId', 'is not the id of the statement')
    statement.id = id
  }
  matchFiles(statements, files)
  for (const statement of statements) if (statement.attachments) checkSignatures(statement, files, ask.version)
  const batch = { client: ask.client, version: ask.version, statements, files }
  const { ids } = await (ask.keep ? ask.keep(batch) : storeStatements(ask.ctx, batch))
  return putting ? new Response(null, { status: 204 }) : Response.json(ids)
}

async function read(ask: Known) {
  const type = ask.header('content-type') ?? ''
  if (/^application\/json\s*(;|$)/i.test(type)) return { value: parsed(await ask.text()), files: [] }
  if (!/^multipart\/mixed\s*;/i.test(type)) wrong('content-type', 'must be application/json or multipart/mixed')
  const [first, ...others] = partsOf(await ask.body(), type)
  if (!first || !/^application\/json\s*(;|$)/i.test(first.headers.get('content-type') ?? ''))
    return wrong('part 1', 'must be the statements, as application/json')
  return { value: parsed(first.content.toString('utf8')), files: filesIn(others) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return wrong('', 'the body is not JSON')
  }
}

function checkAll(values: unknown[], ask: Known): Statement[] {
  if (values.length > mostStatements) wrong('', `at most ${mostStatements} statements at once`)
  const seen = new Set<string>()
  return values.map((value, i) => {
    const statement = checkStatement(value, ask.version, `[${i}]`)
    const id = statement.id?.toLowerCase()
    if (id !== undefined) {
      if (seen.has(id)) wrong(`[${i}].id`, 'is the id of two statements')
      seen.add(id)
    }
    return statement
  })
}

const filters = [
  ...['agent', 'verb', 'activity', 'registration', 'related_activities', 'related_agents', 'since', 'until', 'limit'],
  ...['format', 'attachments', 'ascending'],
]

/** One by id, or a page of those that a filter finds. xAPI Communication 2.1.3. */
export async function readAnswer(ask: Known, mount: string): Promise<Response> {
  const all = ask.client.scopes.some((scope) => scope === 'statements/read' || scope === 'all/read')
  if (!all) needs(ask.client, 'statements/read/mine')
  const own = { organisationId: ask.client.organisationId, clientId: all ? undefined : ask.client.id }
  if (ask.params.has('statementId') || ask.params.has('voidedStatementId')) return single(ask, own)
  const more = ask.params.get('more')
  if (more !== undefined) {
    onlyParams(ask, 'more')
    const { params, after } = opened(more)
    const resumed = { ...ask, params: new Map(Object.entries(params)) }
    return pageAnswer(resumed, { ...pageOf(resumed, own), after, more: (place) => moreOf(mount, params, place) })
  }
  onlyParams(ask, ...filters)
  const params = Object.fromEntries(ask.params)
  return pageAnswer(ask, { ...pageOf(ask, own), after: null, more: (place) => moreOf(mount, params, place) })
}

async function single(ask: Known, own: Pick<Filter, 'organisationId' | 'clientId'>): Promise<Response> {
  const wanted = ask.params.has('statementId') ? 'statementId' : 'voidedStatementId'
  onlyParams(ask, wanted, 'attachments', 'format')
  const id = uuidParam(ask, wanted) ?? ''
  const look = { format: formatOf(ask), attachments: booleanParam(ask, 'attachments'), languages: languages(ask) }
  const found = await statementById(ask.ctx.db, { ...own, id })
  if (!found || found.voided !== (wanted === 'voidedStatementId')) throw missing('statement')
  return singleAnswer(ask, found, look)
}

const languages = (ask: Ask) => languagesOf(ask.header('accept-language'))

function formatOf(ask: Ask): 'ids' | 'exact' | 'canonical' {
  const format = ask.params.get('format') ?? 'exact'
  return format === 'ids' || format === 'exact' || format === 'canonical'
    ? format
    : wrong('format', 'must be ids, exact or canonical')
}

function pageOf(ask: Known, own: Pick<Filter, 'organisationId' | 'clientId'>): Omit<Page, 'after' | 'more'> {
  const limit = ask.params.get('limit')
  if (limit !== undefined && !/^\d{1,9}$/.test(limit)) wrong('limit', 'must be a whole number')
  const iri = (name: string) => {
    const value = ask.params.get(name)
    return value === undefined || isIri(value) ? value : wrong(name, 'must be an absolute IRI')
  }
  return {
    filter: {
      ...own,
      agent: ask.params.has('agent') ? agentParam(ask) : undefined,
      relatedAgents: booleanParam(ask, 'related_agents'),
      verb: iri('verb'),
      activity: iri('activity'),
      relatedActivities: booleanParam(ask, 'related_activities'),
      registration: uuidParam(ask, 'registration'),
      since: instantParam(ask, 'since', ask.version),
      until: instantParam(ask, 'until', ask.version),
      ascending: booleanParam(ask, 'ascending'),
    },
    limit: Math.min(Number(limit ?? 0) || mostPerPage, mostPerPage),
    look: { format: formatOf(ask), attachments: booleanParam(ask, 'attachments'), languages: languages(ask) },
  }
}

/** The question and the place come along in the address, so it works for as long as anybody keeps it. */
function moreOf(mount: string, params: Record<string, string>, { stored, seq }: Place): string {
  const token = Buffer.from(JSON.stringify([params, stored.toISOString(), seq])).toString('base64url')
  return `${mount}/statements?more=${token}`
}

export function opened(token: string): { params: Record<string, string>; after: Place } {
  try {
    const [params, stored, seq] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    const at = new Date(stored)
    const known = Object.entries(params).every(([name, value]) => filters.includes(name) && typeof value === 'string')
    if (known && !Number.isNaN(at.getTime()) && Number.isSafeInteger(seq)) return { params, after: { stored: at, seq } }
  } catch {
    // told below
  }
  return wrong('more', 'is not an address that was given out')
}
