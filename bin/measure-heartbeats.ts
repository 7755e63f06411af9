/**
 * `node bin/measure-heartbeats.ts [clients] [heartbeats] [learners]`: committed heartbeats a second with the counting rule
 * applied (64 clients, 60,000 heartbeats, 3,000 learners by default) in a throw-away database with the durability of a
 * real one, beside bare inserts of one row each in the same run. The clock of the learners runs as fast as we can send.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { beat } from '#modules/learning/beat.commands.ts'
import { actorOf } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { cryptoFrom } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import { serverSettings } from '#platform/installation.ts'
import { migrate } from '#platform/migrate.ts'
import { startCluster } from '#platform/postgres.ts'
import { loadPlan } from '#policy/plan.ts'

const [clients = 64, wanted = 60_000, learners = 3_000] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'skills-measure-'))
const cluster = await startCluster(folder, { settings: serverSettings })
try {
  await migrate(cluster.urlFor('postgres'), { name: 'skills_app', password: 'app' })
  await measure()
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await cluster.stop()
  rmSync(folder, { recursive: true, force: true })
}

type Player = { personId: string; viewingId: string; sequence: number; positionMs: number; now: number }

async function measure(): Promise<void> {
  const owner = new pg.Client({ connectionString: cluster.urlFor('postgres') })
  await owner.connect()
  const players = await seed(owner)
  const url = new URL(cluster.urlFor('postgres'))
  const { db, pool } = openDb(`postgres://skills_app:app@${url.host}/postgres`, 8)
  const crypto = cryptoFrom({ current: 'm', keys: { m: Buffer.alloc(32, 1) }, indexKey: Buffer.alloc(32, 2) })
  const plan = loadPlan('plan/haizhu-2020')
  const one = (player: Player) => {
    player.now += 15_000
    player.sequence += 1
    player.positionMs += 15_000
    const actor = actorOf({ kind: 'user', id: player.personId, name: '学员', personId: player.personId, holdings: [] })
    const ctx: Ctx = { db, plan, crypto, actor, now: new Date(player.now), requestId: 'measure' }
    const { viewingId, sequence, positionMs } = player
    return beat(ctx, { viewingId, sequence, positionMs, playing: true, visible: true, rate: 1 })
  }
  const run = async (count: number, from: number) => {
    let next = from
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (let i = next++; i < from + count; i = next++) await one(players[i % players.length] as Player)
      }),
    )
  }
  await run(learners, 0) // everybody's first, which earns nothing
  const pid = (await owner.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0
  const before = { cpu: process.cpuUsage(), server: serverSeconds(pid), at: performance.now() }
  await run(wanted, learners)
  const seconds = (performance.now() - before.at) / 1000
  const own = process.cpuUsage(before.cpu)
  const cpu = { node: (own.user + own.system) / 1e6, postgres: serverSeconds(pid) - before.server }
  const each = (s: number) => `${((s * 1e6) / wanted).toFixed(0)} µs`
  console.log(`${wanted} heartbeats, ${clients} clients: ${(wanted / seconds).toFixed(0)} a second by the wall clock`)
  console.log(`processor time each: node ${each(cpu.node)}, postgres ${each(cpu.postgres)}`)
  const free = Math.min(2 / ((cpu.node + cpu.postgres) / wanted), wanted / cpu.node)
  console.log(`two free cores would carry ${free.toFixed(0)} a second`)
  const bare = await bareInserts(owner, pool, Math.min(wanted, 20_000))
  console.log(
    `bare inserts of one row: ${bare.toFixed(0)} a second; a heartbeat comes to ${((wanted / seconds / bare) * 100).toFixed(0)} % of that`,
  )
  const { rows } = await owner.query(`select count(*)::int as n, sum(granted_ms)::bigint as ms,
    (select count(*)::int from audit.entries where command = 'learning.beat') as batches from learning.stretches`)
  console.log(`${(rows[0].n / rows[0].batches).toFixed(1)} heartbeats a transaction`)
  if (rows[0].n !== wanted + learners) throw new Error(`${rows[0].n} stretches of ${wanted + learners}`)
  if (Number(rows[0].ms) !== wanted * 15_000) throw new Error(`${rows[0].ms} ms granted of ${wanted * 15_000}`)
  await db.destroy()
  await owner.end()
}

/** What the machine can do at best: one statement, one row, one index, nothing decided. */
async function bareInserts(owner: pg.Client, pool: pg.Pool, count: number): Promise<number> {
  await owner.query('create table public.bare (id uuid primary key default uuidv7(), at timestamptz not null)')
  await owner.query('grant insert on public.bare to skills_app')
  const insert = () =>
    pool.query({ name: 'bare', text: 'insert into public.bare (at) values ($1)', values: [new Date(0)] })
  for (let i = 0; i < 500; i++) await insert()
  let next = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next++ < count) await insert()
    }),
  )
  return count / ((performance.now() - began) / 1000)
}

