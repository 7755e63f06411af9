import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { anonymous, system } from '#platform/actor.ts'
import { freshDb, type TestDb, testPlan, user } from '#platform/testing.ts'
import type { Scheme, SchemeField } from '#policy/plan.types.ts'
import { addDays, startOfDay } from '#shared/dates.ts'
import {
  at,
  editor,
  firm,
  intake,
  intake2,
  leader,
  nominee,
  openCall,
  papers,
  registered,
} from '../../../tests/fixtures/recognition.ts'
import { accountFor } from '../../../tests/setup/accounts.ts'
import { saveApplication, startApplication, startOwnApplication, submitApplication } from './application.commands.ts'
import { designate } from './designation.commands.ts'
import { holderCard } from './designation.queries.ts'
import { enrolExpert } from './expert.commands.ts'
import { designationLetter } from './letter.queries.ts'
import { addMaterial } from './material.commands.ts'
import { closePanel, drawPanel, giveSheet } from './panel.commands.ts'
import { closePublication, publicise } from './publication.commands.ts'
import { passFormalReview, takeApplication } from './review.commands.ts'
import { confirmVisit, recordVisit, shortlist } from './visit.commands.ts'

let t: TestDb
const experts: ReturnType<typeof user>[] = []
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  for (let i = 0; i < 6; i++) {
    const account = await accountFor(t.db, {
      name: `评审${'甲乙丙丁戊己'[i]}`,
      roles: [{ role: 'recognition-expert' }],
    })
    await enrolExpert(at(t.db)(intake), { userId: account.accountId, employer: `示例大学${i}`, speciality: '技能评价' })
    experts.push(user(`评审${i}`, [{ role: 'recognition-expert' }], account.personId))
  }
})
afterAll(() => t.close())

type Plain = Omit<Exclude<SchemeField, { kind: 'table' }>, 'when'>
const samples = { text: '示例', long: '示例说明', number: '3', day: '2021-01-01', yes: 'yes', choice: '' }

/** An answer that the scheme itself accepts, for every field it asks for. */
function answersFor(scheme: Scheme): Record<string, unknown> {
  const wanted = new Map(
    scheme.eligibility.flatMap(({ test }) => (test.kind === 'one-of' ? [[test.field, test.values[0]]] : [])) as [
      string,
      string,
    ][],
  )
  const one = (field: Plain) =>
    wanted.get(field.id) ?? (field.kind === 'choice' ? field.options?.[0]?.value : samples[field.kind])
  return Object.fromEntries(
    scheme.fields.map((field) => [
      field.id,
      field.kind === 'table'
        ? [Object.fromEntries(field.columns.map((column) => [column.id, one(column)]))]
        : one(field),
    ]),
  )
}

const orgType = (scheme: Scheme) =>
  (scheme.applicants.orgTypes[0] ?? 'enterprise').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

let index = 4000
async function submitFor(scheme: Scheme, path: Scheme['paths'][number], callId: string): Promise<string> {
  const ctx = at(t.db)
  const f = answersFor(scheme)
  const holds = scheme.eligibility.some(({ test }) => test.kind === 'holds')
  index += 1
  const ready = holds
    ? await registered(t.db, ctx, await openCall(ctx, 'enterprise-chief-technician'), index)
    : { organisationId: await firm(t.db, index, orgType(scheme)), person: nominee('申技师') }
  const own = await accountFor(t.db, { name: '讲师甲' })
  const mine =
    scheme.applicants.by === 'person'
      ? ctx(user('本人', [], own.personId))
      : ctx(
          user(`单位${index}`, [
            {
              role: orgType(scheme) === 'enterprise' ? 'enterprise-hr' : 'provider-admin',
              organisationId: ready.organisationId,
            },
          ]),
        )
  const { applicationId } =
    scheme.applicants.by === 'person'
      ? await startOwnApplication(mine, { callId, path: path.id })
      : await startApplication(mine, { callId, path: path.id, organisationId: ready.organisationId })
  const { version } = await saveApplication(mine, { applicationId, version: 1, person: ready.person, f })
  for (const one of scheme.materials) {
    if (one.origin === 'upload' && (one.required || path.requires.includes(one.id))) {
      await addMaterial(mine, { applicationId, kind: one.id, file: papers })
    }
  }
  await submitApplication(mine, { applicationId, version, consent: 'yes' })
  return applicationId
}

