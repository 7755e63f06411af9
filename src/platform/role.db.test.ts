import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { migrate } from './migrate.ts'
import { freshDb, type TestDb } from './testing.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

/** A database operator who has the application's password, on a connection of his own. */
async function asApp<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: t.url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

describe('HZ4-M16 what the application’s role may not do', () => {
  test('HZ4-M16 a type of the same name in the temporary schema runs no code as the owner', async () => {
    await asApp(async (client) => {
      await client.query(`create function pg_temp.evil(x pg_catalog.text) returns bool language plpgsql as $$
        begin if current_user <> 'skills_app' then execute 'create table if not exists public.stolen()'; end if;
        return true; end $$`)
      await client.query('create domain pg_temp.text as pg_catalog.text check (pg_temp.evil(value))')
      await client.query('select audit.seal()')
    })
    const { rows } = await t.owner.query("select to_regclass('public.stolen')::text as stolen")
    expect(rows[0].stolen).toBeNull()
  })

  test('HZ4-M16 every function that runs as the owner looks into the temporary schema last', async () => {
    const { rows } = await t.owner.query(`
      select p.oid::regprocedure::text as f from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
        and not coalesce(array_to_string(p.proconfig, ' '), '') ~ 'search_path=.*, pg_temp$'`)
    expect(rows.map((row) => row.f)).toEqual([])
  })

  test('HZ4-M16 a migrated database gives no temporary schema to anybody but its owner', async () => {
    const url = new URL(t.url)
    await migrate(t.ownerUrl, { name: 'skills_app', password: url.password })
    await asApp(async (client) => {
      await expect(client.query('create temp table x (a int)')).rejects.toThrow(/permission denied/)
    })
  })

  test('HZ4-M16 neither the place nor the time of sealing of a row of the trail can be chosen', async () => {
    const row = "now(), 'user', 'x', 'x', 'x', '{}', '{}', '{}', 'x'"
    const columns = 'at, actor_kind, actor_id, actor_name, command, subjects, input, outcome, request_id'
    await asApp(async (client) => {
      for (const [column, value] of [
        ['tx', "'999999999'"],
        ['id', "'00000000-0000-0000-0000-000000000001'"],
      ]) {
        await expect(
          client.query(`insert into audit.entries (${columns}, ${column}) values (${row}, ${value})`),
        ).rejects.toThrow(/permission denied/)
      }
    })
  })

  test('HZ4-M16 nothing that must stay can be changed or removed: tables without an update or delete', async () => {
    const kept = [
      ...['audit.entries', 'audit.links', 'platform.moves', 'platform.files'],
      ...['training.hour_entries', 'training.hour_spends'],
      ...['assessment.score_entries', 'assessment.scores', 'assessment.results'],
      ...[
        'subsidy.quotes',
        'subsidy.control_runs',
        'subsidy.control_results',
        'subsidy.dataset_rows',
        'subsidy.reviews',
      ],
      ...['subsidy.review_findings', 'subsidy.callbacks', 'subsidy.journals', 'subsidy.entries', 'subsidy.line_funds'],
      ...['subsidy.recovery_funds', 'subsidy.recovery_receipts', 'publicity.rows'],
      ...['reports.count_events', 'reports.statistics', 'reports.snapshots'],
    ]
    const { rows } = await t.owner.query(
      `select k, p from unnest($1::text[]) k cross join unnest(array['update', 'delete', 'truncate', 'trigger']) p
       where has_table_privilege('skills_app', k, p) or (p = 'update' and has_any_column_privilege('skills_app', k, p))`,
      [kept],
    )
    expect(rows).toEqual([])
  })

  test('HZ4-M16 only these tables can lose rows, and none of them holds money, hours or history', async () => {
    const { rows } = await t.owner.query(`
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname in ('people', 'auth', 'training', 'assessment', 'subsidy',
          'publicity', 'reports', 'feedback', 'platform', 'audit', 'occupations', 'connect')
        and has_table_privilege('skills_app', c.oid, 'delete') order by 1`)
    expect(rows.map((row) => row.name)).toEqual([
      'auth.accounts',
      'auth.codes',
      'auth.lockouts',
      'auth.outbox',
      'auth.partner_trips',
      'auth.second_factors',
      'auth.sessions',
      'auth.verifications',
      'connect.arrivals',
      'connect.logins',
      'connect.seen',
      'connect.tokens',
      'platform.idempotency',
      'platform.rate_limits',
      'subsidy.claim_leases',
      'subsidy.exclusions',
      'subsidy.recovery_instalments',
      'training.class_trainers',
      'training.import_rows',
    ])
  })

  test('HZ4-M16 it owns nothing, makes nothing, and belongs to no other role', async () => {
    const { rows } = await t.owner.query(`
      select 'owns ' || c.oid::regclass as what from pg_class c where c.relowner = 'skills_app'::regrole
      union all select 'creates in ' || nspname from pg_namespace where has_schema_privilege('skills_app', oid, 'create')
        and nspname not like 'pg\\_temp%' and nspname not like 'pg\\_toast%'
      union all select 'is member of ' || r.rolname from pg_auth_members m join pg_roles r on r.oid = m.roleid
        where m.member = 'skills_app'::regrole
      union all select 'is mighty' from pg_roles where rolname = 'skills_app'
        and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication)`)
    expect(rows).toEqual([])
  })
})
