/** A stretch of an item's timeline in whole milliseconds, the end not included. */
export type Span = readonly [fromMs: number, toMs: number]

/** The length of all spans together; they must not overlap. */
export const lengthMs = (spans: readonly Span[]): number => spans.reduce((sum, [from, to]) => sum + (to - from), 0)

/** What of `span` lies outside `covered`, which is in order and without overlaps. */
export function outside(span: Span, covered: readonly Span[]): Span[] {
  const left: Span[] = []
  let from = span[0]
  for (const [start, end] of covered) {
    if (end <= from) continue
    if (start >= span[1]) break
    if (start > from) left.push([from, start])
    from = end
  }
  if (from < span[1]) left.push([from, span[1]])
  return left
}

/** Both sets as one, in order, what touches joined. */
export function union(a: readonly Span[], b: readonly Span[]): Span[] {
  const joined: [number, number][] = []
  for (const [from, to] of [...a, ...b].toSorted((x, y) => x[0] - y[0])) {
    if (from >= to) continue
    const last = joined.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

/** The first `ms` milliseconds of the spans. */
export function firstOf(spans: readonly Span[], ms: number): Span[] {
  const kept: Span[] = []
  let left = ms
  for (const [from, to] of spans) {
    if (left <= 0) break
    const end = Math.min(to, from + left)
    kept.push([from, end])
    left -= end - from
  }
  return kept
}

/** As PostgreSQL writes a set of spans: `{[0,15000),[30000,45000)}`. */
export const spansText = (spans: readonly Span[]): string =>
  `{${spans.map(([from, to]) => `[${from},${to})`).join(',')}}`

/** Reads what `spansText` writes. */
export const spansFrom = (text: string): Span[] =>
  [...text.matchAll(/\[(\d+),(\d+)\)/g)].map(([, from, to]) => [Number(from), Number(to)] as const)
