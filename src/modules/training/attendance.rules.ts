import type { Span } from './session.rules.ts'
import type { Grade, MarkKind, SettlementReason } from './session.schema.ts'

export type Mark = { id: string; kind: MarkKind; from: Date; to: Date; by: string }

export type SessionFacts = {
  /** As planned. */
  from: Date
  to: Date
  breakMinutes: number
  openedAt: Date
  closedAt: Date
  lateGraceMinutes: number
}

export type Settlement = {
  /** Credited minutes; 0 when nothing proves a presence. */
  minutes: number
  grade: Grade | null
  /** Marks the answer rests on. */
  marks: string[]
  /** In words in `settlementText`. */
  reason: SettlementReason
}

const minute = 60_000

/**
 * What a person's marks in one session prove, and how well.
 *
 * - A: the learner's scan and the trainer agree. B: two independent people or devices otherwise – scan and staff, trainer
 *   and staff, or a trainer who vouches for more than the scan shows. C: one witness. D: entered by hand.
 * - Two marks by one person are one witness.
 * - A scan proves one moment: from it to the end of the session counts. A trainer or staff mark proves the span written
 *   on it; where two such spans differ, what both have in common counts.
 * - Minutes run from the later of plan and opening to the earlier of plan and closing; an opening or arrival within the
 *   late grace counts from the planned beginning. Breaks are taken off in proportion to the time present, so that full
 *   presence gives exactly the planned minutes.
 * @clause R03 C17
 * No mark is a face, so nobody needs one to be believed: @clause R36
 */
export function settle(session: SessionFacts, marks: readonly Mark[]): Settlement {
  const witnesses = distinct(marks.filter((mark) => mark.kind !== 'excused' && mark.kind !== 'manual'))
  const manual = marks.find((mark) => mark.kind === 'manual')
  const excused = marks.find((mark) => mark.kind === 'excused')
  const judged = judge(session, witnesses)
  if (judged) {
    const minutes = creditedMinutes(session, judged.span)
    if (minutes > 0)
      return { minutes, grade: judged.grade, marks: judged.marks.map((m) => m.id), reason: judged.reason }
  }
  if (manual) {
    const minutes = creditedMinutes(session, manual)
    if (minutes > 0) return { minutes, grade: 'D', marks: [manual.id], reason: 'manual' }
  }
  const reason = excused ? 'excused' : 'absent'
  return { minutes: 0, grade: null, marks: excused ? [excused.id] : [], reason }
}

type Judged = { span: Span; grade: Grade; marks: Mark[]; reason: Settlement['reason'] }

function judge(session: SessionFacts, marks: readonly Mark[]): Judged | null {
  const scan = marks.find((mark) => mark.kind === 'room-code') ?? marks.find((mark) => mark.kind === 'learning-record')
  const trainer = marks.find((mark) => mark.kind === 'trainer')
  const staff = marks.find((mark) => mark.kind === 'staff')
  if (trainer && staff) {
    const span = common(trainer, staff)
    const agreed = scan !== undefined && arrival(session, scan) <= arrival(session, span)
    const all = [...(scan ? [scan] : []), trainer, staff]
    return agreed
      ? { span, grade: 'A', marks: all, reason: 'scan-and-trainer' }
      : { span, grade: 'B', marks: all, reason: 'two-witnesses' }
  }
  if (scan && trainer) {
    const beyond = arrival(session, scan) > arrival(session, trainer)
    return {
      span: trainer,
      grade: beyond ? 'B' : 'A',
      marks: [scan, trainer],
      reason: beyond ? 'trainer-beyond-scan' : 'scan-and-trainer',
    }
  }
  if (scan && staff) return { span: staff, grade: 'B', marks: [scan, staff], reason: 'two-witnesses' }
  const only = scan ?? trainer ?? staff
  return only ? { span: only, grade: 'C', marks: [only], reason: 'one-witness' } : null
}

/** One mark of each person who vouches; the scan first, then the trainer. */
function distinct(marks: readonly Mark[]): Mark[] {
  const rank: MarkKind[] = ['room-code', 'learning-record', 'trainer', 'staff']
  const seen = new Set<string>()
  return marks
    .toSorted((a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind))
    .filter((mark) => !seen.has(mark.by) && seen.add(mark.by))
}

const common = (a: Span, b: Span): Span => ({
  from: new Date(Math.max(a.from.getTime(), b.from.getTime())),
  to: new Date(Math.min(a.to.getTime(), b.to.getTime())),
})

/** When a span begins to count: a beginning within the grace is the planned one. */
function arrival({ from, lateGraceMinutes }: SessionFacts, span: Span): number {
  const at = span.from.getTime()
  return at <= from.getTime() + lateGraceMinutes * minute ? from.getTime() : at
}

/** Whole minutes of the span that count, breaks taken off in proportion. */
export function creditedMinutes(session: SessionFacts, span: Span): number {
  const { from, to, breakMinutes, openedAt, closedAt } = session
  const begin = Math.max(arrival(session, span), arrival(session, { from: openedAt, to }))
  const end = Math.min(span.to.getTime(), to.getTime(), closedAt.getTime())
  const present = Math.floor(Math.max(0, end - begin) / minute)
  const planned = Math.round((to.getTime() - from.getTime()) / minute)
  return Math.floor((present * (planned - breakMinutes)) / planned)
}
