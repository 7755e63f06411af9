import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { reverseHours } from '#modules/training/hours.commands.ts'
import type { Actor } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { type Claimant, claimant, desk, person } from '../../../tests/fixtures/claims.ts'
import { financeOf, setFigure, type Taught, type TaughtOptions, taughtClass } from '../../../tests/fixtures/taught.ts'
import { draftClaim, dropLine, refreshClaim, restoreLine, withdrawClaim } from './claim.commands.ts'
import { linesOn } from './line.commands.ts'
import { explainDifference } from './line.rules.ts'
import type { LineFacts } from './line.schema.ts'
import { quote } from './quote.commands.ts'
import { latestQuote, quoteById } from './quote.queries.ts'
import { recallClaim, submitClaim } from './submission.commands.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
  await setFigure(t.db, 'R05.months', 6)
})
afterAll(() => t.close())

const as = (actor: Actor, now = testNow) => ctxFor(t.db, actor, now)
const fault = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  )
  return error instanceof AppError ? error.fault : error
}
const reason = async (work: Promise<unknown>) => {
  const found = await fault(work)
  return typeof found === 'object' && found !== null && 'refusal' in found
    ? (found.refusal as { reason: string }).reason
    : found
}
const firm = async (options: TaughtOptions = {}): Promise<{ org: Claimant; hr: Actor; cls: Taught }> => {
  const org = await claimant(t.db)
  return { org, hr: org.actor, cls: await taughtClass(t.db, org, options) }
}
const claimRow = (id: string) =>
  t.db.selectFrom('subsidy.claims').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const submit = async (hr: Actor, claimId: string, now = testNow) =>
  submitClaim(as(hr, now), { claimId, version: (await claimRow(claimId)).version, commitment: 'on' })
const spent = async (classId: string) => {
  const { rows } = await sql<{ n: number }>`select coalesce(sum(s.minutes), 0)::int as n from training.hour_spends s
    join training.hour_entries h on h.id = s.entry_id where h.class_id = ${classId}`.execute(t.db)
  return rows[0]?.n
}

describe('R04 drawing up a claim', () => {
  test('R04 everybody who passed, 20 hours at 30 yuan, nobody typed an amount', async () => {
    const { hr, cls } = await firm({ failed: 1 })
    const made = await draftClaim(as(hr), { classId: cls.id })
    expect(made).toMatchObject({ state: 'draft', amountFen: 120_000, linesCount: 2 })
    expect(made.number).toMatch(/^SL2021-\d{6}$/)
    const lines = await linesOn(t, made.claimId)
    expect(lines.map((line) => line.amountFen)).toEqual([60_000, 60_000])
    expect(await spent(cls.id)).toBe(1800)
    const line = await t.db
      .selectFrom('subsidy.claim_lines')
      .select('explanation')
      .where('claim_id', '=', made.claimId)
      .limit(1)
      .executeTakeFirstOrThrow()
    expect((line.explanation as { rule: string; result: string }[]).map((step) => [step.rule, step.result])).toEqual([
      ['R03', '20 课时'],
      ['R04', '600.00 元'],
      ['C10', '未超过上限'],
    ])
  })

  test('R04 refused: not closed, already claimed, nobody passed, not theirs', async () => {
    const { hr, cls } = await firm()
    const other = await claimant(t.db)
    expect(await fault(draftClaim(as(other.actor), { classId: cls.id }))).toMatchObject({ kind: 'missing' })
    expect(await fault(draftClaim(as(desk().first), { classId: cls.id }))).toMatchObject({ kind: 'forbidden' })
    expect(await fault(draftClaim(as(hr), { classId: 'x' }))).toMatchObject({ kind: 'invalid' })
    await t.db.updateTable('training.classes').set({ state: 'assessed' }).where('id', '=', cls.id).execute()
    expect(await reason(draftClaim(as(hr), { classId: cls.id }))).toBe('class-not-closed')
    await t.db.updateTable('training.classes').set({ state: 'closed' }).where('id', '=', cls.id).execute()
    await draftClaim(as(hr), { classId: cls.id })
    expect(await reason(draftClaim(as(hr), { classId: cls.id }))).toBe('claim-exists')
    const none = await firm({ size: 1, failed: 1 })
    expect(await reason(draftClaim(as(none.hr), { classId: none.cls.id }))).toBe('nobody-payable')
  })

  test('R04 a programme whose rate nobody has decided is not computed', async () => {
    const { hr, cls } = await firm({ programme: 'project-based' })
    expect(await fault(draftClaim(as(hr), { classId: cls.id }))).toMatchObject({
      refusal: { reason: 'figure-undecided', facts: { figure: 'R-PB.rate' } },
    })
  })

  test('R04 two drafts of one class at one moment: one is made', async () => {
    const { hr, cls } = await firm()
    const tries = await Promise.all(Array.from({ length: 6 }, () => reason(draftClaim(as(hr), { classId: cls.id }))))
    expect(tries.filter((one) => one === undefined)).toHaveLength(1)
    expect(tries.filter((one) => one === 'claim-exists')).toHaveLength(5)
    expect(await spent(cls.id)).toBe(2700)
  })

  test('R05 the window closes six months after the last day of class', async () => {
    const { hr, cls } = await firm()
    expect(await reason(draftClaim(as(hr, new Date('2022-02-14T10:00:00+08:00')), { classId: cls.id }))).toBe(
      'late-claim',
    )
    const { claimId } = await draftClaim(as(hr, new Date('2022-02-13T10:00:00+08:00')), { classId: cls.id })
    expect(await reason(submit(hr, claimId, new Date('2022-02-14T00:00:01+08:00')))).toBe('late-claim')
    expect(await submit(hr, claimId, new Date('2022-02-13T23:59:59+08:00'))).toMatchObject({ state: 'submitted' })
  })

  test('C17 the database takes no amount that the arithmetic does not give', async () => {
    const { hr, cls } = await firm()
    const { claimId } = await draftClaim(as(hr), { classId: cls.id })
    const set = (column: string, value: number) =>
      t.owner.query(`update subsidy.claim_lines set ${column} = ${value} where claim_id = $1`, [claimId])
    await expect(set('amount_fen', 60_001)).rejects.toThrow(/claim_lines_check/)
    await expect(set('class_hours', 21)).rejects.toThrow(/claim_lines/)
    await expect(t.owner.query('update subsidy.claims set amount_fen = 1 where id = $1', [claimId])).rejects.toThrow(
      /its lines say/,
    )
  })
})

