import { redirect } from 'react-router'
import { proposePartner } from '#modules/access/partner.commands.ts'
import { connectWords } from '../../connect/words.ts'
import { attempt } from '../../ctx.ts'
import { ownOrganisation } from '../../own-organisation.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/sign-in-new.ts'

export const meta = () => title('登记登录服务')

export function loader({ request, context }: Route.LoaderArgs) {
  return { area: ownOrganisation({ request, context }, 'connect.register').area }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, organisationId, area } = ownOrganisation({ request, context }, 'connect.register')
  const form = await request.formData()
  const tried = await attempt(
    proposePartner(ctx, { ...Object.fromEntries(form), organisationId }),
    form,
    connectWords(ctx),
  )
  if (tried.ok) return redirect(done(paths.connections(area), 'partner-proposed'))
  // what was typed comes back, but never the secret
  delete tried.answer.data.values.clientSecret
  return tried.answer
}

const labels = {
  name: '名称',
  purpose: '用途',
  issuer: '签发方地址',
  clientId: '客户端编号',
  clientSecret: '客户端密钥',
  domains: '邮箱域名',
  subjectPrefix: '账号前缀',
}

export default function SignInNew({ loaderData: { area }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="登记登录服务"
        crumbs={[{ label: '外部平台互通', href: paths.connections(area) }]}
        lead="贵单位的登录服务须支持 OpenID Connect（授权码加 PKCE）。批准后，成员先用手机验证码登录一次，在“我的账号”里连接，以后就能用单位账号登录。"
      />
      <Form failed={actionData} labels={labels}>
        <TextField name="name" label="名称" maxLength={80} hint="登录页上显示，例如“海珠机电集团统一认证”。" />
        <TextArea name="purpose" label="用途" rows={3} maxLength={500} />
        <TextField
          name="issuer"
          label="签发方地址"
          type="url"
          width="full"
          hint="Issuer；从它的 /.well-known/openid-configuration 读取其余地址。"
        />
        <TextField name="clientId" label="客户端编号" width="full" />
        <TextField
          name="clientSecret"
          label="客户端密钥"
          type="password"
          autoComplete="off"
          width="full"
          hint="加密保存，提交后谁也看不到。填错时请重新登记。"
        />
        <TextField
          name="domains"
          label="邮箱域名"
          width="full"
          optional
          hint="只接受这些域名下、登录服务已核实的邮箱；多个用空格隔开。"
        />
        <TextField name="subjectPrefix" label="账号前缀" optional hint="只接受以此开头的账号标识（sub）。" />
        <Actions>
          <Button>提交登记</Button>
          <LinkButton kind="quiet" href={paths.connections(area)}>
            返回
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
