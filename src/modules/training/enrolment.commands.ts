import { sql } from 'kysely'
import { parseDocument } from '#modules/people/identity.rules.ts'
import { ensurePerson } from '#modules/people/person.commands.ts'
import { openPersons } from '#modules/people/person.queries.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { invalid, missing, refused } from '#platform/errors.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import type { Day } from '#shared/units.ts'
import { enrolledIn, lockClass } from './class.commands.ts'
import { type ClassRecord, classes } from './class.queries.ts'
import { rosterOpen } from './class.rules.ts'
import { checkJoin, checkSelfEnrolment } from './enrolment.rules.ts'
import {
  type EnrolmentState,
  EnrolPerson,
  EnrolSelf,
  SignCommitment,
  WithdrawEnrolment,
  WithdrawSelf,
} from './enrolment.schema.ts'
import { programmeOf } from './plan.queries.ts'

type Enrolled = { enrolmentId: string; classId: string }

/** Puts one person on the roster. @clause C01 R06 C12 */
export const enrolPerson: Command<typeof EnrolPerson, Enrolled> = command({
  name: 'training.enrolPerson',
  permission: 'roster.edit',
  input: EnrolPerson,
  async run(tx, input) {
    const record = await lockClass(tx, input.classId, 'roster.edit')
    const document = parseDocument(input.documentKind, input.documentNumber, dayOf(tx.now))
    await mustJoin(tx, record, document.ok ? document.value.birthOn : null, input.groupCode)
    const { personId, nameDiffers } = await ensurePerson(tx, {
      name: input.name,
      documentKind: input.documentKind,
      documentNumber: input.documentNumber,
      phone: input.phone,
      subdistrict: input.subdistrict,
    })
    if (nameDiffers) throw refused({ clause: 'C01', reason: 'person-name-differs', facts: {} })
    return insert(tx, record, personId, 'form', input)
  },
})

/** A person signs up for an open class; the last place goes to exactly one. @clause HZ4-M13 C12 */
export const enrolSelf: Command<typeof EnrolSelf, Enrolled> = command({
  name: 'training.enrolSelf',
  permission: 'self.enrol',
  input: EnrolSelf,
  async run(tx, input) {
    const personId = ownPerson(tx)
    const record = await classes(tx.db).where('c.id', '=', input.classId).forUpdate().executeTakeFirst()
    if (!record) throw missing('class')
    tx.about('class', record.id)
    tx.about('organisation', record.organisationId)
    const today = dayOf(tx.now)
    const open = checkSelfEnrolment({
      openEnrolment: record.openEnrolment,
      classState: record.state,
      startsOn: record.startsOn,
      today,
    })
    if (!open.ok) throw refused(open.refusal)
    const person = (await openPersons(tx.db, tx.crypto, [personId])).get(personId)
    if (!person) throw refused({ clause: 'C01', reason: 'no-person', facts: {} })
    await mustJoin(tx, record, person.bornOn, '')
    return insert(tx, record, personId, tx.actor.onBehalfOf ? 'assisted' : 'self', { commitmentAt: tx.now })
  },
})

/** The trainee's own commitment, for those an undertaker put on the roster. @clause R02 */
export const signCommitment: Command<typeof SignCommitment, { enrolmentId: string }> = command({
  name: 'training.signCommitment',
  permission: 'self.enrol',
  input: SignCommitment,
  async run(tx, input) {
    const enrolment = await lockEnrolment(tx, input.enrolmentId)
    if (enrolment.personId !== ownPerson(tx)) throw missing('enrolment')
    mustBeEnrolled(enrolment.state)
    if (enrolment.commitmentAt === null) {
      await tx.db
        .updateTable('training.enrolments')
        .set({ commitment_at: tx.now })
        .where('id', '=', enrolment.id)
        .execute()
    }
    return { enrolmentId: enrolment.id }
  },
})

/** Takes somebody off the roster, with the reason. Hours already credited stay in the ledger. */
export const withdrawEnrolment: Command<typeof WithdrawEnrolment, Enrolled> = command({
  name: 'training.withdrawEnrolment',
  permission: 'roster.edit',
  input: WithdrawEnrolment,
  async run(tx, input) {
    const enrolment = await lockEnrolment(tx, input.enrolmentId)
    const record = await lockClass(tx, enrolment.classId, 'roster.edit')
    if (!rosterOpen.includes(record.state)) {
      throw refused({ clause: 'R02', reason: 'roster-closed', facts: { state: record.state } })
    }
    return withdraw(tx, enrolment, input.reason)
  },
})

