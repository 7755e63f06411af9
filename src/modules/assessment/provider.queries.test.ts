import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, systemActor, type TestDb } from '#platform/testing.ts'
import { claimant } from '../../../tests/fixtures/claims.ts'
import { approvedClass as openClass } from '../../../tests/fixtures/training.ts'
import { providerPage, providers, shownRate } from './provider.queries.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 4)
})
afterAll(() => t.close())
const ctx = () => ctxFor(t.db, systemActor)

test('C12 a body is listed with its licences in force and its open classes; an employer is not', async () => {
  const made = await openClass(t.db)
  const employer = await claimant(t.db)
  const { rows } = await providers(ctx())
  const found = rows.find((row) => row.id === made.of.id)
  expect(found).toMatchObject({ type: 'provider', status: 'active', openClasses: 1, passRate: null })
  expect(found?.licences).toMatchObject([{ any: true, number: '人社民4401054000001' }])
  expect(rows.map((row) => row.id)).not.toContain(employer.id)
  await expect(providerPage(ctx(), employer.id)).rejects.toMatchObject({ fault: { kind: 'missing' } })
  const page = await providerPage(ctx(), made.of.id)
  expect(page.classes).toMatchObject([{ id: made.classId, taken: 2 }])
  expect(page.allLicences).toMatchObject([{ inForce: true }])
})

test('C12 a licence that has run out is shown on the page, not in the list', async () => {
  const made = await openClass(t.db)
  await t.db
    .updateTable('people.licences')
    .set({ valid_to: '2021-09-14' })
    .where('organisation_id', '=', made.of.id)
    .execute()
  const { rows } = await providers(ctx(), { subdistrict: '440105001' })
  expect(rows.find((row) => row.id === made.of.id)?.licences).toEqual([])
  expect((await providerPage(ctx(), made.of.id)).allLicences).toMatchObject([{ inForce: false }])
})

test('C12 names are found by a part; signs of the pattern language are letters', async () => {
  const made = await openClass(t.db)
  const { name } = await providerPage(ctx(), made.of.id)
  expect((await providers(ctx(), { q: name.slice(2, 9) })).rows.map((row) => row.id)).toContain(made.of.id)
  expect((await providers(ctx(), { q: '%' })).rows).toEqual([])
})

test('C18 R37 a rate over few persons is not shown, nor while nobody has said how few', () => {
  expect(shownRate({ assessed: 29, passed: 29 }, 30)).toBeNull()
  expect(shownRate({ assessed: 30, passed: 27 }, 30)).toEqual({ percent: 90, assessed: 30 })
  expect(shownRate({ assessed: 300, passed: 270 }, null)).toBeNull()
  expect(shownRate({ assessed: 0, passed: 0 }, 0)).toBeNull()
})
