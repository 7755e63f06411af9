import { redirect } from 'react-router'
import { membersOf } from '#modules/access/grant.queries.ts'
import { grantStates, memberRoles, reasonText } from '#modules/access/grant.schema.ts'
import { addMember, removeMember } from '#modules/access/member.commands.ts'
import { reasonText as signInReasons } from '#modules/access/sign-in.schema.ts'
import { documentKinds } from '#modules/people/identity.schema.ts'
import { organisationCard } from '#modules/people/organisation.queries.ts'
import { type RoleCode, roles } from '#platform/permissions.ts'
import { attempt, fail, wordsOf } from '../../ctx.ts'
import { ownOrganisation } from '../../own-organisation.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { Button } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField, SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/members.ts'

export const meta = () => title('成员和角色')

const tones = { proposed: 'wait', 'in-force': 'good', rejected: 'bad', revoked: 'neutral' } as const
const texts = { ...signInReasons, ...reasonText }

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, organisationId, area } = ownOrganisation({ request, context }, 'organisation.members')
  const organisation = await organisationCard(ctx.db, organisationId).catch(fail(request))
  return {
    area,
    members: await membersOf(ctx.db, organisationId),
    roles: memberRoles(organisation.type).map((role) => ({ value: role, label: roles[role as RoleCode].label })),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, organisationId, area } = ownOrganisation({ request, context }, 'organisation.members')
  const form = await request.formData()
  const remove = form.get('intent') === 'remove'
  const input = { ...Object.fromEntries(form), organisationId }
  const tried = await attempt(remove ? removeMember(ctx, input) : addMember(ctx, input), form, (refusal) =>
    wordsOf(ctx.plan, texts, refusal),
  )
  return tried.ok ? redirect(done(paths.members(area), remove ? 'member-removed' : 'member-added')) : tried.answer
}

export default function Members({ loaderData, actionData }: Route.ComponentProps) {
  const removing = actionData?.values.intent === 'remove' ? actionData.values.grantId : undefined
  return (
    <>
      <PageHeader title="成员和角色" lead="本单位谁能办什么，由您决定。离职的请马上收回；至少保留一名管理员。" />
      <div className="stack">
        <DataTable
          caption="成员"
          rows={loaderData.members}
          rowKey={(row) => row.id}
          columns={[
            { key: 'name', header: '姓名', cell: (row) => row.accountName },
            { key: 'phone', header: '登录手机号', keep: true, cell: (row) => row.phone ?? '未绑定' },
            { key: 'role', header: '角色', cell: (row) => roles[row.role].label },
            { key: 'from', header: '起', keep: true, cell: (row) => <DayText day={row.from} /> },
            { key: 'to', header: '止', keep: true, cell: (row) => (row.to ? <DayText day={row.to} /> : '长期') },
            {
              key: 'state',
              header: '状态',
              cell: (row) => <StatusTag tone={tones[row.state]}>{grantStates[row.state]}</StatusTag>,
            },
            {
              key: 'end',
              header: '办理',
              cell: (row) =>
                row.state === 'in-force' && (
                  <More label="收回" open={removing === row.id}>
                    <Form failed={removing === row.id ? actionData : undefined} labels={{ reason: '理由' }}>
                      <input type="hidden" name="intent" value="remove" />
                      <input type="hidden" name="grantId" value={row.id} />
                      <TextField name="reason" label="理由" />
                      <Button kind="danger">收回角色</Button>
                    </Form>
                  </More>
                ),
            },
          ]}
          empty={<EmptyState title="还没有成员">用下面的表单增加第一名成员。</EmptyState>}
        />
        <Section title="增加成员" description="本人用登记的手机号接收验证码登录，不用另设密码。">
          <Form
            failed={removing ? undefined : actionData}
            labels={{
              role: '角色',
              name: '姓名',
              documentKind: '证件类型',
              documentNumber: '证件号码',
              phone: '手机号',
              to: '截止日期',
            }}
          >
            <RadioGroup name="role" label="角色" options={loaderData.roles} />
            <TextField name="name" label="姓名" width="short" />
            <SelectField
              name="documentKind"
              label="证件类型"
              value="resident-id"
              options={Object.entries(documentKinds).map(([value, label]) => ({ value, label }))}
            />
            <TextField name="documentNumber" label="证件号码" />
            <TextField
              name="phone"
              label="手机号"
              type="tel"
              inputMode="numeric"
              width="short"
              hint="本人的手机号，用来登录。"
            />
            <DateField name="to" label="截止日期" optional hint="到期自动失效；长期有效的不填。" />
            <Button>增加成员</Button>
          </Form>
        </Section>
      </div>
    </>
  )
}
