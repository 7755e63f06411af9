import { type SqlBool, sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { seedContext } from './call.schema.ts'
import { type Drawn, drawFaults, type Passed } from './panel.rules.ts'

export type DrawnRow = { id: string; key: string; passed: Passed | null; seat: 'sat' | 'recused' | null }
export type OpenDraws = {
  commitment: string
  /** Once no more draws can follow; before that it would tell who is drawn next. */
  callSeed: string | null
  /** The order of a panel is shown when its marks are given. */
  panels: { number: number; seed: string; order: DrawnRow[] | null }[]
  /** The draws done again by this page; null while the seed is not open. */
  faults: string[] | null
}

/** Applications in these states may still have to be drawn for. */
const waiting = ['submitted', 'formal-review', 'returned', 'recommendation', 'expert-review']

/**
 * The draws of a call, for everybody to do again. Experts are numbers here; their names stay with the office.
 * @clause A02
 */
export async function openDraws({ db, crypto }: Pick<Ctx, 'db' | 'crypto'>, callId: string): Promise<OpenDraws | null> {
  const call = await db
    .selectFrom('recognition.calls as c')
    .select(['c.state', 'c.seed_sealed', 'c.seed_commitment'])
    .select(
      sql<boolean>`exists (select from recognition.applications a where a.call_id = c.id and a.panel_id is null
        and a.state = any(${waiting}::text[]))`.as('waiting'),
    )
    .where('c.id', '=', callId)
    .executeTakeFirst()
  if (!call?.seed_commitment || !call.seed_sealed) return null
  const panels = await db
    .selectFrom('recognition.panels')
    .select(['id', 'number', 'seed', 'state', 'pool'])
    .where('call_id', '=', callId)
    .orderBy('number')
    .execute()
  const seats = await db
    .selectFrom('recognition.panel_seats')
    .select(['panel_id', 'expert_id', 'state'])
    .where(sql<SqlBool>`panel_id = any(${panels.map((one) => one.id)}::uuid[])`)
    .execute()
  const seatOf = new Map(seats.map((one) => [`${one.panel_id} ${one.expert_id}`, one.state]))
  const callSeed = call.state === 'closed' && !call.waiting ? crypto.open(call.seed_sealed, seedContext) : null
  const shown = panels.map(({ id, number, seed, state, pool }) => ({
    number,
    seed,
    order:
      state === 'closed'
        ? (pool as Drawn[]).map((one) => {
            const seat = seatOf.get(`${id} ${one.id}`)
            return {
              ...one,
              seat: seat === undefined ? null : seat === 'drawn' ? ('sat' as const) : ('recused' as const),
            }
          })
        : null,
  }))
  const done = shown.flatMap(({ order, ...one }) => (order ? [{ ...one, order }] : []))
  return {
    commitment: call.seed_commitment,
    callSeed,
    panels: shown,
    faults: callSeed === null ? null : drawFaults(sha256, call.seed_commitment, callSeed, done),
  }
}
