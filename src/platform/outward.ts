import { lookup } from 'node:dns'
import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import type { LookupFunction } from 'node:net'
import { isNear } from '#shared/addresses.ts'

/** Whether machines in the own network may be asked, and without TLS: for an installation that says so, and for tests. */
export const nearAllowed = (env: Record<string, string | undefined> = process.env): boolean =>
  env.FORWARD_PRIVATE === 'yes'

/** An address that somebody else gave us and that we, or people sent by us, will open: TLS, a name, no password in it. */
export function outwardAddress(text: string, allowNear = nearAllowed()): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(allowNear && url.protocol === 'http:')) return undefined
  if (url.username || url.password || url.hash) return undefined
  const named = url.hostname.includes('.') && !/^[\d.]+$/.test(url.hostname) && !url.hostname.startsWith('[')
  return named || allowNear ? url : undefined
}

/** Asks for the name's addresses at the moment of connecting, so that a name cannot turn to a near machine in between. */
export const farOnly: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    const far = error ? [] : found.filter(({ address }) => !isNear(address))
    const [first] = far
    if (error || !first) done(error ?? new Error('the address is not a public one'), '', 4)
    else if (options.all) (done as unknown as (e: null, all: typeof far) => void)(null, far)
    else done(null, first.address, first.family)
  })
}

export type Outward = { method?: 'GET' | 'POST' | 'PUT'; headers?: Record<string, string>; body?: string }
export type Answer = { status: number; text: string }

const mostBytes = 512 * 1024
const patienceMs = 15_000

/**
 * Asks a machine outside, by an address that somebody else gave us: no redirect is followed, at most half a megabyte is
 * read, and no near machine is reached unless the installation allows it. Rejects when there is no answer in time.
 */
export function askOutside(address: string, { method = 'GET', headers = {}, body }: Outward = {}): Promise<Answer> {
  const url = outwardAddress(address)
  if (!url) return Promise.reject(new Error('the address is not one that may be asked'))
  const make = url.protocol === 'https:' ? secure : plain
  const bytes = body === undefined ? undefined : Buffer.from(body)
  return new Promise((resolve, reject) => {
    const sent = make(
      url,
      {
        method,
        ...(nearAllowed() ? {} : { lookup: farOnly }),
        headers: { ...headers, ...(bytes && { 'content-length': bytes.byteLength }) },
      },
      (answer) => {
        const parts: Buffer[] = []
        let size = 0
        answer.on('data', (part: Buffer) => {
          size += part.byteLength
          if (size > mostBytes) sent.destroy(new Error('the answer is too long'))
          else parts.push(part)
        })
        answer.on('end', () => {
          clearTimeout(late)
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') })
        })
        answer.on('error', reject)
      },
    )
    // The whole exchange, not each pause in it: whoever sends a byte a minute holds nobody up.
    const late = setTimeout(() => sent.destroy(new Error('no answer in time')), patienceMs)
    sent.on('error', (error) => {
      clearTimeout(late)
      reject(error)
    })
    sent.end(bytes)
  })
}
