import { type SqlBool, sql } from 'kysely'
import { recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { sha256 } from '#platform/digest.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { lockCall } from './call.commands.ts'
import { seedContext } from './call.schema.ts'
import { figureNow, lockApplication, lockApplications, moveApplication, passStage } from './case.commands.ts'
import { applicantsOf, ownExpert, poolOf } from './panel.queries.ts'
import {
  type Drawn,
  draw,
  drawOrder,
  fallsShort,
  markOf,
  nextDrawn,
  panelSeed,
  resultOf,
  totalOf,
} from './panel.rules.ts'
import { ClosePanel, DrawPanel, GiveSheet, Recuse } from './panel.schema.ts'
import { schemeVersion } from './scheme.queries.ts'

const no = (reason: string, facts: Record<string, string | number> = {}) => refused({ clause: 'A02', reason, facts })

/**
 * Draws the experts for all applications of a call that wait for review. The seed was fixed when the call was published,
 * so nobody can draw until a wished-for panel comes; who is passed over, and why, is kept with the order.
 * @clause A02
 */
export const drawPanel = command({
  name: 'recognition.drawPanel',
  permission: 'recognition.manage',
  input: DrawPanel,
  async run(tx, { callId }) {
    const call = await lockCall(tx, callId)
    const scheme = await schemeVersion(tx.db, call.version_id)
    if (!scheme.scoring || !call.seed_sealed) throw no('nothing-to-review')
    const before = await tx.db
      .selectFrom('recognition.panels')
      .select(['number', 'state'])
      .where('call_id', '=', callId)
      .execute()
    if (before.some((one) => one.state === 'open')) throw no('panel-open')
    const waiting = await waitingIn(tx, callId, ['expert-review'])
    if (waiting.length === 0) throw no('nothing-to-review')
    const open = await waitingIn(tx, callId, ['submitted', 'formal-review', 'returned'])
    if (open.length > 0) throw no('formal-open', { count: open.length })
    const rows = await lockApplications(tx, waiting)
    const number = before.length + 1
    const seed = panelSeed(sha256, tx.crypto.open(call.seed_sealed, seedContext), number)
    const order = drawOrder(sha256, seed, await poolOf(tx.db), await applicantsOf(tx.db, rows))
    const { value: size } = await figureNow(tx, scheme.scoring.panelFigure)
    const drawn = draw(order, size)
    if (!drawn.ok) throw refused(drawn.refusal)
    const { id } = await tx.db
      .insertInto('recognition.panels')
      .values({
        call_id: callId,
        number,
        seed,
        size,
        pool: JSON.stringify(order),
        drawn_by: tx.actor.id,
        drawn_by_name: tx.actor.name,
        drawn_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('panel', id)
    await seat(tx, id, drawn.value, 1)
    // codes follow the digest of each id, so their order says nothing of who was first
    const coded = rows.toSorted((a, b) => (sha256(seed + a.id) < sha256(seed + b.id) ? -1 : 1))
    for (const [at, row] of coded.entries()) {
      await tx.db
        .updateTable('recognition.applications')
        .set({ panel_id: id, blind_code: `${number}-${String(at + 1).padStart(2, '0')}` })
        .where('id', '=', row.id)
        .execute()
    }
    await recordMove(tx, { kind: 'panel', id, move: 'draw', from: '', to: 'open' })
    return { panelId: id, count: rows.length }
  },
})

async function waitingIn(tx: Tx, callId: string, states: string[]): Promise<string[]> {
  const rows = await tx.db
    .selectFrom('recognition.applications')
    .select('id')
    .where('call_id', '=', callId)
    .where(sql<SqlBool>`state = any(${states}::text[])`)
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

async function seat(tx: Tx, panelId: string, drawn: readonly Drawn[], first: number) {
  await tx.db
    .insertInto('recognition.panel_seats')
    .values(drawn.map(({ id }, at) => ({ panel_id: panelId, expert_id: id, seat: first + at, drawn_at: tx.now })))
    .execute()
}

/**
 * A drawn expert steps back before marking; the next in the drawn order takes the seat.
 * @clause A02
 */
export const recuse = command({
  name: 'recognition.recuse',
  permission: 'recognition.score',
  input: Recuse,
  async run(tx, { panelId, note }) {
    const expert = await ownExpert(tx)
    const panel = await lockPanel(tx, panelId)
    const seats = await tx.db
      .selectFrom('recognition.panel_seats')
      .selectAll()
      .where('panel_id', '=', panelId)
      .execute()
    const own = seats.find((one) => one.expert_id === expert.id && one.state === 'drawn')
    if (!own) throw no('not-seated')
    const given = await tx.db
      .selectFrom('recognition.sheets')
      .select('id')
      .where('panel_id', '=', panelId)
      .where('expert_id', '=', expert.id)
      .executeTakeFirst()
    if (given) throw no('scored-already')
    const next = nextDrawn(panel.pool as Drawn[], new Set(seats.map((one) => one.expert_id)))
    if (!next) throw no('pool-too-small', { needed: panel.size, able: panel.size - 1 })
    await tx.db
      .updateTable('recognition.panel_seats')
      .set({ state: 'recused', reason: note })
      .where('panel_id', '=', panelId)
      .where('expert_id', '=', expert.id)
      .execute()
    await seat(tx, panelId, [next], Math.max(...seats.map((one) => one.seat)) + 1)
    return { panelId }
  },
})

/**
 * One expert's marks for one application, final. Only the seated mark, each once, whoever is behind the code.
 * @clause A02
 */
export const giveSheet = command({
  name: 'recognition.giveSheet',
  permission: 'recognition.score',
  input: GiveSheet,
  async run(tx, input) {
    const expert = await ownExpert(tx)
    const { row, scheme } = await lockApplication(tx, input.applicationId)
    const seated = row.panel_id && (await isSeated(tx, row.panel_id, expert.id))
    if (!row.panel_id || !seated || !scheme.scoring) throw missing('application')
    if (row.state !== 'expert-review') throw no('panel-closed')
    const scores: Record<string, number> = {}
    const faults: Record<string, string[]> = {}
    for (const { id, title } of scheme.scoring.dimensions) {
      const mark = markOf(String(input.scores[id] ?? '').trim())
      if (mark === null) faults[`scores.${id}`] = [`${title}请打0到100分`]
      else scores[id] = mark
    }
    if ([...input.opinion].length < 4) faults.opinion = ['请填写评审意见，至少4个字']
    if (Object.keys(faults).length > 0) throw invalid(faults)
    const total = totalOf(scheme.scoring.dimensions, scores)
    const sheet = await tx.db
      .insertInto('recognition.sheets')
      .values({
        panel_id: row.panel_id,
        application_id: row.id,
        expert_id: expert.id,
        scores: JSON.stringify(scores),
        total,
        opinion: input.opinion,
        given_at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!sheet) throw no('sheet-given')
    return { applicationId: row.id, panelId: row.panel_id, total }
  },
})

/**
 * All sheets are in: extremes are left out by the scheme's rule, the mean stands, the applications go on. Where a pass mark
 * is laid down, whoever stays below it ends here.
 * @clause A02
 */
export const closePanel = command({
  name: 'recognition.closePanel',
  permission: 'recognition.manage',
  input: ClosePanel,
  async run(tx, { panelId, minutes }) {
    const panel = await lockPanel(tx, panelId)
    const found = await tx.db
      .selectFrom('recognition.applications')
      .select('id')
      .where('panel_id', '=', panelId)
      .where('state', '=', 'expert-review')
      .execute()
    const rows = await lockApplications(
      tx,
      found.map((row) => row.id),
    )
    const seats = await tx.db
      .selectFrom('recognition.panel_seats')
      .select('expert_id')
      .where('panel_id', '=', panelId)
      .where('state', '=', 'drawn')
      .execute()
    const sheets = await tx.db
      .selectFrom('recognition.sheets')
      .select(['id', 'application_id', 'total'])
      .where('panel_id', '=', panelId)
      .execute()
    const per = Map.groupBy(sheets, (one) => one.application_id)
    const lacking = rows.reduce((sum, row) => sum + seats.length - (per.get(row.id)?.length ?? 0), 0)
    if (lacking > 0) throw no('sheets-missing', { count: lacking })
    const figure = await figuresFor(tx)
    for (const row of rows) {
      const scheme = await schemeVersion(tx.db, row.version_id)
      const result = resultOf(per.get(row.id) ?? [], scheme.scoring?.drop ?? { highest: 0, lowest: 0, dropFrom: 1 })
      await tx.db
        .updateTable('recognition.sheets')
        .set({ dropped: true })
        .where(sql<SqlBool>`id = any(${result.dropped}::uuid[])`)
        .execute()
      const set = { score: result.score, spread: result.spread }
      const mark = scheme.scoring ? figure(scheme.scoring.passMarkFigure, dayOf(tx.now)).value : null
      if (fallsShort(result.score, mark)) {
        await moveApplication(tx, row, 'fall-short', { set, note: `得分${result.score?.toFixed(2)}，合格分${mark}` })
      } else await passStage(tx, scheme, row, { set })
    }
    await tx.db
      .updateTable('recognition.panels')
      .set({ state: 'closed', closed_at: tx.now, minutes })
      .where('id', '=', panel.id)
      .execute()
    await recordMove(tx, { kind: 'panel', id: panelId, move: 'close', from: 'open', to: 'closed' })
    return { panelId, count: rows.length }
  },
})

export async function isSeated(tx: Pick<Tx, 'db'>, panelId: string, expertId: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('recognition.panel_seats')
    .select('seat')
    .where('panel_id', '=', panelId)
    .where('expert_id', '=', expertId)
    .where('state', '=', 'drawn')
    .executeTakeFirst()
  return row !== undefined
}

export async function lockPanel(tx: Tx, id: string) {
  const panel = await tx.db
    .selectFrom('recognition.panels')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!panel) throw missing('panel')
  tx.about('panel', id)
  if (panel.state !== 'open') throw no('panel-closed')
  return panel
}
