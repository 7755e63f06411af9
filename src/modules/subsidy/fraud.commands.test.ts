/**
 * The fraud museum: each finding of an audit report as a made-up class, and beside them honest classes. What must be
 * found is found by the named control and by no other; nothing is found against the honest.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { creditCode } from '#demo/synthetic.ts'
import { ctxFor, freshDb, type TestDb, testCrypto, testNow, user } from '#platform/testing.ts'
import { type Claimant, claimant, desk, person, type TestPerson } from '../../../tests/fixtures/claims.ts'
import {
  attend,
  credit,
  many,
  sendData,
  setFigure,
  type Taught,
  type TaughtOptions,
  taughtClass,
} from '../../../tests/fixtures/taught.ts'
import { draftClaim } from './claim.commands.ts'
import { checkClaim } from './control.commands.ts'
import { submitClaim } from './submission.commands.ts'

let t: TestDb
const intake = user('李受理', [{ role: 'hr-intake' }])
const office = () => ctxFor(t.db, intake)

beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  await setFigure(t.db, 'R05.months', 6)
  await setFigure(t.db, 'R-PB.rate', 2500)
  await setFigure(t.db, 'R-PB.cap', 80_000)
  const nobody = '440105195001010019'
  await sendData(office(), 'deceased', [['', nobody, '2020-01-01']])
  await sendData(office(), 'pension', [['', nobody, '2010-01-01']])
  await sendData(office(), 'payroll-staff', [['', nobody, '2010-01-01']])
  await sendData(office(), 'full-time-student', [['', nobody, '2010-01-01']])
  await sendData(office(), 'paid-elsewhere', [['', nobody, '企业适岗培训', '', '', '1', '2021-01-01']])
  await sendData(office(), 'dishonest-organisations', [[creditCode('91', 987_654), '2021-01-01']])
})
afterAll(() => t.close())

type Case = { org: Claimant; cls: Taught }
type Options = TaughtOptions & { insured?: boolean; org?: Claimant }

/** A class whose people are all insured by the firm, as honest firms' people are. */
async function firm(options: Options = {}): Promise<Case> {
  const org = options.org ?? (await claimant(t.db))
  const people = options.people ?? (await many(t.db, options.size ?? 3))
  if (options.insured !== false) await insure(org, people)
  return { org, cls: await taughtClass(t.db, org, { ...options, people }) }
}

const insure = (org: Claimant, people: readonly TestPerson[], from = '2020-01-01', to = '') =>
  sendData(
    office(),
    'social-insurance',
    people.map((p) => ['', p.number, org.uscc, from, to]),
  )

/** A provider with a licence teaching people who look for work. */
async function provider(options: Options & { licence?: string[] | null } = {}): Promise<Case> {
  const org = options.org ?? (await claimant(t.db, '海珠区技能培训学校'))
  if (options.licence !== null) {
    await t.db
      .insertInto('people.licences')
      .values({
        organisation_id: org.id,
        number: '人社民4401054000001',
        kind: 'school-permit',
        occupations: options.licence ?? [],
        valid_from: '2018-01-01',
        issuer: '区人社局',
        recorded_at: testNow,
        recorded_by: 'test',
      })
      .execute()
  }
  const people = options.people ?? (await many(t.db, options.size ?? 3))
  await sendData(office(), 'social-insurance', [['', '440105195001010019', org.uscc, '2010-01-01', '2010-12-31']])
  return { org, cls: await taughtClass(t.db, org, { ...options, people, programme: 'project-based' }) }
}

async function claimOf({ org, cls }: Case): Promise<string> {
  return (await draftClaim(ctxFor(t.db, org.actor), { classId: cls.id })).claimId
}

