import { redirect } from 'react-router'
import { proposeTool } from '#modules/connect/tool.commands.ts'
import { openings, scopeLabels } from '#modules/connect/tool.schema.ts'
import { connectWords } from '../../connect/words.ts'
import { attempt, signedIn } from '../../ctx.ts'
import { ownOrganisation } from '../../own-organisation.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { CheckboxGroup, RadioGroup } from '../../ui/choices.tsx'
import { TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More } from '../../ui/section.tsx'
import type { Route } from './+types/tool-new.ts'

export const meta = () => title('登记外部工具')

/** The office registers for the whole district, an organisation for itself. */
function registrant(args: Pick<Route.LoaderArgs, 'request' | 'context'>) {
  if (!new URL(args.request.url).pathname.startsWith('/office/')) {
    const { ctx, organisationId, area } = ownOrganisation(args, 'connect.register')
    return { ctx, organisationId, back: paths.connections(area) }
  }
  const { ctx } = signedIn(args, 'connect.register')
  if (!ctx.actor.can('connect.register', {})) throw new Response(null, { status: 403 })
  return { ctx, organisationId: undefined, back: paths.officeConnect() }
}

export function loader(args: Route.LoaderArgs) {
  const { back, organisationId } = registrant(args)
  return { back, district: organisationId === undefined }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, organisationId, back } = registrant(args)
  const form = await args.request.formData()
  const input = {
    ...Object.fromEntries(form),
    organisationId,
    scopes: form.getAll('scopes'),
    tells: form.getAll('tells'),
  }
  const tried = await attempt(proposeTool(ctx, input), form, connectWords(ctx))
  return tried.ok ? redirect(done(back, 'tool-proposed')) : tried.answer
}

const labels = {
  name: '名称',
  purpose: '用途',
  loginUrl: '登录发起地址',
  targetUrl: '打开地址',
  deepLinkUrl: '选内容地址',
  redirectUris: '回跳地址',
  jwksUrl: '公钥地址',
  jwks: '公钥',
  scopes: '权限',
  tells: '告诉工具',
  custom: '自定义参数',
  opens: '打开方式',
}

export default function ToolNew({ loaderData: { back, district }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="登记外部工具"
        crumbs={[{ label: '外部平台互通', href: back }]}
        lead={`${district ? '登记后供全区课程使用。' : '登记后供本单位的课程使用。'}地址由工具方提供；登记后不能改，要换地址请另行登记。`}
      />
      <Form failed={actionData} labels={labels}>
        <TextField name="name" label="名称" maxLength={80} hint="学员看得到，例如“焊接仿真实训”。" />
        <TextArea
          name="purpose"
          label="用途"
          rows={3}
          maxLength={500}
          hint="写明用在哪类课程、谁提供，供审批人判断。"
        />
        <TextField name="loginUrl" label="登录发起地址" type="url" width="full" hint="OIDC login initiation URL" />
        <TextField
          name="targetUrl"
          label="打开地址"
          type="url"
          width="full"
          hint="Target link URI，没有另写地址时打开它。"
        />
        <TextField
          name="deepLinkUrl"
          label="选内容地址"
          type="url"
          width="full"
          optional
          hint="支持 Deep Linking 2.0 的填写。"
        />
        <TextArea name="redirectUris" label="回跳地址" rows={3} hint="每行一个，逐字比对，不支持通配。" />
        <TextField
          name="jwksUrl"
          label="公钥地址"
          type="url"
          width="full"
          optional
          hint="JWKS URL。没有的在下面粘贴公钥，二选一。"
        />
        <More label="没有公钥地址，粘贴公钥">
          <TextArea name="jwks" label="公钥" optional rows={5} hint="JWKS（JSON），只含公钥。" />
        </More>
        <CheckboxGroup
          name="scopes"
          label="权限"
          optional
          hint="只给用得着的。工具只看得到自己的成绩项和成绩。"
          options={Object.entries(scopeLabels).map(([value, label]) => ({ value, label }))}
        />
        <CheckboxGroup
          name="tells"
          label="告诉工具"
          optional
          hint="不勾选时，工具只知道一个化名。任何情况下都不告诉手机号、证件号码。"
          options={[{ value: 'name', label: '学员姓名', hint: '工具确需实名时才勾选，并在用途里写明理由。' }]}
        />
        <RadioGroup
          name="opens"
          label="打开方式"
          value="window"
          options={Object.entries(openings).map(([value, label]) => ({ value, label }))}
        />
        <TextArea
          name="custom"
          label="自定义参数"
          optional
          rows={3}
          hint="每行一个：名称=值。可用 $User.id、$Context.id、$ResourceLink.id 等变量。"
        />
        <Actions>
          <Button>提交登记</Button>
          <LinkButton kind="quiet" href={back}>
            返回
          </LinkButton>
        </Actions>
      </Form>
    </>
  )
}
