import { data, redirect } from 'react-router'
import { approvePartner, rejectPartner, resumePartner, suspendPartner } from '#modules/access/partner.commands.ts'
import { partnerById } from '#modules/access/partner.queries.ts'
import { approvePlatform, rejectPlatform, resumePlatform, suspendPlatform } from '#modules/connect/platform.commands.ts'
import { platformById } from '#modules/connect/platform.queries.ts'
import { writeCustom } from '#modules/connect/registration.rules.ts'
import { registrationStates } from '#modules/connect/registration.schema.ts'
import { approveTool, rejectTool, resumeTool, suspendTool } from '#modules/connect/tool.commands.ts'
import { toolById } from '#modules/connect/tool.queries.ts'
import { openings, scopeLabels, tellLabels } from '#modules/connect/tool.schema.ts'
import type { Ctx } from '#platform/command.ts'
import { connectWords, registrationTones } from '../../connect/words.ts'
import type { RegistrationKind } from '../../connect-paths.ts'
import { attempt, fail, signedIn } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Actions, Button, DisabledButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/office-registration.ts'

export const meta = () => title('互通登记')

const titles: Record<RegistrationKind, string> = {
  tools: '外部工具',
  platforms: '学习平台',
  'sign-ins': '单位账号登录',
}
const kindOf = (text: string | undefined): RegistrationKind => {
  if (text !== 'tools' && text !== 'platforms' && text !== 'sign-ins') throw data(null, 404)
  return text
}

async function found(ctx: Ctx, kind: RegistrationKind, id: string) {
  if (kind === 'tools') {
    const tool = await toolById(ctx.db, id)
    return {
      ...tool,
      organisation: tool.organisation ?? '全区共用',
      facts: [
        ['登录发起地址', tool.loginUrl],
        ['打开地址', tool.targetUrl],
        ['选内容地址', tool.deepLinkUrl ?? '不支持'],
        ['回跳地址', tool.redirectUris.join('　')],
        ['公钥', tool.jwksUrl ?? '登记时粘贴'],
        ['权限', tool.scopes.map((one) => scopeLabels[one]).join('；') || '没有'],
        ['告诉工具', ['化名', ...tool.tells.map((one) => tellLabels[one])].join('、')],
        ['打开方式', openings[tool.opens]],
        ['自定义参数', writeCustom(tool.custom) || '没有'],
      ] as const,
      warns: tool.tells.includes('name') ? '这个工具要求知道学员姓名。请核对用途里写明的理由。' : null,
    }
  }
  if (kind === 'platforms') {
    const platform = await platformById(ctx.db, id)
    return {
      ...platform,
      facts: [
        ['签发方', platform.issuer],
        ['客户端编号', platform.clientId],
        ['部署编号', platform.deploymentIds.join('　')],
        ['认证地址', platform.authUrl],
        ['令牌地址', platform.tokenUrl],
        ['公钥地址', platform.jwksUrl],
      ] as const,
      warns: null,
    }
  }
  const partner = await partnerById(ctx.db, id)
  return {
    ...partner,
    facts: [
      ['签发方地址', partner.issuer],
      ['客户端编号', partner.clientId],
      ['邮箱域名', partner.domains.join('、') || '不限'],
      ['账号前缀', partner.subjectPrefix || '不限'],
    ] as const,
    warns:
      partner.domains.length === 0 && partner.subjectPrefix === ''
        ? '没有限定邮箱域名和账号前缀：该登录服务里的任何账号都可以申请连接（仍须是本单位成员）。'
        : null,
  }
}

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'connect.read')
  const kind = kindOf(params.kind)
  const one = await found(ctx, kind, isId(params.id)).catch(fail(request))
  return {
    kind,
    id: one.id,
    name: one.name,
    purpose: one.purpose,
    organisation: one.organisation,
    state: one.state,
    facts: one.facts.map(([label, value]) => ({ label, value })),
    warns: one.warns,
    proposed: { by: one.proposedByName, at: one.proposedAt },
    decided: one.decidedAt ? { by: one.decidedByName ?? '', at: one.decidedAt, note: one.decisionNote } : null,
    own: one.proposedBy === ctx.actor.hand.id,
    mayApprove: ctx.actor.can('connect.approve'),
  }
}

