import { approve } from '#modules/subsidy/approval.commands.ts'
import { draftClaim } from '#modules/subsidy/claim.commands.ts'
import { linesOn } from '#modules/subsidy/line.commands.ts'
import { firstReview, secondReview } from '#modules/subsidy/opinion.commands.ts'
import { createBatch, decideBatch } from '#modules/subsidy/payment.commands.ts'
import { bankReturn } from '#modules/subsidy/payment.schema.ts'
import { applyReturn, checkReturn } from '#modules/subsidy/return.commands.ts'
import { takeForFirstReview, takeForSecondReview } from '#modules/subsidy/review.commands.ts'
import { submitClaim } from '#modules/subsidy/submission.commands.ts'
import { undertakers } from './cast.ts'
import { csv } from './story-groups.ts'
import type { Taught } from './teach.ts'
import type { World } from './world.ts'

/** Who asks for an undertaker's money. */
export function financeOf(key: string): string {
  const staff = undertakers.find((one) => one.key === key)?.staff ?? {}
  const found = Object.entries(staff).find(([role]) => role.endsWith('-finance'))
  if (!found) throw new RangeError(`${key} has nobody for finance`)
  return String(found[1])
}

export async function draft(w: World, taught: Pick<Taught, 'key' | 'classId'>): Promise<string> {
  const { claimId } = await draftClaim(w.as(financeOf(taught.key)), { classId: taught.classId })
  return claimId
}

export async function submit(w: World, key: string, claimId: string): Promise<void> {
  const { version } = await claimRow(w, claimId)
  await submitClaim(w.as(financeOf(key)), { claimId, version, commitment: true })
}

export const claimRow = (w: World, claimId: string) =>
  w.db
    .selectFrom('subsidy.claims')
    .select(['version', 'round', 'state', 'number', 'amount_fen'])
    .where('id', '=', claimId)
    .executeTakeFirstOrThrow()

/** The `nth` line of a claim, in the order of its roster. */
export async function lineOf(w: World, claimId: string, nth: number) {
  const line = (await linesOn(w, claimId))[nth]
  if (!line) throw new RangeError(`the claim has no line ${nth}`)
  return line
}

type Told = { decision?: 'agree' | 'return' | 'reject'; note?: string; reasonCode?: string; lineId?: string }

const opinion = (claimId: string, round: number, { decision = 'agree', note = '', reasonCode, lineId }: Told) => ({
  claimId,
  round,
  decision,
  note,
  findings: reasonCode ? [{ lineId: lineId ?? null, field: '', reasonCode, note }] : [],
})

export async function reviewFirst(w: World, claimId: string, told: Told = {}): Promise<void> {
  await takeForFirstReview(w.as('王初审'), { claimId })
  const { round } = await claimRow(w, claimId)
  await firstReview(w.as('王初审'), opinion(claimId, round, told))
}

export async function reviewSecond(w: World, claimId: string, told: Told = {}): Promise<void> {
  await takeForSecondReview(w.as('陈复核'), { claimId })
  const { round } = await claimRow(w, claimId)
  await secondReview(w.as('陈复核'), opinion(claimId, round, told))
}

export async function grant(w: World, claimId: string): Promise<void> {
  const { round } = await claimRow(w, claimId)
  await approve(w.as('林局长'), opinion(claimId, round, { note: '同意' }))
}

export const makeBatch = async (w: World, claimIds: string[]): Promise<string> =>
  (await createBatch(w.as('黄资金'), { claimIds })).id

export const decide = (w: World, batchId: string, decision: 'confirm' | 'cancel', note = '') =>
  decideBatch(w.as('周财政'), { batchId, decision, note })

/** The bank's answer to a batch: paid, but for the claims named with the reason it gives. */
export async function bankFile(
  w: World,
  batchId: string,
  bounced: ReadonlyMap<string, string> = new Map(),
): Promise<Uint8Array> {
  const orders = await w.db
    .selectFrom('subsidy.payment_orders')
    .select(['number', 'amount_fen', 'claim_id'])
    .where('batch_id', '=', batchId)
    .orderBy('number')
    .execute()
  const value = (key: (typeof bankReturn)[number]['key'], order: (typeof orders)[number]): string => {
    const reason = bounced.get(order.claim_id)
    switch (key) {
      case 'order':
        return order.number
      case 'amount':
        return (order.amount_fen / 100).toFixed(2)
      case 'result':
        return reason ? '失败' : '成功'
      case 'reference':
        return reason ? '' : `DEMO${order.number.replaceAll('-', '')}`
      case 'reasonCode':
        return reason ?? ''
      default:
        return ''
    }
  }
  return csv(
    bankReturn.map((column) => column.header),
    orders.map((order) => bankReturn.map((column) => value(column.key, order))),
  )
}

export async function bankAnswers(w: World, fileName: string, bytes: Uint8Array): Promise<void> {
  const { id } = await checkReturn(w.as('黄资金'), { fileName, bytes })
  await applyReturn(w.as('周财政'), { returnId: id })
}
