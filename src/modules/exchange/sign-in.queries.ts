import { checkInFigures, keyedBy } from '#modules/training/attendance.queries.ts'
import { checkCode, codeAt, holdFor, secondsLeft } from '#modules/training/code.rules.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { settingsInForce } from '#platform/figures.ts'
import { type Decision, refuse } from '#policy/decision.ts'
import { bookingsOn, type Offer, offerById } from './exchange.queries.ts'

/** The keyed digest that only this offer's code is made with, and the figures of a check-in. */
export async function signInOf(ctx: Pick<Ctx, 'db' | 'plan' | 'now' | 'crypto'>, offerId: string) {
  const row = await ctx.db
    .selectFrom('exchange.offers')
    .select('sign_in_code')
    .where('id', '=', offerId)
    .executeTakeFirst()
  if (!row) throw missing('sharing-offer')
  return {
    keyed: keyedBy(ctx, `offer:${row.sign_in_code}`),
    figures: checkInFigures(ctx.plan, ctx.now, await settingsInForce(ctx)),
  }
}

/** Signing in is open from some minutes before the beginning to the end. */
export const signInOpen = (offer: Pick<Offer, 'state' | 'from' | 'to'>, at: Date, earlyMinutes: number): boolean =>
  offer.state === 'open' && at.getTime() >= offer.from.getTime() - earlyMinutes * 60_000 && at < offer.to

/** The code on the wall, for the mentor himself or his centre. */
export async function offerCode(ctx: Ctx, offerId: string) {
  const offer = await offerById(ctx.db, offerId)
  const host =
    offer &&
    (offer.organisationId
      ? ctx.actor.can('exchange.use', { organisationId: offer.organisationId })
      : offer.mentorPersonId === ctx.actor.personId)
  if (!offer || !host || offer.state !== 'open') throw missing('sharing-offer')
  const { keyed, figures } = await signInOf(ctx, offerId)
  const booked = await bookingsOn(ctx.db, [offerId])
  return {
    offer,
    open: signInOpen(offer, ctx.now, figures.earlyMinutes),
    earlyMinutes: figures.earlyMinutes,
    code: codeAt(keyed, ctx.now, figures.rotation),
    secondsLeft: secondsLeft(ctx.now, figures.rotation),
    seats: booked.reduce((sum, one) => sum + one.seats, 0),
  }
}

/** What a scan shows before anybody has signed in: where one is, whose firms are expected, and a hold for a right code. */
export async function offerScan(ctx: Ctx, offerId: string, code: string, device: string) {
  const offer = await offerById(ctx.db, offerId)
  if (!offer || offer.state === 'cancelled') throw missing('sharing-offer')
  const firms = (await bookingsOn(ctx.db, [offerId])).map((one) => ({ value: one.id, label: one.organisation }))
  let hold: Decision<string> | null = null
  if (code !== '') {
    const { keyed, figures } = await signInOf(ctx, offerId)
    const read = device === '' ? refuse('X02', 'code-wrong') : checkCode(keyed, code, ctx.now, figures.rotation)
    hold = read.ok ? { ok: true, value: holdFor(keyed, device, ctx.now) } : read
  }
  return { offer, firms, hold }
}

/** When whoever asks signed in, if they did. */
export async function ownSignIn(ctx: Ctx, offerId: string): Promise<Date | null> {
  if (!ctx.actor.personId) return null
  const row = await ctx.db
    .selectFrom('exchange.sign_ins')
    .select('at')
    .where('offer_id', '=', offerId)
    .where('person_id', '=', ctx.actor.personId)
    .executeTakeFirst()
  return row?.at ?? null
}
