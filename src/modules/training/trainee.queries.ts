import { bornOnIn } from '#modules/people/person.queries.ts'
import type { Ctx } from '#platform/command.ts'
import type { figuresFor } from '#platform/figures.ts'
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

const nobody = { mine: null, bornOn: null }

async function learner(ctx: Ctx, classId: string, personId: string) {
  const row = await ctx.db
    .selectFrom('people.persons as p')
    .leftJoin('training.enrolments as e', (on) =>
      on.onRef('e.person_id', '=', 'p.id').on('e.class_id', '=', classId).on('e.state', '<>', 'withdrawn'),
    )
    .select(['e.id as mine', 'p.details_sealed as details'])
    .where('p.id', '=', personId)
    .executeTakeFirst()
  return row ? { mine: row.mine, bornOn: row.mine ? null : bornOnIn(ctx, row.details) } : nobody
}

/** Whether whoever asks may join a class now. A stranger learns only of the class. @clause HZ4-M13 R06 C12 */
export async function joinState(
  ctx: Ctx,
  cls: PublicClass,
  personId: string | null,
  figures: Awaited<ReturnType<typeof figuresFor>>,
): Promise<JoinState> {
  const { mine, bornOn } = personId ? await learner(ctx, cls.id, personId) : nobody
  if (mine) return { enrolmentId: mine, refusal: null }
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
    bornOn,
    ageMin: figures(programme.traineeRules.ageMinFigure, cls.startsOn).value,
    groups: programme.traineeRules.groups,
    groupCode: '',
  })
  return { enrolmentId: null, refusal: decision.ok ? null : decision.refusal }
}
