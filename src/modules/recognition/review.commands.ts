import { endClock, stopClock } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import type { Scheme } from '#policy/plan.types.ts'
import type { Move } from './application.rules.ts'
import { ChooseApplication, PassApplication, RefuseApplication, ReturnApplication } from './application.schema.ts'
import {
  type ApplicationRow,
  lockApplication,
  moveApplication,
  mustBeApart,
  mustKnow,
  passStage,
  runClock,
} from './case.commands.ts'
import { register } from './designation.commands.ts'

/**
 * An officer picks an application up; from here on the applicant can no longer change it.
 * @clause A01
 */
export const takeApplication = command({
  name: 'recognition.takeApplication',
  permission: 'recognition.manage',
  input: ChooseApplication,
  async run(tx, { applicationId }) {
    const { row } = await lockApplication(tx, applicationId)
    mustBeApart(tx, row)
    const set = { formal_by: tx.actor.id, formal_by_name: tx.actor.name }
    return { applicationId, state: await moveApplication(tx, row, 'take', { set }) }
  },
})

/**
 * Sends an application back to be mended, with reasons from the list. The review clock stands still meanwhile.
 * @clause A01 @clause R33
 */
export const returnApplication = command({
  name: 'recognition.returnApplication',
  permission: 'recognition.manage',
  input: ReturnApplication,
  async run(tx, { applicationId, reasonCodes, note }) {
    const { row, scheme } = await lockApplication(tx, applicationId)
    mustHold(tx, row)
    mustKnow(tx, reasonCodes, 'return')
    const state = await moveApplication(tx, row, 'return', { reasonCodes, note })
    await stopClock(tx, 'application', row.id, 'review', '补正')
    await runClock(tx, row.id, 'correction', scheme.clocks.correction)
    return { applicationId, state }
  },
})

/** Refused for good, with reasons from the list. */
export const refuseApplication = command({
  name: 'recognition.refuseApplication',
  permission: 'recognition.manage',
  input: RefuseApplication,
  async run(tx, { applicationId, reasonCodes, note }) {
    const { row } = await lockApplication(tx, applicationId)
    if (row.state === 'recommendation') throw refused({ clause: 'A01', reason: 'other-stage', facts: {} })
    mustHold(tx, row)
    return { applicationId, state: await refuseWith(tx, row, 'refuse', reasonCodes, note) }
  },
})

/**
 * The formal review is passed; the application goes where its path says. A register ends here: the firm has decided, the
 * bureau enters it.
 * @clause A01
 */
export const passFormalReview = command({
  name: 'recognition.passFormalReview',
  permission: 'recognition.manage',
  input: PassApplication,
  async run(tx, { applicationId, note }) {
    const { row, scheme } = await lockApplication(tx, applicationId)
    mustHold(tx, row)
    if (row.state !== 'formal-review') {
      throw refused({ clause: 'A01', reason: 'wrong-state', facts: { state: row.state } })
    }
    const next = await passStage(tx, scheme, row, { note })
    await endClock(tx, 'application', row.id, 'review')
    if (next === 'designated') await register(tx, scheme, row)
    return { applicationId, state: row.state }
  },
})

/**
 * The recommending department says yes; only the department that the scheme names.
 * @clause A01
 */
export const recommendApplication = command({
  name: 'recognition.recommendApplication',
  permission: 'recognition.recommend',
  input: PassApplication,
  async run(tx, { applicationId, note }) {
    const { row, scheme } = await lockForBody(tx, applicationId)
    await passStage(tx, scheme, row, { note, set: { recommended_by: tx.actor.id } })
    return { applicationId, state: row.state }
  },
})

export const declineRecommendation = command({
  name: 'recognition.declineRecommendation',
  permission: 'recognition.recommend',
  input: PassApplication,
  async run(tx, { applicationId, note }) {
    const { row } = await lockForBody(tx, applicationId)
    return { applicationId, state: await refuseWith(tx, row, 'refuse', ['rec-not-recommended'], note) }
  },
})

async function lockForBody(tx: Tx, id: string): Promise<{ row: ApplicationRow; scheme: Scheme }> {
  const found = await lockApplication(tx, id)
  const body = found.scheme.recommendation?.body
  if (!body || !tx.actor.can('recognition.recommend', { body })) throw missing('application')
  mustBeApart(tx, found.row)
  if (found.row.state !== 'recommendation') {
    throw refused({ clause: 'A01', reason: 'wrong-state', facts: { state: found.row.state } })
  }
  return found
}

export async function refuseWith(tx: Tx, row: ApplicationRow, move: Move, reasonCodes: string[], note: string) {
  mustKnow(tx, reasonCodes, 'reject')
  const state = await moveApplication(tx, row, move, { reasonCodes, note })
  await endClock(tx, 'application', row.id, 'review')
  return state
}

/** Whoever took the formal review also ends it. */
function mustHold(tx: Tx, row: ApplicationRow): void {
  mustBeApart(tx, row)
  if (row.state === 'formal-review' && row.formal_by !== tx.actor.id) {
    throw refused({ clause: 'A01', reason: 'other-stage', facts: {} })
  }
}
