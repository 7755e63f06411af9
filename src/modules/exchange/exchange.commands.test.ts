import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { system } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { type Centre, centre, intake, type Mentor, mentor, slot } from '../../../tests/fixtures/exchange.ts'
import { firm, hr } from '../../../tests/fixtures/recognition.ts'
import { accountFor } from '../../../tests/setup/accounts.ts'
import { askTopic, book, cancelBooking } from './booking.commands.ts'
import { ledgerOf, matches, mentorYear, offerById, openOffers, wishesOf } from './exchange.queries.ts'
import { confirmGiven, remindShort, reverseHours, saySeats, saySlot } from './given.commands.ts'
import { cancelSeats, cancelSlot, offerSeats, offerSlot } from './offer.commands.ts'
import { decideReturn, submitReturn } from './return.commands.ts'
import { signIn } from './sign-in.commands.ts'
import { offerCode, offerScan } from './sign-in.queries.ts'

let t: TestDb
let m: Mentor
let c: Centre
let firms: string[]
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 30)
  m = await mentor(t, '章导师')
  c = await centre(t, 3301)
  firms = [await firm(t.db, 3310), await firm(t.db, 3311), await firm(t.db, 3312)]
})
afterAll(() => t.close())

const at = (actor: Parameters<typeof ctxFor>[1], now = testNow) => ctxFor(t.db, actor, now)
const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })
const kind = (name: string) => expect.objectContaining({ fault: expect.objectContaining({ kind: name }) })
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) =>
      error instanceof AppError && error.fault.kind === 'refused' ? error.fault.refusal.reason : String(error),
  )
const tally = (all: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(all, (one) => one)].map(([name, list]) => [name, list.length]))
const boss = (at = 0) => hr(firms[at] ?? '')
const over = new Date('2021-10-15T16:30:00+08:00')

describe('X01 R24 HZ4-M06 offering and booking', () => {
  test('R24 only a mentor in term offers; he and the place once at one time, also when asked at once', async () => {
    await expect(offerSlot(at(user('路人', [], m.designationId)), slot())).rejects.toEqual(refusal('not-mentor'))
    const same = await Promise.all(Array.from({ length: 8 }, () => outcome(offerSlot(at(m.actor), slot()))))
    expect(tally(same)).toEqual({ done: 1, 'mentor-elsewhere': 7 })
    const other = await mentor(t, '廖导师')
    await expect(
      offerSlot(at(other.actor), slot({ place: '琶洲大道 66号 会议室', from: '15:00', to: '17:00' })),
    ).rejects.toEqual(refusal('place-taken'))
    await offerSlot(at(other.actor), slot({ mode: 'online', place: '腾讯会议 000' }))
    await expect(offerSlot(at(m.actor), slot({ on: '2021-09-15', from: '09:00', to: '10:00' }))).rejects.toEqual(
      refusal('in-past'),
    )
    await expect(offerSlot(at(m.actor), slot({ free: '' }))).rejects.toEqual(kind('invalid'))
  })

  test('X01 a wish is answered with reasons; the sign-in code stays with the host', async () => {
    const { wishId } = await askTopic(at(boss()), {
      ...{
        organisationId: firms[0],
        industry: '人工智能',
        subject: '机器视觉质检',
        detail: '',
        subdistrict: '440105015',
      },
      ...{ from: '2021-10-01', to: '2021-10-31', persons: '4' },
    })
    const offers = await openOffers(at(boss()))
    expect(JSON.stringify(offers)).not.toContain('"code"')
    const [wish] = await wishesOf(t.db, firms[0] ?? '')
    if (!wish) throw new Error('no wish')
    const [best] = matches(wish, offers)
    expect(best?.match.reasons.slice(0, 2)).toEqual(['行业相同（人工智能）', '题目相近（共有“机器、器视、视觉”）'])
    await expect(
      book(at(boss(1)), { organisationId: firms[1], offerId: best?.offer.id, wishId, seats: '4' }),
    ).rejects.toEqual(kind('missing'))
    await book(at(boss()), { organisationId: firms[0], offerId: best?.offer.id, wishId, seats: '4' })
    expect((await wishesOf(t.db, firms[0] ?? ''))[0]?.state).toBe('met')
    await expect(
      book(at(boss()), { organisationId: firms[0], offerId: best?.offer.id, wishId: '', seats: '1' }),
    ).rejects.toEqual(refusal('booked-once'))
  })

  test('X01 thirty firms book a place each of ten at once: ten; another’s booking is not there', async () => {
    const { offerId } = await offerSlot(at(m.actor), slot({ on: '2021-10-18' }))
    const many = await Promise.all(Array.from({ length: 30 }, (_, i) => firm(t.db, 3400 + i)))
    const results = await Promise.all(
      many.map((organisationId) =>
        outcome(book(at(hr(organisationId)), { organisationId, offerId, wishId: '', seats: '1' })),
      ),
    )
    expect(tally(results)).toEqual({ done: 10, 'places-left': 20 })
    expect((await offerById(t.db, offerId))?.left).toBe(0)
    const [one] = await t.db
      .selectFrom('exchange.bookings')
      .select(['id', 'organisation_id'])
      .where('offer_id', '=', offerId)
      .execute()
    await expect(cancelBooking(at(boss()), { bookingId: one?.id })).rejects.toEqual(kind('missing'))
    await cancelBooking(at(hr(one?.organisation_id ?? '')), { bookingId: one?.id })
    expect((await offerById(t.db, offerId))?.left).toBe(1)
    const rest = await mentor(t, '别人')
    await expect(cancelSlot(at(rest.actor), { offerId, note: '不是我的' })).rejects.toEqual(kind('missing'))
    await cancelSlot(at(m.actor), { offerId, note: '临时出差' })
    await expect(book(at(boss()), { organisationId: firms[0], offerId, wishId: '', seats: '1' })).rejects.toEqual(
      refusal('offer-closed'),
    )
  })
})

