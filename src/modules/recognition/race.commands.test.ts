import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { AppError } from '#platform/errors.ts'
import { freshDb, type TestDb, testCrypto, testNow, user } from '#platform/testing.ts'
import {
  at,
  firm,
  hr,
  intake,
  nominee,
  openCall,
  registerForm,
  submitted,
} from '../../../tests/fixtures/recognition.ts'
import { formContext } from './application.queries.ts'
import { designate } from './designation.commands.ts'
import { takeApplication } from './review.commands.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 60)
})
afterAll(() => t.close())

/** Applications whose publicity is over, each of a firm of its own, put there as the owner of the tables. */
async function cleared(callId: string, count: number, organisation?: string): Promise<string[]> {
  const call = await t.db.selectFrom('recognition.calls').selectAll().where('id', '=', callId).executeTakeFirstOrThrow()
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    const id = randomUUID()
    const organisationId = organisation ?? (await firm(t.db, 2000 + i))
    const sealed = testCrypto.seal(JSON.stringify({ person: {}, answers: {} }), formContext)
    await t.owner.query('set session_replication_role = replica')
    await t.owner.query(
      `insert into recognition.applications (id, number, call_id, scheme, version_id, path, organisation_id, holder_key, public_name,
        form_sealed, applicant, state, consent_at, created_at, saved_at, formal_by, chosen_by)
       values ($1, $2, $3, $4, $5, 'standard', $6, $7, '某技师', $8, 'user:x', 'cleared', $9, $9, $9, 'user:李受理', 'user:李受理')`,
      [id, `T-${id}`, callId, call.scheme, call.version_id, organisationId, `person:${id}`, sealed, testNow],
    )
    await t.owner.query('set session_replication_role = origin')
    ids.push(id)
  }
  return ids
}

const leaders = (n: number) => user(`局长${n}`, [{ role: 'hr-leader' }])
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) =>
      error instanceof AppError && error.fault.kind === 'refused' ? error.fault.refusal.reason : String(error),
  )
const taken = async (quota: string) =>
  t.db
    .selectFrom('recognition.quota_taken')
    .select(['key', 'taken'])
    .where('quota', '=', quota)
    .where('taken', '>', 0)
    .execute()

describe('R23 whoever clicks first', () => {
  test('R23 HZ4-M02 fifty leaders designate at once against ten places: ten', async () => {
    const ctx = at(t.db)
    const callId = await openCall(ctx, 'haizhu-chief-technician')
    const ids = await cleared(callId, 50)
    const results = await Promise.all(
      ids.map((applicationId, i) => outcome(designate(ctx(leaders(i)), { applicationId }))),
    )
    expect(Map.groupBy(results, (one) => one).get('done')).toHaveLength(10)
    expect(new Set(results)).toEqual(new Set(['done', 'quota-full']))
    const { count } = await t.db
      .selectFrom('recognition.designations')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect([Number(count), (await taken('total'))[0]?.taken]).toEqual([10, 10])
  })

  test('R23 the database refuses the eleventh by itself, whoever writes', async () => {
    const [row] = await t.db
      .selectFrom('recognition.applications')
      .selectAll()
      .where('state', '=', 'cleared')
      .limit(1)
      .execute()
    if (!row) throw new Error('none left')
    const write = () =>
      t.db
        .insertInto('recognition.designations')
        .values({
          ...{
            number: `X-${row.id}`,
            scheme: row.scheme,
            version_id: row.version_id,
            call_id: row.call_id,
            application_id: row.id,
          },
          ...{
            path: 'standard',
            holder_key: row.holder_key ?? '',
            holder_name: '某技师',
            organisation_id: row.organisation_id,
          },
          ...{
            designated_on: '2021-09-15',
            designated_by: 'user:某',
            designated_by_name: '某',
            designated_at: testNow,
          },
        })
        .execute()
    await expect(write()).rejects.toThrow('is full')
    await expect(t.db.updateTable('recognition.quota_taken').set({ taken: 0 }).execute()).rejects.toThrow(
      'permission denied',
    )
    await expect(t.db.updateTable('recognition.call_limits').set({ most: 99 }).execute()).rejects.toThrow(
      'permission denied',
    )
  })

  test('R23 a place is free again when a term ends, and one firm never has two', async () => {
    const ctx = at(t.db)
    const [held] = await t.db
      .selectFrom('recognition.designations')
      .selectAll()
      .where('ended_on', 'is', null)
      .limit(1)
      .execute()
    if (!held?.organisation_id) throw new Error('nobody holds')
    const [second] = await cleared(held.call_id, 1, held.organisation_id)
    await t.db
      .updateTable('recognition.designations')
      .set({ state: 'withdrawn', ended_on: '2021-09-15' })
      .where('id', '!=', held.id)
      .where('ended_on', 'is', null)
      .execute()
    expect((await taken('total'))[0]?.taken).toBe(1)
    expect(await outcome(designate(ctx(leaders(99)), { applicationId: second ?? '' }))).toBe('quota-full')
    await expect(
      t.db
        .updateTable('recognition.designations')
        .set({ ended_on: null, state: 'in-term' })
        .where('ended_on', 'is not', null)
        .execute(),
    ).rejects.toThrow()
  })

  test('A01 two officers take one application: one has it', async () => {
    const ctx = at(t.db)
    const callId = await openCall(ctx, 'enterprise-chief-technician')
    const organisationId = await firm(t.db, 1900)
    const applicationId = await submitted(ctx(hr(organisationId)), {
      callId,
      organisationId,
      f: registerForm,
      kinds: ['decision', 'certificate'],
    })
    const results = await Promise.all(
      [intake, ...Array.from({ length: 9 }, (_, i) => user(`受理${i}`, [{ role: 'hr-intake' }]))].map((one) =>
        outcome(takeApplication(ctx(one), { applicationId })),
      ),
    )
    expect(results.toSorted()).toEqual(['done', ...Array.from({ length: 9 }, () => 'wrong-state')])
  })

  test('R23 one person nominated by twenty firms at once: one nomination', async () => {
    const ctx = at(t.db)
    const callId = await openCall(ctx, 'enterprise-chief-technician')
    const person = nominee('共有技师')
    const firms = await Promise.all(Array.from({ length: 20 }, (_, i) => firm(t.db, 3000 + i)))
    const results = await Promise.all(
      firms.map((organisationId) =>
        outcome(
          submitted(ctx(hr(organisationId)), {
            callId,
            organisationId,
            person,
            f: registerForm,
            kinds: ['decision', 'certificate'],
          }),
        ),
      ),
    )
    expect(results.filter((one) => one === 'done')).toHaveLength(1)
    expect(new Set(results)).toEqual(new Set(['done', 'already-nominated']))
  })
})
