import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { anonymous } from '#platform/actor.ts'
import { figuresFor } from '#platform/figures.ts'
import { ctxFor, freshDb, type TestDb, testNow } from '#platform/testing.ts'
import { approvedClass, at, learner, type Prepared } from '../../../tests/fixtures/training.ts'
import { accountFor, someDocument } from '../../../tests/setup/accounts.ts'
import { publicClass } from './catalogue.queries.ts'
import { enrolSelf } from './enrolment.commands.ts'
import { joinState } from './trainee.queries.ts'

let t: TestDb
let made: Prepared
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 4)
  made = await approvedClass(t.db, { cls: { capacity: '4' }, people: 2 })
})
afterAll(() => t.close())

const somebody = async (born: string) => (await accountFor(t.db, { documentNumber: someDocument(born) })).personId
const state = async (personId: string | null, now = testNow) => {
  const ctx = ctxFor(t.db, personId ? learner(personId) : anonymous, now)
  return joinState(ctx, await publicClass(ctx, made.classId), personId, await figuresFor(ctx))
}

test('HZ4-M13 an open class with a place may be joined; the page and the command agree', async () => {
  expect(await state(null)).toEqual({ enrolmentId: null, refusal: null })
  const personId = await somebody('19900101')
  expect((await state(personId)).refusal).toBeNull()
  const { enrolmentId } = await enrolSelf(ctxFor(t.db, learner(personId)), { classId: made.classId, commitment: 'yes' })
  expect(await state(personId)).toEqual({ enrolmentId, refusal: null })
})

test('R06 too young is said before the form is filled in', async () => {
  const personId = await somebody('20060101')
  expect((await state(personId)).refusal).toMatchObject({ clause: 'R06', reason: 'under-age' })
  await expect(
    enrolSelf(ctxFor(t.db, learner(personId)), { classId: made.classId, commitment: 'yes' }),
  ).rejects.toMatchObject({ fault: { refusal: { reason: 'under-age' } } })
})

test('HZ4-M13 after the first day it is over', async () => {
  expect((await state(null, at('2021-09-17T08:00'))).refusal).toMatchObject({ reason: 'enrolment-over' })
})

test('C12 full is full, for strangers too', async () => {
  const personId = await somebody('19910101')
  await enrolSelf(ctxFor(t.db, learner(personId)), { classId: made.classId, commitment: 'yes' })
  expect((await state(null)).refusal).toMatchObject({ clause: 'C12', reason: 'class-full' })
})