const steps = {
  tools: { approve: approveTool, reject: rejectTool, suspend: suspendTool, resume: resumeTool },
  platforms: { approve: approvePlatform, reject: rejectPlatform, suspend: suspendPlatform, resume: resumePlatform },
  'sign-ins': { approve: approvePartner, reject: rejectPartner, suspend: suspendPartner, resume: resumePartner },
} as const
const codes = {
  approve: 'connect-approved',
  reject: 'connect-rejected',
  suspend: 'connect-suspended',
  resume: 'connect-resumed',
} as const

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'connect.approve')
  const kind = kindOf(params.kind)
  const id = isId(params.id)
  const form = await request.formData()
  const step = String(form.get('do')) as keyof typeof codes
  if (!Object.hasOwn(codes, step)) throw new Response(null, { status: 400 })
  const work = steps[kind][step](ctx, { id, note: String(form.get('note') ?? '') })
  const tried = await attempt<unknown>(work, form, connectWords(ctx))
  return tried.ok ? redirect(done(paths.officeRegistration(kind, id), codes[step])) : tried.answer
}

export default function OfficeRegistration({ loaderData, actionData }: Route.ComponentProps) {
  const { kind, name, purpose, organisation, state, facts, warns, proposed, decided } = loaderData
  return (
    <>
      <PageHeader
        title={name}
        caption={`${titles[kind]}　${organisation}`}
        crumbs={[{ label: '外部平台互通', href: paths.officeConnect() }]}
        tag={<StatusTag tone={registrationTones[state]}>{registrationStates[state]}</StatusTag>}
      />
      <div className="stack">
        {warns && state === 'proposed' && <Notice tone="warn" title={warns} />}
        <SummaryList
          rows={[
            { label: '用途', value: purpose },
            ...facts,
            { label: '登记', value: proposed.by, note: instantText(proposed.at) },
            ...(decided
              ? [
                  {
                    label: '处理',
                    value: decided.by,
                    note: `${instantText(decided.at)}${decided.note && `　${decided.note}`}`,
                  },
                ]
              : []),
          ]}
        />
        <Deciding {...{ loaderData, actionData }} />
      </div>
    </>
  )
}

function Deciding(props: {
  loaderData: Route.ComponentProps['loaderData']
  actionData: Route.ComponentProps['actionData']
}) {
  const { loaderData, actionData } = props
  const { state, own, mayApprove } = loaderData
  if (state === 'rejected' || state === 'ended') return null
  if (!mayApprove) return <DisabledButton reason="由安全管理员批准、暂停和恢复。">办理</DisabledButton>
  if (state === 'proposed' && own) return <DisabledButton reason="登记人不能批准自己的登记。">批准</DisabledButton>
  return (
    <Section title={state === 'proposed' ? '批准' : state === 'active' ? '暂停使用' : '恢复使用'}>
      <Form failed={actionData} labels={{ note: '说明' }}>
        <TextField
          name="note"
          label={state === 'proposed' ? '说明' : '理由'}
          width="full"
          optional={state === 'proposed'}
          maxLength={500}
        />
        <Actions>
          {state === 'proposed' && (
            <>
              <Button name="do" value="approve">
                批准
              </Button>
              <Button name="do" value="reject" kind="plain">
                退回
              </Button>
            </>
          )}
          {state === 'active' && (
            <Button name="do" value="suspend" kind="danger">
              暂停
            </Button>
          )}
          {state === 'suspended' && (
            <Button name="do" value="resume">
              恢复
            </Button>
          )}
        </Actions>
      </Form>
    </Section>
  )
}
