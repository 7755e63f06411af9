import { redirect } from 'react-router'
import { membersOf } from '#modules/access/grant.queries.ts'
import { reasonText as grantReasons, grantStates } from '#modules/access/grant.schema.ts'
import { approveAdmin } from '#modules/access/member.commands.ts'
import { verifyBankAccount } from '#modules/people/bank-account.commands.ts'
import { endLicence } from '#modules/people/licence.commands.ts'
import { amendOrganisation, setOrganisationStatus } from '#modules/people/organisation.commands.ts'
import { bankAccountsOf, licencesOf, organisationCard } from '#modules/people/organisation.queries.ts'
import { licenceKinds, organisationTypes, reasonText, statuses } from '#modules/people/organisation.schema.ts'
import { roles } from '#platform/permissions.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, signedIn, wordsOf } from '../../ctx.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subdistrictName } from '../../subdistricts.ts'
import { Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { DateField, SelectField, TextField } from '../../ui/fields.tsx'
import { type Failed, Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/organisation.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.organisation.name ?? '单位')

const tones = { proposed: 'wait', 'in-force': 'good', rejected: 'bad', revoked: 'neutral' } as const

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const id = isId(params.id)
  const [organisation, licences, accounts, members] = await Promise.all([
    organisationCard(ctx.db, id).catch(fail(request)),
    licencesOf(ctx.db, id),
    bankAccountsOf(ctx.db, id),
    membersOf(ctx.db, id),
  ])
  return {
    organisation,
    place: subdistrictName(ctx.plan, organisation.subdistrict),
    licences,
    accounts,
    members,
    today: dayOf(ctx.now),
    me: ctx.actor.id,
    mayRegister: ctx.actor.can('organisation.register'),
    mayVerify: ctx.actor.can('account.verify'),
  }
}

const works = {
  amend: { work: amendOrganisation, done: 'saved' },
  status: { work: setOrganisationStatus, done: 'saved' },
  'end-licence': { work: endLicence, done: 'saved' },
  'verify-account': { work: verifyBankAccount, done: 'verified' },
  'approve-admin': { work: approveAdmin, done: 'approved' },
} as const

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'casework.read')
  const organisationId = isId(params.id)
  const form = await request.formData()
  const step = works[String(form.get('intent')) as keyof typeof works] ?? works.amend
  const tried = await attempt<unknown>(
    step.work(ctx, { ...Object.fromEntries(form), organisationId }),
    form,
    (refusal) => wordsOf(ctx.plan, { ...reasonText, ...grantReasons }, refusal),
  )
  return tried.ok ? redirect(done(paths.officeOrganisation(organisationId), step.done)) : tried.answer
}

type Data = Route.ComponentProps['loaderData']
type Props = Data & { failed: Failed | undefined }
/** Each form of the page shows only what came back to it. */
const mine = (failed: Failed | undefined, intent: string, id?: string) =>
  failed?.values?.intent === intent && (id === undefined || failed.values.id === id) ? failed : undefined

export default function OrganisationDesk({ loaderData, actionData }: Route.ComponentProps) {
  const { organisation } = loaderData
  const props = { ...loaderData, failed: actionData }
  return (
    <>
      <PageHeader
        title={organisation.name}
        crumbs={[{ label: '单位', href: paths.officeOrganisations() }]}
        tag={
          <StatusTag tone={organisation.status === 'active' ? 'good' : 'warn'}>
            {statuses[organisation.status]}
          </StatusTag>
        }
      />
      <div className="stack">
        <Facts {...props} />
        <Licences {...props} />
        <Accounts {...props} />
        <Members {...props} />
      </div>
    </>
  )
}

function Facts({ organisation, place, mayRegister, failed }: Props) {
  return (
    <Section title="登记信息">
      <SummaryList
        rows={[
          { label: '统一社会信用代码', value: <Copyable>{organisation.uscc}</Copyable> },
          { label: '单位类型', value: organisationTypes[organisation.type] },
          { label: '法定代表人', value: organisation.legalRepresentative || undefined },
          { label: '成立日期', value: <DayText day={organisation.registeredOn} /> },
          { label: '地址', value: organisation.address, note: place },
          { label: '行业', value: organisation.industry || undefined },
          {
            label: '联系人',
            value: organisation.contactName || undefined,
            note: organisation.contactPhone ?? undefined,
          },
          { label: '标签', value: organisation.tags.join('、') || undefined },
        ]}
      />
      {mayRegister && organisation.status !== 'closed' && (
        <>
          <More label="变更登记" open={mine(failed, 'amend') !== undefined}>
            <Form
              failed={mine(failed, 'amend')}
              labels={{ name: '名称', legalRepresentative: '法定代表人', tags: '标签', reason: '依据' }}
            >
              <input type="hidden" name="intent" value="amend" />
              <input type="hidden" name="version" value={organisation.version} />
              <TextField name="name" label="名称" value={organisation.name} width="full" />
              <TextField
                name="legalRepresentative"
                label="法定代表人"
                value={organisation.legalRepresentative}
                optional
                width="short"
              />
              <TextField
                name="tags"
                label="标签"
                value={organisation.tags.join('、')}
                optional
                hint="用顿号隔开，例如：龙头、科技型中小。"
              />
              <TextField name="reason" label="依据" hint="例如：2021年9月1日营业执照变更。" />
              <Button>保存变更</Button>
            </Form>
          </More>
          <More label="暂停、恢复或注销" open={mine(failed, 'status') !== undefined}>
            <Form failed={mine(failed, 'status')} labels={{ status: '状态', reason: '理由' }}>
              <input type="hidden" name="intent" value="status" />
              <SelectField
                name="status"
                label="状态"
                value={organisation.status}
                options={Object.entries(statuses).map(([value, label]) => ({ value, label }))}
                hint="注销后不能恢复。"
              />
              <TextField name="reason" label="理由" />
              <Button kind="danger">更改状态</Button>
            </Form>
          </More>
        </>
      )}
    </Section>
  )
}