describe('R04 a claim changes with its records', () => {
  test('C17 hours taken back before submission: the claim is refused, drawn up again, and the change is named', async () => {
    const { hr, cls } = await firm({ size: 2 })
    const promised = await quote(as(hr), { classId: cls.id })
    expect(promised.amountFen).toBe(120_000)
    const { claimId } = await draftClaim(as(hr), { classId: cls.id })
    await withdrawClaim(as(hr), { claimId, reason: '数据待核' })
    const [entry] = await t.db
      .selectFrom('training.hour_entries')
      .select('id')
      .where('enrolment_id', '=', cls.people[0]?.enrolmentId ?? '')
      .orderBy('id')
      .execute()
    await reverseHours(as(user('检查员', [{ role: 'hr-first-reviewer' }])), {
      entryId: entry?.id ?? 0,
      reason: '现场检查不在',
    })
    const again = await draftClaim(as(hr), { classId: cls.id })
    expect(again.amountFen).toBe(108_000)
    const now = await quoteById(as(hr), (await claimRow(again.claimId)).quote_id ?? '')
    const first = await quoteById(as(hr), promised.quoteId)
    expect(first.intact && now.intact).toBe(true)
    const of = (q: typeof now) =>
      q.lines.find((line) => line.enrolmentId === cls.people[0]?.enrolmentId)?.facts as LineFacts
    expect(explainDifference(of(first), of(now))).toMatchObject([
      {
        fact: 'minutes',
        was: '900 分钟',
        is: '720 分钟',
        since: testNow.toISOString().replace('Z', '+00:00').replace('.000', ''),
      },
    ])
  })

  test('R04 quote = payment while the facts hold', async () => {
    const { hr, cls } = await firm()
    const promised = await quote(as(hr), { classId: cls.id })
    const { claimId, amountFen } = await draftClaim(as(hr), { classId: cls.id })
    await submit(hr, claimId)
    expect(amountFen).toBe(promised.amountFen)
    const before = await quoteById(as(hr), promised.quoteId)
    const held = await quoteById(as(hr), (await claimRow(claimId)).quote_id ?? '')
    for (const line of before.lines) {
      const same = held.lines.find((other) => other.enrolmentId === line.enrolmentId)
      expect(explainDifference(line.facts, same?.facts as LineFacts)).toEqual([])
      expect(same?.amountFen).toBe(line.amountFen)
    }
  })

  test('R04 a quote that was altered in the database no longer fits its signature', async () => {
    const { hr, cls } = await firm()
    const { quoteId } = await quote(as(hr), { classId: cls.id })
    expect((await latestQuote(as(hr), cls.id))?.intact).toBe(true)
    await t.owner.query('update subsidy.quotes set amount_fen = amount_fen + 1 where id = $1', [quoteId])
    expect((await quoteById(as(hr), quoteId)).intact).toBe(false)
  })

  test('R04 a person is dropped with a reason, stays off when recomputed, and can be put back', async () => {
    const { hr, cls } = await firm()
    const { claimId } = await draftClaim(as(hr), { classId: cls.id })
    const [line] = await linesOn(t, claimId)
    const lineId = line?.id ?? ''
    const stranger = await claimant(t.db)
    expect(await fault(dropLine(as(stranger.actor), { lineId, reason: '已离职' }))).toMatchObject({ kind: 'missing' })
    expect(await fault(dropLine(as(hr), { lineId, reason: '' }))).toMatchObject({ kind: 'invalid' })
    expect(await dropLine(as(hr), { lineId, reason: '已离职' })).toMatchObject({ amountFen: 120_000 })
    expect(await spent(cls.id)).toBe(1800)
    expect(await refreshClaim(as(hr), { claimId })).toMatchObject({ amountFen: 120_000, changed: false })
    expect(await reason(dropLine(as(hr), { lineId, reason: '已离职' }))).toBe('line-gone')
    expect(await restoreLine(as(hr), { lineId })).toMatchObject({ amountFen: 180_000 })
    expect(await spent(cls.id)).toBe(2700)
  })

  test('R33 withdrawn: hours and class are free, the record stays', async () => {
    const { hr, cls } = await firm()
    const { claimId } = await draftClaim(as(hr), { classId: cls.id })
    await withdrawClaim(as(hr), { claimId, reason: '名单有误' })
    expect(await spent(cls.id)).toBe(0)
    expect((await claimRow(claimId)).state).toBe('withdrawn')
    expect(await reason(refreshClaim(as(hr), { claimId }))).toBe('wrong-state')
    expect(await reason(withdrawClaim(as(hr), { claimId, reason: '再撤一次' }))).toBe('wrong-state')
    expect(await draftClaim(as(hr), { classId: cls.id })).toMatchObject({ amountFen: 180_000 })
  })
})

