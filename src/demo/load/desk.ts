import type pg from 'pg'
import { allocate, postings } from '#modules/subsidy/ledger.rules.ts'
import { addWorkdays } from '#policy/workdays.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import type { LoadBase } from './base.ts'
import type { MadeClaim } from './claim.ts'
import { type Gatherer, gatherer, insertRows, type Row } from './insert.ts'
import { idFor } from './layout.ts'

const clock = (id: string, kind: 'review' | 'approve' | 'payment', at: Date, workdays: number): Row => ({
  id: idFor(at, id, kind),
  subject_kind: 'claim',
  subject_id: id,
  kind,
  started_on: dayOf(at),
  workdays,
  due_on: addWorkdays(dayOf(at), workdays).day,
  rule_id: `R33.${kind}`,
})

/** Drafts with their lines, the hours spent on them, then handed in with commitment and account. */
export async function writeClaims(db: pg.ClientBase, out: Gatherer, claims: readonly MadeClaim[]): Promise<void> {
  if (claims.length === 0) return
  const { rows } = await db.query<{ n: number }>(
    "select nextval('subsidy.claim_numbers')::int as n from generate_series(1, $1)",
    [claims.length],
  )
  for (const [nth, { row }] of claims.entries()) {
    row.number = `SL${yearOf(dayOf(row.created_at as Date))}-${String(rows[nth]?.n).padStart(6, '0')}`
  }
  await insertRows(
    db,
    'subsidy.claims',
    claims.map(({ row }) => row),
  )
  await out.write(db, ['subsidy.claim_lines'])
  await db.query(
    `insert into training.hour_spends (entry_id, spent_on_kind, spent_on_id, minutes, at, by_user)
     select h.id, 'claim-line', l.id, h.minutes, c.created_at, c.created_by
     from subsidy.claims c join subsidy.claim_lines l on l.claim_id = c.id join training.hour_entries h on h.enrolment_id = l.enrolment_id
     where c.id = any($1) order by h.id`,
    [claims.map(({ id }) => id)],
  )
  await db.query(
    `update subsidy.claims c set state = 'submitted', round = 1, version = 2, submitted_at = v.at, submitted_by = c.created_by,
       commitment_at = v.at, commitment_by = c.created_by, bank_account_id = v.account
     from unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) as v (id, at, account) where c.id = v.id`,
    [
      claims.map(({ id }) => id),
      claims.map(({ submittedAt }) => submittedAt),
      claims.map(({ made }) => made.undertaker.bankAccountId),
    ],
  )
  for (const { id, submittedAt } of claims)
    out.add('platform.clocks', { ended_on: null, ...clock(id, 'review', submittedAt, 10) })
}

/** Both reviews of a week's claims. The database sees to it that two people have agreed. */
export async function reviewClaims(
  db: pg.ClientBase,
  base: LoadBase,
  claims: readonly MadeClaim[],
  at: { first: Date; second: Date },
): Promise<void> {
  if (claims.length === 0) return
  const out = gatherer(['subsidy.reviews', 'platform.moves', 'platform.clocks'])
  const [wang, chen] = [base.official('王初审'), base.official('陈复核')]
  for (const { id, row } of claims) {
    for (const [stage, who, when] of [
      ['first', wang, at.first],
      ['second', chen, at.second],
    ] as const) {
      out.add('subsidy.reviews', opinion(id, row, stage, who, when))
    }
    base.move(out, 'claim', id, 'take', ['submitted', 'under-review'], at.first, wang)
    base.move(out, 'claim', id, 'review', ['under-review', 'reviewed'], at.second, chen)
    out.add('platform.clocks', clock(id, 'approve', at.first, 15))
  }
  await inOne(db, async () => {
    await out.write(db)
    await endClocks(db, claims, 'review', at.first)
    await db.query(
      `update subsidy.claims set state = 'reviewed', version = version + 2 where id = any($1) and state = 'submitted'`,
      [claims.map(({ id }) => id)],
    )
  })
}

const opinion = (id: string, row: Row, stage: string, who: { id: string; name: string }, at: Date): Row => ({
  id: idFor(at, id, stage),
  claim_id: id,
  round: 1,
  stage,
  decision: 'agree',
  amount_fen: row.amount_fen,
  note: '',
  reviewer_id: who.id,
  reviewer_name: who.name,
  at,
})

