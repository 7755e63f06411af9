import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { countCompetition } from '#modules/reports/competition.commands.ts'
import { anonymous, system } from '#platform/actor.ts'
import { freshDb, type TestDb, testNow } from '#platform/testing.ts'
import { writeXlsx } from '#platform/workbook.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, endOfDay } from '#shared/dates.ts'
import { all, codesOf, csv, experts, hostOf, roundOf, running } from '../../../tests/fixtures/competition.ts'
import { at, editor, firm, intake, leader } from '../../../tests/fixtures/recognition.ts'
import { archiveEvent, awardEvent, recommendUpward } from './award.commands.ts'
import { decideChange, proposeChange, proposeDisqualify } from './change.commands.ts'
import { importMarks } from './import.commands.ts'
import { decideProtest, lodgeProtest } from './protest.commands.ts'
import { closePublication, decideObjection, lodgeObjection, publiciseResults } from './publication.commands.ts'
import { replyFor } from './publication.queries.ts'
import { closeRound, markAbsent } from './round.commands.ts'
import { giveSheet } from './sheet.commands.ts'

let t: TestDb
let school: string
let host: ReturnType<typeof hostOf>
let stranger: ReturnType<typeof hostOf>
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  school = await firm(t.db, 4001, 'provider')
  host = hostOf(school)
  stranger = hostOf(await firm(t.db, 4002, 'provider'))
})
afterAll(() => t.close())

