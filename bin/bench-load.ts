/**
 * `node bin/bench-load.ts FILE`: sends requests from a process of its own and prints what came back as JSON. FILE holds
 * { url, connections, seconds } for one page asked again and again, or { url, connections, requests } for requests that
 * are each sent once.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

type Asked = { method?: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string }
type Job = { url: string; connections: number; seconds?: number; requests: Asked[] }

type Client = { setRequests(requests: Asked[]): void }
type Result = {
  requests: { total: number }
  latency: { p50: number; p99: number }
  duration: number
  errors: number
  timeouts: number
  non2xx: number
  '3xx': number
}
type Autocannon = (options: {
  url: string
  connections: number
  timeout: number
  amount?: number | undefined
  duration?: number | undefined
  setupClient(client: Client): void
}) => Promise<Result>
const autocannon: Autocannon = createRequire(import.meta.url)('autocannon') // it has no types

const job = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as Job
const once = job.seconds === undefined
const shares = Array.from({ length: job.connections }, (_, i) =>
  job.requests.filter((_, at) => at % job.connections === i),
)
let next = 0
const result = await autocannon({
  url: job.url,
  connections: job.connections,
  timeout: 60,
  ...(once ? { amount: job.requests.length } : { duration: job.seconds }),
  setupClient: (client) => {
    if (once) client.setRequests(shares[next++] ?? [])
    else client.setRequests(job.requests)
  },
})
const { requests, latency, errors, timeouts, non2xx, '3xx': redirects } = result
console.log(
  JSON.stringify({
    perSecond: requests.total / result.duration,
    total: requests.total,
    p50: latency.p50,
    p99: latency.p99,
    failed: errors + timeouts + non2xx - redirects, // a form that was taken is answered with where to go next
  }),
)
