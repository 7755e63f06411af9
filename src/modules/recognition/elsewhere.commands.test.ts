import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Actor, system } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { ctxFor, freshDb, type TestDb, user } from '#platform/testing.ts'
import { loadPlan } from '#policy/plan.ts'
import { addDays, dayOf, startOfDay } from '#shared/dates.ts'
import { editor, firm, hr, intake, leader, openCall } from '../../../tests/fixtures/recognition.ts'
import { saveApplication, startApplication, submitApplication } from './application.commands.ts'
import { designate } from './designation.commands.ts'
import { holderCard } from './designation.queries.ts'
import { designationLetter } from './letter.queries.ts'
import { closePublication, publicise } from './publication.commands.ts'
import { passFormalReview, recommendApplication, takeApplication } from './review.commands.ts'
import { expireTerms } from './term.commands.ts'
import { shortlist } from './visit.commands.ts'

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
