import { maySeeOrganisation } from '#modules/training/plan.queries.ts'
import type { Ctx } from '#platform/command.ts'
import { missing } from '#platform/errors.ts'
import type { Decision } from '#policy/decision.ts'
import { dayOf } from '#shared/dates.ts'
import {
  type ArrangedPart,
  type AssessedClass,
  type AssessmentRecord,
  assessedClasses,
  assessmentOf,
  partsOf,
  weightsOf,
} from './assessment.queries.ts'
import { runningClass, type Weights } from './assessment.rules.ts'
import { parts } from './assessment.schema.ts'
import { enteredBy, missingMarks } from './score.queries.ts'
import { checkConfirmation } from './score.rules.ts'

export type AssessmentDesk = {
  cls: AssessedClass
  weights: Weights
  assessment: AssessmentRecord | null
  parts: ArrangedPart[]
  /** What this actor may do here at all; whether it can be done now, the commands say. */
  may: { arrange: boolean; enter: boolean; approve: boolean; issue: boolean }
  /** Nothing has been scored and the class runs. */
  arrangeable: boolean
  scorable: boolean
}

/** The assessment of one class for its institution or the bureau; missing for everybody else. */
export async function assessmentDesk(ctx: Ctx, classId: string): Promise<AssessmentDesk> {
  const cls = await assessedClasses(ctx.db).where('c.id', '=', classId).executeTakeFirst()
  if (!cls || !maySeeOrganisation(ctx, cls.organisationId)) throw missing('class')
  const assessment = (await assessmentOf(ctx.db, classId)) ?? null
  const weights = assessment?.weights ?? weightsOf(ctx.plan, cls.programme)
  if (!weights) throw missing('programme')
  const arranged = assessment ? await partsOf(ctx.db, assessment) : []
  const scope = { organisationId: cls.organisationId }
  const running = runningClass.some((state) => state === cls.state)
  const today = dayOf(ctx.now)
  return {
    cls,
    weights,
    assessment,
    parts: arranged,
    may: {
      arrange: ctx.actor.can('class.edit', scope),
      enter: ctx.actor.can('score.enter', scope),
      approve: ctx.actor.can('score.approve', scope),
      issue: ctx.actor.can('certificate.issue', scope),
    },
    arrangeable: running && (assessment === null || assessment.state === 'planned'),
    scorable:
      running &&
      (assessment?.state === 'planned' || assessment?.state === 'scoring') &&
      arranged.some(({ heldOn }) => heldOn <= today),
  }
}

/** Whether this actor may confirm the sheet now, and if not, why. The page says it, `confirmScores` insists on it. */
export async function confirmation(
  ctx: Pick<Ctx, 'db' | 'actor'>,
  assessment: AssessmentRecord,
): Promise<Decision<null>> {
  return checkConfirmation({
    ...(await missingMarks(ctx.db, assessment)),
    enteredBy: await enteredBy(ctx.db, assessment.id),
    actorId: ctx.actor.hand.id,
  })
}

/** The parts that a class of these weights has. */
export const partsInUse = (weights: Weights) => parts.filter((part) => weights[part] > 0)
