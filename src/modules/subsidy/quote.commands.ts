import { canonical } from '#modules/assessment/certificate.rules.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import { ClassInput } from './claim.schema.ts'
import { type ClassBasis, classBasis, type PersonFacts, personsOf } from './line.queries.ts'
import { payable } from './line.rules.ts'
import { type QuotedLine, quoteSeal } from './quote.queries.ts'

type Quoted = { quoteId: string; amountFen: number; linesCount: number; leftOutCount: number; ruleVersion: string }

/**
 * What a class earns by its records as they stand: kept, signed, and compared with what is paid in the end. Before the
 * assessment everybody is taken to pass – the fact that changes if somebody does not.
 * @clause R04 @clause HZ4-M08
 */
export const quote: Command<typeof ClassInput, Quoted> = command({
  name: 'subsidy.quote',
  permission: 'claim.prepare',
  input: ClassInput,
  async run(tx, { classId }) {
    const basis = await classBasis(tx, classId)
    if (!tx.actor.can('claim.prepare', { organisationId: basis.organisationId })) throw missing('class')
    tx.about('class', classId)
    tx.about('organisation', basis.organisationId)
    const persons = await personsOf(tx, basis)
    const early = !['assessed', 'closed'].includes(basis.state)
    return keepQuote(tx, basis, early ? persons.map(asIfPassed) : persons)
  },
})

const asIfPassed = (person: PersonFacts): PersonFacts => {
  const facts = { ...person.facts, passed: true }
  return { ...person, facts, line: payable(facts) }
}

/** Keeps a signed quote of these persons' amounts; for use inside another command. */
export async function keepQuote(
  tx: Tx,
  basis: ClassBasis,
  persons: readonly Pick<PersonFacts, 'enrolmentId' | 'facts' | 'line'>[],
): Promise<Quoted> {
  const lines: QuotedLine[] = persons.map(({ enrolmentId, facts, line }) => ({
    enrolmentId,
    facts,
    amountFen: line.ok ? line.value.amountFen : 0,
    refused: line.ok ? null : line.refusal.reason,
  }))
  const amountFen = lines.reduce((sum, line) => sum + line.amountFen, 0)
  const at = tx.now
  const content = { classId: basis.classId, amountFen, lines, ruleVersion: basis.ruleVersion, at: at.toISOString() }
  const { id } = await tx.db
    .insertInto('subsidy.quotes')
    .values({
      class_id: basis.classId,
      amount_fen: amountFen,
      lines: JSON.stringify(lines),
      rule_version: basis.ruleVersion,
      signature: quoteSeal(tx.crypto, canonical(content)),
      at,
      by_user: tx.actor.id,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const leftOutCount = lines.filter((line) => line.refused !== null).length
  return {
    quoteId: id,
    amountFen,
    linesCount: lines.length - leftOutCount,
    leftOutCount,
    ruleVersion: basis.ruleVersion,
  }
}
