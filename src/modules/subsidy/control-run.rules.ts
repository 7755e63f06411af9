/** Pure: from judgements per line to what a run says of a claim. */
import type { Day } from '#shared/units.ts'
import type { Evidence, Judgement, Severity, Verdict } from './control.schema.ts'
import { overrideHolds } from './control-claim.rules.ts'

export type Finding = {
  lineId: string | null
  control: string
  verdict: Verdict
  severity: Severity
  reason: string
  evidence: Evidence
  checked: number
}
export type RunSummary = { lines: number; blocking: number; warnings: number; unknown: number; findings: Finding[] }

const rank: Record<Verdict, number> = { pass: 0, unknown: 1, fail: 2 }

/**
 * One row for the claim per control – the worst of what was found, with how many lines were looked at and how many
 * failed – and one row for each line that failed.
 */
export function summarise(
  control: string,
  severity: Severity,
  judged: readonly { lineId: string | null; judgement: Judgement }[],
): Finding[] {
  if (judged.length === 0) return []
  const worst = judged.reduce((a, b) => (rank[b.judgement.verdict] > rank[a.judgement.verdict] ? b : a))
  const lines = judged.filter((j) => j.lineId !== null)
  const failed = lines.filter((j) => j.judgement.verdict === 'fail')
  const { verdict, reason, evidence } = worst.judgement
  const whole: Finding = {
    lineId: null,
    control,
    severity,
    verdict,
    reason,
    evidence: { ...evidence, ...(lines.length > 0 && { failedLines: failed.length }) },
    checked: Math.max(lines.length, 1),
  }
  const each = failed.map((j): Finding => ({ ...j.judgement, lineId: j.lineId, control, severity, checked: 1 }))
  return [whole, ...each]
}

type Override = {
  control: string
  lineId: string | null
  state: string
  requestedBy: string
  decidedBy: string | null
  expiresOn: Day
}

/**
 * Controls that fail and are not let pass. An override for the claim covers all its lines; one for a line only that
 * line, so the claim stays blocked while another line fails the same control.
 * @clause C25
 */
export function blockingControls(findings: readonly Finding[], overrides: readonly Override[], today: Day): string[] {
  const held = overrides.filter((override) => overrideHolds(override, today))
  const covered = (f: Finding) =>
    held.some((o) => o.control === f.control && (o.lineId === null || o.lineId === f.lineId))
  const failing = findings.filter((f) => f.verdict === 'fail' && f.severity === 'block')
  const open = failing.filter((f) => {
    if (covered(f)) return false
    // the claim's own row follows from its lines, where lines failed
    const lines = failing.filter((line) => line.control === f.control && line.lineId !== null)
    return f.lineId !== null || lines.length === 0 || lines.some((line) => !covered(line))
  })
  return [...new Set(open.map((f) => f.control))].sort()
}

export function runSummary(
  lines: number,
  findings: readonly Finding[],
  overrides: readonly Override[],
  today: Day,
): RunSummary {
  const whole = findings.filter((f) => f.lineId === null)
  return {
    lines,
    blocking: blockingControls(findings, overrides, today).length,
    warnings: whole.filter((f) => f.verdict === 'fail' && f.severity === 'warn').length,
    unknown: whole.filter((f) => f.verdict === 'unknown').length,
    findings: [...findings],
  }
}
