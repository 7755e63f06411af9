import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { Day } from '#shared/units.ts'

type Db = Ctx['db']

export type Trainer = {
  id: string
  personId: string
  name: string
  qualification: string
  validFrom: Day
  validTo: Day | null
}

/** A qualification is on record and covers every day of the class. */
export const qualified = (
  trainer: Pick<Trainer, 'qualification' | 'validFrom' | 'validTo'>,
  { startsOn, endsOn }: { startsOn: Day; endsOn: Day },
): boolean =>
  trainer.qualification.trim() !== '' &&
  trainer.validFrom <= startsOn &&
  (trainer.validTo === null || trainer.validTo >= endsOn)

const trainerColumns = [
  't.id',
  't.person_id as personId',
  't.name',
  't.qualification',
  't.valid_from as validFrom',
  't.valid_to as validTo',
] as const

export async function classTrainers(db: Db, classId: string): Promise<Trainer[]> {
  return db
    .selectFrom('training.class_trainers as ct')
    .innerJoin('training.trainers as t', 't.id', 'ct.trainer_id')
    .select(trainerColumns)
    .$castTo<Trainer>()
    .where('ct.class_id', '=', classId)
    .orderBy('t.name')
    .execute()
}

export async function trainersOf(db: Db, organisationId: string): Promise<Trainer[]> {
  return db
    .selectFrom('training.trainers as t')
    .select(trainerColumns)
    .$castTo<Trainer>()
    .where('t.organisation_id', '=', organisationId)
    .orderBy('t.name')
    .execute()
}

export type Venue = {
  id: string
  name: string
  address: string
  subdistrict: string
  rooms: { id: string; name: string; seats: number }[]
}

export async function venuesOf(db: Db, organisationId: string): Promise<Venue[]> {
  return db
    .selectFrom('training.venues as v')
    .select([
      'v.id',
      'v.name',
      'v.address',
      'v.subdistrict',
      sql<Venue['rooms']>`coalesce((select json_agg(json_build_object('id', r.id, 'name', r.name, 'seats', r.seats)
        order by r.name) from training.rooms r where r.venue_id = v.id), '[]')`.as('rooms'),
    ])
    .where('v.organisation_id', '=', organisationId)
    .orderBy('v.name')
    .execute()
}
