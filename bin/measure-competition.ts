/**
 * `node bin/measure-competition.ts [entrants …]`: how long theory marks of so many entrants (5,000 by default) take from the
 * uploaded file to the commit, as XLSX and as CSV, and the closing of the round; in a throw-away database as durable as a
 * real one. Beside it: the same rows written by one plain statement.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { importMarks } from '#modules/competition/import.commands.ts'
import { closeRound } from '#modules/competition/round.commands.ts'
import { openDb } from '#platform/db.ts'
import { ctxFor, testPlan, user } from '#platform/testing.ts'
import { writeCsv, writeXlsx } from '#platform/workbook.ts'
import { tell, withDatabase } from './measuring.ts'

const sizes = process.argv.slice(2).map(Number)
await withDatabase(async ({ ownerUrl, appUrl }) => {
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 1 })
  owner.on('error', () => {})
  const { db } = openDb(appUrl, 4)
  const school = await host(owner)
  const actor = user('赛务', [{ role: 'provider-admin', organisationId: school }])
  const other = user('受理', [{ role: 'hr-intake' }])
  for (const size of sizes.length > 0 ? sizes : [5_000]) {
    const header = ['参赛编号', '成绩']
    const rows = (event: string) =>
      Array.from({ length: size }, (_, i) => [`${event}-${i}`, String(50 + (i % 500) / 10)])
    for (const format of ['xlsx', 'csv'] as const) {
      const took: number[] = []
      let closing = 0
      for (let nth = 0; nth < 4; nth++) {
        const { roundId, event } = await round(owner, school, size)
        const bytes =
          format === 'xlsx'
            ? await writeXlsx([{ name: '成绩', header, rows: rows(event) }])
            : new TextEncoder().encode(writeCsv(header, rows(event)))
        const began = performance.now()
        await importMarks(ctxFor(db, actor), {
          roundId,
          file: { name: `成绩.${format}`, bytes: new Uint8Array(bytes) },
        })
        took.push(performance.now() - began)
        const from = performance.now()
        await closeRound(ctxFor(db, other), { roundId })
        closing = performance.now() - from
      }
      const bare = await plainly(owner, size)
      // the first warms the code up; the slowest of the others counts
      const seconds = Math.max(...took.slice(1)) / 1000
      console.log(
        `  ${format} ${size} rows: ${took.map((ms) => ms.toFixed(0)).join(', ')} ms; round closed in ${closing.toFixed(0)} ms`,
      )
      tell({
        job: `competition marks from ${format}, ${size.toLocaleString('en')} rows`,
        measured: `${seconds.toFixed(2)} s`,
        bare: `${bare.toFixed(2)} s`,
        ratio: (seconds / bare).toFixed(1),
        target: '<= 3 s',
        met: seconds <= 3,
      })
    }
  }
  await db.destroy()
  await owner.end()
})

async function host(owner: pg.Pool): Promise<string> {
  const { rows } = await owner.query<{ id: string }>(
    `insert into people.organisations (uscc, name, type, address, subdistrict, registered_on, created_at)
     values ('91440105MA00000001', '测量学校', 'provider', '测量路1号', '440105001', '2015-01-01', now()) returning id`,
  )
  return rows[0]?.id ?? ''
}

/** A running competition with so many in its first round, put there by the owner in bulk: only what the import reads. */
async function round(owner: pg.Pool, school: string, size: number): Promise<{ roundId: string; event: string }> {
  const type = testPlan().competitions.find((one) => one.code === 'catering')
  const [id, roundId, event] = [randomUUID(), randomUUID(), `M${randomUUID().slice(0, 8).toUpperCase()}`]
  const terms = { passMark: 60, advanceMost: null, tolerance: 8, prizeShare: 20, meritShare: 50, protestDays: 2 }
  const client = await owner.connect()
  try {
    await client.query(`set session_replication_role = replica`)
    const version = await client.query<{ id: string }>(
      `insert into competition.type_versions (type, digest, edition, body, stored_at) values ('catering', repeat(md5($2), 2), '1', $1, now()) returning id`,
      [JSON.stringify(type), event],
    )
    await client.query(
      `with d as (insert into competition.documents (event_id, number, body, terms, state, written_by, written_by_name, written_at, decided_by, decided_at)
         values ($1, 1, repeat('技术文件', 10), $5, 'approved', 'user:a', '甲', now(), 'user:b', now()) returning id)
       insert into competition.events (id, number, type, version_id, organisation_id, title, created_by, created_at, saved_at, state, document_id, seed_sealed, seed_commitment)
       select $1, $2, 'catering', $3, $4, '测量竞赛', 'user:a', now(), now(), 'running', d.id, $6, repeat('0', 64) from d`,
      [id, event, version.rows[0]?.id, school, JSON.stringify(terms), seed()],
    )
    await client.query(
      `insert into competition.rounds (id, event_id, seq, round, kind, title, state, opened_at) values ($1, $2, 1, 'theory', 'theory', '理论', 'marking', now()), (gen_random_uuid(), $2, 2, 'practical', 'practical', '实操', 'waiting', null)`,
      [roundId, id],
    )
    await client.query(
      `with e as (insert into competition.entries (number, event_id, group_id, unit, public_name, state, consent_words, registered_by, registered_at)
         select $2 || '-' || n, $1, 'employee', '单位', '选手' || n, 'eligible', '', 'user:a', now() from generate_series(0, $4::int - 1) n returning id, number)
       insert into competition.round_entries (round_id, event_id, entry_id, code) select $3, $1, id, 'A' || number from e`,
      [id, event, roundId, size],
    )
    await client.query('analyze competition.entries, competition.round_entries')
  } finally {
    await client.query(`set session_replication_role = origin`)
    client.release()
  }
  return { roundId, event }
}

function seed(): string {
  return ctxFor(undefined as never, user('x', [])).crypto.seal('0'.repeat(64), 'competition.seed')
}

/** Seconds for as many bare rows in one committed statement. */
async function plainly(owner: pg.Pool, size: number): Promise<number> {
  await owner.query('create table if not exists public.bare_marks (a uuid, b uuid, mark numeric, at timestamptz)')
  const ids = Array.from({ length: size }, () => randomUUID())
  const marks = ids.map((_, i) => 50 + (i % 500) / 10)
  const began = performance.now()
  await owner.query(
    'insert into public.bare_marks select a, a, m, now() from unnest($1::uuid[], $2::numeric[]) x (a, m)',
    [ids, marks],
  )
  return (performance.now() - began) / 1000
}