/** A person leaves a class. */
export const withdrawSelf: Command<typeof WithdrawSelf, Enrolled> = command({
  name: 'training.withdrawSelf',
  permission: 'self.enrol',
  input: WithdrawSelf,
  async run(tx, input) {
    const enrolment = await lockEnrolment(tx, input.enrolmentId)
    if (enrolment.personId !== ownPerson(tx)) throw missing('enrolment')
    return withdraw(tx, enrolment, '本人退班')
  },
})

/** The person an actor acts for: himself, or who gave the clerk a consent. */
export function ownPerson(tx: Pick<Tx, 'actor'>): string {
  const personId = tx.actor.onBehalfOf?.personId ?? tx.actor.personId
  if (!personId) throw refused({ clause: 'C01', reason: 'no-person', facts: {} })
  return personId
}

async function mustJoin(tx: Tx, record: ClassRecord, bornOn: Day | null, groupCode: string): Promise<void> {
  const programme = programmeOf(tx.plan, record.programme)
  if (!programme) throw missing('programme')
  if (groupCode !== '' && !tx.plan.groups.some(({ id }) => id === groupCode)) {
    throw invalid({ groupCode: ['请从列表中选择人员类别'] })
  }
  const at = await figuresFor(tx)
  const decision = checkJoin({
    classState: record.state,
    capacity: record.capacity,
    taken: await enrolledIn(tx, record.id),
    startsOn: record.startsOn,
    bornOn,
    ageMin: at(programme.traineeRules.ageMinFigure, record.startsOn).value,
    groups: programme.traineeRules.groups,
    groupCode,
  })
  if (!decision.ok) throw refused(decision.refusal)
}

type Details = { employment?: string; groupCode?: string; job?: string; remarks?: string; commitmentAt?: Date }

async function insert(
  tx: Tx,
  record: ClassRecord,
  personId: string,
  source: 'form' | 'self' | 'assisted',
  details: Details,
): Promise<Enrolled> {
  const own = programmeOf(tx.plan, record.programme)?.undertaker.mode === 'employer'
  const { rows } = await sql<{ id: string }>`
    insert into training.enrolments (class_id, person_id, employer_id, employment, group_code, job, source, commitment_at,
      enrolled_at, enrolled_by, remarks)
    values (${record.id}, ${personId}, ${own ? record.organisationId : null}, ${details.employment ?? ''},
      ${details.groupCode || null}, ${details.job ?? ''}, ${source}, ${details.commitmentAt ?? null}, ${tx.now},
      ${tx.actor.id}, ${details.remarks ?? ''})
    on conflict (class_id, person_id) where state <> 'withdrawn' do nothing returning id
  `.execute(tx.db)
  const id = rows[0]?.id
  if (!id) throw refused({ clause: 'C01', reason: 'already-enrolled', facts: {} })
  tx.about('enrolment', id)
  tx.about('person', personId)
  return { enrolmentId: id, classId: record.id }
}

type LockedEnrolment = {
  id: string
  classId: string
  personId: string
  state: EnrolmentState
  commitmentAt: Date | null
}

export async function lockEnrolment(tx: Tx, id: string): Promise<LockedEnrolment> {
  const row = await tx.db
    .selectFrom('training.enrolments')
    .select(['id', 'class_id as classId', 'person_id as personId', 'state', 'commitment_at as commitmentAt'])
    .$castTo<LockedEnrolment>()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw missing('enrolment')
  tx.about('enrolment', row.id)
  tx.about('class', row.classId)
  tx.about('person', row.personId)
  return row
}

function mustBeEnrolled(state: EnrolmentState): void {
  if (state !== 'enrolled') throw refused({ clause: 'R02', reason: 'enrolment-state', facts: { state } })
}

async function withdraw(tx: Tx, enrolment: LockedEnrolment, reason: string): Promise<Enrolled> {
  mustBeEnrolled(enrolment.state)
  await tx.db
    .updateTable('training.enrolments')
    .set({ state: 'withdrawn', withdrawn_at: tx.now, remarks: reason })
    .where('id', '=', enrolment.id)
    .execute()
  return { enrolmentId: enrolment.id, classId: enrolment.classId }
}
