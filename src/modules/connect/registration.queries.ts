import { AppError, refused } from '#platform/errors.ts'
import { outwardAddress } from '#platform/outward.ts'

/** The address as it will be used, or a refusal that names the field. */
export function mustBeOutward(field: string, address: string): string {
  const url = outwardAddress(address)
  if (!url)
    throw refused({ clause: 'HZ4-M13', reason: 'connect-address', facts: { field, address: address.slice(0, 120) } })
  return address
}

/** What came of work that may be refused, for answers to machines: the reason instead of a page. */
export async function reasonOf<T>(work: Promise<T>): Promise<{ ok: true; value: T } | { ok: false; reason: string }> {
  try {
    return { ok: true, value: await work }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { fault } = error
    return { ok: false, reason: fault.kind === 'refused' ? fault.refusal.reason : fault.kind }
  }
}
