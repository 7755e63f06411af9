import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { AppError } from '#platform/errors.ts'
import { freshDb, type TestDb, user } from '#platform/testing.ts'
import {
  all,
  announced,
  codesOf,
  csv,
  entry,
  experts,
  filed,
  hostOf,
  roundOf,
  running,
  somebody,
} from '../../../tests/fixtures/competition.ts'
import { at, firm, intake } from '../../../tests/fixtures/recognition.ts'
import { accountFor } from '../../../tests/setup/accounts.ts'
import { decideChange, proposeChange } from './change.commands.ts'
import { enterOwn, enterTeam } from './entry.commands.ts'
import { takeEvent } from './filing.commands.ts'
import { importMarks } from './import.commands.ts'
import { seatJudge } from './judge.commands.ts'
import { closeRound } from './round.commands.ts'
import { giveSheet } from './sheet.commands.ts'

let t: TestDb
let school: string
let host: ReturnType<typeof hostOf>
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 60)
  school = await firm(t.db, 4101, 'provider')
  host = hostOf(school)
})
afterAll(() => t.close())

const ctx = (actor: Parameters<ReturnType<typeof at>>[0]) => at(t.db)(actor)
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) =>
      error instanceof AppError && error.fault.kind === 'refused' ? error.fault.refusal.reason : String(error),
  )
const counted = (results: string[]) =>
  Object.fromEntries([...Map.groupBy(results, (one) => one)].map(([key, own]) => [key, own.length]))

