/**
 * `node bin/bench-bare.ts`: what the machine gives without the product. As many processes, the same pool, the same
 * questions to the same database, and the answer as it comes: no pages, no sessions, no rules, no trail of words.
 */
import cluster from 'node:cluster'
import { createServer, type IncomingMessage } from 'node:http'
import type pg from 'pg'
import { CatalogueFilter, catalogue, publicClass } from '#modules/training/catalogue.queries.ts'
import { openDb } from '#platform/db.ts'
import { loadPlan } from '#policy/plan.ts'

const { PORT, DATABASE_URL = '', PROCESSES = '2', NOW = '' } = process.env

if (cluster.isPrimary) {
  const workers = Array.from({ length: Number(PROCESSES) }, () => cluster.fork())
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('listening', resolve))))
  console.log('ready')
} else serve()

const everything = CatalogueFilter.parse({})

function serve(): void {
  const { db, pool } = openDb(DATABASE_URL, 10)
  const base = { db, plan: loadPlan('plan/haizhu-2020'), now: new Date(NOW) }
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const [, kind, id = ''] = (request.url ?? '').split('/')
    if (kind === 'classes' && id === '') return catalogue(base, everything)
    if (kind === 'classes') return publicClass(base, id)
    await written(pool, id)
    return { done: true }
  }
  createServer((request, response) => {
    request.resume()
    answer(request).then(
      (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error) => response.writeHead(500).end(String(error)),
    )
  }).listen(Number(PORT))
}

/** As many rows as a check-in writes, as wide, in one committed statement. */
async function written(pool: pg.Pool, id: string): Promise<void> {
  await pool.query({
    name: 'bare-insert',
    text: `with mark as (insert into bench.marks (id, body) values (uuidv7(), $1) returning id)
      insert into bench.entries (id, body) select id, $2 from mark`,
    values: [id, `{"command":"bench","id":"${id}","note":"${'x'.repeat(300)}"}`],
  })
}
