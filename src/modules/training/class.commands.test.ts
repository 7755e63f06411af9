import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CatalogueFilter, catalogue, publicClass } from '#modules/training/catalogue.queries.ts'
import { createClass, editClass, setOpenEnrolment } from '#modules/training/class.commands.ts'
import { classesOf, classPage, classQueue } from '#modules/training/class.queries.ts'
import {
  applyClass,
  approveClass,
  cancelClass,
  closeClass,
  recordResults,
  resumeClass,
  returnClass,
  suspendClass,
  terminateClass,
} from '#modules/training/decide.commands.ts'
import { withdrawEnrolment } from '#modules/training/enrolment.commands.ts'
import { closeSession } from '#modules/training/hours.commands.ts'
import { cancelSession, openSession } from '#modules/training/session.commands.ts'
import type { AppError } from '#platform/errors.ts'
import { freshDb, type TestDb } from '#platform/testing.ts'
import {
  acceptedPlan,
  approvedClass,
  at,
  classForm,
  desk,
  faultOf,
  institution,
  openClass,
  otherDesk,
  preparedClass,
  versionOf,
} from '../../../tests/fixtures/training.ts'

let fresh: TestDb
beforeAll(async () => {
  fresh = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => fresh.close())

const inspector = { ...otherDesk }

describe('R02 opening a class', () => {
  test('R02 a whole dossier is applied for, returned, mended and approved', async () => {
    const { of, classId } = await preparedClass(fresh.db)
    const apply = async () => applyClass(of.ctx(of.admin), { classId, version: await versionOf(fresh.db, classId) })
    await apply()
    expect((await classQueue(fresh.db)).rows.map((row) => row.id)).toContain(classId)
    await returnClass(of.ctx(desk), { classId, reasonCodes: ['teacher-unqualified'], note: '' })
    await apply()
    await approveClass(of.ctx(desk), { classId })
    const page = await classPage(of.ctx(of.academic), classId)
    expect(page).toMatchObject({ state: 'approved', taken: 2, classHours: 8, level: '5' })
    expect(page.moves.map((move) => move.move)).toEqual(['create', 'apply', 'return', 'apply', 'approve'])
    expect(page.dossier.every((element) => element.done)).toBe(true)
    expect(page.number).toMatch(/^HZ2021-XM-\d{4}-01$/)
    expect((await classesOf(fresh.db, of.id)).rows).toMatchObject([{ id: classId, taken: 2, sessions: 2 }])
  })

  test('R02 everything that is missing is named, with its remedy', async () => {
    const of = await institution(fresh.db, { seats: 20 })
    const { planId } = await acceptedPlan(of)
    const bare = { teachingPlan: '', resources: '', assessmentPlan: '', venueId: '', trainerIds: [], capacity: '51' }
    const { classId } = await createClass(of.ctx(of.academic), classForm(of, planId, bare))
    const error = await applyClass(of.ctx(of.admin), { classId, version: 1 }).catch((e: unknown) => e as AppError)
    const { fault } = error as AppError
    expect(fault).toMatchObject({ kind: 'refused', refusal: { clause: 'R02', reason: 'dossier-missing' } })
    const facts = fault.kind === 'refused' ? fault.refusal.facts : {}
    expect(Object.keys(facts)).toEqual(['学员花名册', '教学计划', '师资', '教学资源', '考核方案', '场地和人数'])
    expect(facts.教学计划).toContain('少于应培训的8课时')
    expect(facts.场地和人数).toContain('50')
    expect(Object.values(facts).join()).toMatch(/请/)
  })

  test('R02 the desk looks again: what vanished meanwhile stops the approval', async () => {
    const { of, classId, sessionIds } = await preparedClass(fresh.db)
    await applyClass(of.ctx(of.admin), { classId, version: 1 })
    expect(await faultOf(cancelSession(of.ctx(of.academic), { sessionId: sessionIds[0], reason: '教室装修' }))).toBe(
      'schedule-closed',
    )
    await fresh.db
      .updateTable('training.trainers')
      .set({ valid_to: '2021-09-20' })
      .where('id', '=', of.trainerId)
      .execute()
    expect(await faultOf(approveClass(of.ctx(desk), { classId }))).toBe('teacher-unqualified')
  })

  test('C12 the plan sets dates, headcount and who may join', async () => {
    const of = await institution(fresh.db)
    const { planId } = await acceptedPlan(of, { headcount: '40' })
    const make = (over: object) =>
      createClass(of.ctx(of.academic), classForm(of, planId, over as Record<string, unknown>))
    expect(await faultOf(make({ endsOn: '2021-12-01' }))).toBe('class-outside-plan')
    expect(await faultOf(make({ mode: 'online' }))).toBe('online-undecided')
    expect(await faultOf(make({ trainerIds: [(await institution(fresh.db)).trainerId] }))).toBe('invalid')
    const one = await make({})
    const two = await make({})
    expect([one.number.slice(-3), two.number.slice(-3)]).toEqual(['-01', '-02'])
    const { dossier } = await classPage(of.ctx(of.academic), two.classId)
    expect(dossier.at(-1)?.faults.map((fault) => fault.reason)).toContain('over-headcount')
  })

  test('HZ4-M08 an employer trains its own staff, not the public', async () => {
    const of = await institution(fresh.db, { type: 'enterprise' })
    const { planId } = await acceptedPlan(of, { programme: 'job-adaptation' })
    expect(await faultOf(createClass(of.ctx(of.academic), classForm(of, planId)))).toBe('open-enrolment-employer')
    const { classId, number } = await createClass(of.ctx(of.academic), classForm(of, planId, { openEnrolment: '' }))
    expect(number).toMatch(/^HZ2021-SG-\d{4}-01$/)
    expect(await faultOf(setOpenEnrolment(of.ctx(of.academic), { classId, open: 'yes' }))).toBe(
      'open-enrolment-employer',
    )
  })

  test('R01 no class without an accepted plan; a stale form is told so; others find nothing', async () => {
    const { of, classId, planId } = await preparedClass(fresh.db)
    const other = await institution(fresh.db)
    const edit = { ...classForm(of, planId), classId }
    expect(await faultOf(createClass(other.ctx(other.academic), classForm(other, planId)))).toBe('missing')
    expect(await faultOf(editClass(of.ctx(of.academic), { ...edit, version: 9 }))).toBe('conflict')
    expect(await faultOf(editClass(other.ctx(other.academic), { ...edit, version: 1 }))).toBe('missing')
    expect(await faultOf(editClass(of.ctx(of.academic), { ...edit, version: 1, capacity: '1' }))).toBe(
      'capacity-below-roster',
    )
    expect(await editClass(of.ctx(of.academic), { ...edit, version: 1, title: '粤菜师傅二班' })).toEqual({
      classId,
      version: 2,
    })
    await fresh.db.updateTable('training.plans').set({ state: 'filed' }).where('id', '=', planId).execute()
    expect(await faultOf(createClass(of.ctx(of.academic), classForm(of, planId)))).toBe('plan-not-accepted')
  })
})

describe('R35 the end of a class', () => {
  test('R35 results, closing, and what stands in the way', async () => {
    const { of, classId, learners, sessionIds } = await openClass(fresh.db)
    const [first, second] = learners
    const results = [{ enrolmentId: first?.enrolmentId, passed: true }]
    await closeSession(of.ctx(of.trainer, at('2021-09-16T12:00')), { sessionId: sessionIds[0] })
    const close = async () => closeClass(of.ctx(of.admin), { classId, version: await versionOf(fresh.db, classId) })
    expect(await faultOf(close())).toBe('wrong-state')
    expect(await faultOf(recordResults(of.ctx(of.trainer), { classId, results }))).toBe('forbidden')
    const strange = [{ enrolmentId: classId, passed: true }]
    expect(await faultOf(recordResults(of.ctx(of.admin), { classId, results: strange }))).toBe('not-in-class')
    expect(await recordResults(of.ctx(of.admin), { classId, results })).toMatchObject({ state: 'assessed', count: 1 })
    expect(await faultOf(close())).toBe('sessions-open')
    await fresh.db
      .updateTable('training.sessions')
      .set({ state: 'cancelled' })
      .where('id', '=', sessionIds[1] ?? '')
      .execute()
    expect(await faultOf(close())).toBe('results-open')
    await recordResults(of.ctx(of.admin), { classId, results: [{ enrolmentId: second?.enrolmentId, passed: false }] })
    expect(await close()).toMatchObject({ state: 'closed' })
    const states = await fresh.db
      .selectFrom('training.enrolments')
      .select('state')
      .where('class_id', '=', classId)
      .execute()
    expect(states.map((row) => row.state).toSorted()).toEqual(['failed', 'passed'])
  })

  test('C25 suspended, resumed, ended by the desk', async () => {
    const { of, classId, sessionIds } = await openClass(fresh.db)
    await suspendClass(of.ctx(inspector), { classId, reasonCodes: ['class-suspended'], note: '无教师在场' })
    expect(await faultOf(openSession(of.ctx(of.trainer, at('2021-09-23T08:50')), { sessionId: sessionIds[1] }))).toBe(
      'class-not-running',
    )
    await resumeClass(of.ctx(desk), { classId, reason: '整改完成' })
    await suspendClass(of.ctx(inspector), { classId, reasonCodes: ['class-suspended'], note: '再次发现' })
    expect(await terminateClass(of.ctx(desk), { classId, reason: '拒不整改' })).toMatchObject({ state: 'cancelled' })
    const open = await fresh.db
      .selectFrom('training.sessions')
      .select('state')
      .where('class_id', '=', classId)
      .where('state', '<>', 'cancelled')
      .execute()
    expect(open).toEqual([])
  })

  test('R02 given up before it began', async () => {
    const { of, classId, learners } = await approvedClass(fresh.db)
    await withdrawEnrolment(of.ctx(of.academic), { enrolmentId: learners[0]?.enrolmentId, reason: '另有安排' })
    await cancelClass(of.ctx(of.admin), { classId, reason: '报名人数不足' })
    expect(await faultOf(publicClass({ db: fresh.db }, classId))).toBe('missing')
    expect(await faultOf(cancelClass(of.ctx(of.admin), { classId, reason: '再取消一次' }))).toBe('wrong-state')
  })
})

describe('HZ4-M13 the public catalogue', () => {
  test('HZ4-M13 found by part of a word, by every filter, and gone once begun', async () => {
    const { of, classId } = await approvedClass(fresh.db, { cls: { title: '明炉烧味专班', startsOn: '2021-09-16' } })
    const list = async (filter: object, now = at('2021-09-15T10:00')) =>
      (await catalogue({ db: fresh.db, now }, CatalogueFilter.parse(filter))).rows.map((row) => row.id)
    for (const filter of [
      { q: '烧味' },
      { q: '中式烹调' },
      { q: '烹调师' },
      { subdistrict: '440105001' },
      { occupation: '2022:4-03-02-01' },
      { programme: 'project-based' },
      { mode: 'offline' },
      { month: '2021-09' },
      { places: 'yes' },
      { q: '烧味', month: '2021-09', places: 'yes', mode: 'offline' },
    ])
      expect(await list(filter)).toContain(classId)
    for (const filter of [
      { q: '家政' },
      { subdistrict: '440105002' },
      { occupation: '2022:4-03-02-02' },
      { programme: 'job-adaptation' },
      { mode: 'mixed' },
      { month: '2021-10' },
    ])
      expect(await list(filter)).not.toContain(classId)
    expect(await list({ q: '烧味', mode: 'x', month: '2021-13', cursor: 'zzz' })).toContain(classId)
    expect(await list({ q: "'); drop table x; -- & | ! :*" })).toEqual([])
    expect(await list({ q: '烧味' }, at('2021-09-17T10:00'))).not.toContain(classId)
    await setOpenEnrolment(of.ctx(of.academic), { classId, open: '' })
    expect(await list({ q: '烧味' })).not.toContain(classId)
    expect(await publicClass({ db: fresh.db }, classId)).toMatchObject({ trainers: [{ name: '陈师傅' }], taken: 2 })
  })

  test('HZ4-M13 two hundred classes in pages of twenty, each once, fast', async () => {
    const { classId } = await approvedClass(fresh.db)
    await fresh.owner.query(
      `insert into training.classes (number, plan_id, organisation_id, programme, title, subdistrict, capacity, class_hours,
         starts_on, ends_on, open_enrolment, state, search)
       select c.number || '-x' || n, c.plan_id, c.organisation_id, c.programme, '批量' || n, c.subdistrict, 30, 8,
         date '2022-01-01' + n % 28, date '2022-02-28', true, 'approved', to_tsvector('simple', '批量')
       from training.classes c, generate_series(1, 200) n where c.id = $1`,
      [classId],
    )
    await fresh.owner.query('analyze training.classes')
    const seen: string[] = []
    let cursor: string | undefined
    const filter = { q: '批量' }
    const ctx = { db: fresh.db, now: at('2021-09-15T10:00') }
    const times: number[] = []
    do {
      const started = performance.now()
      const page = await catalogue(ctx, CatalogueFilter.parse({ ...filter, cursor }))
      times.push(performance.now() - started)
      expect(page.total).toBe(200)
      seen.push(...page.rows.map((row) => row.id))
      cursor = page.next ?? undefined
    } while (cursor)
    expect(seen).toHaveLength(200)
    expect(new Set(seen).size).toBe(200)
    expect(times.toSorted((a, b) => a - b)[5]).toBeLessThan(100)
  })
})