describe('R33 handing in', () => {
  test('R33 submitted: commitment, account, clock of ten working days, controls kept, history', async () => {
    const { org, hr, cls } = await firm()
    const { claimId } = await draftClaim(as(hr), { classId: cls.id })
    const done = await submit(hr, claimId)
    expect(done).toMatchObject({ state: 'submitted', amountFen: 180_000 })
    const row = await claimRow(claimId)
    expect(row).toMatchObject({ round: 1, bank_account_id: org.accountId, submitted_by: hr.id, commitment_by: hr.id })
    const clock = await t.db
      .selectFrom('platform.clocks')
      .selectAll()
      .where('subject_id', '=', claimId)
      .executeTakeFirstOrThrow()
    expect(clock).toMatchObject({ kind: 'review', workdays: 10, ended_on: null })
    const run = await t.db
      .selectFrom('subsidy.control_runs')
      .selectAll()
      .where('id', '=', done.runId)
      .executeTakeFirstOrThrow()
    expect(run).toMatchObject({ occasion: 'submit', lines: 3, blocking: 0 })
    const moves = await t.db
      .selectFrom('platform.moves')
      .select('move')
      .where('subject_id', '=', claimId)
      .orderBy('id')
      .execute()
    expect(moves.map((m) => m.move)).toEqual(['draft', 'submit'])
    await expect(
      t.owner.query('update subsidy.claim_lines set facts = $2 where claim_id = $1', [claimId, '{}']),
    ).rejects.toThrow(/no longer with the claimant/)
  })

  test('R33 refused: no commitment, stale page, no account, not theirs, twice', async () => {
    const { org, hr, cls } = await firm()
    const { claimId } = await draftClaim(as(hr), { classId: cls.id })
    const { version } = await claimRow(claimId)
    expect(await fault(submitClaim(as(hr), { claimId, version }))).toMatchObject({
      kind: 'invalid',
      fields: { commitment: ['请阅读并勾选承诺'] },
    })
    expect(await fault(submitClaim(as(hr), { claimId, version: version + 1, commitment: 'on' }))).toMatchObject({
      kind: 'conflict',
    })
    const stranger = await claimant(t.db)
    expect(await fault(submitClaim(as(stranger.actor), { claimId, version, commitment: 'on' }))).toMatchObject({
      kind: 'missing',
    })
    await t.db
      .updateTable('people.bank_accounts')
      .set({ valid_to: '2021-09-15' })
      .where('organisation_id', '=', org.id)
      .execute()
    expect(await reason(submit(hr, claimId))).toBe('no-account')
    await t.db
      .updateTable('people.bank_accounts')
      .set({ valid_to: null })
      .where('organisation_id', '=', org.id)
      .execute()
    const tries = await Promise.all(
      [1, 2, 3].map(() => fault(submitClaim(as(financeOf(org)), { claimId, version, commitment: 'on' }))),
    )
    expect(tries.filter((one) => one === undefined)).toHaveLength(1)
    expect(await reason(submit(hr, claimId))).toBe('wrong-state')
  })

  test('HZ4-M16 a control that blocks refuses, with its number', async () => {
    const { org, hr, cls } = await firm()
    const { claimId } = await draftClaim(as(hr), { classId: cls.id })
    await t.db.updateTable('people.organisations').set({ status: 'suspended' }).where('id', '=', org.id).execute()
    expect(await fault(submit(hr, claimId))).toMatchObject({
      refusal: { reason: 'controls-block', facts: { count: 1, controls: 'C20' } },
    })
    expect((await claimRow(claimId)).state).toBe('draft')
  })

  test('R33 recalled until somebody picks it up; then not', async () => {
    const { hr, cls } = await firm()
    const { claimId } = await draftClaim(as(hr), { classId: cls.id })
    await submit(hr, claimId)
    expect(await recallClaim(as(hr), { claimId })).toMatchObject({ state: 'draft' })
    expect(await claimRow(claimId)).toMatchObject({ submitted_at: null, round: 1 })
    await submit(hr, claimId)
    await t.db
      .insertInto('subsidy.claim_leases')
      .values({
        claim_id: claimId,
        taken_by: 'r',
        taken_by_name: '初审甲',
        taken_at: testNow,
        until_at: new Date(testNow.getTime() + 60_000),
      })
      .execute()
    expect(await reason(recallClaim(as(hr), { claimId }))).toBe('picked-up')
  })

  test('R33 returned and handed in again: the clock goes on, the place in line stays', async () => {
    const { hr, cls } = await firm()
    const { claimId } = await draftClaim(as(hr), { classId: cls.id })
    await submit(hr, claimId)
    await t.db.updateTable('subsidy.claims').set({ state: 'returned' }).where('id', '=', claimId).execute()
    const later = new Date('2021-09-20T10:00:00+08:00')
    expect(await refreshClaim(as(hr, later), { claimId })).toMatchObject({ amountFen: 180_000 })
    expect(await submit(hr, claimId, later)).toMatchObject({ state: 'submitted' })
    const row = await claimRow(claimId)
    expect(row.round).toBe(2)
    expect(row.submitted_at).toEqual(testNow)
    const clocks = await t.db.selectFrom('platform.clocks').select('kind').where('subject_id', '=', claimId).execute()
    expect(clocks).toEqual([{ kind: 'review' }])
  })
})

