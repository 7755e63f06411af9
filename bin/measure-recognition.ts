/**
 * `node bin/measure-recognition.ts [applications [titles [marks]]]`: the desk's queue over so many open applications (10,000
 * by default), the public register over so many titles (20,000), and an expert's marks out of a file of so many rows (5,000),
 * in a throw-away database. Rows as the commands leave them, put in by the owner of the tables in bulk: only what is read.
 */
import pg from 'pg'
import { RegisterFilter, register, registerBySubdistrict } from '#modules/recognition/designation.queries.ts'
import { DeskFilter, deskQueue } from '#modules/recognition/desk.queries.ts'
import { checkSheetFile, takeSheetFile } from '#modules/recognition/sheet-file.commands.ts'
import { blankSheet } from '#modules/recognition/sheet-file.queries.ts'
import { openDb } from '#platform/db.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { ctxFor, testPlan, user } from '#platform/testing.ts'
import { writeCsv, writeXlsx } from '#platform/workbook.ts'
import { databaseNamed, tell, timed, withServer } from './measuring.ts'

const [applications = 10_000, titles = 20_000, sheets = 5_000] = process.argv.slice(2).map(Number)

await withServer([], async (server) => {
  const url = await databaseNamed(server, 'recognition')
  const owner = new pg.Pool({ connectionString: url, max: 1 })
  owner.on('error', () => {})
  await fill(owner)
  await owner.query('vacuum analyze')
  const { db } = openDb(url, 8)
  const ctx = ctxFor(db, user('李受理', [{ role: 'hr-intake' }]))

  console.log(`\n${applications.toLocaleString('en')} open applications`)
  const { rows } = await owner.query<{ id: string }>('select id from recognition.calls limit 1')
  const pageAfter = async (pages: number) => {
    let filter = DeskFilter.parse({})
    for (let i = 0; i < pages; i++) {
      const { next } = await deskQueue(ctx, filter)
      filter = DeskFilter.parse({ cursor: next ?? '' })
    }
    return filter
  }
  const looks: [what: string, filter: DeskFilter][] = [
    ['what is due first', await pageAfter(0)],
    ['a hundred pages on', await pageAfter(100)],
    ['one call', DeskFilter.parse({ call: rows[0]?.id })],
    ['part of a name', DeskFilter.parse({ q: '技师7' })],
    ['a name that nobody has', DeskFilter.parse({ q: '查无此人' })],
  ]
  let slowest = { what: '', p99: 0 }
  for (const [what, filter] of looks) {
    const p99 = await timed(what, 200, () => deskQueue(ctx, filter))
    if (p99 > slowest.p99) slowest = { what, p99 }
  }
  tell({
    job: `titles: review queue, ${applications.toLocaleString('en')} applications`,
    measured: `worst p99 ${slowest.p99.toFixed(1)} ms a page (${slowest.what})`,
    ...{ bare: '-', ratio: '-', target: 'p99 <= 60 ms', met: slowest.p99 <= 60 },
  })

  console.log(`\n${titles.toLocaleString('en')} titles`)
  const questions: [what: string, filter: Record<string, string>][] = [
    ['everything, first page', {}],
    ['part of a name', { q: '技师7' }],
    ['a number', { q: 'T-000123' }],
    ['one title in one subdistrict', { scheme: 'scheme-3', subdistrict: '440105005' }],
    ['who held it on a day', { on: '2021-03-01' }],
  ]
  let worst = { what: '', p99: 0 }
  for (const [what, given] of questions) {
    const filter = RegisterFilter.parse(given)
    const p99 = await timed(what, 200, () => register(ctx, filter))
    if (p99 > worst.p99) worst = { what, p99 }
  }
  await timed('the sketch of the district', 200, () => registerBySubdistrict(ctx, RegisterFilter.parse({})))
  tell({
    job: `titles: register search, ${titles.toLocaleString('en')} titles, ${questions.length} questions`,
    measured: `worst p99 ${worst.p99.toFixed(1)} ms (${worst.what})`,
    ...{ bare: '-', ratio: '-', target: 'p99 <= 30 ms', met: worst.p99 <= 30 },
  })
  await marks(owner, db)
  await db.destroy()
  await owner.end()
})

