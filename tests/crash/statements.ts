/** A process that is going to be killed: posts statements through the record store's door and says `ack <id>` after each answer. */
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { Hono } from 'hono'
import { createXapi } from '#api/xapi/xapi.ts'
import { openDb } from '#platform/db.ts'
import { testCrypto, testPlan } from '#platform/testing.ts'
import { home, statement } from '../fixtures/xapi.ts'

const [url = '', authorization = ''] = process.argv.slice(2)
const { db } = openDb(url, 8)
const clock = { offsetMs: 0, now: () => new Date() }
const xapi = createXapi({
  db,
  plan: testPlan(),
  crypto: testCrypto,
  clock,
  home,
  report: (error) => console.error(error),
})
const app = new Hono().route('/xapi', xapi)
const headers = { authorization, 'x-experience-api-version': '1.0.3', 'content-type': 'application/json' }

await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) {
      const body = JSON.stringify(Array.from({ length: 5 }, () => statement({ id: randomUUID() })))
      const answer = await app.request('/xapi/statements', { method: 'POST', headers, body })
      if (answer.status === 200) for (const id of (await answer.json()) as string[]) writeSync(1, `ack ${id}\n`)
    }
  }),
)
