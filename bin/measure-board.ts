/**
 * `node bin/measure-board.ts [events …]`: how long the board takes over so many synthetic events (60,000 and 600,000 by
 * default), in a throw-away database. The events are made in bulk; tallies are made by the triggers, as always.
 */
import pg from 'pg'
import { indicatorBoard, planBoard } from '#modules/reports/board.queries.ts'
import { tallyFaults } from '#modules/reports/count.queries.ts'
import { indicatorEvents } from '#modules/reports/event.queries.ts'
import { system } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { cryptoFrom } from '#platform/crypto.ts'
import { openDb } from '#platform/db.ts'
import type { Cluster } from '#platform/postgres.ts'
import { loadPlan } from '#policy/plan.ts'
import { day } from '#shared/units.ts'
import { databaseNamed, tell, timed, withServer } from './measuring.ts'

const sizes = process.argv.slice(2).map(Number)
const plan = loadPlan('plan/haizhu-2020')
await withServer([], async (server) => {
  const slowest: number[] = []
  const counts = sizes.length > 0 ? sizes : [60_000, 600_000]
  for (const size of counts) slowest.push(await measure(server, size))
  const [small = Number.NaN, large = Number.NaN] = slowest
  tell({
    job: `plan board, ${counts.map((n) => n.toLocaleString('en')).join(' and ')} events`,
    measured: `p99 ${large.toFixed(1)} ms`,
    bare: `p99 ${small.toFixed(1)} ms`,
    ratio: (large / small).toFixed(2),
    target: 'p99 <= 50 ms, <= 2 x',
    met: small <= 50 && large / small <= 2,
  })
})

async function measure(server: Cluster, size: number): Promise<number> {
  const url = await databaseNamed(server, `board_${size}`)
  const owner = new pg.Pool({ connectionString: url, max: 1 })
  owner.on('error', () => {})
  const began = performance.now()
  await fill(owner, size)
  const seconds = (performance.now() - began) / 1000
  await owner.query('vacuum analyze')
  const { db, pool } = openDb(url, 8)
  const crypto = cryptoFrom({ current: 'm', keys: { m: Buffer.alloc(32, 1) }, indexKey: Buffer.alloc(32, 2) })
  const now = new Date('2021-09-15T10:00:00+08:00')
  const ctx: Ctx = { db, actor: system('measure'), now, requestId: 'measure', plan, crypto }
  const tallies = await owner.query('select count(*)::int as n from reports.tallies')
  const size_ = size.toLocaleString('en')
  console.log(`\n${size_} events, filled in ${seconds.toFixed(1)} s; ${tallies.rows[0].n} tallies`)
  console.log(`  tallies that differ from the events: ${(await tallyFaults(db)).length}`)
  const board = await timed('board', 400, () => planBoard(ctx))
  await timed('board, 4 at once', 400, () => planBoard(ctx), 4)
  await timed('indicator with of-which rows', 200, () => indicatorBoard(ctx, 'K01'))
  await timed('board as known 30 days ago', 20, () => planBoard(ctx, { known: day('2021-08-16') }))
  await timed('first page of events', 100, () => indicatorEvents(ctx, 'K01', { basis: 'completedAndPassed' }))
  await timed('events of a group', 100, () => indicatorEvents(ctx, 'K11', { basis: 'completedAndPassed' }))
  await db.destroy()
  if (!pool.ended) await pool.end()
  await owner.end()
  return board
}

/** Persons, classes of thirty, and events on two bases over nine months; one in forty is disabled, one in a hundred reversed. */
async function fill(owner: pg.Pool, size: number): Promise<void> {
  const people = Math.ceil(size / 4)
  const classes = Math.ceil(size / 60)
  await owner.query(`
    insert into people.organisations (id, uscc, name, type, address, subdistrict, registered_on, created_at)
      select uuidv7(), '91440105' || lpad(n::text, 10, '0'), '单位' || n, 'enterprise', '地址', '440105001', '2020-01-01', now()
      from generate_series(1, 200) n;
    insert into people.persons (document_kind, document_sealed, document_index, document_masked, name_sealed, name_index,
        name_masked, details_sealed, created_at)
      select 'resident-id', 'x', n::text, 'x', 'x', n::text, '张*', 'x', now() from generate_series(1, ${people}) n;
    create temp table o as select row_number() over () as n, id from people.organisations;
    create temp table p as select row_number() over () as n, id from people.persons;
    insert into training.plans (programme, organisation_id, title, headcount, class_hours, starts_on, ends_on, courses, created_by)
      select 'job-adaptation', id, '计划', 30, 20, '2021-01-01', '2021-12-31', '[]', 'x' from o where n = 1;
    insert into training.classes (number, plan_id, organisation_id, programme, title, subdistrict, capacity, class_hours, starts_on, ends_on)
      select 'C' || g, (select id from training.plans), (select id from o where o.n = 1 + g % 200), 'job-adaptation', '班级', '440105001',
        30, 20, '2021-01-01', '2021-12-31' from generate_series(1, ${classes}) g;
    create temp table c as select row_number() over () as n, id, organisation_id from training.classes;
    insert into training.enrolments (class_id, person_id, source, enrolled_at, enrolled_by)
      select c.id, p.id, 'import', now(), 'x' from c cross join generate_series(0, 29) i join p on p.n = 1 + (c.n * 30 + i) % ${people};
    create temp table e as select row_number() over () as n, id, class_id, person_id from training.enrolments;
    analyze o; analyze p; analyze c; analyze e;
  `)
  await owner.query(`
    insert into reports.count_events (person_id, programme, class_id, enrolment_id, basis, counted_on, venue_subdistrict,
        employer_subdistrict, residence_subdistrict, industry, organisation_id, group_tags, tags, indicators, person_indicators,
        recorded_at, recorded_by)
      select e.person_id, case when e.n % 3 = 0 then 'project-based' else 'job-adaptation' end, e.class_id, e.id, b.basis,
        d.on_day, '440105' || lpad((1 + e.n % 18)::text, 3, '0'), '440105' || lpad((1 + e.n % 17)::text, 3, '0'),
        '440105' || lpad((1 + e.n % 16)::text, 3, '0'), '行业' || e.n % 12, c.organisation_id,
        case when e.n % 40 = 0 then '{disabled}' when e.n % 7 = 0 then '{veterans}' else '{}' end::text[], '{subsidised}',
        case when e.n % 40 = 0 then '{K01,K11}' when e.n % 15 = 0 then '{K01,K13b}' else '{K01}' end::text[],
        case when e.n % 40 = 0 then '{K11}' else '{}' end::text[], d.on_day + interval '20 hours', 'x'
      from e join c on c.id = e.class_id
      cross join (values ('enrolled'), ('completedAndPassed')) b (basis)
      cross join lateral (select '2020-12-07'::date + ((e.n * 7 + c.n) % 280)::int as on_day) d
      limit ${size};
    insert into reports.count_events (person_id, programme, class_id, enrolment_id, basis, counted_on, venue_subdistrict,
        employer_subdistrict, residence_subdistrict, industry, organisation_id, group_tags, tags, indicators, person_indicators,
        negates, reason, recorded_at, recorded_by)
      select person_id, programme, class_id, enrolment_id, basis, '2021-09-14', venue_subdistrict, employer_subdistrict,
        residence_subdistrict, industry, organisation_id, group_tags, tags, indicators, person_indicators, id, '冲减', '2021-09-14', 'x'
      from reports.count_events where id % 100 = 0;
  `)
}
