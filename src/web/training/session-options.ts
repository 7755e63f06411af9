import { classTrainers, venuesOf } from '#modules/training/place.queries.ts'
import type { Ctx } from '#platform/command.ts'

/** Teachers of the class and rooms of its organisation, for the forms of a session. */
export async function sessionOptions({ db }: Pick<Ctx, 'db'>, cls: { id: string; organisationId: string }) {
  const [trainers, venues] = await Promise.all([classTrainers(db, cls.id), venuesOf(db, cls.organisationId)])
  return {
    trainers: trainers.map(({ id, name }) => ({ value: id, label: name })),
    rooms: venues.flatMap((venue) =>
      venue.rooms.map((room) => ({ value: room.id, label: `${venue.name}　${room.name}（${room.seats} 座）` })),
    ),
  }
}
