import { redirect } from 'react-router'
import {
  discover,
  newSecret,
  openPartners,
  partnerById,
  partnerCookie,
  startAddress,
} from '#modules/access/partner.queries.ts'
import { partnerReasons } from '#modules/access/partner.schema.ts'
import { beginTrip } from '#modules/access/partner-trip.commands.ts'
import { takeTurn } from '#platform/limits.ts'
import { cookieOf } from '#platform/session.ts'
import { connectWords } from '../../connect/words.ts'
import { attempt, type Current, current } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { siteOrigin } from '../../origin.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/partner-sign-in.ts'

export const meta = () => title('单位账号登录')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx } = context.get(current)
  const url = new URL(request.url)
  const reason = url.searchParams.get('error') ?? ''
  const to = url.searchParams.get('to') ?? ''
  return {
    partners: (await openPartners(ctx.db)).map(({ id, name, organisation }) => ({
      id,
      label: `${organisation}（${name}）`,
    })),
    refused: partnerReasons[reason] ? (connectWords(ctx)({ clause: 'C01', reason, facts: {} }) ?? null) : null,
    to: /^https?:\/\//.test(to) && url.searchParams.get('sign') === signOf(context.get(current), to) ? to : null,
  }
}

/** Our own sign under the address that a page of ours leads to, so that nobody makes our page lead elsewhere. */
const signOf = ({ ctx }: Current, to: string) => ctx.crypto.blindIndex(to, 'auth.partner-start')

/**
 * Begins the round trip. A form may only be answered by our own origin, so the answer is a page of ours with the way on.
 */
export async function action({ request, context }: Route.ActionArgs) {
  const found = context.get(current)
  const { ctx, address, sessions } = found
  const form = await request.formData()
  const work = async () => {
    await takeTurn(ctx.db, `from:${ctx.crypto.blindIndex(address, 'address')}`, { tries: 60, seconds: 600 })
    const known = cookieOf(request, partnerCookie)
    const browser = known && /^[\w-]{43}$/.test(known) ? known : newSecret()
    const trip = await beginTrip(ctx, {
      providerId: form.get('providerId'),
      browser,
      link: form.get('intent') === 'link',
    })
    const partner = await partnerById(ctx.db, String(form.get('providerId')))
    const redirectUri = `${siteOrigin(request)}${paths.partnerCallback()}`
    return { browser, to: startAddress(partner, await discover(partner.issuer), { ...trip, redirectUri }) }
  }
  const tried = await attempt(work(), form, connectWords(ctx))
  if (!tried.ok) return tried.answer
  const { browser, to } = tried.value
  const cookie = `${partnerCookie}=${browser}; Path=/sign-in; HttpOnly; SameSite=Lax; Max-Age=900${sessions.secure ? '; Secure' : ''}`
  return redirect(`${paths.partnerSignIn()}?${new URLSearchParams({ to, sign: signOf(found, to) })}`, {
    headers: { 'set-cookie': cookie },
  })
}

export default function PartnerSignIn({ loaderData, actionData }: Route.ComponentProps) {
  const { partners, refused, to } = loaderData
  return (
    <PageBody>
      <PageHeader
        title="单位账号登录"
        crumbs={[
          { label: '首页', href: paths.home() },
          { label: '登录', href: paths.signIn() },
        ]}
        lead="单位自己的登录服务经区安全管理员批准后，成员可以用它登录，办理本单位的事。个人事务请用手机验证码登录。"
      />
      <div className="stack">
        {refused && (
          <Notice tone="bad" live title={refused.title}>
            <p>{refused.remedy}</p>
          </Notice>
        )}
        {to ? (
          <>
            <p>下一步到贵单位的登录服务：{new URL(to).host}</p>
            <LinkButton kind="primary" href={to}>
              前往登录
            </LinkButton>
          </>
        ) : partners.length === 0 ? (
          <EmptyState title="还没有单位开通">
            请<a href={paths.signIn()}>用手机验证码登录</a>。单位管理员可以在工作台“外部平台互通”里登记。
          </EmptyState>
        ) : (
          <Form failed={actionData} labels={{ providerId: '单位' }}>
            <SelectField
              name="providerId"
              label="单位"
              options={partners.map(({ id, label }) => ({ value: id, label }))}
            />
            <Button>下一步</Button>
          </Form>
        )}
      </div>
    </PageBody>
  )
}
