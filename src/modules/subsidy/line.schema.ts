import type { Refusal } from '#policy/decision.ts'
import type { Day } from '#shared/units.ts'

/** A figure as it was used: its value, and where it comes from. */
export type FigureFact = {
  id: string
  label: string
  /** Null: nobody has decided it. */
  value: number | null
  decided: boolean
  /** What a claimant can look up: the document's title and number. */
  source: string
  from: Day | null
  /** ISO instant, when the bureau set it itself. */
  setAt: string | null
}

export type CapPer = 'person-calendar-year' | 'person-class'

/** Everything one person's amount in one class depends on. No name, no number: safe to keep and to sign. */
export type LineFacts = {
  programme: string
  passed: boolean
  /** ISO instant of the result. */
  passedAt: string | null
  /** The last day of teaching: it decides the figures and the year. */
  endedOn: Day
  /** Minutes of the hours ledger that are granted and not spent elsewhere. */
  minutes: number
  /** ISO instant of the ledger's last entry. */
  minutesAt: string | null
  hour: FigureFact
  rate: FigureFact
  /** Null: the programme has no cap. */
  cap: FigureFact | null
  capPer: CapPer
  /** Fen that claims in line before this one have taken of the same cap. */
  capUsedBefore: number
  /** ISO instant of the last of them. */
  capUsedAt: string | null
  /** Another subsidy for the same content at the same time: its claim number. */
  otherBenefit: string | null
  fundSource: string
}

/** One step of the sum, in words a claimant can check. */
export type Step = {
  rule: string
  title: string
  /** 依据 */
  basis: string
  /** 数 */
  working: string
  /** 结果 */
  result: string
}

export type Line = {
  year: number
  minutes: number
  hourMinutes: number
  classHours: number
  unitFen: number
  capPer: CapPer
  capFen: number | null
  capUsedBeforeFen: number
  amountFen: number
  fundSource: string
  explanation: Step[]
}

/** A fact that is not what it was: old → new, and since when. */
export type FactChange = { fact: string; label: string; was: string; is: string; since: string | null }

export type ReasonText = { message: string; remedy: string }

/** Why a person earns nothing in this class, in words. */
export const reasonText: Record<string, (facts: Refusal['facts']) => ReasonText> = {
  'not-passed': () => ({
    message: '结业考核未合格（或尚无成绩），不计入申领',
    remedy: '补考合格后，在申领期限内重新生成申领即可计入。',
  }),
  'figure-undecided': (f) => ({
    message: `“${f.label}”区人社局尚未明确，不能计算金额`,
    remedy: '请等待区人社局发布标准；标准发布后重新计算即可，已记录的课时不会丢失。',
  }),
  'double-benefit': (f) => ({
    message: `同一时段同一内容的培训已在申领 ${f.claim} 中享受补贴`,
    remedy: '同一培训只能享受一项补贴；如属误报，请先撤回另一项申领。',
  }),
}
