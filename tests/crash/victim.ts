/**
 * A process that is going to be killed. It does one kind of work through the real commands and says `ack …` for each
 * piece only after the command has returned, which is what an acknowledged write is.
 */
import { readFileSync, writeSync } from 'node:fs'
import { beat } from '#modules/learning/beat.commands.ts'
import { saveAnswer } from '#modules/learning/exam.commands.ts'
import { firstReview } from '#modules/subsidy/opinion.commands.ts'
import { settleRows } from '#modules/subsidy/return.commands.ts'
import { takeForFirstReview } from '#modules/subsidy/review.commands.ts'
import { checkIn } from '#modules/training/attendance.commands.ts'
import { applyImportBatch } from '#modules/training/import.commands.ts'
import { openDb } from '#platform/db.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, systemActor } from '#platform/testing.ts'
import { desks } from '../fixtures/desks.ts'
import { learner } from '../fixtures/training.ts'

export type Orders =
  | { work: 'check-in'; url: string; sessionId: string; code: string; at: string; personIds: string[] }
  | { work: 'roster'; url: string; importId: string; at: string }
  | { work: 'review'; url: string; claimIds: string[]; at: string }
  | { work: 'payment'; url: string; returnId: string; at: string }
  | { work: 'beats'; url: string; at: string; viewings: { personId: string; viewingId: string }[]; each: number }
  | {
      work: 'answers'
      url: string
      at: string
      personId: string
      attemptId: string
      questionIds: string[]
      times: number
    }

const orders: Orders = JSON.parse(readFileSync(process.argv[2] as string, 'utf8'))
const { db } = openDb(orders.url, 8)
const now = new Date(orders.at)
const ack = (what: string) => writeSync(1, `ack ${what}\n`)

async function each<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
    }),
  )
}

if (orders.work === 'check-in') {
  const { sessionId, code, personIds } = orders
  await each(personIds, 8, async (personId) => {
    try {
      await checkIn(ctxFor(db, learner(personId), now), { sessionId, code })
    } catch (error) {
      if (!(error instanceof AppError)) throw error // a second scan may be refused; that is an answer too
    }
    ack(personId)
  })
} else if (orders.work === 'roster') {
  for (let left = 1; left > 0; ) {
    left = (await applyImportBatch(ctxFor(db, systemActor, now), { importId: orders.importId })).left
    ack(String(left))
  }
} else if (orders.work === 'review') {
  await each(orders.claimIds, 6, async (claimId) => {
    await takeForFirstReview(ctxFor(db, desks.first, now), { claimId })
    await firstReview(ctxFor(db, desks.first, now), { claimId, round: 1, decision: 'agree' })
    ack(claimId)
  })
} else if (orders.work === 'beats') {
  await each(orders.viewings, 16, async ({ personId, viewingId }) => {
    for (let n = 1; n <= orders.each; n++) {
      const ctx = ctxFor(db, learner(personId), new Date(now.getTime() + n * 15_000))
      const told = { viewingId, sequence: n, positionMs: (n - 1) * 15_000, playing: true, visible: true, rate: 1 }
      const { grantedMs } = await beat(ctx, told)
      ack(`${viewingId} ${n} ${grantedMs}`)
    }
  })
} else if (orders.work === 'answers') {
  for (let n = 0; n < orders.times; n++) {
    for (const questionId of orders.questionIds) {
      const answer = `第${n}次`
      await saveAnswer(ctxFor(db, learner(orders.personId), now), { attemptId: orders.attemptId, questionId, answer })
      ack(`${questionId} ${answer}`)
    }
  }
} else {
  for (let left = 1; left > 0; ) {
    left = (await settleRows(ctxFor(db, systemActor, now), { returnId: orders.returnId, take: 4 })).left
    ack(String(left))
  }
}
await db.destroy()
