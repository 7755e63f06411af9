import { assessmentStates } from '#modules/assessment/assessment.schema.ts'
import { reasonText } from '#modules/assessment/certificate.schema.ts'
import { type AssessmentDesk, assessmentDesk } from '#modules/assessment/desk.queries.ts'
import type { Ctx } from '#platform/command.ts'
import type { Refusal } from '#policy/decision.ts'
import { type Current, type current, fail, signedIn, wordsOf } from '../ctx.ts'
import { type Area, areaOf } from '../nav.ts'
import { isId } from '../params.ts'
import type { Tone } from '../ui/tone.ts'

type Args = {
  request: Request
  context: { get(key: typeof current): Current }
  params: { classId?: string | undefined }
}

/** The start of every page about the assessment of a class, in whichever workspace it stands. */
export async function deskOf({
  request,
  context,
  params,
}: Args): Promise<{ ctx: Ctx; area: Area; desk: AssessmentDesk }> {
  const { ctx } = signedIn({ request, context })
  const area = areaOf(new URL(request.url).pathname) ?? 'provider'
  const desk = await assessmentDesk(ctx, isId(params.classId)).catch(fail(request))
  return { ctx, area, desk }
}

export type FrameData = {
  area: Area
  cls: { id: string; number: string; title: string; organisation: string }
  state: { label: string; tone: Tone }
}

/** What the frame of such a page shows. */
export function frameOf(area: Area, { cls, assessment }: AssessmentDesk): FrameData {
  const { id, number, title, organisation } = cls
  const tones = { planned: 'wait', scoring: 'info', confirmed: 'info', concluded: 'good' } as const
  return {
    area,
    cls: { id, number, title, organisation },
    state: assessment
      ? { label: assessmentStates[assessment.state], tone: tones[assessment.state] }
      : { label: '未安排考核', tone: 'neutral' },
  }
}

/** Words for refusals of this module, for `attempt`. */
export const assessmentWords = (ctx: Ctx) => (refusal: Refusal) => wordsOf(ctx.plan, reasonText, refusal)
