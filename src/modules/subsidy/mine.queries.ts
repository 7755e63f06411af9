import { sql } from 'kysely'
import type { Ctx } from '#platform/command.ts'
import type { ClaimState } from './claim.schema.ts'
import type { Step } from './line.schema.ts'

/** One line about me in a claim: what was asked for my training, and where it has got to. */
export type MyLine = {
  id: string
  claimNumber: string
  state: ClaimState
  classId: string
  classTitle: string
  /** Who receives the money: the undertaker, never the trainee. */
  payee: string
  programme: string
  classHours: number
  amountFen: number
  explanation: Step[]
  /** Taken out of the claim, and why. */
  dropped: boolean
  dropReason: string
  submittedAt: Date | null
  /** The public list it stood on last. */
  listId: string | null
}

/** Claims that name a person, newest first; drafts are nobody's business yet. @clause HZ4-M16 R37 */
export async function linesAbout({ db }: Pick<Ctx, 'db'>, personId: string, classId?: string): Promise<MyLine[]> {
  const { rows } = await sql<MyLine>`
    select l.id, c.number as "claimNumber", c.state, c.class_id as "classId", k.title as "classTitle", o.name as payee,
      l.programme, l.class_hours as "classHours", l.amount_fen as "amountFen", l.explanation,
      l.dropped_at is not null as dropped, l.drop_reason as "dropReason", c.submitted_at as "submittedAt",
      (select p.list_id from subsidy.publications p where p.claim_id = c.id order by p.round desc limit 1) as "listId"
    from subsidy.claim_lines l join subsidy.claims c on c.id = l.claim_id
      join training.classes k on k.id = c.class_id join people.organisations o on o.id = c.organisation_id
    where l.person_id = ${personId} and c.state not in ('draft', 'withdrawn')
      and (${classId ?? null}::uuid is null or c.class_id = ${classId ?? null}::uuid)
    order by c.submitted_at desc nulls last, l.id desc
  `.execute(db)
  return rows
}