/** Failing controls, each with the persons it fails for (by place in the class); `claim` where it is the whole. */
async function findings(of: Case, claimId?: string): Promise<Record<string, (number | 'claim')[]>> {
  const id = claimId ?? (await claimOf(of))
  const run = await checkClaim(ctxFor(t.db, of.org.actor), { claimId: id })
  const { rows } = await sql<{
    id: string
    enrolment_id: string
  }>`select id, enrolment_id from subsidy.claim_lines where claim_id = ${id}`.execute(t.db)
  const placeOf = new Map(
    rows.map((row) => [row.id, of.cls.people.findIndex((p) => p.enrolmentId === row.enrolment_id)]),
  )
  const found: Record<string, (number | 'claim')[]> = {}
  for (const f of run.findings.filter((one) => one.verdict === 'fail')) {
    const whole =
      f.lineId === null && !run.findings.some((o) => o.control === f.control && o.lineId && o.verdict === 'fail')
    if (f.lineId) found[f.control] = [...(found[f.control] ?? []), placeOf.get(f.lineId) ?? -1].sort()
    else if (whole) found[f.control] = ['claim']
  }
  return found
}

const cook = { edition: '2015', code: '4-03-02-01' }
const first = (of: Case): Taught['people'][number] => {
  const [one] = of.cls.people
  if (!one) throw new Error('nobody')
  return one
}
/** What the application's own role may never write. */
const tamper = (text: string, values: unknown[]) => t.owner.query(text, values)

const museum: [title: string, expected: Record<string, (number | 'claim')[]>, make: () => Promise<Case>][] = [
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

async function verify(of: Case, group: string): Promise<void> {
  for (const one of of.cls.people) {
    await t.db
      .insertInto('people.group_memberships')
      .values({
        person_id: one.id,
        group_code: group,
        source_body: 'hrssBureau',
        evidence: '登记凭证',
        validity: '[2021-01-01,2022-01-01)',
        verified_at: testNow,
        verified_by: 'test',
      })
      .execute()
  }
}

/** Results of other classes of the same institution: `failed` of them not passed. */
async function manyResults(of: Case, passed: number, decidedAt: Date, failed: number): Promise<void> {
  await sql`
    with k as (insert into training.classes (number, plan_id, organisation_id, programme, title, subdistrict, capacity, class_hours, starts_on, ends_on, state)
        select number || '-B', plan_id, organisation_id, programme, title || '乙', subdistrict, 2000, class_hours, starts_on, ends_on, 'closed'
        from training.classes where id = ${of.cls.id} returning id),
    p as (insert into people.persons (document_kind, document_sealed, document_index, document_masked, name_sealed, name_index, name_masked, details_sealed, created_at)
        select 'passport', 'x', gen_random_uuid()::text, 'x', 'x', 'x', 'x', 'x', now() from generate_series(1, ${passed + failed}::int) returning id),
    e as (insert into training.enrolments (class_id, person_id, source, state, enrolled_at, enrolled_by)
        select k.id, p.id, 'form', 'passed', now(), 'test' from k, p returning id, class_id, person_id),
    a as (insert into assessment.assessments (class_id, theory_weight, practice_weight, scheduled_by, scheduled_at)
        select id, 40, 60, 'test', now() from k returning id)
    insert into assessment.results (assessment_id, class_id, enrolment_id, person_id, revision, passed, total_millipoints, pass_mark,
      attended_minutes, planned_minutes, attendance_percent, class_hours, explanation, decided_by, decided_at)
    select a.id, e.class_id, e.id, e.person_id, 1, row_number() over () > ${failed}::int,
      case when row_number() over () > ${failed}::int then 80000 else 40000 end, 60, 900, 900, 80, 20, '[]', 'head', ${decidedAt}
    from a, e
  `.execute(t.db)
}

describe('fraud museum: found, by the right control and by no other', () => {
  test.each(museum)('%s', async (_title, expected, make) => {
    const of = await make()
    const known = await t.db
      .selectFrom('subsidy.claims')
      .select('id')
      .where('class_id', '=', of.cls.id)
      .executeTakeFirst()
    expect(await findings(of, known?.id)).toEqual(expected)
  })
})

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
    expect(desk().first.name).toBeTruthy()
  })
})