describe('C10 a person’s year', () => {
  test('C10 ten firms claim for one person at one moment: never more than the cap', async () => {
    const worker = await person(t.db)
    const firms = []
    for (let i = 0; i < 10; i++) {
      const day = `2021-07-${String(i + 1).padStart(2, '0')}`
      const sessions = [
        { day, from: '09:00', to: '12:00' },
        { day, from: '14:00', to: '17:00' },
      ]
      firms.push(await firm({ people: [worker], sessions }))
    }
    const claims = await Promise.all(firms.map(({ hr, cls }) => draftClaim(as(hr), { classId: cls.id })))
    expect(claims.map((claim) => claim.amountFen)).toEqual(Array.from({ length: 10 }, () => 24_000))
    const outcomes = await Promise.all(firms.map(({ hr }, i) => reason(submit(hr, claims[i]?.claimId ?? ''))))
    expect(outcomes.filter((one) => one === undefined)).toHaveLength(4)
    expect(outcomes.filter((one) => one === 'amount-changed')).toHaveLength(6)
    for (const [i, { hr }] of firms.entries()) {
      if (outcomes[i] === undefined) continue
      const claimId = claims[i]?.claimId ?? ''
      await refreshClaim(as(hr), { claimId })
      await submit(hr, claimId)
    }
    const { rows } = await sql<{
      total: number
      lines: number
    }>`select sum(amount_fen)::int as total, count(*)::int as lines
      from subsidy.claim_lines where person_id = ${worker.id} and live and cap_held_at is not null`.execute(t.db)
    expect(rows[0]).toEqual({ total: 100_000, lines: 10 })
  })

  test('C10 the database itself refuses one fen above the cap', async () => {
    const worker = await person(t.db)
    const one = await firm({ people: [worker] })
    const two = await firm({
      people: [worker],
      sessions: [
        { day: '2021-07-20', from: '09:00', to: '17:00' },
        { day: '2021-07-21', from: '09:00', to: '17:00' },
      ],
    })
    const first = await draftClaim(as(one.hr), { classId: one.cls.id })
    const second = await draftClaim(as(two.hr), { classId: two.cls.id })
    expect([first.amountFen, second.amountFen]).toEqual([60_000, 48_000])
    await submit(one.hr, first.claimId)
    await expect(
      t.owner.query('update subsidy.claim_lines set cap_held_at = now() where claim_id = $1', [second.claimId]),
    ).rejects.toThrow(/would hold 108000 fen of 100000/)
  })
})
