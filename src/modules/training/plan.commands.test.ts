import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import {
  acceptPlan,
  createPlan,
  editPlan,
  filePlan,
  rejectPlan,
  returnPlan,
  withdrawPlan,
} from '#modules/training/plan.commands.ts'
import { planPage, planQueue, plansOf } from '#modules/training/plan.queries.ts'
import type { AppError } from '#platform/errors.ts'
import { freshDb, type TestDb, testNow } from '#platform/testing.ts'
import { at, desk, faultOf, type Institution, institution, member, planForm } from '../../../tests/fixtures/training.ts'

let fresh: TestDb
let of: Institution
let other: Institution
beforeAll(async () => {
  fresh = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  of = await institution(fresh.db)
  other = await institution(fresh.db)
})
afterAll(() => fresh.close())

const draft = async (over = {}) => (await createPlan(of.ctx(of.academic), planForm(of, over))).planId
const filed = async (over = {}) => {
  const planId = await draft(over)
  await filePlan(of.ctx(of.admin), { planId, version: 1, commitment: 'yes' })
  return planId
}
describe('R01 filing', () => {
  test('R01 from draft to a number, with history, clock and audit', async () => {
    const planId = await filed()
    expect((await planQueue(fresh.db)).rows.map((row) => row.id)).toContain(planId)
    const { number } = await acceptPlan(of.ctx(desk), { planId })
    expect(number).toMatch(/^HZ2021-XM-\d{4}$/)
    const page = await planPage(of.ctx(of.academic), planId)
    expect(page).toMatchObject({ state: 'accepted', number, occupationTitle: '中式烹调师' })
    expect(page.moves.map((move) => move.to)).toEqual(['draft', 'filed', 'accepted'])
    expect(page.clocks).toMatchObject([{ kind: 'review', workdays: 10, endedOn: '2021-09-15' }])
    const { rows } = await fresh.owner.query('select command from audit.entries where $1 = any(subjects) order by id', [
      `plan:${planId}`,
    ])
    expect(rows.map((row) => row.command)).toEqual(['training.createPlan', 'training.filePlan', 'training.acceptPlan'])
  })

  test('R33 a return stops the clock; filed again it runs on', async () => {
    const planId = await filed()
    await returnPlan(of.ctx(desk, at('2021-09-17T10:00')), { planId, reasonCodes: ['plan-incomplete'], note: '补课程' })
    const stopped = await planPage(of.ctx(desk, at('2021-09-22T10:00')), planId)
    expect(stopped.clocks).toMatchObject([
      { kind: 'review', state: 'stopped', due: null },
      { kind: 'correction', workdays: 10 },
    ])
    const { version } = stopped
    expect(await faultOf(filePlan(of.ctx(of.admin), { planId, version: 1, commitment: 'yes' }))).toBe('conflict')
    const later = at('2021-09-23T10:00')
    const startsOn = '2021-09-24'
    const edited = await editPlan(of.ctx(of.academic, later), { ...planForm(of, { startsOn }), planId, version })
    await filePlan(of.ctx(of.admin, later), { planId, version: edited.version, commitment: true })
    const page = await planPage(of.ctx(desk, later), planId)
    // One workday (16th) had passed; 17th and 22nd–23rd stand still, 18th is a make-up workday, 19th–21st the festival.
    expect(page.clocks[0]).toMatchObject({ kind: 'review', elapsed: 1, state: 'stopped' })
    expect(page.clocks[1]).toMatchObject({ kind: 'correction', endedOn: '2021-09-23' })
    expect(page.moves.at(-2)?.reasonCodes).toEqual(['plan-incomplete'])
  })

  test('R01 numbers have neither gaps nor twins, however many at once', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => filed()))
    const numbers = await Promise.all(ids.map(async (planId) => (await acceptPlan(of.ctx(desk), { planId })).number))
    const counts = numbers.map((number) => Number(number.slice(-4))).toSorted((a, b) => a - b)
    expect(counts.map((n) => n - (counts[0] ?? 0))).toEqual(counts.map((_, i) => i))
  })

  test('R01 two desks decide at once: one wins', async () => {
    const planId = await filed()
    const second = member('陈受理', 'hr-intake', '')
    const answers = await Promise.allSettled([
      acceptPlan(of.ctx(desk), { planId }),
      rejectPlan(of.ctx({ ...second, can: desk.can }), { planId, reasonCodes: ['not-free'] }),
    ])
    expect(answers.map((answer) => answer.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('R01 refused', () => {
  test.each([
    ['plan-after-start', { startsOn: '2021-09-14' }],
    ['course-hours-differ', { classHours: '9' }],
    ['undertaker-type', { programme: 'job-adaptation' }],
    ['occupation-missing', { occupation: '' }],
    ['level-unknown', { level: 'junior' }],
  ])('R01 %s', async (reason, over) => expect(await faultOf(filed(over))).toBe(reason))

  test('C12 an occupation outside the licence', async () => {
    const narrow = await institution(fresh.db, { occupations: ['2022:4-03-02-02'] })
    const { planId } = await createPlan(narrow.ctx(narrow.academic), planForm(narrow))
    expect(await faultOf(filePlan(narrow.ctx(narrow.admin), { planId, version: 1, commitment: 'yes' }))).toBe(
      'licence-scope',
    )
  })

  test('R01 no commitment, no filing; fields are marked in Chinese', async () => {
    const planId = await draft()
    const error = await filePlan(of.ctx(of.admin), { planId, version: 1 }).catch((e: unknown) => e)
    expect(error).toMatchObject({ fault: { kind: 'invalid', fields: { commitment: ['请阅读并勾选承诺'] } } })
    const form = { ...planForm(of), title: '', headcount: 'x', startsOn: '2021-13-01', courses: [] }
    const bad = await createPlan(of.ctx(of.academic), form).catch((e: unknown) => e as AppError)
    const fields = (bad as AppError).fault.kind === 'invalid' ? (bad as { fault: { fields: object } }).fault.fields : {}
    expect(Object.keys(fields)).toEqual(expect.arrayContaining(['title', 'headcount', 'startsOn', 'courses']))
    expect(JSON.stringify(fields)).not.toMatch(/[a-zA-Z]{4,}.*expected/)
  })

  test('R01 moves that are not in the table, and reasons of another stage', async () => {
    const planId = await filed()
    expect(await faultOf(returnPlan(of.ctx(desk), { planId, reasonCodes: ['over-cap'] }))).toBe('invalid')
    await withdrawPlan(of.ctx(of.admin), { planId, note: '另行申报' })
    expect(await faultOf(acceptPlan(of.ctx(desk), { planId }))).toBe('wrong-state')
    expect(await faultOf(editPlan(of.ctx(of.academic), { ...planForm(of), planId, version: 3 }))).toBe('wrong-state')
  })

  test('R01 nobody accepts what he filed himself', async () => {
    const both = { ...of.admin, can: () => true }
    const planId = await draft()
    await filePlan(of.ctx(both), { planId, version: 1, commitment: 'yes' })
    expect(await faultOf(acceptPlan(of.ctx(both), { planId }))).toBe('four-eyes')
  })
})

describe('R01 not theirs', () => {
  test('R01 another undertaker finds nothing; a trainer may not; nobody signs in', async () => {
    const planId = await draft()
    const edit = { ...planForm(of), planId, version: 1 }
    expect(await faultOf(editPlan(of.ctx(other.academic), edit))).toBe('missing')
    expect(await faultOf(createPlan(of.ctx(other.academic), planForm(of)))).toBe('missing')
    expect(await faultOf(planPage(of.ctx(other.academic), planId))).toBe('missing')
    expect(await faultOf(editPlan(of.ctx(of.trainer), edit))).toBe('forbidden')
    expect(await faultOf(acceptPlan(of.ctx(of.admin), { planId }))).toBe('forbidden')
    expect((await plansOf(fresh.db, other.id)).rows).toEqual([])
  })

  test('the list of an undertaker comes in pages that neither skip nor repeat', async () => {
    const many = await institution(fresh.db)
    for (let i = 0; i < 45; i++) await createPlan(many.ctx(many.academic, testNow), planForm(many))
    const seen: string[] = []
    let cursor: string | null | undefined
    do {
      const page = await plansOf(fresh.db, many.id, { cursor: cursor ?? undefined })
      seen.push(...page.rows.map((row) => row.id))
      cursor = page.next
    } while (cursor)
    expect(new Set(seen).size).toBe(45)
    expect(seen).toHaveLength(45)
  })
})
