/**
 * The fraud museum, room one: people. Each finding of an audit report is a made-up class; what must be found is found by
 * the named control and by no other.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor, testCrypto, testNow } from '#platform/testing.ts'
import { claimant, person } from '../../../tests/fixtures/claims.ts'
import {
  claimOf,
  closeMuseum,
  cook,
  type Exhibit,
  firm,
  first,
  insure,
  office,
  openMuseum,
  provider,
  shows,
  t,
  tamper,
  verify,
} from '../../../tests/fixtures/museum.ts'
import { credit, many, sendData, taughtClass } from '../../../tests/fixtures/taught.ts'
import { submitClaim } from './submission.commands.ts'

const museum: Exhibit[] = [
  [
    'C01 a made-up document number',
    { C01: [0] },
    async () => {
      const of = await firm()
      await tamper('update people.persons set document_sealed = $1 where id = $2', [
        testCrypto.seal('440105199002300017', 'person.document'),
        first(of).id,
      ])
      return of
    },
  ],
  [
    'C02 a trainee who had died',
    { C02: [0] },
    async () => {
      const of = await firm()
      await sendData(office(), 'deceased', [['', first(of).number, '2021-08-01']])
      return of
    },
  ],
  [
    'C03 a retired trainee',
    { C03: [0] },
    async () => {
      const of = await firm()
      await sendData(office(), 'pension', [['', first(of).number, '2019-06-01']])
      return of
    },
  ],
  [
    'C04 an official on the payroll',
    { C04: [0] },
    async () => {
      const of = await firm()
      await sendData(office(), 'payroll-staff', [['居民身份证', first(of).number, '2015-09-01']])
      return of
    },
  ],
  [
    'C05 a student in the roster',
    { C05: [0] },
    async () => {
      const of = await firm()
      await sendData(office(), 'full-time-student', [['', first(of).number, '2019-09-01', '2022-06-30']])
      return of
    },
  ],
  [
    'C06 C22 a relative who never worked there',
    { C06: [0], C22: [0] },
    async () => {
      const people = await many(t.db, 3)
      const org = await claimant(t.db)
      await insure(org, people.slice(1))
      return firm({ org, people, insured: false })
    },
  ],
  [
    'C06 C22 a leaver: insured for the first two mornings only',
    { C06: [0], C22: [0] },
    async () => {
      const people = await many(t.db, 2)
      const org = await claimant(t.db)
      await insure(org, people.slice(1))
      await insure(org, people.slice(0, 1), '2020-01-01', '2021-08-10')
      return firm({ org, people, insured: false })
    },
  ],
  [
    'C22 left between class and claim',
    { C22: [0] },
    async () => {
      const people = await many(t.db, 2)
      const org = await claimant(t.db)
      await insure(org, people.slice(1))
      await insure(org, people.slice(0, 1), '2020-01-01', '2021-08-31')
      return firm({ org, people, insured: false })
    },
  ],
  [
    'C07 “unemployed” and insured by a firm',
    { C07: [0] },
    async () => {
      const of = await provider({ group: 'registeredUnemployed' })
      await verify(of, 'registeredUnemployed')
      await insure(of.org, [first(of)])
      return of
    },
  ],
  [
    'C08 in two class rooms on the same morning',
    { C08: [0] },
    async () => {
      const other = await firm()
      const of = await firm({ people: [await person(t.db), ...(await many(t.db, 2))] })
      const also = await t.db
        .insertInto('training.enrolments')
        .values({
          class_id: other.cls.id,
          person_id: first(of).id,
          source: 'form',
          state: 'passed',
          enrolled_at: testNow,
          enrolled_by: 'test',
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await credit(t.db, {
        classId: other.cls.id,
        sessionId: other.cls.sessions[0] ?? '',
        one: { id: first(of).id, enrolmentId: also.id },
        day: '2021-08-09',
        minutes: 180,
      })
      return of
    },
  ],
  [
    'C08 learning here while teaching there',
    { C08: [0] },
    async () => {
      const of = await firm()
      await taughtClass(t.db, await claimant(t.db), { trainer: first(of).id })
      return of
    },
  ],
  [
    'C09 the same certificate twice',
    { C09: [0] },
    async () => {
      const earlier = await provider({ occupation: cook, level: '5' })
      const claimId = await claimOf(earlier)
      await submitClaim(ctxFor(t.db, earlier.org.actor), { claimId, version: 1, commitment: 'on' })
      const sessions = ['23', '24', '25'].map((d) => ({ day: `2021-08-${d}`, from: '09:00', to: '12:00' }))
      return provider({ people: [first(earlier), ...(await many(t.db, 2))], occupation: cook, level: '5', sessions })
    },
  ],
  [
    'C09 paid by another district',
    { C09: [0] },
    async () => {
      const of = await provider({ occupation: cook, level: '5' })
      await sendData(office(), 'paid-elsewhere', [
        ['', first(of).number, '技能提升补贴', '4-03-02-01', '5', '1000', '2020-11-01'],
      ])
      return of
    },
  ],
  [
    'C10 a year paid elsewhere after the claim was drawn up',
    { C10: [0] },
    async () => {
      const of = await firm()
      await claimOf(of)
      await sendData(office(), 'paid-elsewhere', [
        ['', first(of).number, '企业适岗培训', '', '', '900.00', '2021-03-01'],
      ])
      return of
    },
  ],
  [
    'C11 a disability certificate rented after it ran out',
    { C11: [0, 1, 2] },
    async () => provider({ group: 'disabled' }),
  ],
]

describe('fraud museum: found, by the right control and by no other', () => {
  beforeAll(() => openMuseum({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }))
  afterAll(() => closeMuseum())

  test.each(museum)('%s', async (_title, expected, make) => {
    const [found, wanted] = await shows(expected, make)
    expect(found).toEqual(wanted)
  })
})
