import { openList } from '#modules/publicity/list.commands.ts'
import { approve } from '#modules/subsidy/approval.commands.ts'
import { firstReview, secondReview } from '#modules/subsidy/opinion.commands.ts'
import { createBatch, decideBatch } from '#modules/subsidy/payment.commands.ts'
import { bankReturn } from '#modules/subsidy/payment.schema.ts'
import { applyReturn, checkReturn } from '#modules/subsidy/return.commands.ts'
import { takeForFirstReview, takeForSecondReview } from '#modules/subsidy/review.commands.ts'
import { writeCsv } from '#platform/workbook.ts'
import { desk } from '../../fixtures/claims.ts'
import { runByClock, runJobs } from '../../setup/jobs.ts'
import type { TestSite } from '../../setup/site.ts'
import { at } from './stage.ts'

/** A submitted claim from the first review to the money, by the officials' own commands on their own days. */
export async function paidByDesks(site: TestSite, claimId: string): Promise<number> {
  const { first, second, editor, leader, clerk, finance } = desk()
  site.setTime(at('2021-09-28T10:00'))
  await takeForFirstReview(site.ctx(first), { claimId })
  await firstReview(site.ctx(first), { claimId, round: 1, decision: 'agree' })
  site.setTime(at('2021-09-29T10:00'))
  await takeForSecondReview(site.ctx(second), { claimId })
  await secondReview(site.ctx(second), { claimId, round: 1, decision: 'agree' })
  await openList(site.ctx(editor), { claimIds: [claimId], title: '职业培训补贴公示' })
  site.setTime(at('2021-10-13T00:05'))
  await runByClock(site, 'publicity.close')
  site.setTime(at('2021-10-13T10:00'))
  await approve(site.ctx(leader), { claimId, round: 1, decision: 'agree' })
  const batch = await createBatch(site.ctx(clerk), { claimIds: [claimId] })
  await decideBatch(site.ctx(finance), { batchId: batch.id, decision: 'confirm' })
  const order = await site.db
    .selectFrom('subsidy.payment_orders')
    .select(['number', 'amount_fen'])
    .where('batch_id', '=', batch.id)
    .executeTakeFirstOrThrow()
  site.setTime(at('2021-10-18T11:00'))
  const header = bankReturn.map((column) => column.header)
  const answer = writeCsv(header, [[order.number, (order.amount_fen / 100).toFixed(2), '成功', 'GZB001', '', '']])
  const bytes = new TextEncoder().encode(answer)
  const { id } = await checkReturn(site.ctx(clerk), { fileName: '回盘.csv', bytes })
  await applyReturn(site.ctx(finance), { returnId: id })
  await runJobs(site)
  return order.amount_fen
}
