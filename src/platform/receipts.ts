import { randomBytes } from 'node:crypto'
import { receiptFrom } from '#shared/receipts.ts'

/** A receipt code that nobody can guess. It is told once; what is kept of it is an index. */
export function newReceipt(): string {
  const receipt = receiptFrom(randomBytes(64))
  if (!receipt) throw new Error('no receipt came out of 64 random bytes')
  return receipt
}
