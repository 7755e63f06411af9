import type { Context } from 'hono'
import { decodeJwt } from 'jose'
import { takePicked } from '#modules/connect/launch.commands.ts'
import { openPicking } from '#modules/connect/launch.queries.ts'
import { reasonOf } from '#modules/connect/registration.queries.ts'
import { toolActor } from '#modules/connect/token.queries.ts'
import { keysOfTool, toolById } from '#modules/connect/tool.queries.ts'
import { claim, ltiVersion } from '#modules/connect/vocabulary.schema.ts'
import { sha256 } from '#platform/digest.ts'
import { verifyJwt } from '#platform/jwt.ts'
import { as, contextOf, type Env, fieldsOf, type LtiDeps, limited, newNonce, show } from './door.ts'
import { message, onward } from './pages.ts'

const over = {
  title: '工具送回的内容不能接收',
  text: '这次选择已经用过、过期，或不是从本平台开始的。请回到课程页面重新选择。',
}

/**
 * The tool's answer to a deep linking request. It comes through the browser from another site, so it carries no cookie;
 * what it says is kept under the question it answers, and only the one who asked can see it and add it.
 */
export async function deepLink(c: Context<Env>, deps: LtiDeps): Promise<Response> {
  const ctx = await contextOf(c, deps)
  await limited(c, ctx, 'deep-link')
  const refuse = (why: string) => {
    deps.note('a deep linking answer was refused', { why })
    return show(c, message(newNonce(), over), 400)
  }
  const { JWT: jwt = '' } = await fieldsOf(c)
  let data: unknown
  try {
    data = decodeJwt(jwt)[claim.data]
  } catch {
    return refuse('no JWT')
  }
  const launch = typeof data === 'string' ? await openPicking(ctx.db, data) : undefined
  if (!launch) return refuse('no question is open for it')
  const tool = await toolById(ctx.db, launch.toolId)
  if (tool.state !== 'active') return refuse('the tool is not active')
  try {
    const said = await verifyJwt(jwt, keysOfTool(tool), {
      issuer: tool.clientId,
      audience: deps.origin(c.req.raw),
    })
    if (said[claim.messageType] !== 'LtiDeepLinkingResponse') throw new Error('another message type')
    if (said[claim.version] !== ltiVersion) throw new Error('another version')
    if (said[claim.deployment] !== tool.deploymentId) throw new Error('another deployment')
    if (typeof said.nonce !== 'string' || said.nonce === '') throw new Error('no nonce')
    const kept = await reasonOf(
      takePicked(as(ctx, toolActor(tool)), {
        launchId: launch.id,
        toolId: tool.id,
        number: sha256(said.nonce),
        expiresAt: new Date((said.exp ?? 0) * 1000 + 120_000),
        items: said[claim.items] ?? [],
      }),
    )
    if (!kept.ok) throw new Error(kept.reason)
  } catch (error) {
    return refuse((error as Error).message)
  }
  return show(c, onward(newNonce(), { to: `/connect/picked/${launch.id}`, title: '正在返回课程', frame: "'none'" }))
}
