import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import type { Ctx } from '#platform/command.ts'
import { farOnly } from '#platform/outward.ts'
import { attachmentsBySha2, type Row, textOf } from './statement.queries.ts'
import { attachmentsOf } from './statement.rules.ts'
import type { Statement } from './statement.schema.ts'

export type Target = { endpoint: string; key: string; secret: string; allowPrivate: boolean }
export type Reply = { status: number; text: string }

const boundary = 'records-forward-2b1d7c'

/** The body of a batch: with its files when it has any, as a store must send them. xAPI Communication 1.5.2.s3.b3. */
export async function bodyOf(db: Ctx['db'], organisationId: string, rows: readonly Row[]) {
  const json = `[${rows.map(textOf).join(',')}]`
  const statements = rows.filter(({ body }) => body.includes('"sha2"')).map(({ body }) => JSON.parse(body) as Statement)
  const sha2 = [...new Set(statements.flatMap((one) => attachmentsOf(one).map((file) => file.sha2.toLowerCase())))]
  const files = sha2.length > 0 ? await attachmentsBySha2(db, organisationId, sha2) : []
  if (files.length === 0) return { type: 'application/json', bytes: Buffer.from(json) }
  const parts = [Buffer.from(`--${boundary}\r\nContent-Type: application/json\r\n\r\n${json}`)]
  for (const file of files)
    parts.push(
      Buffer.from(
        `\r\n--${boundary}\r\nContent-Type: ${file.mediaType}\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ${file.sha2}\r\n\r\n`,
      ),
      Buffer.from(file.content),
    )
  parts.push(Buffer.from(`\r\n--${boundary}--\r\n`))
  return { type: `multipart/mixed; boundary=${boundary}`, bytes: Buffer.concat(parts) }
}

/** Posts to the other store. Rejects when there is no answer within half a minute. */
export function post(target: Target, { type, bytes }: { type: string; bytes: Buffer }): Promise<Reply> {
  const url = new URL(`${target.endpoint}/statements`)
  const make = url.protocol === 'https:' ? secure : plain
  return new Promise((resolve, reject) => {
    const sent = make(
      url,
      {
        method: 'POST',
        timeout: 30_000,
        ...(target.allowPrivate ? {} : { lookup: farOnly }),
        headers: {
          authorization: `Basic ${Buffer.from(`${target.key}:${target.secret}`).toString('base64')}`,
          'x-experience-api-version': '1.0.3',
          'content-type': type,
          'content-length': bytes.byteLength,
        },
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => {
          if (text.length < 500) text += part
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: text.slice(0, 500) }))
        answer.on('error', reject)
      },
    )
    sent.on('timeout', () => sent.destroy(new Error('no answer within 30 s')))
    sent.on('error', reject)
    sent.end(bytes)
  })
}
