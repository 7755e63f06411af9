import fc from 'fast-check'
import { describe, expect, inject, test } from 'vitest'
import { approve, revokeApproval } from '#modules/subsidy/approval.commands.ts'
import { claimCycle } from '#modules/subsidy/claim.rules.ts'
import { excludeAtFirst } from '#modules/subsidy/exclusion.commands.ts'
import { fundBalances, ledgerFaults } from '#modules/subsidy/ledger.queries.ts'
import { firstReview, secondReview } from '#modules/subsidy/opinion.commands.ts'
import { createBatch, decideBatch } from '#modules/subsidy/payment.commands.ts'
import { bankReturn } from '#modules/subsidy/payment.schema.ts'
import { closeRecovery, noticeOffset, offsetRecovery, receiveRecovery } from '#modules/subsidy/receipt.commands.ts'
import {
  decideRecovery,
  demandRecovery,
  dropRecovery,
  hearParty,
  openRecovery,
} from '#modules/subsidy/recovery.commands.ts'
import { applyReturn, checkReturn } from '#modules/subsidy/return.commands.ts'
import { jobs } from '#modules/subsidy/return.jobs.ts'
import { takeForFirstReview, takeForSecondReview } from '#modules/subsidy/review.commands.ts'
import { anonymous } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { ctxFor, freshDb, systemActor, type TestDb, testNow } from '#platform/testing.ts'
import { writeCsv } from '#platform/workbook.ts'
import { yuan } from '#shared/units.ts'
import { account, claimant, submittedClaim, type TestClaim } from '../../../tests/fixtures/claims.ts'
import { budget, desks } from '../../../tests/fixtures/desks.ts'
import { closeLists, openList } from './list.commands.ts'
import { listFaults } from './list.queries.ts'
import { decideObjection, lodgeObjection } from './objection.commands.ts'

/** One thing somebody does, sensible or not; `pick` chooses on what. */
type World = { t: TestDb; claims: TestClaim[]; day: number; serial: number }
type Act = (w: World, pick: number) => Promise<unknown>

const { first, second, editor, leader, clerk, finance } = desks
const one = <T>(all: readonly T[], pick: number): T | undefined => all[pick % Math.max(all.length, 1)]
const at = (w: World, who = clerk) => ctxFor(w.t.db, who, new Date(testNow.getTime() + w.day * 86_400_000))
const claimOf = (w: World, pick: number) => one(w.claims, pick) as TestClaim
const inState = async (w: World, ...states: string[]) =>
  (await w.t.db.selectFrom('subsidy.claims').select('id').where('state', 'in', states).orderBy('id').execute()).map(
    (c) => c.id,
  )
const roundOf = async (w: World, id: string) =>
  (await w.t.db.selectFrom('subsidy.claims').select('round').where('id', '=', id).executeTakeFirstOrThrow()).round
const opinion = async (w: World, claimId: string, pick: number) => {
  const decision = pick % 7 === 0 ? 'return' : pick % 11 === 0 ? 'reject' : 'agree'
  return {
    claimId,
    round: await roundOf(w, claimId),
    decision,
    findings: decision === 'agree' ? [] : [{ reasonCode: 'evidence-doubtful' }],
  }
}
const recoveryIn = async (w: World, pick: number, ...states: string[]) =>
  one(
    await w.t.db
      .selectFrom('subsidy.recoveries')
      .select(['id', 'amount_fen'])
      .where('state', 'in', states)
      .orderBy('id')
      .execute(),
    pick,
  )