describe('X02 R24 hours given', () => {
  let offerId: string
  let bookingId: string
  const said = { minutes: '110', persons: '4', words: '', free: 'yes' }

  test('X02 signed in with the code, within the hour, once', async () => {
    const offer = (await openOffers(at(boss()))).find((one) => one.mentorPersonId === m.personId)
    offerId = offer?.id ?? ''
    const row = await t.db
      .selectFrom('exchange.bookings')
      .select('id')
      .where('offer_id', '=', offerId)
      .executeTakeFirstOrThrow()
    bookingId = row.id
    const guest = await accountFor(t.db, { name: '陈学员' })
    const who = user('陈学员', [], guest.personId)
    const during = new Date('2021-10-15T13:45:00+08:00')
    const { code } = await offerCode(at(m.actor, during), offerId)
    await expect(offerCode(at(who, during), offerId)).rejects.toEqual(kind('missing'))
    await expect(signIn(at(who), { offerId, bookingId, code })).rejects.toEqual(refusal('not-now'))
    await expect(signIn(at(who, during), { offerId, bookingId, code: '00000000' })).rejects.toEqual(
      refusal('code-wrong'),
    )
    const later = new Date(during.getTime() + 5 * 60_000)
    await expect(signIn(at(who, later), { offerId, bookingId, code })).rejects.toEqual(refusal('code-stale'))
    const scanned = await offerScan(at(who, during), offerId, code, 'phone-of-who')
    const hold = scanned.hold?.ok ? scanned.hold.value : ''
    await expect(signIn(at(who, later), { offerId, bookingId, hold, device: 'another' })).rejects.toEqual(
      refusal('code-wrong'),
    )
    await signIn(at(who, later), { offerId, bookingId, hold, device: 'phone-of-who' })
    await expect(signIn(at(who, during), { offerId, bookingId, code })).rejects.toEqual(refusal('signed-in'))
  })

  test('X02 both sides say so, the least counts; said once; nothing by hand, nothing changed', async () => {
    await expect(saySlot(at(m.actor), { offerId, ...said })).rejects.toEqual(refusal('not-over'))
    expect((await saySlot(at(m.actor, over), { offerId, ...said })).minutesCount).toBe(0)
    await expect(saySlot(at(m.actor, over), { offerId, ...said })).rejects.toEqual(refusal('said-once'))
    await expect(confirmGiven(at(boss(1), over), { bookingId, ...said, rating: '5' })).rejects.toEqual(kind('missing'))
    const done = await confirmGiven(at(boss(), over), { bookingId, ...said, minutes: '95', rating: '5' })
    expect(done.minutesCount).toBe(95)
    const row = {
      ...{ offer_id: offerId, designation_id: m.designationId, given_on: '2021-10-15', persons: 1, evidence: '{}' },
      ...{ entered_by: 'x', entered_by_name: 'x', entered_at: testNow },
    }
    await expect(
      t.db
        .insertInto('exchange.given_hours')
        .values({ ...row, minutes: 600 })
        .execute(),
    ).rejects.toThrow('both sides')
    await expect(t.db.updateTable('exchange.given_hours').set({ minutes: 600 }).execute()).rejects.toThrow(
      'permission denied',
    )
    await expect(t.db.deleteFrom('exchange.given_hours').execute()).rejects.toThrow('permission denied')
  })

  test('R24 the yearly list says who is short; reminded once a month in the last quarter; a reversal by its mirror', async () => {
    const year = await mentorYear(at(intake, over), 2021)
    expect(year.needed).toBe(120)
    expect(year.short.find((one) => one.designationId === m.designationId)).toMatchObject({ minutes: 95, missing: 25 })
    const job = (now: string) => remindShort(at(system('exchange.monthly'), new Date(now)), {})
    expect((await job('2021-09-20T00:40:00+08:00')).count).toBe(0)
    expect((await job('2021-11-02T00:40:00+08:00')).count).toBeGreaterThan(0)
    await job('2021-11-02T00:50:00+08:00')
    expect(
      (await mentorYear(at(intake, over), 2021)).mentors.find((one) => one.designationId === m.designationId)?.reminded,
    ).toBe(1)
    const [entry] = await ledgerOf(t.db, 2021, m.designationId)
    await expect(reverseHours(at(boss()), { entryId: entry?.id, reason: '企业不能冲减' })).rejects.toEqual(
      kind('forbidden'),
    )
    const twice = await Promise.all(
      [1, 2].map(() => outcome(reverseHours(at(intake), { entryId: entry?.id, reason: '照片系旧图，时数不实' }))),
    )
    expect(tally(twice)).toEqual({ done: 1, 'already-reversed': 1 })
    expect(
      (await mentorYear(at(intake, over), 2021)).mentors.find((one) => one.designationId === m.designationId),
    ).toMatchObject({ minutes: 0, sessions: 0 })
    expect(await ledgerOf(t.db, 2021, m.designationId)).toHaveLength(2)
  })
})

