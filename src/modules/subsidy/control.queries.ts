import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Day } from '#shared/units.ts'
import {
  controlReasons,
  controlWords,
  type Evidence,
  type Occasion,
  type Severity,
  type Verdict,
} from './control.schema.ts'

type Base = Pick<Ctx, 'db' | 'plan'>

export type LineFinding = { lineId: string; person: string; message: string; remedy: string; letPass: boolean }
export type ControlView = {
  id: string
  /** The plan's name for it. */
  title: string
  asks: string
  how: string
  severity: Severity
  verdict: Verdict
  message: string
  remedy: string
  /** Lines looked at. */
  checked: number
  lines: LineFinding[]
  /** Until when the whole control is let pass; null: it is not. */
  letPassUntil: Day | null
}
export type RunView = {
  id: string
  at: Date
  occasion: Occasion
  round: number
  blocking: number
  warnings: number
  unknown: number
  controls: ControlView[]
}

type ResultRow = {
  lineId: string | null
  person: string | null
  control: string
  verdict: Verdict
  severity: Severity
  reason: string
  evidence: Evidence
  checked: number
}
type Held = { control: string; lineId: string | null; expiresOn: Day }

/** What the newest run of the controls said of a claim, in words; nothing when none has run. */
export async function latestRun(base: Base & Pick<Ctx, 'now'>, claimId: string): Promise<RunView | undefined> {
  const run = await base.db
    .selectFrom('subsidy.control_runs')
    .select(['id', 'at', 'occasion', 'round', 'blocking', 'warnings', 'unknown'])
    .$castTo<Omit<RunView, 'controls'>>()
    .where('claim_id', '=', claimId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!run) return undefined
  const { rows } = await sql<ResultRow>`
    select r.line_id as "lineId", p.name_masked as person, r.control, r.verdict, r.severity, r.reason, r.evidence, r.checked
    from subsidy.control_results r left join subsidy.claim_lines l on l.id = r.line_id left join people.persons p on p.id = l.person_id
    where r.run_id = ${run.id} order by r.control, r.line_id nulls first
  `.execute(base.db)
  const { rows: held } = await sql<Held>`
    select control, line_id as "lineId", expires_on as "expiresOn" from subsidy.overrides
    where claim_id = ${claimId} and state = 'approved' and expires_on >= (${base.now}::timestamptz at time zone 'Asia/Shanghai')::date
  `.execute(base.db)
  return { ...run, controls: viewsOf(base, rows, held) }
}

function viewsOf(base: Base, rows: readonly ResultRow[], held: readonly Held[]): ControlView[] {
  const titles = new Map(base.plan.rules.map((rule) => [rule.id, rule.title]))
  const lines = Map.groupBy(
    rows.filter((row) => row.lineId !== null),
    (row) => row.control,
  )
  return rows
    .filter((row) => row.lineId === null)
    .map((row) => {
      const words = controlReasons[row.reason]?.(row.evidence)
      const passes = (lineId: string | null) => held.find((h) => h.control === row.control && h.lineId === lineId)
      return {
        id: row.control,
        title: titles.get(row.control) ?? row.control,
        asks: controlWords[row.control]?.asks ?? '',
        how: controlWords[row.control]?.how ?? '',
        severity: row.severity,
        verdict: row.verdict,
        message: words?.message ?? row.reason,
        remedy: words?.remedy ?? '',
        checked: row.checked,
        letPassUntil: passes(null)?.expiresOn ?? null,
        lines: (lines.get(row.control) ?? []).map((line) => {
          const said = controlReasons[line.reason]?.(line.evidence)
          return {
            lineId: line.lineId ?? '',
            person: line.person ?? '',
            message: said?.message ?? line.reason,
            remedy: said?.remedy ?? '',
            letPass: passes(line.lineId) !== undefined,
          }
        }),
      }
    })
}

export type ControlInfo = {
  id: string
  title: string
  statement: string
  asks: string
  how: string
  clauses: readonly string[]
  state: string
  figures: { id: string; label: string }[]
  programmes: { code: string; name: string; mode: Severity }[]
}

/** Every control as the plan words it, with where it blocks and where it warns. For everybody to read. */
export function controlCatalogue(plan: Ctx['plan']): ControlInfo[] {
  return plan.rules
    .filter((rule) => rule.kind === 'control')
    .map((rule) => ({
      id: rule.id,
      title: rule.title,
      statement: rule.statement,
      asks: controlWords[rule.id]?.asks ?? rule.title,
      how: controlWords[rule.id]?.how ?? '',
      clauses: rule.clauses,
      state: rule.state,
      figures: rule.figures.map((id) => ({ id, label: plan.figures.find((f) => f.id === id)?.label ?? id })),
      programmes: plan.programmes.flatMap((programme) =>
        programme.claim.controls
          .filter((control) => control.id === rule.id)
          .map((control) => ({ code: programme.code, name: programme.name, mode: control.mode })),
      ),
    }))
}
