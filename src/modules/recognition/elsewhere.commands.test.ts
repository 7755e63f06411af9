import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Actor, system } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { ctxFor, freshDb, type TestDb, user } from '#platform/testing.ts'
import { loadPlan } from '#policy/plan.ts'
import { addDays, dayOf, startOfDay } from '#shared/dates.ts'
import { editor, firm, hr, intake, intake2, leader, openCall } from '../../../tests/fixtures/recognition.ts'
import { accountFor } from '../../../tests/setup/accounts.ts'
import { saveApplication, startApplication, submitApplication } from './application.commands.ts'
import { designate } from './designation.commands.ts'
import { holderCard } from './designation.queries.ts'
import { enrolExpert } from './expert.commands.ts'
import { decisionLetter, designationLetter } from './letter.queries.ts'
import { closePanel, drawPanel, giveSheet } from './panel.commands.ts'
import { closePublication, publicise } from './publication.commands.ts'
import { passFormalReview, recommendApplication, takeApplication } from './review.commands.ts'
import { expireTerms } from './term.commands.ts'
import { confirmVisit, recordVisit, shortlist } from './visit.commands.ts'

/** Another district's title, from its folder alone: other stages, a recommending body, places by the year, a thing as holder. */
let t: TestDb
const plan = loadPlan('tests/plans/minimal')
const opening = new Date('2023-03-01T10:00:00+08:00')
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const at =
  (now = opening) =>
  (actor: Actor): Ctx => ({ ...ctxFor(t.db, actor, now), plan })
const labour = user('县人社', [{ role: 'department-officer', body: 'labour' }])
const other = user('县财政', [{ role: 'department-officer', body: 'finance' }])

test('A01 A03 R23 the same engine carries another district’s title without a line of code', async () => {
  const ctx = at()
  const callId = await openCall(ctx, 'town-craftsman', { opensOn: '2023-03-01', closesOn: '2023-04-30' })
  const made: string[] = []
  for (const [index, craft] of ['竹编', '木雕', '剪纸'].entries()) {
    const organisationId = await firm(t.db, 500 + index)
    const mine = ctx(hr(organisationId))
    const { applicationId } = await startApplication(mine, { callId, organisationId, path: 'only' })
    const { version } = await saveApplication(mine, { applicationId, version: 1, f: { craft, age: '120' } })
    await submitApplication(mine, { applicationId, version, consent: 'yes' })
    await takeApplication(ctx(intake), { applicationId })
    await passFormalReview(ctx(intake), { applicationId })
    await expect(recommendApplication(ctx(other), { applicationId })).rejects.toMatchObject({
      fault: { kind: 'missing' },
    })
    await recommendApplication(ctx(labour), { applicationId, note: '同意' })
    made.push(applicationId)
  }
  await expect(shortlist(ctx(intake), { callId, applicationIds: made })).rejects.toMatchObject({
    fault: { refusal: { clause: 'A1', reason: 'quota-full', facts: { most: 2 } } },
  })
  await shortlist(ctx(intake), { callId, applicationIds: made.slice(0, 2) })
  const { publicationId, closesOn } = await publicise(ctx(editor), { callId, title: '云山工匠公示' })
  const later = at(startOfDay(addDays(closesOn, 1)))
  await closePublication(later(system('test')), { publicationId })
  const { designationId, number } = await designate(later(leader), { applicationId: made[0] })
  await designate(later(leader), { applicationId: made[1] })
  expect(number).toBe('YS2023-GJ-0001')
  const card = await holderCard(later(leader), number)
  expect([card.holder.name, card.held, card.terms[0]?.to !== null]).toEqual(['竹编', true, true])
  const { data } = await designationLetter(later(leader), designationId)
  expect(JSON.stringify(data)).toContain('云山县技能培训计划')
  const end = card.terms[0]?.to
  if (!end) throw new Error('no end')
  const over = at(startOfDay(addDays(end, 1)))
  expect((await expireTerms(at(startOfDay(end))(system('test')), {})).count).toBe(0)
  expect((await expireTerms(over(system('test')), {})).count).toBe(2)
  expect((await holderCard(over(leader), number)).held).toBe(false)
  expect((await holderCard(over(leader), number, dayOf(opening))).held).toBe(false)
  expect((await holderCard(over(leader), number, end)).held).toBe(true)
})

test('A01 A02 R23 another title of that district: its own points, pass mark, list for the visit and places', async () => {
  const ctx = at()
  const experts: Actor[] = []
  for (const letter of '甲乙丙') {
    const account = await accountFor(t.db, { name: `评审${letter}`, roles: [{ role: 'recognition-expert' }] })
    await enrolExpert(ctx(intake), { userId: account.accountId, employer: '邻县学校', speciality: '手工艺' })
    experts.push(user(`评审${letter}`, [{ role: 'recognition-expert' }], account.personId))
  }
  const callId = await openCall(ctx, 'county-workshop', { opensOn: '2023-03-01', closesOn: '' })
  const made: string[] = []
  const apply = async (organisationId: string) => {
    const mine = ctx(hr(organisationId))
    const { applicationId } = await startApplication(mine, { callId, organisationId, path: 'judged' })
    const f = { benches: '12', plan: '收徒五名' }
    const { version } = await saveApplication(mine, { applicationId, version: 1, f })
    await submitApplication(mine, { applicationId, version, consent: 'yes' })
    await takeApplication(ctx(intake), { applicationId })
    await passFormalReview(ctx(intake), { applicationId })
    return applicationId
  }
  const first = await firm(t.db, 520)
  for (const organisationId of [first, await firm(t.db, 521), await firm(t.db, 522)])
    made.push(await apply(organisationId))
  const [good = '', weak = '', sham = ''] = made
  const { panelId } = await drawPanel(ctx(intake), { callId })
  for (const expert of experts) {
    const sheet = (applicationId: string, mark: string) =>
      giveSheet(ctx(expert), { applicationId, scores: { craft: mark, room: mark }, opinion: '看过作品' })
    await sheet(good, '88')
    await sheet(weak, '69')
    await sheet(sham, '80')
  }
  await closePanel(ctx(intake), { panelId, minutes: '没有异议' })
  const visited = async (applicationId: string, finding: 'pass' | 'fail') => {
    const given = { applicationId, visitedOn: '2023-03-01', finding, note: '看过现场', checks: { benches: 'yes' } }
    const { visitId } = await recordVisit(ctx(intake), given)
    await confirmVisit(ctx(intake2), { visitId })
  }
  await visited(good, 'pass')
  await visited(sham, 'fail')
  const states = await t.db
    .selectFrom('recognition.applications')
    .select(['id', 'state'])
    .where('id', 'in', made)
    .execute()
  expect(Object.fromEntries(states.map((row) => [row.id, row.state]))).toEqual({
    ...{ [good]: 'shortlist', [weak]: 'not-selected', [sham]: 'rejected' },
  })
  await shortlist(ctx(intake), { callId, applicationIds: [good] })
  const { publicationId, closesOn } = await publicise(ctx(editor), { callId, title: '云山工坊公示' })
  const later = at(startOfDay(addDays(closesOn, 1)))
  await closePublication(later(system('test')), { publicationId })
  const { number } = await designate(later(leader), { applicationId: good })
  expect(number).toBe('YS2023-GF-0001')
  const { data } = await decisionLetter(ctx(intake), sham)
  expect(JSON.stringify(data.blocks)).toContain('看现场不符。改好后再报。依据：')
})
