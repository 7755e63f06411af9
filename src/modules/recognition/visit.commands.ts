import { command } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { keepPaper, openPaper, type Upload } from '#platform/files.ts'
import { dayOf } from '#shared/dates.ts'
import { openForm } from './application.queries.ts'
import { lockCall } from './call.commands.ts'
import { limitsFor } from './call.queries.ts'
import {
  lockApplication,
  lockApplications,
  moveApplication,
  mustBeApart,
  mustHaveRoom,
  passStage,
} from './case.commands.ts'
import { beyondShare, outOfOrder } from './panel.rules.ts'
import { refuseWith } from './review.commands.ts'
import { schemeVersion } from './scheme.queries.ts'
import { ConfirmVisit, OpenVisitFile, RecordVisit, Shortlist } from './visit.schema.ts'

const no = (reason: string, facts: Record<string, string | number> = {}) => refused({ clause: 'A01', reason, facts })

/**
 * What two officers found on the spot, written down by one of them.
 * @clause A01
 */
export const recordVisit = command({
  name: 'recognition.recordVisit',
  permission: 'recognition.manage',
  input: RecordVisit,
  told: ({ applicationId, visitedOn, finding, checks, note }) => ({ applicationId, visitedOn, finding, checks, note }),
  async run(tx, input) {
    const { row, scheme } = await lockApplication(tx, input.applicationId)
    const sent = input.clientKey && (await sentBefore(tx, input.clientKey))
    if (sent) return { visitId: sent, applicationId: row.id }
    mustBeApart(tx, row)
    if (row.state !== 'site-visit') throw no('wrong-state', { state: row.state })
    if (input.visitedOn > dayOf(tx.now)) throw no('visit-future')
    const checks: Record<string, string> = {}
    const faults: Record<string, string[]> = {}
    for (const { id, label } of scheme.checklist) {
      const given = String(input.checks[id] ?? '')
      if (!['yes', 'no', 'none'].includes(given)) faults[`checks.${id}`] = [`请选择：${label}`]
      else checks[id] = given
    }
    if (Object.keys(faults).length > 0) throw invalid(faults)
    const visit = await tx.db
      .insertInto('recognition.visits')
      .values({
        application_id: row.id,
        visited_on: input.visitedOn,
        checks: JSON.stringify(checks),
        finding: input.finding,
        note: input.note,
        recorded_by: tx.actor.id,
        recorded_by_name: tx.actor.name,
        recorded_at: tx.now,
        companion: input.companion,
        client_key: input.clientKey ?? null,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!visit) throw no('visit-open')
    await keepPictures(tx, visit.id, input.files)
    return { visitId: visit.id, applicationId: row.id }
  },
})

const purpose = 'recognition-visit'

/** A phone sends again what it has no answer for; only its own officer's visit is found by the key. */
async function sentBefore(tx: Tx, key: string): Promise<string | undefined> {
  const row = await tx.db
    .selectFrom('recognition.visits')
    .select('id')
    .where('client_key', '=', key)
    .where('recorded_by', '=', tx.actor.id)
    .executeTakeFirst()
  return row?.id
}

type Pictures = { photos: Upload[]; signature?: Upload | undefined; 'companion-signature'?: Upload | undefined }

async function keepPictures(tx: Tx, visitId: string, given: Pictures): Promise<void> {
  const all = [
    ...given.photos.map((file) => ({ kind: 'photo', file })),
    ...(['signature', 'companion-signature'] as const).flatMap((kind) => {
      const file = given[kind]
      return file ? [{ kind, file }] : []
    }),
  ]
  for (const { kind, file } of all) {
    const fileId = await keepPaper(tx, file, { field: 'photos', purpose })
    await tx.db
      .insertInto('recognition.visit_files')
      .values({
        ...{ visit_id: visitId, kind, file_id: fileId, name: file.name.slice(-120) || kind },
        ...{ added_by: tx.actor.id, added_at: tx.now },
      })
      .execute()
  }
}

/**
 * A picture of a visit, for the desk.
 * @clause A01
 */
export const openVisitFile = command({
  name: 'recognition.openVisitFile',
  permission: 'recognition.read',
  input: OpenVisitFile,
  async run(tx, { fileId }) {
    const found = await tx.db
      .selectFrom('recognition.visit_files as f')
      .innerJoin('recognition.visits as v', 'v.id', 'f.visit_id')
      .select(['f.file_id as fileId', 'v.application_id as applicationId'])
      .where('f.id', '=', fileId)
      .executeTakeFirst()
    if (!found) throw missing('file')
    tx.about('application', found.applicationId)
    return openPaper(tx, found.fileId, purpose)
  },
  outcome: () => ({}),
})

/**
 * The other officer confirms; with that the application goes on, or ends.
 * @clause A01
 */
export const confirmVisit = command({
  name: 'recognition.confirmVisit',
  permission: 'recognition.manage',
  input: ConfirmVisit,
  async run(tx, { visitId }) {
    const found = await tx.db
      .selectFrom('recognition.visits')
      .select(['application_id', 'recorded_by', 'finding', 'note'])
      .where('id', '=', visitId)
      .where('confirmed_at', 'is', null)
      .executeTakeFirst()
    if (!found) throw missing('visit')
    const { row, scheme } = await lockApplication(tx, found.application_id)
    mustBeApart(tx, row)
    if (found.recorded_by === tx.actor.id) throw no('own-visit')
    if (row.state !== 'site-visit') throw no('wrong-state', { state: row.state })
    await tx.db
      .updateTable('recognition.visits')
      .set({ confirmed_by: tx.actor.id, confirmed_by_name: tx.actor.name, confirmed_at: tx.now })
      .where('id', '=', visitId)
      .execute()
    if (found.finding === 'fail') await refuseWith(tx, row, 'refuse', ['rec-visit-failed'], found.note)
    else await passStage(tx, scheme, row, { note: found.note })
    return { applicationId: row.id, state: row.state }
  },
})

/**
 * Chooses who will be put before the public; everybody else who waits is told so. Never more than the places that are left,
 * never two of one firm, and out of the order of points only with a reason.
 * @clause A01 @clause R23
 */
export const shortlist = command({
  name: 'recognition.shortlist',
  permission: 'recognition.manage',
  input: Shortlist,
  async run(tx, { callId, applicationIds, reason }) {
    const call = await lockCall(tx, callId)
    const scheme = await schemeVersion(tx.db, call.version_id)
    const all = await tx.db
      .selectFrom('recognition.applications')
      .select(['id', 'state'])
      .where('call_id', '=', callId)
      .where('state', 'in', [
        ...['submitted', 'formal-review', 'returned', 'recommendation', 'expert-review', 'site-visit', 'shortlist'],
      ])
      .execute()
    const rows = await lockApplications(
      tx,
      all.filter((one) => one.state === 'shortlist').map((one) => one.id),
    )
    const chosen = rows.filter((row) => applicationIds.includes(row.id))
    if (chosen.length !== new Set(applicationIds).size) throw no('list-changed')
    const rest = rows.filter((row) => !applicationIds.includes(row.id))
    // a rolling call decides on what is there; a call with a last day decides once, on all
    const elsewhere = all.filter((one) => one.state !== 'shortlist').length
    if (call.closes_on !== null && rest.length > 0 && elsewhere > 0) throw no('not-all-there', { count: elsewhere })
    const needsReason = outOfOrder(
      chosen.filter((row) => row.score !== null).map((row) => row.score),
      rest.map((row) => row.score),
    )
    if (needsReason && reason.length < 4) throw no('out-of-order')
    if (reason.length < 4) await mustKeepShares(tx, scheme, chosen)
    for (const row of chosen) await mustHaveRoom(tx, scheme, row, ['total', 'year', 'organisation'])
    await mustFit(tx, scheme, call.id, chosen)
    const set = { chosen_by: tx.actor.id }
    for (const row of chosen) await moveApplication(tx, row, 'choose', { set, note: reason })
    for (const row of rest) await moveApplication(tx, row, 'leave-out', { set, note: reason })
    return { callId, count: chosen.length }
  },
})

/**
 * The spread over kinds of holders; beyond it only with a reason.
 * @clause R27
 */
async function mustKeepShares(tx: Tx, scheme: Scheme, chosen: readonly Row[]): Promise<void> {
  const { shares } = scheme
  if (!shares) return
  const figure = await figuresFor(tx)
  const values = chosen.map((row) => String(openForm(tx.crypto, row.form_sealed).answers[shares.field] ?? ''))
  const parts = shares.parts.map((one) => ({ value: one.value, parts: figure(one.figure, dayOf(tx.now)).value }))
  const [beyond] = beyondShare(values, parts)
  if (beyond === undefined) return
  const field = scheme.fields.find((one) => one.id === shares.field)
  const options = field && field.kind !== 'table' ? (field.options ?? []) : []
  throw no('beyond-share', { kind: options.find((one) => one.value === beyond)?.label ?? beyond })
}

type Tx = Parameters<typeof lockCall>[0]
type Scheme = Awaited<ReturnType<typeof schemeVersion>>
type Row = Awaited<ReturnType<typeof lockApplications>>[number]

/** With everybody already listed and not yet designated, the places must still be enough. */
async function mustFit(tx: Tx, scheme: Scheme, callId: string, chosen: readonly Row[]): Promise<void> {
  const listed = await tx.db
    .selectFrom('recognition.applications')
    .select(['id', 'organisation_id'])
    .where('scheme', '=', scheme.code)
    .where('state', 'in', ['shortlisted', 'publicised', 'objection-held', 'cleared'])
    .execute()
  const waiting = [...listed, ...chosen.map((row) => ({ id: row.id, organisation_id: row.organisation_id }))]
  for (const row of chosen) {
    const limits = await limitsFor(tx, scheme, { call_id: callId, organisation_id: row.organisation_id })
    for (const limit of limits) {
      if (limit.most === null || limit.scope === 'call-organisation') continue
      const same = waiting.filter(
        (one) => limit.scope !== 'organisation' || one.organisation_id === row.organisation_id,
      )
      if (limit.taken + same.length > limit.most) {
        throw refused({
          clause: scheme.rule,
          reason: 'quota-full',
          facts: { quota: limit.label, most: limit.most },
        })
      }
    }
  }
}
