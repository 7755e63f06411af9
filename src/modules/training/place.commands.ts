import { documentKind } from '#modules/people/identity.schema.ts'
import { ensurePerson } from '#modules/people/person.commands.ts'
import { type Command, command, type Tx } from '#platform/command.ts'
import { invalid, missing } from '#platform/errors.ts'
import { SaveRoom, SaveTrainer, SaveVenue } from './class.schema.ts'

function mustBeOwn(tx: Tx, organisationId: string): void {
  if (!tx.actor.can('class.edit', { organisationId })) throw missing('organisation')
  tx.about('organisation', organisationId)
}

/** A place where the organisation teaches. */
export const saveVenue: Command<typeof SaveVenue, { venueId: string }> = command({
  name: 'training.saveVenue',
  permission: 'class.edit',
  input: SaveVenue,
  async run(tx, { organisationId, venueId, name, address, subdistrict }) {
    mustBeOwn(tx, organisationId)
    if (!tx.plan.subdistricts.some(({ code }) => code === subdistrict)) {
      throw invalid({ subdistrict: [`请选择${tx.plan.district.name}内的街道`] })
    }
    const twin = await tx.db
      .selectFrom('training.venues')
      .select('id')
      .where('organisation_id', '=', organisationId)
      .where('name', '=', name)
      .executeTakeFirst()
    if (twin && twin.id !== venueId) throw invalid({ name: ['已有同名的场地'] })
    const values = { name, address, subdistrict }
    const saved = venueId
      ? await tx.db
          .updateTable('training.venues')
          .set(values)
          .where('id', '=', venueId)
          .where('organisation_id', '=', organisationId)
          .returning('id')
          .executeTakeFirst()
      : await tx.db
          .insertInto('training.venues')
          .values({ ...values, organisation_id: organisationId })
          .returning('id')
          .executeTakeFirst()
    if (!saved) throw missing('venue')
    return { venueId: saved.id }
  },
})

export const saveRoom: Command<typeof SaveRoom, { roomId: string }> = command({
  name: 'training.saveRoom',
  permission: 'class.edit',
  input: SaveRoom,
  async run(tx, { venueId, roomId, name, seats }) {
    const venue = await tx.db
      .selectFrom('training.venues')
      .select('organisation_id')
      .where('id', '=', venueId)
      .forUpdate()
      .executeTakeFirst()
    if (!venue) throw missing('venue')
    mustBeOwn(tx, venue.organisation_id)
    const twin = await tx.db
      .selectFrom('training.rooms')
      .select('id')
      .where('venue_id', '=', venueId)
      .where('name', '=', name)
      .executeTakeFirst()
    if (twin && twin.id !== roomId) throw invalid({ name: ['该场地已有同名的教室'] })
    const saved = roomId
      ? await tx.db
          .updateTable('training.rooms')
          .set({ name, seats })
          .where('id', '=', roomId)
          .where('venue_id', '=', venueId)
          .returning('id')
          .executeTakeFirst()
      : await tx.db
          .insertInto('training.rooms')
          .values({ venue_id: venueId, name, seats })
          .returning('id')
          .executeTakeFirst()
    if (!saved) throw missing('room')
    return { roomId: saved.id }
  },
})

/** A teacher of the organisation, known by an identity document so that C13 sees the person, not the name. @clause C13 */
export const saveTrainer: Command<typeof SaveTrainer, { trainerId: string }> = command({
  name: 'training.saveTrainer',
  permission: 'class.edit',
  input: SaveTrainer,
  async run(tx, input) {
    mustBeOwn(tx, input.organisationId)
    const values = {
      name: input.name,
      qualification: input.qualification,
      valid_from: input.validFrom,
      valid_to: input.validTo ?? null,
    }
    if (input.validTo !== undefined && input.validTo < input.validFrom) {
      throw invalid({ validTo: ['失效日期不能早于生效日期'] })
    }
    if (input.trainerId) {
      const saved = await tx.db
        .updateTable('training.trainers')
        .set(values)
        .where('id', '=', input.trainerId)
        .where('organisation_id', '=', input.organisationId)
        .returning('id')
        .executeTakeFirst()
      if (!saved) throw missing('trainer')
      return { trainerId: saved.id }
    }
    const { personId, nameDiffers } = await ensurePerson(tx, {
      name: input.name,
      documentKind: documentKind.catch('resident-id').parse(input.documentKind),
      documentNumber: input.documentNumber,
    })
    if (nameDiffers) throw invalid({ name: ['该证件号码已登记，但姓名不一致，请核对姓名和证件号码'] })
    const saved = await tx.db
      .insertInto('training.trainers')
      .values({ ...values, organisation_id: input.organisationId, person_id: personId })
      .onConflict((c) => c.columns(['organisation_id', 'person_id']).doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!saved) throw invalid({ documentNumber: ['此人已是本单位登记的教师'] })
    return { trainerId: saved.id }
  },
})
