import { redirect } from 'react-router'
import { passSecondFactor, verifySecondFactor } from '#modules/access/sign-in.commands.ts'
import { reasonText } from '#modules/access/sign-in.schema.ts'
import { headersFor, sessionHeaders } from '../cookies.ts'
import { attempt, current, wordsOf } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { localPath, paths } from '../paths.ts'
import { title } from '../site.ts'
import { Actions, Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { More } from '../ui/section.tsx'
import type { Route } from './+types/sign-in-factor.ts'

export const meta = () => title('动态口令')

export function loader({ request, context }: Route.LoaderArgs) {
  const { session } = context.get(current)
  const next = localPath(new URL(request.url).searchParams.get('next'))
  if (session?.secondFactor) throw redirect(paths.welcome(next))
  if (session && !session.secondFactorEnrolled) throw redirect(paths.accountFactor())
  return { next, stepUp: session !== null }
}

/** The second half of signing in; or, for an official who came in by phone, the step up to the office. */
export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, auth, session, sessions, address } = context.get(current)
  const form = await request.formData()
  const next = localPath(new URL(request.url).searchParams.get('next'))
  const work = session
    ? passSecondFactor(ctx, auth, session, form.get('code'), headersFor(request, address))
    : verifySecondFactor(ctx, auth, Object.fromEntries(form), headersFor(request, address))
  const tried = await attempt(work, form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  return tried.ok ? redirect(paths.welcome(next), { headers: sessionHeaders(sessions, tried.value) }) : tried.answer
}

export default function SecondFactor({ loaderData: { next, stepUp }, actionData }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader
        title="输入动态口令"
        crumbs={[{ label: '登录', href: paths.signIn(next) }]}
        lead={`${stepUp ? '办理公务要再验证一次。' : '密码正确。'}请打开手机上的验证器应用，输入它现在显示的6位数字。`}
      />
      <Form failed={actionData} labels={{ code: '动态口令' }}>
        <TextField
          name="code"
          label="动态口令"
          autoComplete="one-time-code"
          width="short"
          hint={`6位数字，每30秒变一次。${stepUp ? '' : '没有手机时可输入一个备用码。'}`}
        />
        <Actions>
          <Button>继续</Button>
          <a href={paths.signIn(next)}>重新登录</a>
        </Actions>
      </Form>
      <More label="手机丢了、没有备用码怎么办">
        <p>请联系安全管理员核实身份后重置。重置后用新的初始密码登录，并重新绑定动态口令。</p>
      </More>
    </PageBody>
  )
}
