/** Pure: what one person in one class earns, and why. The same rule answers the quote and the payment. */
import { allow, type Decision, refuse } from '#policy/decision.ts'
import { formatDay, yearOf } from '#shared/dates.ts'
import { yuan } from '#shared/units.ts'
import type { FactChange, FigureFact, Line, LineFacts, Step } from './line.schema.ts'

/**
 * Fen for one person in one class: rate × whole class hours, never above what is left of the cap.
 * Minutes are those of the ledger; a started class hour is not paid. Zero is an answer, not a refusal.
 * Refusals: `not-passed`, `double-benefit`, `figure-undecided` (money is never computed from an undecided figure).
 * @clause R03 @clause R04 @clause R21 @clause C10 @clause C17
 */
export function payable(facts: LineFacts): Decision<Line> {
  if (!facts.passed) return refuse('R04', 'not-passed')
  if (facts.otherBenefit !== null) return refuse('R21', 'double-benefit', { claim: facts.otherBenefit })
  const figures = [facts.hour, facts.rate, ...(facts.cap ? [facts.cap] : [])]
  const open = figures.find((figure) => figure.value === null || !figure.decided)
  if (open) return refuse(open.id.split('.')[0] ?? 'R04', 'figure-undecided', { figure: open.id, label: open.label })
  const hourMinutes = amountOf(facts.hour)
  const unitFen = amountOf(facts.rate)
  const capFen = facts.cap && amountOf(facts.cap)
  const classHours = Math.floor(facts.minutes / hourMinutes)
  const full = unitFen * classHours
  const left = capFen === null ? full : Math.max(capFen - facts.capUsedBefore, 0)
  const line: Omit<Line, 'explanation'> = {
    year: yearOf(facts.endedOn),
    minutes: facts.minutes,
    hourMinutes,
    classHours,
    unitFen,
    capPer: facts.capPer,
    capFen,
    capUsedBeforeFen: facts.capUsedBefore,
    amountFen: Math.min(full, left),
    fundSource: facts.fundSource,
  }
  return allow({ ...line, explanation: explain(facts, line) })
}

/** The figure's value; callers have made sure that it is decided. */
function amountOf(figure: FigureFact): number {
  if (figure.value === null || !Number.isSafeInteger(figure.value) || figure.value < 0) {
    throw new RangeError(`${figure.id} cannot be used in arithmetic: ${figure.value}`)
  }
  return figure.value
}

/** The sum in words: 依据、数、结果, one step per rule. */
function explain(facts: LineFacts, line: Omit<Line, 'explanation'>): Step[] {
  const full = line.unitFen * line.classHours
  const rest = line.minutes - line.classHours * line.hourMinutes
  const steps: Step[] = [
    {
      rule: 'R03',
      title: '有效课时',
      basis: `每课时不少于 ${line.hourMinutes} 分钟，不足一课时的部分不计${provenance(facts.hour)}`,
      working: `签到记录 ${line.minutes} 分钟 ÷ ${line.hourMinutes}${rest > 0 ? `，余 ${rest} 分钟不计` : ''}`,
      result: `${line.classHours} 课时`,
    },
    {
      rule: 'R04',
      title: '按课时计算',
      basis: `每人每课时 ${yuan(line.unitFen)} 元${provenance(facts.rate)}`,
      working: `${line.classHours} 课时 × ${yuan(line.unitFen)} 元`,
      result: `${yuan(full)} 元`,
    },
  ]
  if (line.capFen === null || facts.cap === null) return steps
  const yearly = line.capPer === 'person-calendar-year'
  const left = Math.max(line.capFen - line.capUsedBeforeFen, 0)
  steps.push({
    rule: yearly ? 'C10' : 'R04',
    title: yearly ? `${line.year}年个人上限` : '每人每班上限',
    basis: `每人每${yearly ? '年' : '班'}不超过 ${yuan(line.capFen)} 元${provenance(facts.cap)}`,
    working: yearly
      ? `上限 ${yuan(line.capFen)} 元 − 之前已占用 ${yuan(line.capUsedBeforeFen)} 元 = 剩余 ${yuan(left)} 元`
      : `上限 ${yuan(line.capFen)} 元`,
    result: line.amountFen < full ? `本次按剩余额度计 ${yuan(line.amountFen)} 元` : '未超过上限',
  })
  return steps
}

function provenance(figure: FigureFact): string {
  const since = figure.from ? `，自${formatDay(figure.from)}起` : ''
  return `（${figure.setAt ? '区人社局设定：' : ''}${figure.source}${since}）`
}

/** The words for each fact, and since when it has been as it is. */
const watched: Record<string, { label: string; read(f: LineFacts): string; since(f: LineFacts): string | null }> = {
  passed: { label: '结业考核', read: (f) => (f.passed ? '合格' : '未合格'), since: (f) => f.passedAt },
  minutes: { label: '有效分钟', read: (f) => `${f.minutes} 分钟`, since: (f) => f.minutesAt },
  endedOn: { label: '培训结束日', read: (f) => formatDay(f.endedOn), since: () => null },
  hour: { label: '每课时分钟数', read: (f) => figureText(f.hour, '分钟'), since: (f) => sinceOf(f.hour) },
  rate: { label: '每课时补贴', read: (f) => figureText(f.rate, '元'), since: (f) => sinceOf(f.rate) },
  cap: {
    label: '个人上限',
    read: (f) => (f.cap ? figureText(f.cap, '元') : '无上限'),
    since: (f) => (f.cap ? sinceOf(f.cap) : null),
  },
  capUsedBefore: {
    label: '已占用额度',
    read: (f) => `${yuan(f.capUsedBefore)} 元`,
    since: (f) => f.capUsedAt,
  },
  otherBenefit: { label: '同期其他补贴', read: (f) => f.otherBenefit ?? '无', since: () => null },
  fundSource: { label: '资金来源', read: (f) => f.fundSource, since: () => null },
}

const figureText = (figure: FigureFact, unit: '元' | '分钟') =>
  figure.value === null || !figure.decided ? '尚未明确' : `${unit === '元' ? yuan(figure.value) : figure.value} ${unit}`
const sinceOf = (figure: FigureFact) => figure.setAt ?? figure.from

/**
 * Which facts differ between a quote and now, old → new, since when. Nothing differs → the amount is the same,
 * because the amount follows from these facts alone.
 * @clause R04
 */
export function explainDifference(quoted: LineFacts, now: LineFacts): FactChange[] {
  return Object.entries(watched).flatMap(([fact, { label, read, since }]) => {
    const [was, is] = [read(quoted), read(now)]
    return was === is ? [] : [{ fact, label, was, is, since: since(now) }]
  })
}
