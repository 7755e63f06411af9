import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { anonymous } from '#platform/actor.ts'
import { ctxFor, freshDb, type TestDb, user } from '#platform/testing.ts'
import { answerReport, makeReport } from './report.commands.ts'
import { reportByReceipt, reportPage, reportQueue } from './report.queries.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 4)
})
afterAll(() => t.close())

const editor = user('公示员', [{ role: 'publicity-editor' }])
const reader = user('初审员', [{ role: 'hr-first-reviewer' }])
const form = (over: Record<string, unknown> = {}) => ({
  kind: 'fee-charged',
  about: '海珠某某培训学校 粤菜师傅一班',
  text: '老师说先交三百块材料费才能上课。',
  contact: '13800138000',
  ...over,
})
const stranger = () => ctxFor(t.db, anonymous)
const answer = (reportId: string) => ({ reportId, finding: 'confirmed', reply: '经核实属实，已责令退还并通报。' })

test('HZ4-M13 a stranger reports, the desk reads it, the receipt finds the answer', async () => {
  const made = await makeReport(stranger(), form())
  expect(made.number).toMatch(/^FK2021-\d{5}$/)
  const open = await reportByReceipt(stranger(), made.receipt.toLowerCase())
  expect(open).toMatchObject({ number: made.number, state: 'open', reply: null })
  expect(await reportPage(ctxFor(t.db, reader), made.reportId)).toMatchObject({
    text: form().text,
    contact: '13800138000',
  })
  await answerReport(ctxFor(t.db, editor), answer(made.reportId))
  const answered = await reportByReceipt(stranger(), made.receipt)
  expect(answered).toMatchObject({ state: 'answered', finding: 'confirmed' })
  expect(answered).not.toHaveProperty('answeredByName')
  const { rows } = await reportQueue(ctxFor(t.db, editor), { state: 'answered' })
  expect(rows.map((row) => row.number)).toContain(made.number)
})

test('HZ4-M13 text, contact and receipt are nowhere in the clear', async () => {
  const made = await makeReport(stranger(), form({ text: '秘密的情况写在这里，不要给别人看。' }))
  const { rows } = await t.owner.query(
    `select r::text as row from feedback.reports r union all select e::text from audit.entries e`,
  )
  const all = rows.map((row: { row: string }) => row.row).join('\n')
  expect(all).toContain(made.number)
  expect(all).not.toMatch(/秘密的情况|13800138000/)
  expect(all).not.toContain(made.receipt)
})

test('HZ4-M13 a wrong receipt finds nothing', async () => {
  expect(await reportByReceipt(stranger(), 'ABCD-EFGH-JKMN')).toBeUndefined()
  expect(await reportByReceipt(stranger(), '')).toBeUndefined()
})

test('HZ4-M16 only who decides objections answers, once', async () => {
  const { reportId } = await makeReport(stranger(), form())
  await expect(answerReport(ctxFor(t.db, reader), answer(reportId))).rejects.toMatchObject({
    fault: { kind: 'forbidden' },
  })
  await expect(reportPage(stranger(), reportId)).rejects.toMatchObject({ fault: { kind: 'missing' } })
  const both = await Promise.allSettled([1, 2].map(() => answerReport(ctxFor(t.db, editor), answer(reportId))))
  expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  await expect(
    sql`update feedback.reports set reply = '另一种说法，与原来不同' where id = ${reportId}`.execute(t.db),
  ).rejects.toMatchObject({ constraint: 'answer_stands' })
})

test('HZ4-M13 one contact is not heard without end', async () => {
  const contact = '020-00000000'
  for (let i = 0; i < 5; i++) await makeReport(stranger(), form({ contact }))
  await expect(makeReport(stranger(), form({ contact }))).rejects.toMatchObject({ fault: { kind: 'limited' } })
})

test('HZ4-M13 what is wrong with the form is said field by field', async () => {
  await expect(makeReport(stranger(), { kind: 'x', about: '', text: '短' })).rejects.toMatchObject({
    fault: {
      kind: 'invalid',
      fields: { kind: ['请选择一类问题'], about: [expect.any(String)], text: [expect.any(String)] },
    },
  })
})