async function endClocks(db: pg.ClientBase, claims: readonly MadeClaim[], kind: string, at: Date): Promise<void> {
  await db.query(
    `update platform.clocks set ended_on = $3 where subject_kind = 'claim' and subject_id = any($1) and kind = $2 and ended_on is null`,
    [claims.map(({ id }) => id), kind, dayOf(at)],
  )
}

export async function inOne(db: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await db.query('begin')
  try {
    await work()
    await db.query('commit')
  } catch (error) {
    await db.query('rollback')
    throw error
  }
}

type Fund = { fundSource: string; year: number; availableFen: number }

/** The leader's approval of a week's claims: money promised out of the funds in their order, line by line. */
export async function approveClaims(
  db: pg.ClientBase,
  base: LoadBase,
  claims: readonly MadeClaim[],
  at: Date,
): Promise<void> {
  if (claims.length === 0) return
  const lin = base.official('林局长')
  const year = yearOf(dayOf(at))
  await inOne(db, async () => {
    const funds = await fundsOf(db, base, claims, year)
    const { rows: lines } = await db.query<{ lineId: string; claimId: string; amountFen: number }>(
      `select id as "lineId", claim_id as "claimId", amount_fen as "amountFen" from subsidy.claim_lines
       where claim_id = any($1) and dropped_at is null order by claim_id, id`,
      [claims.map(({ id }) => id)],
    )
    const byClaim = Map.groupBy(lines, (line) => line.claimId)
    const out = gatherer([
      'subsidy.line_funds',
      'subsidy.reviews',
      'subsidy.journals',
      'subsidy.entries',
      'platform.moves',
      'platform.clocks',
    ])
    for (const { id, row } of claims) {
      const shares = allocate(byClaim.get(id) ?? [], funds)
      if (!shares.ok) throw new Error(`the load's budget does not reach: ${shares.refusal.reason}`)
      for (const [nth, share] of shares.value.entries()) {
        const fund = funds.find((one) => one.fundSource === share.fundSource)
        if (fund) fund.availableFen -= share.amountFen
        out.add('subsidy.line_funds', {
          line_id: share.lineId,
          fund_source: share.fundSource,
          year: share.year,
          claim_id: id,
          seq: nth + 1,
          amount_fen: share.amountFen,
        })
      }
      out.add('subsidy.reviews', opinion(id, row, 'approve', lin, at))
      await addJournal(db, out, row, postings('approve', shares.value), at, lin.id)
      base.move(out, 'claim', id, 'approve', ['publicised', 'approved'], at, lin)
      out.add('platform.clocks', clock(id, 'payment', at, 45))
    }
    await out.write(db)
    await endClocks(db, claims, 'approve', at)
    await db.query(
      `update subsidy.claims set state = 'approved', version = version + 1 where id = any($1) and state = 'publicised'`,
      [claims.map(({ id }) => id)],
    )
  })
}

async function fundsOf(db: pg.ClientBase, base: LoadBase, claims: readonly MadeClaim[], year: number): Promise<Fund[]> {
  const programme = base.plan.programmes.find(({ code }) => code === claims[0]?.row.programme)
  const order = [...(programme?.fundSources ?? [])]
  for (const fund of order) await db.query('select subsidy.open_accounts($1, $2)', [fund, year])
  const { rows } = await db.query<{ fund_source: string; available_fen: number }>(
    'select fund_source, balance_fen as available_fen from subsidy.hold($1, $2, $3)',
    ['available', order, year],
  )
  return order.map((fundSource) => ({
    fundSource,
    year,
    availableFen: Number(rows.find((row) => row.fund_source === fundSource)?.available_fen ?? 0),
  }))
}

type Sides = ReturnType<typeof postings>

async function addJournal(
  db: pg.ClientBase,
  out: Gatherer,
  claim: Row,
  sides: Sides,
  at: Date,
  by: string,
): Promise<void> {
  const id = idFor(at, String(claim.id), 'approve-journal')
  out.add('subsidy.journals', {
    id,
    kind: 'approve',
    key: `approve:${claim.id}`,
    subject_kind: 'claim',
    subject_id: claim.id,
    claim_id: claim.id,
    programme: claim.programme,
    on_day: dayOf(at),
    memo: claim.number,
    at,
    by_user: by,
  })
  for (const side of sides) {
    const { rows } = await db.query<{ id: number }>(
      'select id from subsidy.accounts where fund_source = $1 and year = $2 and kind = $3',
      [side.fundSource, side.year, side.account],
    )
    out.add('subsidy.entries', { journal_id: id, account_id: rows[0]?.id, amount_fen: side.amountFen })
  }
}
