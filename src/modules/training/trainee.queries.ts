import { bornOnOf } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { figuresFor } from '#platform/figures.ts'
import type { Refusal } from '#policy/decision.ts'
import { dayOf } from '#shared/dates.ts'
import type { PublicClass } from './catalogue.queries.ts'
import type { ClassState } from './class.schema.ts'
import { checkJoin, checkSelfEnrolment } from './enrolment.rules.ts'
import { programmeOf } from './plan.queries.ts'

export type JoinState = {
  /** The place already held, if any. */
  enrolmentId: string | null
  /** Why not, asked of the rules that the command will ask again; null: may join. */
  refusal: Refusal | null
}

/** Whether whoever asks may join a class now. A stranger learns only of the class. @clause HZ4-M13 R06 C12 */
export async function joinState(ctx: Ctx, cls: PublicClass, personId: string | null): Promise<JoinState> {
  const mine = personId
    ? await ctx.db
        .selectFrom('training.enrolments')
        .select('id')
        .where('class_id', '=', cls.id)
        .where('person_id', '=', personId)
        .where('state', '<>', 'withdrawn')
        .executeTakeFirst()
    : undefined
  if (mine) return { enrolmentId: mine.id, refusal: null }
  const classState = cls.state as ClassState
  const open = checkSelfEnrolment({
    openEnrolment: cls.openEnrolment,
    classState,
    startsOn: cls.startsOn,
    today: dayOf(ctx.now),
  })
  if (!open.ok) return { enrolmentId: null, refusal: open.refusal }
  const programme = programmeOf(ctx.plan, cls.programme)
  if (!programme) return { enrolmentId: null, refusal: { clause: 'R04', reason: 'programme-unknown', facts: {} } }
  const decision = checkJoin({
    classState,
    capacity: cls.capacity,
    taken: cls.taken,
    startsOn: cls.startsOn,
    bornOn: personId ? await bornOnOf(ctx, personId) : null,
    ageMin: (await figuresFor(ctx))(programme.traineeRules.ageMinFigure, cls.startsOn).value,
    groups: programme.traineeRules.groups,
    groupCode: '',
  })
  return { enrolmentId: null, refusal: decision.ok ? null : decision.refusal }
}
