import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { freshDb, type TestDb } from '#platform/testing.ts'
import { institution } from '../../../tests/fixtures/training.ts'
import { LibraryFilter, libraryPage } from './catalogue.queries.ts'

let t: TestDb
let organisationId: string

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  organisationId = (await institution(t.db)).id
  await sql`insert into occupations.occupations (edition, code, title, level_scheme, verified, source)
    values ('2022', '4-03-02-01', '中式烹调师', 'SKILL_5', true, 'test') on conflict do nothing`.execute(t.db)
})
afterAll(() => t.close())

const kind = fc.record({
  state: fc.constantFrom('draft', 'trial', 'admitted', 'withdrawn'),
  occupation: fc.constantFrom(null, '4-03-02-01'),
  level: fc.constantFrom(null, '3', '4', '5'),
  groups: fc.constantFrom([], ['veterans'], ['veterans', 'disabled']),
  hours: fc.constantFrom(0, 4, 5, 16, 17, 40),
  captioned: fc.boolean(),
  subsidised: fc.boolean(),
})
type Kind = typeof kind extends fc.Arbitrary<infer K> ? K : never

/** The course `n` of this organisation, made when it is not there, as the commands would leave it. */
async function put(n: number, to: Kind): Promise<void> {
  await t.db.transaction().execute(async (tx) => {
    const number = `KC-SHELF-${n}`
    await sql`insert into library.courses (number, organisation_id, title, created_by, created_at, search)
      values (${number}, ${organisationId}, '货架', 'test', now(), to_tsvector('simple', '货架')) on conflict do nothing`.execute(
      tx,
    )
    await sql`with made as (
      insert into library.versions (course_id, number, planned_class_hours, state, published_at, created_by, created_at)
      select id, 1, 1, 'published', now(), 'test', now() from library.courses where number = ${number} and current_version_id is null returning id, course_id)
      update library.courses c set current_version_id = made.id from made where c.id = made.course_id`.execute(tx)
    await sql`update library.courses set state = ${to.state}, occupation_edition = ${to.occupation && '2022'}, occupation_code = ${to.occupation},
      level = ${to.level}, groups = ${to.groups}, planned_class_hours = ${to.hours}, captioned = ${to.captioned}, subsidised = ${to.subsidised}
      where number = ${number}`.execute(tx)
  })
}

test('HZ4-M13 kept counts are what counting anew gives, whatever courses become', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: 5 }), kind), { minLength: 1, maxLength: 12 }), async (moves) => {
      for (const [n, to] of moves) await put(n, to)
      for (const choice of [{}, { level: '5' }, { hours: 'middle' }, { group: 'veterans' }, { captioned: 'yes' }]) {
        const kept = await libraryPage(t, LibraryFilter.parse(choice))
        const counted = await libraryPage(t, LibraryFilter.parse({ ...choice, q: '货架' }))
        expect(kept).toEqual(counted)
        expect(kept.total).toBe(kept.rows.length)
      }
    }),
    { numRuns: 25 },
  )
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from library.shelves where courses > 0`.execute(
    t.db,
  )
  expect(rows[0]?.n).toBeGreaterThan(0)
})

test('HZ4-M13 two courses that change places at once are both counted', async () => {
  const one: Kind = {
    state: 'admitted',
    occupation: null,
    level: '3',
    groups: [],
    hours: 40,
    captioned: true,
    subsidised: true,
  }
  const two: Kind = { ...one, level: '4' }
  await put(10, one)
  await put(11, two)
  for (let round = 0; round < 10; round++) {
    const [first, second] = round % 2 === 0 ? [two, one] : [one, two]
    await Promise.all([put(10, first), put(11, second)])
  }
  for (const level of ['3', '4']) {
    const kept = await libraryPage(t, LibraryFilter.parse({ level }))
    expect(kept.rows.filter((row) => /-1[01]$/.test(row.number ?? ''))).toHaveLength(1)
    expect(kept).toEqual(await libraryPage(t, LibraryFilter.parse({ level, q: '货架' })))
  }
})

test('HZ4-M13 a draft that goes changes no count; nobody but the database counts', async () => {
  const total = async () => (await libraryPage(t, LibraryFilter.parse({}))).total
  const before = await total()
  await sql`insert into library.courses (number, organisation_id, title, created_by, created_at)
    values ('KC-SHELF-20', ${organisationId}, '草稿', 'test', now())`.execute(t.db)
  const gone = await t.owner.query(`delete from library.courses where number = 'KC-SHELF-20'`)
  expect(gone.rowCount).toBe(1)
  expect(await total()).toBe(before)
  await expect(sql`update library.shelves set courses = 0`.execute(t.db)).rejects.toThrow(/permission denied/)
})
