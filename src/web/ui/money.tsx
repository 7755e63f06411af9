import { yuan } from '#shared/units.ts'

/** Money to the fen. Whole fen in, `¥1,234.56` out; an amount taken back has a true minus sign. */
export function Money({ fen }: { fen: number }) {
  return (
    <span className="number">
      {fen < 0 ? '−' : ''}¥{yuan(Math.abs(fen))}
    </span>
  )
}
