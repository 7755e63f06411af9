import { attemptPage } from '#modules/learning/attempt.queries.ts'
import { saveAnswer } from '#modules/learning/exam.commands.ts'
import { fail, isFault } from '../../ctx.ts'
import { givenFrom } from '../../learning/answer-text.ts'
import { isId } from '../../params.ts'
import { ownAffairs } from '../../person.ts'
import type { Route } from './+types/answers.ts'

export const loader = (args: Route.LoaderArgs) => {
  ownAffairs(args)
  throw new Response(null, { status: 404 })
}

/** Keeps what a paper holds now: the answers that changed, each for good before this returns. */
export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const attemptId = isId(params.attemptId)
  const form = await request.formData()
  const paper = await attemptPage(ctx.db, personId, attemptId, ctx.now).catch(fail(request))
  try {
    let saved = 0
    for (const question of paper.questions) {
      const answer = givenFrom(question.kind, form.getAll(`q.${question.id}`).map(String))
      if (answer === null || JSON.stringify(answer) === JSON.stringify(question.given)) continue
      await saveAnswer(ctx, { attemptId, questionId: question.id, answer })
      saved++
    }
    return Response.json({ ok: true, saved })
  } catch (error) {
    if (!isFault(error)) throw error
    return Response.json({ ok: false }, { status: 409 })
  }
}
