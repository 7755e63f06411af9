import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { awardEvent } from '#modules/competition/award.commands.ts'
import { admitEntries, closeEntries } from '#modules/competition/eligibility.commands.ts'
import { enterTeam } from '#modules/competition/entry.commands.ts'
import { importMarks } from '#modules/competition/import.commands.ts'
import { closePublication as closeResults, publiciseResults } from '#modules/competition/publication.commands.ts'
import { beginEvent, closeRound } from '#modules/competition/round.commands.ts'
import { type Actor, anonymous, system } from '#platform/actor.ts'
import { freshDb, type TestDb, testNow } from '#platform/testing.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, endOfDay } from '#shared/dates.ts'
import * as contest from '../../../tests/fixtures/competition.ts'
import {
  at,
  drafted,
  editor,
  firm,
  hr,
  intake,
  leader,
  nominee,
  openCall,
  registered,
  registerForm,
  submitted,
} from '../../../tests/fixtures/recognition.ts'
import { submitApplication } from './application.commands.ts'
import { ownApplication } from './application.queries.ts'
import { designate } from './designation.commands.ts'
import { holderCard } from './designation.queries.ts'
import { addMaterial } from './material.commands.ts'
import { drawPanel } from './panel.commands.ts'
import { blindApplication, ownPanels } from './panel.queries.ts'
import { closePublication, publicise } from './publication.commands.ts'
import { publicationPage } from './publication.queries.ts'
import { passFormalReview, takeApplication } from './review.commands.ts'
import { shortlist } from './visit.commands.ts'

let t: TestDb
let winner: ReturnType<typeof nominee>
let judges: contest.Expert[]
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })
const ctx = (actor: Actor) => at(t.db)(actor)
const later = (days: number) => at(t.db, endOfDay(addWorkdays(dayOf(testNow), days).day))
const stateOf = async (id: string) =>
  (await t.db.selectFrom('recognition.applications').select('state').where('id', '=', id).executeTakeFirstOrThrow())
    .state