describe('R32 whoever clicks first', () => {
  test('R32 HZ4-M09 fifty take the last place at once: exactly one gets in', async () => {
    const eventId = await announced(at(t.db), host, school, { places: { employee: '3' } })
    for (let i = 0; i < 2; i++) await enterTeam(ctx(host), entry(eventId, school))
    const results = await Promise.all(
      Array.from({ length: 50 }, () => outcome(enterTeam(ctx(host), entry(eventId, school, [somebody()])))),
    )
    expect(counted(results)).toEqual({ done: 1, 'group-full': 49 })
    const place = await t.db
      .selectFrom('competition.group_places')
      .select(['most', 'taken'])
      .where('event_id', '=', eventId)
      .executeTakeFirst()
    expect(place).toEqual({ most: 3, taken: 3 })
  })

  test('R32 the database refuses the one too many by itself', async () => {
    const eventId = await announced(at(t.db), host, school, { places: { employee: '1' } })
    await enterTeam(ctx(host), entry(eventId, school))
    await expect(
      t.db
        .insertInto('competition.entries')
        .values({
          ...{ number: 'X', event_id: eventId, group_id: 'employee', unit: '某', public_name: '某', consent_words: '' },
          ...{ registered_by: 'user:x', registered_at: new Date() },
        })
        .execute(),
    ).rejects.toThrow('has 1 places')
  })

  test('R32 one person entered by twenty at once, in person and in teams: once', async () => {
    const eventId = await announced(at(t.db), host, school, {
      type: 'artificial-intelligence',
      places: { employee: '50', 'employee-team': '50' },
    })
    const shared = somebody('共有选手')
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const single = entry(eventId, school, [shared])
        const members = i % 4 === 1 ? [shared, somebody()] : [somebody(), shared]
        const team = entry(eventId, school, members, { groupId: 'employee-team', team: `第${i}队` })
        return outcome(enterTeam(ctx(host), i % 2 === 0 ? single : team))
      }),
    )
    expect(counted(results)).toEqual({ done: 1, 'entered-already': 19 })
  })

  test('A02 R32 seated as a judge and entering at the same moment: one of the two', async () => {
    for (let i = 0; i < 5; i++) {
      const eventId = await announced(at(t.db), host, school)
      const [one] = await experts(t.db, at(t.db), 1)
      if (!one) throw new Error('no expert')
      const results = await Promise.allSettled([
        seatJudge(ctx(host), { eventId, expertId: one.expertId, duty: 'judge' }),
        enterOwn(ctx(user('裁判本人', [], one.personId)), {
          eventId,
          groupId: 'employee',
          unit: '某酒楼',
          consent: 'yes',
        }),
      ])
      expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    }
  })

  test('R32 two officers open the same filing: one has it', async () => {
    const eventId = await filed(at(t.db), host, school)
    const officers = Array.from({ length: 10 }, (_, i) => user(`受理${i}`, [{ role: 'hr-intake' }]))
    const results = await Promise.all(officers.map((one) => outcome(takeEvent(ctx(one), { eventId }))))
    expect(counted(results)).toEqual({ done: 1, 'wrong-state': 9 })
  })

  test('R32 three judges mark one module at once: two sheets or three, one mark, always by the rule', async () => {
    const { eventId, judges } = await running(t.db, at(t.db), host, school, { entrants: 4 })
    const first = await roundOf(t.db, eventId, 1)
    await importMarks(ctx(host), {
      roundId: first,
      file: csv((await codesOf(t.db, first)).map((one) => [one.number, '80'] as const)),
    })
    const closing = await Promise.all(
      [intake, judges[0]?.actor ?? intake].map((one) => outcome(closeRound(ctx(one), { roundId: first }))),
    )
    expect(closing.toSorted()).toEqual(
      ['done', 'wrong-state'].includes(closing[1] ?? '') ? closing.toSorted() : ['done', 'round-state'],
    )
    const second = await roundOf(t.db, eventId, 2)
    for (const { code } of await codesOf(t.db, second)) {
      const results = await Promise.all(
        judges.map((one, at) => outcome(giveSheet(ctx(one.actor), { roundId: second, code, marks: all(70 + at * 5) }))),
      )
      for (const each of results) expect(['done', 'sheet-enough']).toContain(each)
    }
    const marks = await t.db
      .selectFrom('competition.marks')
      .select(['entry_id', 'module', 'seq'])
      .where('round_id', '=', second)
      .execute()
    expect(marks).toHaveLength(16)
    expect(new Set(marks.map((one) => `${one.entry_id}${one.module}`)).size).toBe(16)
  })

  test('C23 R32 ten approve one change at once: the mark changes once', async () => {
    const { eventId } = await running(t.db, at(t.db), host, school, { entrants: 3 })
    const roundId = await roundOf(t.db, eventId, 1)
    const codes = await codesOf(t.db, roundId)
    await importMarks(ctx(host), { roundId, file: csv(codes.map((one) => [one.number, '80'] as const)) })
    const { changeId } = await proposeChange(ctx(host), {
      ...{ roundId, entryNumber: codes[0]?.number, module: 'theory', mark: '88', reason: '登记时看错一行。' },
    })
    const officers = Array.from({ length: 10 }, (_, i) => user(`受理${i}`, [{ role: 'hr-intake' }]))
    const results = await Promise.all(
      officers.map((one) => outcome(decideChange(ctx(one), { changeId, outcome: 'approved' }))),
    )
    expect(counted(results)).toEqual({ done: 1, 'change-decided': 9 })
    const marks = await t.db
      .selectFrom('competition.marks')
      .select(['seq', 'mark'])
      .where('entry_id', '=', codes[0]?.entryId ?? '')
      .orderBy('seq')
      .execute()
    expect(marks).toEqual([
      { seq: 1, mark: 80 },
      { seq: 2, mark: 88 },
    ])
  })

  test('R32 two import the same round at once: one file', async () => {
    const { eventId } = await running(t.db, at(t.db), host, school, { entrants: 3 })
    const roundId = await roundOf(t.db, eventId, 1)
    const codes = await codesOf(t.db, roundId)
    const file = csv(codes.map((one) => [one.number, '80'] as const))
    const results = await Promise.all(
      [host, hostOf(school, '另一人')].map((one) => outcome(importMarks(ctx(one), { roundId, file }))),
    )
    expect(counted(results)).toEqual({ done: 1, 'imported-already': 1 })
  })

  test('R32 a person’s account enters once however often the form is sent', async () => {
    const eventId = await announced(at(t.db), host, school)
    const { personId } = await accountFor(t.db, { name: '连点选手' })
    const own = user('连点选手', [], personId)
    const results = await Promise.all(
      Array.from({ length: 10 }, () =>
        outcome(enterOwn(ctx(own), { eventId, groupId: 'employee', unit: '自由职业', consent: 'yes' })),
      ),
    )
    expect(counted(results)).toEqual({ done: 1, 'entered-already': 9 })
  })
})
