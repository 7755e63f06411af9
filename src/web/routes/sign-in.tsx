import { redirect } from 'react-router'
import { requestCode, signInWithPassword, signInWithPhone } from '#modules/access/sign-in.commands.ts'
import { reasonText } from '#modules/access/sign-in.schema.ts'
import { unifiedProvider } from '#platform/auth.ts'
import { takeTurn } from '#platform/limits.ts'
import { smsGatewayFrom } from '#platform/sms.ts'
import { headersFor, onlyCookies } from '../cookies.ts'
import { attempt, type Current, current, wordsOf } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { localPath, paths } from '../paths.ts'
import { title } from '../site.ts'
import { Actions, Button, DisabledButton } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { type Failed, Form } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Tabs } from '../ui/tabs.tsx'
import type { Route } from './+types/sign-in.ts'

export const meta = () => title('登录')

const ways = { phone: '劳动者手机验证码', password: '单位与工作人员账号', unified: '统一身份认证' } as const
type Way = keyof typeof ways
/** A whole office may share one address; somebody who tries names or phones one after the other is slowed down. */
const fromOneAddress = { tries: 60, seconds: 600 }
type Sent = { phone: string; masked: string }

export function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, auth, demo } = context.get(current)
  const asked = new URL(request.url).searchParams
  const next = localPath(asked.get('next'))
  const asking = asked.get('with') ?? ''
  const reason = asked.get('error') ?? ''
  const refusal = reasonText[reason] ? { clause: 'C01', reason, facts: {} } : null
  if (ctx.actor.kind !== 'anonymous' && !refusal) throw redirect(paths.welcome(next))
  return {
    next,
    way: (asking in ways ? asking : refusal ? 'unified' : 'phone') as Way,
    oidc: auth.oidc,
    texts: demo !== null || smsGatewayFrom(process.env) !== undefined,
    demo: demo !== null,
    refused: refusal && (wordsOf(ctx.plan, reasonText, refusal) ?? null),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, auth, address } = context.get(current)
  const form = await request.formData()
  const next = localPath(new URL(request.url).searchParams.get('next'))
  const values = Object.fromEntries(form)
  const words = (refusal: Parameters<typeof wordsOf>[2]) => wordsOf(ctx.plan, reasonText, refusal)
  const limited = await attempt(
    takeTurn(ctx.db, `from:${ctx.crypto.blindIndex(address, 'address')}`, fromOneAddress),
    form,
  )
  if (!limited.ok) return limited.answer
  if (values.intent === 'unified') return startUnified(context.get(current), next)
  if (values.intent === 'code') {
    const tried = await attempt(requestCode(ctx, values), form, words)
    return tried.ok ? { sent: tried.value } : tried.answer
  }
  const signIn = values.intent === 'password' ? signInWithPassword : signInWithPhone
  const tried = await attempt(signIn(ctx, auth, values, headersFor(request, address)), form, words)
  if (!tried.ok) return tried.answer
  const to = tried.value.next === 'second-factor' ? paths.secondFactor(next) : paths.welcome(next)
  return redirect(to, { headers: onlyCookies(tried.value.headers) })
}

/** Off to the identity provider; the state of the round trip is in a cookie of ours. */
async function startUnified({ auth }: Current, next: string) {
  const { headers, response } = await auth.api.signInSocial({
    body: { provider: unifiedProvider, callbackURL: paths.welcome(next), errorCallbackURL: paths.signIn() },
    headers: new Headers(),
    returnHeaders: true,
  })
  return redirect(response.url ?? paths.signIn(), { headers: onlyCookies(headers) })
}

export default function SignIn({ loaderData, actionData }: Route.ComponentProps) {
  const { next, way, oidc, refused } = loaderData
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  const sent = actionData && 'sent' in actionData ? actionData.sent : sentBefore(failed)
  const here = (to: Way) => `${paths.signIn(next)}${next === '/' ? '?' : '&'}with=${to}`
  return (
    <PageBody>
      <PageHeader title="登录" crumbs={[{ label: '首页', href: paths.home() }]} />
      {refused && (
        <Notice tone="bad" live title={refused.title}>
          <p>{refused.remedy}</p>
        </Notice>
      )}
      <Tabs
        label="登录方式"
        tabs={Object.entries(ways).map(([to, label]) => ({ href: here(to as Way), label }))}
        current={here(way)}
      />
      <div className="stack">
        {way === 'phone' &&
          (sent ? (
            <CodeForm sent={sent} failed={failed} demo={loaderData.demo} />
          ) : (
            <PhoneForm {...loaderData} failed={failed} />
          ))}
        {way === 'phone' && (
          <p>
            单位已开通自己的登录服务的，可以<a href={paths.partnerSignIn()}>用单位账号登录</a>。
          </p>
        )}
        {way === 'password' && <PasswordForm failed={failed} />}
        {way === 'unified' && <Unified ready={oidc} />}
      </div>
    </PageBody>
  )
}

