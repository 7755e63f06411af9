import { canonical } from '#modules/assessment/certificate.rules.ts'
import type { Ctx } from '#platform/command.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import { missing } from '#platform/errors.ts'
import type { LineFacts } from './line.schema.ts'

export type QuotedLine = { enrolmentId: string; facts: LineFacts; amountFen: number; refused: string | null }
export type Quote = {
  id: string
  classId: string
  amountFen: number
  lines: QuotedLine[]
  ruleVersion: string
  at: Date
  /** The signature fits: nobody has altered what was promised. */
  intact: boolean
}

/** The keyed signature of a quote's canonical text. */
export const quoteSeal = (crypto: CryptoProvider, text: string): string => crypto.blindIndex(text, 'subsidy.quote')

const select = (db: Ctx['db']) =>
  db
    .selectFrom('subsidy.quotes')
    .select([
      'id',
      'class_id as classId',
      'amount_fen as amountFen',
      'lines',
      'rule_version as ruleVersion',
      'signature',
      'at',
    ])
    .$castTo<Omit<Quote, 'intact'> & { signature: string }>()

function checked(ctx: Pick<Ctx, 'crypto'>, row: Omit<Quote, 'intact'> & { signature: string }): Quote {
  const { signature, ...quote } = row
  const { classId, amountFen, lines, ruleVersion, at } = quote
  const text = canonical({ classId, amountFen, lines, ruleVersion, at: at.toISOString() })
  return { ...quote, intact: quoteSeal(ctx.crypto, text) === signature }
}

export async function quoteById(ctx: Pick<Ctx, 'db' | 'crypto'>, id: string): Promise<Quote> {
  const row = await select(ctx.db).where('id', '=', id).executeTakeFirst()
  if (!row) throw missing('quote')
  return checked(ctx, row)
}

/** The newest quote of a class, or the newest before a moment. */
export async function latestQuote(
  ctx: Pick<Ctx, 'db' | 'crypto'>,
  classId: string,
  before?: Date,
): Promise<Quote | undefined> {
  let query = select(ctx.db).where('class_id', '=', classId).orderBy('at', 'desc').orderBy('id', 'desc')
  if (before) query = query.where('at', '<', before)
  const row = await query.limit(1).executeTakeFirst()
  return row && checked(ctx, row)
}
