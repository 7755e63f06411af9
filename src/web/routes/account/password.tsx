import { redirect } from 'react-router'
import { changePassword } from '#modules/access/account.commands.ts'
import { endOtherSessions } from '#modules/access/session.commands.ts'
import { reasonText } from '#modules/access/sign-in.schema.ts'
import { rotateSession, sessionCookie } from '#platform/session.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { PageBody } from '../../layouts/portal.tsx'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/password.ts'

export const meta = () => title('更换密码')

export function loader({ request, context }: Route.LoaderArgs) {
  const { session } = signedIn({ request, context })
  return { must: session?.mustChangePassword ?? false }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, session, sessions } = signedIn({ request, context })
  const form = await request.formData()
  const tried = await attempt(changePassword(ctx, Object.fromEntries(form)), form, (refusal) =>
    wordsOf(ctx.plan, reasonText, refusal),
  )
  if (!tried.ok || !session) return tried.ok ? redirect(paths.signIn()) : tried.answer
  await endOtherSessions(ctx, { sessionId: session.id })
  const token = await rotateSession(ctx.db, session.id)
  return redirect(done(session.mustChangePassword ? paths.welcome() : paths.account(), 'password'), {
    headers: { 'set-cookie': sessionCookie(sessions, token) },
  })
}

export default function PasswordPage({ loaderData: { must }, actionData }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader title="更换密码" crumbs={[{ label: '我的账号', href: paths.account() }]} />
      {must && (
        <Notice tone="warn" title="请先更换初始密码">
          <p>初始密码由他人交给您，只能用来登录这一次。更换之前不能办理业务。</p>
        </Notice>
      )}
      <Form failed={actionData} labels={{ current: '当前密码', password: '新密码', again: '再次输入新密码' }}>
        <TextField name="current" label="当前密码" type="password" autoComplete="current-password" />
        <TextField
          name="password"
          label="新密码"
          type="password"
          autoComplete="new-password"
          hint="至少12位。用三四个不相关的词连起来，既长又好记；不要用登录名、生日、手机号。"
        />
        <TextField name="again" label="再次输入新密码" type="password" autoComplete="new-password" />
        <Button>更换密码</Button>
      </Form>
    </PageBody>
  )
}
