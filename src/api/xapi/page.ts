import { canonical, type Format, idsOnly } from '#modules/records/format.rules.ts'
import {
  attachmentsBySha2,
  definitionsOfActivities,
  type Filter,
  type Place,
  type Row,
  statementPage,
  textOf,
} from '#modules/records/statement.queries.ts'
import { attachmentsOf } from '#modules/records/statement.rules.ts'
import type { Statement } from '#modules/records/statement.schema.ts'
import { activityIdsOf } from '#modules/records/term.rules.ts'
import type { Known } from './ask.ts'

export type Look = { format: Format; attachments: boolean; languages: string[] }
export type Page = {
  filter: Filter
  after: Place | null
  limit: number
  look: Look
  /** Where the rest is, from this place on. */
  more(place: Place): string
}

const boundary = 'records-7f3b1c9e-statements'
const atOnce = 100

export async function singleAnswer(ask: Known, row: Row, look: Look): Promise<Response> {
  const [text = ''] = await texts(ask, [row], look)
  const headers = { 'last-modified': row.stored.toUTCString() }
  if (!look.attachments) return new Response(text, { headers: { ...headers, 'content-type': 'application/json' } })
  return multipart(ask, headers, async function* (files) {
    noteFiles(files, row)
    yield text
  })
}

/** The page as it is read: a hundred statements at a time, never all of them in memory. */
export async function pageAnswer(ask: Known, page: Page): Promise<Response> {
  const chunks = rowsOf(ask, page)
  const first = await chunks.next() // before the answer begins, so that what fails is told as a fault
  const newest = first.value?.rows[0]?.stored
  const headers: Record<string, string> = newest ? { 'last-modified': newest.toUTCString() } : {}
  async function* body(files: Set<string>): AsyncGenerator<string> {
    yield '{"statements":['
    let comma = ''
    let more: Place | null = null
    for (let step = first; !step.done; step = await chunks.next()) {
      const { rows, rest } = step.value
      for (const row of rows) if (page.look.attachments) noteFiles(files, row)
      const part = await texts(ask, rows, page.look)
      if (part.length > 0) yield comma + part.join(',')
      comma = ','
      more = rest
    }
    yield `],"more":${JSON.stringify(more ? page.more(more) : '')}}`
  }
  if (page.look.attachments) return multipart(ask, headers, body)
  return new Response(streamOf(body(new Set())), { headers: { ...headers, 'content-type': 'application/json' } })
}

async function* rowsOf(
  ask: Known,
  { filter, after, limit }: Page,
): AsyncGenerator<{ rows: Row[]; rest: Place | null }> {
  let place = after
  for (let left = limit; left > 0; ) {
    const n = Math.min(left, atOnce)
    const found = await statementPage(ask.ctx.db, filter, place, n + 1)
    const rows = found.slice(0, n)
    left -= n
    const last = rows.at(-1)
    const goesOn = found.length > n && last !== undefined
    yield { rows, rest: goesOn ? last : null }
    if (!goesOn) return
    place = last
  }
}

async function texts(ask: Known, rows: readonly Row[], { format, languages }: Look): Promise<string[]> {
  if (format === 'exact') return rows.map(textOf)
  const statements = rows.map((row) => JSON.parse(textOf(row)) as Statement)
  if (format === 'ids') return statements.map((one) => JSON.stringify(idsOnly(one)))
  const ids = statements.flatMap(activityIdsOf)
  const definitions = await definitionsOfActivities(ask.ctx.db, ask.client.organisationId, ids)
  return statements.map((one) => JSON.stringify(canonical(one, (id) => definitions.get(id), languages)))
}

function noteFiles(files: Set<string>, { body }: Row): void {
  if (!body.includes('"sha2"')) return
  for (const { sha2 } of attachmentsOf(JSON.parse(body) as Statement)) files.add(sha2.toLowerCase())
}

/** The statements as the first part, then each file once. xAPI Communication 1.5.2. */
function multipart(
  ask: Known,
  headers: Record<string, string>,
  body: (files: Set<string>) => AsyncGenerator<string>,
): Response {
  const files = new Set<string>()
  async function* whole(): AsyncGenerator<string | Uint8Array<ArrayBuffer>> {
    yield `--${boundary}\r\nContent-Type: application/json\r\n\r\n`
    yield* body(files)
    for (const sha2 of files) {
      const [file] = await attachmentsBySha2(ask.ctx.db, ask.client.organisationId, [sha2])
      if (!file) continue // it was only ever at its fileUrl
      yield `\r\n--${boundary}\r\nContent-Type: ${file.mediaType}\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ${sha2}\r\n\r\n`
      yield file.content
    }
    yield `\r\n--${boundary}--\r\n`
  }
  return new Response(streamOf(whole()), {
    headers: { ...headers, 'content-type': `multipart/mixed; boundary=${boundary}` },
  })
}

const encoder = new TextEncoder()
const streamOf = (parts: AsyncGenerator<string | Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
    },
    cancel: () => void parts.return(undefined),
  })
