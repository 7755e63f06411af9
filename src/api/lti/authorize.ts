import type { Context } from 'hono'
import { fulfilLaunch } from '#modules/connect/launch.commands.ts'
import { openLaunch } from '#modules/connect/launch.queries.ts'
import { loginAddress } from '#modules/connect/launch.rules.ts'
import { reasonOf } from '#modules/connect/registration.queries.ts'
import { toolByClient, toolById } from '#modules/connect/tool.queries.ts'
import { contextOf, type Env, fieldsOf, type LtiDeps, limited, newNonce, show } from './door.ts'
import { autoForm, message, onward } from './pages.ts'

const over = { title: '这次打开已经用过或过期', text: '请关闭本页，回到课程页面重新打开。' }

/** First step, our side: the browser goes to where the tool begins its sign-in. */
export async function go(c: Context<Env>, deps: LtiDeps): Promise<Response> {
  const ctx = await contextOf(c, deps)
  const token = c.req.param('token') ?? ''
  const launch = await openLaunch(ctx.db, token, ctx.actor.id)
  if (!launch) return show(c, message(newNonce(), { ...over, frame: "'self'" }), 404)
  const tool = await toolById(ctx.db, launch.toolId)
  const to = loginAddress(tool, {
    issuer: deps.origin(c.req.raw),
    loginHint: launch.id,
    messageHint: token,
    target:
      (launch.kind === 'deep-linking' ? tool.deepLinkUrl : null) ??
      (await linkUrl(ctx.db, launch.linkId)) ??
      tool.targetUrl,
  })
  return show(c, onward(newNonce(), { to, title: `正在打开${tool.name}`, frame: "'self'" }))
}

async function linkUrl(db: Awaited<ReturnType<typeof contextOf>>['db'], linkId: string | null) {
  if (linkId === null) return undefined
  const row = await db.selectFrom('connect.links').select('url').where('id', '=', linkId).executeTakeFirst()
  return row?.url
}

/**
 * Second step: the tool asks for the signed message (OpenID Connect, implicit flow by form post). What cannot be trusted
 * is answered with a page of ours; only a registered address ever gets an error of the protocol.
 */
export async function authorize(c: Context<Env>, deps: LtiDeps): Promise<Response> {
  const ctx = await contextOf(c, deps)
  await limited(c, ctx, 'auth')
  const asked = await fieldsOf(c)
  const refuse = (text: string) =>
    show(c, message(newNonce(), { title: '外部工具的请求不对', text, frame: "'self'" }), 400)
  const tool = await toolByClient(ctx.db, asked.client_id ?? '')
  if (!tool) return refuse('这个工具没有在本平台登记，或已停用。')
  const redirectUri = asked.redirect_uri ?? ''
  if (!tool.redirectUris.includes(redirectUri)) return refuse('回跳地址没有登记，不能继续。请联系开课单位。')
  if (ctx.actor.kind !== 'user' && c.req.method === 'POST' && !asked.again) {
    // A form that comes from another site brings no cookie; the same question, asked by our own page, does.
    const to = `/lti/auth?${new URLSearchParams({ ...asked, again: '1' })}`
    return show(c, onward(newNonce(), { to, title: '请稍候', frame: "'self'" }))
  }
  const answer = (fields: Record<string, string>) =>
    show(
      c,
      autoForm(newNonce(), {
        action: redirectUri,
        fields: { ...fields, ...(asked.state !== undefined && { state: asked.state }) },
        title: `正在打开${tool.name}`,
        frame: "'self'",
      }),
    )
  const wrong = faultIn(asked)
  if (wrong) return answer(wrong)
  if (ctx.actor.kind !== 'user')
    return answer({ error: 'login_required', error_description: 'sign in to the platform first' })
  const used = await reasonOf(
    fulfilLaunch(ctx, {
      token: asked.lti_message_hint,
      clientId: tool.clientId,
      loginHint: asked.login_hint,
      redirectUri,
      nonce: asked.nonce,
      origin: deps.origin(c.req.raw),
    }),
  )
  if (!used.ok)
    return answer({ error: 'invalid_request', error_description: 'this launch is over or not for this user' })
  return answer({ id_token: used.value.idToken })
}

/** What OpenID Connect wants of the request, and LTI on top of it. */
function faultIn(asked: Record<string, string>): { error: string; error_description: string } | undefined {
  const no = (error: string, error_description: string) => ({ error, error_description })
  if (asked.response_type !== 'id_token') return no('unsupported_response_type', 'response_type must be id_token')
  if (!(asked.scope ?? '').split(' ').includes('openid')) return no('invalid_scope', 'scope must be openid')
  if (asked.response_mode !== 'form_post') return no('invalid_request', 'response_mode must be form_post')
  if (asked.prompt !== 'none') return no('invalid_request', 'prompt must be none')
  if (!asked.nonce) return no('invalid_request', 'nonce is missing')
  if (!asked.login_hint) return no('invalid_request', 'login_hint is missing')
  if (!asked.lti_message_hint) return no('invalid_request', 'lti_message_hint is missing')
  return undefined
}