const acts: Record<string, Act> = {
  firstReview: async (w, pick) => {
    for (const id of await inState(w, 'submitted', 'under-review')) {
      await takeForFirstReview(at(w, first), { claimId: id })
      const lines = w.claims.find((claim) => claim.id === id)?.lines ?? []
      if (pick % 5 === 0) {
        await excludeAtFirst(at(w, first), {
          claimId: id,
          lineId: one(lines, pick)?.id,
          reasonCode: 'left-employer',
          note: '已离职',
        })
      }
      await firstReview(at(w, first), await opinion(w, id, pick + lines.length))
    }
  },
  secondReview: async (w, pick) => {
    for (const id of await inState(w, 'under-review')) {
      await takeForSecondReview(at(w, second), { claimId: id })
      await secondReview(at(w, second), await opinion(w, id, pick))
    }
  },
  sameReviewerTwice: async (w, pick) => secondReview(at(w, first), await opinion(w, claimOf(w, pick).id, 1)),
  resubmit: async (w) => {
    for (const id of await inState(w, 'returned')) {
      await w.t.db
        .updateTable('subsidy.claims')
        .set((eb) => ({ state: 'submitted', round: eb('round', '+', 1) }))
        .where('id', '=', id)
        .execute()
      // the claimant's own command recomputes the lines; here only the desks walk
      const clocks = `subject_id = $1 and ended_on is null`
      await w.t.owner.query(
        `update platform.clocks set ended_on = started_on + 3650 where kind = 'correction' and ${clocks}`,
        [id],
      )
      await w.t.owner.query(
        `update platform.clock_stops set to_on = from_on where to_on is null and clock_id in (select id from platform.clocks where ${clocks})`,
        [id],
      )
    }
  },
  publish: async (w) => openList(at(w, editor), { claimIds: await inState(w, 'reviewed'), title: '补贴公示名单' }),
  publishOne: (w, pick) => openList(at(w, editor), { claimIds: [claimOf(w, pick).id], title: '补贴公示名单' }),
  object: async (w, pick) => {
    const rows = await w.t.db.selectFrom('publicity.rows').select('id').orderBy('position').orderBy('id').execute()
    await lodgeObjection(at(w, anonymous), {
      rowId: one(rows, pick)?.id,
      reason: 'other',
      text: '名单中的情况与实际不符，请核查。',
    })
  },
  decideObjection: async (w, pick) => {
    const open = await w.t.db.selectFrom('publicity.objections').select('id').where('state', '=', 'open').execute()
    const outcome = pick % 2 === 0 ? 'dismissed' : 'upheld'
    const remedy = pick % 3 === 0 ? 'return' : 'exclude'
    await decideObjection(at(w, editor), {
      objectionId: one(open, pick)?.id,
      outcome,
      remedy,
      reply: '经核查，现答复如上。',
    })
  },
  close: (w) => closeLists(at(w, systemActor), {}),
  approve: async (w, pick) => approve(at(w, leader), await opinion(w, claimOf(w, pick).id, pick + 1)),
  approveAll: async (w) => {
    for (const claimId of await inState(w, 'publicised')) {
      await approve(at(w, leader), { claimId, round: await roundOf(w, claimId), decision: 'agree' })
    }
  },
  revoke: (w, pick) =>
    pick % 4 === 0
      ? revokeApproval(at(w, leader), {
          claimId: claimOf(w, pick).id,
          reasonCode: 'false-materials',
          note: '查明材料不真实，撤销批准。',
        })
      : Promise.resolve(),
  batch: async (w) => createBatch(at(w), { claimIds: await inState(w, 'approved', 'bounced') }),
  batchOne: (w, pick) => createBatch(at(w), { claimIds: [claimOf(w, pick).id] }),
  confirm: async (w, pick) => {
    const drafted = await w.t.db
      .selectFrom('subsidy.payment_batches')
      .select('id')
      .where('state', '=', 'drafted')
      .execute()
    await decideBatch(at(w, finance), {
      batchId: one(drafted, pick)?.id,
      decision: pick % 6 === 0 ? 'cancel' : 'confirm',
    })
  },
  newAccount: (w, pick) => account(w.t.db, claimOf(w, pick).organisation.id),
  bank: async (w, pick) => {
    const orders = await w.t.db
      .selectFrom('subsidy.payment_orders')
      .select(['number', 'amount_fen'])
      .orderBy('number')
      .execute()
    const rows = orders.map((order, i) => {
      const bad = (pick + i) % 4 === 0
      return [
        order.number,
        yuan(order.amount_fen),
        bad ? '失败' : '成功',
        bad ? '' : `B${order.number}`,
        bad ? '账号不存在' : '',
        String(w.serial),
      ]
    })
    const bytes = new TextEncoder().encode(
      writeCsv(
        bankReturn.map((c) => c.header),
        rows,
      ),
    )
    const { id } = await checkReturn(at(w), { fileName: `${w.serial}.csv`, bytes })
    await applyReturn(at(w, finance), { returnId: id })
    await jobs['subsidy.applyReturn']?.(at(w, systemActor), { returnId: id })
  },
  openRecovery: async (w, pick) => {
    const claim = claimOf(w, pick)
    const line = one(claim.lines, pick)
    await openRecovery(at(w), {
      claimId: claim.id,
      reasonCode: 'overpaid',
      finding: '查明多发补贴，应当追回。',
      lines: [{ lineId: line?.id, amount: 1 + (pick % 40_000) }],
    })
  },
  hear: async (w, pick) =>
    hearParty(at(w), {
      recoveryId: (await recoveryIn(w, pick, 'opened'))?.id,
      heardOn: '2021-10-01',
      statement: '无异议',
    }),
  decide: async (w, pick) => {
    const id = (await recoveryIn(w, pick, 'heard'))?.id
    if (pick % 9 === 0) await dropRecovery(at(w, leader), { recoveryId: id, reason: '经复核，不需要追回。' })
    else
      await decideRecovery(at(w, leader), {
        recoveryId: id,
        reason: '事实清楚，应当予以追回。',
        legalBasis: '第十六条',
      })
  },
  demand: async (w, pick) => demandRecovery(at(w), { recoveryId: (await recoveryIn(w, pick, 'decided'))?.id }),
  receive: async (w, pick) => {
    const found = await recoveryIn(w, pick, 'demanded')
    const amount = 1 + (pick % (found?.amount_fen ?? 1))
    await receiveRecovery(at(w, finance), {
      recoveryId: found?.id,
      amount,
      onDay: '2021-12-01',
      reference: `R${w.serial}`,
    })
  },
  offset: async (w, pick) => {
    const found = await recoveryIn(w, pick, 'demanded')
    await noticeOffset(at(w), { recoveryId: found?.id })
    w.day++
    const [claimId] = await inState(w, 'approved')
    await offsetRecovery(at(w), { recoveryId: found?.id, claimId, amount: 1 + (pick % (found?.amount_fen ?? 1)) })
  },
  closeRecovery: async (w, pick) =>
    closeRecovery(at(w, finance), {
      recoveryId: (await recoveryIn(w, pick, 'demanded'))?.id,
      outcome: pick % 2 ? 'transferred' : 'written-off',
      reference: `海财${w.serial}`,
    }),
}
const names = Object.keys(acts)
/** What usually comes next, so that walks get far; single steps from everywhere are mixed in between. */
const road = [
  'firstReview',
  'secondReview',
  'publish',
  'object',
  'decideObjection',
  'close',
  'approveAll',
  'batch',
  'confirm',
  'bank',
  'openRecovery',
  'newAccount',
  'hear',
  'decide',
  'demand',
  'resubmit',
]

