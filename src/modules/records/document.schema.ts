import { z } from 'zod'
import type { Version } from './statement.schema.ts'

export type DocumentKind = 'state' | 'activity' | 'agent'

/** Where a document or a shelf of documents is. `registration` is left out where the shelf is not narrowed to one. */
export type Shelf = {
  organisationId: string
  kind: DocumentKind
  /** Digest of the activity, the agent, or both. */
  place: string
  registration?: string | undefined
}
export const noRegistration = '00000000-0000-0000-0000-000000000000'

const shelf = z.object({
  organisationId: z.uuid(),
  kind: z.enum(['state', 'activity', 'agent']),
  place: z.string().regex(/^[0-9a-f]{32}$/),
  registration: z.uuid().optional(),
})
const conditions = { ifMatch: z.string().optional(), ifNoneMatch: z.string().optional() }

export const KeepDocument = shelf.extend({
  ...conditions,
  id: z.string().min(1).max(2000),
  method: z.enum(['put', 'post']),
  version: z.custom<Version>((value) => value === '1.0.3' || value === '2.0.0'),
  mediaType: z.string().max(500),
  content: z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array),
})
export type KeepDocument = z.output<typeof KeepDocument>

export const RemoveDocuments = shelf.extend({
  ...conditions,
  /** Left out: everything on the shelf. */
  id: z.string().min(1).max(2000).optional(),
})
