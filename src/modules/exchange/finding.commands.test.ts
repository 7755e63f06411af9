import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ctxFor, freshDb, type TestDb, testNow, user } from '#platform/testing.ts'
import { type Centre, centre, intake, type Mentor, mentor, slot } from '../../../tests/fixtures/exchange.ts'
import { firm, hr } from '../../../tests/fixtures/recognition.ts'
import { setFigure } from '../../../tests/fixtures/taught.ts'
import { book } from './booking.commands.ts'
import { ledgerOf, offerById } from './exchange.queries.ts'
import { decideFinding, proposeFinding } from './finding.commands.ts'
import { silentFirms } from './finding.queries.ts'
import { confirmGiven, saySlot } from './given.commands.ts'
import { offerSeats, offerSlot } from './offer.commands.ts'
import { addSheet, openSheet } from './sign-in.commands.ts'

let t: TestDb
let m: Mentor
let c: Centre
let firms: string[]
beforeAll(async () => {
  t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 20)
  m = await mentor(t, '章导师')
  c = await centre(t, 3301)
  firms = [await firm(t.db, 3310), await firm(t.db, 3311)]
})
afterAll(() => t.close())

const at = (actor: Parameters<typeof ctxFor>[1], now = testNow) => ctxFor(t.db, actor, now)
const refusal = (reason: string) =>
  expect.objectContaining({ fault: expect.objectContaining({ refusal: expect.objectContaining({ reason }) }) })
const kind = (name: string) => expect.objectContaining({ fault: expect.objectContaining({ kind: name }) })
const second = user('周复核', [{ role: 'hr-intake' }])
const said = { minutes: '110', persons: '6', words: '', free: 'yes' }
const pdf = { name: '签到表.pdf', bytes: new TextEncoder().encode('%PDF-1.4 signed') }

/** A slot over and confirmed by the mentor, booked by so many firms that say nothing. */
async function waiting(on: string, booked: string[]) {
  const { offerId } = await offerSlot(at(m.actor), slot({ on }))
  const bookings: string[] = []
  for (const organisationId of booked) {
    const made = await book(at(hr(organisationId)), { organisationId, offerId, wishId: '', seats: '3' })
    bookings.push(made.bookingId)
  }
  const over = new Date(`${on}T16:30:00+08:00`)
  await saySlot(at(m.actor, over), { offerId, ...said })
  return { offerId, bookings, over }
}
const hand = { evidence: '核对了签到表和现场照片，电话三次无人接听', handReason: '该企业已经停业，不会再来确认' }

