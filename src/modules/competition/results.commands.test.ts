import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { countCompetition } from '#modules/reports/competition.commands.ts'
import { system } from '#platform/actor.ts'
import { freshDb, type TestDb, testNow } from '#platform/testing.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, endOfDay } from '#shared/dates.ts'
import {
  announced,
  codesOf,
  csv,
  entry,
  hostOf,
  marked,
  roundOf,
  running,
  somebody,
} from '../../../tests/fixtures/competition.ts'
import { at, editor, firm, intake, leader } from '../../../tests/fixtures/recognition.ts'
import { someDocument } from '../../../tests/setup/accounts.ts'
import { enterTeam } from './entry.commands.ts'
import { cancelEvent } from './filing.commands.ts'
import { importMarks } from './import.commands.ts'
import { publiciseResults } from './publication.commands.ts'
import { closeRound } from './round.commands.ts'

let t: TestDb
let school: string
let host: ReturnType<typeof hostOf>
let _stranger: ReturnType<typeof hostOf>
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  school = await firm(t.db, 4001, 'provider')
  host = hostOf(school)
  _stranger = hostOf(await firm(t.db, 4002, 'provider'))
})
afterAll(() => t.close())

const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })
const _kind = (name: string) => expect.objectContaining({ fault: expect.objectContaining({ kind: name }) })
const ctx = (actor: Parameters<ReturnType<typeof at>>[0]) => at(t.db)(actor)
const stateOf = async (id: string) =>
  (await t.db.selectFrom('competition.events').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
const workdaysOn = (days: number) => endOfDay(addWorkdays(dayOf(testNow), days).day)

describe('R32 results that come out otherwise', () => {
  test('R32 nobody passes: nothing to publish, and the leader ends it; what was counted is counted out', async () => {
    const made = await running(t.db, at(t.db), host, school, { entrants: 3 })
    const first = await roundOf(t.db, made.eventId, 1)
    await importMarks(ctx(host), {
      roundId: first,
      file: csv((await codesOf(t.db, first)).map((one) => [one.number, '40'] as const)),
    })
    await closeRound(ctx(intake), { roundId: first })
    expect(await stateOf(made.eventId)).toBe('scored')
    const later = at(t.db, workdaysOn(3))
    await expect(publiciseResults(later(editor), { eventId: made.eventId, title: '竞赛成绩公示' })).rejects.toEqual(
      refusal('nothing-listed'),
    )
    await countCompetition(ctx(system('reports')), { eventId: made.eventId })
    await cancelEvent(later(leader), { eventId: made.eventId, note: '没有人合格，不设奖项。' })
    await countCompetition(later(system('reports')), { eventId: made.eventId })
    const { rows } = await t.owner.query(
      'select sum(delta)::int as n from reports.competition_events where event_id = $1',
      [made.eventId],
    )
    expect(rows[0].n).toBe(0)
  })

  test('R32 equal on everything shares the place, and no prize is given beyond its share', async () => {
    const made = await running(t.db, at(t.db), host, school, {
      entrants: 6,
      terms: { prizeShare: '20', meritShare: '50' },
    })
    const first = await roundOf(t.db, made.eventId, 1)
    await importMarks(ctx(host), {
      roundId: first,
      file: csv((await codesOf(t.db, first)).map((one) => [one.number, '80'] as const)),
    })
    await closeRound(ctx(intake), { roundId: first })
    const second = await roundOf(t.db, made.eventId, 2)
    await marked(t.db, at(t.db), second, made.judges, [90, 90, 80, 80, 70, 70])
    await closeRound(ctx(intake), { roundId: second })
    const standings = await t.db
      .selectFrom('competition.standings')
      .select(['place', 'prize'])
      .where('event_id', '=', made.eventId)
      .orderBy('place')
      .execute()
    expect(standings.map((one) => [one.place, one.prize])).toEqual([
      [1, 'merit'],
      [1, 'merit'],
      [3, ''],
      [3, ''],
      [5, ''],
      [5, ''],
    ])
  })
})

test('R37 numbers of documents are nowhere in the trail', async () => {
  const document = someDocument()
  const eventId = await announced(at(t.db), host, school)
  await enterTeam(ctx(host), entry(eventId, school, [{ ...somebody(), documentNumber: document }]))
  const { rows } = await t.owner.query(
    `select count(*)::int as n from audit.entries where input::text like '%' || $1 || '%'`,
    [document],
  )
  expect(rows[0].n).toBe(0)
})
