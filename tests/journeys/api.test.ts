import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createApiKey } from '#modules/access/api-key.commands.ts'
import { scopes } from '#modules/access/api-key.schema.ts'
import { scheduleAssessment } from '#modules/assessment/assessment.commands.ts'
import { issueCertificates } from '#modules/assessment/certificate.commands.ts'
import { confirmResults } from '#modules/assessment/result.commands.ts'
import { confirmScores } from '#modules/assessment/score.commands.ts'
import { submitClaim } from '#modules/subsidy/submission.commands.ts'
import { createClass } from '#modules/training/class.commands.ts'
import { applyClass, approveClass, closeClass } from '#modules/training/decide.commands.ts'
import { saveRoom, saveTrainer, saveVenue } from '#modules/training/place.commands.ts'
import { acceptPlan, createPlan, filePlan } from '#modules/training/plan.commands.ts'
import type { Actor } from '#platform/actor.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { user } from '#platform/testing.ts'
import { writeCsv } from '#platform/workbook.ts'
import { member, versionOf } from '../fixtures/training.ts'
import { accountFor } from '../setup/accounts.ts'
import { runJobs } from '../setup/jobs.ts'
import { startSite, type TestSite } from '../setup/site.ts'
import { type Client, keyTo } from './acts/client.ts'
import { paidByDesks } from './acts/desks.ts'
import { at } from './acts/stage.ts'
import { type Learner, learners, money, sendDatasets, setTheStage, totalFen, trainer } from './acts/story.ts'

/** The class of the main journey, kept by the enterprise's own program: the same hours, the same fen. */
let site: TestSite
let client: Client
let head: Actor
let academic: Actor
let classId: string
let claimId: string
const intake = user('李受理', [{ role: 'hr-intake' }])
const enrolments = new Map<Learner, string>()

