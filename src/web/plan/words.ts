import type { BoardRow } from '#modules/reports/board.queries.ts'
import { bases } from '#modules/reports/count.schema.ts'
import { importedKinds } from '#modules/reports/statistic.schema.ts'
import { type Work, works } from '#modules/reports/work.schema.ts'
import { unitTexts } from '#modules/settings/setting.schema.ts'
import type { FigureValue } from '#policy/figures.ts'
import type { FigureUnit, Indicator, Plan } from '#policy/plan.types.ts'
import { yuan } from '#shared/units.ts'
import { durationText } from '../ui/format.ts'
import type { Tone } from '../ui/tone.ts'

export const count = (n: number) => n.toLocaleString('zh-CN')

/** `41,000 人次`, `26.7%`; nothing on record says so. */
export const valueText = (value: number | null, unit: string) =>
  value === null ? '暂无数据' : unit === '%' ? `${value}%` : `${count(value)} ${unit}`

export const targetText = ({ target, unit, comparison }: Indicator) =>
  unit === '%' ? `${target}%以上` : `${count(target)} ${unit}${comparison === '>=' ? '以上' : ''}`

/** `12 批`; minutes as hours and minutes. */
export const workText = (what: Work, n: number): string =>
  works[what].unit === '分钟' ? `${n < 0 ? '−' : ''}${durationText(Math.abs(n))}` : `${count(n)} ${works[what].unit}`

/** How an indicator stands, in a mark and a word. */
export function standing(row: BoardRow, asOf: string): { tone: Tone; text: string } {
  if (row.value === null) return { tone: 'neutral', text: '暂无数据' }
  if (row.reached) return { tone: 'good', text: '已达到目标' }
  const { deadline } = row.indicator
  if (deadline !== null && asOf >= deadline) return { tone: 'bad', text: '到期未达到' }
  if (row.forecast === null) return { tone: 'info', text: '推进中' }
  return row.forecast.reachable
    ? { tone: 'info', text: '按目前进度可达到' }
    : { tone: 'warn', text: '按目前进度达不到' }
}

/** The basis in words, or where a number from outside comes from. */
export function basisText(row: BoardRow): string {
  const { kind } = row.indicator
  return kind === 'events' ? (row.basis ? bases[row.basis].label : '') : importedKinds[kind]
}

/** A figure as people read it; null is what the plan says of undecided things. */
export function figureText(value: number | null, unit: FigureUnit, undecided: string): string {
  if (value === null) return undecided
  const { money, label } = unitTexts[unit]
  if (money) return `${yuan(value)} ${label}`
  return label === '%' ? `${value}%` : `${count(value)} ${label}`
}

export type SourceText = { text: string; url: string | null; mirror: boolean }

/** What a value rests on: a document of the plan folder, the bureau's own, a default, or nothing. */
export function sourceText(plan: Plan, source: string): SourceText {
  const found = plan.sources.find((one) => one.id === source)
  if (found) return { text: found.title, url: found.url, mirror: found.mirror }
  const plain = (text: string) => ({ text, url: null, mirror: false })
  if (source === 'INF') return plain(`平台默认值，${plan.undecidedText}`)
  if (source === 'not-found') return plain('没有找到对本区有效的文件')
  return plain(source)
}

export type ShownFigure = Pick<
  FigureValue,
  'id' | 'label' | 'from' | 'to' | 'decided' | 'note' | 'origin' | 'setBy'
> & {
  value: string
  undecided: string
  source: SourceText
  hint: string | null
}

/** A figure with its value, days, source and, where nobody has decided, what another place does. */
export function shownFigure(plan: Plan, figure: FigureValue): ShownFigure {
  const { id, label, from, to, decided, note, origin, setBy, hint } = figure
  const elsewhere = hint ? `${hint.where}为${figureText(hint.value, figure.unit, '')}，仅供参考，不用于计算` : null
  return {
    ...{ id, label, from, to, decided, note, origin, setBy },
    value: figureText(figure.value, figure.unit, plan.undecidedText),
    undecided: plan.undecidedText,
    source: sourceText(plan, figure.source),
    hint: elsewhere,
  }
}

export const coverageTexts: Record<string, { tone: Tone; text: string }> = {
  carried: { tone: 'good', text: '已在平台办理' },
  indicator: { tone: 'info', text: '展示进度' },
  later: { tone: 'neutral', text: '后续提供' },
}

export const ruleStates: Record<string, { tone: Tone; text: string }> = {
  live: { tone: 'good', text: '系统执行' },
  'external-data': { tone: 'wait', text: '需外部数据，未导入时不判断' },
  later: { tone: 'neutral', text: '后续提供' },
}
