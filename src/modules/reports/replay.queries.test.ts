import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { day } from '#shared/units.ts'
import { claimant, submittedClaim } from '../../../tests/fixtures/claims.ts'
import { approvedClass, results } from '../../../tests/fixtures/counts.ts'
import type { SettingRow } from '../settings/setting.queries.ts'
import { replaySetting } from './replay.queries.ts'

let t: TestDb
const leader = () => ctxFor(t.db, user('领导', [{ role: 'hr-leader' }]))

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  const firm = await claimant(t.db)
  await submittedClaim(t.db, firm, [8, 10]) // 360 and 450 minutes at 30 yuan
  const klass = await approvedClass(t.db, firm, { size: 2 })
  await results(t.db, klass, [true, false])
  await t.db
    .updateTable('training.classes')
    .set({ state: 'closed', ends_on: '2021-09-01' })
    .where('id', '=', klass.id)
    .execute()
  for (const { id, enrolmentId } of klass.people) {
    await t.db
      .insertInto('training.hour_entries')
      .values({
        ...{ person_id: id, enrolment_id: enrolmentId, class_id: klass.id, source: 'class', on_day: '2021-08-20' },
        ...{ minutes: 450, grade: 'A', evidence: '{}', at: testNow, by_user: 'test' },
      })
      .execute()
  }
})
afterAll(() => t.close())

const setting = (key: string, value: number | null, from = '2021-08-01', to: string | null = null): SettingRow => ({
  ...{ id: 'x', kind: 'figure', key, value, from: day(from), to: to === null ? null : day(to), source: '会议纪要' },
  ...{ state: 'proposed', proposedBy: 'a', proposedByName: '甲', proposedAt: testNow },
  ...{ settledByName: null, settledAt: null, note: '' },
})

test.each([
  ['a higher rate', 'R04.rate', 4_000, { beforeFen: 54_000, afterFen: 72_000, gain: 2, lose: 0 }],
  ['a lower cap', 'R04.cap', 20_000, { beforeFen: 54_000, afterFen: 40_000, gain: 0, lose: 2 }],
  ['a longer class hour', 'R03.minutes', 60, { beforeFen: 54_000, afterFen: 39_000, gain: 0, lose: 2 }],
  ['a rate that nobody has decided', 'R04.rate', null, { beforeFen: 54_000, afterFen: 0, gain: 0, lose: 2 }],
] as const)('R04 %s, replayed over what was claimed', async (_, key, value, claimed) => {
  const replay = await replaySetting(leader(), setting(key, value))
  expect(replay?.claimed).toEqual({ classes: 1, persons: 2, ...claimed })
  expect(replay?.drafts.persons).toBe(0)
})

test('R04 and over what was not yet claimed, by the rule itself: who did not pass gains nothing', async () => {
  const replay = await replaySetting(leader(), setting('R04.rate', 4_000))
  expect(replay?.programmes).toEqual(['企业适岗培训'])
  expect(replay?.unclaimed).toEqual({
    ...{ of: 1, classes: 1, persons: 2, beforeFen: 24_000, afterFen: 32_000, gain: 1, lose: 0 }, // eight class hours a day
  })
})

test('R04 only classes that end in the days of the setting; nothing for figures without money', async () => {
  const before = await replaySetting(leader(), setting('R04.rate', 4_000, '2021-01-01', '2021-07-31'))
  expect([before?.claimed.persons, before?.unclaimed.of]).toEqual([0, 0])
  expect(await replaySetting(leader(), setting('R33.review', 5))).toBeNull()
  expect(await replaySetting(leader(), { ...setting('D-02', null), kind: 'decision' })).toBeNull()
})