async function carry(
  scheme: Scheme,
  path: Scheme['paths'][number],
  callId: string,
  applicationId: string,
): Promise<void> {
  const ctx = at(t.db)
  await takeApplication(ctx(intake), { applicationId })
  await passFormalReview(ctx(intake), { applicationId })
  if (path.stages.includes('expert')) {
    const { panelId } = await drawPanel(ctx(intake), { callId })
    const scores = Object.fromEntries((scheme.scoring?.dimensions ?? []).map(({ id }) => [id, '80']))
    for (const expert of experts) {
      await giveSheet(ctx(expert), { applicationId, scores, opinion: '材料齐全' }).catch((error) =>
        expect(error.fault.kind).toBe('missing'),
      )
    }
    await closePanel(ctx(intake), { panelId, minutes: '没有异议' })
  }
  if (path.stages.includes('visit')) {
    const checks = Object.fromEntries(scheme.checklist.map(({ id }) => [id, 'yes']))
    const { visitId } = await recordVisit(ctx(intake), {
      applicationId,
      visitedOn: '2021-09-14',
      finding: 'pass',
      note: '与填报一致',
      checks,
    })
    await confirmVisit(ctx(intake2), { visitId })
  }
  if (!path.stages.includes('publicity')) return
  await shortlist(ctx(intake), { callId, applicationIds: [applicationId] })
  const { publicationId, closesOn } = await publicise(ctx(editor), { callId, title: `${scheme.name}公示` })
  const later = at(t.db, startOfDay(addDays(closesOn, 1)))
  await closePublication(later(system('test')), { publicationId })
  await designate(later(leader), { applicationId })
}

describe('A01 A02 A03 every title of the plan', () => {
  const all = testPlan().schemes.flatMap((scheme) =>
    scheme.paths.map((path) => [scheme.name, path.label, scheme, path] as const),
  )
  test.each(all)('A01 %s, %s: from the call to the register', async (_name, _label, scheme, path) => {
    const ctx = at(t.db)
    const callId = await openCall(ctx, scheme.code)
    const applicationId = await submitFor(scheme, path, callId)
    await carry(scheme, path, callId, applicationId)
    const held = await t.db
      .selectFrom('recognition.designations')
      .select(['id', 'number', 'state', 'holder_name'])
      .where('application_id', '=', applicationId)
      .executeTakeFirstOrThrow()
    expect(held.state).toBe('in-term')
    expect(held.holder_name.length).toBeGreaterThan(1)
    const card = await holderCard(ctx(leader), held.number)
    expect([card.scheme.name, card.terms.length]).toEqual([scheme.name, 1])
    const grade = scheme.gradeField === null ? '' : '（一星）'
    const { data } = await designationLetter(ctx(leader), held.id)
    expect(data.title).toContain(`${scheme.name}${grade}`)
    const listed = await t.db
      .selectFrom('recognition.publication_rows')
      .select('content')
      .where('application_id', '=', applicationId)
      .execute()
    for (const { content } of listed) expect(content).toMatchObject({ subsidy: `${scheme.name}${grade}` })
    await expect(designationLetter(ctx(anonymous), held.id)).rejects.toThrow('missing')
    if (scheme.applicants.by === 'person') {
      const { person_id } = await t.db
        .selectFrom('recognition.designations')
        .select('person_id')
        .where('id', '=', held.id)
        .executeTakeFirstOrThrow()
      const own = await designationLetter(ctx(user('本人', [], person_id ?? '')), held.id)
      expect(own.data.to).toBe(scheme.card ? '讲师甲' : held.holder_name)
    }
  })
})
