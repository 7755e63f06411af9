import { sql } from 'kysely'
import { organisationCard } from '#modules/people/organisation.queries.ts'
import type { ClassState } from '#modules/training/class.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Day } from '#shared/units.ts'
import { classBasis, personsOf } from './line.queries.ts'
import { explainDifference, payable } from './line.rules.ts'
import { type FactChange, type FigureFact, type ReasonText, reasonText, type Step } from './line.schema.ts'
import { latestQuote } from './quote.queries.ts'

export type QuotedPerson = {
  enrolmentId: string
  person: string
  amountFen: number
  steps: Step[]
  /** Why nothing is due, and what to do. */
  refused: ReasonText | null
}
export type ClassQuote = {
  classId: string
  number: string
  title: string
  organisationId: string
  organisation: string
  state: ClassState
  programme: string
  endedOn: Day
  /** Before the assessment everybody is taken to pass. */
  early: boolean
  /** From the records as they stand. */
  amountFen: number
  /** If everybody attends all class hours and passes; null where a figure is not decided. */
  plannedFen: number | null
  /** Figures the amount rests on that nobody has decided. */
  undecided: FigureFact[]
  persons: QuotedPerson[]
  /** The newest signed answer, and what changed since. */
  last: { at: Date; amountFen: number; intact: boolean; changes: FactChange[] } | null
}

/** What a class earns by its records now, and what was answered last. Nothing is stored; somebody else's is missing. */
export async function classQuote(ctx: Ctx, classId: string): Promise<ClassQuote> {
  const basis = await classBasis(ctx, classId)
  const { organisationId } = basis
  if (!ctx.actor.can('organisation.read', { organisationId }) && !ctx.actor.can('casework.read')) throw missing('class')
  const persons = await personsOf(ctx, basis, 'looking')
  const early = !['assessed', 'closed'].includes(basis.state)
  const names = await maskedNames(
    ctx.db,
    persons.map((one) => one.personId),
  )
  const shown = persons.map((one): QuotedPerson => {
    const line = early ? payable({ ...one.facts, passed: true }) : one.line
    return {
      enrolmentId: one.enrolmentId,
      person: names.get(one.personId) ?? '',
      amountFen: line.ok ? line.value.amountFen : 0,
      steps: line.ok ? line.value.explanation : [],
      refused: line.ok ? null : (reasonText[line.refusal.reason]?.(line.refusal.facts) ?? null),
    }
  })
  const planned = persons.map((one) =>
    payable({ ...one.facts, passed: true, minutes: basis.classHours * (basis.hour.value ?? 0) }),
  )
  const quote = await latestQuote(ctx, classId)
  return {
    classId,
    number: basis.number,
    title: basis.title,
    organisationId,
    organisation: (await organisationCard(ctx.db, organisationId)).name,
    state: basis.state,
    programme: basis.programme.name,
    endedOn: basis.endedOn,
    early,
    amountFen: shown.reduce((sum, one) => sum + one.amountFen, 0),
    plannedFen: planned.every((line) => line.ok)
      ? planned.reduce((sum, line) => sum + (line.ok ? line.value.amountFen : 0), 0)
      : null,
    undecided: [basis.hour, basis.rate, ...(basis.cap ? [basis.cap] : [])].filter(
      (f) => f.value === null || !f.decided,
    ),
    persons: shown,
    last: quote
      ? { at: quote.at, amountFen: quote.amountFen, intact: quote.intact, changes: changesSince(quote.lines, persons) }
      : null,
  }
}

type Quoted = NonNullable<Awaited<ReturnType<typeof latestQuote>>>['lines']

/** The facts that differ for somebody, each kind once: a class is told what changed, the claim page for whom. */
function changesSince(quoted: Quoted, now: Awaited<ReturnType<typeof personsOf>>): FactChange[] {
  const facts = new Map(now.map((one) => [one.enrolmentId, one.facts]))
  const all = quoted.flatMap((line) => {
    const current = facts.get(line.enrolmentId)
    return current ? explainDifference(line.facts, current) : []
  })
  return [...new Map(all.map((change) => [`${change.fact} ${change.was} ${change.is}`, change])).values()]
}

async function maskedNames(db: Ctx['db'], ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name_masked as name from people.persons where id = any(${[...ids]}::uuid[])
  `.execute(db)
  return new Map(rows.map((row) => [row.id, row.name]))
}
