import { randomUUID } from 'node:crypto'
import { frozen, leafOf } from '#modules/publicity/list.rules.ts'
import type { PublicRow } from '#modules/publicity/list.schema.ts'
import { recordMove } from '#platform/casework.ts'
import { byRule, command } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { sha256 } from '#platform/digest.ts'
import { missing, refused } from '#platform/errors.ts'
import { takeTurn } from '#platform/limits.ts'
import { newReceipt } from '#platform/receipts.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { lockCall } from './call.commands.ts'
import { figureNow, lockApplication, lockApplications, moveApplication } from './case.commands.ts'
import { titleWords } from './designation.rules.ts'
import { contactContext, receiptContext, textContext } from './publication.queries.ts'
import { ClosePublication, DecideObjection, LodgeObjection, Publicise } from './publication.schema.ts'
import { refuseWith } from './review.commands.ts'
import { schemeVersion } from './scheme.queries.ts'

const no = (reason: string) => refused({ clause: 'A01', reason, facts: {} })

/**
 * Puts the chosen before the public for the laid-down working days: holder, organisation, title; no document, no phone.
 * The list is frozen with its digest and root, by the same tree as the lists of subsidies.
 * @clause A01 @clause R37
 */
export const publicise = command({
  name: 'recognition.publicise',
  permission: 'publicity.run',
  input: Publicise,
  async run(tx, { callId, title }) {
    const call = await lockCall(tx, callId)
    const scheme = await schemeVersion(tx.db, call.version_id)
    const found = await tx.db
      .selectFrom('recognition.applications')
      .select('id')
      .where('call_id', '=', callId)
      .where('state', '=', 'shortlisted')
      .execute()
    if (found.length === 0) throw no('nothing-listed')
    const rows = await lockApplications(
      tx,
      found.map((row) => row.id),
    )
    const { value: workdays, decided } = await figureNow(tx, scheme.publicityFigure)
    const today = dayOf(tx.now)
    const closesOn = addWorkdays(today, workdays).day
    const series = `RG-${yearOf(today)}`
    const number = `${series}-${String(await nextNumber(tx, 'recognition', series)).padStart(4, '0')}`
    const names = await tx.db
      .selectFrom('people.organisations')
      .select(['id', 'name', 'uscc'])
      .where('id', 'in', [...rows.flatMap((row) => row.organisation_id ?? []), randomUUID()])
      .execute()
    const listed = rows
      .toSorted((a, b) => (a.number ?? '').localeCompare(b.number ?? ''))
      .map((row, at) => {
        const unit = names.find((one) => one.id === row.organisation_id)
        const content: PublicRow = {
          position: at + 1,
          kind: scheme.holder === 'person' ? 'person' : 'unit',
          unit: unit?.name ?? '',
          person: scheme.holder === 'organisation' ? '' : row.public_name,
          document: unit?.uscc ?? '',
          subsidy: titleWords(scheme, row.grade),
          persons: 1,
          amountFen: 0,
        }
        return { applicationId: row.id, content, leaf: leafOf(sha256, content, row.id, '') }
      })
    const id = randomUUID()
    await tx.db
      .insertInto('recognition.publications')
      .values({
        ...{ id, number, call_id: callId, title, opened_on: today, closes_on: closesOn, workdays, decided },
        ...frozen(sha256, { number, title, openedOn: today, closesOn }, listed),
        opened_by: tx.actor.id,
        opened_by_name: tx.actor.name,
        opened_at: tx.now,
      })
      .execute()
    tx.about('publication', id)
    await tx.db
      .insertInto('recognition.publication_rows')
      .values(
        listed.map((one) => ({
          publication_id: id,
          application_id: one.applicationId,
          position: one.content.position,
          content: JSON.stringify(one.content),
          leaf: one.leaf,
        })),
      )
      .execute()
    for (const row of rows) await moveApplication(tx, row, 'publicise', { note: number })
    return { publicationId: id, number, count: rows.length, closesOn }
  },
})

/**
 * Anybody objects while the list is public, with or without a name. The application waits until it is decided.
 * @clause A01 @clause C24
 */
