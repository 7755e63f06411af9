import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Actor } from '#platform/actor.ts'
import { readTable } from '#platform/spreadsheet.ts'
import { freshDb, type TestDb, user } from '#platform/testing.ts'
import { writeXlsx } from '#platform/workbook.ts'
import { at, hr, intake, openCall, registered, submitted } from '../../../tests/fixtures/recognition.ts'
import { accountFor } from '../../../tests/setup/accounts.ts'
import { enrolExpert } from './expert.commands.ts'
import { drawPanel, giveSheet } from './panel.commands.ts'
import { ownPanel, ownPanels } from './panel.queries.ts'
import { passFormalReview, takeApplication } from './review.commands.ts'
import { checkSheetFile, takeSheetFile } from './sheet-file.commands.ts'
import { blankSheet, checkedFile } from './sheet-file.queries.ts'

let t: TestDb
const people: Actor[] = []
let panelId: string
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const ctx = at(t.db)
  const register = await openCall(ctx, 'enterprise-chief-technician', { closesOn: '' })
  const callId = await openCall(ctx, 'haizhu-chief-technician')
  for (let nth = 0; nth < 3; nth++) {
    const nominee = await registered(t.db, ctx, register, 950 + nth)
    const applicationId = await submitted(ctx(hr(nominee.organisationId)), { callId, ...nominee })
    await takeApplication(ctx(intake), { applicationId })
    await passFormalReview(ctx(intake), { applicationId })
  }
  for (let nth = 0; nth < 6; nth++) {
    const account = await accountFor(t.db, {
      name: `评审${'甲乙丙丁戊己'[nth]}`,
      roles: [{ role: 'recognition-expert' }],
    })
    await enrolExpert(ctx(intake), {
      userId: account.accountId,
      ...{ employer: `示例大学第${nth}学院`, speciality: '智能制造' },
    })
    people.push(user(`评审${nth}`, [{ role: 'recognition-expert' }], account.personId))
  }
  panelId = (await drawPanel(ctx(intake), { callId })).panelId
})
afterAll(() => t.close())

const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })
const kind = (name: string) => expect.objectContaining({ fault: expect.objectContaining({ kind: name }) })
async function seated(): Promise<[Actor, Actor, outside: Actor]> {
  const found: Actor[] = []
  let outside: Actor | undefined
  for (const person of people) {
    if ((await ownPanels(at(t.db)(person))).length > 0) found.push(person)
    else outside = person
  }
  const [one, two] = found
  if (!one || !two || !outside) throw new Error('nobody to mark')
  return [one, two, outside]
}
/** The blank sheet filled in: marks by row, null leaves a row as it came. */
async function filled(person: Actor, marks: (string | null)[]) {
  const { bytes, name } = await blankSheet(at(t.db)(person), panelId)
  const table = await readTable(bytes, name)
  const rows = table.rows.map(({ cells }, nth) => {
    const mark = marks[nth] ?? null
    return table.headers.map((head) =>
      head === '代号' || mark === null ? (cells[head] ?? '') : head === '评审意见' ? '成果有佐证，成效明显。' : mark,
    )
  })
  return { name: '评分.xlsx', bytes: await writeXlsx([{ name: '评分', header: table.headers, rows }]) }
}

describe('A02 an expert’s marks from a file', () => {
  test('A02 a check gives no mark; a fault takes nothing; then the sheets stand as if given by hand', async () => {
    const [expert] = await seated()
    const ctx = at(t.db)(expert)
    const wrong = await checkSheetFile(ctx, { panelId, file: await filled(expert, ['101', '80', '80']) })
    expect([wrong.fileId, wrong.faults[0]?.row, wrong.faults[0]?.column]).toEqual([null, 2, '技术创新'])
    expect(await checkedFile(ctx, panelId)).toBeNull()
    const checked = await checkSheetFile(ctx, { panelId, file: await filled(expert, ['80', '90.5', null]) })
    expect([checked.count, checked.skipped, checked.faults]).toEqual([2, 1, []])
    expect(await checkedFile(ctx, panelId)).toMatchObject({ count: 2, least: 80, most: 90.5 })
    expect((await ownPanel(ctx, panelId)).rows.every((row) => row.total === null)).toBe(true)
    await takeSheetFile(ctx, { fileId: checked.fileId })
    expect((await ownPanel(ctx, panelId)).rows.map((row) => row.total)).toEqual([80, 90.5, null])
    await expect(takeSheetFile(ctx, { fileId: checked.fileId })).rejects.toEqual(refusal('file-taken'))
    expect(await checkedFile(ctx, panelId)).toBeNull()
    const again = await checkSheetFile(ctx, { panelId, file: await filled(expert, ['70']) })
    expect(again.count).toBe(1)
  })

  test('A02 marked by hand between check and taking: nothing of the file is taken', async () => {
    const [, expert] = await seated()
    const ctx = at(t.db)(expert)
    const { fileId } = await checkSheetFile(ctx, { panelId, file: await filled(expert, ['80', '81', '82']) })
    const row = (await ownPanel(ctx, panelId)).rows[0]
    const scores = { innovation: '70', problems: '70', apprentices: '70', awards: '70', studio: '70' }
    await giveSheet(ctx, { applicationId: row?.id ?? '', scores, opinion: '现场看过，属实。' })
    await expect(takeSheetFile(ctx, { fileId })).rejects.toEqual(refusal('sheets-moved'))
    expect((await ownPanel(ctx, panelId)).rows.map((one) => one.total)).toEqual([70, null, null])
  })

  test('A02 only whoever is seated; another’s file is not there', async () => {
    const [one, two, outside] = await seated()
    const file = await filled(two, [null, '60', '60'])
    await expect(checkSheetFile(at(t.db)(outside), { panelId, file })).rejects.toEqual(kind('missing'))
    await expect(blankSheet(at(t.db)(outside), panelId)).rejects.toEqual(kind('missing'))
    const { fileId } = await checkSheetFile(at(t.db)(two), { panelId, file })
    await expect(takeSheetFile(at(t.db)(one), { fileId })).rejects.toEqual(kind('missing'))
    const bad = { name: '评分.docx', bytes: new TextEncoder().encode('') }
    await expect(checkSheetFile(at(t.db)(two), { panelId, file: bad })).rejects.toEqual(kind('invalid'))
  })
})
