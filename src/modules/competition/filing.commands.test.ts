import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { sha256 } from '#platform/digest.ts'
import { freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, endOfDay } from '#shared/dates.ts'
import {
  accepted,
  announced,
  entry,
  experts,
  filed,
  filing,
  hostOf,
  seated,
  somebody,
  terms,
} from '../../../tests/fixtures/competition.ts'
import { at, firm, intake, intake2, leader } from '../../../tests/fixtures/recognition.ts'
import { accountFor } from '../../../tests/setup/accounts.ts'
import { announceEvent, decideDocument, openSeed, writeDocument } from './document.commands.ts'
import { admitEntries, closeEntries, decideEntry, withdrawEntry } from './eligibility.commands.ts'
import { enterOwn, enterTeam } from './entry.commands.ts'
import { earlySteps } from './event.queries.ts'
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
import { declareRelation, drawJudges, leaveJudge, seatJudge } from './judge.commands.ts'
import { judgeDraws, judgeList } from './judge.queries.ts'
import { judgeDrawFaults } from './judge.rules.ts'
import { beginEvent } from './round.commands.ts'

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
const _stateOf = async (id: string) =>
  (await t.db.selectFrom('competition.events').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
const _workdaysOn = (days: number) => endOfDay(addWorkdays(dayOf(testNow), days).day)

const early = '场地另有安排，经与全部选手协商提前。'

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
    await expect(closeEntries(ctx(host), { eventId })).rejects.toEqual(refusal('before-last-day'))
    await closeEntries(ctx(host), { eventId, note: early })
    await expect(beginEvent(ctx(host), { eventId })).rejects.toEqual(refusal('before-first-day'))
    expect((await earlySteps(t.db, eventId)).map((one) => one.note)).toEqual([early])
    await expect(beginEvent(ctx(host), { eventId, note: early })).rejects.toEqual(refusal('judges-few'))
    await expect(leaveJudge(ctx(kin.actor), { judgeId, note: '与我不相干' })).rejects.toEqual(kind('missing'))
    await leaveJudge(ctx(chief.actor), { judgeId, note: '与一名选手相识。' })
    await expect(beginEvent(ctx(host), { eventId, note: early })).rejects.toEqual(refusal('chief-missing'))
  })

  test('A02 R32 judges are drawn from the pool by a seed that follows from the announced one; who has a conflict is passed over', async () => {
    const eventId = await announced(at(t.db), host, school)
    const pool = await experts(t.db, at(t.db), 5)
    const brother = somebody('亲兄弟')
    await enterTeam(ctx(host), entry(eventId, school, [brother]))
    const [kin] = pool
    if (!kin) throw new Error('no expert')
    await declareRelation(ctx(kin.actor), { kind: 'kin', documentNumber: brother.documentNumber })
    await expect(drawJudges(ctx(host), { eventId, count: '3' })).rejects.toEqual(refusal('wrong-state'))
    await admitEntries(ctx(host), { eventId })
    await closeEntries(ctx(host), { eventId, note: early })
    await expect(drawJudges(ctx(stranger), { eventId, count: '3' })).rejects.toEqual(kind('missing'))
    await expect(drawJudges(ctx(host), { eventId, count: '20' })).rejects.toEqual(refusal('draw-pool-small'))
    await drawJudges(ctx(host), { eventId, count: '3' })
    await drawJudges(ctx(host), { eventId, count: '1' })
    const seated = await judgeList(t.db, eventId)
    expect(seated.map((one) => one.draw).toSorted()).toEqual([1, 1, 1, 2])
    const draws = await judgeDraws(t.db, eventId)
    expect(draws[0]?.order.find((one) => one.id === kin.expertId)?.passed).toBe('relation')
    const row = await t.db
      .selectFrom('competition.events')
      .selectAll()
      .where('id', '=', eventId)
      .executeTakeFirstOrThrow()
    const seed = openSeed(ctx(host), row as never)
    expect(judgeDrawFaults(sha256, seed, draws)).toEqual([])
    expect(judgeDrawFaults(sha256, 'another', draws)).toHaveLength(2)
    const [first] = draws
    if (!first) throw new Error('no draw')
    expect(judgeDrawFaults(sha256, seed, [{ ...first, order: first.order.toReversed() }])).toHaveLength(1)
    await expect(t.db.updateTable('competition.judge_draws').set({ seed }).execute()).rejects.toThrow(
      'permission denied',
    )
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
