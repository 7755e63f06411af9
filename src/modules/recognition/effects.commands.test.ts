import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { creditCode } from '#demo/synthetic.ts'
import type { Actor } from '#platform/actor.ts'
import type { Ctx } from '#platform/command.ts'
import { ctxFor, freshDb, type TestDb, testNow, testPlan, user } from '#platform/testing.ts'
import type { Plan } from '#policy/plan.types.ts'
import { day } from '#shared/units.ts'
import {
  chiefForm,
  firm,
  hr,
  intake,
  intake2,
  leader,
  openCall,
  papers,
  registered,
  submitted,
} from '../../../tests/fixtures/recognition.ts'
import { accountFor } from '../../../tests/setup/accounts.ts'
import { departmentChecks } from './check.queries.ts'
import { enrolExpert } from './expert.commands.ts'
import { addBlindCopy, openMaterial } from './material.commands.ts'
import { closePanel, drawPanel, giveSheet } from './panel.commands.ts'
import { blindApplication } from './panel.queries.ts'
import { referHolder } from './referral.commands.ts'
import { referralLetter } from './referral.queries.ts'
import { passFormalReview, takeApplication } from './review.commands.ts'
import { confirmYear, recordYear, renew } from './term.commands.ts'

/** Numbers that are not laid down in this district, laid down: then they have their effect. */
let t: TestDb
const plan: Plan = (() => {
  const copy = structuredClone(testPlan()) as unknown as {
    figures: { id: string; series: { value: number | null }[] }[]
  }
  for (const [id, value] of [
    ['REC.passMark', 60],
    ['REC.failYears', 2],
    ['R23.registerMonths', 12],
  ] as const)
    for (const part of copy.figures.find((one) => one.id === id)?.series ?? []) part.value = value
  return copy as unknown as Plan
})()
const at =
  (now = testNow) =>
  (actor: Actor): Ctx => ({ ...ctxFor(t.db, actor, now), plan })
const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })
const kind = (name: string) => expect.objectContaining({ fault: expect.objectContaining({ kind: name }) })

let experts: Actor[] = []
let register: string
let titleCall: string
const made: { organisationId: string; person: { name: string; documentKind: string; documentNumber: string } }[] = []
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  experts = []
  for (const letter of '甲乙丙丁戊') {
    const account = await accountFor(t.db, { name: `评审${letter}`, roles: [{ role: 'recognition-expert' }] })
    await enrolExpert(at()(intake), { userId: account.accountId, employer: '示例大学', speciality: '智能制造' })
    experts.push(user(`评审${letter}`, [{ role: 'recognition-expert' }], account.personId))
  }
  register = await openCall(at(), 'enterprise-chief-technician', { closesOn: '' })
  titleCall = await openCall(at(), 'haizhu-chief-technician')
  for (const index of [9101, 9102]) made.push(await registered(t.db, at(), register, index))
})
afterAll(() => t.close())

