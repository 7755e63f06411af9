import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { accountCard } from '#modules/access/account.queries.ts'
import { verifyIdentity } from '#modules/access/identity-claim.commands.ts'
import { askNameChange, decideNameRequest, openNameProof } from '#modules/people/name-request.commands.ts'
import { nameRequestsOf, waitingNameRequests } from '#modules/people/name-request.queries.ts'
import { personCard } from '#modules/people/person.queries.ts'
import { reasonText } from '#modules/people/person.schema.ts'
import type { Actor } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb, testCrypto, user } from '#platform/testing.ts'
import { accountFor, signInAs, someDocument } from '../../../tests/setup/accounts.ts'

let t: TestDb
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') })
})
afterAll(() => t.close())

const as = (actor: Actor) => ctxFor(t.db, actor)
const desk = (n: number) => user(`受理${n}`, [{ role: 'hr-intake' }])
const paper = { name: '户口簿.pdf', bytes: new TextEncoder().encode('%PDF-1.7 proof of the new name') }
async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.fault.kind !== 'refused') return error.fault.kind
    expect(reasonText[error.fault.refusal.reason]?.(error.fault.refusal.facts).remedy).toMatch(/。$/)
    return error.fault.refusal.reason
  }
}

describe('C01 asking for another name', () => {
  test('C01 with a paper, once at a time, decided by somebody else, kept sealed', async () => {
    const s = await signInAs(t.db, t.url, { name: '吕原名' })
    const wish = { name: '吕新名', from: '2021-08-01', paper }
    expect(await outcome(askNameChange(as(s.actor), { ...wish, name: '吕原名' }))).toBe('person-name-same')
    expect(await outcome(askNameChange(as(s.actor), { ...wish, from: '2022-08-01' }))).toBe('person-name-future')
    expect(await outcome(askNameChange(as(s.actor), { ...wish, name: '吕3' }))).toBe('invalid')
    expect(await outcome(askNameChange(as(s.actor), { ...wish, paper: undefined }))).toBe('invalid')
    expect(await outcome(askNameChange(as(desk(1)), wish))).toBe('forbidden')
    const twice = await Promise.all([1, 2].map(() => outcome(askNameChange(as(s.actor), wish))))
    expect(twice.toSorted()).toEqual(['done', 'name-request-open'])
    const [asked] = await waitingNameRequests(t.db, testCrypto)
    const requestId = asked?.id ?? ''
    expect(asked).toMatchObject({ now: '吕*名', wanted: '吕新名' })
    expect((await openNameProof(as(desk(1)), { requestId })).bytes.toString()).toBe('%PDF-1.7 proof of the new name')
    expect(await outcome(openNameProof(as(s.actor), { requestId }))).toBe('forbidden')
    const both = await Promise.all(
      [1, 2].map((n) =>
        outcome(decideNameRequest(as(desk(n)), { requestId, decision: 'accept', words: '户口簿一致' })),
      ),
    )
    expect(both.toSorted()).toEqual(['conflict', 'done'])
    expect((await personCard(t.db, s.personId)).name).toBe('吕*名')
    expect(await nameRequestsOf(t.db, s.personId)).toMatchObject([{ state: 'accepted' }])
    const { rows } = await t.owner.query(
      'select name_sealed, convert_from(f.content, $1) as content from people.name_requests r join platform.files f on f.id = r.file_id',
      ['utf8'],
    )
    expect(JSON.stringify(rows)).not.toMatch(/吕新名|proof of/)
    expect(await outcome(askNameChange(as(s.actor), { ...wish, name: '吕又改' }))).toBe('done')
    const [again] = await waitingNameRequests(t.db, testCrypto)
    await decideNameRequest(as(desk(1)), { requestId: again?.id, decision: 'refuse', words: '证明看不清' })
    expect((await nameRequestsOf(t.db, s.personId))[0]).toMatchObject({ state: 'refused', decision: '证明看不清' })
  })
})

describe('C01 identity at the desk', () => {
  test('C01 a declared account is verified by the desk; an account without a person is not there', async () => {
    const { accountId } = await accountFor(t.db, {
      name: '龙自报',
      documentNumber: someDocument(),
      identity: 'declared',
    })
    const verify = (id: string, actor = desk(1)) =>
      outcome(verifyIdentity(as(actor), { accountId: id, reason: '证件原件一致' }))
    expect(await verify(accountId, user('审核', [{ role: 'hr-first-reviewer' }]))).toBe('forbidden')
    expect(await verify(accountId)).toBe('done')
    expect((await accountCard(t.db, accountId)).identity).toBe('verified')
    const { rows } = await t.owner.query(
      "insert into auth.users (name, email) values ('手机用户', 'x@account.invalid') returning id",
    )
    expect(await verify(rows[0].id)).toBe('missing')
  })
})
