import { identifierOf } from '#modules/records/actor.rules.ts'
import { keepDocument, removeDocuments } from '#modules/records/document.commands.ts'
import { documentIds, documentOn, placeOf } from '#modules/records/document.queries.ts'
import type { DocumentKind, Shelf } from '#modules/records/document.schema.ts'
import { wrong } from '#modules/records/statement.schema.ts'
import { missing } from '#platform/errors.ts'
import { agentParam, instantParam, iriParam, type Known, onlyParams, uuidParam } from './ask.ts'
import { needs } from './auth.ts'

type Resource = { kind: DocumentKind; idName: string; belongs: string[]; scope: 'state' | 'profile' }
export const documentResources: Record<string, Resource> = {
  '/activities/state': {
    ...{ kind: 'state', idName: 'stateId', scope: 'state' },
    belongs: ['activityId', 'agent', 'registration'],
  },
  '/activities/profile': { kind: 'activity', idName: 'profileId', belongs: ['activityId'], scope: 'profile' },
  '/agents/profile': { kind: 'agent', idName: 'profileId', belongs: ['agent'], scope: 'profile' },
}

/** State, activity profile and agent profile documents. xAPI Communication 2.2, 2.3, 2.6, 2.7. */
export async function documents(ask: Known, resource: Resource): Promise<Response> {
  const reading = ask.method === 'GET'
  const id = ask.params.get(resource.idName)
  onlyParams(ask, resource.idName, ...resource.belongs, ...(reading && id === undefined ? ['since'] : []))
  if (reading) needs(ask.client, resource.scope, 'all/read')
  else needs(ask.client, resource.scope)
  const shelf = shelfOf(ask, resource)
  if (id === '') wrong(resource.idName, 'must not be empty')
  if (reading) return id === undefined ? list(ask, shelf) : one(ask, shelf, id)
  const conditions = { ifMatch: ask.header('if-match'), ifNoneMatch: ask.header('if-none-match') }
  if (ask.method === 'DELETE') {
    if (id === undefined && resource.kind !== 'state') wrong(resource.idName, 'is missing')
    await removeDocuments(ask.ctx, { ...shelf, id, ...conditions })
    return new Response(null, { status: 204 })
  }
  if (id === undefined) return wrong(resource.idName, 'is missing')
  const { etag } = await keepDocument(ask.ctx, {
    ...shelf,
    ...conditions,
    id,
    method: ask.method === 'PUT' ? 'put' : 'post',
    version: ask.version,
    mediaType: ask.header('content-type') ?? 'application/octet-stream',
    content: await ask.body(),
  })
  return new Response(null, { status: 204, headers: { etag: `"${etag}"` } })
}

function shelfOf(ask: Known, { kind, belongs }: Resource): Shelf {
  const { organisationId } = ask.client
  const parts: string[] = []
  if (belongs.includes('activityId')) parts.push(iriParam(ask, 'activityId'))
  if (belongs.includes('agent')) parts.push(identifierOf(agentParam(ask)) ?? '')
  const registration = belongs.includes('registration') ? uuidParam(ask, 'registration') : undefined
  return { organisationId, kind, place: placeOf(organisationId, kind, parts), registration }
}

async function one(ask: Known, shelf: Shelf, id: string): Promise<Response> {
  const found = await documentOn(ask.ctx.db, shelf, id)
  if (!found) throw missing('document')
  return new Response(new Uint8Array(found.content), {
    headers: {
      'content-type': found.mediaType,
      etag: `"${found.etag}"`,
      'last-modified': found.updated.toUTCString(),
    },
  })
}

async function list(ask: Known, shelf: Shelf): Promise<Response> {
  const { ids, newest } = await documentIds(ask.ctx.db, shelf, instantParam(ask, 'since', ask.version))
  return Response.json(ids, { headers: newest ? { 'last-modified': newest.toUTCString() } : {} })
}
