import { ownPerson } from '#modules/training/enrolment.commands.ts'
import { command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { ChooseCard } from './designation.schema.ts'
import { schemeVersion } from './scheme.queries.ts'

/**
 * The holder says what whoever scans the card may see. Nothing is shown until then; each choice is kept and the newest
 * counts.
 * @clause R26
 */
export const chooseCard = command({
  name: 'recognition.chooseCard',
  permission: 'public',
  input: ChooseCard,
  async run(tx, { designationId, items }) {
    const row = await tx.db
      .selectFrom('recognition.designations')
      .select(['version_id', 'ended_on', 'state'])
      .where('id', '=', designationId)
      .where('person_id', '=', ownPerson(tx))
      .forUpdate()
      .executeTakeFirst()
    const scheme = row && (await schemeVersion(tx.db, row.version_id))
    if (!scheme?.card) throw missing('designation')
    if (row?.ended_on !== null) throw refused({ clause: 'A03', reason: 'ended', facts: { state: row?.state ?? '' } })
    const known = new Set(scheme.card.items.map((one) => one.id))
    const chosen = [...new Set(items)].filter((one) => known.has(one))
    await tx.db
      .insertInto('recognition.card_choices')
      .values({
        ...{ designation_id: designationId, items: chosen },
        ...{ by_user: tx.actor.id, by_name: tx.actor.name, at: tx.now },
      })
      .execute()
    return { designationId, shown: chosen.length }
  },
})