/** A wrong code comes back to the same step: the phone travels in the form. */
function sentBefore(failed: Failed | undefined): Sent | null {
  const { phone, masked } = failed?.values ?? {}
  return typeof phone === 'string' && typeof masked === 'string' ? { phone, masked } : null
}

function PhoneForm(props: { failed: Failed | undefined; texts: boolean; demo: boolean }) {
  return (
    <>
      <p>参加培训的个人用手机验证码登录，首次登录即开户。单位经办人由本单位管理员登记后，也从这里登录。</p>
      <Form failed={props.failed} labels={{ phone: '手机号' }}>
        <input type="hidden" name="intent" value="code" />
        <TextField
          name="phone"
          label="手机号"
          type="tel"
          inputMode="numeric"
          autoComplete="tel-national"
          width="short"
        />
        <Actions>
          {props.texts ? (
            <Button>获取验证码</Button>
          ) : (
            <DisabledButton reason="短信通道尚未接通，暂时不能发送验证码。请用统一身份认证登录，或到街道窗口办理。">
              获取验证码
            </DisabledButton>
          )}
        </Actions>
      </Form>
    </>
  )
}

function CodeForm({ sent, failed, demo }: { sent: Sent; failed: Failed | undefined; demo: boolean }) {
  const kept = (
    <>
      <input type="hidden" name="phone" value={sent.phone} />
      <input type="hidden" name="masked" value={sent.masked} />
    </>
  )
  return (
    <>
      <Notice tone="info" live={!failed} title={`验证码已发到 ${sent.masked}`}>
        <p>
          5分钟内有效。工作人员不会向您索要验证码。
          {demo && (
            <>
              演示环境不发短信，请到<a href={paths.demoOutbox()}>演示收件箱</a>查看（会离开本页，记住号码后返回）。
            </>
          )}
        </p>
      </Notice>
      <Form failed={failed} labels={{ code: '短信验证码' }}>
        <input type="hidden" name="intent" value="phone" />
        {kept}
        <TextField
          name="code"
          label="短信验证码"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={6}
          width="short"
        />
        <Button>登录</Button>
      </Form>
      <Form>
        <input type="hidden" name="intent" value="code" />
        {kept}
        <Actions>
          <Button kind="quiet">重新获取验证码</Button>
          <a href={paths.signIn()}>换一个手机号</a>
        </Actions>
      </Form>
    </>
  )
}

function PasswordForm({ failed }: { failed: Failed | undefined }) {
  return (
    <>
      <p>政府部门、街道和设有登录名的单位人员从这里登录。工作人员登录后还要输入动态口令。</p>
      <Form failed={failed} labels={{ username: '登录名', password: '密码' }}>
        <input type="hidden" name="intent" value="password" />
        <TextField name="username" label="登录名" autoComplete="username" width="short" />
        <TextField
          name="password"
          label="密码"
          type="password"
          autoComplete="current-password"
          width="middle"
          hint="连续输错5次，该登录名暂停登录15分钟。忘记密码请联系本单位管理员或安全管理员。"
        />
        <Button>登录</Button>
      </Form>
    </>
  )
}

function Unified({ ready }: { ready: boolean }) {
  return (
    <>
      <p>用广东省统一身份认证登录，姓名和证件由省平台核验，不用另外填写。</p>
      <Form>
        <input type="hidden" name="intent" value="unified" />
        {ready ? (
          <Button>前往统一身份认证</Button>
        ) : (
          <DisabledButton reason="本平台尚未接入统一身份认证，请改用短信验证码登录。">前往统一身份认证</DisabledButton>
        )}
      </Form>
    </>
  )
}
