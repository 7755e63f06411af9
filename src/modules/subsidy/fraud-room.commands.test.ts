/**
 * The fraud museum, room two: class rooms, institutions, money.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { claimant } from '../../../tests/fixtures/claims.ts'
import {
  claimOf,
  closeMuseum,
  cook,
  type Exhibit,
  firm,
  first,
  manyResults,
  office,
  openMuseum,
  provider,
  shows,
  t,
  tamper,
} from '../../../tests/fixtures/museum.ts'
import { sendData } from '../../../tests/fixtures/taught.ts'

const museum: Exhibit[] = [
  ['C12 a school without a licence', { C12: ['claim'] }, async () => provider({ licence: null, occupation: cook })],
  [
    'C12 an occupation outside the licence',
    { C12: ['claim'] },
    async () => provider({ licence: ['2015:4-10-01-06'], occupation: cook }),
  ],
  ['C12 more people than seats', { C12: ['claim'] }, async () => firm({ seats: 2 })],
  [
    'C13 a trainer whose term is over',
    { C13: ['claim'] },
    async () => {
      const of = await firm()
      await t.db
        .updateTable('training.trainers')
        .set({ valid_to: '2021-08-10' })
        .where('person_id', '=', of.cls.trainerPersonId)
        .execute()
      return of
    },
  ],
  [
    'C15 one phone signs in a whole class',
    { C15: [0, 1, 2, 3, 4] },
    async () => firm({ size: 5, device: () => 'the one phone' }),
  ],
  ['C15 a class typed in afterwards', { C15: ['claim'] }, async () => firm({ manual: true })],
  [
    'C17 an hour added to the claim behind the ledger’s back',
    { C17: [0] },
    async () => {
      const of = await firm()
      const claimId = await claimOf(of)
      await tamper('alter table subsidy.claim_lines disable trigger user', [])
      await tamper('alter table subsidy.claims disable trigger user', [])
      await tamper(
        'update subsidy.claim_lines set minutes = 945, class_hours = 21, amount_fen = 63000 where claim_id = $1 and enrolment_id = $2',
        [claimId, first(of).enrolmentId],
      )
      await tamper('update subsidy.claims set amount_fen = amount_fen + 3000 where id = $1', [claimId])
      await tamper('alter table subsidy.claim_lines enable trigger user', [])
      await tamper('alter table subsidy.claims enable trigger user', [])
      return of
    },
  ],
  [
    'C18 a burst: 201 passes of one institution on one day',
    { C18: ['claim'] },
    async () => {
      const of = await firm({ size: 3 })
      await manyResults(of, 198, new Date('2021-09-01T15:00:00+08:00'), 0)
      return of
    },
  ],
  [
    'C18 nobody ever fails',
    { C18: ['claim'] },
    async () => {
      const of = await firm({ size: 3 })
      await manyResults(of, 60, new Date('2021-06-01T15:00:00+08:00'), 0)
      return of
    },
  ],
  [
    'C19 an account that belongs to another firm as well',
    { C19: ['claim'] },
    async () => {
      const of = await firm()
      const other = await claimant(t.db)
      await tamper(
        'update people.bank_accounts set account_index = (select account_index from people.bank_accounts where id = $1) where id = $2',
        [other.accountId, of.org.accountId],
      )
      return of
    },
  ],
  [
    'C20 a shell founded after the class began',
    { C20: ['claim'] },
    async () => {
      const of = await firm()
      await tamper("update people.organisations set registered_on = '2021-08-20' where id = $1", [of.org.id])
      return of
    },
  ],
  [
    'C20 an organisation on the dishonesty list',
    { C20: ['claim'] },
    async () => {
      const of = await firm()
      await sendData(office(), 'dishonest-organisations', [[of.org.uscc, '2021-05-01']])
      return of
    },
  ],
  [
    'C21 a trainee who says on the phone that he never came',
    { C21: [0] },
    async () => {
      const of = await firm()
      const claimId = await claimOf(of)
      await tamper(
        `insert into subsidy.callbacks (claim_id, line_id, method, outcome, by_user, by_name, at)
         select claim_id, id, 'phone', 'denied', 'inspector', '检查员', now() from subsidy.claim_lines where claim_id = $1 and enrolment_id = $2`,
        [claimId, first(of).enrolmentId],
      )
      return of
    },
  ],
  [
    'C23 a score changed by one person',
    { C23: [0] },
    async () => {
      const of = await firm()
      await tamper('alter table assessment.score_changes drop constraint score_change_needs_two_persons', [])
      await tamper(
        `insert into assessment.score_changes (score_id, from_tenths, to_tenths, reason, state, proposed_by, proposed_by_name, proposed_at, decided_by, decided_by_name, decided_at)
       select id, 400, 800, '登分错误', 'approved', 'typist', '教务甲', now(), 'typist', '教务甲', now() from assessment.scores where enrolment_id = $1 and part = 'theory'`,
        [first(of).enrolmentId],
      )
      await tamper(
        'alter table assessment.score_changes add constraint score_change_needs_two_persons check (decided_by is null or decided_by <> proposed_by) not valid',
        [],
      )
      return of
    },
  ],
  [
    'C23 a result that the scores do not give',
    { C23: [0] },
    async () => {
      const of = await firm()
      await tamper("update assessment.scores set tenths = 300 where enrolment_id = $1 and part = 'practice'", [
        first(of).enrolmentId,
      ])
      return of
    },
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
