import type { Day } from '#shared/units.ts'
import type { Subject } from './layout.ts'

/** Who decides at the desk, and who checks a second time. */
export type Desk = { intake: { id: string; name: string }; groups: { id: string; name: string } }

/** An undertaker of the load, as its classes need to know it. */
export type Undertaker = {
  id: string
  name: string
  uscc: string
  subject: Subject
  subdistrict: string
  industry: string
  bankAccountId: string
  /** Who fills in and who signs; nobody can sign in as them. */
  academic: { id: string; name: string }
  admin: { id: string; name: string }
  venueId: string
  /** One room and one trainer a lane. */
  lanes: Map<number, { roomId: string; trainerId: string; trainerPersonId: string; trainerName: string }>
  plans: { id: string; number: string; from: Day; to: Day }[]
}
