import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { choicesFor, figuresFor } from '#platform/figures.ts'
import { ctxFor, freshDb, type TestDb, user } from '#platform/testing.ts'
import { day } from '#shared/units.ts'
import { approveSetting, proposeSetting, rejectSetting } from './setting.commands.ts'
import { openProposals, settingById, settingHistory, settingsToday } from './setting.queries.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const admin = user('规则管理员', [{ role: 'rule-admin' }])
const leader = user('局领导', [{ role: 'hr-leader' }])
const second = user('局领导乙', [{ role: 'hr-leader' }])
const both = { ...leader, can: () => true }
const rate = {
  kind: 'figure',
  key: 'R-PB.rate',
  value: '18.5',
  from: '2021-10-01',
  to: '',
  source: '海人社〔2021〕9号',
}

test('HZ4-M16 one proposes, another approves, and from its day on the figure is the new one', async () => {
  const before = await figuresFor(ctxFor(t.db, admin))
  expect(before('R-PB.rate', day('2021-10-01'))).toMatchObject({ value: null, decided: false })

  const { id } = await proposeSetting(ctxFor(t.db, admin), rate)
  expect((await figuresFor(ctxFor(t.db, admin)))('R-PB.rate', day('2021-10-01')).value).toBeNull()
  expect((await openProposals(ctxFor(t.db, leader))).map((row) => row.id)).toContain(id)

  await approveSetting(ctxFor(t.db, leader), { id })
  const after = await figuresFor(ctxFor(t.db, admin))
  expect(after('R-PB.rate', day('2021-10-01'))).toMatchObject({
    value: 1850,
    decided: true,
    origin: 'bureau',
    source: '海人社〔2021〕9号',
    setBy: '规则管理员',
  })
  expect(after('R-PB.rate', day('2021-09-30')).value).toBeNull()
  expect(await settingById(ctxFor(t.db, admin), id)).toMatchObject({ state: 'in-force', settledByName: '局领导' })
})

test('C25 the proposer, even with every permission, cannot approve; the database says so too', async () => {
  const { id } = await proposeSetting(ctxFor(t.db, both), { ...rate, key: 'R-PB.cap', value: '600' })
  await expect(approveSetting(ctxFor(t.db, both), { id })).rejects.toMatchObject({
    fault: { kind: 'refused', refusal: { reason: 'same-person' } },
  })
  await expect(
    sql`update platform.settings set state = 'in-force', approved_by = proposed_by where id = ${id}`.execute(t.db),
  ).rejects.toThrow(/check constraint/)
  await rejectSetting(ctxFor(t.db, second), { id, reason: '依据不足，请补文件' })
  expect((await settingHistory(ctxFor(t.db, admin), 'figure', 'R-PB.cap'))[0]).toMatchObject({
    state: 'rejected',
    note: '依据不足，请补文件',
  })
})

test('HZ4-M16 refused: not allowed, not readable, not known, already waiting', async () => {
  await expect(proposeSetting(ctxFor(t.db, leader), rate)).rejects.toMatchObject({ fault: { kind: 'forbidden' } })
  await expect(approveSetting(ctxFor(t.db, admin), { id: crypto.randomUUID() })).rejects.toMatchObject({
    fault: { kind: 'forbidden' },
  })
  await expect(approveSetting(ctxFor(t.db, leader), { id: crypto.randomUUID() })).rejects.toMatchObject({
    fault: { kind: 'missing' },
  })
  await expect(proposeSetting(ctxFor(t.db, admin), { ...rate, value: '一百' })).rejects.toMatchObject({
    fault: { kind: 'invalid', fields: { value: [expect.stringContaining('元/人/课时')] } },
  })
  await expect(
    proposeSetting(ctxFor(t.db, admin), { ...rate, source: '', to: '2021-01-01', from: '2021-02-30' }),
  ).rejects.toMatchObject({ fault: { kind: 'invalid', fields: { source: [expect.stringContaining('依据')] } } })
  await expect(proposeSetting(ctxFor(t.db, admin), { ...rate, key: 'R99.rate' })).rejects.toMatchObject({
    fault: { kind: 'refused', refusal: { reason: 'unknown-setting' } },
  })
})

test('HZ4-M16 raced: of two proposals for one figure one stands, of two approvals one counts', async () => {
  const answers = await Promise.allSettled([
    proposeSetting(ctxFor(t.db, admin), { ...rate, key: 'OP.classSizeMax', value: '60' }),
    proposeSetting(ctxFor(t.db, both), { ...rate, key: 'OP.classSizeMax', value: '70' }),
  ])
  expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1)
  expect(answers.find((answer) => answer.status === 'rejected')).toMatchObject({
    reason: { fault: { refusal: { reason: 'already-proposed' } } },
  })
  const [row] = await openProposals(ctxFor(t.db, leader))
  const id = row?.id as string
  const settled = await Promise.allSettled([
    approveSetting(ctxFor(t.db, second), { id }),
    rejectSetting(ctxFor(t.db, second), { id, reason: '不同意这样定' }),
  ])
  expect(settled.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1)
})

test('HZ4-M15 an open question answered for a span, as it was known before', async () => {
  const ctx = ctxFor(t.db, admin)
  const { id } = await proposeSetting(ctx, {
    kind: 'decision',
    key: 'D-02',
    value: 'employer',
    from: '2021-01-01',
    to: '2021-12-31',
    source: '局长办公会纪要〔2021〕3号',
  })
  await approveSetting(ctxFor(t.db, leader), { id })
  const now = await choicesFor(ctx)
  expect(now('D-02', day('2021-06-30'))).toMatchObject({ code: 'employer', decided: true })
  expect(now('D-02', day('2022-01-01'))).toMatchObject({ code: 'venue', decided: false })
  const then = await choicesFor(ctx, new Date('2021-09-14T00:00:00Z'))
  expect(then('D-02', day('2021-06-30'))).toMatchObject({ code: 'venue', decided: false })
  const today = await settingsToday(ctx)
  expect(today.decisions.find((one) => one.id === 'D-02')?.code).toBe('employer')
  expect(today.figures).toHaveLength(ctx.plan.figures.length)
})
