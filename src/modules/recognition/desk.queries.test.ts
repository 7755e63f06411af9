import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { freshDb, type TestDb, testCrypto, testNow } from '#platform/testing.ts'
import { at, firm, intake, openCall } from '../../../tests/fixtures/recognition.ts'
import { formContext } from './application.queries.ts'
import { DeskFilter, deskQueue } from './desk.queries.ts'

let t: TestDb
let callId: string
const waiting = 120
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  callId = await openCall(at(t.db), 'haizhu-chief-technician')
  const organisationId = await firm(t.db, 2000)
  await t.owner.query('set session_replication_role = replica')
  await t.owner.query(
    `insert into recognition.applications (number, call_id, scheme, version_id, path, organisation_id, holder_key, public_name,
        form_sealed, applicant, state, consent_at, created_at, saved_at, submitted_at)
      select 'A-' || n, c.id, c.scheme, c.version_id, 'standard', $2, 'person:' || gen_random_uuid(), '候选人' || n, $3, 'user:x',
        'submitted', $4::timestamptz, $4, $4, $4::timestamptz - n * interval '1 minute'
      from recognition.calls c, generate_series(1, ${waiting}) n where c.id = $1`,
    [callId, organisationId, testCrypto.seal('{}', formContext), testNow],
  )
  // three in four have a running clock, many of them due on one day
  await t.owner.query(
    `insert into platform.clocks (subject_kind, subject_id, kind, started_on, workdays, due_on, rule_id)
      select 'application', id, 'review', '2021-09-01', 15, date '2021-09-20' + right(number, 1)::int % 3, 'A01'
      from recognition.applications where right(number, 1)::int % 4 <> 0`,
  )
  await t.owner.query('set session_replication_role = origin')
})
afterAll(() => t.close())

const desk = () => at(t.db)(intake)
const queue = (asked: Record<string, string>) => deskQueue(desk(), DeskFilter.parse(asked))

describe('A01 the queue of the desk', () => {
  test('A01 page by page everything once: what is due first stands first, what has no clock last', async () => {
    const seen: { number: string | null; due: string }[] = []
    let cursor: string | null = ''
    let pages = 0
    while (cursor !== null) {
      const page = await queue({ cursor })
      seen.push(...page.rows.map((row) => ({ number: row.number, due: row.dueOn ?? '9999' })))
      cursor = page.next
      pages++
    }
    expect([pages, seen.length, new Set(seen.map((one) => one.number)).size]).toEqual([3, waiting, waiting])
    expect(seen.map((one) => one.due)).toEqual(seen.map((one) => one.due).toSorted())
    expect(seen.at(-1)?.due).toBe('9999')
  })

  test('A01 found by part of a name, by number, by the unit; another project has none of them', async () => {
    expect((await queue({ q: '候选人7' })).rows.map((row) => row.name)).toEqual(
      expect.arrayContaining(['候选人7', '候选人70', '候选人79']),
    )
    expect((await queue({ q: 'a-120' })).rows.map((row) => row.number)).toEqual(['A-120'])
    const unit = (await queue({})).rows[0]?.organisation ?? ''
    expect((await queue({ q: unit.slice(0, 4) })).rows).toHaveLength(50)
    expect((await queue({ q: '100%' })).rows).toEqual([])
    expect((await queue({ scheme: 'enterprise-chief-technician' })).rows).toEqual([])
    expect((await queue({ call: callId, view: 'done' })).rows).toEqual([])
  })

  test('A01 a stale or edited address starts at page one', async () => {
    const first = (await queue({})).rows.map((row) => row.id)
    for (const cursor of ['x', 'WyJhIl0', btoa('["2021-09-20"]'), btoa('["x","y","z"]')]) {
      expect((await queue({ cursor })).rows.map((row) => row.id)).toEqual(first)
    }
  })
})