describe('X02 R24 a firm that says nothing', () => {
  test('X02 found on evidence by two people: the least counts, and the firm speaks no more', async () => {
    const { bookings, over } = await waiting('2021-10-15', firms.slice(0, 1))
    const bookingId = bookings[0]
    const find = { bookingId, outcome: 'confirm', minutes: '100', persons: '5', ...hand }
    await expect(proposeFinding(at(hr(firms[0] ?? ''), over), find)).rejects.toEqual(kind('forbidden'))
    await expect(proposeFinding(at(intake, over), { ...find, handReason: '' })).rejects.toEqual(refusal('hand-reason'))
    await expect(proposeFinding(at(intake, over), { ...find, minutes: '' })).rejects.toEqual(kind('invalid'))
    const { findingId } = await proposeFinding(at(intake, over), find)
    await expect(proposeFinding(at(second, over), find)).rejects.toEqual(refusal('finding-once'))
    await expect(decideFinding(at(intake, over), { findingId, outcome: 'approve', note: '' })).rejects.toEqual(
      refusal('by-another'),
    )
    expect((await silentFirms(at(intake, over))).silent.map((one) => one.finding?.state)).toEqual(['proposed'])
    const done = await decideFinding(at(second, over), { findingId, outcome: 'approve', note: '' })
    expect(done.minutesCount).toBe(100)
    expect((await ledgerOf(t.db, 2021, m.designationId))[0]).toMatchObject({ minutes: 100, persons: 5 })
    await expect(confirmGiven(at(hr(firms[0] ?? ''), over), { bookingId, ...said, rating: '5' })).rejects.toEqual(
      refusal('found-for'),
    )
    expect((await silentFirms(at(intake, over))).silent).toEqual([])
  })

  test('X02 the days the bureau lays down are waited out; the firm may still speak, then nobody finds', async () => {
    const { bookings, over, offerId } = await waiting('2021-10-18', firms)
    await setFigure(t.db, 'X02.confirmDays', 5)
    const release = { bookingId: bookings[0], outcome: 'release', minutes: '', persons: '', ...hand }
    await expect(proposeFinding(at(intake, over), release)).rejects.toEqual(refusal('still-waiting'))
    const later = new Date('2021-10-26T10:00:00+08:00')
    const { findingId } = await proposeFinding(at(intake, later), release)
    await confirmGiven(at(hr(firms[0] ?? ''), later), { bookingId: bookings[0], ...said, persons: '2', rating: '4' })
    await expect(decideFinding(at(second, later), { findingId, outcome: 'approve', note: '' })).rejects.toEqual(
      refusal('firm-spoke'),
    )
    const other = await proposeFinding(at(intake, later), { ...release, bookingId: bookings[1] })
    const done = await decideFinding(at(second, later), { findingId: other.findingId, outcome: 'approve', note: '' })
    expect(done.minutesCount).toBe(110)
    expect((await offerById(t.db, offerId))?.state).toBe('given')
  })

  test('X02 the only firm released: the slot ends without hours', async () => {
    const { offerId, bookings } = await waiting('2021-10-19', firms.slice(1))
    const later = new Date('2021-11-02T10:00:00+08:00')
    const release = { bookingId: bookings[0], outcome: 'release', minutes: '', persons: '', ...hand }
    const { findingId } = await proposeFinding(at(intake, later), release)
    await expect(decideFinding(at(second, later), { findingId, outcome: 'decline', note: '' })).rejects.toEqual(
      refusal('note-missing'),
    )
    await decideFinding(at(second, later), { findingId, outcome: 'approve', note: '' })
    expect((await offerById(t.db, offerId))?.state).toBe('lapsed')
    const row = { offer_id: offerId, designation_id: m.designationId, given_on: '2021-10-19', minutes: 60, persons: 1 }
    await expect(
      t.db
        .insertInto('exchange.given_hours')
        .values({ ...row, evidence: '{}', entered_by: 'x', entered_by_name: 'x', entered_at: testNow })
        .execute(),
    ).rejects.toThrow('both sides')
  })

  test('X02 a list signed on paper: by the host, once begun, read by the host and the desk only', async () => {
    const { offerId } = await offerSlot(at(m.actor), slot({ on: '2021-10-25' }))
    await book(at(hr(firms[0] ?? '')), { organisationId: firms[0], offerId, wishId: '', seats: '3' })
    const during = new Date('2021-10-25T14:30:00+08:00')
    const sheet = { offerId, persons: '3', file: pdf }
    await expect(addSheet(at(m.actor), sheet)).rejects.toEqual(refusal('not-begun'))
    const stranger = user('路人', [], randomUUID())
    await expect(addSheet(at(stranger, during), sheet)).rejects.toEqual(kind('missing'))
    const text = { name: 'a.txt', bytes: new TextEncoder().encode('text') }
    await expect(addSheet(at(m.actor, during), { ...sheet, file: text })).rejects.toEqual(kind('invalid'))
    const { sheetId } = await addSheet(at(m.actor, during), sheet)
    expect((await offerById(t.db, offerId))?.onPaper).toBe(3)
    await expect(openSheet(at(stranger, during), { sheetId })).rejects.toEqual(kind('missing'))
    expect((await openSheet(at(intake, during), { sheetId })).bytes.toString()).toBe('%PDF-1.4 signed')
  })
})

describe('X01 C13 a room whose seats are open', () => {
  test('X01 C13 no class is planned into it afterwards', async () => {
    const seats = (on: string) => ({
      ...slot({ on, subject: '实训设备操作' }),
      ...{ organisationId: c.organisationId, designationId: c.designationId, roomId: c.roomId },
    })
    const plan = (on: string) =>
      t.owner
        .query(
          `insert into training.sessions (class_id, trainer_id, trainer_person_id, room_id, title, during)
           select $1, $1, $1, $2, '一课', tstzrange(($3 || 'T15:00:00+08:00')::timestamptz, ($3 || 'T17:00:00+08:00')::timestamptz)`,
          [randomUUID(), c.roomId, on],
        )
        .then(
          () => 'planned',
          (error) => String(error.constraint),
        )
    await offerSeats(at(c.actor), seats('2021-10-28'))
    expect(await plan('2021-10-28')).toBe('room_opened')
    expect(await plan('2021-10-29')).toContain('fkey')
  })
})
