import type { Selectable } from 'kysely'
import type { DB } from '#db/types.ts'
import { type Refusal, refuse } from '#policy/decision.ts'
import { addWorkdays, deadline } from '#policy/workdays.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import type { Tx } from './command.ts'
import { refused } from './errors.ts'

/** A life cycle: every state, and for each move from where to where. A move that is not in the table cannot happen. */
export type LifeCycle<S extends string> = Record<string, { from: readonly S[]; to: S; clause: string }>

/** The state after a move, or the refusal to show. */
export function after<S extends string>(cycle: LifeCycle<S>, move: string, state: S) {
  const step = cycle[move]
  if (!step?.from.includes(state)) return refuse(step?.clause ?? 'R01', 'wrong-state', { move, state })
  return { ok: true as const, value: step.to }
}

/** `after`, thrown. */
export function mustMove<S extends string>(cycle: LifeCycle<S>, move: string, state: S): S {
  const decision = after(cycle, move, state)
  if (!decision.ok) throw refused(decision.refusal as Refusal)
  return decision.value
}

/** Writes one row of a record's history. The caller has locked the record and updates its state column itself. */
export async function recordMove(
  tx: Tx,
  move: { kind: string; id: string; move: string; from: string; to: string; reasonCodes?: string[]; note?: string },
): Promise<void> {
  await tx.db
    .insertInto('platform.moves')
    .values({
      subject_kind: move.kind,
      subject_id: move.id,
      move: move.move,
      from_state: move.from,
      to_state: move.to,
      at: tx.now,
      actor_id: tx.actor.id,
      actor_name: tx.actor.name,
      reason_codes: move.reasonCodes ?? [],
      note: move.note ?? '',
    })
    .execute()
}

type ClockKind = 'review' | 'approve' | 'publicity' | 'payment' | 'correction' | 'objection'

/** Starts a clock of so many working days from today; day one is the next working day. */
export async function startClock(
  tx: Tx,
  clock: { kind: string; id: string; clock: ClockKind; workdays: number; ruleId: string },
): Promise<void> {
  const today = dayOf(tx.now)
  await tx.db
    .insertInto('platform.clocks')
    .values({
      subject_kind: clock.kind,
      subject_id: clock.id,
      kind: clock.clock,
      started_on: today,
      workdays: clock.workdays,
      due_on: addWorkdays(today, clock.workdays).day,
      rule_id: clock.ruleId,
    })
    .execute()
}

/** Ends an open clock; a clock that is not open is left alone. */
export async function endClock(tx: Tx, kind: string, id: string, clock: ClockKind): Promise<void> {
  const open = await openClock(tx, kind, id, clock)
  if (!open) return
  await resume(tx, open)
  await tx.db
    .updateTable('platform.clocks')
    .set({ ended_on: dayOf(tx.now) })
    .where('id', '=', open.id)
    .execute()
}

/** Stops an open clock while somebody else must act (补正, expert review). */
export async function stopClock(tx: Tx, kind: string, id: string, clock: ClockKind, reason: string): Promise<void> {
  const open = await openClock(tx, kind, id, clock)
  if (!open) return
  await tx.db
    .insertInto('platform.clock_stops')
    .values({ clock_id: open.id, from_on: dayOf(tx.now), reason })
    .onConflict((c) => c.doNothing())
    .execute()
  await tx.db.updateTable('platform.clocks').set({ due_on: null }).where('id', '=', open.id).execute()
}

/** Lets a stopped clock run again, its due day moved by the working days it stood still. */
export async function resumeClock(tx: Tx, kind: string, id: string, clock: ClockKind): Promise<void> {
  const open = await openClock(tx, kind, id, clock)
  if (open) await resume(tx, open)
}

function openClock(tx: Tx, kind: string, id: string, clock: ClockKind) {
  return tx.db
    .selectFrom('platform.clocks')
    .selectAll()
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', id)
    .where('kind', '=', clock)
    .where('ended_on', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}

async function resume(tx: Tx, clock: Selectable<DB['platform.clocks']>): Promise<void> {
  const today = dayOf(tx.now)
  await tx.db
    .updateTable('platform.clock_stops')
    .set({ to_on: today })
    .where('clock_id', '=', clock.id)
    .where('to_on', 'is', null)
    .execute()
  const stops = await tx.db.selectFrom('platform.clock_stops').selectAll().where('clock_id', '=', clock.id).execute()
  const due = deadline({
    start: clock.started_on as Day,
    workdays: clock.workdays,
    stops: stops.map((stop) => ({ from: stop.from_on as Day, to: stop.to_on as Day | null })),
  })
  await tx.db.updateTable('platform.clocks').set({ due_on: due.due }).where('id', '=', clock.id).execute()
}
