/**
 * `node bin/measure-check-in.ts [clients] [check-ins]`: committed check-ins a second (16 clients, 20,000 check-ins by
 * default) in a throw-away database with the durability of a real one. Forty open sessions of five hundred people each.
 * Beside the wall clock it shows processor time, which other work on the machine does not spoil.
 */
import pg from 'pg'
import { checkIn } from '#modules/training/attendance.commands.ts'
import { keyedBy } from '#modules/training/attendance.queries.ts'
import { codeAt } from '#modules/training/code.rules.ts'
import { actorOf } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { cryptoFrom } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import { loadPlan } from '#policy/plan.ts'
import { bareInserts, processorSeconds, serverProcess, tell, withDatabase } from './measuring.ts'

const [clients = 16, wanted = 20_000] = process.argv.slice(2).map(Number)
const people = 500
await withDatabase(measure)

async function measure({ ownerUrl, appUrl }: { ownerUrl: string; appUrl: string }): Promise<void> {
  const now = new Date('2021-09-16T09:00:00+08:00')
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  const seats = await seed(owner, Math.ceil(wanted / people))
  const { db, pool } = openDb(appUrl, clients)
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
  const pid = await serverProcess(owner)
  const server = () => processorSeconds(pid)
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
  const bare = await bareInserts(owner, pool, { count: done, clients, rows: 2 })
  const free = Math.min(2 / ((cpu.node + cpu.postgres) / done), done / cpu.node)
  tell({
    job: 'check-in, the command alone',
    measured: `${(done / seconds).toFixed(0)}/s (${each(cpu.node)} node, ${each(cpu.postgres)} postgres each: two free cores carry ${free.toFixed(0)})`,
    bare: `${bare.toFixed(0)}/s`,
    ratio: (done / seconds / bare).toFixed(2),
    target: '>= 2000/s, ratio >= 0.4',
    met: done / seconds >= 2_000 && done / seconds / bare >= 0.4,
  })
  if (rows[0].n !== wanted) throw new Error(`${rows[0].n} marks of ${wanted}`)
  await db.destroy()
  await owner.end()
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
