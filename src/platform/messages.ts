import type { Ctx } from './command.ts'
import { enqueue } from './command.ts'
import type { CryptoProvider } from './crypto.ts'

const context = { to: 'outbox.to', body: 'outbox.body' } as const

/** Puts a text message in the outbox and queues its delivery; in a transaction, both only if it commits. */
export async function sendText(
  db: Ctx['db'],
  crypto: CryptoProvider,
  message: { purpose: string; phone: string; phoneMasked: string; text: string },
): Promise<void> {
  const row = await db
    .insertInto('auth.outbox')
    .values({
      purpose: message.purpose,
      to_masked: message.phoneMasked,
      to_sealed: crypto.seal(message.phone, context.to),
      body_sealed: crypto.seal(message.text, context.body),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await enqueue(db, 'access.deliverText', { id: row.id }, { key: `text:${row.id}` })
}

export type OutboxMessage = {
  id: string
  purpose: string
  to: string
  text: string
  createdAt: Date
  sentAt: Date | null
}

/** The newest messages, opened. Only a demonstration installation shows them. */
export async function newestTexts(db: Ctx['db'], crypto: CryptoProvider, limit = 30): Promise<OutboxMessage[]> {
  const rows = await db.selectFrom('auth.outbox').selectAll().orderBy('created_at', 'desc').limit(limit).execute()
  return rows.map((row) => ({
    id: row.id,
    purpose: row.purpose,
    to: row.to_masked,
    text: crypto.open(row.body_sealed, context.body),
    createdAt: row.created_at,
    sentAt: row.sent_at,
  }))
}

export const openText = (crypto: CryptoProvider, row: { to_sealed: string; body_sealed: string }) => ({
  to: crypto.open(row.to_sealed, context.to),
  text: crypto.open(row.body_sealed, context.body),
})