beforeAll(async () => {
  site = await startSite({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const { organisationId } = await setTheStage(site)
  academic = member('何人事', 'enterprise-hr', organisationId)
  head = member('苏主管', 'enterprise-hr', organisationId)
  const { key } = await createApiKey(site.ctx(academic), {
    organisationId,
    name: '人事系统',
    scopes: Object.keys(scopes),
    expiresOn: '2022-06-30',
  })
  client = keyTo(site, key)
  classId = await draftedClass(organisationId)
})
afterAll(() => site?.close())

async function draftedClass(organisationId: string): Promise<string> {
  const by = () => site.ctx(academic)
  const { planId } = await createPlan(by(), {
    ...{ organisationId, programme: 'job-adaptation', title: '餐饮服务适岗培训', headcount: 30, classHours: 12 },
    ...{ startsOn: '2021-09-16', endsOn: '2021-10-31', occupation: '', level: '' },
    courses: [{ title: '食品安全', kind: 'common', mode: 'offline', classHours: 12, trainer: '' }],
  })
  await filePlan(by(), { planId, version: 1, commitment: true })
  await acceptPlan(site.ctx(intake), { planId })
  const { venueId } = await saveVenue(by(), {
    organisationId,
    name: '总店',
    address: '海珠区新港中路1号二楼',
    subdistrict: '440105002',
  })
  await saveRoom(by(), { venueId, name: '培训室', seats: 20 })
  await accountFor(site.db, { name: trainer.name, documentNumber: trainer.document })
  const { trainerId } = await saveTrainer(by(), {
    organisationId,
    name: trainer.name,
    documentNumber: trainer.document,
    qualification: '中式烹调高级技师',
    validFrom: '2015-01-01',
  })
  const made = await createClass(by(), {
    ...{ planId, title: '餐饮服务适岗一班', mode: 'offline', venueId, capacity: 12, trainerIds: [trainerId] },
    ...{ startsOn: '2021-09-22', endsOn: '2021-09-24', teachingPlan: '两天', resources: '操作规范' },
    assessmentPlan: '理论占40%，实操占60%，60分合格。',
  })
  return made.classId
}

const sessions = [
  ['食品安全', '2021-09-22', '09:00', '12:00'],
  ['出品', '2021-09-22', '14:00', '17:00'],
  ['服务', '2021-09-23', '09:00', '12:00'],
] as const

describe('HZ4-M13 a class kept by a program', () => {
  test('C01 the roster: one by one and as a file of which some rows are wrong', async () => {
    const { phone, hand, early, away, weak } = learners
    const one = { name: phone.name, documentNumber: phone.document, phone: phone.phone, employment: 'contract' }
    const wrong = await client.refused('POST', `/organisation/classes/${classId}/roster`, {
      ...one,
      documentNumber: '1',
    })
    expect(wrong.status).toBe(422)
    await client.post(`/organisation/classes/${classId}/roster`, one, 201)
    // with another key it is another request: refused with the clause and the remedy
    const again = await client.refused('POST', `/organisation/classes/${classId}/roster`, one)
    expect(again.status).toBe(409)
    expect(again.type).toBe('application/problem+json')
    expect(again.json).toMatchObject({
      status: 409,
      detail: expect.stringContaining('此人已在本班名单中'),
      clause: expect.anything(),
      remedy: '无需重复登记。',
    })

    const row = (of: Learner) => [of.name, of.document, of.phone, '劳动合同']
    const bad = ['何某', '440105199002300017', '13800138001', '劳动合同']
    const csv = writeCsv(
      ['姓名', '证件号码', '手机号', '用工形式'],
      [hand, early, early, away, weak].map(row).concat([bad]),
    )
    const path = `/organisation/classes/${classId}/roster-imports`
    const { importId } = await client.post<{ importId: string }>(path, new Blob([csv], { type: 'text/csv' }), 202)
    await runJobs(site)
    const checked = await client.get(`/organisation/roster-imports/${importId}`)
    expect(checked).toMatchObject({ state: 'checked', accepted: 4, rejected: 2 })
    expect(checked.faults).toMatchObject([
      { row: 4, column: '证件号码', rule: 'duplicate', message: '与第3行的证件号码相同', remedy: '同一人只保留一行。' },
      { row: 7, column: '证件号码', rule: 'C01' },
    ])
    const errors = await client.file(`/organisation/roster-imports/${importId}/errors`)
    expect((await readTable(errors, 'errors.xlsx')).rows).toHaveLength(2)
    await client.post(`/organisation/roster-imports/${importId}/application`, undefined, 202)
    await runJobs(site)
    const { items } = await client.get<{ items: { enrolmentId: string; name: string; state: string }[] }>(
      `/organisation/classes/${classId}/roster`,
    )
    expect(items).toHaveLength(5)
    for (const learner of Object.values(learners)) {
      const found = items.filter(({ name }) => name.startsWith(learner.name[0] ?? '-'))
      expect(found).toHaveLength(1)
      enrolments.set(learner, found[0]?.enrolmentId ?? '')
    }
  })

  test('R03 C08 sessions are planned, held and closed; hours come from the marks', async () => {
    const cls = await client.get<{ trainers: { id: string }[] }>(`/organisation/classes/${classId}`)
    const place = await site.db.selectFrom('training.rooms').select('id').executeTakeFirstOrThrow()
    const teacher = await site.db.selectFrom('training.trainers').select('id').executeTakeFirstOrThrow()
    expect(cls).toMatchObject({ state: 'draft' })
    const ids: string[] = []
    for (const [title, day, from, to] of sessions) {
      const body = { title, courseKind: 'professional', day, from, to, trainerId: teacher.id, roomId: place.id }
      const made = await client.post<{ sessionIds: string[] }>(`/organisation/classes/${classId}/sessions`, body, 201)
      ids.push(...made.sessionIds)
    }
    expect(ids).toHaveLength(3)
    expect((await client.get<{ items: unknown[] }>(`/organisation/classes/${classId}/sessions`)).items).toHaveLength(3)
    await applyClass(site.ctx(academic), { classId, version: await versionOf(site.db, classId) })
    site.setTime(at('2021-09-17T10:00'))
    await approveClass(site.ctx(intake), { classId })

    const id = (learner: Learner) => enrolments.get(learner) ?? ''
    const { phone, hand, early, away, weak } = learners
    for (const [nth, [, day, from, to]] of sessions.entries()) {
      const session = `/organisation/sessions/${ids[nth]}`
      site.setTime(at(`${day}T07:00`))
      const soon = await client.refused('POST', `${session}/opening`)
      expect(soon.status).toBe(409)
      expect(soon.json.remedy).toBeTruthy()
      site.setTime(new Date(at(`${day}T${from}`).getTime() - 5 * 60_000))
      await client.post(`${session}/opening`, undefined, 200)
      const whole =
        [
          [phone, early, away, weak],
          [phone, hand, early, away, weak],
          [phone, hand, weak],
        ][nth] ?? []
      await client.post(`${session}/marks`, { enrolmentIds: whole.map(id) }, 201)
      if (nth === 0)
        await client.post(
          `${session}/manual-marks`,
          { enrolmentId: id(hand), reason: '没有手机，点名册可以证明全程在场' },
          201,
        )
      if (nth === 2) await client.post(`${session}/marks`, { enrolmentIds: [id(early)], to: '11:00' }, 201)
      site.setTime(new Date(at(`${day}T${to}`).getTime() + 60_000))
      await client.post(`${session}/closing`, undefined, 200)
    }
    const sheet = await client.get<{ items: { enrolmentId: string; hours: Record<string, unknown> }[] }>(
      `/organisation/classes/${classId}/hours`,
    )
    const of = (learner: Learner) => sheet.items.find((row) => row.enrolmentId === id(learner))?.hours
    const none = { A: 0, B: 0, C: 0, D: 0 }
    expect(of(phone)).toMatchObject({ minutes: 540, hours: 12, attendancePercent: 100, grades: { ...none, C: 540 } })
    expect(of(hand)).toMatchObject({ minutes: 540, hours: 12, grades: { ...none, C: 360, D: 180 } })
    expect(of(early)).toMatchObject({ minutes: 480, hours: 10, attendancePercent: 88, freeMinutes: 480 })
    expect(of(away)).toMatchObject({ minutes: 360, hours: 8, attendancePercent: 66 })
    expect(of(weak)).toMatchObject({ minutes: 540, hours: 12 })
  })

  test('C23 scores come from the program and count when a person has confirmed them', async () => {
    site.setTime(at('2021-09-23T16:30'))
    const part = { heldOn: '2021-09-23', place: '总店', examinerName: '陈考评', examinerUnit: '区职业技能鉴定所' }
    const { assessmentId } = await scheduleAssessment(site.ctx(academic), { classId, theory: part, practice: part })
    const { phone, hand, early, away, weak } = learners
    const given: [Learner, string, string][] = [
      [phone, '88', '92'],
      [hand, '70.5', '80'],
      [early, '60', '60'],
      [away, '90', '90'],
      [weak, '50', '57.5'],
    ]
    const cells = Object.fromEntries(
      given.flatMap(([who, theory, practice]) => [
        [`${enrolments.get(who)}.theory`, theory],
        [`${enrolments.get(who)}.practice`, practice],
      ]),
    )
    const { version } = await client.post<{ version: number }>(
      `/organisation/assessments/${assessmentId}/scores`,
      { cells },
      200,
    )
    await confirmScores(site.ctx(head), { assessmentId, version })
    await confirmResults(site.ctx(head), { assessmentId })
    await issueCertificates(site.ctx(academic), { classId })
    await runJobs(site)
    const { items } = await client.get<{
      items: { enrolmentId: string; passed: boolean; totalMillipoints: number; certificateNumber: string | null }[]
    }>(`/organisation/classes/${classId}/results`)
    const result = (learner: Learner) => items.find((row) => row.enrolmentId === enrolments.get(learner))
    for (const [who, passed, totalMillipoints] of [
      [phone, true, 90_400],
      [hand, true, 76_200],
      [early, true, 60_000],
      [away, false, 90_000],
      [weak, false, 54_500],
    ] as const) {
      expect(result(who), who.name).toMatchObject({ passed, totalMillipoints })
      expect(result(who)?.certificateNumber !== null, who.name).toBe(passed)
    }
    await closeClass(site.ctx(academic), { classId, version: await versionOf(site.db, classId) })
  })

  test('R04 HZ4-M16 the claim comes to the same fen, and the same people move the number', async () => {
    site.setTime(at('2021-09-27T09:30'))
    await sendDatasets(site)
    const drawn = await client.post<{ claimId: string; amountFen: number; linesCount: number }>(
      '/organisation/claims',
      { classId },
      201,
    )
    expect(drawn).toMatchObject({ amountFen: totalFen, linesCount: 3 })
    claimId = drawn.claimId
    const twice = await client.refused('POST', '/organisation/claims', { classId })
    expect(twice.json).toMatchObject({ status: 409, remedy: expect.stringContaining('一个班级同一时间只能有一件申领') })
    const read = await client.get<{
      lines: { person: string; amountFen: number }[]
      leftOut: unknown[]
      nowFen: number
    }>(`/organisation/claims/${claimId}`)
    for (const [who, fen] of Object.entries(money) as [keyof typeof money, number][])
      expect(read.lines.find(({ person }) => person.startsWith(learners[who].name[0] ?? '-'))?.amountFen).toBe(fen)
    expect(read.leftOut).toHaveLength(2)
    expect(read.nowFen).toBe(totalFen)

    // submitting is a person's promise: no key can give it
    const { version } = await site.db
      .selectFrom('subsidy.claims')
      .select('version')
      .where('id', '=', claimId)
      .executeTakeFirstOrThrow()
    await submitClaim(site.ctx(academic), { claimId, version, commitment: true })
    expect(await paidByDesks(site, claimId)).toBe(totalFen)
    expect((await client.get<{ claim: { state: string } }>(`/organisation/claims/${claimId}`)).claim.state).toBe('paid')
    const counted = await site.db
      .selectFrom('reports.count_events')
      .select((eb) => ['basis', eb.fn.countAll<number>().as('n')])
      .groupBy('basis')
      .execute()
    expect(Object.fromEntries(counted.map(({ basis, n }) => [basis, Number(n)]))).toEqual({
      enrolled: 5,
      completedAndPassed: 3,
      subsidyPaid: 3,
    })
  })
})