export const lodgeObjection = command({
  name: 'recognition.lodgeObjection',
  permission: 'public',
  input: LodgeObjection,
  async run(tx, input) {
    await takeTurn(tx.db, `recognition-objection:${input.rowId}`, { tries: 20, seconds: 86_400 })
    const today = dayOf(tx.now)
    const found = await tx.db
      .selectFrom('recognition.publication_rows as r')
      .innerJoin('recognition.publications as p', 'p.id', 'r.publication_id')
      .select(['r.id', 'r.application_id', 'p.state', 'p.closes_on'])
      .where('r.id', '=', input.rowId)
      .executeTakeFirst()
    if (!found) throw missing('publication-row')
    if (found.state !== 'open' || found.closes_on < today) throw no('list-closed')
    const { row, scheme } = await lockApplication(tx, found.application_id)
    if (row.state !== 'publicised' && row.state !== 'objection-held') throw no('row-left')
    const { value: days } = await figureNow(tx, scheme.clocks.objection)
    const receipt = newReceipt()
    const series = `RY-${yearOf(today)}`
    const number = `${series}-${String(await nextNumber(tx, 'recognition', series)).padStart(4, '0')}`
    const { id } = await tx.db
      .insertInto('recognition.objections')
      .values({
        number,
        row_id: found.id,
        application_id: row.id,
        receipt_index: tx.crypto.blindIndex(receipt, receiptContext),
        reason: input.reason,
        text_sealed: tx.crypto.seal(input.text, textContext),
        contact_sealed: input.contact === '' ? null : tx.crypto.seal(input.contact, contactContext),
        lodged_at: tx.now,
        due_on: addWorkdays(today, days).day,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('title-objection', id)
    // the objector may do nothing to an application; the house holds it because of the objection
    const house = byRule(tx, 'recognition.objection')
    if (row.state === 'publicised') await moveApplication(house, row, 'hold', { note: number })
    return { id, number, receipt }
  },
  outcome: ({ id, number }) => ({ id, number }),
})

/**
 * Decided by somebody who took no part before. Upheld: the application ends. Dismissed, and no other open: it is public
 * again.
 * @clause A01 @clause C24
 */
export const decideObjection = command({
  name: 'recognition.decideObjection',
  permission: 'objection.decide',
  input: DecideObjection,
  async run(tx, { objectionId, outcome, reply }) {
    const found = await tx.db
      .selectFrom('recognition.objections')
      .select('application_id')
      .where('id', '=', objectionId)
      .executeTakeFirst()
    if (!found) throw missing('objection')
    const { row } = await lockApplication(tx, found.application_id)
    tx.about('title-objection', objectionId)
    const objection = await tx.db
      .selectFrom('recognition.objections')
      .select(['state', 'number'])
      .where('id', '=', objectionId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (objection.state !== 'open') throw no('objection-decided')
    const took = [row.formal_by, row.recommended_by, row.chosen_by, row.submitted_by, row.applicant]
    if (took.includes(tx.actor.id)) throw no('judge-took-part')
    await tx.db
      .updateTable('recognition.objections')
      .set({
        state: outcome,
        reply,
        decided_by: tx.actor.id,
        decided_by_name: tx.actor.name,
        decided_at: tx.now,
      })
      .where('id', '=', objectionId)
      .execute()
    const open = await tx.db
      .selectFrom('recognition.objections')
      .select('id')
      .where('application_id', '=', row.id)
      .where('state', '=', 'open')
      .executeTakeFirst()
    if (row.state === 'objection-held') {
      if (outcome === 'upheld') await refuseWith(tx, row, 'uphold', ['rec-objection-upheld'], objection.number)
      else if (!open) await moveApplication(tx, row, 'release', { note: objection.number })
    }
    return { id: objectionId, state: outcome, applicationState: row.state }
  },
})

/**
 * Ends a list whose days are over: what is public without an objection is cleared; what is held waits for its answer and
 * is cleared by the next run.
 * @clause A01
 */
export const closePublication = command({
  name: 'recognition.closePublication',
  permission: 'system.operate',
  input: ClosePublication,
  async run(tx, { publicationId }) {
    const list = await tx.db
      .selectFrom('recognition.publications')
      .select(['id', 'closes_on', 'state', 'number'])
      .where('id', '=', publicationId)
      .forUpdate()
      .executeTakeFirst()
    if (!list) throw missing('publication')
    tx.about('publication', publicationId)
    if ((list.closes_on as Day) >= dayOf(tx.now)) return { publicationId, count: 0, state: list.state }
    const found = await tx.db
      .selectFrom('recognition.publication_rows as r')
      .innerJoin('recognition.applications as a', 'a.id', 'r.application_id')
      .select(['a.id', 'a.state'])
      .where('r.publication_id', '=', publicationId)
      .execute()
    const rows = await lockApplications(
      tx,
      found.map((row) => row.id),
    )
    const due = rows.filter((row) => row.state === 'publicised')
    for (const row of due) await moveApplication(tx, row, 'clear', { note: list.number })
    const held = rows.some((row) => row.state === 'objection-held')
    if (!held && list.state === 'open') {
      await tx.db
        .updateTable('recognition.publications')
        .set({ state: 'closed', closed_at: tx.now })
        .where('id', '=', publicationId)
        .execute()
      await recordMove(tx, { kind: 'publication', id: publicationId, move: 'close', from: 'open', to: 'closed' })
    }
    return { publicationId, count: due.length, state: held ? 'open' : 'closed' }
  },
})
