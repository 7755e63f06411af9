import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { creditCode } from '#demo/synthetic.ts'
import { countDesignation } from '#modules/reports/registry.commands.ts'
import { registryCounts } from '#modules/reports/registry.queries.ts'
import { anonymous, system } from '#platform/actor.ts'
import { freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, endOfDay } from '#shared/dates.ts'
import {
  at,
  drafted,
  editor,
  firm,
  hr,
  intake,
  intake2,
  leader,
  openCall,
  registered,
  submitted,
} from '../../../tests/fixtures/recognition.ts'
import { accountFor } from '../../../tests/setup/accounts.ts'
import { callBackApplication, saveApplication, submitApplication, withdrawApplication } from './application.commands.ts'
import { ownApplication } from './application.queries.ts'
import { closeCall } from './call.commands.ts'
import { designate } from './designation.commands.ts'
import { openDraws } from './draw.queries.ts'
import { enrolExpert } from './expert.commands.ts'
import { closePanel, drawPanel, giveSheet, recuse } from './panel.commands.ts'
import { ownPanel, ownPanels, panelPage } from './panel.queries.ts'
import { closePublication, decideObjection, lodgeObjection, publicise } from './publication.commands.ts'
import { objectionPage, objectionQueue, publicationPage, replyFor } from './publication.queries.ts'
import { passFormalReview, refuseApplication, returnApplication, takeApplication } from './review.commands.ts'
import { confirmYear, decideExit, proposeExit, recommendUpward, recordYear, renew } from './term.commands.ts'
import { confirmVisit, recordVisit, shortlist } from './visit.commands.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })
const kind = (name: string) => expect.objectContaining({ fault: expect.objectContaining({ kind: name }) })
const stateOf = async (id: string) =>
  (await t.db.selectFrom('recognition.applications').select('state').where('id', '=', id).executeTakeFirstOrThrow())
    .state

async function experts(count: number): Promise<ReturnType<typeof user>[]> {
  const made = []
  for (let i = 0; i < count; i++) {
    const account = await accountFor(t.db, {
      name: `评审${'甲乙丙丁戊己庚辛'[i]}`,
      roles: [{ role: 'recognition-expert' }],
    })
    await enrolExpert(at(t.db)(intake), {
      userId: account.accountId,
      employer: `示例大学第${i}学院`,
      speciality: '智能制造',
    })
    made.push(user(`评审${i}`, [{ role: 'recognition-expert' }], account.personId))
  }
  return made
}

