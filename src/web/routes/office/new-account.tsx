import { data } from 'react-router'
import { createOfficial } from '#modules/access/account.commands.ts'
import { reasonText } from '#modules/access/sign-in.schema.ts'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { attempt, signedIn, wordsOf } from '../../ctx.ts'
import { paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable } from '../../ui/section.tsx'
import type { Route } from './+types/new-account.ts'

export const meta = () => title('开立工作人员账号')

export function loader({ request, context }: Route.LoaderArgs) {
  signedIn({ request, context }, 'access.grant')
  return null
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'access.grant')
  const form = await request.formData()
  const tried = await attempt(createOfficial(ctx, Object.fromEntries(form)), form, (refusal) =>
    wordsOf(ctx.plan, reasonText, refusal),
  )
  return tried.ok ? data({ made: tried.value }, { headers: { 'cache-control': 'no-store' } }) : tried.answer
}

export default function NewAccount({ actionData }: Route.ComponentProps) {
  const made = actionData && 'made' in actionData ? actionData.made : null
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  return (
    <>
      <PageHeader
        title="开立工作人员账号"
        crumbs={[{ label: '工作人员账号', href: paths.officeAccounts() }]}
        lead="账号只对应一个人。开立后还没有任何角色，角色另行提出、由另一人批准。"
      />
      {made ? (
        <Notice tone="good" live title="账号已开立，初始密码只显示这一次">
          <p>
            初始密码：<Copyable>{made.password}</Copyable>
          </p>
          <p>请当面交给本人。首次登录须更换密码并启用动态口令。</p>
          <LinkButton href={paths.officeAccount(made.accountId)}>去提出授权</LinkButton>
        </Notice>
      ) : (
        <Form
          failed={failed}
          labels={{
            name: '姓名',
            username: '登录名',
            documentKind: '证件类型',
            documentNumber: '证件号码',
            phone: '手机号',
          }}
        >
          <TextField name="name" label="姓名" width="short" />
          <TextField
            name="username"
            label="登录名"
            width="short"
            hint="小写字母、数字、点、横线，3至30位，例如 li.xiaoming。"
          />
          <SelectField
            name="documentKind"
            label="证件类型"
            value="resident-id"
            options={Object.entries(documentKinds).map(([value, label]) => ({ value, label }))}
          />
          <TextField
            name="documentNumber"
            label="证件号码"
            hint="用来确认一个人只有一个账号，不相容的角色不会落到同一人手里。"
          />
          <TextField name="phone" label="手机号" type="tel" inputMode="numeric" optional width="short" />
          <Button>开立账号</Button>
        </Form>
      )}
    </>
  )
}
