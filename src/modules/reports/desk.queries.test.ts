import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { actorOf, anonymous } from '#platform/actor.ts'
import { recordMove } from '#platform/casework.ts'
import type { Tx } from '#platform/command.ts'
import { ctxFor, freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { claimant, submittedClaim } from '../../../tests/fixtures/claims.ts'
import { approvedClass } from '../../../tests/fixtures/counts.ts'
import { setFigure } from '../../../tests/fixtures/taught.ts'
import { proposeSetting } from '../settings/setting.commands.ts'
import { deskWork, runningClocks } from './desk.queries.ts'

let t: TestDb
let claimId: string
const days = (n: number) => new Date(testNow.getTime() + n * 86_400_000)
const rules = user('规则管理员', [{ role: 'rule-admin' }])

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  await setFigure(t.db, 'R33.review', 3)
  const firm = await claimant(t.db)
  claimId = (await submittedClaim(t.db, firm)).id
  const applied = await approvedClass(t.db, firm)
  await t.db.updateTable('training.classes').set({ state: 'applied' }).where('id', '=', applied.id).execute()
  await t.db.transaction().execute(async (db) => {
    const tx = { ...ctxFor(t.db, anonymous), db } as unknown as Tx
    await recordMove(tx, { kind: 'claim', id: claimId, move: 'submit', from: 'draft', to: 'submitted' })
  })
  const asked = { kind: 'figure', key: 'R-PB.rate', value: '20', from: '2021-10-01', source: '海人社〔2021〕9号' }
  await proposeSetting(ctxFor(t.db, rules), asked)
})
afterAll(() => t.close())

test('HZ4-M15 each desk sees what it may do, nobody what he cannot', async () => {
  const seen = async (role: 'hr-first-reviewer' | 'hr-second-reviewer' | 'hr-intake' | 'hr-leader' | 'rule-admin') =>
    (await deskWork(ctxFor(t.db, user(role, [{ role }])))).map((work) => `${work.code} ${work.n}`)
  expect(await seen('hr-first-reviewer')).toEqual(['first-review 1'])
  expect(await seen('hr-second-reviewer')).toEqual([])
  expect(await seen('hr-intake')).toEqual(['classes-applied 1'])
  expect(await seen('hr-leader')).toEqual(['settings 1'])
  expect(await seen('rule-admin')).toEqual([])
  expect(await deskWork(ctxFor(t.db, anonymous))).toEqual([])
})

test('C25 one’s own proposal does not wait for oneself', async () => {
  const both = { ...rules, can: () => true }
  const codes = (await deskWork(ctxFor(t.db, both))).map((work) => work.code)
  expect(codes).toContain('first-review')
  expect(codes).not.toContain('settings')
})

test('R33 what runs out soon and what is late is counted and comes first', async () => {
  const everything = actorOf({ ...user('全部', []), holdings: [] })
  const all = { ...everything, can: () => true }
  const work = async (now: Date) => (await deskWork(ctxFor(t.db, all, now)))[0]
  expect(await work(days(1))).toMatchObject({ code: 'first-review', soon: 1, late: 0 })
  expect(await work(days(30))).toMatchObject({ code: 'first-review', soon: 0, late: 1 })
  const [clock] = await runningClocks(ctxFor(t.db, all))
  expect(clock).toMatchObject({ subjectKind: 'claim', subjectId: claimId, clock: 'review', ruleId: 'R33.review' })
  expect(await runningClocks(ctxFor(t.db, rules))).toEqual([])
})
