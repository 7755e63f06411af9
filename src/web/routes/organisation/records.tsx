import { data, redirect } from 'react-router'
import { createClient, revokeClient } from '#modules/records/client.commands.ts'
import { clientsOf } from '#modules/records/client.queries.ts'
import { reasonText } from '#modules/records/client.schema.ts'
import { startForward, stopForward } from '#modules/records/forward.commands.ts'
import { deadLettersOf, forwardsOf } from '#modules/records/forward.queries.ts'
import { recentStatements } from '#modules/records/overview.queries.ts'
import { attempt, wordsOf } from '../../ctx.ts'
import { siteOrigin } from '../../origin.ts'
import { ownOrganisation } from '../../own-organisation.ts'
import { done, paths } from '../../paths.ts'
import { Clients, NewClient, Recent } from '../../records/clients.tsx'
import { Forwards, Letters, NewForward } from '../../records/forwards.tsx'
import { title } from '../../site.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, Section } from '../../ui/section.tsx'
import type { Route } from './+types/records.ts'

export const meta = () => title('学习记录接口')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, organisationId } = ownOrganisation({ request, context }, 'apikey.manage')
  const [clients, recent, forwards, letters] = await Promise.all([
    clientsOf(ctx.db, organisationId),
    recentStatements(ctx.db, organisationId),
    forwardsOf(ctx.db, organisationId),
    deadLettersOf(ctx.db, organisationId),
  ])
  return { clients, recent, forwards, letters, endpoint: `${siteOrigin(request)}/xapi` }
}

/** The new secret is in this answer and nowhere else, so the answer is not kept by anybody. */
export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, organisationId, area } = ownOrganisation({ request, context }, 'apikey.manage')
  const form = await request.formData()
  const words = (refusal: Parameters<typeof wordsOf>[2]) => wordsOf(ctx.plan, reasonText, refusal)
  const input = { ...Object.fromEntries(form), organisationId }
  switch (form.get('intent')) {
    case 'revoke': {
      const tried = await attempt(revokeClient(ctx, input), form, words)
      return tried.ok ? redirect(done(paths.records(area), 'client-revoked')) : tried.answer
    }
    case 'forward': {
      const tried = await attempt(startForward(ctx, input), form, words)
      return tried.ok ? redirect(done(paths.records(area), 'forward-started')) : tried.answer
    }
    case 'stop': {
      const tried = await attempt(stopForward(ctx, input), form, words)
      return tried.ok ? redirect(done(paths.records(area), 'forward-stopped')) : tried.answer
    }
    default: {
      const wish = { ...input, scopes: form.getAll('scopes'), homePage: siteOrigin(request) }
      const tried = await attempt(createClient(ctx, wish), form, words)
      return tried.ok ? data({ made: tried.value }, { headers: { 'cache-control': 'no-store' } }) : tried.answer
    }
  }
}

export default function Records({ loaderData, actionData }: Route.ComponentProps) {
  const { clients, recent, forwards, letters, endpoint } = loaderData
  const made = actionData && 'made' in actionData ? actionData.made : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  const of = (intent: string) => (failed?.values?.intent === intent ? failed : undefined)
  return (
    <>
      <PageHeader
        title="学习记录接口"
        lead="本单位的课程、学习平台和模拟器按 xAPI 1.0.3 或 2.0 标准把学习记录写到这里，也可以从这里读取和转发。"
      />
      <div className="stack">
        {made && (
          <Notice tone="good" live title="客户端已开立，secret 只显示这一次">
            <p>
              key：<Copyable>{made.key}</Copyable>
            </p>
            <p>
              secret：<Copyable>{made.secret}</Copyable>
            </p>
            <p>请现在复制并存入贵单位的系统。离开本页后谁也看不到 secret，丢失只能停用后重新开立。</p>
          </Notice>
        )}
        <p>
          接口地址：<Copyable>{endpoint}</Copyable>　<a href={`${paths.developers()}#xapi`}>怎样调用</a>
        </p>
        <Clients rows={clients} failed={of('revoke')} />
        <Section title="开立客户端">
          <NewClient failed={of('create')} />
        </Section>
        <Recent rows={recent} />
        <Forwards rows={forwards} failed={of('stop')} />
        <Letters rows={letters} />
        <Section title="新建转发">
          <NewForward failed={of('forward')} />
        </Section>
      </div>
    </>
  )
}
