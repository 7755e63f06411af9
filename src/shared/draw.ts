/** Drawing lots that anybody can draw again: the order is that of SHA-256 over a published seed and each one's id. */
type Digest = (text: string) => string

export type Drawn<P extends string = string> = { id: string; key: string; passed: P | null }

/**
 * Everybody of the pool in the order of the draw, with why somebody is passed over. The order in which the pool is given
 * does not matter.
 */
export const orderOf = <T extends { id: string }, P extends string>(
  digest: Digest,
  seed: string,
  pool: readonly T[],
  passed: (one: T) => P | null,
): Drawn<P>[] =>
  pool
    .map((one) => ({ id: one.id, key: digest(`${seed}:${one.id}`), passed: passed(one) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))

/** Whether each key follows from the seed, and whether the keys ascend. */
export const orderStands = (digest: Digest, seed: string, order: readonly Drawn[]) => ({
  keys: order.every((one) => digest(`${seed}:${one.id}`) === one.key),
  ascending: order.every((one, at) => at === 0 || one.key >= (order[at - 1]?.key ?? '')),
})

/** The first `size` who are not passed over, or how many there are when they do not suffice. */
export function firstOf<P extends string>(order: readonly Drawn<P>[], size: number): Drawn<P>[] | number {
  const able = order.filter((one) => one.passed === null)
  return able.length < size ? able.length : able.slice(0, size)
}
