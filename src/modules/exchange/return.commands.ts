import { command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { heldBy } from '#platform/held.ts'
import { dayOf, yearOf } from '#shared/dates.ts'
import { centreTitles, platformFigures } from './exchange.queries.ts'
import { reconcile } from './exchange.rules.ts'
import { centreSchemes, DecideReturn, returnFieldList, returnFields, SubmitReturn } from './exchange.schema.ts'

/**
 * The yearly data of a titled centre, laid beside the platform's own records of the year; what differs is explained.
 * @clause X03 @clause HZ4-M07
 */
export const submitReturn = command({
  name: 'exchange.submitReturn',
  permission: 'exchange.use',
  input: SubmitReturn,
  async run(tx, input) {
    const { organisationId, year } = input
    if (!tx.actor.can('exchange.use', { organisationId })) throw missing('organisation')
    const title = (await centreTitles(tx.db, organisationId, centreSchemes)).find(
      (one) => one.id === input.designationId,
    )
    if (!title) throw refused({ clause: 'X03', reason: 'not-centre', facts: {} })
    if (year >= yearOf(dayOf(tx.now))) throw refused({ clause: 'X03', reason: 'year-open', facts: {} })
    const own = { classes: input.classes, trained: input.trained, passed: input.passed, external: input.external }
    const platform = await platformFigures(tx.db, organisationId, year)
    const apart = reconcile(own, platform, input.explanation)
    if (!apart.ok) {
      const fields = returnFieldList.filter((field) => own[field] !== platform[field])
      const words = fields.map((field) => `${returnFields[field]}填报${own[field]}，平台${platform[field]}`).join('；')
      throw refused({ ...apart.refusal, facts: { fields: words } })
    }
    const { id } = await heldBy(
      tx.db
        .insertInto('exchange.returns')
        .values({
          organisation_id: organisationId,
          designation_id: title.id,
          year,
          own: JSON.stringify(own),
          platform: JSON.stringify(platform),
          explanation: input.explanation,
          submitted_by: tx.actor.hand.id,
          submitted_at: tx.now,
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
      { return_once: ['X03', 'return-once'] },
    )
    tx.about('organisation', organisationId)
    return { returnId: id, differenceCount: apart.value.length }
  },
})

export const decideReturn = command({
  name: 'exchange.decideReturn',
  permission: 'recognition.manage',
  input: DecideReturn,
  async run(tx, { returnId, outcome, note }) {
    const found = await tx.db
      .selectFrom('exchange.returns')
      .select(['state', 'organisation_id'])
      .where('id', '=', returnId)
      .forUpdate()
      .executeTakeFirst()
    if (!found) throw missing('return')
    tx.about('organisation', found.organisation_id)
    if (found.state !== 'submitted') throw refused({ clause: 'X03', reason: 'return-decided', facts: {} })
    if (outcome === 'return' && note.length < 4) throw refused({ clause: 'X03', reason: 'note-missing', facts: {} })
    const state = outcome === 'accept' ? ('accepted' as const) : ('returned' as const)
    await tx.db
      .updateTable('exchange.returns')
      .set({ state, note, decided_by: tx.actor.hand.id, decided_by_name: tx.actor.name, decided_at: tx.now })
      .where('id', '=', returnId)
      .execute()
    return { returnId, state }
  },
})
