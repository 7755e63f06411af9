import type { DocumentKind } from './document.schema.ts'
import { type Version, wrong } from './statement.schema.ts'

type Standing = {
  method: 'put' | 'post' | 'delete'
  kind: DocumentKind
  version: Version
  /** ETag of what is there, without quotes. */
  there: string | undefined
  ifMatch?: string | undefined
  ifNoneMatch?: string | undefined
}

const tags = (header: string) => header.split(',').map((tag) => tag.trim().replace(/^W\//, '').replace(/^"|"$/g, ''))

/**
 * Whether a write may go on. 412: what is there is not what the writer saw. 409: a PUT over something that is there must say
 * what it saw; for state documents version 2 asks for that too. xAPI Communication 3.1.
 */
export function mayWrite({
  method,
  kind,
  version,
  there,
  ifMatch,
  ifNoneMatch,
}: Standing): 'yes' | 'changed' | 'blind' {
  if (ifMatch !== undefined) {
    const wanted = tags(ifMatch)
    if (there === undefined || !(wanted.includes('*') || wanted.includes(there))) return 'changed'
  }
  if (ifNoneMatch !== undefined) {
    const unwanted = tags(ifNoneMatch)
    if (there !== undefined && (unwanted.includes('*') || unwanted.includes(there))) return 'changed'
  }
  const said = ifMatch !== undefined || ifNoneMatch !== undefined
  const asked = kind !== 'state' || version === '2.0.0'
  return method === 'put' && there !== undefined && !said && asked ? 'blind' : 'yes'
}

export const isJsonType = (mediaType: string) => /^application\/json\s*(;|$)/i.test(mediaType)

/** The posted properties laid over those there, at the top level only. Both must be JSON objects. */
export function mergeJson(
  there: { mediaType: string; text: string } | undefined,
  posted: { mediaType: string; text: string },
) {
  if (!isJsonType(posted.mediaType)) {
    if (there) wrong('', 'a document can only be merged with application/json')
    return posted.text
  }
  const fresh = objectIn(posted.text, 'the posted document')
  if (!there) return posted.text
  if (!isJsonType(there.mediaType)) wrong('', 'the document there is not application/json')
  return JSON.stringify({ ...objectIn(there.text, 'the document there'), ...fresh })
}

function objectIn(text: string, what: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // told below
  }
  return wrong('', `${what} is not a JSON object`)
}
