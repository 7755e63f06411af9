import { cookieBase } from '#platform/session.ts'

/** An answer that is the same for everybody who asks the same way, ready to be given out many times. */
type Answer = { status: number; headers: Headers; body: ArrayBuffer }

/** The page says so itself, after it is drawn; taken off before the answer leaves. */
export const sameForAll = 'x-same-for-all'

/**
 * What visitors must have in common to be answered together; null for whoever carries a session or changes something.
 * Everything that a page may read of a request stands in it.
 */
export function crowdKey(request: Request): string | null {
  const { method, url, headers } = request
  const cookie = headers.get('cookie') ?? ''
  if (method !== 'GET' || cookie.includes(cookieBase) || headers.has('authorization')) return null
  return [url, cookie, ...read.map((name) => headers.get(name) ?? '')].join('\n')
}
const read = ['accept', 'accept-encoding', 'accept-language']

type Line = { last: Promise<unknown>; next: Promise<Answer | Response> | null }

/**
 * Visitors who ask for the same public page in the same moment are answered together: one reading of the records, one
 * drawing. Nobody gets an answer whose reading began before he asked: while one is under way the others wait for the
 * next. So this is no cache, and a page is never older than its request.
 *
 * `draw` is called for one of them; an answer that does not say `sameForAll` goes to that one alone, and the others are
 * answered by their own call.
 */
export function together(): (key: string, draw: () => Promise<Response>) => Promise<Response> {
  const lines = new Map<string, Line>()

  const begin = (key: string, draw: () => Promise<Response>): Promise<Answer | Response> => {
    const work = draw().then(readied)
    const line: Line = { last: work, next: null }
    lines.set(key, line)
    const leave = () => {
      if (lines.get(key) === line && line.next === null) lines.delete(key)
    }
    work.then(leave, leave)
    return work
  }

  return async (key, draw) => {
    const line = lines.get(key)
    if (!line) return given(await begin(key, draw))
    const first = line.next === null
    line.next ??= line.last.then(
      () => begin(key, draw),
      () => begin(key, draw),
    )
    const answer = await line.next
    return answer instanceof Response && !first ? draw() : given(answer)
  }
}

async function readied(response: Response): Promise<Answer | Response> {
  if (!response.headers.has(sameForAll)) return response
  const headers = new Headers(response.headers)
  headers.delete(sameForAll)
  return { status: response.status, headers, body: await response.arrayBuffer() }
}

const given = (answer: Answer | Response): Response =>
  answer instanceof Response
    ? answer
    : new Response(answer.body, { status: answer.status, headers: new Headers(answer.headers) })