const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })
const kind = (name: string) => expect.objectContaining({ fault: expect.objectContaining({ kind: name }) })
const ctx = (actor: Parameters<ReturnType<typeof at>>[0]) => at(t.db)(actor)
const stateOf = async (id: string) =>
  (await t.db.selectFrom('competition.events').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
const workdaysOn = (days: number) => endOfDay(addWorkdays(dayOf(testNow), days).day)

describe('R32 the whole way', () => {
  let eventId: string
  let judges: Awaited<ReturnType<typeof experts>>
  let entries: string[]
  let theory: string
  let practical: string

  test('R32 theory from a file: wrong rows are all named and nothing is kept', async () => {
    ;({ eventId, judges, entries } = await running(t.db, at(t.db), host, school, { entrants: 8 }))
    theory = await roundOf(t.db, eventId, 1)
    const codes = await codesOf(t.db, theory)
    const number = (at: number) => codes[at]?.number ?? ''
    await expect(
      importMarks(ctx(host), {
        roundId: theory,
        file: csv([
          [number(0), '101'],
          ['X-1', '80'],
          [number(1), '70'],
          [number(1), '71'],
        ]),
      }),
    ).rejects.toMatchObject({
      fault: {
        fields: {
          file: [expect.stringContaining('第2行'), expect.stringContaining('第3行'), expect.stringContaining('第5行')],
        },
      },
    })
    await expect(importMarks(ctx(stranger), { roundId: theory, file: csv([[number(0), '80']]) })).rejects.toEqual(
      kind('missing'),
    )
    await expect(closeRound(ctx(intake), { roundId: theory })).rejects.toEqual(refusal('marks-missing'))
    const bytes = await writeXlsx([
      {
        name: '成绩',
        header: ['准考证号', '分数'],
        rows: codes.map((one, at) => [one.number, at === 7 ? '缺考' : String(90 - at * 5)]),
      },
    ])
    expect(await importMarks(ctx(host), { roundId: theory, file: { name: '成绩.xlsx', bytes } })).toMatchObject({
      count: 8,
    })
    await expect(importMarks(ctx(host), { roundId: theory, file: csv([[number(0), '80']]) })).rejects.toEqual(
      refusal('imported-already'),
    )
    await expect(closeRound(ctx(host), { roundId: theory })).rejects.toEqual(refusal('own-import'))
    await expect(closeRound(ctx(stranger), { roundId: theory })).rejects.toEqual(kind('missing'))
    const chief = judges[0]
    // 90 … 60 pass, the absent does not
    expect(await closeRound(ctx(chief?.actor ?? host), { roundId: theory })).toMatchObject({ count: 7 })
    practical = await roundOf(t.db, eventId, 2)
  })

  test('R32 behind codes: two marks, a third where they differ, none changed, none by a stranger', async () => {
    const codes = await codesOf(t.db, practical)
    const [a, b, c] = judges
    if (!a || !b || !c) throw new Error('no judges')
    const code = codes[0]?.code ?? ''
    expect(code).toMatch(/^B\d{3}$/)
    await expect(giveSheet(ctx(a.actor), { roundId: practical, code, marks: { knife: '101' } })).rejects.toMatchObject({
      fault: { fields: { 'marks.knife': expect.anything() } },
    })
    await expect(giveSheet(ctx(a.actor), { roundId: practical, code, marks: {} })).rejects.toEqual(kind('invalid'))
    const [outside] = await experts(t.db, at(t.db), 1)
    await expect(giveSheet(ctx(outside?.actor ?? host), { roundId: practical, code, marks: all(80) })).rejects.toEqual(
      kind('missing'),
    )
    await giveSheet(ctx(a.actor), { roundId: practical, code, marks: all(80) })
    await expect(giveSheet(ctx(a.actor), { roundId: practical, code, marks: all(80) })).rejects.toEqual(
      refusal('sheet-given'),
    )
    expect(
      await giveSheet(ctx(b.actor), { roundId: practical, code, marks: { ...all(84), cooking: '89' } }),
    ).toMatchObject({ thirds: 1 })
    await expect(giveSheet(ctx(c.actor), { roundId: practical, code, marks: { knife: '82' } })).rejects.toEqual(
      refusal('sheet-enough'),
    )
    await giveSheet(ctx(c.actor), { roundId: practical, code, marks: { cooking: '88' } })
    await expect(closeRound(ctx(host), { roundId: practical })).rejects.toEqual(refusal('marks-missing'))
    const away = codes[6]?.code ?? ''
    await markAbsent(ctx(host), { roundId: practical, code: away })
    await expect(markAbsent(ctx(host), { roundId: practical, code })).rejects.toEqual(refusal('absent-marked'))
    for (const [nth, one] of codes.slice(1, 6).entries()) {
      for (const judge of [a, b])
        await giveSheet(ctx(judge.actor), { roundId: practical, code: one.code, marks: all(85 - nth * 6) })
    }
    await expect(t.db.updateTable('competition.sheets').set({ mark: 100 }).execute()).rejects.toThrow(
      'permission denied',
    )
    await closeRound(ctx(host), { roundId: practical })
    expect(await stateOf(eventId)).toBe('scored')
    const standings = await t.db
      .selectFrom('competition.standings')
      .select(['entry_id', 'place', 'prize', 'total'])
      .where('event_id', '=', eventId)
      .orderBy('place')
      .execute()
    // seven took part in theory: half of them win, 1:2:3 of three; the last practical mark is 61
    expect(standings.map(({ place, prize }) => [place, prize])).toEqual([
      [1, 'first'],
      [2, 'second'],
      [3, 'third'],
      [4, 'merit'],
      [5, 'merit'],
      [6, ''],
      [null, ''],
    ])
    // 30 % theory 90, 70 % practical: knife 82, cooking (88+89)/2, dimsum 82, hygiene 82 → 84.6
    expect(standings.find((one) => one.entry_id === entries[0])?.total).toBe(86.22)
  })

  test('C23 R32 a mark changes by two, with a reason, and both stay', async () => {
    const codes = await codesOf(t.db, practical)
    const number = codes[3]?.number ?? ''
    const wanted = {
      roundId: practical,
      entryNumber: number,
      module: 'cooking',
      mark: '95',
      reason: '录入时看错一行。',
    }
    await expect(proposeChange(ctx(stranger), wanted)).rejects.toEqual(kind('missing'))
    await expect(proposeChange(ctx(host), { ...wanted, reason: '' })).rejects.toEqual(kind('invalid'))
    await expect(proposeChange(ctx(host), { ...wanted, mark: '73' })).rejects.toEqual(refusal('change-same'))
    const { changeId } = await proposeChange(ctx(host), wanted)
    await expect(proposeChange(ctx(host), wanted)).rejects.toEqual(refusal('change-again'))
    await expect(decideChange(ctx(host), { changeId, outcome: 'approved' })).rejects.toEqual(refusal('own-change'))
    await expect(decideChange(ctx(stranger), { changeId, outcome: 'approved' })).rejects.toEqual(kind('missing'))
    await decideChange(ctx(intake), { changeId, outcome: 'approved' })
    const marks = await t.db
      .selectFrom('competition.marks')
      .select(['seq', 'mark', 'source'])
      .where('round_id', '=', practical)
      .where('entry_id', '=', codes[3]?.entryId ?? '')
      .where('module', '=', 'cooking')
      .orderBy('seq')
      .execute()
    expect(marks).toEqual([
      { seq: 1, mark: 73, source: 'sheets' },
      { seq: 2, mark: 95, source: 'change' },
    ])
    const runs = await t.db
      .selectFrom('competition.standings')
      .select(['run', 'total'])
      .where('event_id', '=', eventId)
      .where('entry_id', '=', codes[3]?.entryId ?? '')
      .orderBy('run')
      .execute()
    expect(runs.map((one) => one.run)).toEqual([1, 2])
    expect(runs[1]?.total).toBeGreaterThan(runs[0]?.total ?? 0)
    // the database by itself: a second mark without its change, or the first again
    await expect(
      t.db
        .insertInto('competition.marks')
        .values({
          round_id: practical,
          entry_id: codes[3]?.entryId ?? '',
          module: 'knife',
          seq: 2,
          mark: 99,
          source: 'change',
          change_id: changeId,
          at: testNow,
        })
        .execute(),
    ).rejects.toThrow('only by two people')
    await expect(t.db.updateTable('competition.marks').set({ mark: 99 }).execute()).rejects.toThrow('permission denied')
    await expect(
      t.db.updateTable('competition.changes').set({ decided_by: 'user:x', proposed_by: 'user:y' }).execute(),
    ).rejects.toThrow('permission denied')
  })

  test('R32 a protest in time is answered by the bureau before anything is public', async () => {
    const entryId = entries[5] ?? ''
    await expect(lodgeProtest(ctx(stranger), { entryId, text: '请复核我的热菜成绩，与现场不符。' })).rejects.toEqual(
      kind('missing'),
    )
    const { protestId } = await lodgeProtest(ctx(host), { entryId, text: '请复核选手的热菜成绩，与现场不符。' })
    await expect(lodgeProtest(ctx(host), { entryId, text: '请复核选手的热菜成绩，与现场不符。' })).rejects.toEqual(
      refusal('protest-again'),
    )
    const later = at(t.db, workdaysOn(3))
    await expect(publiciseResults(later(editor), { eventId, title: '竞赛成绩公示' })).rejects.toEqual(
      refusal('protest-open'),
    )
    await decideProtest(ctx(intake), { protestId, outcome: 'dismissed', reply: '经复核评分表，成绩无误。' })
    await expect(
      decideProtest(ctx(intake), { protestId, outcome: 'upheld', reply: '经复核评分表，成绩无误。' }),
    ).rejects.toEqual(refusal('protest-decided'))
    await expect(publiciseResults(ctx(editor), { eventId, title: '竞赛成绩公示' })).rejects.toEqual(
      refusal('protest-days'),
    )
    await expect(lodgeProtest(later(host), { entryId, text: '再次请求复核热菜成绩，谢谢。' })).rejects.toEqual(
      refusal('protest-closed'),
    )
  })

  test('A01 public; an objection upheld sends it back, somebody is disqualified by two, and it is public again', async () => {
    const later = at(t.db, workdaysOn(3))
    const list = await publiciseResults(later(editor), { eventId, title: '竞赛成绩公示' })
    const rows = await t.db
      .selectFrom('competition.publication_rows')
      .selectAll()
      .where('publication_id', '=', list.publicationId)
      .orderBy('position')
      .execute()
    expect(rows).toHaveLength(6)
    const first = rows[0]
    await expect(
      proposeChange(later(host), {
        roundId: practical,
        entryNumber: 'x',
        module: 'knife',
        mark: '1',
        reason: '不能再改',
      }),
    ).rejects.toEqual(refusal('wrong-state'))
    const objection = await lodgeObjection(later(anonymous), {
      rowId: first?.id,
      reason: 'not-himself',
      text: '到场的不是报名的本人，请查录像。',
    })
    expect(await stateOf(eventId)).toBe('objection-held')
    await expect(
      decideObjection(later(intake), { objectionId: objection.id, outcome: 'upheld', reply: '不是办理异议的人。' }),
    ).rejects.toEqual(kind('forbidden'))
    await decideObjection(later(editor), {
      objectionId: objection.id,
      outcome: 'upheld',
      reply: '经查录像，确系他人代赛，异议成立。',
    })
    expect(await replyFor(later(anonymous), objection.receipt)).toMatchObject({ state: 'upheld' })
    expect(await stateOf(eventId)).toBe('scored')
    const { changeId } = await proposeDisqualify(later(host), { entryId: first?.entry_id, reason: '他人代赛。' })
    await expect(publiciseResults(later(editor), { eventId, title: '竞赛成绩公示' })).rejects.toEqual(
      refusal('change-open'),
    )
    await decideChange(later(intake), { changeId, outcome: 'approved' })
    const again = await publiciseResults(later(editor), { eventId, title: '竞赛成绩公示（第二次）' })
    expect(again.count).toBe(5)
    const house = system('competition.daily')
    expect(await closePublication(later(house), { publicationId: again.publicationId })).toMatchObject({
      state: 'open',
    })
    const over = at(t.db, workdaysOn(9))
    await closePublication(over(house), { publicationId: again.publicationId })
    expect(await stateOf(eventId)).toBe('cleared')
  })

  test('R32 R35 HZ4-M09 prizes by a leader who took no part; upward; counted; archived', async () => {
    const over = at(t.db, workdaysOn(9))
    await expect(awardEvent(over(intake), { eventId })).rejects.toEqual(kind('forbidden'))
    await expect(recommendUpward(over(intake), { entryId: entries[1], target: 'city' })).rejects.toEqual(
      refusal('not-winner'),
    )
    expect(await awardEvent(over(leader), { eventId })).toMatchObject({ state: 'awarded' })
    await expect(awardEvent(over(leader), { eventId })).rejects.toEqual(refusal('wrong-state'))
    const awards = await t.db
      .selectFrom('competition.awards')
      .selectAll()
      .where('event_id', '=', eventId)
      .orderBy('place')
      .execute()
    expect(awards.map((one) => one.prize)).toEqual(['first', 'second', 'third', 'merit'])
    expect(awards.map((one) => one.entry_id)).not.toContain(
      (
        await t.db
          .selectFrom('competition.entries')
          .select('id')
          .where('state', '=', 'disqualified')
          .executeTakeFirstOrThrow()
      ).id,
    )
    const winner = awards[0]?.entry_id
    await recommendUpward(over(intake), { entryId: winner, target: 'city' })
    await expect(recommendUpward(over(intake), { entryId: winner, target: 'city' })).rejects.toEqual(
      refusal('recommended-already'),
    )
    await expect(recommendUpward(over(intake), { entryId: winner, target: 'moon' })).rejects.toEqual(
      refusal('target-unknown'),
    )
    const house = over(system('reports'))
    expect(await countCompetition(house, { eventId })).toEqual({ count: 1 + 8 + 4 + 1 })
    expect(await countCompetition(house, { eventId })).toEqual({ count: 0 })
    expect(await archiveEvent(over(intake), { eventId })).toMatchObject({ state: 'archived' })
    await expect(t.db.updateTable('competition.awards').set({ place: 1 }).execute()).rejects.toThrow(
      'permission denied',
    )
  })
})
