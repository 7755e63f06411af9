import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { countCompetition } from '#modules/reports/competition.commands.ts'
import { anonymous, system } from '#platform/actor.ts'
import { freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { writeXlsx } from '#platform/workbook.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, endOfDay } from '#shared/dates.ts'
import {
  accepted,
  all,
  announced,
  codesOf,
  csv,
  entry,
  experts,
  filed,
  filing,
  hostOf,
  marked,
  roundOf,
  running,
  seated,
  somebody,
  terms,
} from '../../../tests/fixtures/competition.ts'
import { at, editor, firm, intake, intake2, leader } from '../../../tests/fixtures/recognition.ts'
import { accountFor, someDocument } from '../../../tests/setup/accounts.ts'
import { archiveEvent, awardEvent, recommendUpward } from './award.commands.ts'
import { decideChange, proposeChange, proposeDisqualify } from './change.commands.ts'
import { announceEvent, decideDocument, writeDocument } from './document.commands.ts'
import { admitEntries, closeEntries, decideEntry, enterOwn, enterTeam, withdrawEntry } from './entry.commands.ts'
import {
  acceptEvent,
  callBackEvent,
  cancelEvent,
  fileEvent,
  rejectEvent,
  returnEvent,
  saveEvent,
  startEvent,
  takeEvent,
  withdrawEvent,
} from './filing.commands.ts'
import { importMarks } from './import.commands.ts'
import { declareRelation, leaveJudge, seatJudge } from './judge.commands.ts'
import { decideProtest, lodgeProtest } from './protest.commands.ts'
import { closePublication, decideObjection, lodgeObjection, publiciseResults } from './publication.commands.ts'
import { replyFor } from './publication.queries.ts'
import { beginEvent, closeRound, markAbsent } from './round.commands.ts'
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

describe('R32 the filing', () => {
  test('HZ4-M09 what is missing is named; nobody else’s is there; called back until picked up', async () => {
    const { eventId } = await startEvent(ctx(host), { type: 'catering', organisationId: school, title: filing.title })
    await expect(fileEvent(ctx(host), { eventId })).rejects.toEqual(refusal('filing-incomplete'))
    await expect(fileEvent(ctx(stranger), { eventId })).rejects.toEqual(kind('missing'))
    await expect(
      saveEvent(ctx(host), { ...filing, eventId, version: 1, places: { employee: '0' } }),
    ).rejects.toMatchObject({ fault: { fields: { 'places.employee': [expect.stringContaining('职工组')] } } })
    await expect(
      saveEvent(ctx(host), { ...filing, eventId, version: 1, heldFrom: '2021-09-02' }),
    ).rejects.toMatchObject({ fault: { fields: { heldFrom: expect.anything() } } })
    await saveEvent(ctx(host), { ...filing, eventId, version: 1, places: { employee: '20' } })
    await expect(saveEvent(ctx(host), { ...filing, eventId, version: 1 })).rejects.toEqual(kind('conflict'))
    await fileEvent(ctx(host), { eventId })
    expect(await callBackEvent(ctx(host), { eventId })).toMatchObject({ state: 'draft' })
    await fileEvent(ctx(host), { eventId })
    await takeEvent(ctx(intake), { eventId })
    await expect(callBackEvent(ctx(host), { eventId })).rejects.toEqual(refusal('wrong-state'))
    await expect(acceptEvent(ctx(intake2), { eventId })).rejects.toEqual(refusal('taken-by-other'))
    await returnEvent(ctx(intake), { eventId, reasonCodes: ['comp-fee'], note: '请写明收费。' })
    await expect(returnEvent(ctx(intake), { eventId, reasonCodes: ['comp-fee'] })).rejects.toEqual(
      refusal('wrong-state'),
    )
    await fileEvent(ctx(host), { eventId })
    await takeEvent(ctx(intake2), { eventId })
    await expect(rejectEvent(ctx(intake2), { eventId, reasonCodes: ['comp-fee'] })).rejects.toEqual(
      refusal('reason-unknown'),
    )
    expect(await rejectEvent(ctx(intake2), { eventId, reasonCodes: ['comp-not-host'] })).toMatchObject({
      state: 'rejected',
    })
    const other = await filed(at(t.db), host, school)
    expect(await withdrawEvent(ctx(host), { eventId: other })).toMatchObject({ state: 'withdrawn' })
  })

  test('R32 who may not host is told who may', async () => {
    const assessor = await firm(t.db, 4003, 'assessment-org')
    await expect(
      startEvent(ctx(hostOf(assessor)), { type: 'catering', organisationId: assessor, title: filing.title }),
    ).rejects.toEqual(refusal('host-type'))
    await expect(startEvent(ctx(host), { type: 'chess', organisationId: school, title: filing.title })).rejects.toEqual(
      refusal('type-unknown'),
    )
  })

  test('R32 the technical document: by the host, approved by another, within what is laid down', async () => {
    const eventId = await accepted(at(t.db), host, school)
    await expect(announceEvent(ctx(host), { eventId })).rejects.toEqual(refusal('document-missing'))
    const body = '本次竞赛按国家职业标准高级工要求命题，理论闭卷，实操现场评分。'
    const later = at(t.db, new Date('2025-03-03T10:00:00+08:00'))
    await expect(
      writeDocument(later(host), { eventId, body, terms: { ...terms, passMark: '59' } }),
    ).rejects.toMatchObject({ fault: { refusal: { reason: 'term-beyond', facts: { value: 59, figure: 60 } } } })
    await expect(writeDocument(later(host), { eventId, body, terms: { ...terms, prizeShare: '21' } })).rejects.toEqual(
      refusal('term-beyond'),
    )
    const { documentId } = await writeDocument(ctx(host), { eventId, body, terms })
    await expect(writeDocument(ctx(host), { eventId, body, terms })).rejects.toEqual(refusal('document-open'))
    await decideDocument(ctx(intake), { documentId, outcome: 'declined', note: '请补充评分细则。' })
    const second = await writeDocument(ctx(host), { eventId, body, terms })
    await decideDocument(ctx(intake), { documentId: second.documentId, outcome: 'approved' })
    await expect(decideDocument(ctx(intake), { documentId: second.documentId, outcome: 'approved' })).rejects.toEqual(
      refusal('document-decided'),
    )
    await expect(announceEvent(ctx(stranger), { eventId })).rejects.toEqual(kind('missing'))
    expect(await announceEvent(ctx(host), { eventId })).toMatchObject({ state: 'announced' })
    expect(await cancelEvent(ctx(leader), { eventId, note: '场地停用，竞赛取消。' })).toMatchObject({
      state: 'cancelled',
    })
  })
})

describe('R32 entries', () => {
  test('R32 twice, a judge, a wrong team, a wrong name: refused with the reason; the place is free again', async () => {
    const eventId = await announced(at(t.db), host, school, { places: { employee: '2', student: '5' } })
    const one = somebody('陈选手')
    const { entryId } = await enterTeam(ctx(host), entry(eventId, school, [one]))
    await expect(enterTeam(ctx(host), entry(eventId, school, [one], { groupId: 'student' }))).rejects.toEqual(
      refusal('entered-already'),
    )
    await expect(enterTeam(ctx(stranger), entry(eventId, school, [somebody()]))).rejects.toEqual(kind('missing'))
    await expect(enterTeam(ctx(host), entry(eventId, school, [{ ...one, name: '别名' }]))).rejects.toEqual(
      refusal('name-differs'),
    )
    await expect(enterTeam(ctx(host), entry(eventId, school, [somebody(), somebody()]))).rejects.toEqual(
      refusal('one-person'),
    )
    await expect(enterTeam(ctx(host), entry(eventId, school, [], {}))).rejects.toMatchObject({
      fault: { fields: { 'members.0.name': ['请填写选手'] } },
    })
    await expect(enterTeam(ctx(host), entry(eventId, school, [somebody()], { groupId: 'none' }))).rejects.toEqual(
      refusal('group-unknown'),
    )
    await enterTeam(ctx(host), entry(eventId, school))
    await expect(enterTeam(ctx(host), entry(eventId, school))).rejects.toEqual(refusal('group-full'))
    await expect(withdrawEntry(ctx(stranger), { entryId })).rejects.toEqual(kind('missing'))
    await withdrawEntry(ctx(host), { entryId })
    await enterTeam(ctx(host), entry(eventId, school, [one]))
    const late = at(t.db, new Date('2021-09-21T09:00:00+08:00'))
    await expect(enterTeam(late(host), entry(eventId, school, [somebody()], { groupId: 'student' }))).rejects.toEqual(
      refusal('entries-closed'),
    )
  })

  test('R32 a person enters alone, and an entrant is looked at by somebody else', async () => {
    const eventId = await announced(at(t.db), host, school)
    const { personId } = await accountFor(t.db, { name: '何选手' })
    const own = user('何选手', [], personId)
    const { entryId } = await enterOwn(ctx(own), { eventId, groupId: 'employee', unit: '自由职业', consent: 'yes' })
    await expect(
      enterOwn(ctx(own), { eventId, groupId: 'employee', unit: '自由职业', consent: 'yes' }),
    ).rejects.toEqual(refusal('entered-already'))
    const both = user('赛务本人', [{ role: 'provider-admin', organisationId: school }], personId)
    await expect(decideEntry(ctx(both), { entryId, outcome: 'eligible' })).rejects.toEqual(refusal('own-entry'))
    expect(await admitEntries(ctx(both), { eventId })).toMatchObject({ count: 0 })
    await expect(decideEntry(ctx(host), { entryId, outcome: 'refused' })).rejects.toEqual(refusal('refusal-note'))
    await expect(decideEntry(ctx(stranger), { entryId, outcome: 'eligible' })).rejects.toEqual(kind('missing'))
    await decideEntry(ctx(host), { entryId, outcome: 'eligible' })
    await expect(decideEntry(ctx(host), { entryId, outcome: 'eligible' })).rejects.toEqual(refusal('entry-state'))
  })

  test('R32 teams by their size; an age once the bureau has laid it down', async () => {
    const eventId = await announced(at(t.db), host, school, {
      type: 'artificial-intelligence',
      places: { 'employee-team': '5' },
    })
    const team = (members: ReturnType<typeof somebody>[], name = '琶洲队') =>
      enterTeam(ctx(host), entry(eventId, school, members, { groupId: 'employee-team', team: name }))
    await expect(team([somebody()])).rejects.toEqual(refusal('team-size'))
    await expect(team([somebody(), somebody()], '')).rejects.toEqual(refusal('team-name'))
    const twin = somebody()
    await expect(team([twin, twin])).rejects.toEqual(refusal('twice-in-team'))
    await team([somebody(), somebody(), somebody()])
    const { personId } = await accountFor(t.db)
    await expect(
      enterOwn(ctx(user('个人', [], personId)), { eventId, groupId: 'employee-team', unit: '单位', consent: 'yes' }),
    ).rejects.toEqual(refusal('own-individual'))
    await t.owner.query(
      `insert into platform.settings (kind, key, value, from_on, source, state, proposed_by, proposed_by_name, proposed_at, approved_by, approved_by_name, approved_at)
       values ('figure', 'R32.ageLeast', '18', '2021-01-01', '测试文件', 'in-force', 'user:a', '甲', $1, 'user:b', '乙', $1)`,
      [testNow],
    )
    await expect(team([somebody('少年', '20080101'), somebody()])).rejects.toEqual(refusal('too-young'))
    await t.owner.query(`delete from platform.settings where key = 'R32.ageLeast'`)
  })
})

describe('A02 R32 judges', () => {
  test('A02 kin, pupils, the same employer and oneself are refused; nobody enters where he judges', async () => {
    const eventId = await announced(at(t.db), host, school)
    const [chief, kin, worker, player] = await experts(t.db, at(t.db), 4)
    if (!chief || !kin || !worker || !player) throw new Error('no experts')
    const brother = somebody('亲兄弟')
    await enterTeam(ctx(host), entry(eventId, school, [brother]))
    await declareRelation(ctx(kin.actor), { kind: 'kin', documentNumber: brother.documentNumber })
    await expect(declareRelation(ctx(kin.actor), { kind: 'kin', documentNumber: '123' })).rejects.toEqual(
      kind('invalid'),
    )
    await expect(seatJudge(ctx(host), { eventId, expertId: kin.expertId, duty: 'judge' })).rejects.toEqual(
      refusal('judge-conflict'),
    )
    await t.db
      .updateTable('recognition.experts')
      .set({ organisation_id: school })
      .where('id', '=', worker.expertId)
      .execute()
    await expect(seatJudge(ctx(host), { eventId, expertId: worker.expertId, duty: 'judge' })).rejects.toEqual(
      refusal('judge-conflict'),
    )
    await enterOwn(ctx(user('评委选手', [], player.personId)), {
      eventId,
      groupId: 'employee',
      unit: '某酒楼',
      consent: 'yes',
    })
    await expect(seatJudge(ctx(host), { eventId, expertId: player.expertId, duty: 'judge' })).rejects.toEqual(
      refusal('judge-enters'),
    )
    await expect(seatJudge(ctx(stranger), { eventId, expertId: chief.expertId, duty: 'judge' })).rejects.toEqual(
      kind('missing'),
    )
    const { judgeId } = await seatJudge(ctx(host), { eventId, expertId: chief.expertId, duty: 'chief' })
    await expect(seatJudge(ctx(host), { eventId, expertId: chief.expertId, duty: 'judge' })).rejects.toEqual(
      refusal('judge-known'),
    )
    await expect(
      enterOwn(ctx(user('裁判长', [], chief.personId)), {
        eventId,
        groupId: 'employee',
        unit: '某酒楼',
        consent: 'yes',
      }),
    ).rejects.toEqual(refusal('judges-here'))
    const [other] = await experts(t.db, at(t.db), 1)
    await expect(seatJudge(ctx(host), { eventId, expertId: other?.expertId, duty: 'chief' })).rejects.toEqual(
      refusal('chief-known'),
    )
    await admitEntries(ctx(host), { eventId })
    await closeEntries(ctx(host), { eventId })
    await expect(beginEvent(ctx(host), { eventId })).rejects.toEqual(refusal('judges-few'))
    await expect(leaveJudge(ctx(kin.actor), { judgeId, note: '与我不相干' })).rejects.toEqual(kind('missing'))
    await leaveJudge(ctx(chief.actor), { judgeId, note: '与一名选手相识。' })
    await expect(beginEvent(ctx(host), { eventId })).rejects.toEqual(refusal('chief-missing'))
  })

  test('A02 the database itself keeps judges and entrants apart', async () => {
    const eventId = await announced(at(t.db), host, school)
    const [one] = await experts(t.db, at(t.db), 1)
    if (!one) throw new Error('no expert')
    await seated(at(t.db), host, eventId, [one])
    const { entryId } = await enterTeam(ctx(host), entry(eventId, school))
    await expect(
      t.db
        .insertInto('competition.members')
        .values({ entry_id: entryId, event_id: eventId, person_id: one.personId, seat: 9, name: '裁判' })
        .execute(),
    ).rejects.toThrow('nobody judges where he enters')
    await expect(t.db.updateTable('competition.group_places').set({ taken: 0 }).execute()).rejects.toThrow(
      'permission denied',
    )
  })
})

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
