/** Marks are whole hundredths inside, so that sums are exact. */
export const cents = (mark: number): number => Math.round(mark * 100)
export const fromCents = (value: number): number => value / 100

/** 0 to 100, at most two places after the point; null: not a mark. */
export function readMark(typed: string): number | null {
  const text = typed.trim()
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(text)) return null
  const mark = Number(text)
  return mark <= 100 ? mark : null
}

export type Sheet = { judgeId: string; mark: number }
export type Settled =
  | { state: 'waiting'; needed: number }
  | { state: 'settled'; mark: number; counted: readonly string[] }

/**
 * What the judges' sheets for one module come to. Two within the tolerance: their mean. Further apart: a third is needed,
 * and the two that lie nearest count; equally near, the one in the middle.
 * @clause R32
 */
export function settle(sheets: readonly Sheet[], tolerance: number): Settled {
  const sorted = sheets.toSorted((a, b) => a.mark - b.mark || (a.judgeId < b.judgeId ? -1 : 1))
  const [low, middle, high] = sorted
  if (!low || !middle) return { state: 'waiting', needed: 2 - sorted.length }
  const apart = (a: Sheet, b: Sheet) => cents(b.mark) - cents(a.mark)
  const mean = (a: Sheet, b: Sheet): Settled => ({
    state: 'settled',
    mark: fromCents(Math.round((cents(a.mark) + cents(b.mark)) / 2)),
    counted: [a.judgeId, b.judgeId],
  })
  if (!high) return apart(low, middle) <= cents(tolerance) ? mean(low, middle) : { state: 'waiting', needed: 1 }
  const [below, above] = [apart(low, middle), apart(middle, high)]
  if (below === above) return { state: 'settled', mark: middle.mark, counted: [middle.judgeId] }
  return below < above ? mean(low, middle) : mean(middle, high)
}

/**
 * One mark out of weighted parts, to the hundredth; weights sum to 100.
 * @clause R32
 */
export function weighted(parts: readonly { id: string; weight: number }[], marks: Readonly<Record<string, number>>) {
  const sum = parts.reduce((total, { id, weight }) => total + cents(marks[id] ?? 0) * weight, 0)
  return fromCents(Math.round(sum / 100))
}

export type RoundRow = { entryId: string; groupId: string; mark: number; absent: boolean }
export type RoundResult = { entryId: string; passed: boolean; advanced: boolean }

/**
 * Who passes a round and who goes on. Below the pass mark nobody goes on; of the others so many of each group, and whoever
 * has the same mark as the last of them.
 * @clause R32
 */
export function cut(
  rows: readonly RoundRow[],
  round: { mustPass: boolean; cuts: boolean },
  terms: { passMark: number; advanceMost: number | null },
): RoundResult[] {
  const passes = (row: RoundRow) => !row.absent && (!round.mustPass || cents(row.mark) >= cents(terms.passMark))
  const lines = new Map<string, number>()
  for (const [group, own] of Map.groupBy(rows.filter(passes), (row) => row.groupId)) {
    const marks = own.map((row) => cents(row.mark)).toSorted((a, b) => b - a)
    const last = round.cuts && terms.advanceMost !== null ? marks[terms.advanceMost - 1] : undefined
    lines.set(group, last ?? 0)
  }
  return rows.map((row) => {
    const passed = passes(row)
    return { entryId: row.entryId, passed, advanced: passed && cents(row.mark) >= (lines.get(row.groupId) ?? 0) }
  })
}
