import { parseDocument } from '#modules/people/identity.rules.ts'
import { documentKind } from '#modules/people/identity.schema.ts'
import { ensurePerson } from '#modules/people/person.commands.ts'
import { openPersons } from '#modules/people/person.queries.ts'
import { endClock, resumeClock } from '#platform/casework.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { nextNumber } from '#platform/counters.ts'
import { AppError, conflict, invalid, missing, refused } from '#platform/errors.ts'
import type { Scheme } from '#policy/plan.types.ts'
import { ageOn, dayOf, yearOf } from '#shared/dates.ts'
import { maskName } from '#shared/text.ts'
import { eligibilityOf, formContext, missingMaterials, openForm, type StoredForm } from './application.queries.ts'
import { applicationCycle, holderKey, workable } from './application.rules.ts'
import {
  type ApplicationState,
  ChooseApplication,
  personFaults,
  SaveApplication,
  StartApplication,
  SubmitApplication,
} from './application.schema.ts'
import { calls, isOpen } from './call.queries.ts'
import { type ApplicationRow, lockOwn, moveApplication, mustHaveRoom, runClock } from './case.commands.ts'
import { type Answers, readForm } from './form.rules.ts'
import { schemeVersion } from './scheme.queries.ts'

/**
 * Opens a draft in a call that is open: for an organisation by its people, for oneself by the person.
 * @clause A01
 */
export const startApplication = command({
  name: 'recognition.startApplication',
  permission: 'recognition.apply',
  input: StartApplication,
  run: (tx, input) => start(tx, input, 'organisation'),
})

export const startOwnApplication = command({
  name: 'recognition.startOwnApplication',
  permission: 'self.apply',
  input: StartApplication,
  run: (tx, input) => start(tx, input, 'person'),
})

type Started = { callId: string; organisationId?: string | undefined; path: string }

