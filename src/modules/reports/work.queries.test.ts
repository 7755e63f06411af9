import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, type TestDb, user } from '#platform/testing.ts'
import { day } from '#shared/units.ts'
import { workRecords, workRows } from './work.queries.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  await t.owner.query('set session_replication_role = replica')
  await standard('电商直播技能标准', '2021-05-10T10:00:00+08:00')
  await standard('人工智能训练标准', '2021-08-31T23:30:00+08:00')
  await batch('R-1', ['2021-08-01T10:00:00+08:00', '2021-08-20T10:00:00+08:00'])
  const one = await certificate('2021-08-02T10:00:00+08:00', 1)
  await certificate('2021-08-02T10:00:00+08:00', 2)
  await move('certificate', one, 'revoke', '2021-09-03T10:00:00+08:00')
  await given('mentor', '2021-06-30', 120, 30, '2021-07-02T10:00:00+08:00')
  await given('mentor', '2021-08-05', 90, 10, '2021-08-06T10:00:00+08:00')
  await given('seats', '2021-08-06', 240, 25, '2021-08-07T10:00:00+08:00')
  await t.owner.query('set session_replication_role = origin')
})
afterAll(() => t.close())

const move = (kind: string, id: string, name: string, at: string) =>
  t.owner.query(
    `insert into platform.moves (subject_kind, subject_id, move, from_state, to_state, at, actor_id, actor_name)
     values ($1, $2, $3, 'a', 'b', $4, 'x', '某人')`,
    [kind, id, name, at],
  )

async function standard(name: string, at: string) {
  const [id, version] = [randomUUID(), randomUUID()]
  await t.owner.query(
    `insert into standards.standards (id, number, title, kind, edition, code, organisation_id, proposed_by, proposed_at)
     values ($1::uuid, $1::uuid::text, $2, 'special', 'x', 'x', $1, 'x', $3)`,
    [id, name, at],
  )
  await t.owner.query(
    `insert into standards.versions (id, standard_id, seq, purpose, state, body, digest, published_on, written_by, created_at)
     values ($1, $2, 1, '为新兴产业制定技能标准', 'published', '{}', repeat('0', 64), $3::timestamptz::date, 'x', $3)`,
    [version, id, at],
  )
  await move('standard-version', version, 'publish', at)
}

async function batch(number: string, issued: string[]) {
  const id = randomUUID()
  await t.owner.query(
    `insert into certification.batches (id, number, organisation_id, site_id, scope_id, edition, code, level, parts, title, created_by, created_at)
     values ($1, $2, $1, $1, $1, 'x', 'x', '4', '{theory}', '电工四级认定', 'x', now())`,
    [id, number],
  )
  for (const at of issued) await move('assessment-batch', id, 'issue', at)
}

async function certificate(at: string, nth: number): Promise<string> {
  const id = randomUUID()
  await t.owner.query(
    `insert into certification.certificates (id, number, verification_code, batch_id, candidate_id, person_id, organisation_id, edition,
       code, level, level_digit, examined_on, holder_sealed, holder_index, holder_masked, record, digest, issued_on, issued_at, issued_by)
     values ($1, 'Y000044010500' || '21' || '4' || lpad($2::text, 6, '0'), repeat('A', 19) || $2::text, $1, $1, $1, $1, 'x', 'x', '4', '4',
       '2021-08-01', 'x', 'x', '*', '{}', repeat('0', 64), $3::timestamptz::date, $3, 'x')`,
    [id, String(nth), at],
  )
  return id
}

async function given(kind: string, on: string, minutes: number, persons: number, at: string) {
  const id = randomUUID()
  const holder = kind === 'mentor' ? 'mentor_person_id' : 'organisation_id'
  await t.owner.query(
    `insert into exchange.offers (id, kind, ${holder}, designation_id, host_name, industry, subject, place, during, capacity, free,
       sign_in_code, offered_by, offered_at)
     values ($1, $2, $1, $1, '何导师', '制造业', '焊接安全', '某地', tstzrange($3::timestamptz, $3::timestamptz + interval '2 hours'), 30, true,
       'ABCDEF', 'x', $3::timestamptz)`,
    [id, kind, at],
  )
  await t.owner.query(
    `insert into exchange.given_hours (offer_id, designation_id, given_on, minutes, persons, evidence, entered_by, entered_by_name, entered_at)
     values ($1, $1, $2, $3, $4, '{}', 'x', '某人', $5)`,
    [id, on, minutes, persons, at],
  )
}

const ctx = () => ctxFor(t.db, user('何', [{ role: 'hr-leader' }]))
const third = { from: day('2021-07-01'), to: day('2021-09-30') }

describe('R35 work that the plan gives no number', () => {
  test('R35 HZ4-M15 this quarter and all until its end, net of what was taken back', async () => {
    expect(await workRows(ctx(), third)).toEqual([
      { what: 'standard', within: 1, total: 2 },
      { what: 'batch', within: 1, total: 1 },
      { what: 'certificate', within: 1, total: 1 },
      { what: 'mentor', within: 90, total: 210 },
      { what: 'seats', within: 25, total: 25 },
    ])
  })

  test('R35 as it was on record at an instant, and on an earlier day', async () => {
    const known = await workRows(ctx(), third, new Date('2021-09-01T00:00:00+08:00'))
    expect(known.find((row) => row.what === 'certificate')).toEqual({ what: 'certificate', within: 2, total: 2 })
    const june = { from: day('2021-04-01'), to: day('2021-06-30') }
    expect(await workRows(ctx(), june, new Date('2021-07-01T00:00:00+08:00'))).toEqual([
      { what: 'standard', within: 1, total: 1 },
    ])
    expect((await workRows(ctx(), june)).map((row) => row.what)).toEqual(['standard', 'mentor'])
  })

  test('R35 every line leads to its records, which add up to it', async () => {
    for (const line of await workRows(ctx(), third)) {
      const sum = (rows: { n: number }[]) => rows.reduce((all, row) => all + row.n, 0)
      expect(sum(await workRecords(ctx(), line.what, third))).toBe(line.within)
      expect(sum(await workRecords(ctx(), line.what, { from: null, to: third.to }))).toBe(line.total)
    }
    expect((await workRecords(ctx(), 'standard', third)).map((row) => [row.on, row.words])).toEqual([
      ['2021-08-31', '人工智能训练标准　第1版'],
    ])
  })
})
