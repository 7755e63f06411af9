import { z } from 'zod'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { addTerm, endDesignation, lockDesignation } from './designation.commands.ts'
import { failsInRow, renewal } from './designation.rules.ts'
import { ConfirmYear, DecideExit, ProposeExit, RecordYear, Renew, Upward } from './designation.schema.ts'

const no = (reason: string, facts: Record<string, string> = {}) => refused({ clause: 'A03', reason, facts })

async function inTerm(tx: Tx, id: string) {
  const found = await lockDesignation(tx, id)
  if (found.row.ended_on !== null) throw no('ended', { state: found.row.state })
  return found
}

/**
 * One year's grade, proposed by one and confirmed by another; see `proposeByFails`.
 * @clause A03
 */
export const recordYear = command({
  name: 'recognition.recordYear',
  permission: 'recognition.manage',
  input: RecordYear,
  async run(tx, input) {
    const { scheme } = await inTerm(tx, input.designationId)
    const grade = scheme.yearGrades.find((one) => one.id === input.grade)
    if (!grade) throw no('cause-unknown')
    const row = await tx.db
      .insertInto('recognition.year_checks')
      .values({
        designation_id: input.designationId,
        year: input.year,
        grade: grade.id,
        fails: grade.fails,
        note: input.note,
        proposed_by: tx.actor.id,
        proposed_by_name: tx.actor.name,
        proposed_at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) throw no('year-known')
    return { checkId: row.id, designationId: input.designationId }
  },
})

export const confirmYear = command({
  name: 'recognition.confirmYear',
  permission: 'recognition.manage',
  input: ConfirmYear,
  async run(tx, { checkId }) {
    const check = await tx.db
      .selectFrom('recognition.year_checks')
      .select(['designation_id', 'proposed_by', 'confirmed_at'])
      .where('id', '=', checkId)
      .forUpdate()
      .executeTakeFirst()
    if (!check) throw missing('year-check')
    tx.about('designation', check.designation_id)
    if (check.confirmed_at !== null) throw no('exit-decided')
    if (check.proposed_by === tx.actor.id) throw no('own-proposal')
    await tx.db
      .updateTable('recognition.year_checks')
      .set({ confirmed_by: tx.actor.id, confirmed_by_name: tx.actor.name, confirmed_at: tx.now })
      .where('id', '=', checkId)
      .execute()
    const proposed = await proposeByFails(tx, check.designation_id)
    return { checkId, designationId: check.designation_id, proposed }
  },
})

/** As many failed years in a row as laid down: the end that the scheme names is proposed, and a leader decides it. */
async function proposeByFails(tx: Tx, designationId: string): Promise<boolean> {
  const { row, scheme } = await lockDesignation(tx, designationId)
  if (row.ended_on !== null || scheme.failsFigure === null) return false
  const most = (await figuresFor(tx))(scheme.failsFigure, dayOf(tx.now)).value
  const cause = scheme.exits.find((one) => one.auto === 'fails')
  if (most === null || !cause) return false
  const years = await tx.db
    .selectFrom('recognition.year_checks')
    .select(['year', 'fails'])
    .where('designation_id', '=', designationId)
    .where('confirmed_at', 'is not', null)
    .execute()
  const count = failsInRow(years)
  if (count < most) return false
  const made = await tx.db
    .insertInto('recognition.exits')
    .values({
      ...{ designation_id: designationId, kind: cause.kind, cause: cause.id },
      note: `连续${count}年考核不合格，按规定提出`,
      ...{ proposed_by: tx.actor.id, proposed_by_name: tx.actor.name, proposed_at: tx.now },
    })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

/**
 * A warning or an end is proposed, with a cause the scheme knows.
 * @clause A03
 */
export const proposeExit = command({
  name: 'recognition.proposeExit',
  permission: 'recognition.manage',
  input: ProposeExit,
  async run(tx, input) {
    const { scheme } = await inTerm(tx, input.designationId)
    const cause = scheme.exits.find((one) => one.id === input.cause)
    if (!cause) throw no('cause-unknown')
    const row = await tx.db
      .insertInto('recognition.exits')
      .values({
        designation_id: input.designationId,
        kind: cause.kind,
        cause: cause.id,
        note: input.note,
        proposed_by: tx.actor.id,
        proposed_by_name: tx.actor.name,
        proposed_at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) throw no('exit-open')
    return { exitId: row.id, designationId: input.designationId }
  },
})

/**
 * The leader decides it. The place becomes free and the count is taken back on the day, not before.
 * @clause A03 @clause R23
 */
export const decideExit = command({
  name: 'recognition.decideExit',
  permission: 'recognition.decide',
  input: DecideExit,
  async run(tx, { exitId, decision }) {
    const found = await tx.db
      .selectFrom('recognition.exits')
      .select('designation_id')
      .where('id', '=', exitId)
      .executeTakeFirst()
    if (!found) throw missing('exit')
    await lockDesignation(tx, found.designation_id)
    const exit = await tx.db
      .selectFrom('recognition.exits')
      .select(['kind', 'cause', 'note', 'state', 'proposed_by'])
      .where('id', '=', exitId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (exit.state !== 'proposed') throw no('exit-decided')
    if (exit.proposed_by === tx.actor.id) throw no('own-proposal')
    const agreed = decision === 'decide'
    await tx.db
      .updateTable('recognition.exits')
      .set({
        state: agreed ? 'decided' : 'declined',
        decided_by: tx.actor.id,
        decided_by_name: tx.actor.name,
        decided_at: tx.now,
      })
      .where('id', '=', exitId)
      .execute()
    const kind = exit.kind as 'warn' | 'revoke' | 'withdraw'
    const state = agreed ? await endDesignation(tx, found.designation_id, kind, exit.cause, exit.note) : 'in-term'
    return { designationId: found.designation_id, state }
  },
})

/**
 * A further term after the last, by the leader.
 * @clause A03
 */
export const renew = command({
  name: 'recognition.renew',
  permission: 'recognition.decide',
  input: Renew,
  async run(tx, { designationId, note }) {
    const { scheme } = await inTerm(tx, designationId)
    const last = await tx.db
      .selectFrom('recognition.terms')
      .select(['seq', 'to_on'])
      .where('designation_id', '=', designationId)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    const months = (await figuresFor(tx))(scheme.term.monthsFigure, dayOf(tx.now)).value
    const next = renewal({ to: last.to_on as Day | null }, months)
    if (!next.ok) throw refused(next.refusal)
    await addTerm(tx, designationId, last.seq + 1, next.value.from, next.value.to, note)
    return { designationId, count: last.seq + 1 }
  },
})

export const recommendUpward = command({
  name: 'recognition.recommendUpward',
  permission: 'recognition.decide',
  input: Upward,
  async run(tx, { designationId, target, note }) {
    const { scheme } = await inTerm(tx, designationId)
    if (!scheme.upward.some((one) => one.id === target)) throw no('cause-unknown')
    const row = await tx.db
      .insertInto('recognition.upward')
      .values({
        designation_id: designationId,
        target,
        note,
        by_user: tx.actor.id,
        by_name: tx.actor.name,
        at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) throw no('already-recommended')
    return { designationId, id: row.id }
  },
})

/**
 * Ends every term whose last day is past and that was not renewed.
 * @clause A03
 */
export const expireTerms = command({
  name: 'recognition.expireTerms',
  permission: 'system.operate',
  input: z.object({}),
  async run(tx) {
    const due = await tx.db
      .selectFrom('recognition.designations as d')
      .select('d.id')
      .where('d.ended_on', 'is', null)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('recognition.terms as t')
            .select('t.seq')
            .whereRef('t.designation_id', '=', 'd.id')
            .where('t.to_on', '<', dayOf(tx.now)),
        ),
      )
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('recognition.terms as t')
              .select('t.seq')
              .whereRef('t.designation_id', '=', 'd.id')
              .where((w) => w.or([w('t.to_on', 'is', null), w('t.to_on', '>=', dayOf(tx.now))])),
          ),
        ),
      )
      .orderBy('d.id')
      .execute()
    for (const { id } of due) await endDesignation(tx, id, 'expire', 'term-over')
    return { count: due.length }
  },
})
