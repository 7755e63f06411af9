import { refused } from './errors.ts'

/**
 * Writes, and turns what the database holds by itself into the refusal the page has words for: constraint → clause and
 * reason. Whoever was first in a race is told apart from a bug.
 */
export async function heldBy<T>(
  work: Promise<T>,
  constraints: Record<string, readonly [clause: string, reason: string]>,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    const name = (error as { constraint?: unknown }).constraint
    const held = typeof name === 'string' ? constraints[name] : undefined
    if (held) throw refused({ clause: held[0], reason: held[1], facts: {} })
    throw error
  }
}
