import { findByUscc } from '#modules/people/organisation.queries.ts'
import { openPersons } from '#modules/people/person.queries.ts'
import { command } from '#platform/command.ts'
import { missing, refused } from '#platform/errors.ts'
import { ownExpert } from './panel.queries.ts'
import { DeclareTie, EnrolExpert, PauseExpert } from './panel.schema.ts'

/**
 * Enters somebody who holds the expert's role into the pool, with the employer by whom a panel will pass them over.
 * @clause A02
 */
export const enrolExpert = command({
  name: 'recognition.enrolExpert',
  permission: 'recognition.manage',
  input: EnrolExpert,
  async run(tx, input) {
    const account = await tx.db
      .selectFrom('auth.users as u')
      .innerJoin('auth.role_grants as g', 'g.user_id', 'u.id')
      .select(['u.id', 'u.person_id'])
      .where('u.id', '=', input.userId)
      .where('g.role', '=', 'recognition-expert')
      .where('g.state', '=', 'in-force')
      .executeTakeFirst()
    if (!account?.person_id) throw missing('account')
    const organisation = input.uscc ? await findByUscc(tx.db, input.uscc.toUpperCase()) : undefined
    if (input.uscc && !organisation) throw refused({ clause: 'A02', reason: 'organisation-unknown', facts: {} })
    const name = (await openPersons(tx.db, tx.crypto, [account.person_id])).get(account.person_id)?.name ?? ''
    const row = await tx.db
      .insertInto('recognition.experts')
      .values({
        user_id: account.id,
        person_id: account.person_id,
        name,
        organisation_id: organisation?.id ?? null,
        employer: input.employer,
        speciality: input.speciality,
        added_by: tx.actor.id,
        added_at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) throw refused({ clause: 'A02', reason: 'expert-known', facts: {} })
    tx.about('expert', row.id)
    return { expertId: row.id }
  },
})

export const pauseExpert = command({
  name: 'recognition.pauseExpert',
  permission: 'recognition.manage',
  input: PauseExpert,
  async run(tx, { expertId, state }) {
    const done = await tx.db
      .updateTable('recognition.experts')
      .set({ state })
      .where('id', '=', expertId)
      .returning('id')
      .executeTakeFirst()
    if (!done) throw missing('expert')
    tx.about('expert', expertId)
    return { expertId, state }
  },
})

/**
 * An expert names an organisation that he or she is tied to; draws pass over whoever is tied to an applicant.
 * @clause A02
 */
export const declareTie = command({
  name: 'recognition.declareTie',
  permission: 'recognition.score',
  input: DeclareTie,
  async run(tx, input) {
    const expert = await ownExpert(tx)
    const organisation = await findByUscc(tx.db, input.uscc.toUpperCase())
    if (!organisation) throw refused({ clause: 'A02', reason: 'organisation-unknown', facts: {} })
    await tx.db
      .insertInto('recognition.expert_ties')
      .values({
        expert_id: expert.id,
        organisation_id: organisation.id,
        kind: input.kind,
        note: input.note,
        declared_at: tx.now,
      })
      .onConflict((c) => c.doNothing())
      .execute()
    tx.about('expert', expert.id)
    return { expertId: expert.id }
  },
})