/** Both kinds of file: looked through, then taken; the slower one counts. */
async function marks(owner: pg.Pool, db: ReturnType<typeof openDb>['db']): Promise<void> {
  console.log(`\n${sheets.toLocaleString('en')} marks of an expert`)
  let worst = { what: '', seconds: 0 }
  for (const kind of ['xlsx', 'csv'] as const) {
    const { panelId, personId } = await panel(owner, kind)
    const ctx = ctxFor(db, user('评审甲', [{ role: 'recognition-expert' }], personId))
    const blank = await blankSheet(ctx, panelId)
    const { headers, rows } = await readTable(blank.bytes, blank.name)
    const filled = rows.map(({ cells }, nth) =>
      headers.map((head) =>
        head === '代号'
          ? (cells[head] ?? '')
          : head === '评审意见'
            ? `材料齐全，成效明显，第${nth}件。`
            : String(60 + (nth % 80) / 2),
      ),
    )
    const bytes =
      kind === 'csv'
        ? new TextEncoder().encode(writeCsv(headers, filled))
        : await writeXlsx([{ name: '评分', header: headers, rows: filled }])
    const start = performance.now()
    const { fileId, count } = await checkSheetFile(ctx, { panelId, file: { name: `评分.${kind}`, bytes } })
    const checked = performance.now()
    await takeSheetFile(ctx, { fileId })
    const seconds = (performance.now() - start) / 1000
    console.log(
      `${kind}: ${count} rows, check ${((checked - start) / 1000).toFixed(2)} s, take ${(seconds - (checked - start) / 1000).toFixed(2)} s`,
    )
    if (count !== sheets) throw new Error(`${count} of ${sheets} rows were read`)
    if (seconds > worst.seconds) worst = { what: kind, seconds }
  }
  tell({
    job: `titles: marks from a file, ${sheets.toLocaleString('en')} rows, check and take`,
    measured: `${worst.seconds.toFixed(2)} s (${worst.what})`,
    ...{ bare: '-', ratio: '-', target: '<= 3 s', met: worst.seconds <= 3 },
  })
}

/** A panel with one expert and so many applications under their codes. */
async function panel(owner: pg.Pool, key: string): Promise<{ panelId: string; personId: string }> {
  const scheme = testPlan().schemes.find((one) => one.scoring !== null)
  if (!scheme) throw new Error('no title is marked')
  await owner.query('set session_replication_role = replica')
  const one = async (query: string, values: unknown[]) =>
    (await owner.query<{ id: string; person?: string }>(query, values)).rows[0] ?? { id: '' }
  const version = await one(
    `insert into recognition.scheme_versions (scheme, digest, edition, body, stored_at)
     values ($1, md5($2) || md5($2), '1', $3, now()) returning id`,
    [scheme.code, key, JSON.stringify(scheme)],
  )
  const call = await one(
    `insert into recognition.calls (number, scheme, version_id, title, announcement, opens_on, state, drafted_by, drafted_by_name, drafted_at)
     values ($1, $2, $3, '关于评选的通知', '现将有关事项通知如下，请申报。', '2020-01-01', 'draft', 'x', '某人', now()) returning id`,
    [`RP-${key}`, scheme.code, version.id],
  )
  const drawn = await one(
    `insert into recognition.panels (call_id, number, seed, size, pool, drawn_by, drawn_by_name, drawn_at)
     values ($1, 1, repeat('0', 64), 1, '[]', 'x', '某人', now()) returning id`,
    [call.id],
  )
  const expert = await one(
    `insert into recognition.experts (user_id, person_id, name, employer, speciality, added_by, added_at)
     values (gen_random_uuid(), gen_random_uuid(), '评审甲', '示例大学', '评价', 'x', now())
     returning id, person_id as person`,
    [],
  )
  await owner.query(
    `insert into recognition.panel_seats (panel_id, expert_id, seat, drawn_at) values ($1, $2, 1, now())`,
    [drawn.id, expert.id],
  )
  await owner.query(
    `insert into recognition.applications (number, call_id, scheme, version_id, path, organisation_id, holder_key, public_name,
       form_sealed, applicant, state, consent_at, created_at, saved_at, submitted_at, panel_id, blind_code)
     select $1 || n, $2, $3, $4, 'standard', (select id from people.organisations limit 1), 'person:' || gen_random_uuid(), '技师' || n, '', 'user:x', 'expert-review', now(), now(),
       now(), now(), $5, '1-' || lpad(n::text, 5, '0') from generate_series(1, $6::int) n`,
    [`M-${key}-`, call.id, scheme.code, version.id, drawn.id, sheets],
  )
  await owner.query('set session_replication_role = origin')
  await owner.query('analyze recognition.applications')
  return { panelId: drawn.id, personId: expert.person ?? '' }
}

