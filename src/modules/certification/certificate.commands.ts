import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { verificationCode } from '#modules/assessment/certificate.rules.ts'
import type { DocumentKind } from '#modules/people/identity.schema.ts'
import { nameIndex, openPersons } from '#modules/people/person.queries.ts'
import { mustMove, recordMove } from '#platform/casework.ts'
import { command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { heldBy } from '#platform/held.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { maskName } from '#shared/text.ts'
import { type Assessor, assessorOf } from './assessor.queries.ts'
import { levelIn } from './assessor.rules.ts'
import type { ExamPart } from './assessor.schema.ts'
import { lockBatch, moveBatch } from './batch.commands.ts'
import type { Batch } from './batch.queries.ts'
import { batchCycle } from './batch.rules.ts'
import { levelDigestOf, levelHolderContext } from './certificate.queries.ts'
import { IssueBatch, type LevelCertificateRecord, RevokeLevelCertificate } from './certificate.schema.ts'
import { digitFigure, levelDigit, nationalNumber } from './number.rules.ts'
import { raiseStops } from './stop.commands.ts'

type Passed = {
  id: string
  personId: string
  documentKind: DocumentKind
  documentMasked: string
  marks: { part: ExamPart; tenths: number }[]
}

/**
 * Certificates for everybody of a cleared batch who passed, with the national number. Serials are taken under the lock of
 * the organisation's year; what is out of scope on the day of the exam the database refuses by itself.
 * @clause R34 @clause V01 @clause V05 @clause HZ4-M01
 */
export const issueBatch = command({
  name: 'certification.issueBatch',
  permission: 'certificate.issue',
  input: IssueBatch,
  async run(tx, { batchId }) {
    const batch = await lockBatch(tx, batchId, 'certificate.issue')
    mustMove(batchCycle, 'issue', batch.state)
    const assessor = await assessorOf(tx.db, batch.organisationId)
    if (!assessor || batch.lastOn === null) throw missing('assessor')
    const today = dayOf(tx.now)
    const figure = digitFigure(batch.levelScheme, batch.level)
    const laidDown = figure === null ? null : (await figuresFor(tx))(figure, today).value
    const digit = levelDigit(batch.levelScheme, batch.level, laidDown)
    if (!digit.ok) throw refused(digit.refusal)
    const passed = await passedOf(tx, batch)
    if (passed.length > 0) await insertAll(tx, batch, assessor, digit.value, passed)
    const state = await moveBatch(tx, batch, 'issue')
    await raiseStops(tx, batch)
    return { batchId, state, issuedCount: passed.length }
  },
})

async function passedOf(tx: Tx, batch: Batch): Promise<Passed[]> {
  const { rows } = await sql<Passed>`
    select k.id, k.person_id as "personId", p.document_kind as "documentKind", p.document_masked as "documentMasked",
      (select jsonb_agg(jsonb_build_object('part', m.part, 'tenths', m.tenths) order by m.part desc) from certification.marks m
        where m.candidate_id = k.id and m.round = ${batch.round}) as marks
    from certification.results r join certification.candidates k on k.id = r.candidate_id join people.persons p on p.id = k.person_id
    where r.batch_id = ${batch.id} and r.round = ${batch.round} and r.passed order by k.seq
  `.execute(tx.db)
  return rows
}

async function insertAll(tx: Tx, batch: Batch, assessor: Assessor, digit: string, passed: readonly Passed[]) {
  const today = dayOf(tx.now)
  const persons = await openPersons(
    tx.db,
    tx.crypto,
    passed.map((one) => one.personId),
  )
  const first = await takeSerials(tx, `${batch.organisationId}:${yearOf(today)}`, passed.length)
  const label = levelIn(tx.plan, batch.levelScheme, batch.level) ?? batch.level
  const rows = passed.map((one, at) => {
    const name = persons.get(one.personId)?.name
    if (name === undefined) throw missing('person')
    const number = nationalNumber(assessor, yearOf(today), digit, first + at)
    const record: LevelCertificateRecord = {
      version: 1,
      kind: '职业技能等级证书',
      number,
      document: { kind: one.documentKind, masked: one.documentMasked },
      occupation: { edition: batch.edition, code: batch.code, title: batch.occupation },
      levelScheme: batch.levelScheme,
      level: { code: batch.level, label },
      parts: one.marks,
      batch: batch.number,
      site: batch.site,
      examinedOn: batch.lastOn ?? today,
      issuer: { name: assessor.organisation, uscc: assessor.uscc, filingNo: assessor.filingNo },
      basis: tx.plan.docNo,
      issuedOn: today,
    }
    return {
      number,
      verification_code: verificationCode(randomBytes(20)),
      batch_id: batch.id,
      candidate_id: one.id,
      person_id: one.personId,
      organisation_id: batch.organisationId,
      edition: batch.edition,
      code: batch.code,
      level: batch.level,
      level_digit: digit,
      examined_on: record.examinedOn,
      holder_sealed: tx.crypto.seal(JSON.stringify({ name }), levelHolderContext),
      holder_index: nameIndex(tx.crypto, name),
      holder_masked: maskName(name),
      record: JSON.stringify(record),
      digest: levelDigestOf(tx.crypto, record, name),
      issued_on: today,
      issued_at: tx.now,
      issued_by: tx.actor.id,
    }
  })
  // a statement holds so many parameters; a batch may be larger
  for (let at = 0; at < rows.length; at += 1000) {
    await heldBy(
      tx.db
        .insertInto('certification.certificates')
        .values(rows.slice(at, at + 1000))
        .execute(),
      {
        certified_once: ['V03', 'already-certified'],
        in_scope: ['V01', 'scope-ended'],
      },
    )
  }
}

async function takeSerials(tx: Tx, key: string, count: number): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into certification.counters (key, last) values (${`serial:${key}`}, ${count})
    on conflict (key) do update set last = certification.counters.last + ${count}
      where certification.counters.last + ${count} <= 999999
    returning last
  `.execute(tx.db)
  const last = rows[0]?.last
  if (last === undefined) throw refused({ clause: 'R34', reason: 'serials-used-up', facts: {} })
  return last - count + 1
}

/**
 * The bureau takes a certificate back, for ever; the public check says so at once.
 * @clause V04
 */
export const revokeLevelCertificate = command({
  name: 'certification.revokeCertificate',
  permission: 'certificate.revoke',
  input: RevokeLevelCertificate,
  async run(tx, { certificateId, note }) {
    const found = await tx.db
      .selectFrom('certification.certificates')
      .select(['state', 'batch_id'])
      .where('id', '=', certificateId)
      .forUpdate()
      .executeTakeFirst()
    if (!found) throw missing('certificate')
    tx.about('certificate', certificateId)
    tx.about('assessment-batch', found.batch_id)
    if (found.state !== 'issued') throw refused({ clause: 'V04', reason: 'already-revoked', facts: {} })
    await tx.db
      .updateTable('certification.certificates')
      .set({ state: 'revoked', revoked_on: dayOf(tx.now), revoked_by: tx.actor.id, revoke_note: note })
      .where('id', '=', certificateId)
      .execute()
    await recordMove(tx, {
      kind: 'certificate',
      id: certificateId,
      move: 'revoke',
      from: 'issued',
      to: 'revoked',
      note,
    })
    return { certificateId, batchId: found.batch_id, state: 'revoked' as const }
  },
})
