import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '#platform/command.ts'
import { dayOf } from '#shared/dates.ts'
import type { AccountKind, JournalKind, Posting } from './ledger.schema.ts'

export type Booking = {
  kind: JournalKind
  /** What is booked under a key is booked once: a second journal with it cannot be stored. */
  key: string
  subject: { kind: string; id: string }
  claimId?: string
  programme?: string
  memo?: string
  postings: readonly Posting[]
}

/**
 * Books journals inside a command's transaction, in one statement each for journals and entries, however many. The
 * database keeps the balances, refuses a pot below nothing, and on commit a journal whose sides do not cancel out.
 * @clause HZ4-M16
 */
export async function book(tx: Tx, bookings: readonly Booking[]): Promise<void> {
  const real = bookings.filter((booking) => booking.postings.length > 0)
  if (real.length === 0) return
  const accounts = await accountsFor(
    tx,
    real.flatMap((booking) => booking.postings),
  )
  const journals = real.map((booking) => ({ id: randomUUID(), booking }))
  await tx.db
    .insertInto('subsidy.journals')
    .values(
      journals.map(({ id, booking }) => ({
        id,
        kind: booking.kind,
        key: booking.key,
        subject_kind: booking.subject.kind,
        subject_id: booking.subject.id,
        claim_id: booking.claimId ?? null,
        programme: booking.programme ?? '',
        on_day: dayOf(tx.now),
        memo: booking.memo ?? '',
        at: tx.now,
        by_user: tx.actor.id,
      })),
    )
    .execute()
  await tx.db
    .insertInto('subsidy.entries')
    .values(
      journals.flatMap(({ id, booking }) =>
        booking.postings.map((posting) => ({
          journal_id: id,
          account_id: accounts.get(accountKey(posting)) as number,
          amount_fen: posting.amountFen,
        })),
      ),
    )
    .execute()
}

const accountKey = ({ fundSource, year, account }: Omit<Posting, 'amountFen'>) => `${fundSource}\n${year}\n${account}`

async function accountsFor(tx: Tx, postings: readonly Posting[]): Promise<Map<string, number>> {
  const funds = new Map(postings.map(({ fundSource, year }) => [`${fundSource}\n${year}`, { fundSource, year }]))
  for (const { fundSource, year } of funds.values()) {
    await sql`select subsidy.open_accounts(${fundSource}, ${year})`.execute(tx.db)
  }
  const rows = await tx.db
    .selectFrom('subsidy.accounts')
    .select(['id', 'fund_source', 'year', 'kind'])
    .where((eb) =>
      eb.or([...funds.values()].map((fund) => eb('fund_source', '=', fund.fundSource).and('year', '=', fund.year))),
    )
    .execute()
  return new Map(
    rows.map((row) => [
      accountKey({ fundSource: row.fund_source, year: row.year, account: row.kind as Posting['account'] }),
      row.id,
    ]),
  )
}

/** What is in one pot of some funds, held until this transaction ends: nobody else can give the same money away. */
export async function hold(
  tx: Tx,
  account: AccountKind,
  fundSources: readonly string[],
  year: number,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ fund_source: string; balance_fen: number }>`
    select fund_source, balance_fen from subsidy.hold(${account}, ${[...fundSources]}::text[], ${year})
  `.execute(tx.db)
  return new Map(rows.map((row) => [row.fund_source, row.balance_fen]))
}
