import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { nameIndex, openPersons } from '#modules/people/person.queries.ts'
import { tellRecords } from '#modules/training/desk.commands.ts'
import { recordMove } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { maskName } from '#shared/text.ts'
import { assessedClasses } from './assessment.queries.ts'
import { certificates, digestOf, holderContext } from './certificate.queries.ts'
import { certificateNumber, verificationCode } from './certificate.rules.ts'
import {
  type CertificateState,
  FailRun,
  IssueCertificates,
  IssueChunk,
  RevokeCertificate,
} from './certificate.schema.ts'
import { type ClassFacts, classFacts, countPending, type Pending, pendingFor, recordOf } from './issue.queries.ts'

/**
 * Asks for certificates for everybody of the class who passed and has none. The work is a job with exact counts.
 * @clause R02
 */
export const issueCertificates: Command<typeof IssueCertificates, { runId: string; totalCount: number }> = command({
  name: 'assessment.issueCertificates',
  permission: 'certificate.issue',
  input: IssueCertificates,
  async run(tx, input) {
    const found = await assessedClasses(tx.db).where('c.id', '=', input.classId).forNoKeyUpdate('c').executeTakeFirst()
    if (!found || !tx.actor.can('certificate.issue', { organisationId: found.organisationId })) throw missing('class')
    tx.about('class', found.id)
    if (found.state !== 'assessed' && found.state !== 'closed') {
      throw refused({ clause: 'R35', reason: 'results-not-out', facts: {} })
    }
    const running = await tx.db
      .selectFrom('assessment.issue_runs')
      .select('id')
      .where('class_id', '=', found.id)
      .where('state', 'in', ['queued', 'running'])
      .executeTakeFirst()
    if (running) throw refused({ clause: 'R02', reason: 'issue-running', facts: {} })
    const total = await countPending(tx.db, found.id)
    if (total === 0) throw refused({ clause: 'R35', reason: 'nothing-to-issue', facts: {} })
    const { id } = await tx.db
      .insertInto('assessment.issue_runs')
      .values({
        class_id: found.id,
        total,
        requested_by: tx.actor.id,
        requested_by_name: tx.actor.name,
        requested_at: tx.now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('issue-run', id)
    await tx.enqueue('assessment.issueCertificates', { runId: id }, { key: `assessment.issueCertificates:${id}` })
    return { runId: id, totalCount: total }
  },
})

type Chunk = { runId: string; issuedCount: number; done: boolean }

/**
 * Makes the next few certificates of a run. Numbers are taken under the lock of their year, so they have neither holes
 * nor twins; a certificate that exists already is never made again, so the run can be taken up after any break.
 * @clause R02
 */
export const issueChunk: Command<typeof IssueChunk, Chunk> = command({
  name: 'assessment.issueChunk',
  permission: 'system.operate',
  input: IssueChunk,
  async run(tx, input) {
    const run = await tx.db
      .selectFrom('assessment.issue_runs')
      .selectAll()
      .where('id', '=', input.runId)
      .forUpdate()
      .executeTakeFirst()
    if (!run) throw missing('issue-run')
    tx.about('issue-run', run.id)
    tx.about('class', run.class_id)
    if (run.state === 'done' || run.state === 'failed') return { runId: run.id, issuedCount: 0, done: true }
    const pending = await pendingFor(tx.db, run.class_id, Math.min(input.size, run.total - run.issued))
    if (pending.length > 0) {
      await insertCertificates(tx, run, pending)
      await tellRecords(tx, run.class_id)
      await tx.enqueue('credentials.issueMissing', {}, { key: 'credentials.issueMissing' })
    }
    const issued = run.issued + pending.length
    const left = issued < run.total ? await countPending(tx.db, run.class_id) : 0
    const done = left === 0
    await tx.db
      .updateTable('assessment.issue_runs')
      .set({ state: done ? 'done' : 'running', issued, finished_at: done ? tx.now : null })
      .where('id', '=', run.id)
      .execute()
    return { runId: run.id, issuedCount: pending.length, done }
  },
})

/** Ends a run that the rules refuse to go on with, and says why. */
export const failRun: Command<typeof FailRun, { runId: string }> = command({
  name: 'assessment.failRun',
  permission: 'system.operate',
  input: FailRun,
  async run(tx, input) {
    await tx.db
      .updateTable('assessment.issue_runs')
      .set({ state: 'failed', message: input.message, finished_at: tx.now })
      .where('id', '=', input.runId)
      .where('state', 'in', ['queued', 'running'])
      .execute()
    tx.about('issue-run', input.runId)
    return { runId: input.runId }
  },
})

type Run = { id: string; class_id: string; requested_by: string; requested_by_name: string }

async function insertCertificates(tx: Tx, run: Run, pending: readonly Pending[]): Promise<void> {
  const facts = await classFacts(tx, run.class_id)
  const persons = await openPersons(
    tx.db,
    tx.crypto,
    pending.map(({ personId }) => personId),
  )
  const today = dayOf(tx.now)
  const first = await takeSerials(tx, facts.district, yearOf(today), pending.length)
  const rows = pending.map((one, at) => {
    const person = persons.get(one.personId)
    if (!person) throw missing('person')
    const number = certificateNumber(facts.district, yearOf(today), first + at)
    return rowOf(tx, run, facts, one, { number, name: person.name })
  })
  const made = await tx.db.insertInto('assessment.certificates').values(rows).returning(['id']).execute()
  await sql`
    insert into platform.moves (subject_kind, subject_id, move, from_state, to_state, at, actor_id, actor_name)
    select 'certificate', v.id, 'issue', '', 'issued', ${tx.now}, ${run.requested_by}, ${run.requested_by_name}
    from unnest(${made.map(({ id }) => id)}::uuid[]) as v (id)
  `.execute(tx.db)
}

function rowOf(tx: Tx, run: Run, facts: ClassFacts, one: Pending, made: { number: string; name: string }) {
  const today = dayOf(tx.now)
  const record = recordOf(facts, one, made.number, today)
  return {
    number: made.number,
    verification_code: verificationCode(randomBytes(20)),
    class_id: run.class_id,
    enrolment_id: one.enrolmentId,
    person_id: one.personId,
    result_id: one.resultId,
    organisation_id: facts.organisationId,
    run_id: run.id,
    holder_sealed: tx.crypto.seal(JSON.stringify({ name: made.name }), holderContext),
    holder_index: nameIndex(tx.crypto, made.name),
    holder_masked: maskName(made.name),
    record: JSON.stringify(record),
    digest: digestOf(tx.crypto, record, made.name),
    issued_on: today,
    issued_at: tx.now,
    issued_by: run.requested_by,
  }
}

/** Reserves `count` serials of the district's year; returns the first. The row stays locked until the commit. */
async function takeSerials(tx: Tx, district: string, year: number, count: number): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into assessment.certificate_serials (district, year, last) values (${district}, ${year}, ${count})
    on conflict (district, year) do update set last = assessment.certificate_serials.last + ${count}
      where assessment.certificate_serials.last + ${count} <= 999999
    returning last
  `.execute(tx.db)
  const last = rows[0]?.last
  if (last === undefined) throw refused({ clause: 'R02', reason: 'serials-used-up', facts: { year } })
  return last - count + 1
}

/**
 * The bureau takes a certificate back, for ever. Unless it was only misprinted, the person-time counted on it is taken
 * back too.
 * @clause C23 R35
 */
export const revokeCertificate: Command<typeof RevokeCertificate, { certificateId: string; state: CertificateState }> =
  command({
    name: 'assessment.revokeCertificate',
    permission: 'certificate.revoke',
    input: RevokeCertificate,
    async run(tx, input) {
      const found = await certificates(tx.db).where('k.id', '=', input.certificateId).forUpdate().executeTakeFirst()
      if (!found) throw missing('certificate')
      tx.about('certificate', found.id)
      tx.about('class', found.classId)
      if (found.state !== 'issued') throw refused({ clause: 'C23', reason: 'already-revoked', facts: {} })
      await tx.db
        .updateTable('assessment.certificates')
        .set({
          state: 'revoked',
          revoked_on: dayOf(tx.now),
          revoked_at: tx.now,
          revoked_by: tx.actor.id,
          revoke_code: input.code,
        })
        .where('id', '=', found.id)
        .execute()
      await recordMove(tx, {
        kind: 'certificate',
        id: found.id,
        move: 'revoke',
        from: 'issued',
        to: 'revoked',
        reasonCodes: [input.code],
        note: input.note,
      })
      if (input.code !== 'misprint') {
        await tx.enqueue('reports.negate', { certificateId: found.id }, { key: `reports.negate:${found.id}` })
      }
      return { certificateId: found.id, state: 'revoked' }
    },
  })
