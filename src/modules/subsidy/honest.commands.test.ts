/**
 * The museum's other half: honest classes that look a little like the exhibits. Nothing is found against them.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor } from '#platform/testing.ts'
import { claimant } from '../../../tests/fixtures/claims.ts'
import {
  type Case,
  claimOf,
  closeMuseum,
  cook,
  findings,
  firm,
  first,
  insure,
  manyResults,
  office,
  openMuseum,
  provider,
  t,
  verify,
} from '../../../tests/fixtures/museum.ts'
import { attend, many, sendData } from '../../../tests/fixtures/taught.ts'
import { checkClaim } from './control.commands.ts'
import { submitClaim } from './submission.commands.ts'

const honest: [title: string, make: () => Promise<Case>][] = [
  ['an ordinary firm', () => firm()],
  ['a class with failures', () => firm({ size: 6, failed: 2 })],
  ['a large class that all pass', () => firm({ size: 29 })],
  ['a school with its licence', () => provider({ occupation: cook, level: '5', licence: ['2015:4-03-02-01'] })],
  [
    'registered unemployed people who are',
    async () => {
      const of = await provider({ group: 'registeredUnemployed' })
      await verify(of, 'registeredUnemployed')
      return of
    },
  ],
  ['a couple who share a phone', () => firm({ size: 4, device: (i) => (i < 2 ? 'shared' : `own-${i}`) })],
  [
    'somebody who was signed in by hand once',
    async () => {
      const of = await firm({
        size: 3,
        sessions: [
          { day: '2021-08-16', from: '09:00', to: '12:00' },
          { day: '2021-08-17', from: '09:00', to: '12:00' },
        ],
      })
      const [one] = of.cls.people
      const session = await t.db
        .selectFrom('training.sessions')
        .select(['id', 'trainer_id', 'trainer_person_id', 'room_id'])
        .where('class_id', '=', of.cls.id)
        .limit(1)
        .executeTakeFirstOrThrow()
      const { rows } = await sql<{
        id: string
      }>`insert into training.sessions (class_id, trainer_id, trainer_person_id, room_id, title, during, state, closed_at)
      values (${of.cls.id}, ${session.trainer_id}, ${session.trainer_person_id}, ${session.room_id}, '补课', '[2021-08-18 09:00+08,2021-08-18 12:00+08)', 'closed', now()) returning id`.execute(
        t.db,
      )
      if (one)
        await attend(t.db, {
          classId: of.cls.id,
          sessionId: rows[0]?.id ?? '',
          one,
          during: '[2021-08-18 09:00+08,2021-08-18 12:00+08)',
          day: '2021-08-18',
          minutes: 180,
          kind: 'manual',
          device: '',
        })
      return of
    },
  ],
  [
    'a dispatched worker whom the agency insures',
    async () => {
      const people = await many(t.db, 2)
      const org = await claimant(t.db)
      await insure(org, people.slice(1))
      await insure(await claimant(t.db, '海珠区劳务派遣公司'), people.slice(0, 1))
      const of = await firm({ org, people, insured: false })
      const { enrolmentId } = first(of)
      await t.db
        .updateTable('training.enrolments')
        .set({ employment: 'dispatch' })
        .where('id', '=', enrolmentId)
        .execute()
      return of
    },
  ],
  [
    'a student who had left school',
    async () => {
      const of = await firm()
      await sendData(office(), 'full-time-student', [['', first(of).number, '2017-09-01', '2021-06-30']])
      return of
    },
  ],
  [
    'somebody who died after the class',
    async () => {
      const of = await firm()
      await sendData(office(), 'deceased', [['', first(of).number, '2021-08-20']])
      return of
    },
  ],
  [
    'somebody who leaves one class early and comes late to another',
    async () => {
      const people = await many(t.db, 2)
      const org = await claimant(t.db)
      await firm({ org, people, sessions: [{ day: '2021-08-19', from: '09:00', to: '12:00' }], minutes: 90 })
      return firm({
        people,
        org: await claimant(t.db),
        sessions: [{ day: '2021-08-19', from: '11:00', to: '13:00' }],
        minutes: 120,
        insured: false,
      }).then(async (of) => {
        await insure(of.org, people)
        return of
      })
    },
  ],
  [
    'a second occupation in the same year',
    async () => {
      const earlier = await provider({ occupation: cook, level: '5' })
      const claimId = await claimOf(earlier)
      await submitClaim(ctxFor(t.db, earlier.org.actor), { claimId, version: 1, commitment: 'on' })
      const sessions = ['23', '24', '25'].map((d) => ({ day: `2021-08-${d}`, from: '14:00', to: '17:00' }))
      return provider({
        people: earlier.cls.people,
        occupation: { edition: '2015', code: '4-03-02-02' },
        level: '5',
        sessions,
      })
    },
  ],
  [
    'an institution where ten of a hundred and ten fail',
    async () => {
      const of = await firm()
      await manyResults(of, 97, new Date('2021-06-01T15:00:00+08:00'), 10)
      return of
    },
  ],
]

describe('honest classes: nothing is found', () => {
  beforeAll(() => openMuseum({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }))
  afterAll(() => closeMuseum())

  test.each(honest)('%s', async (_title, make) => {
    expect(await findings(await make())).toEqual({})
  })

  test('C03 without data the answer is “not checked”, never “fine”', async () => {
    const of = await firm({ sessions: [{ day: '2021-08-16', from: '09:00', to: '12:00' }] })
    await t.db
      .updateTable('subsidy.datasets')
      .set({ state: 'withdrawn', withdrawn_by: 'x', withdraw_reason: '测试停用' })
      .where('kind', '=', 'pension')
      .execute()
    const run = await checkClaim(ctxFor(t.db, of.org.actor), { claimId: await claimOf(of) })
    expect(run.findings.filter((f) => f.control === 'C03')).toMatchObject([
      { verdict: 'unknown', reason: 'no-data', evidence: { data: '养老金领取' } },
    ])
    await t.db.updateTable('subsidy.datasets').set({ state: 'imported' }).where('kind', '=', 'pension').execute()
  })

  test('C25 the trail of a run names nobody', async () => {
    const { rows } = await sql<{
      text: string
    }>`select string_agg(evidence::text, '') as text from subsidy.control_results`.execute(t.db)
    expect(rows[0]?.text).not.toMatch(/\d{17}[\dX]|张小明/)
  })
})
