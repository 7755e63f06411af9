import { redirect } from 'react-router'
import { proposePlatform } from '#modules/connect/platform.commands.ts'
import { connectWords } from '../../connect/words.ts'
import { attempt } from '../../ctx.ts'
import { ownOrganisation } from '../../own-organisation.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, LinkButton } from '../../ui/button.tsx'
import { TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Route } from './+types/platform-new.ts'

export const meta = () => title('登记学习平台')

export function loader({ request, context }: Route.LoaderArgs) {
  return { area: ownOrganisation({ request, context }, 'connect.register').area }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, organisationId, area } = ownOrganisation({ request, context }, 'connect.register')
  const form = await request.formData()
  const tried = await attempt(
    proposePlatform(ctx, { ...Object.fromEntries(form), organisationId }),
    form,
    connectWords(ctx),
  )
  return tried.ok ? redirect(done(paths.connections(area), 'platform-proposed')) : tried.answer
}

const labels = {
  name: '名称',
  purpose: '用途',
  issuer: '签发方',
  clientId: '客户端编号',
  deploymentIds: '部署编号',
  authUrl: '认证地址',
  tokenUrl: '令牌地址',
  tokenAudience: '令牌受众',
  jwksUrl: '公钥地址',
}

export default function PlatformNew({ loaderData: { area }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeader
        title="登记学习平台"
        crumbs={[{ label: '外部平台互通', href: paths.connections(area) }]}
        lead="先在贵单位的学习平台里把本平台添加为 LTI 1.3 工具，再把它给出的资料填在这里。登记后不能改，要更改请另行登记。"
      />
      <Form failed={actionData} labels={labels}>
        <TextField name="name" label="名称" maxLength={80} hint="学员看得到，例如“海珠工贸学校学习平台”。" />
        <TextArea name="purpose" label="用途" rows={3} maxLength={500} />
        <TextField name="issuer" label="签发方" width="full" hint="Issuer，逐字比对。" />
        <TextField name="clientId" label="客户端编号" width="full" hint="Client ID" />
        <TextArea
          name="deploymentIds"
          label="部署编号"
          rows={2}
          hint="Deployment ID，每行一个。不在其中的部署不能进入。"
        />
        <TextField name="authUrl" label="认证地址" type="url" width="full" hint="OIDC authorization endpoint" />
        <TextField
          name="tokenUrl"
          label="令牌地址"
          type="url"
          width="full"
          hint="OAuth 2.0 access token URL，送回成绩时使用。"
        />
        <TextField
          name="tokenAudience"
          label="令牌受众"
          width="full"
          optional
          hint="平台要求另写受众时填写，一般不用。"
        />
        <TextField name="jwksUrl" label="公钥地址" type="url" width="full" hint="JWKS URL" />
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
