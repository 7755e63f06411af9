import { data, redirect } from 'react-router'
import type { z } from 'zod'
import { disableAccount, enableAccount } from '#modules/access/account.commands.ts'
import { accountCard, openReset } from '#modules/access/account.queries.ts'
import { accountKinds, identityLevels } from '#modules/access/account.schema.ts'
import { proposeRole } from '#modules/access/grant.commands.ts'
import { grantsOf } from '#modules/access/grant.queries.ts'
import { grantStates, reasonText } from '#modules/access/grant.schema.ts'
import { askReset, declineReset, resetCredentials } from '#modules/access/reset.commands.ts'
import type { Command } from '#platform/command.ts'
import { roles } from '#platform/permissions.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { bodyName, subdistrictName, subdistrictOptions } from '../../subdistricts.ts'
import { Actions, Button, DisabledButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField, SelectField, TextArea, TextField } from '../../ui/fields.tsx'
import { type Failed, Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { DayText, Instant } from '../../ui/time.tsx'
import type { Route } from './+types/account.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.account.name ?? '账号')

const tones = { proposed: 'wait', 'in-force': 'good', rejected: 'bad', revoked: 'neutral' } as const

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'access.grant')
  const account = await accountCard(ctx.db, isId(params.id)).catch(fail(request))
  const [grants, reset] = await Promise.all([grantsOf(ctx.db, account.id), openReset(ctx.db, account.id)])
  const today = dayOf(ctx.now)
  return {
    account,
    own: account.id === ctx.actor.id,
    reset: reset ? { ...reset, mine: reset.askedBy === ctx.actor.id } : null,
    today,
    grants: grants.map((row) => ({
      ...row,
      place:
        row.organisationName ??
        (row.body
          ? bodyName(ctx.plan, row.body)
          : row.subdistrict
            ? subdistrictName(ctx.plan, row.subdistrict)
            : '全区'),
    })),
    roles: Object.entries(roles)
      .filter(([, { held }]) => held !== 'person' && held !== 'organisation')
      .map(([value, { label, held }]) => ({
        value,
        label: `${label}${held === 'body' ? '（按部门）' : held === 'subdistrict' ? '（按街道）' : ''}`,
      })),
    bodies: ctx.plan.bodies.map((body) => ({ value: body.id, label: body.shortName })),
    subdistricts: subdistrictOptions(ctx.plan, today),
  }
}

const moves: Record<string, { work: Command<z.ZodType, unknown>; code: string }> = {
  disable: { work: disableAccount, code: 'account-disabled' },
  enable: { work: enableAccount, code: 'account-enabled' },
  reset: { work: askReset, code: 'reset-asked' },
  'decline-reset': { work: declineReset, code: 'reset-declined' },
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'access.grant')
  const accountId = isId(params.id)
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), accountId }
  const words = (refusal: Parameters<typeof wordsOf>[2]) => wordsOf(ctx.plan, reasonText, refusal)
  if (form.get('intent') === 'approve-reset') {
    const tried = await attempt(resetCredentials(ctx, input), form, words)
    return tried.ok
      ? data({ password: tried.value.password }, { headers: { 'cache-control': 'no-store' } })
      : tried.answer
  }
  const { work, code } = moves[String(form.get('intent'))] ?? { work: proposeRole, code: 'proposed' }
  const tried = await attempt<unknown>(work(ctx, input), form, words)
  return tried.ok ? redirect(done(paths.officeAccount(accountId), code)) : tried.answer
}

export default function OfficialAccount({ loaderData, actionData }: Route.ComponentProps) {
  const { account, own } = loaderData
  const failed = actionData && 'fault' in actionData ? actionData : undefined
  const password = actionData && 'password' in actionData ? actionData.password : null
  return (
    <>
      <PageHeader
        title={account.name}
        crumbs={[{ label: '工作人员账号', href: paths.officeAccounts() }]}
        tag={account.disabledAt ? <StatusTag tone="bad">已停用</StatusTag> : <StatusTag tone="good">正常</StatusTag>}
      />
      <div className="stack">
        {password && (
          <Notice tone="good" live title="已重置，新的初始密码只显示这一次">
            <p>
              <Copyable>{password}</Copyable>
            </p>
            <p>请当面核实身份后交给本人。下次登录须更换密码并重新启用动态口令。</p>
          </Notice>
        )}
        <SummaryList
          rows={[
            { label: '账号', value: accountKinds[account.kind], note: account.username ?? undefined },
            { label: '实名', value: identityLevels[account.identity] },
            { label: '手机号', value: account.phone },
            { label: '动态口令', value: account.secondFactor ? '已启用' : '未启用，首次登录时启用' },
          ]}
        />
        {loaderData.reset && !own && !password && <Reset reset={loaderData.reset} failed={failed} />}
        <Grants {...loaderData} />
        {own ? (
          <Section title="提出授权">
            <DisabledButton reason="这是您自己的账号。授权、停用、重置都要由另一名安全管理员办理。">
              提出授权
            </DisabledButton>
          </Section>
        ) : (
          <>
            <Propose {...loaderData} failed={failed?.values.intent ? undefined : failed} />
            <Manage
              disabled={account.disabledAt !== null}
              asked={loaderData.reset !== null}
              failed={failed?.values.intent ? failed : undefined}
            />
          </>
        )}
      </div>
    </>
  )
}

