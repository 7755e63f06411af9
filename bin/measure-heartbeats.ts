/**
 * `node bin/measure-heartbeats.ts [clients] [heartbeats] [learners]`: committed heartbeats a second with the counting rule
 * applied (1,000 players at once, 60,000 heartbeats, 3,000 learners by default) in a throw-away database with the durability of a
 * real one, beside bare inserts of one row each in the same run. The clock of the learners runs as fast as we can send.
 */
import pg from 'pg'
import { beat } from '#modules/learning/beat.commands.ts'
import { actorOf } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { cryptoFrom } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import { loadPlan } from '#policy/plan.ts'
import { bareInserts, processorSeconds, serverProcess, tell, withDatabase } from './measuring.ts'

const [clients = 1_000, wanted = 60_000, learners = 3_000] = process.argv.slice(2).map(Number)
await withDatabase(measure)

type Player = { personId: string; viewingId: string; sequence: number; positionMs: number; now: number }

async function measure({ ownerUrl, appUrl }: { ownerUrl: string; appUrl: string }): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  const players = await seed(owner)
  const { db, pool } = openDb(appUrl, 8)
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
  const server = await serverProcess(owner)
  const before = { cpu: process.cpuUsage(), server: processorSeconds(server), at: performance.now() }
  await run(wanted, learners)
  const seconds = (performance.now() - before.at) / 1000
  const own = process.cpuUsage(before.cpu)
  const cpu = { node: (own.user + own.system) / 1e6, postgres: processorSeconds(server) - before.server }
  const each = (s: number) => `${((s * 1e6) / wanted).toFixed(0)} µs`
  const bare = await bareInserts(owner, pool, { count: Math.min(wanted, 20_000), clients, rows: 1 })
  const free = Math.min(2 / ((cpu.node + cpu.postgres) / wanted), wanted / cpu.node)
  tell({
    job: 'heartbeats, judged and committed',
    measured: `${(wanted / seconds).toFixed(0)}/s (${each(cpu.node)} node, ${each(cpu.postgres)} postgres each: two free cores carry ${free.toFixed(0)})`,
    bare: `${bare.toFixed(0)}/s`,
    ratio: (wanted / seconds / bare).toFixed(2),
    target: '>= 4000/s',
    met: wanted / seconds >= 4_000,
  })
  const { rows } = await owner.query(`select count(*)::int as n, sum(granted_ms)::bigint as ms,
    (select count(*)::int from audit.entries where command = 'learning.beat') as batches from learning.stretches`)
  console.log(`${(rows[0].n / rows[0].batches).toFixed(1)} heartbeats a transaction`)
  if (rows[0].n !== wanted + learners) throw new Error(`${rows[0].n} stretches of ${wanted + learners}`)
  if (Number(rows[0].ms) !== wanted * 15_000) throw new Error(`${rows[0].ms} ms granted of ${wanted * 15_000}`)
  await db.destroy()
  await owner.end()
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
