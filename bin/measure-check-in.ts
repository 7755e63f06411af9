/**
 * `node bin/measure-check-in.ts [clients] [check-ins]`: committed check-ins a second (16 clients, 20,000 check-ins by
 * default) in a throw-away database with the durability of a real one. Forty open sessions of five hundred people each.
 * Beside the wall clock it shows processor time, which other work on the machine does not spoil.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { checkIn } from '#modules/training/attendance.commands.ts'
import { keyedBy } from '#modules/training/attendance.queries.ts'
import { codeAt } from '#modules/training/code.rules.ts'
import { actorOf } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { cryptoFrom } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import { serverSettings } from '#platform/installation.ts'
import { migrate } from '#platform/migrate.ts'
import { startCluster } from '#platform/postgres.ts'
import { loadPlan } from '#policy/plan.ts'

const [clients = 16, wanted = 20_000] = process.argv.slice(2).map(Number)
const people = 500
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

async function measure(): Promise<void> {
  const now = new Date('2021-09-16T09:00:00+08:00')
  const owner = new pg.Client({ connectionString: cluster.urlFor('postgres') })
  await owner.connect()
  const seats = await seed(owner, Math.ceil(wanted / people))
  const url = new URL(cluster.urlFor('postgres'))
  const { db, pool } = openDb(`postgres://skills_app:app@${url.host}/postgres`, clients)
  const crypto = cryptoFrom({ current: 'm', keys: { m: Buffer.alloc(32, 1) }, indexKey: Buffer.alloc(32, 2) })
  const plan = loadPlan('plan/haizhu-2020')
  const ctxOf = (personId: string): Ctx => ({
    db,
    plan,
    crypto,
    now,
    requestId: 'measure',
    actor: actorOf({ kind: 'user', id: personId, name: '学员', personId, holdings: [] }),
  })
  const codes = new Map<string, string>()
  for (const { sessionId, secret } of seats) {
    if (!codes.has(sessionId))
      codes.set(sessionId, codeAt(keyedBy({ crypto }, secret), now, { seconds: 30, graceSeconds: 0 }))
  }
  const one = ({ sessionId, personId }: Seat, i: number) =>
    checkIn(ctxOf(personId), { sessionId, code: codes.get(sessionId), device: `device-${i}` })
  const warm = Math.min(1_000, Math.floor(seats.length / 10))
  for (let i = 0; i < warm; i++) await one(seats[i] as Seat, i)
  let next = warm
  const {
    rows: [backend],
  } = await owner.query<{ pid: number }>('select pg_backend_pid() as pid')
  const server = () => serverSeconds(backend?.pid ?? 0)
  const before = { cpu: process.cpuUsage(), server: server(), at: performance.now() }
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let i = next++; i < wanted; i = next++) await one(seats[i] as Seat, i)
    }),
  )
  const done = wanted - warm
  const seconds = (performance.now() - before.at) / 1000
  const own = process.cpuUsage(before.cpu)
  const cpu = { node: (own.user + own.system) / 1e6, postgres: server() - before.server }
  const { rows } = await owner.query('select count(*)::int as n from training.attendance_marks')
  const each = (s: number) => `${((s * 1e6) / done).toFixed(0)} µs`
  console.log(`${done} check-ins, ${clients} clients: ${(done / seconds).toFixed(0)} a second by the wall clock`)
  console.log(`processor time each: node ${each(cpu.node)}, postgres ${each(cpu.postgres)}`)
  console.log(
    `two free cores would carry ${Math.min(2 / ((cpu.node + cpu.postgres) / done), done / cpu.node).toFixed(0)} a second`,
  )
  const bare = await bareInserts(owner, pool, done)
  console.log(
    `bare inserts of one row: ${bare.toFixed(0)} a second; a check-in comes to ${((done / seconds / bare) * 100).toFixed(0)} % of that`,
  )
  if (rows[0].n !== wanted) throw new Error(`${rows[0].n} marks of ${wanted}`)
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

type Seat = { sessionId: string; secret: string; personId: string }

/** Sessions side by side, each in a class of its own, everybody enrolled once. */
async function seed(owner: pg.Client, sessions: number): Promise<Seat[]> {
  const at = "timestamptz '2021-09-16 09:00+08'"
  await owner.query(`
    insert into people.persons (document_kind, document_sealed, document_index, document_masked, name_sealed, name_index,
      name_masked, details_sealed, created_at)
    select 'passport', 'x', 'p' || n, '*', 'x', 'x', '*', 'x', ${at} from generate_series(1, ${sessions * people}) n;
    insert into people.organisations (uscc, name, type, address, subdistrict, registered_on, created_at)
    values ('91440105MA59A0000A', '测量机构', 'provider', '测量路', '440105001', '2015-01-01', ${at});
    insert into training.plans (programme, organisation_id, title, headcount, class_hours, starts_on, ends_on, courses, state, created_by)
    select 'project-based', id, '测量', 100000, 8, '2021-09-16', '2021-12-31', '[]', 'accepted', 'x' from people.organisations;
    insert into training.classes (number, plan_id, organisation_id, programme, title, subdistrict, capacity, class_hours,
      starts_on, ends_on, state)
    select 'M' || n, p.id, p.organisation_id, p.programme, '测量' || n, '440105001', ${people}, 8, '2021-09-16', '2021-12-31',
      'in-session' from training.plans p, generate_series(1, ${sessions}) n;
    insert into training.trainers (organisation_id, person_id, name, qualification, valid_from)
    select o.id, p.id, '教师', '技师', '2020-01-01' from people.organisations o,
      (select id from people.persons order by id limit ${sessions}) p;
    insert into training.sessions (class_id, trainer_id, trainer_person_id, title, during, state, opened_at)
    select c.id, t.id, t.person_id, '课', tstzrange(${at}, ${at} + interval '3 hours'), 'open', ${at}
    from (select id, row_number() over (order by id) as n from training.classes) c
      join (select id, person_id, row_number() over (order by id) as n from training.trainers) t using (n);
    insert into training.enrolments (class_id, person_id, source, enrolled_at, enrolled_by)
    select c.id, p.id, 'form', ${at}, 'x'
    from (select id, row_number() over (order by id) - 1 as n from training.classes) c
      join (select id, (row_number() over (order by id) - 1) / ${people} as n from people.persons) p using (n);
    analyze;`)
  const { rows } = await owner.query<Seat>(`
    select s.id as "sessionId", s.code_secret as secret, e.person_id as "personId"
    from training.enrolments e join training.sessions s using (class_id)
    order by hashtext(e.id::text)`)
  return rows
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
