import { redirect } from 'react-router'
import { claimIdentity } from '#modules/access/identity-claim.commands.ts'
import { reasonText } from '#modules/access/sign-in.schema.ts'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { takeTurn } from '#platform/limits.ts'
import { attempt, signedIn, wordsOf } from '../ctx.ts'
import { PageBody } from '../layouts/portal.tsx'
import { done, localPath, paths } from '../paths.ts'
import { title } from '../site.ts'
import { Button } from '../ui/button.tsx'
import { SelectField, TextField } from '../ui/fields.tsx'
import { Form } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import type { Route } from './+types/identity.ts'

export const meta = () => title('登记实名信息')

export function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, auth } = signedIn({ request, context })
  const next = localPath(new URL(request.url).searchParams.get('next'), paths.my())
  if (ctx.actor.personId) throw redirect(next)
  return { next, unified: auth.oidc }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context })
  const form = await request.formData()
  const next = localPath(new URL(request.url).searchParams.get('next'), paths.my())
  // Counted before and apart from the command: a refusal says whether a document is known, so names cannot be tried on it.
  const claim = takeTurn(ctx.db, `claim-identity:${ctx.actor.id}`, { tries: 10, seconds: 86_400 }).then(() =>
    claimIdentity(ctx, Object.fromEntries(form)),
  )
  const tried = await attempt(claim, form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  return tried.ok ? redirect(done(next, 'identified')) : tried.answer
}

export default function Identity({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader title="登记实名信息" lead="只需填写一次。培训记录、证书和补贴都认证件上的人，不认手机号。" />
      <Form failed={actionData} labels={{ name: '姓名', documentKind: '证件类型', documentNumber: '证件号码' }}>
        <TextField
          name="name"
          label="姓名"
          hint="与证件一致。少数民族姓名中间用间隔号“·”。"
          autoComplete="name"
          width="short"
        />
        <SelectField
          name="documentKind"
          label="证件类型"
          value="resident-id"
          options={Object.entries(documentKinds).map(([value, label]) => ({ value, label }))}
        />
        <TextField name="documentNumber" label="证件号码" width="middle" />
        <Notice tone="info" title="我们怎样使用这些信息">
          <p>
            区人社局为办理培训、发放补贴依法核对您的身份。姓名和号码加密保存，页面只显示部分字符；谁查看过完整号码都有记录。
          </p>
        </Notice>
        <Button>登记</Button>
      </Form>
      {loaderData.unified && (
        <p>
          也可以<a href={`${paths.signIn(loaderData.next)}&with=unified`}>改用统一身份认证</a>，不用填写。
        </p>
      )}
    </PageBody>
  )
}