type Data = Route.ComponentProps['loaderData']

function Grants({ grants }: Data) {
  return (
    <Section title="角色">
      <DataTable
        caption="这个账号的角色"
        rows={grants}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'role',
            header: '角色',
            cell: (row) => <a href={paths.officeGrant(row.id)}>{roles[row.role].label}</a>,
          },
          { key: 'place', header: '范围', cell: (row) => row.place },
          { key: 'from', header: '起', keep: true, cell: (row) => <DayText day={row.from} /> },
          { key: 'to', header: '止', keep: true, cell: (row) => (row.to ? <DayText day={row.to} /> : '长期') },
          {
            key: 'state',
            header: '状态',
            cell: (row) => <StatusTag tone={tones[row.state]}>{grantStates[row.state]}</StatusTag>,
          },
        ]}
        empty={<EmptyState title="还没有角色">没有角色的账号不能办理业务。</EmptyState>}
      />
    </Section>
  )
}

function Propose(props: Data & { failed: Failed | undefined }) {
  return (
    <Section title="提出授权" description="提出后由另一名安全管理员批准才生效。">
      <Form
        failed={props.failed}
        labels={{ role: '角色', body: '部门', subdistrict: '街道', from: '起始日期', to: '截止日期', reason: '理由' }}
      >
        <SelectField name="role" label="角色" options={props.roles} />
        <SelectField name="body" label="部门" optional options={props.bodies} hint="只有“部门经办”要选。" />
        <SelectField
          name="subdistrict"
          label="街道"
          optional
          options={props.subdistricts}
          hint="只有“街道窗口人员”要选。"
        />
        <DateField name="from" label="起始日期" value={props.today} />
        <DateField name="to" label="截止日期" optional hint="长期有效的不填。" />
        <TextArea name="reason" label="理由" rows={2} maxLength={500} />
        <Button>提出授权</Button>
      </Form>
    </Section>
  )
}

/** Another first password is another key: the one who asked for it never sees it. */
function Reset({ reset, failed }: { reset: NonNullable<Data['reset']>; failed: Failed | undefined }) {
  const intent = failed?.values?.intent
  return (
    <Section title="待批准的重置" description={`${reset.askedByName}提出，理由：${reset.reason}`}>
      <p>
        提出时间：
        <Instant at={reset.askedAt} />
      </p>
      <Form failed={intent === 'approve-reset' || intent === 'decline-reset' ? failed : undefined}>
        <input type="hidden" name="requestId" value={reset.id} />
        <Actions>
          {reset.mine ? (
            <DisabledButton reason="您提出的重置要由另一名安全管理员批准。">批准并重置</DisabledButton>
          ) : (
            <Button kind="danger" name="intent" value="approve-reset">
              批准并重置
            </Button>
          )}
          <Button kind="plain" name="intent" value="decline-reset">
            {reset.mine ? '撤回' : '退回'}
          </Button>
        </Actions>
      </Form>
    </Section>
  )
}

function Manage(props: { disabled: boolean; asked: boolean; failed: Failed | undefined }) {
  const { disabled, asked, failed } = props
  const intent = failed?.values?.intent
  return (
    <Section title="账号管理">
      <More label={disabled ? '恢复账号' : '停用账号'} open={intent === 'disable' || intent === 'enable'}>
        <Form failed={intent === 'reset' ? undefined : failed} labels={{ reason: '理由' }}>
          <input type="hidden" name="intent" value={disabled ? 'enable' : 'disable'} />
          <TextField name="reason" label="理由" hint={disabled ? undefined : '停用后本人的登录立即退出。'} />
          <Button kind={disabled ? 'plain' : 'danger'}>{disabled ? '恢复' : '停用'}</Button>
        </Form>
      </More>
      {!asked && (
        <More label="重置密码和动态口令" open={intent === 'reset'}>
          <Form failed={intent === 'reset' ? failed : undefined} labels={{ reason: '理由' }}>
            <input type="hidden" name="intent" value="reset" />
            <TextField
              name="reason"
              label="理由"
              hint="请先当面或通过已知电话核实是本人。由另一名安全管理员批准后才重置。"
            />
            <Button kind="danger">提出重置</Button>
          </Form>
        </More>
      )}
    </Section>
  )
}
