import type { Context } from 'hono'
import { arrive, beginLogin } from '#modules/connect/arrival.commands.ts'
import { browserCookie, openLogin } from '#modules/connect/arrival.queries.ts'
import { arrivalOf } from '#modules/connect/arrival.rules.ts'
import { newToken } from '#modules/connect/launch.queries.ts'
import { platformById, platformFor } from '#modules/connect/platform.queries.ts'
import { reasonOf } from '#modules/connect/registration.queries.ts'
import { verifyJwt } from '#platform/jwt.ts'
import { cookieOf } from '#platform/session.ts'
import { atWork, contextOf, type Env, fieldsOf, type LtiDeps, limited, newNonce, show } from './door.ts'
import { message, onward, outOfFrame } from './pages.ts'

const notHere = '贵校平台没有在本平台登记，或已停用。请联系贵校平台管理员。'

/** A platform begins a sign-in (third-party initiated login): back to it with state and nonce, tied to this browser. */
export async function login(c: Context<Env>, deps: LtiDeps): Promise<Response> {
  const ctx = await contextOf(c, deps)
  await limited(c, ctx, 'login')
  const asked = await fieldsOf(c)
  const refuse = (text: string) => show(c, message(newNonce(), { title: '不能从这里进入', text }), 400)
  const origin = deps.origin(c.req.raw)
  const target = asked.target_link_uri ?? ''
  if (!asked.iss || !asked.login_hint || !URL.canParse(target)) return refuse('贵校平台的请求缺少必需的参数。')
  if (new URL(target).origin !== origin) return refuse('贵校平台要打开的地址不在本平台。')
  const platform = await platformFor(ctx.db, asked.iss, asked.client_id)
  if (!platform) return refuse(notHere)
  if (asked.lti_deployment_id && !platform.deploymentIds.includes(asked.lti_deployment_id)) return refuse(notHere)
  if (['iframe', 'frame', 'embed', 'object'].includes(c.req.header('sec-fetch-dest') ?? ''))
    return show(c, outOfFrame(newNonce(), `/lti/login?${new URLSearchParams(asked)}`))
  const known = cookieOf(c.req.raw, browserCookie)
  const browser = known && /^[\w-]{32}$/.test(known) ? known : newToken()
  const { state, nonce } = await beginLogin(atWork(ctx, 'connect.login'), { platformId: platform.id, browser })
  const to = new URL(platform.authUrl)
  for (const [name, value] of Object.entries({
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: platform.clientId,
    redirect_uri: `${origin}/lti/launch`,
    login_hint: asked.login_hint,
    state,
    nonce,
    ...(asked.lti_message_hint !== undefined && { lti_message_hint: asked.lti_message_hint }),
  }))
    to.searchParams.set(name, value)
  const cookie = `${browserCookie}=${browser}; Path=/; HttpOnly; SameSite=Lax; Max-Age=7200${deps.secure ? '; Secure' : ''}`
  return new Response(null, {
    status: 302,
    headers: { location: to.href, 'set-cookie': cookie, 'cache-control': 'no-store' },
  })
}

const over = '这次进入已经用过、过期，或消息不对。请回到贵校的学习平台重新点开课程。'

/** The platform's signed message. It comes without cookies from another site; the page after it looks at them. */
export async function launch(c: Context<Env>, deps: LtiDeps): Promise<Response> {
  const ctx = await contextOf(c, deps)
  await limited(c, ctx, 'launch')
  const refuse = (why: string) => {
    deps.note('a launch from a platform was refused', { why })
    return show(c, message(newNonce(), { title: '没有进入课程', text: over }), 400)
  }
  const given = await fieldsOf(c)
  if (given.error) return refuse(`the platform says ${given.error}`)
  const login = await openLogin(ctx.db, given.state ?? '')
  if (!login) return refuse('state')
  const platform = await platformById(ctx.db, login.platformId)
  if (platform.state !== 'active') return refuse('the platform is not active')
  try {
    const said = await verifyJwt(
      given.id_token ?? '',
      { url: platform.jwksUrl },
      { issuer: platform.issuer, audience: platform.clientId },
    )
    const arrival = arrivalOf(said, {
      clientId: platform.clientId,
      nonce: login.nonce,
      deploymentIds: platform.deploymentIds,
    })
    if (!arrival.ok) return refuse(arrival.why)
    const kept = await reasonOf(
      arrive(atWork(ctx, 'connect.arrive'), { ...arrival.value, state: given.state, platformId: platform.id }),
    )
    if (!kept.ok) return refuse(kept.reason)
    const page = arrival.value.kind === 'deep-linking' ? 'pick' : 'arrive'
    const to = `/connect/${page}/${kept.value.code}`
    return show(c, onward(newNonce(), { to, title: '正在打开课程', frame: "'none'" }))
  } catch (error) {
    return refuse((error as Error).message)
  }
}
