import { redirect } from 'react-router'
import { editOrganisation } from '#modules/people/organisation.commands.ts'
import { bankAccountsOf, licencesOf, organisationCard } from '#modules/people/organisation.queries.ts'
import { licenceKinds, organisationTypes, reasonText, statuses } from '#modules/people/organisation.schema.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail, wordsOf } from '../../ctx.ts'
import { ownOrganisation } from '../../own-organisation.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { subdistrictName, subdistrictOptions } from '../../subdistricts.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Copyable, More, Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import { DayText } from '../../ui/time.tsx'
import type { Route } from './+types/organisation.ts'

export const meta = () => title('单位资料')

export async function loader({ request, context }: Route.LoaderArgs) {
  const { ctx, organisationId, area } = ownOrganisation({ request, context }, 'organisation.read')
  const today = dayOf(ctx.now)
  const [organisation, licences, accounts] = await Promise.all([
    organisationCard(ctx.db, organisationId).catch(fail(request)),
    licencesOf(ctx.db, organisationId),
    bankAccountsOf(ctx.db, organisationId),
  ])
  return {
    organisation,
    subdistrict: subdistrictName(ctx.plan, organisation.subdistrict),
    subdistricts: subdistrictOptions(ctx.plan, today),
    licences,
    account: accounts.find((row) => row.validTo === null) ?? null,
    today,
    area,
    mayEdit: ctx.actor.can('organisation.edit', { organisationId }),
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const { ctx, organisationId, area } = ownOrganisation({ request, context }, 'organisation.edit')
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), organisationId }
  const tried = await attempt(editOrganisation(ctx, input), form, (refusal) => wordsOf(ctx.plan, reasonText, refusal))
  return tried.ok ? redirect(done(paths.organisation(area), 'saved')) : tried.answer
}

export default function OwnOrganisation({ loaderData, actionData }: Route.ComponentProps) {
  const { organisation, mayEdit } = loaderData
  return (
    <>
      <PageHeader
        title={organisation.name}
        caption="单位资料"
        tag={
          <StatusTag tone={organisation.status === 'active' ? 'good' : 'warn'}>
            {statuses[organisation.status]}
          </StatusTag>
        }
      />
      <div className="stack">
        <Section title="登记信息" description="名称、代码、法定代表人由区人社局按证照登记；有变更请到受理窗口办理。">
          <SummaryList
            rows={[
              { label: '统一社会信用代码', value: <Copyable>{organisation.uscc}</Copyable> },
              { label: '单位类型', value: organisationTypes[organisation.type] },
              { label: '法定代表人', value: organisation.legalRepresentative || undefined },
              { label: '成立日期', value: <DayText day={organisation.registeredOn} /> },
              { label: '地址', value: organisation.address },
              { label: '所在街道', value: loaderData.subdistrict },
              { label: '行业', value: organisation.industry || undefined },
              {
                label: '联系人',
                value: organisation.contactName || undefined,
                note: organisation.contactPhone ?? undefined,
              },
              { label: '标签', value: organisation.tags.join('、') || undefined },
            ]}
          />
          {mayEdit && <EditForm {...loaderData} failed={actionData} />}
        </Section>
        <Licences {...loaderData} />
        <Account {...loaderData} />
      </div>
    </>
  )
}

type Data = Route.ComponentProps['loaderData']

function EditForm({ organisation, subdistricts, failed }: Data & { failed: Route.ComponentProps['actionData'] }) {
  return (
    <More label="修改联系信息" open={failed !== undefined}>
      <Form
        failed={failed}
        labels={{
          address: '地址',
          subdistrict: '所在街道',
          industry: '行业',
          contactName: '联系人',
          contactPhone: '联系电话',
        }}
      >
        <input type="hidden" name="version" value={organisation.version} />
        <TextField name="address" label="地址" value={organisation.address} width="full" />
        <SelectField name="subdistrict" label="所在街道" value={organisation.subdistrict} options={subdistricts} />
        <TextField name="industry" label="行业" value={organisation.industry} optional />
        <TextField name="contactName" label="联系人" value={organisation.contactName} width="short" />
        <TextField
          name="contactPhone"
          label="联系电话"
          type="tel"
          optional
          width="short"
          hint={organisation.contactPhone ? `现在是 ${organisation.contactPhone}；不改就留空。` : undefined}
        />
        <Button>保存</Button>
      </Form>
    </More>
  )
}

function Licences({ licences, today }: Data) {
  return (
    <Section title="许可和备案" description="决定能办哪些职业的培训。新增、延续请向区人社局申请。">
      <DataTable
        caption="许可和备案"
        rows={licences}
        rowKey={(row) => row.id}
        columns={[
          { key: 'number', header: '编号', cell: (row) => row.number },
          { key: 'kind', header: '种类', cell: (row) => licenceKinds[row.kind] },
          { key: 'occupations', header: '职业', cell: (row) => row.occupationNames.join('、') || '不限' },
          { key: 'from', header: '有效期起', keep: true, cell: (row) => <DayText day={row.validFrom} /> },
          {
            key: 'to',
            header: '有效期止',
            keep: true,
            cell: (row) => (row.validTo ? <DayText day={row.validTo} /> : '长期'),
          },
          {
            key: 'state',
            header: '状态',
            cell: (row) =>
              row.validFrom <= today && (!row.validTo || row.validTo >= today) ? (
                <StatusTag tone="good">有效</StatusTag>
              ) : (
                <StatusTag tone="neutral">不在有效期</StatusTag>
              ),
          },
        ]}
        empty={<EmptyState title="还没有登记许可">请带许可证或备案材料到区人社局受理窗口登记。</EmptyState>}
      />
    </Section>
  )
}

function Account({ account, area, mayEdit }: Data) {
  return (
    <Section title="收款账户" description="补贴只付给本单位名下、经区人社局核实的对公账户。">
      {account ? (
        <SummaryList
          rows={[
            { label: '户名', value: account.holder },
            { label: '开户行', value: `${account.bank} ${account.branch}` },
            { label: '账号', value: account.account },
            {
              label: '核实',
              value: account.verifiedAt ? (
                <StatusTag tone="good">已核实</StatusTag>
              ) : (
                <StatusTag tone="wait">等待区人社局核实</StatusTag>
              ),
            },
          ]}
        />
      ) : (
        <Notice tone="warn" title="还没有收款账户">
          <p>没有核实过的账户，补贴批准后也付不出去。</p>
        </Notice>
      )}
      {mayEdit && <LinkButton href={paths.organisationAccount(area)}>{account ? '更换账户' : '登记账户'}</LinkButton>}
    </Section>
  )
}
