/** One thing that a course asks for, what was found, and whether that is enough. */
export type Requirement = { itemId: string; title: string; kind: string; needed: string; found: string; met: boolean }

export type ItemState = {
  itemId: string
  title: string
  kind: string
  required: boolean
  /** Timeline of the item; null: nobody has measured it. */
  mediumMs: number | null
  coveredMs: number
  passed: boolean | null
}

/** Of an item's timeline, what must have counted before it is learnt. */
export const learntPercent = 95

/**
 * What a course still asks for: of each required film, sound, text or document nearly all of its timeline, counted; of
 * each exam and assignment a pass. A course without anything required is learnt when everything in it is.
 * @clause HZ4-M13
 */
export function requirementsOf(items: readonly ItemState[]): Requirement[] {
  const asked = items.some((item) => item.required) ? items.filter((item) => item.required) : items
  return asked.map((item) => {
    const base = { itemId: item.itemId, title: item.title, kind: item.kind }
    if (item.kind === 'lti') {
      const found = item.passed === null ? '还没有打开或没有成绩' : item.passed ? '已完成' : '成绩没有达到'
      return { ...base, needed: '在外部工具里完成', found, met: item.passed === true }
    }
    if (item.kind === 'exam' || item.kind === 'assignment') {
      const found =
        item.passed === null ? (item.kind === 'exam' ? '还没有考' : '还没有交') : item.passed ? '已通过' : '未通过'
      return { ...base, needed: '通过', found, met: item.passed === true }
    }
    if (item.mediumMs === null) return { ...base, needed: '打开学习', found: '不按时间计', met: true }
    const percent = Math.floor((item.coveredMs * 100) / item.mediumMs)
    return { ...base, needed: `学完${learntPercent}%`, found: `已学${percent}%`, met: percent >= learntPercent }
  })
}

/** Of all that the course asks for, how much is learnt, in whole percent, never rounded up. */
export function sharePercent(items: readonly ItemState[]): number {
  const parts = items.map((item) =>
    item.kind === 'exam' || item.kind === 'assignment' || item.kind === 'lti'
      ? Number(item.passed === true)
      : item.mediumMs === null
        ? 0
        : Math.min(1, item.coveredMs / item.mediumMs),
  )
  const weighed = items.map((item) => Math.max(item.mediumMs ?? 0, 60_000))
  const all = weighed.reduce((sum, weight) => sum + weight, 0)
  if (all === 0) return 0
  return Math.floor((parts.reduce((sum, part, i) => sum + part * (weighed[i] ?? 0), 0) * 100) / all + 1e-9)
}