describe('A02 A03 numbers with effect', () => {
  test('A02 below the pass mark ends at the panel; experts read copies without names, under the code', async () => {
    const ctx = at()
    const ids: string[] = []
    for (const one of made) {
      const id = await submitted(ctx(hr(one.organisationId)), { callId: titleCall, ...one, f: chiefForm })
      await takeApplication(ctx(intake), { applicationId: id })
      ids.push(id)
    }
    const [good = '', weak = ''] = ids
    const papersOf = (id: string) =>
      t.db.selectFrom('recognition.materials').select('id').where('application_id', '=', id).execute()
    const [original] = await papersOf(good)
    if (!original) throw new Error('no paper')
    const copy = await addBlindCopy(ctx(intake), { materialId: original.id, file: papers })
    await expect(addBlindCopy(ctx(intake), { materialId: original.id, file: papers })).rejects.toEqual(
      refusal('copy-there'),
    )
    for (const id of ids) await passFormalReview(ctx(intake), { applicationId: id })
    const reader = ctx(experts[0] as Actor)
    await expect(openMaterial(reader, { materialId: copy.materialId })).rejects.toEqual(kind('missing'))
    const { panelId } = await drawPanel(ctx(intake), { callId: titleCall })
    const seen = await blindApplication(reader, good)
    expect(seen.papers.map((one) => [one.id, one.label])).toEqual([[copy.materialId, '企业推荐意见']])
    const paper = await openMaterial(reader, { materialId: copy.materialId })
    expect(paper.name).toMatch(/^\d+-\d+-\d+$/)
    await expect(openMaterial(reader, { materialId: original.id })).rejects.toEqual(kind('missing'))
    // the applicant never sees what the desk made of the paper
    await expect(openMaterial(ctx(hr(made[0]?.organisationId ?? '')), { materialId: copy.materialId })).rejects.toEqual(
      kind('missing'),
    )
    const marks = (mark: number) =>
      Object.fromEntries(['innovation', 'problems', 'apprentices', 'awards', 'studio'].map((id) => [id, String(mark)]))
    for (const expert of experts) {
      await giveSheet(ctx(expert), { applicationId: good, scores: marks(60), opinion: '达到要求' })
      await giveSheet(ctx(expert), { applicationId: weak, scores: marks(59), opinion: '成果不足' })
    }
    await closePanel(ctx(intake), { panelId, minutes: '没有异议' })
    const after = await t.db
      .selectFrom('recognition.applications')
      .select(['id', 'state', 'score'])
      .where('id', 'in', ids)
      .execute()
    expect(after.find((one) => one.id === good)).toMatchObject({ state: 'site-visit', score: 60 })
    expect(after.find((one) => one.id === weak)).toMatchObject({ state: 'not-selected', score: 59 })
  })

  test('A03 so many failed years in a row: the end is proposed by itself, once, for a leader to decide', async () => {
    const ctx = at()
    const title = await t.db
      .selectFrom('recognition.designations')
      .select('id')
      .where('organisation_id', '=', made[0]?.organisationId ?? '')
      .executeTakeFirstOrThrow()
    const grade = async (year: number, given: string) => {
      const { checkId } = await recordYear(ctx(intake), {
        ...{ designationId: title.id, year, grade: given, note: '年度考核情况' },
      })
      return (await confirmYear(ctx(intake2), { checkId })).proposed
    }
    expect(await grade(2018, 'fail')).toBe(false)
    expect(await grade(2020, 'fail')).toBe(false) // 2019 has no grade: the row is broken
    expect(await grade(2021, 'fail')).toBe(true)
    const exits = await t.db
      .selectFrom('recognition.exits')
      .select(['kind', 'state', 'note'])
      .where('designation_id', '=', title.id)
      .execute()
    expect(exits).toEqual([{ kind: 'revoke', state: 'proposed', note: '连续2年考核不合格，按规定提出' }])
  })

  test('A03 renewed by the leader: the next term begins the day after, and only the leader gives it', async () => {
    const title = await t.db
      .selectFrom('recognition.designations')
      .select('id')
      .where('organisation_id', '=', made[1]?.organisationId ?? '')
      .executeTakeFirstOrThrow()
    const given = { designationId: title.id, note: '履行职责，续期一届' }
    await expect(renew(at()(intake), given)).rejects.toEqual(kind('forbidden'))
    expect((await renew(at()(leader), given)).count).toBe(2)
    const terms = await t.db
      .selectFrom('recognition.terms')
      .select(['seq', 'from_on as from', 'to_on as to'])
      .where('designation_id', '=', title.id)
      .orderBy('seq')
      .execute()
    expect(terms).toEqual([
      { seq: 1, from: '2021-09-15', to: '2022-09-14' },
      { seq: 2, from: '2022-09-15', to: '2023-09-14' },
    ])
  })

  test('C06 C20 other departments’ lists: not checked until one covers the day, then its answer with its source', async () => {
    const organisationId = made[0]?.organisationId ?? ''
    const scheme = plan.schemes.find((one) => one.code === 'haizhu-chief-technician')
    if (!scheme) throw new Error('no scheme')
    const { rows } = await t.owner.query<{ id: string; index: string }>(
      'select p.id, p.document_index as index from people.persons p join recognition.designations d on d.person_id = p.id where d.organisation_id = $1',
      [organisationId],
    )
    const person = rows[0]
    if (!person) throw new Error('no person')
    const ask = () =>
      departmentChecks(at()(intake), scheme, { organisationId, personId: person.id, on: day('2021-09-15') })
    expect((await ask()).map((one) => one.verdict)).toEqual(['unchecked', 'unchecked'])
    const list = async (of: string, row: string, values: unknown[]) => {
      await t.owner.query(
        `with f as (insert into platform.files (sha256, media_type, name, size_bytes, content, purpose, at)
             values ($2, 'text/csv', 'x', 1, '', 'dataset', now()) returning id),
           d as (insert into subsidy.datasets (kind, provider_body, document_no, as_of, covers_from, covers_to, file_id, file_sha256, file_name, state, imported_by, imported_by_name, at)
             select $1, '主管部门', '〔2021〕8号', '2021-09-30', '2021-01-01', '2021-09-30', id, $2, 'x', 'imported', 'x', 'x', now() from f returning id)
         ${row}`,
        [of, of.padEnd(64, 'a').slice(0, 64), ...values],
      )
    }
    const uscc = creditCode('91', 9101)
    await list(
      'social-insurance',
      `insert into subsidy.dataset_rows (dataset_id, row, document_index, uscc, from_on) select id, 1, $3, $4, '2020-01-01' from d`,
      [person.index, uscc],
    )
    await list(
      'dishonest-organisations',
      `insert into subsidy.dataset_rows (dataset_id, row, uscc, from_on) select id, 1, $3, '2021-05-01' from d`,
      [uscc],
    )
    const words = Object.fromEntries((await ask()).map((one) => [one.material, [one.verdict, one.words]]))
    expect(words.insurance).toEqual(['clear', '由申报单位参保（主管部门〔2021〕8号，数据截至2021年9月30日）'])
    expect(words.credit?.[0]).toBe('found')
    expect(words.credit?.[1]).toContain('申报单位自2021年5月1日起有失信记录')
    const elsewhere = await departmentChecks(at()(intake), scheme, {
      ...{ organisationId: await firm(t.db, 9190), personId: person.id, on: day('2021-09-15') },
    })
    expect(elsewhere.find((one) => one.material === 'insurance')?.words).toContain('参保单位不是申报单位')
  })

  test('HZ4-M02 A03 referred to the department that owns a benefit; a benefit without an owner goes nowhere', async () => {
    const ctx = at()
    const { rows } = await t.owner.query<{ id: string }>(
      `insert into recognition.designations (number, scheme, version_id, call_id, application_id, path, holder_key, holder_name,
         organisation_id, designated_on, designated_by, designated_by_name, designated_at)
       select 'T-1', a.scheme, a.version_id, a.call_id, a.id, a.path, a.holder_key, a.public_name, a.organisation_id, '2021-09-15', 'user:x', '局长', now()
       from recognition.applications a where a.call_id = $1 and a.state = 'site-visit' returning id`,
      [titleCall],
    )
    const designationId = rows[0]?.id ?? ''
    await expect(referHolder(ctx(intake), { designationId, benefit: '人才公寓' })).rejects.toEqual(
      refusal('benefit-unknown'),
    )
    const { referralId } = await referHolder(ctx(intake), {
      designationId,
      benefit: '子女教育',
      docNo: '海人社函〔2021〕3号',
    })
    const { data, name } = await referralLetter(ctx(intake), referralId)
    expect([data.to, data.docNo, name]).toEqual(['区教育局', '海人社函〔2021〕3号', 'RZ-2021-0001-转介函'])
    expect(JSON.stringify(data.blocks)).toContain('可以享受“子女教育”')
    await expect(referralLetter(ctx(hr(made[1]?.organisationId ?? '')), referralId)).rejects.toEqual(kind('missing'))
    expect((await referralLetter(ctx(hr(made[0]?.organisationId ?? '')), referralId)).data.to).toBe('区教育局')
  })
})
