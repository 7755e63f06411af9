import { beat } from '#modules/learning/beat.commands.ts'
import { stretchReasons } from '#modules/learning/counting.schema.ts'
import { answerPresence } from '#modules/learning/presence.commands.ts'
import { closeViewing, openViewing } from '#modules/learning/viewing.commands.ts'
import { status } from '#platform/errors.ts'
import { isFault } from '../../ctx.ts'
import { deviceOf } from '../../device.ts'
import { learningWords } from '../../learning/words.ts'
import { ownAffairs } from '../../person.ts'
import type { Route } from './+types/viewing.ts'

/** There is nothing to look at here. */
export const loader = (args: Route.LoaderArgs) => {
  ownAffairs(args)
  throw new Response(null, { status: 404 })
}

/** Where a player opens, reports, answers and closes. Takes JSON as plain text, because a beacon can send no other. */
export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const { intent, ...input } = await bodyOf(request)
  try {
    return Response.json({ ok: true, ...(await work(ctx, intent, input, request)) })
  } catch (error) {
    if (!isFault(error)) throw error
    const { fault } = error
    const words = fault.kind === 'refused' ? learningWords(ctx)(fault.refusal) : undefined
    const reason = fault.kind === 'refused' ? fault.refusal.reason : fault.kind
    return Response.json(
      { ok: false, reason, message: words?.title ?? '没有收下', remedy: words?.remedy ?? '请刷新页面再试。' },
      { status: status[fault.kind] },
    )
  }
}

async function work(
  ctx: Parameters<typeof beat>[0],
  intent: unknown,
  input: object,
  request: Request,
): Promise<object> {
  if (intent === 'open') return openViewing(ctx, { ...input, device: deviceOf(request) })
  if (intent === 'close') return closeViewing(ctx, input)
  if (intent === 'answer') return answerPresence(ctx, input)
  if (intent !== 'beat') throw new Response(null, { status: 400 })
  const answer = await beat(ctx, input)
  const words = answer.verdict === 'counted' && answer.reason === '' ? null : stretchReasons[answer.reason]
  return { ...answer, words }
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(await request.text())
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  } catch {
    // answered below
  }
  throw new Response(null, { status: 400 })
}
