import type { Plan } from './plan.types.ts'

/** A source file given to `trace`: path from the repository's root, with forward slashes. */
export type TracedFile = { path: string; text: string }

export type ClauseTrace = {
  id: string
  heading: string
  coverage: string
  indicators: string[]
  programmes: string[]
  rules: string[]
  /** Code files naming the clause itself. */
  code: string[]
}
export type RuleTrace = { id: string; title: string; state: string; code: string[]; tests: string[] }
export type Trace = { clauses: ClauseTrace[]; rules: RuleTrace[]; gaps: string[] }

const isTest = (path: string) => /\.(test|spec)\.tsx?$/.test(path)
/** The policy folder defines rules for everybody; a mention there carries nothing out. */
const isCode = (path: string) => path.startsWith('src/') && !path.startsWith('src/policy/') && !isTest(path)

/**
 * Follows each clause to its indicators, programmes and rules, and each rule to the code and the test titles that name
 * it. A gap is a promise nobody keeps: a carried clause without a live rule, or a live rule without code or test.
 */
export function trace(plan: Plan, files: readonly TracedFile[]): Trace {
  const code = mentions(
    files.filter((f) => isCode(f.path)),
    tokens,
  )
  const tests = mentions(
    files.filter((f) => isTest(f.path)),
    titleTokens,
  )
  const clauses = plan.clauses.map((clause) => ({
    id: clause.id,
    heading: clause.heading,
    coverage: clause.coverage,
    indicators: plan.indicators.filter((k) => k.clause === clause.id).map((k) => k.id),
    programmes: plan.programmes
      .filter((p) => p.clause === clause.id || p.alsoClauses.includes(clause.id))
      .map((p) => p.code),
    rules: plan.rules
      .filter((r) => r.clauses.includes(clause.id))
      .map((r) => `${r.id}${r.state === 'live' ? '' : '*'}`),
    code: code.get(clause.id) ?? [],
  }))
  const rules = plan.rules.map((rule) => ({
    id: rule.id,
    title: rule.title,
    state: rule.state,
    code: code.get(rule.id) ?? [],
    tests: tests.get(rule.id) ?? [],
  }))
  return { clauses, rules, gaps: [...clauseGaps(plan), ...rules.flatMap(ruleGaps)] }
}

function clauseGaps(plan: Plan): string[] {
  return plan.clauses.flatMap((clause) => {
    const live = plan.rules.some((r) => r.state === 'live' && r.clauses.includes(clause.id))
    if (clause.coverage === 'carried' && !live) return [`${clause.id} is carried but no live rule serves it`]
    const counted = plan.indicators.some((k) => k.clause === clause.id) || clause.through.length > 0
    if (clause.coverage === 'indicator' && !counted) return [`${clause.id} is shown by indicators but has none`]
    return []
  })
}

function ruleGaps(rule: RuleTrace): string[] {
  if (rule.state !== 'live') return []
  const gaps: string[] = []
  if (rule.code.length === 0) gaps.push(`${rule.id} is live but no code names it`)
  if (rule.tests.length === 0) gaps.push(`${rule.id} is live but no test title names it`)
  return gaps
}

/** Id → the files that name it. */
function mentions(files: readonly TracedFile[], read: (text: string) => Set<string>): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { path, text } of files) {
    for (const token of read(text)) found.set(token, [...(found.get(token) ?? []), path])
  }
  return found
}

const tokens = (text: string) => new Set(text.match(/\b[A-Z][A-Za-z0-9]*(?:-[A-Z]?\d+)?\b/g) ?? [])

/** A title is the first argument of it/test/describe, and any text that begins with an id and a blank. */
function titleTokens(text: string): Set<string> {
  const titles = [
    ...text.matchAll(/\b(?:it|test|describe)(?:\.\w+)*(?:\([^'"`]*?\))?\(\s*(['"`])(.*?)\1/g),
    ...text.matchAll(/(['"`])([A-Z][A-Za-z0-9-]*[\s,:，：、].*?)\1/g),
  ].map((match) => match[2] ?? '')
  return tokens(titles.join('\n'))
}

/** The trace as people read it; `*` marks a rule not live in this release. */
export function traceText(found: Trace, only?: string): string {
  const clauses = found.clauses.filter((c) => !only || c.id === only)
  const shown = new Set(clauses.flatMap((c) => c.rules.map((id) => id.replace('*', ''))))
  const rules = found.rules.filter((r) => !only || shown.has(r.id))
  const list = (items: readonly string[]) => (items.length > 0 ? items.join(' ') : '-')
  return [
    ...clauses.map((c) =>
      [
        `${c.id} [${c.coverage}] ${c.heading}`,
        `  indicators ${list(c.indicators)}`,
        `  programmes ${list(c.programmes)}`,
        `  rules      ${list(c.rules)}`,
        `  code       ${list(c.code)}`,
      ].join('\n'),
    ),
    '',
    ...rules.map((r) => `${r.id} [${r.state}] ${r.title}\n  code  ${list(r.code)}\n  tests ${list(r.tests)}`),
  ].join('\n')
}