describe('R23 A01 the whole way of 海珠首席技师', () => {
  const now = at
  let registerCall: string
  let titleCall: string
  let one: { organisationId: string; person: { name: string; documentKind: string; documentNumber: string } }
  let two: typeof one
  let a: string
  let b: string

  test('HZ4-M02 a firm registers its chief technician; only then may it nominate', async () => {
    const ctx = now(t.db)
    registerCall = await openCall(ctx, 'enterprise-chief-technician', { closesOn: '' })
    titleCall = await openCall(ctx, 'haizhu-chief-technician')
    const stranger = await firm(t.db, 700)
    const early = await drafted(ctx(hr(stranger)), { callId: titleCall, organisationId: stranger })
    await expect(submitApplication(ctx(hr(stranger)), { ...early, consent: 'yes' })).rejects.toEqual(
      refusal('not-eligible'),
    )
    one = await registered(t.db, ctx, registerCall, 701)
    two = await registered(t.db, ctx, registerCall, 702)
    const held = await t.db.selectFrom('recognition.designations').select(['number', 'state']).execute()
    expect(held.map((row) => row.state)).toEqual(['in-term', 'in-term'])
    a = await submitted(ctx(hr(one.organisationId)), { callId: titleCall, ...one })
    b = await submitted(ctx(hr(two.organisationId)), { callId: titleCall, ...two })
    expect(await stateOf(a)).toBe('submitted')
  })

  test('R23 a firm nominates one; the same person is never nominated twice', async () => {
    const ctx = now(t.db)
    const again = await drafted(ctx(hr(one.organisationId)), {
      callId: titleCall,
      organisationId: one.organisationId,
      person: two.person,
    })
    await expect(submitApplication(ctx(hr(one.organisationId)), { ...again, consent: 'yes' })).rejects.toEqual(
      refusal('quota-full'),
    )
    const other = await firm(t.db, 703)
    const twice = await drafted(ctx(hr(other)), { callId: titleCall, organisationId: other, person: one.person })
    await expect(submitApplication(ctx(hr(other)), { ...twice, consent: 'yes' })).rejects.toEqual(
      refusal('already-nominated'),
    )
  })

  test('A01 corrected until picked up; somebody else’s is not there', async () => {
    const ctx = now(t.db)
    const mine = ctx(hr(one.organisationId))
    await expect(callBackApplication(ctx(hr(two.organisationId)), { applicationId: a })).rejects.toEqual(
      kind('missing'),
    )
    await callBackApplication(mine, { applicationId: a })
    const kept = await ownApplication(mine, a)
    const masked = { ...kept.form.person, documentNumber: '440105********0017' }
    await saveApplication(mine, { applicationId: a, version: kept.line.version, person: masked, f: kept.form.answers })
    expect((await ownApplication(mine, a)).form.person.documentNumber).toBe(one.person.documentNumber)
    const { version } = await t.db
      .selectFrom('recognition.applications')
      .select('version')
      .where('id', '=', a)
      .executeTakeFirstOrThrow()
    await submitApplication(mine, { applicationId: a, version, consent: 'yes' })
    await takeApplication(ctx(intake), { applicationId: a })
    await expect(callBackApplication(mine, { applicationId: a })).rejects.toEqual(refusal('wrong-state'))
    await expect(takeApplication(ctx(intake2), { applicationId: a })).rejects.toEqual(refusal('wrong-state'))
    await expect(passFormalReview(ctx(intake2), { applicationId: a })).rejects.toEqual(refusal('other-stage'))
  })

  test('A01 R33 returned with reasons; the review clock stands still until it is handed in again', async () => {
    const ctx = now(t.db)
    const later = at(t.db, new Date('2021-09-22T10:00:00+08:00'))
    await expect(returnApplication(ctx(intake), { applicationId: a, reasonCodes: ['nonsense'] })).rejects.toEqual(
      refusal('reason-unknown'),
    )
    await returnApplication(ctx(intake), { applicationId: a, reasonCodes: ['rec-proof-weak'], note: '请补专利证书' })
    const clock = async () =>
      await t.db
        .selectFrom('platform.clocks')
        .select(['kind', 'due_on', 'ended_on'])
        .where('subject_id', '=', a)
        .where('ended_on', 'is', null)
        .orderBy('kind')
        .execute()
    expect((await clock()).map((row) => [row.kind, row.due_on === null])).toEqual([
      ['correction', false],
      ['review', true],
    ])
    const { version } = await t.db
      .selectFrom('recognition.applications')
      .select('version')
      .where('id', '=', a)
      .executeTakeFirstOrThrow()
    await submitApplication(later(hr(one.organisationId)), { applicationId: a, version, consent: 'yes' })
    expect((await clock()).map((row) => [row.kind, row.due_on === null])).toEqual([['review', false]])
    for (const id of [a, b]) {
      await takeApplication(later(intake), { applicationId: id })
      await passFormalReview(later(intake), { applicationId: id })
      expect(await stateOf(id)).toBe('expert-review')
    }
  })

  test('A02 drawn by the seed, blind, extremes left out', async () => {
    const ctx = now(t.db)
    await expect(drawPanel(ctx(intake), { callId: titleCall })).rejects.toEqual(refusal('pool-too-small'))
    const people = await experts(7)
    const { panelId } = await drawPanel(ctx(intake), { callId: titleCall })
    await expect(drawPanel(ctx(intake), { callId: titleCall })).rejects.toEqual(refusal('panel-open'))
    const seated = async () => {
      const found = []
      for (const person of people) if ((await ownPanels(ctx(person))).length > 0) found.push(person)
      return found
    }
    expect(await seated()).toHaveLength(5)
    const [first] = await seated()
    if (!first) throw new Error('nobody is seated')
    await recuse(ctx(first), { panelId, note: '近期为该单位做过咨询' })
    const panel = await seated()
    expect(panel).toHaveLength(5)
    expect(panel).not.toContain(first)
    await expect(giveSheet(ctx(first), sheetFor(a, 80))).rejects.toEqual(kind('missing'))
    await expect(closePanel(ctx(intake), { panelId, minutes: '评审结束' })).rejects.toEqual(refusal('sheets-missing'))
    for (const [at, person] of panel.entries()) {
      await giveSheet(ctx(person), sheetFor(a, [10, 80, 82, 84, 100][at] ?? 0))
      await giveSheet(ctx(person), sheetFor(b, 70))
    }
    await expect(giveSheet(ctx(panel[0] as typeof first), sheetFor(a, 99))).rejects.toEqual(refusal('sheet-given'))
    expect((await panelPage(ctx(intake), panelId)).sheets).toEqual([])
    expect((await ownPanel(ctx(panel[1] as typeof first), panelId)).rows.every((row) => row.total !== null)).toBe(true)
    await closePanel(ctx(intake), { panelId, minutes: '评审组独立打分，无异议。' })
    const scored = await t.db
      .selectFrom('recognition.applications')
      .select(['id', 'score', 'spread', 'state'])
      .where('id', 'in', [a, b])
      .execute()
    expect(scored.find((row) => row.id === a)).toMatchObject({ score: 82, spread: 90, state: 'site-visit' })
    expect((await panelPage(ctx(intake), panelId)).sheets.filter((sheet) => sheet.dropped)).toHaveLength(4)
  })

  test('A01 two officers on the spot; chosen by points, out of order only with a reason', async () => {
    const ctx = now(t.db)
    for (const id of [a, b]) {
      const visit = {
        applicationId: id,
        visitedOn: '2021-09-14',
        finding: 'pass',
        note: '与填报一致',
        checks: { 'front-line': 'yes', apprentices: 'yes', results: 'yes', studio: 'none' },
      }
      const { visitId } = await recordVisit(ctx(intake), visit)
      await expect(recordVisit(ctx(intake), visit)).rejects.toEqual(refusal('visit-open'))
      await expect(confirmVisit(ctx(intake), { visitId })).rejects.toEqual(refusal('own-visit'))
      await confirmVisit(ctx(intake2), { visitId })
    }
    await expect(shortlist(ctx(intake), { callId: titleCall, applicationIds: [b] })).rejects.toEqual(
      refusal('out-of-order'),
    )
    await shortlist(ctx(intake), { callId: titleCall, applicationIds: [a, b] })
    expect(await stateOf(b)).toBe('shortlisted')
  })

  test('A01 C24 public for the working days; an objection holds its row, the answer is found by the receipt', async () => {
    const ctx = now(t.db)
    const { publicationId } = await publicise(ctx(editor), { callId: titleCall, title: '海珠首席技师拟认定人选公示' })
    const list = await publicationPage(ctx(anonymous), publicationId)
    expect(list.rows.map((row) => row.content.person)).toEqual([one.person.name, two.person.name])
    expect(JSON.stringify(list)).not.toContain(one.person.documentNumber)
    const row = list.rows[1]
    if (!row) throw new Error('no row')
    const lodged = await lodgeObjection(ctx(anonymous), {
      rowId: row.id,
      reason: 'false-apprentices',
      text: '名单里的徒弟已经离开该单位一年以上。',
    })
    expect(await stateOf(b)).toBe('objection-held')
    const late = at(t.db, endOfDay(addWorkdays(dayOf(testNow), 8).day))
    await closePublication(late(system('test')), { publicationId })
    expect([await stateOf(a), await stateOf(b)]).toEqual(['cleared', 'objection-held'])
    const decide = { objectionId: lodged.id, outcome: 'dismissed', reply: '经核查徒弟在册参保，异议不成立。' }
    await expect(decideObjection(ctx(intake), decide)).rejects.toEqual(kind('forbidden'))
    await decideObjection(late(editor), decide)
    expect((await replyFor(ctx(anonymous), lodged.receipt.toLowerCase())).state).toBe('dismissed')
    await closePublication(late(system('test')), { publicationId })
    expect(await stateOf(b)).toBe('cleared')
    await t.owner.query(
      `insert into recognition.objections (number, row_id, application_id, receipt_index, reason, text_sealed, lodged_at,
         due_on, state, reply, decided_by, decided_at)
       select 'RY-T' || n, row_id, application_id, 'later' || n, reason, text_sealed, lodged_at, due_on, state, reply,
         decided_by, decided_at
       from recognition.objections, generate_series(1, 230) n where id = $1`,
      [lodged.id],
    )
    expect((await objectionPage(ctx(editor), lodged.id)).text).toBe('名单里的徒弟已经离开该单位一年以上。')
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await objectionQueue(ctx(editor), { state: 'decided', cursor })
      seen.push(...page.rows.map((each) => each.id))
      cursor = page.next ?? undefined
    } while (cursor)
    expect([new Set(seen).size, seen.at(-1)]).toEqual([231, lodged.id])
  })

  test('R23 A03 R35 designated by somebody else, counted once, status on a day, counted out at the end', async () => {
    const ctx = now(t.db)
    const first = await designate(ctx(leader), { applicationId: a, docNo: '海人社〔2021〕9号' })
    await designate(ctx(leader), { applicationId: b })
    await expect(designate(ctx(leader), { applicationId: a })).rejects.toEqual(refusal('wrong-state'))
    const count = () => countDesignation(ctx(system('reports')), { designationId: first.designationId })
    expect([(await count()).count, (await count()).count]).toEqual([1, 0])
    expect((await registryCounts(ctx(leader), dayOf(testNow))).get('K08')).toBe(1)
    const check = await recordYear(ctx(intake), {
      designationId: first.designationId,
      year: 2021,
      grade: 'fail',
      note: '本年度没有带徒',
    })
    await expect(confirmYear(ctx(intake), { checkId: check.checkId })).rejects.toEqual(refusal('own-proposal'))
    await confirmYear(ctx(intake2), { checkId: check.checkId })
    await expect(renew(ctx(leader), { designationId: first.designationId, note: '续期一届' })).rejects.toEqual(
      refusal('term-open'),
    )
    await recommendUpward(ctx(leader), { designationId: first.designationId, target: 'nanyue' })
    const warned = await proposeExit(ctx(intake), {
      designationId: first.designationId,
      cause: 'slack',
      note: '没有履行带徒职责',
    })
    expect((await decideExit(ctx(leader), { exitId: warned.exitId, decision: 'decide' })).state).toBe('warned')
    const gone = await proposeExit(ctx(intake), {
      designationId: first.designationId,
      cause: 'dishonest',
      note: '业绩材料查实不真实',
    })
    expect((await decideExit(ctx(leader), { exitId: gone.exitId, decision: 'decide' })).state).toBe('revoked')
    expect((await count()).count).toBe(1)
    expect((await registryCounts(ctx(leader), dayOf(testNow))).get('K08')).toBe(0)
    await expect(
      proposeExit(ctx(intake), { designationId: first.designationId, cause: 'slack', note: '已经撤销' }),
    ).rejects.toEqual(refusal('ended'))
  })

  test('R23 南粤首席技师 goes its own way, with its paper and before the public all the same', async () => {
    const ctx = now(t.db)
    const three = await registered(t.db, ctx, registerCall, 704)
    const bare = await drafted(ctx(hr(three.organisationId)), { callId: titleCall, ...three, path: 'direct' })
    await expect(submitApplication(ctx(hr(three.organisationId)), { ...bare, consent: 'yes' })).rejects.toEqual(
      refusal('material-missing'),
    )
    await withdrawApplication(ctx(hr(three.organisationId)), { applicationId: bare.applicationId })
    const direct = await submitted(ctx(hr(three.organisationId)), {
      callId: titleCall,
      ...three,
      path: 'direct',
      kinds: ['recommendation', 'certificate', 'nanyue'],
    })
    await takeApplication(ctx(intake), { applicationId: direct })
    await passFormalReview(ctx(intake), { applicationId: direct })
    expect(await stateOf(direct)).toBe('shortlist')
    await shortlist(ctx(intake), { callId: titleCall, applicationIds: [direct] })
    await publicise(ctx(editor), { callId: titleCall, title: '直接认定人选公示' })
    expect(await stateOf(direct)).toBe('publicised')
  })

  test('A01 refused with reasons: an end', async () => {
    const ctx = now(t.db)
    const four = await registered(t.db, ctx, registerCall, 705)
    const id = await submitted(ctx(hr(four.organisationId)), { callId: titleCall, ...four })
    await takeApplication(ctx(intake), { applicationId: id })
    await refuseApplication(ctx(intake), { applicationId: id, reasonCodes: ['rec-false'], note: '专利证书系伪造' })
    expect(await stateOf(id)).toBe('rejected')
    await expect(
      t.owner.query("update recognition.applications set state = 'submitted' where id = $1", [id]),
    ).rejects.toThrow('stays decided')
    expect(creditCode('91', 705)).toHaveLength(18)
  })

  test('A02 the seed opens when nothing can be drawn any more; then everybody can draw again', async () => {
    const ctx = now(t.db)
    const before = await openDraws(ctx(anonymous), titleCall)
    expect(before).toMatchObject({ callSeed: null, faults: null })
    expect(before?.panels[0]?.order).toHaveLength(7)
    expect(before?.panels[0]?.order?.map((one) => one.seat).toSorted()).toEqual(
      expect.arrayContaining(['recused', 'sat', 'sat', 'sat', 'sat', 'sat']),
    )
    await closeCall(ctx(intake), { callId: titleCall })
    const after = await openDraws(ctx(anonymous), titleCall)
    expect(after?.callSeed).toMatch(/^[0-9a-f]{64}$/)
    expect(after?.faults).toEqual([])
  })
})

const sheetFor = (applicationId: string, mark: number) => ({
  applicationId,
  scores: {
    innovation: String(mark),
    problems: String(mark),
    apprentices: String(mark),
    awards: String(mark),
    studio: String(mark),
  },
  opinion: '技术扎实，成果有佐证。',
})