async function fill(owner: pg.Pool): Promise<void> {
  await owner.query('set session_replication_role = replica')
  await owner.query(
    `insert into people.organisations (uscc, name, type, address, subdistrict, registered_on, created_at)
     select '91440105MA' || lpad(n::text, 8, '0'), '测量企业' || n || '号', 'enterprise', '测量路' || n || '号',
       '4401050' || lpad((1 + n % 18)::text, 2, '0'), '2015-01-01', now() from generate_series(1, 2000) n`,
  )
  await owner.query(
    `insert into recognition.scheme_versions (scheme, digest, edition, body, stored_at)
     select 'scheme-' || n, md5(n::text) || md5(n::text), '1', '{"recommendation": null, "paths": []}', now() from generate_series(0, 9) n`,
  )
  await owner.query(
    `insert into recognition.calls (number, scheme, version_id, title, announcement, opens_on, state, drafted_by, drafted_by_name, drafted_at)
     select 'RD-' || scheme, scheme, id, '关于评选的通知' || scheme, '现将有关事项通知如下，请申报。', '2020-01-01', 'draft', 'x', '某人', now()
     from recognition.scheme_versions`,
  )
  const made = (states: string, count: number) => `
    insert into recognition.applications (number, call_id, scheme, version_id, path, organisation_id, holder_key, public_name,
      form_sealed, applicant, state, consent_at, created_at, saved_at, submitted_at)
    select 'A-' || ${states} || '-' || n, c.id, c.scheme, c.version_id, 'standard', o.ids[1 + n % 2000], 'person:' || gen_random_uuid(),
      '技师' || n, '', 'user:x', ${states}, now(), now(), now(), now() - n * interval '1 minute'
    from generate_series(1, ${count}) n
    join (select row_number() over () - 1 as nth, * from recognition.calls) c on c.nth = n % 10,
    (select array_agg(id) as ids from people.organisations) o`
  await owner.query(
    made(`(array['submitted', 'formal-review', 'expert-review', 'site-visit', 'shortlist'])[1 + n % 5]`, applications),
  )
  await owner.query(
    `insert into platform.clocks (subject_kind, subject_id, kind, started_on, workdays, due_on, rule_id)
     select 'application', id, 'review', '2021-09-01', 15, date '2021-09-01' + (random() * 60)::int, 'A01' from recognition.applications`,
  )
  // clocks of everything else the district does
  await owner.query(
    `insert into platform.clocks (subject_kind, subject_id, kind, started_on, workdays, due_on, rule_id)
     select 'claim', gen_random_uuid(), 'review', '2021-09-01', 15, '2021-09-22', 'R33' from generate_series(1, 20000)`,
  )
  await owner.query(made(`'designated'`, titles))
  await owner.query(
    `insert into recognition.designations (number, scheme, version_id, call_id, application_id, path, holder_key, holder_name,
       organisation_id, state, designated_on, designated_by, designated_by_name, designated_at, ended_on)
     select 'T-' || lpad(n::text, 6, '0'), scheme, version_id, call_id, id, path, holder_key, public_name, organisation_id,
       case when n % 5 = 0 then 'expired' else 'in-term' end, date '2019-01-01' + (n % 900)::int, 'x', '某人', now(),
       case when n % 5 = 0 then date '2021-06-30' end
     from (select row_number() over () as n, * from recognition.applications where state = 'designated') a`,
  )
  await owner.query(
    `insert into recognition.terms (designation_id, seq, from_on, note, by_user, by_name, at)
     select id, 1, designated_on, '', 'x', '某人', now() from recognition.designations`,
  )
  await owner.query('set session_replication_role = origin')
}
