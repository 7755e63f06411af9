import { sql } from 'kysely'
import { command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { AddLicence, EndLicence } from './organisation.schema.ts'

/**
 * What an organisation may teach, from when to when, by its permit or filing.
 * @clause C12
 */
export const addLicence = command({
  name: 'people.addLicence',
  permission: 'organisation.register',
  input: AddLicence,
  async run(tx, input) {
    const organisation = await tx.db
      .selectFrom('people.organisations')
      .select('id')
      .where('id', '=', input.organisationId)
      .executeTakeFirst()
    if (!organisation) throw missing('organisation')
    if (input.occupations.length > 0) {
      const { rows } = await sql<{ occupation: string }>`
        select w.occupation from unnest(${input.occupations}::text[]) as w (occupation)
        where not exists (select 1 from occupations.occupations o where o.edition || ':' || o.code = w.occupation) limit 1
      `.execute(tx.db)
      const unknown = rows[0]
      if (unknown) throw refused({ clause: 'C12', reason: 'occupation-unknown', facts: unknown })
    }
    const { id } = await tx.db
      .insertInto('people.licences')
      .values({
        organisation_id: input.organisationId,
        number: input.number,
        kind: input.kind,
        occupations: input.occupations,
        valid_from: input.validFrom,
        valid_to: input.validTo ?? null,
        issuer: input.issuer,
        recorded_at: tx.now,
        recorded_by: tx.actor.id,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.about('organisation', input.organisationId)
    tx.about('licence', id)
    return { licenceId: id }
  },
})

/** Ends a licence earlier than it said, with the reason. Classes of earlier days keep it. */
export const endLicence = command({
  name: 'people.endLicence',
  permission: 'organisation.register',
  input: EndLicence,
  async run(tx, input) {
    const licence = await tx.db
      .selectFrom('people.licences')
      .select(['id', 'organisation_id', 'valid_from', 'valid_to'])
      .where('id', '=', input.licenceId)
      .forUpdate()
      .executeTakeFirst()
    if (!licence) throw missing('licence')
    if (input.on < licence.valid_from || (licence.valid_to && input.on > licence.valid_to)) {
      throw refused({ clause: 'C12', reason: 'licence-ended', facts: {} })
    }
    await tx.db.updateTable('people.licences').set({ valid_to: input.on }).where('id', '=', licence.id).execute()
    tx.about('organisation', licence.organisation_id)
    tx.about('licence', licence.id)
    return { licenceId: licence.id }
  },
})