describe('X01 X03 HZ4-M07 seats of a centre and its yearly return', () => {
  const seats = () => ({
    ...slot({ on: '2021-10-22', subject: '实训设备操作' }),
    ...{ organisationId: c.organisationId, designationId: c.designationId, roomId: c.roomId },
  })

  test('X01 only with a title, in a room of its own that is free and large enough, for others', async () => {
    await expect(offerSeats(at(boss()), { ...seats(), organisationId: firms[0] })).rejects.toEqual(
      refusal('not-centre'),
    )
    await expect(offerSeats(at(boss()), seats())).rejects.toEqual(kind('missing'))
    await expect(offerSeats(at(c.actor), { ...seats(), capacity: '31' })).rejects.toEqual(refusal('capacity-over'))
    const { offerId } = await offerSeats(at(c.actor), seats())
    await expect(offerSeats(at(c.actor), { ...seats(), from: '15:00', to: '17:00' })).rejects.toEqual(
      refusal('place-taken'),
    )
    await expect(
      book(at(c.actor), { organisationId: c.organisationId, offerId, wishId: '', seats: '1' }),
    ).rejects.toEqual(refusal('own-offer'))
    const { bookingId } = await book(at(boss()), { organisationId: firms[0], offerId, wishId: '', seats: '8' })
    const after = new Date('2021-10-22T17:00:00+08:00')
    const said = { minutes: '120', persons: '8', words: '', free: 'yes' }
    await expect(cancelSeats(at(c.actor, after), { offerId, note: '已经开始' })).rejects.toEqual(refusal('too-late'))
    await expect(saySeats(at(boss(), after), { offerId, ...said })).rejects.toEqual(kind('missing'))
    await saySeats(at(c.actor, after), { offerId, ...said })
    await confirmGiven(at(boss(), after), { bookingId, ...said, persons: '7', rating: '4' })
    expect((await ledgerOf(t.db, 2021, c.designationId))[0]).toMatchObject({ minutes: 120, persons: 7, kind: 'seats' })
  })

  test('X03 laid beside the platform’s own records: what differs is explained, and somebody else decides', async () => {
    const next = new Date('2022-01-10T10:00:00+08:00')
    const own = { classes: '0', trained: '0', passed: '0', external: '9', explanation: '' }
    const input = { organisationId: c.organisationId, designationId: c.designationId, year: '2021', ...own }
    await expect(submitReturn(at(c.actor), input)).rejects.toEqual(refusal('year-open'))
    await expect(submitReturn(at(c.actor, next), input)).rejects.toEqual(refusal('unexplained'))
    await expect(submitReturn(at(boss(), next), input)).rejects.toEqual(kind('missing'))
    const explained = { ...input, explanation: '两人未签到，实际到场9人。' }
    const first = await submitReturn(at(c.actor, next), explained)
    expect(first.differenceCount).toBe(1)
    await expect(submitReturn(at(c.actor, next), explained)).rejects.toEqual(refusal('return-once'))
    await expect(
      decideReturn(at(intake, next), { returnId: first.returnId, outcome: 'return', note: '' }),
    ).rejects.toEqual(refusal('note-missing'))
    await decideReturn(at(intake, next), { returnId: first.returnId, outcome: 'return', note: '请按确认人数填报' })
    const second = await submitReturn(at(c.actor, next), { ...input, external: '7' })
    expect(second.differenceCount).toBe(0)
    await decideReturn(at(intake, next), { returnId: second.returnId, outcome: 'accept', note: '' })
    await expect(
      decideReturn(at(intake, next), { returnId: second.returnId, outcome: 'accept', note: '' }),
    ).rejects.toEqual(refusal('return-decided'))
  })
})