function Licences({ organisation, licences, today, mayRegister, failed }: Props) {
  const running = (row: Data['licences'][number]) => !row.validTo || row.validTo >= today
  return (
    <Section
      title="许可和备案"
      {...(mayRegister && { more: { href: paths.officeLicence(organisation.id), label: '登记许可' } })}
    >
      <DataTable
        caption="许可和备案"
        rows={licences}
        rowKey={(row) => row.id}
        columns={[
          { key: 'number', header: '编号', cell: (row) => row.number },
          { key: 'kind', header: '种类', cell: (row) => licenceKinds[row.kind] },
          { key: 'occupations', header: '职业', cell: (row) => row.occupationNames.join('、') || '不限' },
          { key: 'issuer', header: '机关', cell: (row) => row.issuer },
          { key: 'from', header: '起', keep: true, cell: (row) => <DayText day={row.validFrom} /> },
          {
            key: 'to',
            header: '止',
            keep: true,
            cell: (row) => (row.validTo ? <DayText day={row.validTo} /> : '长期'),
          },
          {
            key: 'end',
            header: '办理',
            cell: (row) =>
              mayRegister &&
              running(row) && (
                <More label="提前终止" open={mine(failed, 'end-licence', row.id) !== undefined}>
                  <Form failed={mine(failed, 'end-licence', row.id)} labels={{ on: '终止日期', reason: '理由' }}>
                    <input type="hidden" name="intent" value="end-licence" />
                    <input type="hidden" name="id" value={row.id} />
                    <input type="hidden" name="licenceId" value={row.id} />
                    <DateField name="on" label="终止日期" value={today} />
                    <TextField name="reason" label="理由" />
                    <Button kind="danger">终止</Button>
                  </Form>
                </More>
              ),
          },
        ]}
        empty={<EmptyState title="还没有登记许可">没有有效许可的机构不能备案开班。</EmptyState>}
      />
    </Section>
  )
}

function Accounts({ accounts, mayVerify, failed }: Props) {
  return (
    <Section title="收款账户" description="由单位录入，受理人员对照开户证明核实；录入的人不能核实。">
      <DataTable
        caption="收款账户"
        rows={accounts}
        rowKey={(row) => row.id}
        columns={[
          { key: 'holder', header: '户名', cell: (row) => row.holder },
          { key: 'bank', header: '开户行', cell: (row) => `${row.bank} ${row.branch}` },
          { key: 'account', header: '账号', keep: true, cell: (row) => row.account },
          {
            key: 'state',
            header: '状态',
            cell: (row) =>
              row.validTo ? (
                <StatusTag tone="neutral">已停用</StatusTag>
              ) : row.verifiedAt ? (
                <StatusTag tone="good">已核实</StatusTag>
              ) : mayVerify ? (
                <More label="核实" open={mine(failed, 'verify-account', row.id) !== undefined}>
                  <Form failed={mine(failed, 'verify-account', row.id)} labels={{ basis: '核实依据' }}>
                    <input type="hidden" name="intent" value="verify-account" />
                    <input type="hidden" name="id" value={row.id} />
                    <input type="hidden" name="bankAccountId" value={row.id} />
                    <TextField name="basis" label="核实依据" hint="例如：开户许可证编号，或银行回函日期。" />
                    <Button>确认核实</Button>
                  </Form>
                </More>
              ) : (
                <StatusTag tone="wait">待核实</StatusTag>
              ),
          },
        ]}
        empty={<EmptyState title="单位还没有录入账户" />}
      />
    </Section>
  )
}

function Members({ organisation, members, mayVerify, me, failed }: Props) {
  return (
    <Section title="成员" description="首名管理员由受理人员提名、另一名受理人员批准；其后由单位自己管理。">
      <DataTable
        caption="成员"
        rows={members}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', header: '姓名', cell: (row) => row.accountName },
          { key: 'phone', header: '登录手机号', keep: true, cell: (row) => row.phone ?? '未绑定' },
          { key: 'role', header: '角色', cell: (row) => roles[row.role].label },
          { key: 'by', header: '提名', cell: (row) => row.grantedByName },
          {
            key: 'state',
            header: '状态',
            cell: (row) => (
              <>
                <StatusTag tone={tones[row.state]}>{grantStates[row.state]}</StatusTag>
                {row.state === 'proposed' &&
                  mayVerify &&
                  (row.grantedBy === me ? (
                    <DisabledButton reason="这是您提名的，请由另一名受理人员批准。">批准</DisabledButton>
                  ) : (
                    <Form failed={mine(failed, 'approve-admin', row.id)}>
                      <input type="hidden" name="intent" value="approve-admin" />
                      <input type="hidden" name="id" value={row.id} />
                      <input type="hidden" name="grantId" value={row.id} />
                      <Button kind="plain">批准</Button>
                    </Form>
                  ))}
              </>
            ),
          },
        ]}
        empty={<EmptyState title="还没有成员">请先提名一名管理员。</EmptyState>}
      />
      {mayVerify && <LinkButton href={paths.officeOrganisationAdmin(organisation.id)}>提名管理员</LinkButton>}
    </Section>
  )
}