async function start(tx: Tx, input: Started, by: 'organisation' | 'person') {
  const call = await calls(tx.db).where('c.id', '=', input.callId).executeTakeFirst()
  if (!call || call.state === 'draft' || call.state === 'dropped') throw missing('call')
  if (!isOpen(call, dayOf(tx.now))) throw refused({ clause: 'A01', reason: 'call-not-open', facts: {} })
  const scheme = await schemeVersion(tx.db, call.versionId)
  if (!scheme.paths.some((path) => path.id === input.path)) {
    throw refused({ clause: 'A01', reason: 'path-unknown', facts: {} })
  }
  if (scheme.applicants.by !== by) throw notTheirs(scheme)
  const organisationId = by === 'organisation' ? await ownOrganisation(tx, scheme, input.organisationId) : null
  const personId = by === 'person' ? tx.actor.personId : null
  if (by === 'person' && !personId) throw new AppError({ kind: 'forbidden', permission: 'self.apply' })
  const form: StoredForm = { person: { name: '', documentKind: 'resident-id', documentNumber: '' }, answers: {} }
  const { id } = await tx.db
    .insertInto('recognition.applications')
    .values({
      call_id: call.id,
      scheme: call.scheme,
      version_id: call.versionId,
      path: input.path,
      organisation_id: organisationId,
      person_id: personId,
      form_sealed: tx.crypto.seal(JSON.stringify(form), formContext),
      applicant: tx.actor.id,
      created_at: tx.now,
      saved_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tx.about('application', id)
  tx.about('call', call.id)
  return { applicationId: id }
}

const notTheirs = (scheme: Scheme) =>
  refused({ clause: scheme.clause, reason: 'organisation-type', facts: { who: scheme.applicants.description } })

async function ownOrganisation(tx: Tx, scheme: Scheme, asked: string | undefined): Promise<string> {
  if (!asked || !tx.actor.can('recognition.apply', { organisationId: asked })) throw missing('organisation')
  const organisation = await tx.db
    .selectFrom('people.organisations')
    .select(['id', 'type'])
    .where('id', '=', asked)
    .executeTakeFirst()
  if (!organisation) throw missing('organisation')
  // the plan's folder writes assessmentOrg where the register writes assessment-org
  const type = organisation.type.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  if (!scheme.applicants.orgTypes.includes(type)) throw notTheirs(scheme)
  return organisation.id
}

/** Keeps what is typed, whole or not. Nothing of it is read by anybody else before it is submitted. */
export const saveApplication: Command<typeof SaveApplication, { applicationId: string; version: number }> = command({
  name: 'recognition.saveApplication',
  permission: 'public',
  input: SaveApplication,
  told: ({ applicationId }) => ({ applicationId }),
  async run(tx, input) {
    const { row, scheme } = await lockOwn(tx, input.applicationId)
    mustBeWorkable(row)
    if (row.version !== input.version) throw conflict('application')
    const { answers, faults } = readForm(scheme, input.f, false)
    const tooLong = personFaults(input.person)
    if (Object.keys(faults).length + Object.keys(tooLong).length > 0) {
      if (!input.whole) throw invalid({ ...faults, ...tooLong })
      const whole = readForm(scheme, input.f, true)
      // the nominee is looked at too; a person registered by it goes with this transaction
      if (Object.keys(tooLong).length === 0)
        await holderOf(tx, scheme, row, { person: input.person, answers: {} }, whole.answers, whole.faults)
      throw invalid({ ...whole.faults, ...tooLong })
    }
    // the page shows the number masked once it is kept; the mask coming back means "as it was"
    const before = openForm(tx.crypto, row.form_sealed).person
    const masked = input.person.documentNumber.includes('*')
    const documentNumber = masked ? before.documentNumber : input.person.documentNumber
    const form: StoredForm = { person: { ...input.person, documentNumber }, answers }
    await tx.db
      .updateTable('recognition.applications')
      .set({
        form_sealed: tx.crypto.seal(JSON.stringify(form), formContext),
        saved_at: tx.now,
        version: row.version + 1,
      })
      .where('id', '=', row.id)
      .execute()
    return { applicationId: row.id, version: row.version + 1 }
  },
})

/**
 * Hands the application in: the form whole, the materials there, no rule clearly broken, a place left for the firm, and
 * nobody nominated twice. What was judged is kept with the words that were agreed to.
 * @clause A01 @clause R23
 */
export const submitApplication = command({
  name: 'recognition.submitApplication',
  permission: 'public',
  input: SubmitApplication,
  async run(tx, input) {
    const { row, scheme } = await lockOwn(tx, input.applicationId)
    if (row.version !== input.version) throw conflict('application')
    mustBeWorkable(row)
    const call = await calls(tx.db).where('c.id', '=', row.call_id).executeTakeFirstOrThrow()
    // a correction is handed in under its own clock, whatever the call's last day
    if (row.state === 'draft' && !isOpen(call, dayOf(tx.now))) {
      throw refused({ clause: 'A01', reason: 'call-not-open', facts: {} })
    }
    const form = openForm(tx.crypto, row.form_sealed)
    const { answers, faults } = readForm(scheme, form.answers, true)
    const holder = await holderOf(tx, scheme, row, form, answers, faults)
    if (input.consent !== 'yes') faults.consent = ['提交前请勾选承诺']
    if (Object.keys(faults).length > 0) throw invalid(faults)
    const lacking = await missingMaterials(tx.db, scheme, row, answers)
    if (lacking.length > 0) {
      throw refused({ clause: 'A01', reason: 'material-missing', facts: { labels: lacking.join('、') } })
    }
    const findings = await eligibilityOf(tx, scheme, { ...holder, organisationId: row.organisation_id }, answers)
    const broken = findings.filter((one) => one.verdict === 'fail')
    if (broken.length > 0) {
      const rules = broken.map((one) => `${one.statement}（${one.note}）`).join('；')
      throw refused({ clause: broken[0]?.clause ?? 'A01', reason: 'not-eligible', facts: { rules } })
    }
    const again = row.state === 'returned'
    if (!again) await mustHaveRoom(tx, scheme, row, ['call-organisation'])
    await mustBeFirst(tx, row, holder.key)
    await moveApplication(tx, row, 'submit', { set: await submission(tx, scheme, row, holder, answers, findings) })
    if (again) {
      await endClock(tx, 'application', row.id, 'correction')
      await resumeClock(tx, 'application', row.id, 'review')
    } else await runClock(tx, row.id, 'review', scheme.clocks.formal)
    return { applicationId: row.id, state: row.state, number: row.number }
  },
})

type Holder = { key: string; personId: string | null; name: string; age: number | null; item: string }

async function submission(
  tx: Tx,
  scheme: Scheme,
  row: ApplicationRow,
  holder: Holder,
  answers: Answers,
  findings: unknown[],
) {
  const series = scheme.numbering.replace('{year}', String(yearOf(dayOf(tx.now))))
  const number =
    row.number ?? `${series}-S${String(await nextNumber(tx, 'recognition', `${series}-S`)).padStart(4, '0')}`
  return {
    number,
    person_id: holder.personId,
    item: holder.item,
    grade: scheme.gradeField ? String(answers[scheme.gradeField] ?? '') : '',
    holder_key: holder.key,
    public_name: scheme.card ? maskName(holder.name) : holder.name, // a card shows the name only as its holder agrees
    consent_at: tx.now,
    consent_words: scheme.commitment,
    submitted_at: tx.now,
    submitted_by: tx.actor.id,
    findings: JSON.stringify(findings),
  }
}

/** Who will hold the title; faults of the person's fields are put with the form's. */
async function holderOf(
  tx: Tx,
  scheme: Scheme,
  row: ApplicationRow,
  form: StoredForm,
  answers: Answers,
  faults: Record<string, string[]>,
): Promise<Holder> {
  const item = scheme.itemField ? String(answers[scheme.itemField] ?? '') : ''
  const facts = { organisationId: row.organisation_id, item }
  if (scheme.holder !== 'person') {
    const organisation = await tx.db
      .selectFrom('people.organisations')
      .select('name')
      .where('id', '=', row.organisation_id ?? '')
      .executeTakeFirstOrThrow()
    const key = holderKey(scheme.holder, { ...facts, personId: null })
    const name = scheme.holder === 'item' ? item : organisation.name
    return { key, personId: null, name, age: null, item }
  }
  const personId = row.applicant && scheme.applicants.by === 'person' ? row.person_id : await nominee(tx, form, faults)
  if (!personId) return { key: '', personId: null, name: '', age: null, item }
  const open = (await openPersons(tx.db, tx.crypto, [personId])).get(personId)
  if (!open) throw missing('person')
  const parsed = parseDocument(open.documentKind, open.documentNumber, dayOf(tx.now))
  const born = open.bornOn ?? (parsed.ok ? parsed.value.birthOn : null)
  const key = holderKey('person', { ...facts, personId })
  return { key, personId, name: open.name, age: born ? ageOn(born, dayOf(tx.now)) : null, item }
}

async function nominee(tx: Tx, { person }: StoredForm, faults: Record<string, string[]>): Promise<string | null> {
  try {
    const kind = documentKind.catch('resident-id').parse(person.documentKind)
    const ensured = await ensurePerson(tx, { ...person, documentKind: kind })
    if (ensured.nameDiffers) {
      faults['person.name'] = ['这个证件号码登记的是另一个姓名，请核对姓名和号码']
      return null
    }
    return ensured.personId
  } catch (error) {
    if (!(error instanceof AppError) || error.fault.kind !== 'invalid') throw error
    for (const [field, words] of Object.entries(error.fault.fields)) faults[`person.${field.split('.').at(-1)}`] = words
    return null
  }
}

async function mustBeFirst(tx: Tx, row: ApplicationRow, key: string): Promise<void> {
  // the lock makes the second wait for the first to commit, so that it reads the reason instead of a broken index
  await tx.db
    .selectFrom('recognition.calls')
    .select('id')
    .where('id', '=', row.call_id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const other = await tx.db
    .selectFrom('recognition.applications')
    .select('id')
    .where('scheme', '=', row.scheme)
    .where('holder_key', '=', key)
    .where('id', '!=', row.id)
    .where('state', 'not in', ['draft', 'designated', 'rejected', 'not-selected', 'withdrawn'])
    .executeTakeFirst()
  if (other) throw refused({ clause: 'R23', reason: 'already-nominated', facts: {} })
}

function mustBeWorkable(row: ApplicationRow) {
  if (workable.includes(row.state)) return
  throw refused({ clause: applicationCycle.submit.clause, reason: 'wrong-state', facts: { state: row.state } })
}

/** Corrects until somebody has picked it up. */
export const callBackApplication = command({
  name: 'recognition.callBackApplication',
  permission: 'public',
  input: ChooseApplication,
  async run(tx, { applicationId }) {
    const { row } = await lockOwn(tx, applicationId)
    const state = await moveApplication(tx, row, 'call-back')
    await endClock(tx, 'application', row.id, 'review')
    return { applicationId, state: state as ApplicationState }
  },
})

export const withdrawApplication = command({
  name: 'recognition.withdrawApplication',
  permission: 'public',
  input: ChooseApplication,
  async run(tx, { applicationId }) {
    const { row } = await lockOwn(tx, applicationId)
    const state = await moveApplication(tx, row, 'withdraw')
    for (const clock of ['review', 'correction'] as const) await endClock(tx, 'application', row.id, clock)
    return { applicationId, state: state as ApplicationState }
  },
})