const legal = new Set(Object.values(claimCycle).flatMap((step) => step.from.map((from) => `${from}→${step.to}`)))

describe('HZ4-M16 random walks over all desks', () => {
  test('HZ4-M16 no walk leaves the table of moves, loses or makes a fen, or alters a public list', {
    timeout: 240_000,
  }, async () => {
    const seen = new Set<string>()
    const step = fc.record({
      on: fc.nat({ max: 9 }),
      any: fc.constantFrom(...names),
      pick: fc.nat({ max: 9999 }),
      days: fc.integer({ min: 0, max: 9 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 80 }), async (steps) => {
        const t = await freshDb({ ownerUrl: inject('ownerUrl'), appUrl: inject('appUrl') }, 4)
        try {
          await walk(t, steps, seen)
        } finally {
          await t.close()
        }
      }),
      { numRuns: 5, seed: 20210915, endOnFailure: true },
    )
    expect([...seen].sort()).toEqual(
      expect.arrayContaining(['approved', 'bounced', 'objection-held', 'ordered', 'paid', 'rejected', 'returned']),
    )
  })
})

async function walk(
  t: TestDb,
  steps: readonly { on: number; any: string; pick: number; days: number }[],
  seen: Set<string>,
) {
  const [a, b] = [await claimant(t.db), await claimant(t.db)]
  const claims = [
    await submittedClaim(t.db, a, [8, 10]),
    await submittedClaim(t.db, a, [12]),
    await submittedClaim(t.db, b, [9, 4]),
  ]
  await budget(t.db, 60_000)
  await budget(t.db, 45_000, 'employmentSubsidy')
  const w: World = { t, claims, day: 0, serial: 0 }
  const states = new Map(claims.map((claim) => [claim.id, 'submitted']))
  let next = 0
  for (const { on, any, pick, days } of steps) {
    w.serial++
    const name = on < 7 ? (road[next++ % road.length] as string) : any
    if (name === 'close') w.day += days + 4
    await acts[name]?.(w, pick).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw new Error(`${name}: ${error}`, { cause: error })
    })
    await check(w, states, seen, name)
  }
  expect(await listFaults(t.db)).toEqual([])
}

async function check(w: World, states: Map<string, string>, seen: Set<string>, name: string) {
  const moves = await w.t.db
    .selectFrom('platform.moves')
    .select(['from_state', 'to_state'])
    .where('subject_kind', '=', 'claim')
    .execute()
  for (const move of moves) expect(legal, name).toContain(`${move.from_state}→${move.to_state}`)
  for (const claim of await w.t.db.selectFrom('subsidy.claims').select(['id', 'state']).execute()) {
    states.set(claim.id, claim.state)
    seen.add(claim.state)
  }
  expect(await ledgerFaults(w.t.db), name).toEqual([])
  for (const fund of await fundBalances(w.t.db)) {
    const sum = Object.values(fund.pots).reduce((all, fen) => all + fen, 0)
    expect(sum, name).toBe(0)
    expect(-fund.pots.appropriation, name).toBe(fund.fundSource === 'specialAccount' ? 60_000 : 45_000)
  }
}