describe('HZ4-M09 HZ4-M02 R32 R23 what the platform knows comes with the application', () => {
  let registerCall: string
  let titleCall: string

  test('HZ4-M09 R32 a competition from its entries to its prizes', async () => {
    const school = await firm(t.db, 4101, 'provider')
    const host = contest.hostOf(school)
    const eventId = await contest.announced(at(t.db), host, school)
    judges = await contest.experts(t.db, at(t.db), 6)
    await contest.seated(at(t.db), host, eventId, judges.slice(0, 3))
    winner = nominee('陈获奖')
    for (const one of [winner, contest.somebody('选手乙'), contest.somebody('选手丙'), contest.somebody('选手丁')])
      await enterTeam(ctx(host), contest.entry(eventId, school, [one]))
    await admitEntries(ctx(host), { eventId })
    await closeEntries(ctx(host), { eventId, note: '报名人数已满，经组委会研究提前截止报名' })
    await beginEvent(ctx(host), { eventId, note: '场地设备已经备好，经组委会研究提前开赛' })
    const theory = await contest.roundOf(t.db, eventId, 1)
    const codes = await contest.codesOf(t.db, theory)
    await importMarks(ctx(host), {
      roundId: theory,
      file: contest.csv(codes.map((one, nth) => [one.number, String(95 - nth)] as const)),
    })
    await closeRound(ctx(intake), { roundId: theory })
    const practical = await contest.roundOf(t.db, eventId, 2)
    await contest.marked(t.db, at(t.db), practical, judges, [93.5, 80, 75, 70])
    await closeRound(ctx(intake), { roundId: practical })
    const list = await publiciseResults(later(3)(editor), { eventId, title: '竞赛成绩公示' })
    await closeResults(later(9)(system('competition.daily')), { publicationId: list.publicationId })
    await awardEvent(later(9)(leader), { eventId })
  })

  test('HZ4-M09 R23 its points stand with the nomination of the winner, for the desk with the record, for experts without a name', async () => {
    registerCall = await openCall(at(t.db), 'enterprise-chief-technician', { closesOn: '' })
    titleCall = await openCall(at(t.db), 'haizhu-chief-technician')
    const organisationId = await firm(t.db, 4102)
    const register = await submitted(ctx(hr(organisationId)), {
      ...{ callId: registerCall, organisationId, person: winner, f: registerForm, kinds: ['decision', 'certificate'] },
    })
    await takeApplication(ctx(intake), { applicationId: register })
    await passFormalReview(ctx(intake), { applicationId: register })
    const own = await submitted(ctx(hr(organisationId)), { callId: titleCall, organisationId, person: winner })
    const other = await registered(t.db, at(t.db), registerCall, 4103)
    const plain = await submitted(ctx(hr(other.organisationId)), { callId: titleCall, ...other })
    const { records } = await ownApplication(ctx(hr(organisationId)), own)
    expect(records).toHaveLength(1)
    expect(records[0]?.text).toMatch(/^海珠区餐饮服务技能竞赛（测试），第1名，一等奖，9\d\.\d\d分$/)
    expect((await ownApplication(ctx(hr(other.organisationId)), plain)).records).toEqual([])
    for (const applicationId of [own, plain]) {
      await takeApplication(ctx(intake), { applicationId })
      await passFormalReview(ctx(intake), { applicationId })
    }
    await drawPanel(ctx(intake), { callId: titleCall })
    const seated = []
    for (const one of judges) if ((await ownPanels(ctx(one.actor))).length > 0) seated.push(one.actor)
    const seen = await blindApplication(ctx(seated[0] as Actor), own)
    expect(seen.records).toHaveLength(1)
    expect(seen.records[0]).toMatch(/^在平台备案的竞赛：第1名，一等奖，/)
    expect(JSON.stringify(seen)).not.toContain(winner.name)
    expect((await blindApplication(ctx(seated[0] as Actor), plain)).records).toEqual([])
  })

  test('R23 C24 a 南粤首席技师 directly: only with the paper, no experts, but public like all others', async () => {
    const direct = await openCall(at(t.db), 'haizhu-chief-technician')
    const one = await registered(t.db, at(t.db), registerCall, 4104)
    const own = ctx(hr(one.organisationId))
    const draft = await drafted(own, { callId: direct, ...one, path: 'direct' })
    await expect(submitApplication(own, { ...draft, consent: 'yes' })).rejects.toEqual(refusal('material-missing'))
    const file = { name: '南粤首席技师证书.pdf', bytes: new TextEncoder().encode('%PDF-1.7\n证书') }
    const { applicationId } = draft
    await addMaterial(own, { applicationId, kind: 'nanyue', file })
    await submitApplication(own, { ...draft, consent: 'yes' })
    await takeApplication(ctx(intake), { applicationId })
    await passFormalReview(ctx(intake), { applicationId })
    expect(await stateOf(applicationId)).toBe('shortlist')
    await expect(drawPanel(ctx(intake), { callId: direct })).rejects.toEqual(refusal('nothing-to-review'))
    await expect(designate(ctx(leader), { applicationId })).rejects.toEqual(refusal('wrong-state'))
    await shortlist(ctx(intake), { callId: direct, applicationIds: [applicationId] })
    const { publicationId } = await publicise(ctx(editor), { callId: direct, title: '直接认定人选公示' })
    const list = await publicationPage(ctx(anonymous), publicationId)
    expect(list.rows.map((row) => row.content.person)).toEqual([one.person.name])
    await expect(designate(ctx(leader), { applicationId })).rejects.toEqual(refusal('wrong-state'))
    await closePublication(later(8)(system('recognition.daily')), { publicationId })
    const { designationId } = await designate(later(8)(leader), { applicationId, docNo: '海人社〔2021〕12号' })
    const { number } = await t.db
      .selectFrom('recognition.designations')
      .select('number')
      .where('id', '=', designationId)
      .executeTakeFirstOrThrow()
    expect(await holderCard(later(8)(anonymous), number)).toMatchObject({
      holder: { name: one.person.name, path: 'direct' },
      held: true,
    })
  })
})
