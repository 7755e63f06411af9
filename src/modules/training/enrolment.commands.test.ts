import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import {
  enrolPerson,
  enrolSelf,
  signCommitment,
  withdrawEnrolment,
  withdrawSelf,
} from '#modules/training/enrolment.commands.ts'
import { myClass, myClasses } from '#modules/training/my.queries.ts'
import { rosterOf } from '#modules/training/roster.queries.ts'
import { actorOf } from '#platform/actor.ts'
import { freshDb, type TestDb } from '#platform/testing.ts'
import {
  approvedClass,
  at,
  documentOf,
  enrol,
  faultOf,
  institution,
  learner,
  preparedClass,
} from '../../../tests/fixtures/training.ts'

let fresh: TestDb
beforeAll(async () => {
  fresh = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => fresh.close())

const person = (over: Record<string, unknown> = {}) => ({
  name: '王小丫',
  documentNumber: documentOf(),
  phone: '13900139000',
  ...over,
})

describe('C01 the roster', () => {
  test('C01 one by one: a wrong document, a twin, another name, too young', async () => {
    const { of, classId } = await preparedClass(fresh.db)
    const add = (over: Record<string, unknown>) => enrolPerson(of.ctx(of.academic), { ...person(over), classId })
    const documentNumber = documentOf()
    const { enrolmentId } = await add({ documentNumber, groupCode: 'veterans', employment: 'contract', job: '厨工' })
    expect(await faultOf(add({ documentNumber }))).toBe('already-enrolled')
    expect(await faultOf(add({ documentNumber, name: '李大嘴' }))).toBe('person-name-differs')
    expect(await faultOf(add({ documentNumber: '440105199001010010' }))).toBe('invalid')
    expect(await faultOf(add({ documentNumber: documentOf('20051001') }))).toBe('under-age')
    expect(await faultOf(add({ groupCode: 'nobody' }))).toBe('invalid')
    const roster = await rosterOf({ db: fresh.db }, classId)
    expect(roster.find((row) => row.enrolmentId === enrolmentId)).toMatchObject({
      name: '王*丫',
      groupCode: 'veterans',
      groupVerified: false,
      employment: 'contract',
      job: '厨工',
    })
    expect(JSON.stringify(roster)).not.toContain(documentNumber)
    const { rows } = await fresh.owner.query('select input::text, outcome::text from audit.entries')
    expect(JSON.stringify(rows)).not.toContain(documentNumber)
  })

  test('C12 the last place: nobody beyond it, not even around the command', async () => {
    const { of, classId, learners } = await preparedClass(fresh.db, { cls: { capacity: '2' } })
    expect(await faultOf(enrolPerson(of.ctx(of.academic), { ...person(), classId }))).toBe('class-full')
    const [{ personId } = { personId: '' }] = await enrol(
      of,
      fresh.db,
      (await preparedClass(fresh.db, { of })).classId,
      1,
    )
    const values = {
      class_id: classId,
      person_id: personId,
      source: 'form',
      enrolled_at: at('2021-09-15T10:00'),
      enrolled_by: 'x',
    }
    await expect(fresh.db.insertInto('training.enrolments').values(values).execute()).rejects.toMatchObject({
      constraint: 'class_not_overfull',
    })
    await withdrawEnrolment(of.ctx(of.academic), { enrolmentId: learners[0]?.enrolmentId, reason: '本人申请退班' })
    expect(await enrolPerson(of.ctx(of.academic), { ...person(), classId })).toMatchObject({ classId })
  })

  test('R02 the roster is locked while the desk reads it; others find nothing', async () => {
    const { of, classId, learners } = await preparedClass(fresh.db)
    const other = await institution(fresh.db)
    const enrolmentId = learners[0]?.enrolmentId
    expect(await faultOf(enrolPerson(other.ctx(other.academic), { ...person(), classId }))).toBe('missing')
    expect(await faultOf(withdrawEnrolment(other.ctx(other.academic), { enrolmentId, reason: '不是我的班' }))).toBe(
      'missing',
    )
    await fresh.db.updateTable('training.classes').set({ state: 'applied' }).where('id', '=', classId).execute()
    expect(await faultOf(enrolPerson(of.ctx(of.academic), { ...person(), classId }))).toBe('roster-closed')
    expect(await faultOf(withdrawEnrolment(of.ctx(of.academic), { enrolmentId, reason: '审核中退班' }))).toBe(
      'roster-closed',
    )
  })
})

describe('HZ4-M13 signing up oneself', () => {
  test('HZ4-M13 with a commitment, once, and out again', async () => {
    const { of, classId } = await approvedClass(fresh.db)
    const [joiner] = await enrol(of, fresh.db, (await preparedClass(fresh.db, { of })).classId, 1)
    if (!joiner) throw new Error('no joiner')
    const join = (commitment?: string) => enrolSelf(of.ctx(joiner.actor), { classId, commitment })
    expect(await faultOf(join())).toBe('invalid')
    const { enrolmentId } = await join('yes')
    expect(await faultOf(join('yes'))).toBe('already-enrolled')
    expect((await myClasses({ db: fresh.db }, joiner.personId)).map((row) => row.classId)).toContain(classId)
    expect(await myClass(of.ctx(joiner.actor), joiner.personId, classId)).toMatchObject({
      hours: { hours: 0 },
      state: 'enrolled',
    })
    expect(await faultOf(withdrawSelf(of.ctx(learner(of.venueId)), { enrolmentId }))).toBe('missing')
    await withdrawSelf(of.ctx(joiner.actor), { enrolmentId })
    expect(await faultOf(withdrawSelf(of.ctx(joiner.actor), { enrolmentId }))).toBe('enrolment-state')
    expect(await join('yes')).toMatchObject({ classId })
  })

  test('HZ4-M13 not when closed, begun, or not real-name; a clerk may do it under a consent', async () => {
    const { of, classId } = await approvedClass(fresh.db, { cls: { startsOn: '2021-09-16' } })
    const [joiner] = await enrol(of, fresh.db, (await preparedClass(fresh.db, { of })).classId, 1)
    if (!joiner) throw new Error('no joiner')
    const form = { classId, commitment: 'yes' }
    expect(await faultOf(enrolSelf(of.ctx(joiner.actor, at('2021-09-17T09:00')), form))).toBe('enrolment-over')
    expect(await faultOf(enrolSelf(of.ctx(learner(of.venueId)), form))).toBe('no-person')
    const draft = await preparedClass(fresh.db, { of })
    expect(await faultOf(enrolSelf(of.ctx(joiner.actor), { ...form, classId: draft.classId }))).toBe('not-open')
    const clerk = actorOf({
      kind: 'user',
      id: 'user:clerk',
      name: '蔡海幢',
      personId: null,
      holdings: [{ role: 'subdistrict-clerk', subdistrict: '440105007' }],
      onBehalfOf: { personId: joiner.personId, consentId: of.venueId },
    })
    const { enrolmentId } = await enrolSelf(of.ctx(clerk), form)
    const row = await fresh.db
      .selectFrom('training.enrolments')
      .select(['source', 'enrolled_by'])
      .where('id', '=', enrolmentId)
      .executeTakeFirst()
    expect(row).toEqual({ source: 'assisted', enrolled_by: 'user:clerk' })
    const { rows } = await fresh.owner.query(
      "select on_behalf_of from audit.entries where command = 'training.enrolSelf' and actor_id = 'user:clerk'",
    )
    expect(rows).toEqual([{ on_behalf_of: joiner.personId }])
  })

  test('C12 fifty people take the last places: exactly as many as there are', async () => {
    const { of, classId } = await approvedClass(fresh.db, { people: 1, cls: { capacity: '4' } })
    const crowd = await enrol(
      of,
      fresh.db,
      (await preparedClass(fresh.db, { of, cls: { capacity: '60' } })).classId,
      50,
    )
    const answers = await Promise.allSettled(
      crowd.map(({ actor }) => enrolSelf(of.ctx(actor), { classId, commitment: 'yes' })),
    )
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(3)
    const reasons = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason.fault.refusal.reason] : [],
    )
    expect(new Set(reasons)).toEqual(new Set(['class-full']))
  })

  test('R02 the commitment of those an undertaker enrolled', async () => {
    const { of, learners } = await preparedClass(fresh.db)
    const [one, two] = learners
    if (!one || !two) throw new Error('no learners')
    const form = { enrolmentId: one.enrolmentId, commitment: 'yes' }
    expect(await faultOf(signCommitment(of.ctx(two.actor), form))).toBe('missing')
    await signCommitment(of.ctx(one.actor), form)
    await signCommitment(of.ctx(one.actor, at('2021-09-20T10:00')), form)
    const row = await fresh.db
      .selectFrom('training.enrolments')
      .select('commitment_at')
      .where('id', '=', one.enrolmentId)
      .executeTakeFirst()
    expect(row?.commitment_at).toEqual(at('2021-09-15T10:00'))
  })
})