/** Everybody learns one long video; no question comes while we measure. */
async function seed(owner: pg.Client): Promise<Player[]> {
  const at = "timestamptz '2021-09-16 09:00+08'"
  await owner.query(`
    insert into people.persons (document_kind, document_sealed, document_index, document_masked, name_sealed, name_index,
      name_masked, details_sealed, created_at)
    select 'passport', 'x', 'p' || n, '*', 'x', 'x', '*', 'x', ${at} from generate_series(1, ${learners}) n;
    insert into people.organisations (uscc, name, type, address, subdistrict, registered_on, created_at)
    values ('91440105MA59A0000A', '测量机构', 'provider', '测量路', '440105001', '2015-01-01', ${at});
    insert into library.courses (number, organisation_id, title, created_by, created_at)
    select 'M1', id, '测量课', 'x', ${at} from people.organisations;
    insert into library.versions (course_id, number, created_by, created_at) select id, 1, 'x', ${at} from library.courses;
    insert into library.items (version_id, chapter, chapter_title, position, kind, title, planned_seconds)
    select id, 1, '第一章', 1, 'text', '正文', 86400 from library.versions;
    insert into learning.registrations (person_id, course_id, version_id, registered_at)
    select p.id, v.course_id, v.id, ${at} from people.persons p, library.versions v;
    insert into learning.viewings (registration_id, person_id, item_id, medium_ms, opened_at)
    select r.id, r.person_id, i.id, 86400000, ${at} from learning.registrations r, library.items i;
    insert into learning.seats (person_id, viewing_id, at, sequence, position_ms, playing, visible, rate_percent, slack_ms,
      until_question_ms, today_on, today_ms)
    select person_id, id, ${at}, 0, 0, false, true, 100, 0, 2000000000, '2021-09-16', 0 from learning.viewings;
    analyze;`)
  const { rows } = await owner.query<{ person_id: string; id: string }>('select person_id, id from learning.viewings')
  const now = Date.parse('2021-09-16T09:00:00+08:00')
  return rows.map((row) => ({ personId: row.person_id, viewingId: row.id, sequence: 0, positionMs: -15_000, now }))
}

/** Processor seconds that the database server and its children have used; `pid` is one of them. */
function serverSeconds(pid: number): number {
  const stat = (id: string) => {
    try {
      return readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? []
    } catch {
      return [] // it ended while we looked
    }
  }
  const server = stat(String(pid))[1] ?? 0
  const ticks = readdirSync('/proc')
    .filter((id) => /^\d+$/.test(id))
    .map((id) => ({ id: Number(id), fields: stat(id) }))
    .filter(({ id, fields }) => id === server || fields[1] === server)
    // utime, stime, and those of children that have ended
    .reduce((sum, { fields }) => sum + [11, 12, 13, 14].reduce((all, at) => all + (fields[at] ?? 0), 0), 0)
  return ticks / 100
}
