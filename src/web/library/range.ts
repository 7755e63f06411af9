/**
 * `Range: bytes=…` of one part. Null: none asked for, or one that may be ignored (several parts, other units);
 * `outside`: nothing of it is in the file.
 */
export function rangeOf(header: string | null, size: number): { from: number; to: number } | 'outside' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'outside' : { from: size - length, to: size - 1 }
  }
  const from = Number(first)
  const to = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (from >= size) return 'outside'
  return to < from ? null : { from, to }
}
