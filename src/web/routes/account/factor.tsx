import { redirect } from 'react-router'
import { accountCard, secondFactorOf } from '#modules/access/account.queries.ts'
import { enrolSecondFactor, passSecondFactor } from '#modules/access/sign-in.commands.ts'
import { reasonText } from '#modules/access/sign-in.schema.ts'
import { base32Of, totpUri } from '#platform/totp.ts'
import { headersFor, sessionHeaders } from '../../cookies.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { done, paths } from '../../paths.ts'
import { site, title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Qr } from '../../ui/qr.tsx'
import { qrPath } from '../../ui/qr-svg.ts'
import { Copyable, Section } from '../../ui/section.tsx'
import type { Route } from './+types/factor.ts'

export const meta = () => title('启用动态口令')

/** Asks for the password first; then shows the secret until one of its passwords came back. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, session } = signedIn({ request, context })
  if (!session || session.secondFactorEnrolled) throw redirect(paths.account())
  const account = await accountCard(ctx.db, session.userId)
  const factor = await secondFactorOf(ctx.db, ctx.crypto, session.userId)
  if (!factor || factor.verified) return { setup: null }
  return {
    setup: {
      code: qrPath(totpUri(site.name, account.username ?? account.name, factor.secret)),
      secret: base32Of(factor.secret)
        .replace(/(.{4})/g, '$1 ')
        .trim(),
      backupCodes: factor.backupCodes,
    },
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, auth, session, sessions, address } = signedIn({ request, context })
  if (!session) throw redirect(paths.signIn())
  const form = await request.formData()
  const words = (refusal: Parameters<typeof wordsOf>[2]) => wordsOf(ctx.plan, reasonText, refusal)
  if (form.get('intent') === 'password') {
    const tried = await attempt(
      enrolSecondFactor(ctx, auth, session, form.get('password'), headersFor(request, address)),
      form,
      words,
    )
    return tried.ok ? redirect(paths.accountFactor()) : tried.answer
  }
  const tried = await attempt(
    passSecondFactor(ctx, auth, session, form.get('code'), headersFor(request, address)),
    form,
    words,
  )
  if (!tried.ok) return tried.answer
  return redirect(done(paths.welcome(), 'factor'), { headers: sessionHeaders(sessions, tried.value) })
}

export default function FactorPage({ loaderData: { setup }, actionData }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader
        title="启用动态口令"
        crumbs={[{ label: '我的账号', href: paths.account() }]}
        lead="工作人员登录要用两样东西：密码，和手机验证器应用里的6位数字。只知道密码的人进不来。"
      />
      {setup ? (
        <>
          <Section title="第一步：扫码" description="用任意一款支持 TOTP 的验证器应用扫描；不能扫码时手工输入密钥。">
            <Qr code={setup.code} label="验证器应用扫这个码" />
            <p>
              密钥：<Copyable>{setup.secret}</Copyable>
            </p>
          </Section>
          <Section
            title="第二步：抄下备用码"
            description="手机不在身边时，每个备用码可以代替一次动态口令。请抄在纸上锁好，离开本页后不再显示。"
          >
            <ul className="columns-2">
              {setup.backupCodes.map((code) => (
                <li key={code}>
                  <Copyable>{code}</Copyable>
                </li>
              ))}
            </ul>
          </Section>
          <Section title="第三步：输入现在显示的数字">
            <Form failed={actionData} labels={{ code: '动态口令' }}>
              <TextField
                name="code"
                label="动态口令"
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={6}
                width="short"
              />
              <Button>启用</Button>
            </Form>
          </Section>
        </>
      ) : (
        <>
          <Notice tone="info" title="先确认是您本人">
            <p>请再输入一次登录密码，下一页显示二维码和备用码。</p>
          </Notice>
          <Form failed={actionData} labels={{ password: '登录密码' }}>
            <input type="hidden" name="intent" value="password" />
            <TextField name="password" label="登录密码" type="password" autoComplete="current-password" />
            <Button>继续</Button>
          </Form>
        </>
      )}
    </PageBody>
  )
}
