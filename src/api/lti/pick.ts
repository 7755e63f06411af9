import type { Context } from 'hono'
import { browserCookie } from '#modules/connect/arrival.queries.ts'
import { answerPicking } from '#modules/connect/picking.commands.ts'
import { AppError } from '#platform/errors.ts'
import { outwardAddress } from '#platform/outward.ts'
import { cookieOf } from '#platform/session.ts'
import { contextOf, type Env, type LtiDeps, limited, newNonce, show } from './door.ts'
import { autoForm, message } from './pages.ts'

/** The courses that a teacher picked for his platform, sent there by his browser as a signed message. */
export async function pick(c: Context<Env>, deps: LtiDeps): Promise<Response> {
  const ctx = await contextOf(c, deps)
  await limited(c, ctx, 'pick')
  const form = new URLSearchParams(await c.req.text())
  const code = c.req.param('code') ?? ''
  try {
    const answered = await answerPicking(ctx, {
      code,
      browser: cookieOf(c.req.raw, browserCookie) ?? '',
      courseIds: form.getAll('course'),
      origin: deps.origin(c.req.raw),
    })
    if (!outwardAddress(answered.returnUrl)) {
      return show(
        c,
        message(newNonce(), { title: '不能送回贵校平台', text: '贵校平台给的返回地址不能用，请联系平台管理员。' }),
        400,
      )
    }
    return show(
      c,
      autoForm(newNonce(), {
        action: answered.returnUrl,
        fields: { JWT: answered.jwt },
        title: '正在送回贵校平台',
        frame: "'none'",
      }),
    )
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const none = error.fault.kind === 'invalid' && form.getAll('course').length === 0
    const text = none ? '还没有选课程。请返回上一页勾选。' : '这次选择已经用过或过期。请回到贵校的学习平台重新打开。'
    return show(c, message(newNonce(), { title: none ? '还没有选课程' : '不能送回贵校平台', text }), 400)
  }
}
