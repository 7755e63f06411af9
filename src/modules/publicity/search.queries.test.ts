import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, systemActor, type TestDb, testNow } from '#platform/testing.ts'
import { findLists } from './search.queries.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 4)
  const common = {
    opened_on: '2021-09-01',
    closes_on: '2021-09-07',
    workdays: 5,
    decided: false,
    claims: 1,
    rows: 1,
    total_fen: 0,
    snapshot: '{}',
    digest: '0'.repeat(64),
    root: '0'.repeat(64),
    opened_by: 'test',
    opened_by_name: '测试',
  }
  const titles = ['2021年第一批适岗培训补贴公示', '2021年第二批适岗培训补贴公示', '项目制培训补贴公示100%_全']
  for (const [index, title] of titles.entries()) {
    const opened_at = new Date(testNow.getTime() + index * 1000)
    await t.db
      .insertInto('publicity.lists')
      .values({ ...common, number: `GS2021-000${index + 1}`, title, opened_at })
      .execute()
  }
})
afterAll(() => t.close())
const found = async (text: string, most = 10) =>
  (await findLists(ctxFor(t.db, systemActor), text, most)).map((list) => list.number)

test('HZ4-M16 lists are found by a part of the title or by number, the newest first', async () => {
  expect(await found('适岗')).toEqual(['GS2021-0002', 'GS2021-0001'])
  expect(await found('GS2021-0003')).toEqual(['GS2021-0003'])
  expect(await found('')).toHaveLength(3)
  expect(await found('', 2)).toEqual(['GS2021-0003', 'GS2021-0002'])
})

test('HZ4-M16 signs of the pattern language are letters', async () => {
  expect(await found('%_')).toEqual(['GS2021-0003'])
  expect(await found('\\')).toEqual([])
})
